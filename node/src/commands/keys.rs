//! `keys seal`: puts the keys of a home directory under a passphrase.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use kyojo_cli::{Format, Reply, finish};
use serde_json::json;

use super::config::failure;
use crate::config::{Home, PASSPHRASE_CREDENTIAL};

/// Keep keys at rest under a passphrase
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Seal the keys in the home directory under a passphrase, or under another one
    #[command(after_help = "Example:\n  kyojo-node keys seal --home /var/lib/kyojo \
                            --passphrase-file /root/kyojo.passphrase")]
    Seal(Seal),
}

/// Which keys, and under what.
#[derive(Debug, Args)]
pub struct Seal {
    /// The home directory
    #[arg(long, env = "KYOJO_NODE_HOME", value_name = "DIR")]
    home: PathBuf,
    /// The file whose first line is the passphrase; readable by its owner alone
    #[arg(long, value_name = "FILE")]
    passphrase_file: PathBuf,
}

impl Keys {
    /// Runs the command.
    pub(super) fn run(&self) -> ExitCode {
        let Self::Seal(Seal { home, passphrase_file }) = self;
        let sealed = Home::load(home).and_then(|home| home.seal_keys(passphrase_file));
        let reply = sealed.map(|names| {
            let text = format!(
                "sealed: {}\nThe node opens them with the credential {PASSPHRASE_CREDENTIAL}, or \
                 with passphrase_file under [keys]. What lay in the clear may still be on the disk \
                 and in backups.",
                names.join(", ")
            );
            Reply::new(json!({ "sealed": names }), text)
        });
        finish(&reply.map_err(failure), Format::Text)
    }
}
