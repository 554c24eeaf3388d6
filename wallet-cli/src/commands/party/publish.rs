//! `party publish`: registries of law, vocabularies, schemes and compensation. Only hashes leave.

use consent_records::vocabulary::{TAG_VOCABULARY, Vocabulary};
use ledger_types::consent::{Mechanism, Regimes};
use ledger_types::operation::{
    NotifyOptOut, PublishCompensation, PublishJointUse, PublishLegalBasis, PublishRegime,
    PublishVocabulary,
};
use ledger_types::{LegalBasisId, NoticeId, Regime, VocabularyId, ZoneId};

use crate::commands::consent::publish::{self, NoticeArgs};
use crate::commands::prelude::*;

/// `party publish`.
#[derive(Debug, Subcommand)]
pub(crate) enum PublishCommand {
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

/// `party publish vocabulary`.
#[derive(Debug, Args)]
pub(crate) struct VocabularyArgs {
    /// The vocabulary's number.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) vocabulary: u32,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) next_version: u32,
    /// The vocabulary's document; by default the one that is built in.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

/// `party publish legal-basis`.
#[derive(Debug, Args)]
pub(crate) struct LegalBasisArgs {
    /// The basis's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) basis: u32,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) next_version: u32,
    /// The provision as lawyers cite it, such as appi-27-1-ii.
    #[arg(long, value_name = "TEXT")]
    pub(crate) code: String,
    /// When the statute in this form came into force.
    #[arg(long, value_name = "DATE")]
    pub(crate) statute_date: String,
    /// File that explains it; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How it permits a use.
    #[arg(long, value_name = "MECHANISM")]
    pub(crate) mechanism: MechanismName,
    /// For whom; may be repeated; by default for all.
    #[arg(long = "regime", value_name = "REGIME")]
    pub(crate) regimes: Vec<RegimeName>,
    /// A use needs evidence.
    #[arg(long)]
    pub(crate) evidence_required: bool,
    /// It reaches sensitive data (要配慮個人情報).
    #[arg(long)]
    pub(crate) sensitive: bool,
}

/// How a legal basis permits a use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MechanismName {
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
pub(crate) enum RegimeName {
    /// A private business.
    Private,
    /// A public body.
    PublicBody,
    /// A public hospital or university.
    HospitalOrUniversity,
}

/// `party publish regime`.
#[derive(Debug, Args)]
pub(crate) struct RegimeArgs {
    /// The regime.
    #[arg(long, value_name = "REGIME")]
    pub(crate) regime: RegimeName,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) next_version: u32,
    /// When the statute in this form came into force.
    #[arg(long, value_name = "DATE")]
    pub(crate) statute_date: String,
    /// File with its numbers: JSON with the seven members of the ledger's RegimeRules.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: PathBuf,
}

/// `party publish joint-use`.
#[derive(Debug, Args)]
pub(crate) struct JointUseArgs {
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme: u32,
    /// Its next version.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) next_version: u32,
    /// A joint user's number; may be repeated.
    #[arg(long = "user", value_name = "NUMBER", required = true)]
    pub(crate) users: Vec<u32>,
    /// File with the items of data; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) items: PathBuf,
    /// File with the purpose; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) purpose: PathBuf,
    /// Who answers for it: a party's number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) responsible: u32,
    /// The notice that tells people of it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) notice: u32,
    /// The notice's current version.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) notice_version: u32,
}

/// `party publish opt-out`.
#[derive(Debug, Args)]
pub(crate) struct OptOutArgs {
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme: u32,
    /// File with the filing and its number; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) filing: PathBuf,
    /// File with the data that stays out; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) prohibited: PathBuf,
    /// No use before this day, on which it may begin.
    #[arg(long, value_name = "DATE")]
    pub(crate) wait_until: String,
    /// The legal basis.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) basis: u32,
}

/// `party publish terms`.
#[derive(Debug, Args)]
pub(crate) struct TermsOfPayArgs {
    /// The terms' number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terms: u32,
    /// The account that pays.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) payer: String,
    /// File that says what is paid for what; only its hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) unit: PathBuf,
    /// The zone whose contract reckons it.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) zone: Option<u16>,
}

pub(crate) async fn run(app: &App, command: PublishCommand) -> Result<Reply, Failure> {
    match command {
        PublishCommand::Notice(args) => publish::run(app, args).await,
        PublishCommand::Vocabulary(args) => vocabulary(app, &args).await,
        PublishCommand::LegalBasis(args) => legal_basis(app, args).await,
        PublishCommand::Regime(args) => regime(app, &args).await,
        PublishCommand::JointUse(args) => joint_use(app, &args).await,
        PublishCommand::OptOut(args) => opt_out(app, &args).await,
        PublishCommand::Terms(args) => terms(app, &args).await,
    }
}

async fn vocabulary(app: &App, args: &VocabularyArgs) -> Result<Reply, Failure> {
    let frozen = match &args.file {
        None => Vocabulary::built_in().clone(),
        Some(path) => {
            let text = settings::read_text(path)?;
            Vocabulary::from_text(&text).map_err(|error| {
                Failure::new(Exit::Config, "err-bad-json")
                    .with("path", path.display())
                    .because(error)
            })?
        }
    };
    // The document's hash without the tag: whoever has the file alone can check it.
    debug_assert_eq!(
        Hash::of(&[TAG_VOCABULARY, frozen.to_text().as_bytes()]),
        frozen.hash(),
        "the text is what was frozen"
    );
    let published = PublishVocabulary {
        vocabulary: VocabularyId::new(args.vocabulary),
        version: args.next_version,
        root: frozen.root(),
        nodes: frozen.size(),
        content_hash: Hash::of(&[frozen.to_text().as_bytes()]),
    };
    let data = json!({ "vocabulary": args.vocabulary, "version": args.next_version,
                       "root": published.root, "nodes": published.nodes });
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-vocabulary", Operation::PublishVocabulary(published))
        .line("label-number", format!("{}/{}", args.vocabulary, args.next_version))
        .line("label-count", frozen.size())
        .data(data)
        .by_account(app, &session)
        .await
}

async fn legal_basis(app: &App, args: LegalBasisArgs) -> Result<Reply, Failure> {
    let date = calendar::as_number(calendar::read_day(&args.statute_date)?);
    let bits =
        args.regimes.iter().fold(0, |bits, name| bits | Regimes::of(regime_of(*name)).bits());
    let regimes = Regimes::from_bits(bits).filter(|_| bits != 0).unwrap_or(Regimes::ALL);
    let published = PublishLegalBasis {
        basis: LegalBasisId::new(args.basis),
        version: args.next_version,
        code: args.code,
        statute_date: date,
        content_hash: reading::file_hash(&args.file)?,
        mechanism: match args.mechanism {
            MechanismName::Exemption => Mechanism::Exemption,
            MechanismName::OptOut => Mechanism::OptOut,
            MechanismName::JointUse => Mechanism::JointUse,
            MechanismName::Consent => Mechanism::Consent,
        },
        regimes,
        evidence_required: args.evidence_required,
        sensitive_allowed: args.sensitive,
    };
    let session = Session::begin(app).await?;
    let code = published.code.clone();
    Act::new("label-act-publish-legal-basis", Operation::PublishLegalBasis(published))
        .line("label-number", app.versioned(args.basis, args.next_version))
        .line("label-ground", &code)
        .data(json!({ "basis": args.basis, "version": args.next_version, "code": code }))
        .by_account(app, &session)
        .await
}

pub(crate) const fn regime_of(name: RegimeName) -> Regime {
    match name {
        RegimeName::Private => Regime::Private,
        RegimeName::PublicBody => Regime::PublicBody,
        RegimeName::HospitalOrUniversity => Regime::HospitalOrUniversity,
    }
}

async fn regime(app: &App, args: &RegimeArgs) -> Result<Reply, Failure> {
    let regime = regime_of(args.regime);
    let published = PublishRegime {
        regime,
        version: args.next_version,
        statute_date: calendar::as_number(calendar::read_day(&args.statute_date)?),
        rules: reading::from_json(&args.rules)?,
    };
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-regime", Operation::PublishRegime(published))
        .data(json!({ "regime": regime, "version": args.next_version }))
        .by_account(app, &session)
        .await
}

async fn joint_use(app: &App, args: &JointUseArgs) -> Result<Reply, Failure> {
    let published = PublishJointUse {
        scheme: args.scheme,
        version: args.next_version,
        users: reading::parties(&args.users),
        items_hash: reading::file_hash(&args.items)?,
        purpose_hash: reading::file_hash(&args.purpose)?,
        responsible: PartyId::new(args.responsible),
        notice: NoticeId::new(args.notice),
        notice_version: args.notice_version,
    };
    let users: Vec<String> = published.users.iter().map(ToString::to_string).collect();
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-joint-use", Operation::PublishJointUse(published))
        .line("label-scheme", app.versioned(args.scheme, args.next_version))
        .line("label-users", users.join(" "))
        .data(json!({ "scheme": args.scheme, "version": args.next_version }))
        .by_account(app, &session)
        .await
}

async fn opt_out(app: &App, args: &OptOutArgs) -> Result<Reply, Failure> {
    let wait_until = calendar::read_from(&args.wait_until)?;
    let notified = NotifyOptOut {
        scheme: args.scheme,
        filing_hash: reading::file_hash(&args.filing)?,
        prohibited_hash: reading::file_hash(&args.prohibited)?,
        wait_until,
        basis: LegalBasisId::new(args.basis),
    };
    let session = Session::begin(app).await?;
    Act::new("label-act-publish-opt-out", Operation::NotifyOptOut(notified))
        .line("label-scheme", args.scheme)
        .line("label-not-before", calendar::show(wait_until))
        .data(json!({ "scheme": args.scheme }))
        .by_account(app, &session)
        .await
}

async fn terms(app: &App, args: &TermsOfPayArgs) -> Result<Reply, Failure> {
    let unit_hash = reading::file_hash(&args.unit)?;
    let session = Session::begin(app).await?;
    let payer = reading::address(&args.payer, &session.attached.address_prefix)?;
    let zone = args.zone.map(ZoneId::new);
    let published = PublishCompensation { terms: args.terms, payer, unit_hash, zone };
    Act::new("label-act-publish-terms", Operation::PublishCompensation(published))
        .line("label-number", args.terms)
        .line("label-payer", &args.payer)
        .data(json!({ "terms": args.terms, "payer": args.payer }))
        .by_account(app, &session)
        .await
}
