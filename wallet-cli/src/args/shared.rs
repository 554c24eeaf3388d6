//! Arguments that several commands share.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

/// A consent of one's own.
#[derive(Clone, Debug, ClapArgs)]
pub struct ConsentName {
    /// The consent: its number, or the beginning of it as `consent ls` shows it.
    pub consent: String,
    /// The controller, where this wallet does not know the consent.
    #[arg(long, value_name = "NUMBER")]
    pub party: Option<u32>,
}

/// The text of a notice that was read.
#[derive(Clone, Debug, ClapArgs)]
pub struct ReadNotice {
    /// The notice's text as you read it; its hash must be the published one.
    #[arg(long, value_name = "FILE")]
    pub notice_file: PathBuf,
    /// Language of the notice that you read; by default that of the texts.
    #[arg(long, value_name = "LANGUAGE")]
    pub notice_language: Option<String>,
}

/// A notice and its text.
#[derive(Clone, Debug, ClapArgs)]
pub struct WithNotice {
    /// The notice that you read.
    #[arg(long, value_name = "NUMBER")]
    pub notice: u32,
    /// Its text.
    #[command(flatten)]
    pub read: ReadNotice,
}

/// A request.
#[derive(Clone, Debug, ClapArgs)]
pub struct RequestName {
    /// The request.
    pub request: String,
}

/// What a guardian may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Power {
    /// Consent.
    Grant,
    /// Withdraw.
    Withdraw,
    /// Answer requests for renewal.
    Respond,
}

/// Access under a consent.
#[derive(Clone, Debug, ClapArgs)]
pub struct ByConsentArgs {
    /// The process, as the subject's wallet opened it (kyojo consent disclose).
    pub disclosure: PathBuf,
    /// The purpose, for a broad consent, by name or label.
    #[arg(long, value_name = "CONCEPT")]
    pub purpose: Option<String>,
}

/// Access under an opt-out scheme.
#[derive(Clone, Debug, ClapArgs)]
pub struct ByOptOutArgs {
    /// Whose scheme: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub scheme: u32,
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
}

/// Access within a joint use.
#[derive(Clone, Debug, ClapArgs)]
pub struct ByJointUseArgs {
    /// Whose scheme: the controller's number.
    #[arg(long, value_name = "NUMBER")]
    pub party: u32,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub scheme: u32,
    /// The version under which the data was collected.
    #[arg(long, value_name = "NUMBER")]
    pub scheme_version: u32,
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
}

/// Access that the law itself allows.
#[derive(Clone, Debug, ClapArgs)]
pub struct ByExemptionArgs {
    /// The legal basis.
    #[arg(long, value_name = "NUMBER")]
    pub basis: u32,
    /// Its current version.
    #[arg(long, value_name = "NUMBER")]
    pub basis_version: u32,
    /// The person: 64 hexadecimal digits, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub person: String,
    /// File with the evidence that the basis asks for; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// The data is sensitive (要配慮個人情報).
    #[arg(long)]
    pub sensitive: bool,
}

/// Access in an emergency that the party declared.
#[derive(Clone, Debug, ClapArgs)]
pub struct ByGlassArgs {
    /// The broken glass.
    pub glass: String,
}
