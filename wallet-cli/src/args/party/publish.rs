//! Registries: parties, notices, vocabularies, law, joint use, opt-out schemes, compensation.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use ledger_types::PublicKey;

/// `party publish`.
#[derive(Debug, Subcommand)]
pub enum PublishCommand {
    /// A notice or its next version; by a controller.
    Notice(NoticeArgs),
    /// A version of a vocabulary; by the registrar.
    Vocabulary(VocabularyArgs),
    /// A version of a legal basis; by the registrar.
    LegalBasis(LegalBasisArgs),
    /// A version of a regime's deadlines; by the registrar.
    Regime(RegimeArgs),
    /// A version of a joint use (共同利用); by a controller.
    JointUse(JointUseArgs),
    /// An opt-out scheme; by a private controller.
    OptOut(OptOutArgs),
    /// Terms of compensation (情報の対価); by a controller.
    Terms(TermsOfPayArgs),
}

/// What a notice says, in its languages.
#[derive(Debug, ClapArgs)]
pub struct NoticeArgs {
    /// The notice's number.
    #[arg(long, value_name = "NUMBER")]
    pub notice: u32,
    /// A text with its language, such as ja=notice.ja.txt; only its hash is sent.
    #[arg(long = "text", value_name = "LANGUAGE=FILE", required = true)]
    pub texts: Vec<String>,
    /// A picture, sound or film that belongs to it; only its hash is sent; may be repeated.
    #[arg(long, value_name = "FILE")]
    pub media: Vec<PathBuf>,
    /// How much it changed from the version before; a material change ends earlier consents' use.
    #[arg(long, value_name = "CHANGE", default_value = "material")]
    pub change: Change,
}

/// How much a notice changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Change {
    /// Wording only.
    Editorial,
    /// What was agreed is untouched.
    Minor,
    /// Consents must be renewed.
    Material,
}

/// `party publish vocabulary`.
#[derive(Debug, ClapArgs)]
pub struct VocabularyArgs {
    /// The vocabulary's number.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub vocabulary: u32,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub next_version: u32,
    /// The vocabulary's document; by default the one that is built in.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `party publish legal-basis`.
#[derive(Debug, ClapArgs)]
pub struct LegalBasisArgs {
    /// The basis's number.
    #[arg(long, value_name = "NUMBER")]
    pub basis: u32,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub next_version: u32,
    /// The provision as lawyers cite it, such as appi-27-1-ii.
    #[arg(long, value_name = "TEXT")]
    pub code: String,
    /// When the statute in this form came into force.
    #[arg(long, value_name = "DATE")]
    pub statute_date: String,
    /// File that explains it; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
    /// How it permits a use.
    #[arg(long, value_name = "MECHANISM")]
    pub mechanism: MechanismName,
    /// For whom; may be repeated; by default for all.
    #[arg(long = "regime", value_name = "REGIME")]
    pub regimes: Vec<RegimeName>,
    /// A use needs evidence.
    #[arg(long)]
    pub evidence_required: bool,
    /// It reaches sensitive data (要配慮個人情報).
    #[arg(long)]
    pub sensitive: bool,
}

/// How a legal basis permits a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MechanismName {
    /// The law itself allows it.
    Exemption,
    /// Unless the person objects.
    OptOut,
    /// Within a published circle.
    JointUse,
    /// The person agreed.
    Consent,
}

/// Under which rules a party stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RegimeName {
    /// A private business.
    Private,
    /// A public body.
    PublicBody,
    /// A public hospital or university.
    HospitalOrUniversity,
}

/// `party publish regime`.
#[derive(Debug, ClapArgs)]
pub struct RegimeArgs {
    /// The regime.
    #[arg(long, value_name = "REGIME")]
    pub regime: RegimeName,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub next_version: u32,
    /// When the statute in this form came into force.
    #[arg(long, value_name = "DATE")]
    pub statute_date: String,
    /// File with its numbers: JSON with the seven members of the ledger's RegimeRules.
    #[arg(long, value_name = "FILE")]
    pub rules: PathBuf,
}

/// `party publish joint-use`.
#[derive(Debug, ClapArgs)]
pub struct JointUseArgs {
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub scheme: u32,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub next_version: u32,
    /// A joint user's number; may be repeated.
    #[arg(long = "user", value_name = "NUMBER", required = true)]
    pub users: Vec<u32>,
    /// File with the items of data; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub items: PathBuf,
    /// File with the purpose; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub purpose: PathBuf,
    /// Who answers for it: a party's number.
    #[arg(long, value_name = "NUMBER")]
    pub responsible: u32,
    /// The notice that tells people of it.
    #[arg(long, value_name = "NUMBER")]
    pub notice: u32,
    /// The notice's current version.
    #[arg(long, value_name = "NUMBER")]
    pub notice_version: u32,
}

/// `party publish opt-out`.
#[derive(Debug, ClapArgs)]
pub struct OptOutArgs {
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub scheme: u32,
    /// File with the filing and its number; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub filing: PathBuf,
    /// File with the data that stays out; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub prohibited: PathBuf,
    /// No use before this day.
    #[arg(long, value_name = "DATE")]
    pub wait_until: String,
    /// The legal basis.
    #[arg(long, value_name = "NUMBER")]
    pub basis: u32,
}

/// `party publish terms`.
#[derive(Debug, ClapArgs)]
pub struct TermsOfPayArgs {
    /// The terms' number.
    #[arg(long, value_name = "NUMBER")]
    pub terms: u32,
    /// The account that pays.
    #[arg(long, value_name = "ADDRESS")]
    pub payer: String,
    /// File that says what is paid for what; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub unit: PathBuf,
    /// The zone whose contract reckons it.
    #[arg(long, value_name = "NUMBER")]
    pub zone: Option<u16>,
}

/// `party register`.
#[derive(Debug, ClapArgs)]
pub struct PartyArgs {
    /// The party's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// What it may do; may be repeated.
    #[arg(long = "role", value_name = "ROLE", required = true)]
    pub roles: Vec<RoleName>,
    /// Under which rules it stands.
    #[arg(long, value_name = "REGIME", default_value = "private")]
    pub regime: RegimeName,
    /// Its corporate number (法人番号).
    #[arg(long, value_name = "NUMBER")]
    pub corporate_number: Option<u64>,
    /// A public key that acts for it; may be repeated.
    #[arg(long = "key", value_name = "KEY", required = true)]
    pub keys: Vec<PublicKey>,
    /// How many of the keys a transaction needs.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub threshold: u16,
}

/// `party update`.
#[derive(Debug, ClapArgs)]
pub struct UpdatePartyArgs {
    /// The party's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// What it may do from now on; may be repeated; by default as before.
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<RoleName>,
    /// Under which rules it stands; by default as before.
    #[arg(long, value_name = "REGIME")]
    pub regime: Option<RegimeName>,
    /// Its corporate number (法人番号); by default as before.
    #[arg(long, value_name = "NUMBER")]
    pub corporate_number: Option<u64>,
    /// Suspend it.
    #[arg(long, conflicts_with = "activate")]
    pub suspend: bool,
    /// End its suspension.
    #[arg(long)]
    pub activate: bool,
}

/// What a party may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Decides purposes and means.
    Controller,
    /// Uses data jointly with a controller.
    JointUser,
    /// Receives data.
    Recipient,
    /// Processes on a controller's behalf.
    Processor,
    /// Holds data.
    DataHolder,
    /// Audits.
    Auditor,
    /// May break glass.
    Emergency,
    /// Serves people at a counter.
    Counter,
}
