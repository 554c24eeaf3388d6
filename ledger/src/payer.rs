//! Who pays for a transaction out of its allowance, and what it takes.

use std::collections::BTreeSet;

use ledger_types::allowance::{Allowance, Allowances, Used, most};
use ledger_types::operation::{AccountKind, Grant, KeyLoss};
use ledger_types::toll::{Ended, Ending};
use ledger_types::weight::{Class, Weight};
use ledger_types::{AccountId, ConsentStatus, Operation, PartyId, Timestamp, Unsigned};

use crate::record::Authority;
use crate::state::{Books, State};

/// What a transaction takes, and from whom where its sender is not known yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// What it takes.
    pub(crate) weight: Weight,
    /// The controller that brings a new data subject in, and pays for it.
    pub(crate) sponsor: Option<PartyId>,
}

impl Cost {
    /// The cost of a transaction in the block whose parent left these books.
    ///
    /// `now` is that block's time.
    pub(crate) fn of(books: &Books, unsigned: &Unsigned, now: Timestamp) -> Self {
        let sender = &unsigned.account;
        let mut ended = Vec::new();
        let weight = |operation: &Operation| {
            let toll = operation.toll();
            let free = toll.ends.filter(|ending| lives(books, sender, *ending, now));
            match free.map(Ending::ended).filter(|one| !ended.contains(one)) {
                Some(one) => {
                    ended.push(one);
                    Weight::NONE
                }
                None => toll.weight,
            }
        };
        let grant = sole_grant(unsigned).filter(|_| books.authority(sender).is_none());
        Self {
            weight: unsigned.operations.iter().map(weight).fold(Weight::NONE, Weight::and),
            sponsor: grant.map(|grant| grant.controller),
        }
    }

    /// The account whose allowance it is.
    pub(crate) fn payer(&self, sender: AccountId) -> AccountId {
        self.sponsor.map_or(sender, AccountId::of_party)
    }
}

/// What of its sender's own a transaction ends in the block whose time is `now`, and what weighs
/// nothing for it.
pub(crate) fn ended(books: &Books, unsigned: &Unsigned, now: Timestamp) -> BTreeSet<Ended> {
    let endings = unsigned.operations.iter().filter_map(|operation| operation.toll().ends);
    let own = endings.filter(|ending| lives(books, &unsigned.account, *ending, now));
    own.map(Ending::ended).collect()
}

/// The one operation of a transaction, where it is a grant.
pub(crate) fn sole_grant(unsigned: &Unsigned) -> Option<&Grant> {
    match unsigned.operations.as_slice() {
        [operation] => operation.as_grant(),
        _ => None,
    }
}

/// What a transaction would take now, for whoever lets transactions wait.
#[derive(Clone, Copy, Debug)]
pub struct Bill {
    /// Whose allowance it is.
    pub payer: AccountId,
    /// What it takes.
    pub weight: Weight,
    rate: Allowance,
    used: Used,
}

impl Bill {
    /// The most that its payer ever has in use after such a transaction.
    pub(crate) const fn most(&self) -> u64 {
        most(self.rate, self.weight.class)
    }

    /// Whether the payer's allowance holds so much of all and of what is not reserved, in one block.
    pub(crate) fn holds(&self, now: Timestamp, all: u64, ordinary: u64) -> bool {
        let used = u64::from(self.used.at(self.rate, now));
        let within = |units: u64, class| used.saturating_add(units) <= most(self.rate, class);
        let is_ordinary_held = match self.weight.class {
            Class::Free | Class::Reserved => true,
            Class::Payment | Class::Other => within(ordinary, self.weight.class),
        };
        is_ordinary_held && within(all, Class::Reserved)
    }

    /// In how many seconds it will be allowed beside `pending` units of the same payer that wait;
    /// none where it is now.
    #[must_use]
    pub fn wait(&self, now: Timestamp, pending: u64) -> Option<u64> {
        self.used.wait(self.rate, now, pending, self.weight)
    }

    /// Whether it fits beside `pending` units once the payer has rested.
    #[must_use]
    pub fn ever_fits(&self, pending: u64) -> bool {
        pending.saturating_add(u64::from(self.weight.units)) <= self.most()
    }
}

impl State {
    /// What a transaction takes in the block after the tip whose time is `now`; none where nobody
    /// is there who pays for it.
    pub(crate) fn bill(&self, unsigned: &Unsigned, now: Timestamp) -> Option<Bill> {
        let cost = Cost::of(&self.books, unsigned, now);
        let (payer, weight) = (cost.payer(unsigned.account), cost.weight);
        if weight == Weight::NONE {
            // Whoever ends something of its own may be nobody yet.
            let rate = Allowance { burst: 0, per_minute: 0 };
            return Some(Bill { payer, weight, rate, used: Used::default() });
        }
        let (rate, authority) = allowance(&self.books, &self.parameters().allowances, &payer)?;
        Some(Bill { payer, weight, rate, used: authority.used })
    }
}

/// Whether what an operation ends is the sender's own and lives.
fn lives(books: &Books, sender: &AccountId, ending: Ending, now: Timestamp) -> bool {
    let living = |consent| {
        let record = books.consent(consent);
        record.filter(|record| record.subject == *sender && record.ended.is_none())
    };
    match ending {
        Ending::Consent(consent) => living(&consent).is_some(),
        Ending::Use(consent) => {
            let ongoing = living(&consent).filter(|record| record.check_ongoing(now).is_ok());
            ongoing.is_some_and(|record| record.status != ConsentStatus::Suspended)
        }
        Ending::Recovery => {
            let recovery = books.recovery(sender);
            recovery.is_some_and(|one| one.loss == KeyLoss::Lost && one.is_pending(now))
        }
        Ending::AccountRecovery => {
            let recovery = books.account_recovery(sender);
            recovery.is_some_and(|one| one.loss == KeyLoss::Lost && one.is_pending(now))
        }
    }
}

/// The allowance of an account's kind.
pub(crate) const fn of_account(kind: AccountKind, allowances: &Allowances) -> Allowance {
    match kind {
        AccountKind::Citizen => allowances.citizen,
        AccountKind::Merchant => allowances.merchant,
        AccountKind::Bank => allowances.bank,
        AccountKind::Issuer | AccountKind::Municipality => allowances.institution,
        AccountKind::Operator => allowances.operator,
    }
}

/// What a payer may use, and what it has used; none where there is no such account.
pub(crate) fn allowance<'b>(
    books: &'b Books,
    allowances: &Allowances,
    payer: &AccountId,
) -> Option<(Allowance, &'b Authority)> {
    if let Some(account) = books.account(payer) {
        return Some((of_account(account.kind, allowances), &account.authority));
    }
    if let Some(subject) = books.subject(payer) {
        return Some((allowances.subject, &subject.authority));
    }
    books.party_at(payer).map(|party| (allowances.institution, &party.authority))
}
