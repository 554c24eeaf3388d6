//! `zone show`: a zone as anybody may know it: where it is, what its shops pay, and who gets it.

use ledger_types::zone::{FeeTax, FeeTerms, FeeTier, MunicipalityCode, Publishes};
use node_api::body::{FeeScheduleBody, RevenueShareBody, ZoneBody};

use super::open::ZoneNumber;
use crate::acting::naming;
use crate::commands::prelude::*;
use crate::regions;

pub(crate) async fn run(app: &App, args: &ZoneNumber) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let named = naming::zone(app, &client, args.zone.as_deref(), &[]).await?;
    let zone = client.zone(named.id).await?;
    let mut lines = vec![
        (app.text("label-zone", &[]), named.shown(app)),
        (app.text("label-areas", &[]), areas(app, &zone.areas)),
        (app.text("label-operator", &[]), zone.operator.to_string()),
        (app.text("label-publishes", &[]), published(app, zone.publishes)),
        (app.text("label-total", &[]), amount::show(zone.total)),
    ];
    lines.extend(fees(app, &zone));
    for shares in &zone.shares {
        lines.extend(shares_of(app, shares));
    }
    let next = format!("kyojo zone open --zone {}", zone.zone);
    Ok(Reply::new(json!(zone), fields(&lines)).next(next))
}

/// What shops pay: nothing, where no schedule is there.
fn fees(app: &App, zone: &ZoneBody) -> Vec<(String, String)> {
    if zone.fees.is_empty() {
        return vec![(app.text("label-fees", &[]), app.text("label-fees-none", &[]))];
    }
    zone.fees.iter().flat_map(|one| schedule(app, one)).collect()
}

fn schedule(app: &App, body: &FeeScheduleBody) -> Vec<(String, String)> {
    let FeeScheduleBody { rate, minimum, tax, ref tiers, .. } = *body;
    let terms = FeeTerms { rate, minimum, tax, tiers: tiers.clone() };
    let mut lines = vec![(app.text("label-fees", &[]), since(app, body.in_force, body.from.get()))];
    lines.extend(terms_lines(app, &terms));
    lines
}

/// What shops pay under some terms, line by line.
pub(super) fn terms_lines(app: &App, terms: &FeeTerms) -> Vec<(String, String)> {
    if terms.is_zero() {
        return vec![(app.text("label-fee-rate", &[]), app.text("label-fees-none", &[]))];
    }
    let tax = match terms.tax {
        FeeTax::Included => "label-tax-included",
        FeeTax::Exempt => "label-tax-exempt",
    };
    let mut lines =
        vec![(app.text("label-fee-rate", &[]), format!("{} {}", terms.rate, app.text(tax, &[])))];
    if !terms.minimum.is_zero() {
        lines.push((app.text("label-fee-minimum", &[]), amount::show(terms.minimum)));
    }
    for (FeeTier { yearly_cap }, tier) in terms.tiers.iter().zip(0_u16..) {
        let cap = yearly_cap.map_or_else(|| app.text("label-no-cap", &[]), amount::show);
        lines.push((app.text("label-fee-cap", &[("tier", &tier.to_string())]), cap));
    }
    lines
}

fn shares_of(app: &App, body: &RevenueShareBody) -> Vec<(String, String)> {
    let mut lines =
        vec![(app.text("label-shares", &[]), since(app, body.in_force, body.from.get()))];
    let named = body
        .shares
        .iter()
        .map(|one| (app.text("label-share-of", &[]), format!("{} {}", one.share, one.account)));
    lines.extend(named);
    lines.push((app.text("label-fund", &[]), body.fund.to_string()));
    lines
}

/// Whether it is in force, or from when on it will be.
fn since(app: &App, in_force: bool, from: ledger_types::Timestamp) -> String {
    let from = calendar::show(from);
    let key = if in_force { "label-in-force-since" } else { "label-in-force-from" };
    app.text(key, &[("from", &from)])
}

/// The municipalities by their names, where they are known, and their codes.
pub(super) fn areas(app: &App, areas: &[MunicipalityCode]) -> String {
    if areas.is_empty() {
        return app.text("label-areas-unsaid", &[]);
    }
    let shown = areas.iter().map(|code| regions::municipality(app.output.lang, *code));
    shown.collect::<Vec<_>>().join(app.text("label-and", &[]).as_str())
}

/// What anybody may read.
pub(super) fn published(app: &App, publishes: Publishes) -> String {
    let several = [
        (Publishes::MERCHANTS, "label-published-merchants"),
        (Publishes::REPORT, "label-published-report"),
    ];
    let shown = several.iter().filter(|(bit, _)| publishes.intersects(*bit));
    let shown: Vec<String> = shown.map(|(_, key)| app.text(key, &[])).collect();
    if shown.is_empty() {
        return app.text("label-published-nothing", &[]);
    }
    shown.join(app.text("label-and", &[]).as_str())
}
