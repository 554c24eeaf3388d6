//! What holds of every payment at a shop that is remembered (domain model, 7 and 8).

use ledger_types::Yen;
use ledger_types::record::Payment;

/// Whether its parts make the whole, no more was refunded than was paid, and the fee is within it.
pub(super) fn is_sound(payment: &Payment) -> bool {
    let lots = payment.lots.iter();
    let sum = lots.clone().try_fold(payment.coin, |sum, lot| sum.checked_add(lot.remaining));
    let is_whole = sum == Some(payment.amount) && lots.clone().all(|lot| !lot.remaining.is_zero());
    let is_within = payment.refunded <= payment.amount;
    let is_undone_once = !payment.voided || payment.refunded.is_zero();
    is_whole && is_within && is_undone_once && is_fee_within(payment)
}

/// Whether fee and net are the payment at what is not refunded, and the parts no more than the fee.
fn is_fee_within(payment: &Payment) -> bool {
    let Some(taken) = &payment.fee else { return true };
    let left = payment.left();
    let fee = taken.rule.fee(left);
    let mut parts = taken.parts(left).into_iter();
    let sum = parts.try_fold(Yen::ZERO, |sum, part| sum.checked_add(part.amount));
    fee <= left && sum.is_some_and(|sum| sum <= fee)
}
