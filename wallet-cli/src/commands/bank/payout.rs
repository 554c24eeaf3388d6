//! `bank payout`: what shops asked to be paid at their banks outside. A clerk writes the file of
//! transfers, hands it over, and says what became of each.

use std::path::Path;

use ledger_types::event::PayoutRequested;
use ledger_types::japan::JapanDay;
use ledger_types::operation::{
    CancelPayout, CompletePayout, ReturnPayout, ReturnReason, SendPayout, SetPayoutTerms,
};
use serde::Deserialize;
use shop_documents::destination::{Destination, TAG_PAYOUT_ACCOUNT};
use shop_documents::kana;
use shop_documents::zengin::{
    self, AccountKind, BankAccount, Client, LineEnd, MonthDay, Number, Transfer, TransferOrder,
};

use crate::acting::payouts::{self, Payout, State};
use crate::commands::merchant::show_payouts;
use crate::commands::prelude::*;
use crate::commitment::{Salt, TAG_TRANSFER_FILE};
use crate::outbox::Opening;

/// How many payouts one transaction says something of.
const AT_ONCE: usize = ledger_types::limits::OPERATIONS_MAX;

/// `bank payout`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankPayoutCommand {
    /// Lists payouts, oldest first, with how they stand.
    Ls(LsArgs),
    /// Says what the bank asks for a payout, and when it sends none.
    Terms(TermsArgs),
    /// Writes the file of transfers of the payouts that wait, and says that they are sent.
    Send(SendArgs),
    /// Says that payouts arrived.
    Done(DoneArgs),
    /// Says that a payout came back.
    Return(ReturnArgs),
    /// Gives a payout that was not sent back to the shop.
    Cancel(CancelArgs),
}

/// `bank payout ls`.
#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Those too that arrived, came back or were taken back.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `bank payout terms`.
#[derive(Debug, Args)]
pub(crate) struct TermsArgs {
    /// What the shop bears of each transfer.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) fee: String,
    /// The smallest payout; more than the fee.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) smallest: String,
    /// A day on which the bank sends nothing, beside Saturdays and Sundays, such as 2027-01-01; may be
    /// given up to 64 times.
    #[arg(long, value_name = "DAY")]
    pub(crate) holiday: Vec<String>,
}

/// `bank payout send`.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// The day of the transfers, such as 2026-12-01: one on which the bank sends, at most 31 days ahead.
    #[arg(long, value_name = "DAY")]
    pub(crate) on: String,
    /// The file that a shop gave you of where its payouts go, or a folder of such files; may be given
    /// several times. Payouts of shops that are in none wait.
    #[arg(long, value_name = "PATH", required = true)]
    pub(crate) accounts: Vec<PathBuf>,
    /// Who pays: a file of JSON with "code", "name" (kana), "bank", "branch", "kind" (1 ordinary, 2 current)
    /// and "number".
    #[arg(long, value_name = "FILE")]
    pub(crate) payer: PathBuf,
    /// Writes the transfers to this new file (全銀, 総合振込).
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// `bank payout done`.
#[derive(Debug, Args)]
#[group(id = "which", required = true, args = ["payouts", "all"])]
pub(crate) struct DoneArgs {
    /// The payouts.
    pub(crate) payouts: Vec<String>,
    /// All that were sent for today or a day before.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `bank payout return`.
#[derive(Debug, Args)]
pub(crate) struct ReturnArgs {
    /// The payout.
    pub(crate) payout: String,
    /// Why.
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: WhyBack,
}

/// `bank payout cancel`.
#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// The payout.
    pub(crate) payout: String,
}

/// Why a transfer came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WhyBack {
    /// There is no such account.
    NoAccount,
    /// The account has another name.
    NameDiffers,
    /// The account was closed.
    AccountClosed,
    /// The other bank takes nothing for it.
    Refused,
    /// It was not sent after all.
    NotSent,
}

impl WhyBack {
    const fn on_ledger(self) -> ReturnReason {
        match self {
            Self::NoAccount => ReturnReason::NoAccount,
            Self::NameDiffers => ReturnReason::NameDiffers,
            Self::AccountClosed => ReturnReason::AccountClosed,
            Self::Refused => ReturnReason::Refused,
            Self::NotSent => ReturnReason::NotSent,
        }
    }
}

pub(crate) async fn run(app: &App, command: BankPayoutCommand) -> Result<Reply, Failure> {
    match command {
        BankPayoutCommand::Ls(args) => list(app, &args).await,
        BankPayoutCommand::Terms(args) => terms(app, &args).await,
        BankPayoutCommand::Send(args) => send(app, args).await,
        BankPayoutCommand::Done(args) => done(app, &args).await,
        BankPayoutCommand::Return(args) => back(app, &args).await,
        BankPayoutCommand::Cancel(args) => cancel(app, &args).await,
    }
}

