//! `bank`: opening accounts, issuing, and paying out.

use std::collections::BTreeMap;

use ledger_types::event::{RedeemCancelled, RedeemRequested, RedeemSettled};
use ledger_types::operation::{
    AccountKind, CancelRedeem, Issue, KycLevel, OpenAccount, SettleRedeem, WeightedKey,
};
use ledger_types::{AccountId, BankId, Hash, Operation};
use node_api::body::HistoryEntry;
use node_api::query::Page;
use serde::Serialize;
use serde_json::json;

use super::transact::{Plan, Session};
use super::{pages, read_amount, read_hash, read_payee, short, show_time};
use crate::app::App;
use crate::args::{
    BankAccountCommand, BankCommand, BankRedeemCommand, HolderKind, IssueArgs, Kyc, OpenAccountArgs,
};
use crate::commitment::{Salt, TAG_CORE_REFERENCE, TAG_HOLDER};
use crate::failure::{Exit, Failure};
use crate::output::{Reply, table};
use crate::settings::file_failure;
use crate::told::strange;
use crate::{amount, vault};

/// How many pages of the bank's history are searched for open requests at most.
const PAGES_MAX: usize = 500;

pub(super) async fn run(app: &App, command: BankCommand) -> Result<Reply, Failure> {
    match command {
        BankCommand::Account(BankAccountCommand::Open(args)) => open(app, args).await,
        BankCommand::Issue(args) => issue(app, args).await,
        BankCommand::Redeem(BankRedeemCommand::Ls) => list_redeems(app).await,
        BankCommand::Redeem(BankRedeemCommand::Settle(args)) => {
            end_redeem(app, &args.request, End::Settle).await
        }
        BankCommand::Redeem(BankRedeemCommand::Cancel(args)) => {
            end_redeem(app, &args.request, End::Cancel).await
        }
    }
}

async fn open(app: &App, args: OpenAccountArgs) -> Result<Reply, Failure> {
    let holder = std::fs::read(&args.holder_file)
        .map_err(|error| file_failure(&args.holder_file, &error))?;
    let session = Session::begin(app).await?;
    let bank = own_bank(&session).await?;
    let salt = Salt::fresh();
    let holder_commitment = salt.commit(TAG_HOLDER, &holder);
    let account = AccountId::opened_by(bank, &holder_commitment);
    let address = account.to_address(&session.attached.address_prefix);
    let kind = match args.kind {
        HolderKind::Citizen => AccountKind::Citizen,
        HolderKind::Merchant => AccountKind::Merchant,
        HolderKind::Municipality => AccountKind::Municipality,
        HolderKind::Operator => AccountKind::Operator,
    };
    let kyc_level = match (args.kyc, kind) {
        (Some(Kyc::K0), _) => KycLevel::K0,
        (Some(Kyc::K1), _) => KycLevel::K1,
        (Some(Kyc::K2), _) | (None, AccountKind::Citizen) => KycLevel::K2,
        (Some(Kyc::Kb), _) | (None, _) => KycLevel::KB,
    };
    let keys = args.keys.iter().map(|key| WeightedKey { key: *key, weight: 1 }).collect();
    let threshold = args.threshold;
    let mut lines = session.lines(app);
    lines.push((app.text("label-open-account", &[]), address.clone()));
    let opening = OpenAccount { holder_commitment, kind, kyc_level, keys, threshold };
    let plan = Plan {
        operations: vec![Operation::OpenAccount(opening)],
        lines,
        data: json!({ "address": address, "account": account, "bank": bank,
                      "holder_commitment": holder_commitment }),
        done: "done-account-opened",
        next: vec![
            format!("kyojo bank issue {address} 1000 --core-ref REFERENCE"),
            format!("kyojo wallet attach {address}"),
        ],
    };
    let mut reply = session.perform(app, plan).await?;
    if !app.global.dry_run {
        let opening = json!({ "account": address, "salt": salt, "commitment": holder_commitment });
        let path = vault::keep_opening(&app.settings.folders, &address, &opening)?;
        reply.data["salt_file"] = json!(path);
    }
    Ok(reply)
}

