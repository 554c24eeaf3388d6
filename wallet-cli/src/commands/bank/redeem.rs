//! `bank redeem`: requests to pay out. A clerk claims one, pays, and settles it, in this order.

use ledger_types::operation::{CancelRedeem, ClaimRedeem, ReleaseRedeem, SettleRedeem};

use crate::acting::redeems::{self, Cut, Found, Request};
use crate::commands::prelude::*;
use crate::output::{Problem, short};

/// `bank redeem`.
#[derive(Debug, Subcommand)]
pub(crate) enum BankRedeemCommand {
    /// Lists requests, oldest first, with how they stand.
    Ls(LsArgs),
    /// Claims a request before you pay it: nobody takes it back then, and no colleague pays it too.
    Claim(ClaimArgs),
    /// Gives up a claim without having paid.
    Release(RedeemName),
    /// Ends the tokens of a request that the bank claimed and has paid.
    Settle(RedeemName),
    /// Gives the tokens of a request back to the holder.
    Cancel(RedeemName),
}

/// `bank redeem ls`.
#[derive(Debug, Args)]
pub(crate) struct LsArgs {
    /// Those too that were settled or cancelled, or that lapsed.
    #[arg(long)]
    pub(crate) all: bool,
}

/// `bank redeem claim`.
#[derive(Debug, Args)]
pub(crate) struct ClaimArgs {
    /// The request.
    pub(crate) request: String,
    /// Until when you will have paid, at most 7 days ahead and not after the request lapses; 24 hours
    /// from now without it, or until the request lapses where that is sooner.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
}

/// A redeem request.
#[derive(Debug, Args)]
pub(crate) struct RedeemName {
    /// The request.
    pub(crate) request: String,
}

async fn claim(app: &App, args: &ClaimArgs) -> Result<Reply, Failure> {
    let redeem = read_hash(&args.request)?;
    let until = args.until.as_deref().map(calendar::read_until).transpose()?;
    let session = Session::begin(app).await?;
    let unlocked = app.unlock(&session.wallet)?;
    let reader = unlocked.reader();
    let request = redeems::find(&session, &reader, &redeem).await?.asked;
    let tomorrow = session.client.network().clock.now().checked_add_millis(calendar::DAY_MS);
    let usual = tomorrow.map_or(request.expires, |tomorrow| tomorrow.min(request.expires));
    let until = until.unwrap_or(usual);
    let holder = request.account.to_address(&session.attached.address_prefix);
    let claimed =
        Act::ending(Operation::ClaimRedeem(ClaimRedeem { redeem, until }), "done-redeem-claimed")
            .line("label-redeem-claim", redeem)
            .line("label-to", short(&holder))
            .line("label-amount", amount::show(request.amount))
            .line("label-until", calendar::show(until))
            .data(json!({ "redeem": redeem, "account": holder, "amount": request.amount,
                          "until": node_api::Time::new(until) }))
            .next(format!("kyojo bank redeem settle {redeem}"))
            .next(format!("kyojo bank redeem release {redeem}"))
            .by_opened(app, &session, Some(&unlocked))
            .await;
    match claimed {
        Ok(reply) => Ok(reply),
        Err(failure) => {
            let whose = (&reader, &redeem);
            let note = "note-redeem-claimed-already";
            Err(redeems::explained(app, &session, whose, note, failure).await)
        }
    }
}

/// What else a bank does to a request.
async fn act(
    app: &App,
    text: &str,
    (label, done): (&'static str, &'static str),
    operation: impl FnOnce(Hash) -> Operation,
) -> Result<Reply, Failure> {
    let redeem = read_hash(text)?;
    let session = Session::begin(app).await?;
    Act::ending(operation(redeem), done)
        .line(label, redeem)
        .data(json!({ "redeem": redeem }))
        .next("kyojo bank redeem ls")
        .by_account(app, &session)
        .await
}

async fn release(app: &App, text: &str) -> Result<Reply, Failure> {
    let words = ("label-redeem-release", "done-redeem-released");
    act(app, text, words, |redeem| Operation::ReleaseRedeem(ReleaseRedeem { redeem })).await
}

async fn settle(app: &App, text: &str) -> Result<Reply, Failure> {
    let words = ("label-redeem-settle", "done-redeem-settled");
    act(app, text, words, |redeem| Operation::SettleRedeem(SettleRedeem { redeem })).await
}

async fn cancel(app: &App, text: &str) -> Result<Reply, Failure> {
    let words = ("label-redeem-cancel", "done-redeem-cancelled");
    act(app, text, words, |redeem| Operation::CancelRedeem(CancelRedeem { redeem })).await
}

async fn list(app: &App, args: &LsArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let Found { mut requests, cut } = redeems::all(&session, &reader).await?;
    requests.retain(|request| args.all || request.state.is_open());
    let mut reply = show(app, &requests);
    reply.warnings.extend(cut.map(|cut| cut_warning(app, cut)));
    Ok(reply)
}

/// What a list does not show because the history is too long.
fn cut_warning(app: &App, cut: Cut) -> Problem {
    let back_to = cut.back_to.map(|time| calendar::show(time.get())).unwrap_or_default();
    let entries = cut.entries.to_string();
    let text = app.text("note-redeems-cut", &[("entries", &entries), ("time", &back_to)]);
    Problem {
        details: json!({ "entries": cut.entries, "back_to": cut.back_to }),
        ..Problem::new("redeems-cut", text)
    }
}

fn show(app: &App, requests: &[Request]) -> Reply {
    if requests.is_empty() {
        let text = app.text("note-no-redeems", &[]);
        return Reply::new(json!({ "requests": [] }), text);
    }
    let titles = ["label-time", "label-amount", "label-redeem-state", "label-request"];
    let row = |request: &Request| {
        let Request { entry, asked, .. } = request;
        let (amount, redeem) = (amount::show(asked.amount), asked.redeem.to_string());
        vec![calendar::show(entry.time.get()), amount, request.standing(app), redeem]
    };
    let rows: Vec<Vec<String>> = requests.iter().map(row).collect();
    Reply::new(json!({ "requests": requests }), app.table(&titles, &rows, &[1]))
        .next("kyojo bank redeem claim REQUEST")
}

pub(crate) async fn run(app: &App, command: BankRedeemCommand) -> Result<Reply, Failure> {
    match command {
        BankRedeemCommand::Ls(args) => list(app, &args).await,
        BankRedeemCommand::Claim(args) => claim(app, &args).await,
        BankRedeemCommand::Release(args) => release(app, &args.request).await,
        BankRedeemCommand::Settle(args) => settle(app, &args.request).await,
        BankRedeemCommand::Cancel(args) => cancel(app, &args.request).await,
    }
}