async fn list(app: &App, args: &LsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let found = payouts::all(&session, &reader).await?;
    let shown: Vec<&Payout> =
        found.payouts.iter().filter(|one| args.all || one.state.is_open()).collect();
    Ok(show_payouts(app, &shown, found.cut).next("kyojo bank payout send"))
}

async fn terms(app: &App, args: &TermsArgs) -> Result<Reply, Failure> {
    let fee = reading::read_amount_or_zero(&args.fee)?;
    let smallest = reading::read_amount(&args.smallest)?;
    let mut holidays: Vec<JapanDay> =
        args.holiday.iter().map(|day| reading::japan_day(day)).collect::<Result<_, _>>()?;
    holidays.sort();
    holidays.dedup();
    let session = Session::begin(app).await?;
    let set = SetPayoutTerms { fee, smallest, holidays: holidays.clone() };
    let shown: Vec<String> = holidays.iter().map(ToString::to_string).collect();
    Act::ending(Operation::SetPayoutTerms(set), "done-payout-terms")
        .line("label-payout-fee", amount::show(fee))
        .line("label-payout-smallest", amount::show(smallest))
        .line("label-holidays", shown.join(" "))
        .data(json!({ "fee": fee, "smallest": smallest, "holidays": holidays }))
        .next("kyojo bank payout ls")
        .by_account(app, &session)
        .await
}

/// Who pays, as its file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payer {
    code: String,
    name: String,
    bank: String,
    branch: String,
    kind: String,
    number: String,
}

/// What a shop gave its bank: where its payouts go, and what opens the commitment to it.
#[derive(Deserialize)]
struct Given {
    destination: serde_json::Value,
    salt: Salt,
}

async fn send(app: &App, args: SendArgs) -> Result<Reply, Failure> {
    let on = reading::japan_day(&args.on)?;
    let client = payer(&args.payer)?;
    let known = destinations(&args.accounts)?;
    let session = Session::begin(app).await?;
    let unlocked = app.unlock(&session.wallet)?;
    let found = payouts::all(&session, &unlocked.reader()).await?;
    let waiting = found.payouts.iter().filter(|one| one.state == State::Requested);
    let (mut sent, mut unknown) = (Vec::new(), 0_usize);
    for Payout { asked, .. } in waiting {
        match known.iter().find(|(commitment, _)| *commitment == asked.destination) {
            Some((_, to)) if sent.len() < AT_ONCE => sent.push((asked, to)),
            Some(_) => {}
            None => unknown += 1,
        }
    }
    if sent.is_empty() {
        return Err(Failure::new(Exit::Refused, "err-no-payouts").with("count", unknown));
    }
    let written = written(client, on, &sent)?;
    let salt = Salt::fresh();
    let file = salt.commit(TAG_TRANSFER_FILE, &written.bytes);
    let total: u64 = sent.iter().map(|(asked, _)| left(asked)).sum();
    let document = json!({ "file": args.to, "sha256": Hash::of(&[&written.bytes]), "salt": salt });
    let opening = Opening { member: "transfer_file_opening", name: None, document };
    let ids: Vec<Hash> = sent.iter().map(|(asked, _)| asked.payout).collect();
    let mut operations =
        ids.iter().map(|payout| Operation::SendPayout(SendPayout { payout: *payout, on, file }));
    let Some(first) = operations.next() else {
        return Err(Failure::new(Exit::Other, "err-internal"));
    };
    let cuts: Vec<_> = written.cuts.iter().map(|cut| json!({ "transfer": cut.transfer })).collect();
    let data = json!({ "payouts": ids, "on": on, "file": args.to, "total": total.to_string(),
                       "without_account": unknown, "cut": cuts });
    let (path, was_there) = (args.to.clone(), args.to.exists());
    let act = operations.fold(Act::ending(first, "done-payouts-sent"), Act::with);
    let done = act
        .line("label-payouts-count", ids.len())
        .line("label-payouts-total", amount::show(ledger_types::Yen::new(total)))
        .line("label-transfer-day", on)
        .line("label-payouts-unknown", unknown)
        .data(data)
        .private(args.to.display().to_string(), opening)
        .file(args.to, written.bytes)
        .next("kyojo bank payout done --all")
        .by_opened(app, &session, Some(&unlocked))
        .await;
    // What the ledger refused is not sent: a file of it, handed over all the same, would be paid beside
    // the next one. Where nobody knows what came of it, the file stays.
    if let Err(failure) = &done
        && failure.exit == Exit::Refused
        && !was_there
    {
        let _ = std::fs::remove_file(&path);
    }
    done
}

/// What arrives of a payout.
const fn left(asked: &PayoutRequested) -> u64 {
    asked.amount.get().saturating_sub(asked.fee.get())
}

