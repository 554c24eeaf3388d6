//! What a counter says on the command line for people who come to it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};
use ledger_types::PublicKey;

use super::party::RequestKindCommand;
use super::shared::{Power, WithNotice};
use super::terms::TermsArgs;

/// `counter`.
#[derive(Debug, Subcommand)]
pub enum CounterCommand {
    /// Enters the consent of someone who signed a form, and writes the slip to take home.
    Grant(Box<CounterGrantArgs>),
    /// Ends a consent for its subject, on proved identity.
    Withdraw(CounterWithdrawArgs),
    /// Objects to an opt-out scheme for somebody, or for the bereaved.
    StopOptOut(CounterStopArgs),
    /// Asks a controller for somebody's data, its correction, a stop or its erasure.
    #[command(subcommand)]
    Request(RequestKindCommand<CounterRequestArgs>),
    /// Gives a guardian authority over somebody's consents.
    Delegate(CounterDelegateArgs),
    /// Ends a guardian's authority.
    EndDelegation(CounterEndDelegationArgs),
    /// Gives somebody who lost the key a new one, after three days.
    #[command(subcommand)]
    Recover(CounterRecoverCommand),
}

/// `counter grant`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("person").args(["slip", "subject"]).required(true)))]
pub struct CounterGrantArgs {
    /// To whom: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The notice that was read to the person.
    #[command(flatten)]
    pub with: WithNotice,
    /// What is agreed.
    #[command(flatten)]
    pub terms: TermsArgs,
    /// The signed form, scanned; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub form: PathBuf,
    /// For somebody new: the new file for the slip, with words that are theirs alone.
    #[arg(long, value_name = "FILE")]
    pub slip: Option<PathBuf>,
    /// For somebody with a slip: the address on it.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: Option<String>,
    /// For how many days.
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub days: u32,
    /// How many times it may be used; by default without limit.
    #[arg(long, value_name = "NUMBER")]
    pub use_limit: Option<u32>,
    /// The controller's terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub compensation: Option<u32>,
    /// Only while an emergency is declared in this area.
    #[arg(long, value_name = "AREA")]
    pub disaster: Option<u32>,
}

/// `counter withdraw`.
#[derive(Debug, ClapArgs)]
pub struct CounterWithdrawArgs {
    /// The consent: its number on the slip.
    pub consent: String,
    /// File with the proof of identity; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
}

/// `counter stop-opt-out`.
#[derive(Debug, ClapArgs)]
pub struct CounterStopArgs {
    /// Whose scheme: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub scheme: u32,
    /// The person: 64 hexadecimal digits from the controller's letter, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
    /// File with the proof of identity or kinship; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
}

/// `counter request`.
#[derive(Debug, ClapArgs)]
pub struct CounterRequestArgs {
    /// Of whom: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// For whom: the address on the slip.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: String,
    /// File with what is asked; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
}

/// `counter delegate`.
#[derive(Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("ward").args(["subject", "subject_key"]).required(true)))]
pub struct CounterDelegateArgs {
    /// For whom the guardian acts: an address that the ledger knows.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: Option<String>,
    /// For whom, where the ledger does not know them yet: the key of `consent address`.
    #[arg(long, value_name = "KEY")]
    pub subject_key: Option<PublicKey>,
    /// The guardian's address (kyojo consent address).
    #[arg(long, value_name = "ADDRESS")]
    pub guardian: String,
    /// What the guardian may do; may be repeated.
    #[arg(long = "power", value_name = "POWER", required = true)]
    pub powers: Vec<Power>,
    /// Until which day: the age boundary, or earlier.
    #[arg(long, value_name = "DATE")]
    pub until: String,
    /// File with the proof of guardianship; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
}

/// `counter end-delegation`.
#[derive(Debug, ClapArgs)]
pub struct CounterEndDelegationArgs {
    /// For whom the guardian acted.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: String,
    /// The guardian.
    #[arg(long, value_name = "ADDRESS")]
    pub guardian: String,
}

/// `counter recover`.
#[derive(Debug, Subcommand)]
pub enum CounterRecoverCommand {
    /// Proposes a new key; the person has three days to object.
    Propose(ProposeRecoveryArgs),
    /// Lets the new key take over.
    Execute(ExecuteRecoveryArgs),
}

/// `counter recover propose`.
#[derive(Debug, ClapArgs)]
pub struct ProposeRecoveryArgs {
    /// Whose key was lost: the address on the slip.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: String,
    /// The new key (kyojo consent address, with the new wallet).
    #[arg(long, value_name = "KEY")]
    pub key: PublicKey,
    /// File with the proof of identity; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
}

/// `counter recover execute`.
#[derive(Debug, ClapArgs)]
pub struct ExecuteRecoveryArgs {
    /// Whose key was lost.
    #[arg(long, value_name = "ADDRESS")]
    pub subject: String,
}
