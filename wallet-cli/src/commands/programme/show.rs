//! `programme show`: a programme as anybody may know it.

use ledger_types::programme::Allocation;
use ledger_types::{AddressPrefix, Timestamp};
use node_api::body::{BucketBody, LotteryBody, ProgrammeBody, RoundBody, RoundStanding};

use super::ProgrammeName;
use super::ls::round_key;
use super::reconcile::Sums;
use crate::acting::vouchers;
use crate::commands::prelude::*;

pub(crate) async fn run(app: &App, args: &ProgrammeName) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let programme = vouchers::programme(&client, &args.programme).await?;
    let prefix = &client.network().address_prefix;
    let mut text = fields(&terms(app, &programme, prefix));
    for round in &programme.rounds {
        text.push_str(&format!("\n\n{}", fields(&of_round(app, round))));
    }
    text.push_str(&format!("\n\n{}", fields(&money(app, &programme, prefix)?)));
    let number = programme.programme;
    let now = programme.rounds.last().map(|round| round.standing);
    let next = match now {
        Some(RoundStanding::Applying) => format!("kyojo voucher apply {number} --letter FILE"),
        Some(RoundStanding::Selling) => format!("kyojo voucher buy {number}"),
        _ => "kyojo voucher ls".to_owned(),
    };
    Ok(Reply::new(json!(programme), text).next(next))
}

fn terms(app: &App, of: &ProgrammeBody, prefix: &AddressPrefix) -> Vec<(String, String)> {
    let text = |key: &str| app.text(key, &[]);
    let day = |at: Timestamp| calendar::show_end(app.output.lang, at);
    let mut lines = vec![
        (text("label-programme"), vouchers::shown(app, of)),
        (text("label-sponsor"), vouchers::somebody(app, of.sponsor.as_str(), prefix)),
        (text("label-price-of-set"), amount::show(of.price)),
        (text("label-worth-of-set"), amount::show(of.face)),
    ];
    lines.extend(of.buckets.iter().map(|one| (text("label-in-a-set"), bucket(app, one))));
    lines.push((text("label-per-person"), of.per_person.to_string()));
    lines.extend(of.per_household.map(|most| (text("label-per-household"), most.to_string())));
    lines.push((text("label-exclusions"), of.exclusions.to_string()));
    lines.push((text("label-with-others"), text(combines_key(of.combines))));
    lines.push((text("label-who-may-buy"), text(who_key(of))));
    lines.push((text("label-how-given"), text(how_key(of.allocation))));
    lines.push((text("label-use-from"), calendar::show(of.use_from.get())));
    lines.push((text("label-use-until"), day(of.use_until.get())));
    let (paid, free) = (of.unused_paid_to.as_str(), of.unused_free_to.as_str());
    let somebody = |address| vouchers::somebody(app, address, prefix);
    lines.push((text("label-unused-paid-to"), somebody(paid)));
    lines.push((text("label-unused-free-to"), somebody(free)));
    lines.push((text("label-terms-hash"), of.terms.to_string()));
    for (list, number) in of.lists.iter().zip(1_u32..) {
        let label = app.text("label-list", &[("number", &number.to_string())]);
        let size = list.size.to_string();
        let root = list.root.to_string();
        lines.push((label, app.text("label-list-of", &[("size", &size), ("root", &root)])));
    }
    for (member, number) in of.committers.iter().zip(1_u32..) {
        let label = app.text("label-member", &[("number", &number.to_string())]);
        lines.push((label, somebody(member.account.as_str())));
    }
    if of.threshold > 0 {
        lines.push((text("label-threshold"), of.threshold.to_string()));
    }
    lines
}

pub(super) fn bucket(app: &App, bucket: &BucketBody) -> String {
    let all = bucket.paid.checked_add(bucket.free).map(amount::show).unwrap_or_default();
    let (paid, free) = (amount::show(bucket.paid), amount::show(bucket.free));
    let shops = app.text(vouchers::shops_key(bucket.takes), &[]);
    let variables = [("all", all.as_str()), ("shops", &shops), ("paid", &paid), ("free", &free)];
    app.text("label-you-get-part", &variables)
}

/// Whether it pays together with another programme.
pub(super) const fn combines_key(combines: bool) -> &'static str {
    if combines { "label-combines" } else { "label-combines-not" }
}

const fn who_key(of: &ProgrammeBody) -> &'static str {
    if of.lists.is_empty() { "label-who-anybody" } else { "label-who-listed" }
}

pub(super) const fn how_key(allocation: Allocation) -> &'static str {
    match allocation {
        Allocation::FirstCome => "label-how-first-come",
        Allocation::Whole => "label-how-whole",
        Allocation::EqualFirst => "label-how-equal-first",
    }
}

fn of_round(app: &App, round: &RoundBody) -> Vec<(String, String)> {
    let text = |key: &str| app.text(key, &[]);
    let (sold, sets) = (round.sold.to_string(), round.sets.to_string());
    let mut lines = vec![
        (text("label-round"), round.round.to_string()),
        (text("label-standing"), text(round_key(round.standing))),
        (text("label-sets"), app.text("label-sold-of", &[("sold", &sold), ("sets", &sets)])),
    ];
    lines.extend(round.lottery.iter().flat_map(|lottery| of_lottery(app, lottery)));
    lines.push((text("label-sale-from"), calendar::show(round.sale_from.get())));
    let until = calendar::show_end(app.output.lang, round.sale_until.get());
    lines.push((text("label-sale-until"), until));
    lines
}

fn of_lottery(app: &App, lottery: &LotteryBody) -> Vec<(String, String)> {
    let text = |key: &str| app.text(key, &[]);
    let until = calendar::show_end(app.output.lang, lottery.apply_until.get());
    let (known, deposited) = (lottery.known.to_string(), lottery.deposited.to_string());
    let secrets = [("known", known.as_str()), ("deposited", &deposited)];
    let mut lines = vec![
        (text("label-apply-from"), calendar::show(lottery.apply_from.get())),
        (text("label-apply-until"), until),
        (text("label-applications"), lottery.tickets.to_string()),
        (text("label-asked"), lottery.asked.to_string()),
        (text("label-secrets"), app.text("label-secrets-known", &secrets)),
    ];
    lines.extend(lottery.seed.map(|seed| (text("label-seed"), seed.to_string())));
    let from = lottery.from.map(|from| calendar::show(from.get()));
    lines.extend(from.map(|from| (text("label-claim-from"), from)));
    lines
}

/// The yen behind it, and what became of what was sold.
fn money(
    app: &App,
    of: &ProgrammeBody,
    prefix: &AddressPrefix,
) -> Result<Vec<(String, String)>, Failure> {
    let text = |key: &str| app.text(key, &[]);
    let mut lines = Vec::new();
    for escrow in &of.escrows {
        let key = if escrow.pledged { "label-escrow-pledged" } else { "label-escrow-open" };
        let account = vouchers::somebody(app, escrow.account.as_str(), prefix);
        let available = amount::show(escrow.available);
        lines.push((text(key), format!("{available} {account}")));
    }
    lines.push((text("label-outstanding"), amount::show(of.outstanding)));
    lines.extend(Sums::of(of)?.lines(app));
    Ok(lines)
}
