//! How terms are said: in a file, or one process by flags.

use std::path::PathBuf;

use clap::Args as ClapArgs;

/// What is agreed.
#[derive(Clone, Debug, ClapArgs)]
#[command(group(clap::ArgGroup::new("agreed").args(["terms", "category"]).required(true)))]
pub struct TermsArgs {
    /// File with the terms: a JSON list of processes. Only salted hashes of them are sent.
    #[arg(long, value_name = "FILE")]
    pub terms: Option<PathBuf>,
    /// Instead of a file: which data, by name or label (kyojo consent words).
    #[arg(long, value_name = "CONCEPT", requires = "operation")]
    pub category: Option<String>,
    /// What it is for, by name or label; with --broad that purpose.
    #[arg(long, value_name = "CONCEPT", requires = "category")]
    pub purpose: Option<String>,
    /// A narrower purpose or kind of data that stays out; may be repeated.
    #[arg(long, value_name = "CONCEPT")]
    pub exclude: Vec<String>,
    /// Who may use it: a party's number, or a role such as emergency; may be repeated.
    #[arg(long = "recipient", value_name = "WHO", requires = "category")]
    pub recipients: Vec<String>,
    /// What may be done, such as consult or store; may be repeated.
    #[arg(long = "operation", value_name = "WHAT", id = "operation", requires = "recipients")]
    pub operations: Vec<String>,
    /// For how many days it may be kept.
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub retention_days: u32,
    /// Where it may be used, such as JP-07-202.
    #[arg(long, value_name = "REGION", default_value = "JP")]
    pub region: String,
    /// Only data from this day on.
    #[arg(long, value_name = "DATE", requires = "data_until")]
    pub data_from: Option<String>,
    /// Only data before this day.
    #[arg(long, value_name = "DATE", requires = "data_from")]
    pub data_until: Option<String>,
    /// It reaches sensitive data (要配慮個人情報).
    #[arg(long, requires = "category")]
    pub sensitive: bool,
    /// Agree to every purpose under this one, as the vocabulary has them now.
    #[arg(long, value_name = "CONCEPT")]
    pub broad: Option<String>,
    /// The published vocabulary and its version, for --broad.
    #[arg(long, value_name = "NUMBER/VERSION", default_value = "1/1")]
    pub vocabulary: String,
}