/// Which bank acts through the wallet's account: the public supply names each bank's account.
async fn own_bank(session: &Session) -> Result<BankId, Failure> {
    let supply = session.client.supply().await?;
    let own = supply.banks.iter().find(|bank| bank.account.as_str() == session.attached.address);
    own.map(|bank| bank.bank).ok_or_else(|| Failure::new(Exit::Refused, "err-not-a-bank"))
}

async fn issue(app: &App, args: IssueArgs) -> Result<Reply, Failure> {
    let amount = read_amount(&args.amount)?;
    let session = Session::begin(app).await?;
    let payee = read_payee(app, &args.account, &session.attached.address_prefix)?;
    let core_banking_ref = Hash::of(&[TAG_CORE_REFERENCE, args.core_ref.as_bytes()]);
    let mut lines = session.lines(app);
    lines.push((app.text("label-to", &[]), short(&payee.address)));
    lines.push((app.text("label-issue-amount", &[]), amount::show(amount)));
    let plan = Plan {
        operations: vec![Operation::Issue(Issue {
            account: payee.account,
            amount,
            core_banking_ref,
        })],
        lines,
        data: json!({ "account": payee.address, "amount": amount,
                      "core_banking_ref": core_banking_ref }),
        done: "done-issued",
        next: vec!["kyojo audit supply".to_owned()],
    };
    session.perform(app, plan).await
}

#[derive(Clone, Copy)]
enum End {
    Settle,
    Cancel,
}

async fn end_redeem(app: &App, text: &str, end: End) -> Result<Reply, Failure> {
    let redeem = read_hash(text)?;
    let session = Session::begin(app).await?;
    let (operation, label, done) = match end {
        End::Settle => {
            let settle = Operation::SettleRedeem(SettleRedeem { redeem });
            (settle, "label-redeem-settle", "done-redeem-settled")
        }
        End::Cancel => {
            let cancel = Operation::CancelRedeem(CancelRedeem { redeem });
            (cancel, "label-redeem-cancel", "done-redeem-cancelled")
        }
    };
    let mut lines = session.lines(app);
    lines.push((app.text(label, &[]), redeem.to_string()));
    let plan = Plan {
        operations: vec![operation],
        lines,
        data: json!({ "redeem": redeem }),
        done,
        next: vec!["kyojo bank redeem ls".to_owned()],
    };
    session.perform(app, plan).await
}

/// Requests in the bank's history that nothing ended and that have not lapsed, oldest first.
async fn list_redeems(app: &App) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let prefix = &session.attached.address_prefix;
    let mut open: BTreeMap<Hash, Request> = BTreeMap::new();
    let mut ended: Vec<Hash> = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let asked = Page { cursor, limit: pages::LIMIT };
        let page = session.client.history(&reader.address, &asked, &reader).await?;
        for entry in page.entries {
            let Some(event) = entry.event(prefix).map_err(strange)? else { continue };
            ended.extend(RedeemSettled::of(&event).map(|settled| settled.redeem));
            ended.extend(RedeemCancelled::of(&event).map(|cancelled| cancelled.redeem));
            if let Some(asked) = RedeemRequested::of(&event) {
                open.insert(asked.redeem, Request { entry, asked: asked.clone() });
            }
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for redeem in ended {
        open.remove(&redeem);
    }
    let status = session.client.status().await?;
    let is_open = |request: &Request| request.asked.expires > status.time.get();
    let mut requests: Vec<Request> = open.into_values().filter(is_open).collect();
    requests.sort_by_key(|request| (request.entry.height, request.entry.index));
    Ok(show_redeems(app, &requests))
}

/// A request to pay out, which machines get as the node gave it.
#[derive(Serialize)]
#[serde(transparent)]
struct Request {
    entry: HistoryEntry,
    #[serde(skip)]
    asked: RedeemRequested,
}

fn show_redeems(app: &App, requests: &[Request]) -> Reply {
    if requests.is_empty() {
        let text = app.text("note-no-redeems", &[]);
        return Reply::new(json!({ "requests": [] }), text);
    }
    let titles = ["label-time", "label-amount", "label-request"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = requests
        .iter()
        .map(|Request { entry, asked }| {
            vec![show_time(&entry.time), amount::show(asked.amount), asked.redeem.to_string()]
        })
        .collect();
    Reply::new(json!({ "requests": requests }), table(&titles, &rows, &[1]))
        .next("kyojo bank redeem settle REQUEST")
}
