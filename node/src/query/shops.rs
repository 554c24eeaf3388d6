//! Payments at shops that are remembered, and the terminals of shops.

use ledger::State;
use ledger_types::programme::Lot;
use ledger_types::record::{Payment, Terminal};
use ledger_types::zone::TerminalRights;
use ledger_types::{AccountId, Hash, Yen, ZoneId};
use node_api::body::{PaymentBody, SpentBody, TerminalBody, TerminalKeyBody, TerminalsBody};
use node_api::text::Address;

/// Whether a reader is told who paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payer {
    /// It is.
    Told,
    /// It is not.
    LeftOut,
}

/// A payment as the state has it.
#[must_use]
pub fn payment(state: &State, id: Hash, of: &Payment, payer: Payer) -> PaymentBody {
    let prefix = state.address_prefix();
    let left = of.left();
    let spent = |lot: &Lot| {
        let Lot { programme, round, bucket, kind, expires, remaining: amount, .. } = *lot;
        SpentBody { programme, round, bucket, kind, amount, expires: expires.into() }
    };
    PaymentBody {
        payment: id,
        zone: of.zone,
        payer: (payer == Payer::Told).then(|| Address::of(&of.payer, prefix)),
        merchant: Address::of(&of.merchant, prefix),
        terminal: of.terminal,
        time: of.time.into(),
        amount: of.amount,
        coin: of.coin,
        vouchers: of.lots.iter().map(spent).collect(),
        fee: of.fee.as_ref().map_or(Yen::ZERO, |taken| taken.rule.fee(left)),
        refunded: of.refunded,
        left,
        voided: of.voided,
    }
}

/// The terminals of a shop, those that were ended too.
#[must_use]
pub fn terminals(state: &State, zone: ZoneId, shop: &AccountId) -> TerminalsBody {
    let terminal = |(terminal, of): (u16, &Terminal)| TerminalBody {
        terminal,
        key: of.key,
        rights: of.rights,
        per_refund: of.per_refund,
        per_day: of.per_day,
        refunded_today: of.refunded_at(state.time()).amount,
        ended: of.ended.is_some(),
    };
    TerminalsBody { terminals: state.terminals(zone, shop).map(terminal).collect() }
}

/// The key of one terminal.
#[must_use]
pub fn terminal(
    state: &State,
    zone: ZoneId,
    shop: &AccountId,
    terminal: u16,
) -> Option<TerminalKeyBody> {
    let of = state.terminal(zone, shop, terminal)?;
    let asks = of.may(TerminalRights::REQUEST) && of.ended.is_none();
    Some(TerminalKeyBody { terminal, key: of.key, asks })
}
