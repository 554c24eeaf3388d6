//! What institutions say on the command line: registries, data, endings and emergencies.

mod publish;
mod use_of_data;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

pub use publish::{
    Change, JointUseArgs, LegalBasisArgs, MechanismName, NoticeArgs, OptOutArgs, PartyArgs,
    PublishCommand, RegimeArgs, RegimeName, RoleName, TermsOfPayArgs, UpdatePartyArgs,
    VocabularyArgs,
};
pub use use_of_data::{
    AccessCommand, BreakGlassArgs, EmergencyCommand, EmergencyDeclareArgs, EmergencyEndArgs,
    FindingName, HalfName, HourlyArgs, NotifyArgs, RecordArgs, RecordCommand, ReviewArgs,
};

use super::shared::RequestName;

/// `party`.
#[derive(Debug, Subcommand)]
pub enum PartyCommand {
    /// Registers a party; by the registrar.
    Register(PartyArgs),
    /// Changes what a party may do, or suspends it; by the registrar.
    Update(UpdatePartyArgs),
    /// Publishes what everyone may rely on.
    #[command(subcommand)]
    Publish(PublishCommand),
    /// Lists what must be done, and by when.
    Duties(DutiesArgs),
    /// Says what was done about a consent that ended.
    Acknowledge(AcknowledgeArgs),
    /// Answers a person's request.
    Answer(AnswerArgs),
    /// Requests to consent again.
    #[command(subcommand)]
    Reconsent(PartyReconsentCommand),
    /// Asks for access to data.
    #[command(subcommand)]
    Access(AccessCommand),
    /// Keeps the records of what was given and received.
    #[command(subcommand)]
    Record(RecordCommand),
    /// Opens one person's data in an emergency; it is reviewed afterwards.
    BreakGlass(BreakGlassArgs),
    /// Says that the person of a broken glass was told.
    Notify(NotifyArgs),
    /// Reviews a broken glass of another organisation; by an auditor.
    Review(ReviewArgs),
    /// Ends a consent as its controller.
    Revoke(EndArgs),
    /// Ends a consent that should never have counted; by an auditing member or the city.
    Invalidate(EndArgs),
    /// Destroys what was kept of an ended consent, and says so.
    Shred(ShredArgs),
    /// Pays a month's compensation in bulk.
    Dividend(DividendArgs),
    /// Emergencies in an area; by members.
    #[command(subcommand)]
    Emergency(EmergencyCommand),
    /// Makes the number by which one person is known, from what identifies them.
    Person(PersonArgs),
}

/// `party duties`.
#[derive(Debug, ClapArgs)]
pub struct DutiesArgs {
    /// Whose, where it is not the wallet's own party: for auditors.
    #[arg(long, value_name = "NUMBER")]
    pub party: Option<u32>,
    /// The audit view; members that audit need none.
    #[arg(long, value_name = "VIEW", requires = "party")]
    pub view: Option<String>,
}

/// `party acknowledge`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("fate").args(["deleted", "retained"]).required(true)))]
pub struct AcknowledgeArgs {
    /// The consent that ended.
    pub consent: String,
    /// When the use stopped, such as 2026-11-22 or 2026/11/22 18:00.
    #[arg(long, value_name = "TIME")]
    pub stopped: String,
    /// The data was deleted.
    #[arg(long)]
    pub deleted: bool,
    /// The data is kept on this legal basis.
    #[arg(long, value_name = "BASIS")]
    pub retained: Option<u32>,
    /// A party that was told; may be repeated.
    #[arg(long, value_name = "NUMBER")]
    pub told: Vec<u32>,
}

/// `party answer`.
#[derive(Debug, ClapArgs)]
pub struct AnswerArgs {
    /// The request.
    #[command(flatten)]
    pub name: RequestName,
    /// What came of it.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: OutcomeName,
    /// The legal basis on which it was refused.
    #[arg(long, value_name = "NUMBER", required_if_eq("outcome", "refused"))]
    pub basis: Option<u32>,
    /// File with the answer; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutcomeName {
    /// All was done.
    Done,
    /// Some was done.
    Partly,
    /// Nothing was done, on a legal basis.
    Refused,
}

/// `party reconsent`.
#[derive(Debug, Subcommand)]
pub enum PartyReconsentCommand {
    /// Asks those who consented under a notice to renew. Silence lets the consent lapse.
    Request(ReconsentRequestArgs),
}

/// `party reconsent request`.
#[derive(Debug, ClapArgs)]
pub struct ReconsentRequestArgs {
    /// The notice, in its current version.
    #[arg(long, value_name = "NUMBER")]
    pub notice: u32,
    /// File with the reason; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub reason: PathBuf,
    /// Answers come before this day.
    #[arg(long, value_name = "DATE")]
    pub until: String,
}

/// A consent that is ended by somebody else than its subject.
#[derive(Debug, ClapArgs)]
pub struct EndArgs {
    /// The consent.
    pub consent: String,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub ground: PathBuf,
}

/// `party shred`.
#[derive(Debug, ClapArgs)]
pub struct ShredArgs {
    /// The consent, which has ended.
    pub consent: String,
}

/// `party dividend`.
#[derive(Debug, ClapArgs)]
pub struct DividendArgs {
    /// CSV with the columns address and amount.
    pub file: PathBuf,
    /// Whose terms: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub terms: u32,
    /// The month, such as 2026-11.
    #[arg(long, value_name = "MONTH")]
    pub month: String,
}

/// `party person`.
#[derive(Debug, ClapArgs)]
pub struct PersonArgs {
    /// File with what identifies the person.
    pub file: PathBuf,
    /// The new file that opens the number, for those who must know the person.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// What is asked of a controller.
#[derive(Debug, Subcommand)]
pub enum RequestKindCommand<A: clap::Args> {
    /// To see the data.
    Access(A),
    /// To correct it.
    Correct(A),
    /// To stop its use.
    Stop(A),
    /// To erase it.
    Erase(A),
}
