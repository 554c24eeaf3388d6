//! `zone shares`: who gets what the shops of a zone pay, by its operator.

use ledger_types::operation::SetRevenueShare;
use ledger_types::zone::{BasisPoints, Share, ShareTerms};

use super::fees::{begins, shown_from};
use crate::acting::naming;
use crate::acting::payee::read_payee;
use crate::commands::prelude::*;
use crate::reading::percent;

/// `zone shares`.
#[derive(Debug, Args)]
pub(crate) struct SharesArgs {
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The account of the regional fund, which gets what the shares leave.
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) fund: String,
    /// Somebody's share of each fee, such as ACCOUNT=40%, rounded down; may be repeated.
    #[arg(long = "share", value_name = "ACCOUNT=PERCENT")]
    pub(crate) shares: Vec<String>,
    /// The first day on which it holds; by default at once. What takes from others is announced 30 days
    /// ahead.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
}

/// Whose share, and how much.
fn read_share(text: &str) -> Result<(&str, BasisPoints), Failure> {
    let bad = || Failure::new(Exit::Usage, "err-bad-share").with("text", text);
    let (account, share) = text.rsplit_once('=').ok_or_else(bad)?;
    Ok((account, percent(share).map_err(|_| bad())?))
}

pub(crate) async fn run(app: &App, args: &SharesArgs) -> Result<Reply, Failure> {
    let from = begins(args.from.as_ref())?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let fund = read_payee(app, &args.fund, prefix)?;
    let (mut shares, mut shown, mut listed) = (Vec::new(), Vec::new(), Vec::new());
    for text in &args.shares {
        let (account, share) = read_share(text)?;
        let payee = read_payee(app, account, prefix)?;
        shares.push(Share { account: payee.account, share });
        shown.push(format!("{share} {}", payee.shown(app)));
        listed.push(json!({ "account": payee.address, "share": share }));
    }
    shares.sort_by_key(|one| one.account);
    let zone = named.id;
    let before = session.client.zone(zone).await?;
    let version = before.shares.last().map_or(1, |last| last.version.saturating_add(1));
    let terms = ShareTerms { shares, fund: fund.account };
    let data = json!({
        "zone": zone, "version": version, "shares": listed, "fund": fund.address,
    });
    let set = SetRevenueShare { zone, version, from, terms };
    let mut act = Act::ending(Operation::SetRevenueShare(set), "done-shares-set")
        .line("label-zone", named.shown(app));
    for share in shown {
        act = act.line("label-share-of", share);
    }
    act.line("label-fund", fund.shown(app))
        .line("label-holds-from", shown_from(app, from))
        .data(data)
        .next(format!("kyojo zone show --zone {zone}"))
        .by_account(app, &session)
        .await
}
