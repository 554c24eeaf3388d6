//! `merchant fees`: what a shop was charged in a month, as it reads it itself.

use ledger_types::zone::FeeTax;
use node_api::body::{MerchantFeesBody, VersionFeesBody};

use crate::acting::tills;
use crate::commands::prelude::*;
use crate::commands::zone::report::{month_label, month_said};

/// `merchant fees`.
#[derive(Debug, Args)]
pub(crate) struct FeesArgs {
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The month, such as 2026-11; by default the one that runs.
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: Option<String>,
}

pub(crate) async fn run(app: &App, args: &FeesArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let named = tills::zone(app, &session, args.zone.as_deref()).await?;
    let month = month_said(&session.client, args.month.as_deref())?;
    let reader = app.unlock(&session.wallet)?.reader();
    let address = &session.attached.address;
    let fees = session.client.merchant_fees(named.id, address, month, &reader).await?;
    let mut lines = vec![(app.text("label-zone", &[]), named.shown(app))];
    lines.push(month_label(app, month, fees.complete));
    lines.extend(shown(app, &fees));
    Ok(Reply::new(json!(fees), fields(&lines)).next("kyojo merchant payments"))
}

/// What was charged, line by line.
fn shown(app: &App, fees: &MerchantFeesBody) -> Vec<(String, String)> {
    let label = |key| app.text(key, &[]);
    let mut lines = vec![
        (label("label-fees-base"), amount::show(fees.base)),
        (label("label-fees-payments"), fees.payments.to_string()),
        (label("label-fees-charged"), amount::show(fees.fees.charged)),
        (label("label-fees-returned"), amount::show(fees.fees.returned)),
        (label("label-fees-net"), amount::show_position(fees.fees.net)),
    ];
    lines.extend(fees.versions.iter().map(|version| of_version(app, version)));
    let year = fees.fiscal_year.to_string();
    let so_far = app.text("label-fees-in-year", &[("year", &year)]);
    lines.push((so_far, amount::show(fees.charged_in_year)));
    lines
}

fn of_version(app: &App, of: &VersionFeesBody) -> (String, String) {
    let tax = match of.tax {
        FeeTax::Included => "label-tax-included",
        FeeTax::Exempt => "label-tax-exempt",
    };
    let version = of.version.to_string();
    let label = app.text("label-fees-version", &[("version", &version)]);
    (label, format!("{} {}", amount::show_position(of.fees.net), app.text(tax, &[])))
}
