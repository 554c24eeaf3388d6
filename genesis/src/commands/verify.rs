//! `validate` and `hash`.

use std::path::Path;

use kyojo_cli::{Exit, Failure, Problem, Reply};
use kyojo_genesis::accounts_file::{Accounts, FILE_NAME};
use kyojo_genesis::check::{Finding, check};
use kyojo_genesis::document::{self, DocumentError};
use ledger_types::Genesis;
use serde_json::{Value, json};

/// Runs `validate`.
pub(crate) fn validate(file: &Path) -> Result<Reply, Failure> {
    let genesis = document::read(file)?;
    let findings = match genesis.accounts_file {
        None => check(&genesis, []),
        Some(_) => check_with_file(&genesis, &file.with_file_name(FILE_NAME))?,
    };
    if !findings.is_empty() {
        return Err(faulty(&findings));
    }
    let hash = genesis.hash();
    let mut data = json!({
        "genesis_hash": hash,
        "name": genesis.name,
        "validators": genesis.validators.len(),
        "banks": genesis.banks.len(),
        "issuers": genesis.issuers.len(),
        "members": genesis.members.len(),
        "accounts": genesis.accounts.len(),
    });
    let mut text = format!("sound: {} ({hash})", genesis.name);
    if let Some(lab) = genesis.lab {
        data["lab"] = json!(lab);
        text.push_str(&format!("; a lab: time runs {} times as fast as real time", lab.rate));
    }
    Ok(Reply {
        data,
        text,
        next: vec!["kyojo-genesis hash: have every member compare it".to_owned()],
        ..Reply::default()
    })
}

/// Runs `hash`.
pub(crate) fn hash(file: &Path) -> Result<Reply, Failure> {
    let hash = document::read(file)?.hash();
    let data = json!({ "genesis_hash": hash });
    Ok(Reply::new(data, hash.to_string()))
}

/// The failure that tells every finding.
pub(crate) fn faulty(findings: &[Finding]) -> Failure {
    let problem = |finding: &Finding| Problem {
        code: finding.code.to_owned(),
        message: finding.to_string(),
        details: json!({
            "place": finding.place, "rule": finding.rule, "problem": finding.problem, "remedy": finding.remedy,
        }),
    };
    Failure {
        exit: Exit::Config,
        problems: findings.iter().map(problem).collect(),
        data: Value::Null,
    }
}

fn check_with_file(genesis: &Genesis, path: &Path) -> Result<Vec<Finding>, Failure> {
    let mut accounts = Accounts::open(path)?;
    let mut broken = None;
    let findings = {
        let sound = accounts.by_ref().map_while(|item| match item {
            Ok(account) => Some(account),
            Err(error) => {
                broken = Some(error);
                None
            }
        });
        check(genesis, sound)
    };
    if let Some(error) = broken {
        return Err(DocumentError::io(path, error).into());
    }
    let hash = accounts.hash();
    if genesis.accounts_file == Some(hash) {
        return Ok(findings);
    }
    let message = format!("{}: its SHA-256 is {hash}, not the document's", path.display());
    Err(Failure::new(Exit::Verification, "accounts_file_hash", message))
}
