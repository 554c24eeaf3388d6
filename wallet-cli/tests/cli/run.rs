//! Runs the command with an environment of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A home of its own with a password file.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) const PASSWORD: &str = "correct horse battery";
/// A development actor's file: its account is the one that [`crate::node`] serves.
pub(crate) const SEED: &str = "0909090909090909090909090909090909090909090909090909090909090909";

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(home.path("password"), format!("{PASSWORD}\n")).unwrap();
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Runs without a terminal, in English, with nothing of this machine's settings.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_kyojo"))
            .args(arguments)
            .env_clear()
            .env("KYOJO_HOME", self.root())
            .env("KYOJO_LANG", "en")
            .env("KYOJO_PASSWORD_FILE", self.path("password"))
            .current_dir(self.root())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs and expects success.
    pub(crate) fn ok(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
        outcome
    }

    /// Runs with `--json` and gives the envelope, whose form it checks.
    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let mut all = arguments.to_vec();
        all.push("--json");
        let outcome = self.run(&all);
        assert_eq!(outcome.stdout.lines().count(), 1, "{outcome:?}");
        let envelope: Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(envelope["schema_version"], 1);
        assert_eq!(envelope["success"], outcome.code == 0);
        assert!(envelope["errors"].is_array() && envelope["warnings"].is_array());
        (outcome.code, envelope)
    }

    /// Writes an actors file and imports its only actor as wallet `hanako`.
    pub(crate) fn with_wallet(genesis_hash: &str, address: &str, account: &str) -> Self {
        Self::with_wallet_of(genesis_hash, address, account, None)
    }

    /// The same, where the wallet acts for this party.
    pub(crate) fn with_wallet_of(
        genesis_hash: &str,
        address: &str,
        account: &str,
        party: Option<u32>,
    ) -> Self {
        let home = Self::new();
        let actors = serde_json::json!({
            "notice": "DEVELOPMENT ONLY", "genesis_hash": genesis_hash, "address_prefix": "aizu",
            "actors": [{ "name": "hanako", "role": "citizen", "address": address,
                         "account": account, "bank": 1, "seed": SEED, "party": party }],
        });
        std::fs::write(home.path("actors.json"), actors.to_string()).unwrap();
        home.ok(&["wallet", "import", "--actors", "actors.json", "--name", "hanako"]);
        home
    }
}
