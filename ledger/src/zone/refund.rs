//! `Refund` and `Void`: a shop gives back what it was paid (protocol rule 51).
//!
//! Rejections, in order:
//! - refund: `NotAMoneyAccount`, `ZeroAmount`, `UnknownTerminal`, `TerminalRightMissing`,
//!   `UnknownPayment`, `PaymentVoided`, `RefundedBefore`, `RefundPassesPayment`, `TerminalCapReached`,
//!   `AccountFrozen`, `PayeeFrozen`, `PayeeClosed`, `TooManyLots`, `InsufficientZoneFunds`,
//!   `IssueAllowanceExceeded`, `NetDebitCapReached`, `AmountOverflow`;
//! - void: `NotAMoneyAccount`, `UnknownTerminal`, `TerminalRightMissing`, `UnknownPayment`,
//!   `PaymentVoided`, `VoidOver`, `AccountFrozen`, `PayeeFrozen`, `PayeeClosed`, `TooManyLots`,
//!   `InsufficientZoneFunds`, `IssueAllowanceExceeded`, `NetDebitCapReached`, `AmountOverflow`.

use ledger_types::event::{Refunded, Voided};
use ledger_types::japan::JapanDay;
use ledger_types::operation::{Refund, Void};
use ledger_types::record::{Payment, RefundedOnDay, Terminal};
use ledger_types::zone::TerminalRights;
use ledger_types::{Rejection, Yen, refuse_if};

use super::giving_back::give_back;
use super::request::found;
use super::terminal::signing;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for Refund {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, payment: id, amount, before, terminal, reference } = *self;
        let merchant = execution.sender.account()?;
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        let right = TerminalRights::REFUND;
        let acting = signing(execution, zone, &merchant, terminal, right)?;
        let payment = found(execution.books, zone, &merchant, &id)?.clone();
        refuse_if(payment.voided, Rejection::PaymentVoided)?;
        let refunded = payment.refunded;
        refuse_if(before != refunded, Rejection::RefundedBefore { refunded })?;
        let left = payment.left();
        refuse_if(amount > left, Rejection::RefundPassesPayment { left })?;
        if let (Some(number), Some(record)) = (terminal, acting) {
            let record = counted(record, amount, execution)?;
            execution.books.put_terminal(zone, &merchant, number, record);
        }
        let coin = give_back(execution, id, &payment, amount)?;
        let refunded = refunded.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
        let payer = payment.payer.into();
        execution.books.put_payment(&id, Payment { refunded, ..payment });
        execution.emit(Refunded {
            zone,
            payment: id,
            payer,
            merchant,
            terminal,
            amount,
            coin,
            refunded,
            reference,
        });
        Ok(())
    }
}

/// A terminal with a refund counted, within its caps.
///
/// Rejections, in order: `TerminalCapReached`, `AmountOverflow`.
fn counted(
    record: Terminal,
    amount: Yen,
    execution: &Execution<'_>,
) -> Result<Terminal, Rejection> {
    let now = execution.time;
    if let Some(left) = record.left(now) {
        refuse_if(amount > left, Rejection::TerminalCapReached { left })?;
    }
    let RefundedOnDay { day, amount: before } = record.refunded_at(now);
    let amount = before.checked_add(amount).ok_or(Rejection::AmountOverflow)?;
    Ok(Terminal { refunded: RefundedOnDay { day, amount }, ..record })
}

impl Execute for Void {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, payment: id, terminal } = *self;
        let merchant = execution.sender.account()?;
        signing(execution, zone, &merchant, terminal, TerminalRights::VOID)?;
        let payment = found(execution.books, zone, &merchant, &id)?.clone();
        refuse_if(payment.voided, Rejection::PaymentVoided)?;
        let is_today = JapanDay::of(payment.time) == JapanDay::of(execution.time);
        refuse_if(!is_today || !payment.refunded.is_zero(), Rejection::VoidOver)?;
        let amount = payment.amount;
        let coin = give_back(execution, id, &payment, amount)?;
        let payer = payment.payer.into();
        execution.books.put_payment(&id, Payment { voided: true, ..payment });
        execution.emit(Voided { zone, payment: id, payer, merchant, terminal, amount, coin });
        Ok(())
    }
}
