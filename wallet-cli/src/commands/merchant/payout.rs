//! `merchant payout-account`, `merchant payout`, `merchant payouts`: a shop is paid at its bank outside.

use ledger_types::operation::{CancelPayout, RequestPayout, SetPayoutAccount};
use ledger_types::{BankId, Yen};
use shop_documents::destination::{BadDestination, Destination, TAG_PAYOUT_ACCOUNT};
use shop_documents::zengin::AccountKind;

use crate::acting::naming;
use crate::acting::payouts::{self, Payout};
use crate::commands::prelude::*;
use crate::commitment::{Salt, TAG_PAYOUT_STATEMENT};
use crate::outbox::Opening;

/// `merchant payout-account`.
#[derive(Debug, Args)]
pub(crate) struct PayoutAccountArgs {
    /// The bank: its four digits.
    #[arg(long, value_name = "DIGITS")]
    pub(crate) bank: String,
    /// The branch: its three digits.
    #[arg(long, value_name = "DIGITS")]
    pub(crate) branch: String,
    /// The kind of account.
    #[arg(long, value_name = "KIND", default_value = "ordinary")]
    pub(crate) kind: KindOfAccount,
    /// The account's seven digits.
    #[arg(long, value_name = "DIGITS")]
    pub(crate) number: String,
    /// Its holder's name in kana, as the bank writes it.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: String,
    /// Writes what opens it to this new file, for the bank that keeps your account here.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// Kinds of accounts at banks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindOfAccount {
    /// 普通.
    Ordinary,
    /// 当座.
    Current,
    /// 貯蓄.
    Savings,
    /// Another one.
    Other,
}

impl KindOfAccount {
    const fn of_bank(self) -> AccountKind {
        match self {
            Self::Ordinary => AccountKind::Ordinary,
            Self::Current => AccountKind::Current,
            Self::Savings => AccountKind::Savings,
            Self::Other => AccountKind::Other,
        }
    }
}

/// `merchant payout`.
#[derive(Debug, Args)]
pub(crate) struct PayoutArgs {
    /// How much, such as 48000 or 48,000円, with the bank's fee in it; all that you have in the zone
    /// without it.
    #[arg(conflicts_with = "cancel")]
    pub(crate) amount: Option<String>,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The list of payments that it is of, such as kyojo merchant export writes: only a salted hash of
    /// it is sent.
    #[arg(long, value_name = "FILE", conflicts_with = "cancel")]
    pub(crate) statement: Option<PathBuf>,
    /// Take this payout back, which the bank has not sent.
    #[arg(long, value_name = "PAYOUT")]
    pub(crate) cancel: Option<String>,
}

/// `merchant payouts`.
#[derive(Debug, Args)]
pub(crate) struct PayoutsArgs {
    /// Only those of which something is still to come.
    #[arg(long)]
    pub(crate) open: bool,
}

pub(crate) async fn account(app: &App, args: PayoutAccountArgs) -> Result<Reply, Failure> {
    let numbers = (args.bank.as_str(), args.branch.as_str(), args.number.as_str());
    let destination =
        Destination::new(numbers, args.kind.of_bank(), &args.name).map_err(|why| bad(&why))?;
    let document = destination.to_json().map_err(|why| bad(&BadDestination::Form(why)))?;
    let session = Session::begin(app).await?;
    let salt = Salt::fresh();
    let commitment = salt.commit(TAG_PAYOUT_ACCOUNT, &document);
    let said = String::from_utf8_lossy(&document).into_owned();
    let opened: serde_json::Value =
        serde_json::from_str(&said).map_err(|why| bad(&BadDestination::Form(why)))?;
    let address = &session.attached.address;
    let given = json!({ "account": address, "destination": opened, "salt": salt,
                        "commitment": commitment });
    let mut bytes =
        serde_json::to_vec_pretty(&given).map_err(|why| bad(&BadDestination::Form(why)))?;
    bytes.push(b'\n');
    let opening = Opening { member: "payout_account_opening", name: None, document: given };
    let set = Operation::SetPayoutAccount(SetPayoutAccount { destination: commitment });
    let shown = format!("{}-{}-{} {}", args.bank, args.branch, args.number, destination.name);
    Act::ending(set, "done-payout-account")
        .line("label-payout-account", shown)
        .data(json!({ "destination": commitment, "file": args.to }))
        .private(said, opening)
        .file(args.to, bytes)
        .next("kyojo merchant payout")
        .by_account(app, &session)
        .await
}

fn bad(why: &BadDestination) -> Failure {
    Failure::new(Exit::Usage, "err-bad-destination").with("technical", why)
}

pub(crate) async fn run(app: &App, args: PayoutArgs) -> Result<Reply, Failure> {
    match args.cancel.as_deref() {
        Some(payout) => cancel(app, payout).await,
        None => request(app, args).await,
    }
}

