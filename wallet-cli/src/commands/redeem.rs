//! `redeem`: asks the bank to pay out, or takes the request back.

use ledger_types::operation::{CancelRedeem, RequestRedeem};

use crate::acting::redeems;
use crate::commands::prelude::*;
use crate::reading::read_amount;

/// `redeem`.
#[derive(Debug, Args)]
pub(crate) struct RedeemArgs {
    /// How much, such as 1200 or 1,200円.
    #[arg(required_unless_present = "cancel", conflicts_with = "cancel")]
    pub(crate) amount: Option<String>,
    /// Take this request back.
    #[arg(long, value_name = "REQUEST")]
    pub(crate) cancel: Option<String>,
}

pub(crate) async fn run(app: &App, args: RedeemArgs) -> Result<Reply, Failure> {
    match (args.amount, args.cancel) {
        (Some(amount), None) => request_redeem(app, &amount).await,
        (_, Some(request)) => cancel_redeem(app, &request).await,
        (None, None) => {
            Err(Failure::new(Exit::Usage, "err-usage-missing").with("argument", "AMOUNT"))
        }
    }
}

async fn request_redeem(app: &App, text: &str) -> Result<Reply, Failure> {
    let amount = read_amount(text)?;
    let session = Session::begin(app).await?;
    let redeem = dated_id(session.client.network().clock.now());
    let request = Operation::RequestRedeem(RequestRedeem { redeem, amount });
    Act::ending(request, "done-redeem-requested")
        .line("label-redeem-amount", amount::show(amount))
        .data(json!({ "redeem": redeem, "amount": amount }))
        .next(format!("kyojo redeem --cancel {redeem}"))
        .next("kyojo balance")
        .by_account(app, &session)
        .await
}

async fn cancel_redeem(app: &App, text: &str) -> Result<Reply, Failure> {
    let redeem = read_hash(text)?;
    let session = Session::begin(app).await?;
    let opened = app.unlock_to_send(&session.wallet)?;
    let cancel = Operation::CancelRedeem(CancelRedeem { redeem });
    let cancelled = Act::ending(cancel, "done-redeem-cancelled")
        .line("label-redeem-cancel", redeem)
        .data(json!({ "redeem": redeem }))
        .next("kyojo balance")
        .by_opened(app, &session, opened.as_ref())
        .await;
    match (cancelled, opened) {
        (Err(failure), Some(unlocked)) => {
            let (reader, note) = (unlocked.reader(), "note-redeem-claimed");
            Err(redeems::explained(app, &session, (&reader, &redeem), note, failure).await)
        }
        (cancelled, _) => cancelled,
    }
}
