//! What came of a replay, and whether all the money adds up.

use std::collections::BTreeMap;
use std::time::Duration;

use kyojo_cli::{Exit, Failure, Reply};
use kyojo_tests::progress::yen;
use ledger_types::rejection::RejectionCode;
use ledger_types::{Position, Yen};
use node_api::body::{BankBody, SupplyBody};
use serde_json::{Value, json};

use crate::rows::Tally;

/// What was fed.
pub(crate) struct Fed<'a> {
    /// How many rows the files have.
    pub(crate) rows: usize,
    pub(crate) tally: &'a Tally,
    pub(crate) elapsed: Duration,
    /// What opening and funding the accounts came to.
    pub(crate) opened: &'a Tally,
}

/// The closing summary.
///
/// # Errors
/// [`Exit::Verification`] where the money does not add up.
pub(crate) fn summary(
    fed: &Fed<'_>,
    before: &SupplyBody,
    after: &SupplyBody,
) -> Result<Reply, Failure> {
    let conserved = conserved(before) && conserved(after);
    let data = data(fed, before, after, conserved);
    if !conserved {
        let violation = after.violation.clone().unwrap_or_else(|| "?".to_owned());
        let message = format!("the money does not add up: {violation}");
        let failure = Failure::new(Exit::Verification, "not-conserved", message);
        return Err(Failure { data, ..failure });
    }
    Ok(Reply::new(data, text(fed, after)))
}

/// Whether the ledger says that everything adds up, and it does when added up here.
fn conserved(supply: &SupplyBody) -> bool {
    let sum = |of: fn(&BankBody) -> Yen| {
        supply.banks.iter().map(|bank| u128::from(of(bank).get())).sum::<u128>()
    };
    let positions: i128 = supply.banks.iter().map(|bank| i128::from(bank.position.get())).sum();
    supply.conserved
        && sum(|bank| bank.liability) == u128::from(supply.liability.get())
        && sum(|bank| bank.issued) == u128::from(supply.issued.get())
        && sum(|bank| bank.redeemed) == u128::from(supply.redeemed.get())
        && supply.issued.checked_sub(supply.redeemed) == Some(supply.liability)
        && positions == 0
}

fn data(fed: &Fed<'_>, before: &SupplyBody, after: &SupplyBody, conserved: bool) -> Value {
    let Fed { tally, opened, .. } = fed;
    let grew = |of: fn(&SupplyBody) -> Yen| {
        u128::from(of(after).get()).checked_sub(u128::from(of(before).get()))
    };
    let as_fed = grew(|supply| supply.issued) == Some(tally.issued + opened.issued)
        && grew(|supply| supply.redeemed) == Some(tally.redeemed);
    let code = |bank: &BankBody| format!("{:04}", bank.bank.get());
    let liabilities: BTreeMap<String, Yen> =
        after.banks.iter().map(|bank| (code(bank), bank.liability)).collect();
    let positions: BTreeMap<String, Position> =
        after.banks.iter().map(|bank| (code(bank), bank.position)).collect();
    json!({
        "rows": fed.rows,
        "committed": tally.committed,
        "rejected": tally.rejected,
        "transactions": tally.transactions,
        "elapsed_ms": u64::try_from(fed.elapsed.as_millis()).unwrap_or(u64::MAX),
        "finality_p50_ms": tally.finality_ms(500),
        "finality_p99_ms": tally.finality_ms(990),
        "conserved": conserved,
        "supply_as_fed": as_fed,
        "supply_before": before.liability,
        "supply_after": after.liability,
        "supply_by_bank": liabilities,
        "interbank_positions": positions,
        "interbank_pairs": after.pairs,
        "height": after.height,
    })
}

fn text(fed: &Fed<'_>, after: &SupplyBody) -> String {
    let Fed { tally, .. } = fed;
    let mut lines = vec![
        format!("{} payments of the file were fed", fed.rows),
        format!("committed  {}", tally.committed),
    ];
    for (code, count) in &tally.rejected {
        let rule = RejectionCode::new(*code).name();
        lines.push(format!("rejected   {count} × {code} {rule}"));
    }
    let speed = u128::from(tally.transactions) * 1000 / fed.elapsed.as_millis().max(1);
    lines.push(format!("speed      {speed}/s"));
    let (middle, late) = (tally.finality_ms(500), tally.finality_ms(990));
    lines.push(format!("finality   p50 {middle} ms, p99 {late} ms"));
    for bank in &after.banks {
        let (code, owed) = (bank.bank.get(), yen(bank.liability.get()));
        lines.push(format!("bank {code:04}  owes {owed}, position {} yen", bank.position));
    }
    lines.push("the money adds up".to_owned());
    if !tally.rejected.is_empty() {
        lines.push("rows that the ledger rejected have changed nothing".to_owned());
    }
    lines.join("\n")
}
