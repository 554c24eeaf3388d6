//! The command line: nouns, then verbs.
//!
//! The English help is the documentation of these types; the Japanese help is laid over it by
//! `help.rs` and must name every command and every argument.

mod audit;
mod consent;
mod counter;
mod institution;
mod party;
mod shared;
mod terms;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub use audit::{
    AuditCommand, AuditConsentArgs, AuditLogArgs, AuditProveArgs, AuditReportArgs, ViewCommand,
    ViewEndArgs, ViewGrantArgs,
};
pub use consent::{
    AddressArgs, AmendArgs, AnswerReconsentArgs, ConsentCommand, ConsentDelegateArgs,
    ConsentEndDelegationArgs, ConsentLsArgs, ConsentShowArgs, ContactArgs, CosignArgs,
    DirectoryArgs, DiscloseArgs, ExportArgs, Format, GrantArgs, ReconsentCommand, ReconsentLsArgs,
    RecoverSelfCommand, RenewArgs, RevokeArgs, StopOptOutArgs, SubjectRequestArgs, WhoUsedArgs,
    WidenArgs, WordsArgs,
};
pub use counter::{
    CounterCommand, CounterDelegateArgs, CounterEndDelegationArgs, CounterGrantArgs,
    CounterRecoverCommand, CounterRequestArgs, CounterStopArgs, CounterWithdrawArgs,
    ExecuteRecoveryArgs, ProposeRecoveryArgs,
};
pub use institution::{
    BankAccountCommand, BankCommand, BankRedeemCommand, CompletionsArgs, HolderKind, IssueArgs,
    Kyc, MerchantCommand, OpenAccountArgs, PaymentsArgs, RedeemName, RegisterArgs, ShopClass,
    ZoneAmount, ZoneCommand, ZoneNumber,
};
pub use party::{
    AccessCommand, AcknowledgeArgs, AnswerArgs, BreakGlassArgs, Change, DividendArgs, DutiesArgs,
    EmergencyCommand, EmergencyDeclareArgs, EmergencyEndArgs, EndArgs, FindingName, HalfName,
    HourlyArgs, JointUseArgs, LegalBasisArgs, MechanismName, NoticeArgs, NotifyArgs, OptOutArgs,
    OutcomeName, PartyArgs, PartyCommand, PartyReconsentCommand, PersonArgs, PublishCommand,
    ReconsentRequestArgs, RecordArgs, RecordCommand, RegimeArgs, RegimeName, RequestKindCommand,
    ReviewArgs, RoleName, ShredArgs, TermsOfPayArgs, UpdatePartyArgs, VocabularyArgs,
};
pub use shared::{
    ByConsentArgs, ByExemptionArgs, ByGlassArgs, ByJointUseArgs, ByOptOutArgs, ConsentName, Power,
    ReadNotice, RequestName, WithNotice,
};
pub use terms::TermsArgs;

use crate::i18n::Lang;

/// Wallet of a Kyojo ledger: keys, payments, consents, banks and merchants.
#[derive(Debug, Parser)]
#[command(name = "kyojo", version, infer_subcommands = false, disable_help_subcommand = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Answer with one JSON envelope on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Print the result only.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more on standard error.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Answer every question with yes.
    #[arg(short, long, global = true)]
    pub yes: bool,
    /// Show what would be sent, and send nothing.
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// How many seconds to wait for the network.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
    /// URL of the node.
    #[arg(long, global = true, value_name = "URL")]
    pub node: Option<String>,
    /// Certificates (PEM) that may vouch for an https node.
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Wallet to use.
    #[arg(short, long, global = true, value_name = "NAME")]
    pub wallet: Option<String>,
    /// File whose first line is the wallet's password.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "password_fd")]
    pub password_file: Option<PathBuf>,
    /// File descriptor from which to read the wallet's password.
    #[arg(long, global = true, value_name = "NUMBER")]
    pub password_fd: Option<u32>,
    /// Language of texts for people.
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Keys on this machine.
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Shows what an account holds.
    Balance(BalanceArgs),
    /// Pays another account.
    Send(SendArgs),
    /// Pays a merchant of a zone.
    Pay(PayArgs),
    /// Asks your bank to pay out, or takes the request back.
    Redeem(RedeemArgs),
    /// Lists what happened to an account, newest first.
    History(HistoryArgs),
    /// Shows what became of a transaction.
    Receipt(ReceiptArgs),
    /// Consents that you gave, and new ones.
    #[command(subcommand)]
    Consent(ConsentCommand),
    /// What a counter does for people who come to it.
    #[command(subcommand)]
    Counter(CounterCommand),
    /// What institutions do with notices, data and deadlines.
    #[command(subcommand)]
    Party(PartyCommand),
    /// What a bank does.
    #[command(subcommand)]
    Bank(BankCommand),
    /// What zones' operators and merchants do.
    #[command(subcommand)]
    Merchant(MerchantCommand),
    /// Sub-accounts in zones.
    #[command(subcommand)]
    Zone(ZoneCommand),
    /// What anyone may check, and what auditors see.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Verifies a proof in a file, without any node.
    Verify(VerifyArgs),
    /// Prints a script that completes commands in a shell.
    Completions(CompletionsArgs),
}

