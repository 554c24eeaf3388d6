//! `merchant`: registration by the zone's operator, and payments as the merchant sees them.

use ledger_types::event::{Paid, Transferred};
use ledger_types::operation::{MerchantClass, RegisterMerchant};
use ledger_types::{AccountId, Event, Operation, ZoneId};
use node_api::query::Page;
use serde_json::json;

use super::transact::{Plan, Session};
use super::{history, pages, read_payee, short};
use crate::app::App;
use crate::args::{MerchantCommand, PaymentsArgs, RegisterArgs, ShopClass};
use crate::failure::Failure;
use crate::output::Reply;
use crate::told::{Line, strange};

/// How many pages are searched for a payment at most.
const PAGES_MAX: usize = 50;

pub(super) async fn run(app: &App, command: MerchantCommand) -> Result<Reply, Failure> {
    match command {
        MerchantCommand::Register(args) => register(app, args).await,
        MerchantCommand::Payments(args) => payments(app, args).await,
    }
}

async fn register(app: &App, args: RegisterArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let merchant = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let zone = ZoneId::new(args.zone);
    let class = match args.class {
        ShopClass::Local => MerchantClass::Local,
        ShopClass::Chain => MerchantClass::Chain,
    };
    let mut lines = session.lines(app);
    lines.push((app.text("label-register", &[]), short(&merchant.address)));
    lines.push((app.text("label-zone", &[]), zone.to_string()));
    let register = RegisterMerchant { zone, merchant: merchant.account, class };
    let plan = Plan {
        operations: vec![Operation::RegisterMerchant(register)],
        lines,
        data: json!({ "zone": zone, "merchant": merchant.address, "class": class }),
        done: "done-registered",
        next: vec![format!("kyojo pay {} 100 --zone {zone}", merchant.address)],
    };
    session.perform(app, plan).await
}

async fn payments(app: &App, args: PaymentsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let prefix = &session.attached.address_prefix;
    let account = session.attached.account;
    let wanted = usize::from(args.limit);
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let asked = Page { cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, &reader).await?;
        for entry in page.entries {
            let event = entry.event(prefix).map_err(strange)?;
            let number = entry.transaction.map(|id| id.to_string()).unwrap_or_default();
            let fits = args.last.as_ref().is_none_or(|last| number.ends_with(last.as_str()));
            if fits && event.is_some_and(|event| pays(&event, &account)) {
                found.push(Line::of_history(entry, prefix, &account)?);
            }
        }
        cursor = page.next;
        if found.len() >= wanted || cursor.is_none() {
            break;
        }
    }
    found.truncate(wanted);
    let text = if found.is_empty() {
        app.text("note-no-payments", &[])
    } else {
        history::show(app, &session, &found).await?
    };
    Ok(Reply::new(json!({ "payments": found }), text).next("kyojo balance"))
}

/// Whether it is a payment to this account.
fn pays(event: &Event, account: &AccountId) -> bool {
    Paid::of(event).is_some_and(|paid| paid.merchant == *account)
        || Transferred::of(event).is_some_and(|transferred| transferred.creditor == *account)
}