async fn cancel(app: &App, text: &str) -> Result<Reply, Failure> {
    let payout = read_hash(text)?;
    let session = Session::begin(app).await?;
    Act::ending(Operation::CancelPayout(CancelPayout { payout }), "done-payout-cancelled")
        .line("label-payout-cancel", payout)
        .data(json!({ "payout": payout }))
        .next("kyojo merchant payouts")
        .by_account(app, &session)
        .await
}

async fn request(app: &App, args: PayoutArgs) -> Result<Reply, Failure> {
    let said = args.amount.as_deref().map(reading::read_amount).transpose()?;
    let session = Session::begin(app).await?;
    let attached = &session.attached;
    let public = app.names().public_name_of(crate::named::Is::Account(attached.account));
    let zones = public.map(|known| known.zones.as_slice()).unwrap_or_default();
    let named = naming::zone(app, &session.client, args.zone.as_deref(), zones).await?;
    let zone = named.id;
    let unlocked = app.unlock(&session.wallet)?;
    let (there, bank) = has(&session, &unlocked.reader(), zone).await?;
    let amount = said.unwrap_or(there);
    let terms = session.client.payout_terms(bank).await?;
    let payout = dated_id(session.client.network().clock.now());
    let statement = args.statement.as_deref().map(committed).transpose()?;
    let fee = terms.fee;
    let asked = RequestPayout {
        payout,
        zone,
        amount,
        fee,
        statement: statement.as_ref().map(|(commitment, ..)| *commitment),
    };
    let arrives = amount.checked_sub(fee).unwrap_or(Yen::ZERO);
    let mut act = Act::ending(Operation::RequestPayout(asked), "done-payout-requested")
        .line("label-payout-amount", amount::show(amount))
        .line("label-payout-fee", amount::show(fee))
        .line("label-payout-arrives", amount::show(arrives))
        .line("label-zone", named.shown(app))
        .data(json!({ "payout": payout, "zone": zone, "amount": amount, "fee": fee,
                      "arrives": arrives }))
        .next(format!("kyojo merchant payout --cancel {payout}"))
        .next("kyojo merchant payouts");
    if let Some((_, said, opening)) = statement {
        act = act.private(said, opening);
    }
    act.by_opened(app, &session, Some(&unlocked)).await
}

/// What the wallet's account has in a zone, and which bank keeps it.
async fn has(
    session: &Session,
    reader: &crate::client::Reader,
    zone: ledger_types::ZoneId,
) -> Result<(Yen, BankId), Failure> {
    let asked = node_api::query::ByRead { read: None };
    let body = session.client.account(&session.attached.address, &asked, reader).await?;
    let money = body.money.ok_or_else(|| Failure::new(Exit::Refused, "code-2018"))?;
    let own = money.zones.iter().find(|one| one.zone == zone);
    Ok((own.map_or(Yen::ZERO, |one| one.balance), money.custodian))
}

/// The commitment to a list of payments, what was said, and what opens it.
fn committed(path: &std::path::Path) -> Result<(Hash, String, Opening), Failure> {
    let bytes = std::fs::read(path).map_err(|error| settings::file_failure(path, &error))?;
    let salt = Salt::fresh();
    let commitment = salt.commit(TAG_PAYOUT_STATEMENT, &bytes);
    let document = json!({ "statement": path, "sha256": Hash::of(&[&bytes]), "salt": salt });
    let opening = Opening { member: "payout_statement_opening", name: None, document };
    Ok((commitment, Hash::of(&[&bytes]).to_string(), opening))
}

pub(crate) async fn list(app: &App, args: PayoutsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let found = payouts::all(&session, &reader).await?;
    let shown: Vec<&Payout> =
        found.payouts.iter().filter(|one| !args.open || one.state.is_open()).collect();
    Ok(show(app, &shown, found.cut).next("kyojo merchant payout"))
}

/// Payouts as a table, oldest first; a bank's and a shop's alike.
pub(crate) fn show(app: &App, payouts: &[&Payout], cut: Option<usize>) -> Reply {
    let data = json!({ "payouts": payouts });
    let mut text = if payouts.is_empty() {
        app.text("note-no-payouts", &[])
    } else {
        let titles = ["label-time", "label-amount", "label-payout-state", "label-payout"];
        let row = |payout: &&Payout| {
            let Payout { entry, asked, state } = payout;
            let amount = amount::show(asked.amount);
            let at = calendar::show(entry.time.get());
            vec![at, amount, state.shown(app), asked.payout.to_string()]
        };
        let rows: Vec<Vec<String>> = payouts.iter().map(row).collect();
        app.table(&titles, &rows, &[1])
    };
    if let Some(read) = cut {
        let count = read.to_string();
        text.push_str(&format!("\n{}", app.text("note-not-all-searched", &[("count", &count)])));
    }
    Reply::new(data, text)
}
