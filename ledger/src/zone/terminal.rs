//! `RegisterTerminal` and `EndTerminal`, and what a terminal may.
//!
//! Rejections, in order:
//! - register: `NotAMoneyAccount`, `UnknownZone`, `NotAMerchant`, `TerminalExists`, `BadTerminal`;
//! - end: `NotAMoneyAccount`, `UnknownZone`, `NotAMerchant`, `UnknownTerminal`.

use ledger_types::event::{TerminalEnded, TerminalRegistered};
use ledger_types::operation::{EndTerminal, RegisterTerminal};
use ledger_types::record::{RefundedOnDay, Terminal};
use ledger_types::zone::TerminalRights;
use ledger_types::{AccountId, PublicKey, Rejection, Yen, ZoneId, refuse_if};

use crate::execution::{Execute, Execution};
use crate::fault::Stop;
use crate::state::Books;

impl Execute for RegisterTerminal {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, terminal, key, rights, per_refund, per_day } = *self;
        let merchant = sending_merchant(execution, zone)?;
        let books = &mut *execution.books;
        let exists = books.terminal(zone, &merchant, terminal).is_some();
        refuse_if(exists, Rejection::TerminalExists)?;
        let has_right = TerminalRights::from_bits(rights.bits()).is_some() && rights.bits() != 0;
        let has_zero = [per_refund, per_day].contains(&Some(Yen::ZERO));
        let is_usable = has_right && !has_zero && key.is_registrable();
        refuse_if(!is_usable, Rejection::BadTerminal)?;
        let (refunded, registered) = (RefundedOnDay::default(), execution.height);
        let record =
            Terminal { key, rights, per_refund, per_day, refunded, registered, ended: None };
        books.put_terminal(zone, &merchant, terminal, record);
        execution.emit(TerminalRegistered { zone, merchant, terminal, rights });
        Ok(())
    }
}

impl Execute for EndTerminal {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { zone, terminal } = *self;
        let merchant = sending_merchant(execution, zone)?;
        let books = &mut *execution.books;
        let mut record = *alive(books, zone, &merchant, terminal)?;
        record.ended = Some(execution.height);
        books.put_terminal(zone, &merchant, terminal, record);
        execution.emit(TerminalEnded { zone, merchant, terminal });
        Ok(())
    }
}

/// The sender, which is a merchant of the zone.
///
/// Rejections, in order: `NotAMoneyAccount`, `UnknownZone`, `NotAMerchant`.
pub(super) fn sending_merchant(
    execution: &Execution<'_>,
    zone: ZoneId,
) -> Result<AccountId, Rejection> {
    let (sender, books) = (execution.sender.account()?, &*execution.books);
    refuse_if(books.zone(zone).is_none(), Rejection::UnknownZone)?;
    refuse_if(books.merchant(zone, &sender).is_none(), Rejection::NotAMerchant)?;
    Ok(sender)
}

/// A terminal that was not ended.
fn alive<'b>(
    books: &'b Books,
    zone: ZoneId,
    merchant: &AccountId,
    terminal: u16,
) -> Result<&'b Terminal, Rejection> {
    let record = books.terminal(zone, merchant, terminal);
    record.filter(|record| record.ended.is_none()).ok_or(Rejection::UnknownTerminal)
}

/// The terminal that acts for a merchant, by its key.
///
/// Rejections, in order: `UnknownTerminal`, `TerminalRightMissing`.
pub(super) fn acting<'b>(
    books: &'b Books,
    zone: ZoneId,
    merchant: &AccountId,
    terminal: u16,
    right: TerminalRights,
    signed: impl FnOnce(&PublicKey) -> bool,
) -> Result<&'b Terminal, Rejection> {
    let record = alive(books, zone, merchant, terminal)?;
    refuse_if(!signed(&record.key), Rejection::UnknownTerminal)?;
    refuse_if(!record.may(right), Rejection::TerminalRightMissing)?;
    Ok(record)
}

/// The same of the terminal whose key signed the transaction; none where the merchant's own keys did.
pub(super) fn signing(
    execution: &Execution<'_>,
    zone: ZoneId,
    merchant: &AccountId,
    terminal: Option<u16>,
    right: TerminalRights,
) -> Result<Option<Terminal>, Rejection> {
    let Some(terminal) = terminal else { return Ok(None) };
    // Admission compared the key with the terminal as it was before the block.
    let signed = |key: &PublicKey| execution.signed.iter().any(|one| one.key == *key);
    acting(execution.books, zone, merchant, terminal, right, signed).map(|one| Some(*one))
}
