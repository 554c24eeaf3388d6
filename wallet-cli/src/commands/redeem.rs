//! `redeem`: asks the bank to pay out, or takes the request back.

use ledger_types::operation::{CancelRedeem, RequestRedeem};

use crate::commands::prelude::*;
use crate::commitment::random_id;
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
    let redeem = random_id();
    let mut lines = session.lines(app);
    lines.push((app.text("label-redeem-amount", &[]), amount::show(amount)));
    let plan = Plan {
        operations: vec![Operation::RequestRedeem(RequestRedeem { redeem, amount })],
        lines,
        data: json!({ "redeem": redeem, "amount": amount }),
        done: "done-redeem-requested",
        next: vec![format!("kyojo redeem --cancel {redeem}"), "kyojo balance".to_owned()],
    };
    session.perform(app, plan).await
}

async fn cancel_redeem(app: &App, text: &str) -> Result<Reply, Failure> {
    let redeem = read_hash(text)?;
    let session = Session::begin(app).await?;
    let mut lines = session.lines(app);
    lines.push((app.text("label-redeem-cancel", &[]), redeem.to_string()));
    let plan = Plan {
        operations: vec![Operation::CancelRedeem(CancelRedeem { redeem })],
        lines,
        data: json!({ "redeem": redeem }),
        done: "done-redeem-cancelled",
        next: vec!["kyojo balance".to_owned()],
    };
    session.perform(app, plan).await
}