fn written(
    client: Client,
    on: JapanDay,
    sent: &[(&PayoutRequested, &Destination)],
) -> Result<zengin::Written, Failure> {
    let text = on.to_string();
    let mut parts = text.split('-').skip(1).map(str::parse::<u8>);
    let day = match (parts.next(), parts.next()) {
        (Some(Ok(month)), Some(Ok(day))) => MonthDay::new(month, day),
        _ => None,
    };
    let day = day.ok_or_else(|| Failure::new(Exit::Usage, "err-bad-day").with("text", &text))?;
    let transfer = |(asked, to): &(&PayoutRequested, &Destination)| Transfer {
        to: to.account.clone(),
        name: to.name.clone(),
        amount: ledger_types::Yen::new(left(asked)),
        message: kana::Kana::default(),
    };
    let transfers = sent.iter().map(transfer).collect();
    let order = TransferOrder { client, day, transfers };
    let refused =
        |why| Failure::new(Exit::Refused, "err-transfers-unwritten").with("technical", why);
    zengin::write(&order, LineEnd::CrLf).map_err(refused)
}

fn payer(path: &Path) -> Result<Client, Failure> {
    let said: Payer = reading::from_json(path)?;
    let bad = |technical: String| {
        let failure = Failure::new(Exit::Usage, "err-bad-payer").with("path", path.display());
        failure.with("technical", technical)
    };
    let kind = said.kind.chars().next().and_then(AccountKind::of_digit);
    let kind = kind.ok_or_else(|| bad("kind".to_owned()))?;
    let numbers = (said.bank.as_str(), said.branch.as_str(), said.number.as_str());
    let own = Destination::new(numbers, kind, &said.name).map_err(|why| bad(why.to_string()))?;
    let code = said.code.parse().ok().and_then(Number::<10>::new);
    let code = code.ok_or_else(|| bad("code".to_owned()))?;
    let account = BankAccount { ..own.account };
    Ok(Client { code, name: own.name, account })
}

/// Where payouts go, by the commitments on the ledger.
fn destinations(paths: &[PathBuf]) -> Result<Vec<(Hash, Destination)>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let failed = |error| settings::file_failure(path, &error);
            for entry in std::fs::read_dir(path).map_err(failed)? {
                files.push(entry.map_err(failed)?.path());
            }
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.retain(|path| path.extension().is_some_and(|end| end == "json") || paths.contains(path));
    files.iter().map(|path| destination(path)).collect()
}

fn destination(path: &Path) -> Result<(Hash, Destination), Failure> {
    let given: Given = reading::from_json(path)?;
    let bad = |technical: String| {
        let failure = Failure::new(Exit::Usage, "err-bad-payout-file").with("path", path.display());
        failure.with("technical", technical)
    };
    let bytes = serde_json::to_vec(&given.destination).map_err(|why| bad(why.to_string()))?;
    let found = Destination::from_json(&bytes).map_err(|why| bad(why.to_string()))?;
    let document = found.to_json().map_err(|why| bad(why.to_string()))?;
    Ok((given.salt.commit(TAG_PAYOUT_ACCOUNT, &document), found))
}

async fn done(app: &App, args: &DoneArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let unlocked = app.unlock(&session.wallet)?;
    let ids: Vec<Hash> = if args.all {
        let today = JapanDay::of(session.client.network().clock.now());
        let found = payouts::all(&session, &unlocked.reader()).await?;
        let is_due = |one: &&Payout| matches!(one.state, State::Sent { on } if on <= today);
        found.payouts.iter().filter(is_due).map(|one| one.asked.payout).take(AT_ONCE).collect()
    } else {
        args.payouts.iter().map(|text| read_hash(text)).collect::<Result<_, _>>()?
    };
    let mut operations =
        ids.iter().map(|payout| Operation::CompletePayout(CompletePayout { payout: *payout }));
    let Some(first) = operations.next() else {
        return Err(Failure::new(Exit::Refused, "err-no-payouts").with("count", 0));
    };
    let act = operations.fold(Act::ending(first, "done-payouts-arrived"), Act::with);
    act.line("label-payouts-count", ids.len())
        .data(json!({ "payouts": ids }))
        .next("kyojo bank payout ls")
        .by_opened(app, &session, Some(&unlocked))
        .await
}

async fn back(app: &App, args: &ReturnArgs) -> Result<Reply, Failure> {
    let payout = read_hash(&args.payout)?;
    let reason = args.reason.on_ledger();
    let session = Session::begin(app).await?;
    let returned = Operation::ReturnPayout(ReturnPayout { payout, reason });
    Act::ending(returned, "done-payout-returned")
        .line("label-payout", payout)
        .line("label-reason", app.text(payouts::reason_key(reason), &[]))
        .data(json!({ "payout": payout, "reason": reason.name() }))
        .next("kyojo bank payout ls")
        .by_account(app, &session)
        .await
}

async fn cancel(app: &App, args: &CancelArgs) -> Result<Reply, Failure> {
    let payout = read_hash(&args.payout)?;
    let session = Session::begin(app).await?;
    Act::ending(Operation::CancelPayout(CancelPayout { payout }), "done-payout-cancelled")
        .line("label-payout-cancel", payout)
        .data(json!({ "payout": payout }))
        .next("kyojo bank payout ls")
        .by_account(app, &session)
        .await
}
