//! Admission: what may stand in a block at all, by the transactions' bytes and the parent's state.
//!
//! One rule for whoever takes transactions in, selects them for a block, or judges a block: a block
//! is valid, as far as its transactions go, exactly where an [`Admission`] takes all of them. An
//! inadmissible transaction makes a proposal invalid; it gets no receipt and consumes nothing.
//! Signatures are checked elsewhere (they need no state).

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::limits::{
    BLOCK_SIGNATURES_MAX, BLOCK_TRANSACTIONS_BYTES_MAX, TRANSACTION_BYTES_MAX,
    VALID_UNTIL_AHEAD_MS_MAX,
};
use ledger_types::nonce::NonceStanding;
use ledger_types::operation::Grant;
use ledger_types::toll::Ending;
use ledger_types::transaction::Authorisation;
use ledger_types::weight::{BLOCK_OTHER_UNITS_MAX, BLOCK_UNITS_MAX, Class, Weight};
use ledger_types::{
    AccountId, Enveloped, Inadmissible, Nonce, NonceWindow, Operation, PartyId, Timestamp,
    Transaction, Unsigned, refuse_if,
};

use crate::payer::{self, Bill, Purse, sole_grant};
use crate::record::Authority;
use crate::state::{Books, State};

/// Why a transaction is not taken into a block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It may not stand in the block.
    #[error("{0}")]
    Inadmissible(Inadmissible),
    /// It may, but not beside those that were taken before it.
    #[error("{0}")]
    Full(Full),
}

/// What a block has no room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    /// More signatures to check.
    #[error("the block has no room for its signatures")]
    Signatures,
    /// More bytes.
    #[error("the block has no room for its bytes")]
    Bytes,
    /// More weight.
    #[error("the block has no room for its weight")]
    Units,
    /// More weight but for payments.
    #[error("the block has no room for its weight: the rest is kept for payments")]
    OtherUnits,
    /// More of the payer's.
    #[error("it takes more than its payer's allowance gives by now")]
    Allowance,
}

/// The room that is left in a block, or in a part of it.
#[derive(Clone, Debug)]
pub struct Room {
    signatures: usize,
    bytes: usize,
    units: u64,
    other_units: u64,
}

impl Room {
    /// A block's whole room.
    #[must_use]
    pub const fn of_block() -> Self {
        Self {
            signatures: BLOCK_SIGNATURES_MAX,
            bytes: BLOCK_TRANSACTIONS_BYTES_MAX,
            units: BLOCK_UNITS_MAX,
            other_units: BLOCK_OTHER_UNITS_MAX,
        }
    }

    /// A part of it: one `divisor`-th, rounded down; none where that is 0.
    #[must_use]
    pub fn share_of_block(divisor: usize) -> Self {
        let share = |whole: usize| whole.checked_div(divisor).unwrap_or(0);
        let whole = Self::of_block();
        Self { signatures: share(whole.signatures), bytes: share(whole.bytes), ..whole }
    }

    /// Takes a transaction's room, where there is as much.
    ///
    /// # Errors
    /// [`Full`]; then nothing was taken.
    pub fn take(&mut self, tx: &Enveloped, weight: Weight) -> Result<(), Full> {
        let signatures = self.signatures.checked_sub(tx.signatures());
        let signatures = signatures.ok_or(Full::Signatures)?;
        let bytes = self.bytes.checked_sub(tx.length()).ok_or(Full::Bytes)?;
        let taken = u64::from(weight.units);
        let units = self.units.checked_sub(taken).ok_or(Full::Units)?;
        let other = if weight.class == Class::Payment { 0 } else { taken };
        let other_units = self.other_units.checked_sub(other).ok_or(Full::OtherUnits)?;
        *self = Self { signatures, bytes, units, other_units };
        Ok(())
    }
}

/// The transactions of one block as they are taken: the block's time, and the tip as its parent.
///
/// Whether all of a set are taken does not depend on their order.
#[derive(Debug)]
pub struct Admission<'s> {
    state: &'s State,
    time: Timestamp,
    nonces: BTreeSet<(AccountId, Nonce)>,
    /// What was ended for nothing: whatever would end it again waits, and weighs something then.
    ended: BTreeSet<(AccountId, Ending)>,
    room: Room,
    /// What each payer's transactions take together.
    taken: BTreeMap<(AccountId, Purse), Taken>,
}

/// What a payer's transactions in one block take together.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    /// All but those of [`Class::Reserved`] and [`Class::Objection`].
    ordinary: u64,
    /// All.
    all: u64,
}

impl Taken {
    fn and(self, bill: &Bill) -> Self {
        let units = bill.takes();
        let is_kept = matches!(bill.weight.class, Class::Reserved | Class::Objection);
        let ordinary = if is_kept { 0 } else { units };
        Self {
            ordinary: self.ordinary.saturating_add(ordinary),
            all: self.all.saturating_add(units),
        }
    }
}