/// `wallet`.
#[derive(Debug, Subcommand)]
pub enum WalletCommand {
    /// Makes a wallet with new recovery words.
    New(NewWallet),
    /// Makes a wallet from recovery words, a key file or a development actor.
    Import(ImportWallet),
    /// Lists the wallets.
    Ls,
    /// Shows a wallet without its secret.
    Show(WalletName),
    /// Makes a wallet the one that is used by default.
    Use(WalletName),
    /// Tells a wallet which account it acts for.
    Attach(AttachWallet),
    /// Shows the recovery words, or writes them to a file.
    Backup(BackupWallet),
    /// Gives the account another key, the next of the same words; keys for consents stay. If that
    /// ends without an answer, the same command goes on with it.
    Rotate(RotateWallet),
}

/// `wallet new`.
#[derive(Debug, ClapArgs)]
pub struct NewWallet {
    /// The wallet's name.
    pub name: String,
    /// Language of the recovery words; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE")]
    pub words: Option<Lang>,
    /// How many recovery words: 12, 15, 18, 21 or 24.
    #[arg(long, value_name = "NUMBER", default_value_t = 24)]
    pub count: usize,
    /// Replace a wallet of that name. Its key is lost unless it was backed up.
    #[arg(long)]
    pub force: bool,
}

/// `wallet import`.
#[derive(Debug, ClapArgs)]
pub struct ImportWallet {
    /// The wallet's name; by default the actor's.
    pub name: Option<String>,
    /// File with the recovery words.
    #[arg(long, value_name = "FILE", group = "source")]
    pub words_file: Option<PathBuf>,
    /// File with an ed25519 seed of 64 hexadecimal digits.
    #[arg(long, value_name = "FILE", group = "source")]
    pub seed_file: Option<PathBuf>,
    /// The actors.json of a local network.
    #[arg(long, value_name = "FILE", group = "source", requires = "actor")]
    pub actors: Option<PathBuf>,
    /// Which actor of that file.
    #[arg(long = "name", value_name = "ACTOR", requires = "actors")]
    pub actor: Option<String>,
    /// Replace a wallet of that name. Its key is lost unless it was backed up.
    #[arg(long)]
    pub force: bool,
}

/// A wallet's name.
#[derive(Debug, ClapArgs)]
pub struct WalletName {
    /// The wallet's name; by default the one in use.
    pub name: Option<String>,
}

/// `wallet attach`.
#[derive(Debug, ClapArgs)]
pub struct AttachWallet {
    /// The account's address, as the bank gave it; by default the one for which the wallet's key acts.
    pub address: Option<String>,
}

/// `wallet backup`.
#[derive(Debug, ClapArgs)]
pub struct BackupWallet {
    /// The wallet's name; by default the one in use.
    pub name: Option<String>,
    /// File to write the words to; it is made new, for you alone.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `wallet rotate`.
#[derive(Debug, ClapArgs)]
pub struct RotateWallet {
    /// Take new recovery words, where somebody else may have read the old ones: the keys for
    /// consents that this wallet knows change too. Where you consented on another machine, run
    /// kyojo consent ls --search first.
    #[arg(long)]
    pub new_words: bool,
    /// Language of the new recovery words; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE", requires = "new_words")]
    pub words: Option<Lang>,
    /// How many new recovery words: 12, 15, 18, 21 or 24.
    #[arg(long, value_name = "NUMBER", default_value_t = 24, requires = "new_words")]
    pub count: usize,
}

/// `balance`.
#[derive(Debug, ClapArgs)]
pub struct BalanceArgs {
    /// The account, where it is not the wallet's own.
    #[arg(long, value_name = "ADDRESS")]
    pub account: Option<String>,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
}

/// `verify`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("trusted").args(["genesis", "trust"]).required(true)))]
pub struct VerifyArgs {
    /// The proof.
    pub file: PathBuf,
    /// The network's genesis.json, from someone that you trust.
    #[arg(long, value_name = "FILE")]
    pub genesis: Option<PathBuf>,
    /// A trust root (kyojo-trust/1) instead.
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
}

/// `send`.
#[derive(Debug, ClapArgs)]
pub struct SendArgs {
    /// The creditor: an address, or the name of a wallet on this machine.
    pub to: String,
    /// How much, such as 1200 or 1,200円.
    pub amount: String,
    /// A reference that you and the creditor keep; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
}

/// `pay`.
#[derive(Debug, ClapArgs)]
pub struct PayArgs {
    /// The merchant: an address, or the name of a wallet on this machine.
    pub merchant: String,
    /// How much, such as 1200 or 1,200円.
    pub amount: String,
    /// The zone.
    #[arg(long, value_name = "NUMBER")]
    pub zone: u16,
    /// What the receipt says; only a salted hash of it is sent.
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
}

/// `redeem`.
#[derive(Debug, ClapArgs)]
pub struct RedeemArgs {
    /// How much, such as 1200 or 1,200円.
    #[arg(required_unless_present = "cancel", conflicts_with = "cancel")]
    pub amount: Option<String>,
    /// Take this request back.
    #[arg(long, value_name = "REQUEST")]
    pub cancel: Option<String>,
}

/// `history`.
#[derive(Debug, ClapArgs)]
pub struct HistoryArgs {
    /// The account, where it is not the wallet's own.
    #[arg(long, value_name = "ADDRESS")]
    pub account: Option<String>,
    /// How many entries at most.
    #[arg(long, value_name = "NUMBER", default_value_t = 20,
          value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
    /// Where to go on, from the page before.
    #[arg(long, value_name = "CURSOR")]
    pub cursor: Option<String>,
}

/// `receipt`.
#[derive(Debug, ClapArgs)]
pub struct ReceiptArgs {
    /// The transaction.
    pub transaction: String,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub proof: Option<PathBuf>,
}
