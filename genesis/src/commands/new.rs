//! `new`: starts a document.

use kyojo_cli::{Exit, Failure, Reply};
use kyojo_genesis::document;
use kyojo_genesis::lab::{self, parameters};
use ledger_types::genesis::Parameters;
use ledger_types::{AddressPrefix, Genesis, Timestamp};
use network_clock::Clock;
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
    let now = Clock::real().now();
    let lab = lab::section(arguments.lab.lab_rate, arguments.lab.lab_start_ms, now);
    let mut directory_keys = arguments.directory_keys.clone();
    directory_keys.sort_unstable();
    directory_keys.dedup();
    let genesis = Genesis {
        name: arguments.name.clone(),
        address_prefix: prefix,
        time: arguments.time_ms.map_or(now, Timestamp::from_millis),
        parameters: Parameters { lotteries: arguments.lab.lotteries(), ..parameters(lab) },
        members: Vec::new(),
        validators: Vec::new(),
        banks: Vec::new(),
        issuers: Vec::new(),
        accounts: Vec::new(),
        zones: Vec::new(),
        merchants: Vec::new(),
        parties: Vec::new(),
        directory_keys,
        accounts_file: None,
        lab,
    };
    document::replace(&arguments.out, &genesis)?;
    Ok(Reply {
        data: json!({ "file": arguments.out, "name": arguments.name }),
        text: arguments.out.display().to_string(),
        next: vec!["kyojo-genesis add-bank --help".to_owned()],
        ..Reply::default()
    })
}
