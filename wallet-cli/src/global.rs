//! Options of every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::i18n::Lang;

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Answer with one JSON envelope on standard output.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print the result only.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more on standard error.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Answer every question with yes.
    #[arg(short, long, global = true)]
    pub(crate) yes: bool,
    /// Do it once more, although the same was done within three minutes or its outcome is not known.
    #[arg(long, global = true)]
    pub(crate) again: bool,
    /// Show what would be sent, and send nothing.
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// How many seconds to wait for the network.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,
    /// URL of the node.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) node: Option<String>,
    /// Certificates (PEM) that may vouch for an https node.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Wallet to use.
    #[arg(short, long, global = true, value_name = "NAME")]
    pub(crate) wallet: Option<String>,
    /// File whose first line is the wallet's password.
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "password_fd")]
    pub(crate) password_file: Option<PathBuf>,
    /// File descriptor from which to read the wallet's password.
    #[arg(long, global = true, value_name = "NUMBER")]
    pub(crate) password_fd: Option<u32>,
    /// Wallet whose key signs too, where a maker and a checker must act together.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) checker: Option<String>,
    /// File whose first line is that wallet's password.
    #[arg(long, global = true, value_name = "FILE", requires = "checker")]
    pub(crate) checker_password_file: Option<PathBuf>,
    /// Time zone of texts for people, such as Europe/Paris, UTC or +02:00; by default Japan's.
    #[arg(long, global = true, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Language of texts for people.
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub(crate) lang: Option<Lang>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