impl<'s> Admission<'s> {
    /// Admission to the block after the tip whose time is `time`; nothing is taken yet.
    #[must_use]
    pub const fn new(state: &'s State, time: Timestamp) -> Self {
        Self {
            state,
            time,
            nonces: BTreeSet::new(),
            ended: BTreeSet::new(),
            room: Room::of_block(),
            taken: BTreeMap::new(),
        }
    }

    /// Whether a transaction may stand in the block at all, and what it takes there.
    ///
    /// # Errors
    /// [`Inadmissible`], the first in this order: form (`BadOperationCount`, `BadAuthorisations`,
    /// `TooLarge`), `WrongNetwork`, `Expired`, `ValidUntilTooFar`, `UnknownSender` or (for a new
    /// data subject) `CosignatureMissing`, `PayerSuspended`, `NonceUsed`, `NonceOutOfWindow`,
    /// `KeyNotAuthorised`, `ThresholdNotMet`, `OnePartAlone`, `TooHeavy`.
    pub fn judge(&self, tx: &Enveloped) -> Result<Bill, Inadmissible> {
        check(self.state, tx, self.time)?;
        let bill = self.state.bill(&tx.unsigned, self.time).ok_or(Inadmissible::UnknownSender)?;
        let (weight, most) = (bill.takes(), bill.most());
        refuse_if(weight > most, Inadmissible::TooHeavy { weight, most })?;
        Ok(bill)
    }

    /// Takes a transaction beside those that were taken before.
    ///
    /// # Errors
    /// [`Refusal`]; then the transaction was not taken. As [`Admission::judge`], then
    /// `NonceRepeated`, then [`Full`].
    pub fn take(&mut self, tx: &Enveloped) -> Result<(), Refusal> {
        let bill = self.judge(tx).map_err(Refusal::Inadmissible)?;
        let used = (tx.unsigned.account, tx.unsigned.nonce);
        if self.nonces.contains(&used) {
            return Err(Refusal::Inadmissible(Inadmissible::NonceRepeated));
        }
        let purse = (bill.payer, bill.purse());
        let before = self.taken.get(&purse).copied().unwrap_or_default();
        let taken = before.and(&bill);
        if bill.weight != Weight::NONE && !bill.holds(self.time, taken.all, taken.ordinary) {
            return Err(Refusal::Full(Full::Allowance));
        }
        let sender = tx.unsigned.account;
        let ended = payer::ended(&self.state.books, &tx.unsigned, self.time);
        let ended: Vec<_> = ended.into_iter().map(|one| (sender, one)).collect();
        if ended.iter().any(|one| self.ended.contains(one)) {
            return Err(Refusal::Full(Full::Allowance));
        }
        self.room.take(tx, bill.weight).map_err(Refusal::Full)?;
        self.nonces.insert(used);
        self.ended.extend(ended);
        if bill.weight != Weight::NONE {
            self.taken.insert(purse, taken);
        }
        Ok(())
    }
}

/// Whether a transaction may stand alone in a block whose time is `now` and whose parent is the
/// tip.
fn check(state: &State, tx: &Enveloped, now: Timestamp) -> Result<(), Inadmissible> {
    tx.check_form()?;
    let length = tx.length();
    if length > TRANSACTION_BYTES_MAX {
        return Err(Inadmissible::TooLarge { length, most: TRANSACTION_BYTES_MAX });
    }
    check_envelope(state, &tx.unsigned, now)?;
    let Some(authority) = state.books.authority(&tx.unsigned.account) else {
        return admit_new_subject(&state.books, tx);
    };
    check_nonce(&authority.window, &tx.unsigned)?;
    match sole_grant(&tx.unsigned) {
        Some(grant) if state.books.subject(&tx.unsigned.account).is_some() => {
            authorise_with_controller(&state.books, authority, grant, &tx.authorisations)
        }
        _ => authorise(&state.books, authority, tx),
    }
}

/// By the sender's keys, or by that of one of its terminals where all of it names this terminal.
fn authorise(books: &Books, authority: &Authority, tx: &Transaction) -> Result<(), Inadmissible> {
    let Unsigned { account, operations, .. } = &tx.unsigned;
    let mut named = operations.iter().map(Operation::terminal);
    let Some(Some((zone, terminal))) = named.clone().find(Option::is_some) else {
        return authority.authorise(&tx.authorisations);
    };
    let is_one = named.all(|one| one == Some((zone, terminal)));
    let signed = match tx.authorisations.as_slice() {
        [one] => books
            .terminal(zone, account, terminal)
            .is_some_and(|terminal| terminal.ended.is_none() && terminal.key == one.key),
        _ => false,
    };
    refuse_if(!is_one || !signed, Inadmissible::KeyNotAuthorised)
}

