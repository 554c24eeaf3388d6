//! One file a verb, with its arguments beside what it does; this one only finds the right function.
//!
//! The command line is nouns, then verbs. The English help is the documentation of these types; the
//! Japanese help is laid over it by `help.rs` and must name every command and every argument.

mod allowance;
mod audit;
mod balance;
mod bank;
mod book;
mod consent;
mod counter;
mod directory;
mod history;
mod init;
mod lottery;
mod merchant;
mod operator;
mod party;
mod pay;
mod prelude;
mod programme;
mod receipt;
mod redeem;
mod send;
mod trust;
mod verify;
mod voucher;
mod wallet;
mod zone;

use clap::{CommandFactory as _, Parser};

use crate::commands::prelude::*;
use crate::global::Global;

/// Wallet of a Kyojo ledger: keys, payments, consents, banks and merchants.
#[derive(Debug, Parser)]
#[command(name = "kyojo", version, infer_subcommands = false, disable_help_subcommand = true)]
pub(crate) struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) global: Global,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes the configuration file as a template with comments, where there is none.
    Init,
    /// Keys on this machine.
    #[command(subcommand)]
    Wallet(wallet::WalletCommand),
    /// Shows what an account holds.
    Balance(balance::BalanceArgs),
    /// Pays another account.
    Send(send::SendArgs),
    /// Pays a merchant of a zone.
    Pay(pay::PayArgs),
    /// Your premium vouchers: what you have, applying, buying.
    #[command(subcommand)]
    Voucher(voucher::VoucherCommand),
    /// Asks your bank to pay out, or takes the request back.
    Redeem(redeem::RedeemArgs),
    /// Lists what happened to an account, newest first.
    History(history::HistoryArgs),
    /// Shows what became of a transaction.
    Receipt(receipt::ReceiptArgs),
    /// Consents that you gave, and new ones.
    #[command(subcommand)]
    Consent(consent::ConsentCommand),
    /// What a counter does for people who come to it.
    #[command(subcommand)]
    Counter(counter::CounterCommand),
    /// What institutions do with notices, data and deadlines.
    #[command(subcommand)]
    Party(party::PartyCommand),
    /// What a bank does.
    #[command(subcommand)]
    Bank(bank::BankCommand),
    /// What the settlement operator does.
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// What zones' operators and merchants do.
    #[command(subcommand)]
    Merchant(merchant::MerchantCommand),
    /// Your address book, which stays on this machine.
    #[command(subcommand)]
    Book(book::BookCommand),
    /// Public names of banks, zones, parties and shops.
    #[command(subcommand)]
    Directory(directory::DirectoryCommand),
    /// Sub-accounts in zones.
    #[command(subcommand)]
    Zone(zone::ZoneCommand),
    /// Voucher programmes: what they are, and what their sponsors do.
    #[command(subcommand)]
    Programme(programme::ProgrammeCommand),
    /// What the committee of a voucher lottery does, and drawing it.
    #[command(subcommand)]
    Lottery(lottery::LotteryCommand),
    /// What anyone may check, and what auditors see.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Verifies a proof in a file, without any node.
    Verify(verify::VerifyArgs),
    /// Writes what a network's proofs are verified by, for other verifiers too.
    Trust(trust::TrustArgs),
    /// Prints a script that completes commands in a shell.
    Completions(CompletionsArgs),
}

/// `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// Runs a command.
pub(crate) async fn dispatch(app: &App, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::Init => init::run(app),
        Command::Wallet(command) => wallet::run(app, command).await,
        Command::Balance(args) => balance::run(app, args).await,
        Command::Send(args) => send::run(app, args).await,
        Command::Pay(args) => pay::run(app, args).await,
        Command::Voucher(command) => voucher::run(app, command).await,
        Command::Redeem(args) => redeem::run(app, args).await,
        Command::History(args) => history::run(app, args).await,
        Command::Receipt(args) => receipt::run(app, args).await,
        Command::Consent(command) => consent::run(app, command).await,
        Command::Counter(command) => counter::run(app, command).await,
        Command::Party(command) => party::run(app, command).await,
        Command::Bank(command) => bank::run(app, command).await,
        Command::Operator(command) => operator::run(app, command).await,
        Command::Merchant(command) => merchant::run(app, command).await,
        Command::Book(command) => book::run(app, &command),
        Command::Directory(command) => directory::run(app, command).await,
        Command::Zone(command) => zone::run(app, command).await,
        Command::Programme(command) => programme::run(app, command).await,
        Command::Lottery(command) => lottery::run(app, command).await,
        Command::Audit(command) => audit::run(app, command).await,
        Command::Verify(args) => verify::run(app, &args),
        Command::Trust(args) => trust::run(app, &args),
        Command::Completions(args) => Ok(completions(args.shell)),
    }
}

fn completions(shell: clap_complete::Shell) -> Reply {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "kyojo", &mut script);
    let text = String::from_utf8_lossy(&script).trim_end().to_owned();
    Reply::new(json!({ "shell": shell.to_string(), "script": text }), text)
}
