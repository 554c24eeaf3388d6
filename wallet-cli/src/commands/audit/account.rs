//! `audit account`: what happened to an account, by a reading that is logged first.

use ledger_types::operation::{AuditScope, ReadAccessLog, ReadRight};
use ledger_types::{AccountId, AddressPrefix};
use node_api::query::Log;
use serde_json::Value;

use crate::acting::order::{Asked, Begun, Order, Sent};
use crate::acting::pages;
use crate::app::Unlocked;
use crate::commands::history::show;
use crate::commands::prelude::*;
use crate::told::{Line, strange};

/// `audit account`.
#[derive(Debug, Args)]
pub(crate) struct AuditAccountArgs {
    /// The account.
    pub(crate) account: String,
    /// The audit view: of the account, of its bank or of its zone.
    #[arg(long, value_name = "VIEW")]
    pub(crate) view: String,
    /// A reading by this view that was written on the ledger less than ten minutes ago.
    #[arg(long, value_name = "READ")]
    pub(crate) read: Option<String>,
    /// Where to go on, from the page before.
    #[arg(long, value_name = "CURSOR")]
    pub(crate) cursor: Option<String>,
}

/// Writes on the ledger that the accounts of the view are read, unless that was written just now,
/// and only then reads this one.
pub(crate) async fn run(app: &App, args: AuditAccountArgs) -> Result<Reply, Failure> {
    let view = read_hash(&args.view)?;
    let recorded = args.read.as_deref().map(read_hash).transpose()?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let account = reading::address(&args.account, prefix)?;
    let unlocked = app.unlock(&session.wallet)?;
    let read = match recorded {
        Some(read) => read,
        None => {
            let subject = stands_for(&session, &unlocked, view, account).await?;
            if app.global.dry_run {
                let text = app.text("note-dry-run", &[]);
                return Ok(Reply::new(json!({ "dry_run": true, "view": view }), text));
            }
            record(app, &session, &unlocked, ReadRight::View { view, consent: None }, subject)
                .await?
        }
    };
    let asked = Log { read: Some(read), cursor: args.cursor, limit: pages::LIMIT };
    let page = session.client.history(&args.account, &asked, &unlocked.reader()).await?;
    let lines = page.entries.into_iter().map(|entry| Line::of_history(entry, prefix, &account));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let text = if lines.is_empty() {
        app.text("note-no-history", &[])
    } else {
        show(app, &session, &lines).await?
    };
    let data = json!({ "read": read, "entries": lines, "next": page.next });
    let again = format!("kyojo audit account {} --view {view} --read {read}", args.account);
    Ok(Reply::new(data, text).next(match &page.next {
        Some(next) => format!("{again} --cursor {next}"),
        None => again,
    }))
}

/// The account that the reading names: a bank's own for all of a bank's, the operator's for a zone's.
async fn stands_for(
    session: &Session,
    unlocked: &Unlocked,
    view: Hash,
    account: AccountId,
) -> Result<AccountId, Failure> {
    let prefix: &AddressPrefix = &session.attached.address_prefix;
    let body = session.client.view(&view, &unlocked.reader()).await?;
    let address = match body.scope(prefix).map_err(strange)? {
        AuditScope::Bank { bank } => {
            let banks = session.client.supply().await?.banks;
            banks.into_iter().find(|of| of.bank == bank).map(|of| of.account)
        }
        AuditScope::Zone { zone } => Some(session.client.zone(zone).await?.operator),
        AuditScope::Subject { .. }
        | AuditScope::Controller { .. }
        | AuditScope::All
        | AuditScope::Account { .. } => None,
    };
    address.map_or(Ok(account), |address| address.account(prefix).map_err(strange))
}

/// Writes the reading on the ledger and says so.
async fn record(
    app: &App,
    session: &Session,
    unlocked: &Unlocked,
    right: ReadRight,
    subject: AccountId,
) -> Result<Hash, Failure> {
    let read = random_id();
    let operations = vec![Operation::ReadAccessLog(ReadAccessLog { read, subject, right })];
    let asked = Asked { account: session.attached.account, operations, said: None };
    let order = match Order::begin(app, &session.client, asked).await? {
        Begun::Before(sent) => return recorded(&sent),
        Begun::New(order) => order.answering(json!({ "read": read }), Vec::new()),
    };
    let mut lines = session.lines(app);
    let address = subject.to_address(&session.attached.address_prefix);
    lines.push((app.text("label-act", &[]), app.text("label-act-read-log", &[])));
    lines.push((app.text("label-subject", &[]), address));
    lines.extend(order.lines(app));
    app.confirm(&lines)?;
    recorded(&Sender::of(unlocked).send(app, &session.client, &order).await?)
}

/// The reading that was written, by the number under which it was sent.
pub(super) fn recorded(sent: &Sent) -> Result<Hash, Failure> {
    let read = sent.data.get("read").and_then(Value::as_str);
    read.ok_or(Failure::new(Exit::Other, "err-internal")).and_then(read_hash)
}
