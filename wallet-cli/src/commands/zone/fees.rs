//! `zone fees`: what the shops of a zone pay, by its operator.

use ledger_types::operation::SetFeeSchedule;
use ledger_types::zone::{BasisPoints, FeeTax, FeeTerms, FeeTier};
use ledger_types::{Timestamp, Yen};

use super::show::terms_lines;
use crate::acting::naming;
use crate::commands::prelude::*;
use crate::reading::{percent, read_amount};

/// `zone fees`.
#[derive(Debug, Args)]
pub(crate) struct FeesArgs {
    /// The zone, by its number or name; by default the only one that there is.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// A schedule that is known by name.
    #[arg(long, value_name = "NAME", required_unless_present = "rate", conflicts_with = "rate")]
    pub(crate) schedule: Option<Schedule>,
    /// The part of each payment, such as 2% or 0.5%, rounded down.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) rate: Option<BasisPoints>,
    /// The least for one payment.
    #[arg(long, value_name = "AMOUNT", requires = "rate")]
    pub(crate) minimum: Option<String>,
    /// The most in a year for the shops of the next tier, from tier 0 on, or `-` for no limit; may be repeated.
    #[arg(long = "cap", value_name = "AMOUNT", requires = "rate")]
    pub(crate) caps: Vec<String>,
    /// The fee is exempt from consumption tax; by default the tax is in it.
    #[arg(long, requires = "rate")]
    pub(crate) exempt: bool,
    /// The first day on which it holds; by default at once. What takes more is announced 30 days ahead.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
}

/// Schedules with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Schedule {
    /// Shops pay nothing.
    Zero,
    /// 2 %, at most 12,000 yen a year, for shops that declare less than 6,000,000 yen for last year.
    Published,
}

/// From when on a change holds; at once where nothing is said.
pub(super) fn begins(from: Option<&String>) -> Result<Timestamp, Failure> {
    from.map_or(Ok(Timestamp::from_millis(0)), |day| calendar::read_from(day))
}

/// Says from when on a change holds.
pub(super) fn shown_from(app: &App, from: Timestamp) -> String {
    if from.as_millis() == 0 { app.text("label-at-once", &[]) } else { calendar::show(from) }
}

fn terms(args: &FeesArgs) -> Result<FeeTerms, Failure> {
    let rate = match (args.schedule, args.rate) {
        (Some(Schedule::Zero), _) => return Ok(FeeTerms::zero()),
        (Some(Schedule::Published), _) => return Ok(FeeTerms::published()),
        (None, rate) => rate.unwrap_or(BasisPoints::ZERO),
    };
    let cap = |text: &String| match text.as_str() {
        "-" => Ok(FeeTier { yearly_cap: None }),
        amount => read_amount(amount).map(|cap| FeeTier { yearly_cap: Some(cap) }),
    };
    let mut tiers = args.caps.iter().map(cap).collect::<Result<Vec<FeeTier>, Failure>>()?;
    if tiers.is_empty() {
        tiers.push(FeeTier { yearly_cap: None });
    }
    let minimum = args.minimum.as_ref().map_or(Ok(Yen::ZERO), |text| read_amount(text))?;
    let tax = if args.exempt { FeeTax::Exempt } else { FeeTax::Included };
    Ok(FeeTerms { rate, minimum, tax, tiers })
}

pub(crate) async fn run(app: &App, args: &FeesArgs) -> Result<Reply, Failure> {
    let (mut terms, from) = (terms(args)?, begins(args.from.as_ref())?);
    let session = Session::begin(app).await?;
    let named = naming::zone(app, &session.client, args.zone.as_deref(), &[]).await?;
    let zone = named.id;
    let before = session.client.zone(zone).await?;
    if args.schedule == Some(Schedule::Zero) {
        // A schedule has no fewer tiers than the one before; in each of them nobody pays.
        let tiers = before.fees.last().map_or(1, |last| last.tiers.len());
        terms.tiers.resize(terms.tiers.len().max(tiers), FeeTier { yearly_cap: None });
    }
    let version = before.fees.last().map_or(1, |last| last.version.saturating_add(1));
    let shown: Vec<String> = terms_lines(app, &terms)
        .into_iter()
        .map(|(label, value)| format!("{label} {value}"))
        .collect();
    let data = json!({
        "zone": zone, "version": version, "rate": terms.rate, "minimum": terms.minimum,
        "tax": terms.tax, "yearly_caps": terms.tiers.iter().map(|one| one.yearly_cap).collect::<Vec<_>>(),
    });
    Act::ending(
        Operation::SetFeeSchedule(SetFeeSchedule { zone, version, from, terms }),
        "done-fees-set",
    )
    .line("label-zone", named.shown(app))
    .line("label-fees", shown.join(app.text("label-and", &[]).as_str()))
    .line("label-holds-from", shown_from(app, from))
    .data(data)
    .next(format!("kyojo zone show --zone {zone}"))
    .by_account(app, &session)
    .await
}
