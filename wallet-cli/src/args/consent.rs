//! What people say about their consents on the command line.

mod person;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

pub use person::{
    AddressArgs, ConsentDelegateArgs, ConsentEndDelegationArgs, ContactArgs, RecoverSelfCommand,
    StopOptOutArgs, SubjectRequestArgs,
};

use super::party::{NoticeArgs, RequestKindCommand};
use super::shared::{ConsentName, ReadNotice, WithNotice};
use super::terms::TermsArgs;

/// `consent`.
#[derive(Debug, Subcommand)]
pub enum ConsentCommand {
    /// Consents to what a notice says.
    Grant(Box<GrantArgs>),
    /// Adds the controller's signature to a first consent, and sends it.
    Cosign(CosignArgs),
    /// Lists the consents that you gave.
    Ls(ConsentLsArgs),
    /// Tells in sentences what a consent says.
    Show(ConsentShowArgs),
    /// Ends a consent, at once.
    Revoke(RevokeArgs),
    /// Narrows a consent: less data, other recipients, an earlier end.
    Amend(AmendArgs),
    /// Consents to more, under a newer notice.
    Widen(Box<WidenArgs>),
    /// Consents again, under the notice as it is now.
    Renew(RenewArgs),
    /// Stops a consent for a time.
    Suspend(ConsentName),
    /// Takes a stopped consent up again.
    Resume(ConsentName),
    /// Tells what happened to a consent, newest first.
    History(ConsentName),
    /// Tells who used your data, when, and on what ground.
    WhoUsed(WhoUsedArgs),
    /// Requests to consent again.
    #[command(subcommand)]
    Reconsent(ReconsentCommand),
    /// Gives a consent to other programs: ISO/IEC TS 27560, FHIR R5, Kantara, or text.
    Export(ExportArgs),
    /// Prints the receipt of a consent in plain words.
    Receipt(ConsentName),
    /// Opens one process of a consent for whoever asks for the data.
    Disclose(DiscloseArgs),
    /// Says where requests to consent again reach you, without an address.
    Contact(ContactArgs),
    /// Objects to the use of your data under an opt-out scheme.
    StopOptOut(StopOptOutArgs),
    /// Asks a controller for your data, its correction, a stop or its erasure.
    #[command(subcommand)]
    Request(RequestKindCommand<SubjectRequestArgs>),
    /// Lets a guardian act for you.
    Delegate(ConsentDelegateArgs),
    /// Ends a guardian's authority.
    EndDelegation(ConsentEndDelegationArgs),
    /// The recovery of a lost key.
    #[command(subcommand)]
    Recover(RecoverSelfCommand),
    /// Destroys what this wallet keeps of an ended consent.
    Shred(ConsentName),
    /// Shows the address and the key by which one controller knows you.
    Address(AddressArgs),
    /// Lists purposes and kinds of data that consents speak of.
    Words(WordsArgs),
    /// Takes in a list of institutions' names.
    Directory(DirectoryArgs),
    /// Publishes a notice or its next version; by a controller.
    Publish(NoticeArgs),
}

/// `consent grant`.
#[derive(Debug, ClapArgs)]
pub struct GrantArgs {
    /// To whom: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The notice.
    #[command(flatten)]
    pub with: WithNotice,
    /// What is agreed.
    #[command(flatten)]
    pub terms: TermsArgs,
    /// For how many days.
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: u32,
    /// How many times it may be used; by default without limit.
    #[arg(long, value_name = "NUMBER")]
    pub use_limit: Option<u32>,
    /// For whom, where you are the guardian: the subject's address towards this controller.
    #[arg(long, value_name = "ADDRESS")]
    pub on_behalf_of: Option<String>,
    /// The controller's terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub compensation: Option<u32>,
    /// Only while an emergency is declared in this area.
    #[arg(long, value_name = "AREA")]
    pub disaster: Option<u32>,
    /// Where a first consent goes, for the controller to sign too.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The controller's wallet, where it is on this machine.
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    pub controller_wallet: Option<String>,
    /// File with the password of the controller's wallet.
    #[arg(long, value_name = "FILE", requires = "controller_wallet")]
    pub controller_password_file: Option<PathBuf>,
}

/// `consent cosign`.
#[derive(Debug, ClapArgs)]
pub struct CosignArgs {
    /// The file that `consent grant --out` wrote.
    pub file: PathBuf,
}

/// `consent ls`.
#[derive(Debug, ClapArgs)]
pub struct ConsentLsArgs {
    /// Also look for consents given to this controller (after restoring a wallet).
    #[arg(long, value_name = "NUMBER")]
    pub party: Vec<u32>,
    /// Ask for every registered controller whether it knows you, and remember those that do (after
    /// restoring a wallet). The node then learns which consents are one person's.
    #[arg(long)]
    pub search: bool,
}

