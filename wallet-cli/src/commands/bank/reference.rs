//! `bank reference`: what the bank used a core banking entry for.

use ledger_types::event::Issued;
use node_api::body::HistoryEntry;

use crate::client::Reader;
use crate::commands::prelude::*;
use crate::core_reference::CoreReference;
use crate::told::strange;

/// `bank reference`.
#[derive(Debug, Args)]
pub(crate) struct ReferenceArgs {
    /// The entry in the core banking system, in any spelling.
    pub(crate) reference: String,
}

/// What an entry was used for.
struct Used {
    entry: HistoryEntry,
    issued: Issued,
    /// To whom.
    address: String,
}

async fn find(
    session: &Session,
    reader: &Reader,
    reference: &CoreReference,
) -> Result<Used, Failure> {
    let bank = super::own_bank(session).await?.bank;
    let entry = session.client.reference(bank, &reference.commitment(), reader).await?;
    let prefix = &session.attached.address_prefix;
    let event = entry.event(prefix).map_err(strange)?;
    // Nothing else has a reference.
    let issued = event.as_ref().and_then(Issued::of).cloned();
    let issued = issued.ok_or_else(|| strange("a reference of no issue"))?;
    let address = issued.account.to_address(prefix);
    Ok(Used { entry, issued, address })
}

pub(crate) async fn run(app: &App, args: &ReferenceArgs) -> Result<Reply, Failure> {
    let reference = CoreReference::read(&args.reference)?;
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let Used { entry, issued, address } = find(&session, &reader, &reference).await?;
    let transaction = entry.transaction.map(|id| id.to_string()).unwrap_or_default();
    let lines = [
        (app.text("label-core-reference", &[]), reference.as_str().to_owned()),
        (app.text("label-what", &[]), app.text("label-kind-issued", &[])),
        (app.text("label-to", &[]), address),
        (app.text("label-amount", &[]), amount::show(issued.amount)),
        (app.text("label-time", &[]), calendar::show(entry.time.get())),
        (app.text("label-height", &[]), entry.height.to_string()),
        (app.text("label-transaction", &[]), transaction.clone()),
    ];
    let commitment = reference.commitment();
    let data = json!({ "core_ref": reference, "core_banking_ref": commitment, "used": entry });
    Ok(Reply::new(data, fields(&lines)).next(format!("kyojo receipt {transaction}")))
}

/// Says for what a reference was used, where an issue was refused because of that.
pub(super) async fn explained(
    app: &App,
    session: &Session,
    reader: &Reader,
    reference: &CoreReference,
    failure: Failure,
) -> Failure {
    // What is only an explanation may be missing.
    let Ok(Used { entry, issued, address }) = find(session, reader, reference).await else {
        return failure;
    };
    let (amount, at) = (amount::show(issued.amount), calendar::show(entry.time.get()));
    let variables = [("to", address.as_str()), ("amount", &amount), ("at", &at)];
    app.output.say(&app.text("note-reference-used", &variables));
    failure.detail("used", json!(entry))
}
