//! Settlement cycles in words: how they stand, and who pays whom how much.

use ledger_types::BankId;
use ledger_types::money::{NettingPayment, payments};
use ledger_types::operation::SettlementFailure;
use node_api::body::{CycleBody, CyclePaymentBody, CycleStanding, SupplyBody};

use crate::amount;
use crate::app::App;
use crate::client::Client;
use crate::failure::{Exit, Failure};

/// The number that the next cycle gets.
///
/// # Errors
/// The last one waits for its banks.
pub(crate) async fn next_number(client: &Client) -> Result<u32, Failure> {
    let cycles = client.cycles().await?.cycles;
    let Some(last) = cycles.first() else { return Ok(1) };
    if last.standing == CycleStanding::Waiting {
        return Err(Failure::new(Exit::Refused, "err-cycle-waits").with("cycle", last.cycle));
    }
    last.cycle.checked_add(1).ok_or_else(|| Failure::new(Exit::Other, "err-internal"))
}

/// The payments that would settle what banks owe each other now.
pub(crate) fn payments_now(supply: &SupplyBody) -> Vec<CyclePaymentBody> {
    let nets = supply.banks.iter().map(|bank| (bank.bank, bank.position));
    let of = |NettingPayment { from, to, amount }| CyclePaymentBody { from, to, amount };
    payments(nets).into_iter().map(of).collect()
}

/// How a cycle stands, with how many banks confirmed it while it waits.
pub(crate) fn standing(app: &App, cycle: &CycleBody) -> String {
    let count = cycle.parts.iter().filter(|part| part.confirmed.is_some()).count();
    let (confirmed, banks) = (count.to_string(), cycle.parts.len().to_string());
    let counts = [("confirmed", confirmed.as_str()), ("banks", &banks)];
    match cycle.standing {
        CycleStanding::Waiting => app.text("label-cycle-waiting", &counts),
        CycleStanding::Settled => app.text("label-cycle-settled", &[]),
        CycleStanding::Failed => app.text("label-cycle-failed", &[]),
    }
}

/// Who pays whom how much, in one line.
pub(crate) fn paid(
    app: &App,
    payment: &CyclePaymentBody,
    name: impl Fn(BankId) -> String,
) -> String {
    let CyclePaymentBody { from, to, amount } = payment;
    let (from, to, amount) = (name(*from), name(*to), amount::show(*amount));
    let variables = [("from", from.as_str()), ("to", &to), ("amount", &amount)];
    app.text("label-cycle-pays", &variables)
}

/// A bank as people see it: its code and its name.
pub(crate) fn shown(bank: BankId, name: &str) -> String {
    format!("{:04} {name}", bank.get())
}

/// A bank of a cycle as people see it.
pub(crate) fn of_cycle(cycle: &CycleBody, bank: BankId) -> String {
    let part = cycle.parts.iter().find(|part| part.bank == bank);
    shown(bank, part.map(|part| part.name.as_str()).unwrap_or_default())
}

/// A bank as the supply names it.
pub(crate) fn of_supply(supply: &SupplyBody, bank: BankId) -> String {
    let found = supply.banks.iter().find(|one| one.bank == bank);
    shown(bank, found.map(|bank| bank.name.as_str()).unwrap_or_default())
}

/// The key of the words for why a cycle failed.
pub(crate) const fn cause_key(cause: SettlementFailure) -> &'static str {
    match cause {
        SettlementFailure::Unpaid => "label-cycle-cause-unpaid",
        SettlementFailure::Disputed => "label-cycle-cause-disputed",
        SettlementFailure::OutsideSystem => "label-cycle-cause-outside-system",
        SettlementFailure::Mistake => "label-cycle-cause-mistake",
    }
}