/// `consent show`.
#[derive(Debug, ClapArgs)]
pub struct ConsentShowArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
}

/// `consent revoke`.
#[derive(Debug, ClapArgs)]
pub struct RevokeArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// As the subject's guardian: file with the proof of it; only a salted hash is sent.
    #[arg(long, value_name = "FILE")]
    pub as_guardian: Option<PathBuf>,
}

/// `consent amend`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("change").multiple(true).required(true)
    .args(["take_out", "recipients", "until", "use_limit"])))]
pub struct AmendArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// Take this process out: its number in `consent show`; may be repeated.
    #[arg(long, value_name = "NUMBER")]
    pub take_out: Vec<usize>,
    /// Give a process to others: its number, =, and who, such as 1=2,emergency.
    #[arg(long, value_name = "NUMBER=WHO,…")]
    pub recipients: Vec<String>,
    /// End it earlier: a day, such as 2027-03-31.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Allow fewer uses.
    #[arg(long, value_name = "NUMBER")]
    pub use_limit: Option<u32>,
}

/// `consent widen`.
#[derive(Debug, ClapArgs)]
pub struct WidenArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// The notice.
    #[command(flatten)]
    pub with: WithNotice,
    /// What is agreed.
    #[command(flatten)]
    pub terms: TermsArgs,
    /// For how many days from now.
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: u32,
    /// How many times it may be used; by default without limit.
    #[arg(long, value_name = "NUMBER")]
    pub use_limit: Option<u32>,
}

/// `consent renew`.
#[derive(Debug, ClapArgs)]
pub struct RenewArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// The notice's text.
    #[command(flatten)]
    pub read: ReadNotice,
}

/// `consent who-used`.
#[derive(Debug, ClapArgs)]
pub struct WhoUsedArgs {
    /// The consent; by default every consent that this wallet knows.
    pub consent: Option<String>,
    /// The controller, where this wallet does not know the consent.
    #[arg(long, value_name = "NUMBER")]
    pub party: Option<u32>,
}

/// `consent reconsent`.
#[derive(Debug, Subcommand)]
pub enum ReconsentCommand {
    /// Lists the requests that wait for your answer.
    Ls(ReconsentLsArgs),
    /// Answers a request for one or many consents. What is not named stays unanswered.
    Answer(AnswerReconsentArgs),
}

/// `consent reconsent ls`.
#[derive(Debug, ClapArgs)]
pub struct ReconsentLsArgs {
    /// Also ask about this controller.
    #[arg(long, value_name = "NUMBER")]
    pub party: Vec<u32>,
}

/// `consent reconsent answer`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("answer").multiple(true).required(true)
    .args(["accept", "refuse", "defer"])))]
pub struct AnswerReconsentArgs {
    /// The request.
    pub request: String,
    /// Yes for this consent; may be repeated.
    #[arg(long, value_name = "CONSENT", requires = "notice_file")]
    pub accept: Vec<String>,
    /// No for this consent, which ends; may be repeated.
    #[arg(long, value_name = "CONSENT")]
    pub refuse: Vec<String>,
    /// Not now for this consent; may be repeated.
    #[arg(long, value_name = "CONSENT")]
    pub defer: Vec<String>,
    /// The notice's text as you read it; its hash must be the published one.
    #[arg(long, value_name = "FILE")]
    pub notice_file: Option<PathBuf>,
    /// Language of the notice that you read; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE")]
    pub notice_language: Option<String>,
}

/// `consent export`.
#[derive(Debug, ClapArgs)]
pub struct ExportArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// In which form.
    #[arg(long, value_name = "FORMAT", default_value = "27560")]
    pub format: Format,
    /// Put the ledger's proof inside.
    #[arg(long)]
    pub proof: bool,
    /// Write it to a new file, for you alone.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Forms of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// ISO/IEC TS 27560 in JSON-LD.
    #[value(name = "27560")]
    Iso27560,
    /// HL7 FHIR R5.
    Fhir,
    /// Kantara consent receipt 1.1.
    Kantara,
    /// Plain words.
    Text,
}

/// `consent disclose`.
#[derive(Debug, ClapArgs)]
pub struct DiscloseArgs {
    /// The consent.
    #[command(flatten)]
    pub name: ConsentName,
    /// Which process: its number in `consent show`.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub process: usize,
    /// The new file, for whoever asks for the data.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `consent words`.
#[derive(Debug, ClapArgs)]
pub struct WordsArgs {
    /// Only names and labels that hold this text.
    pub search: Option<String>,
}

/// `consent directory`.
#[derive(Debug, ClapArgs)]
pub struct DirectoryArgs {
    /// The list: JSON with number, name, address, telephone, email and url of each.
    pub file: PathBuf,
}
