//! `new`: starts a document.

use std::time::{SystemTime, UNIX_EPOCH};

use kyojo_cli::{Exit, Failure, Reply};
use kyojo_genesis::document;
use ledger_types::genesis::Parameters;
use ledger_types::{AddressPrefix, Genesis, Timestamp};
use serde_json::json;

use crate::args::New;

/// Runs the command.
pub(crate) fn run(arguments: &New) -> Result<Reply, Failure> {
    let prefix = AddressPrefix::new(&arguments.prefix).ok_or_else(|| {
        let message = "--prefix: 1 to 16 lower-case letters, such as aizu".to_owned();
        Failure::new(Exit::Usage, "usage", message)
    })?;
    if arguments.out.exists() && !arguments.force {
        let shown = arguments.out.display();
        let message = format!("{shown} exists already; --force replaces it");
        return Err(Failure::new(Exit::Other, "exists", message));
    }
    let genesis = Genesis {
        name: arguments.name.clone(),
        address_prefix: prefix,
        time: Timestamp::from_millis(arguments.time_ms.unwrap_or_else(now_ms)),
        parameters: Parameters { drift_ms_max: 2_000, decision_validity_ms: 60_000 },
        members: Vec::new(),
        validators: Vec::new(),
        banks: Vec::new(),
        accounts: Vec::new(),
        zones: Vec::new(),
        merchants: Vec::new(),
        parties: Vec::new(),
        accounts_file: None,
    };
    document::replace(&arguments.out, &genesis)?;
    Ok(Reply {
        data: json!({ "file": arguments.out, "name": arguments.name }),
        text: arguments.out.display().to_string(),
        next: vec!["kyojo-genesis add-bank --help".to_owned()],
        ..Reply::default()
    })
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(0)
}
