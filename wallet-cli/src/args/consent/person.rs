//! What people say beside consenting: contacts, objections, requests, guardians, a veto.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

use crate::args::shared::Power;

/// `consent contact`.
#[derive(Debug, ClapArgs)]
pub struct ContactArgs {
    /// Towards which controller.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The mailbox's opaque name: 64 hexadecimal digits; by default a new random one.
    #[arg(long, value_name = "MAILBOX")]
    pub mailbox: Option<String>,
}

/// `consent stop-opt-out`.
#[derive(Debug, ClapArgs)]
pub struct StopOptOutArgs {
    /// Whose scheme: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub scheme: u32,
    /// The person: 64 hexadecimal digits from the controller's letter, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
}

/// `consent request`.
#[derive(Debug, ClapArgs)]
pub struct SubjectRequestArgs {
    /// Of whom: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// File with what you ask; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
}

/// `consent delegate`.
#[derive(Debug, ClapArgs)]
pub struct ConsentDelegateArgs {
    /// Towards which controller.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The guardian's address (kyojo consent address).
    #[arg(long, value_name = "ADDRESS")]
    pub guardian: String,
    /// What the guardian may do; may be repeated.
    #[arg(long = "power", value_name = "POWER", required = true)]
    pub powers: Vec<Power>,
    /// Until which day.
    #[arg(long, value_name = "DATE")]
    pub until: String,
    /// File with the proof of it; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: PathBuf,
}

/// `consent end-delegation`.
#[derive(Debug, ClapArgs)]
pub struct ConsentEndDelegationArgs {
    /// Towards which controller.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The guardian, where you are the subject.
    #[arg(long, value_name = "ADDRESS", required_unless_present = "subject")]
    pub guardian: Option<String>,
    /// The subject, where you are the guardian.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "guardian")]
    pub subject: Option<String>,
}

/// `consent recover`.
#[derive(Debug, Subcommand)]
pub enum RecoverSelfCommand {
    /// Says that you still have your key: the proposal to replace it is gone.
    Veto(AddressArgs),
}

/// One controller.
#[derive(Debug, ClapArgs)]
pub struct AddressArgs {
    /// Towards which controller.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
}
