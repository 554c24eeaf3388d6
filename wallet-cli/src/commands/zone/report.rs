//! `zone report`: what a zone did in a month, as anybody may know it where the zone publishes it.

use ledger_types::ZoneId;
use ledger_types::japan::JapanMonth;
use ledger_types::operation::AccountKind;
use ledger_types::zone::Publishes;
use node_api::body::{FeeRecipient, RecipientBody, SpentForBody, ZoneReportBody};
use node_api::{ApiCode, Month};

use crate::acting::naming;
use crate::client::Client;
use crate::commands::prelude::*;

/// `zone report`.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// The month, such as 2026-11; by default the last one that is over. One that runs is its operator's and
    /// its merchants' to read.
    #[arg(long, value_name = "MONTH")]
    pub(crate) month: Option<String>,
}

pub(crate) async fn run(app: &App, args: &ReportArgs) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let named = naming::zone(app, &client, args.zone.as_deref(), &[]).await?;
    let month = match args.month.as_deref() {
        Some(_) => month_said(&client, args.month.as_deref())?,
        None => Month::of(JapanMonth::of(client.network().clock.now()).before()),
    };
    let is_public = client.zone(named.id).await?.publishes.intersects(Publishes::REPORT);
    let open = if is_public { open(&client, named.id, month).await? } else { None };
    let report = match open {
        Some(report) => report,
        None => {
            let session = Session::begin(app).await?;
            let reader = app.unlock(&session.wallet)?.reader();
            session.client.zone_report(named.id, month, Some(&reader)).await?
        }
    };
    let mut lines = vec![(app.text("label-zone", &[]), named.shown(app))];
    lines.push(month_label(app, month, report.complete));
    lines.extend(payments(app, &report));
    lines.extend(fees(app, &report));
    lines.extend(circulation(app, &report));
    let next = format!("kyojo zone show --zone {}", report.zone);
    Ok(Reply::new(json!(report), fields(&lines)).next(next))
}

/// The report as everybody reads it; none of a month that runs.
async fn open(
    client: &Client,
    zone: ZoneId,
    month: Month,
) -> Result<Option<ZoneReportBody>, Failure> {
    match client.zone_report(zone, month, None).await {
        Ok(report) => Ok(Some(report)),
        Err(error) if error.code() == Some(ApiCode::SignatureMissing.number()) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The month that was said, or the one that runs in the network.
///
/// # Errors
/// A usage failure where the text is no month.
pub(crate) fn month_said(client: &Client, said: Option<&str>) -> Result<Month, Failure> {
    let Some(text) = said else {
        return Ok(Month::of(JapanMonth::of(client.network().clock.now())));
    };
    let month = Month::of_digits(calendar::read_month(text)?);
    month.ok_or_else(|| Failure::new(Exit::Usage, "err-bad-month").with("text", text))
}

/// The month, and that it is not over where it is not.
pub(crate) fn month_label(app: &App, month: Month, complete: bool) -> (String, String) {
    let shown = month.to_string();
    let key = if complete { "label-month-over" } else { "label-month-runs" };
    (app.text("label-month", &[]), app.text(key, &[("month", &shown)]))
}

fn payments(app: &App, report: &ZoneReportBody) -> Vec<(String, String)> {
    let label = |key| app.text(key, &[]);
    let counted = |count: u64, yen| {
        let (count, amount) = (count.to_string(), amount::show(yen));
        app.text("label-counted", &[("count", &count), ("amount", &amount)])
    };
    vec![
        (label("label-report-payments"), counted(report.payments.count, report.payments.amount)),
        (label("label-report-coin"), amount::show(report.coin)),
        (label("label-report-vouchers-paid"), amount::show(report.vouchers_paid)),
        (label("label-report-vouchers-free"), amount::show(report.vouchers_free)),
        (label("label-report-cash"), amount::show(report.cash)),
        (label("label-report-refunds"), counted(report.refunds.count, report.refunds.amount)),
        (label("label-report-voids"), counted(report.voids.count, report.voids.amount)),
    ]
}

/// What merchants paid, who got it, and how the fund spent it.
fn fees(app: &App, report: &ZoneReportBody) -> Vec<(String, String)> {
    let net = amount::show_position(report.fees.net);
    let mut lines = vec![(app.text("label-report-fees", &[]), net)];
    lines.extend(report.recipients.iter().map(|one| recipient(app, one)));
    lines.extend(report.fund_spent.iter().map(|one| spent(app, one)));
    lines
}

fn recipient(app: &App, one: &RecipientBody) -> (String, String) {
    let label = match (one.recipient, one.kind) {
        (FeeRecipient::Operator, _) => "label-report-operator",
        (FeeRecipient::Fund, _) => "label-report-fund",
        (FeeRecipient::Other, Some(AccountKind::Municipality)) => "label-report-municipalities",
        (FeeRecipient::Other, Some(AccountKind::Merchant)) => "label-report-merchants",
        (FeeRecipient::Other, _) => "label-report-others",
    };
    let (got, back) = (amount::show(one.got), amount::show(one.gave_back));
    let said = app.text("label-report-got", &[("got", &got), ("back", &back)]);
    (app.text(label, &[]), said)
}

fn spent(app: &App, one: &SpentForBody) -> (String, String) {
    let label = match one.purpose {
        Some(purpose) => app.text("label-report-spent", &[("purpose", &purpose.to_string())]),
        None => app.text("label-report-spent-otherwise", &[]),
    };
    let (count, amount) = (one.count.to_string(), amount::show(one.amount));
    (label, app.text("label-counted", &[("count", &count), ("amount", &amount)]))
}

fn circulation(app: &App, report: &ZoneReportBody) -> Vec<(String, String)> {
    let label = |key| app.text(key, &[]);
    let turns = report.turns_hundredths.map_or_else(
        || label("label-report-no-turns"),
        |turns| format!("{}.{:02}", turns / 100, turns % 100),
    );
    let people = |count: Option<u64>| {
        count.map_or_else(|| label("label-report-few"), |count| count.to_string())
    };
    vec![
        (label("label-report-charged"), amount::show(report.charged)),
        (label("label-report-discharged"), amount::show(report.discharged)),
        (label("label-report-circulation"), amount::show(report.circulation)),
        (label("label-report-turns"), turns),
        (label("label-report-shops"), people(report.merchants_paid)),
        (label("label-report-holders"), people(report.holders_paid)),
    ]
}