fn check_envelope(state: &State, unsigned: &Unsigned, now: Timestamp) -> Result<(), Inadmissible> {
    let (expected, found) = (state.network(), unsigned.network);
    refuse_if(found != expected, Inadmissible::WrongNetwork { expected, found })?;
    let valid_until = unsigned.valid_until;
    refuse_if(valid_until <= now, Inadmissible::Expired { valid_until, now })?;
    let furthest = now.checked_add_millis(VALID_UNTIL_AHEAD_MS_MAX);
    if furthest.is_none_or(|furthest| valid_until > furthest) {
        return Err(Inadmissible::ValidUntilTooFar);
    }
    Ok(())
}

fn check_nonce(window: &NonceWindow, unsigned: &Unsigned) -> Result<(), Inadmissible> {
    let nonce = unsigned.nonce;
    let lowest_unused = window.lowest_unused();
    match window.standing(nonce) {
        NonceStanding::Used => Err(Inadmissible::NonceUsed { nonce }),
        NonceStanding::Unused if window.after_use(nonce).is_some() => Ok(()),
        NonceStanding::Unused | NonceStanding::TooFarAhead => {
            Err(Inadmissible::NonceOutOfWindow { nonce, lowest_unused })
        }
    }
}

/// A data subject's grant may carry its controller's signatures beside its own: the controller
/// cannot know whether another grant made the subject known first.
fn authorise_with_controller(
    books: &Books,
    subject: &Authority,
    grant: &Grant,
    authorisations: &[Authorisation],
) -> Result<(), Inadmissible> {
    let (own, others): (Vec<&Authorisation>, Vec<_>) =
        authorisations.iter().partition(|entry| subject.weight_of(&entry.key).is_some());
    if !all_of_controller(books, grant.controller, &others) {
        return Err(Inadmissible::KeyNotAuthorised);
    }
    subject.authorise(own)
}

/// A sender that the ledger does not know yet: a data subject whose first transaction is exactly
/// one grant, signed by the key that its account derives from and by its controller; or whose first
/// transaction withdraws what was given for it at a counter, signed by that key alone, because
/// withdrawing is never harder than granting.
///
/// Any one key of the controller is enough: it pays, and vouches for nothing else. A suspended one
/// pays for nobody.
fn admit_new_subject(books: &Books, tx: &Transaction) -> Result<(), Inadmissible> {
    let account = tx.unsigned.account;
    let (own, others): (Vec<&Authorisation>, Vec<_>) =
        tx.authorisations.iter().partition(|entry| AccountId::of_subject(&entry.key) == account);
    let [own] = own.as_slice() else { return Err(Inadmissible::UnknownSender) };
    if withdraws_its_own(books, &tx.unsigned) {
        check_nonce(&NonceWindow::default(), &tx.unsigned)?;
        let alone = others.is_empty() && own.key.is_registrable();
        return if alone { Ok(()) } else { Err(Inadmissible::KeyNotAuthorised) };
    }
    let grant = sole_grant(&tx.unsigned).ok_or(Inadmissible::CosignatureMissing)?;
    let controller = books.party(grant.controller).filter(|_| !others.is_empty());
    let controller = controller.ok_or(Inadmissible::CosignatureMissing)?;
    refuse_if(controller.check_active().is_err(), Inadmissible::PayerSuspended)?;
    check_nonce(&NonceWindow::default(), &tx.unsigned)?;
    let registrable = own.key.is_registrable();
    if !registrable || !all_of_controller(books, grant.controller, &others) {
        return Err(Inadmissible::KeyNotAuthorised);
    }
    Ok(())
}

/// Whether a transaction does nothing but withdraw consents of its own sender that have not ended.
fn withdraws_its_own(books: &Books, unsigned: &Unsigned) -> bool {
    let withdrawn = |operation: &Operation| books.consent(&operation.as_withdraw()?.consent);
    let is_own = |operation: &Operation| {
        withdrawn(operation)
            .is_some_and(|consent| consent.subject == unsigned.account && consent.ended.is_none())
    };
    !unsigned.operations.is_empty() && unsigned.operations.iter().all(is_own)
}

fn all_of_controller(books: &Books, controller: PartyId, others: &[&Authorisation]) -> bool {
    others.iter().all(|entry| {
        let party = books.party(controller);
        party.is_some_and(|party| party.authority.weight_of(&entry.key).is_some())
    })
}

/// The authority that a new data subject begins with: the key that its account derives from.
pub(crate) fn new_subject(tx: &Transaction) -> Option<Authority> {
    let derives = |key| AccountId::of_subject(key) == tx.unsigned.account;
    let own = tx.authorisations.iter().find(|entry| derives(&entry.key))?;
    Some(Authority::of_one_key(own.key))
}
