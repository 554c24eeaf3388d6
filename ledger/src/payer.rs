//! Who pays for a transaction out of its allowance, and what it takes.

use std::collections::BTreeSet;

use ledger_types::allowance::{Allowance, Allowances, Means, OBJECTIONS_UNITS, Objected, Used};
use ledger_types::operation::{Grant, KeyLoss};
use ledger_types::toll::Ending;
use ledger_types::weight::{Class, Weight};
use ledger_types::{AccountId, ConsentStatus, Operation, PartyId, Timestamp, Unsigned};

use crate::raise::{NOTHING, Standing, of_account};
use crate::state::{Books, State};

/// What a transaction takes, and from whom where its sender is not known yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// What it takes.
    pub(crate) weight: Weight,
    /// What it gives away of the payer's burst.
    gives: u32,
    /// Out of which allowance.
    pub(crate) purse: Purse,
    /// The controller that brings a new data subject in, and pays for it.
    pub(crate) sponsor: Option<PartyId>,
}

/// Which of its allowances a payer pays out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purse {
    /// Its kind's.
    Allowance,
    /// A data subject's own for objecting, which nothing else takes of.
    Objections,
}

impl Cost {
    /// The cost of a transaction in the block whose parent left these books.
    ///
    /// `now` is that block's time.
    pub(crate) fn of(books: &Books, unsigned: &Unsigned, now: Timestamp) -> Self {
        let sender = &unsigned.account;
        let (mut weight, mut gives, mut ended) = (Weight::NONE, 0_u32, Vec::new());
        for toll in unsigned.operations.iter().map(Operation::toll) {
            gives = gives.saturating_add(toll.gives);
            let free = toll.ends.filter(|ending| lives(books, sender, *ending, now));
            match free.map(Ending::ended).filter(|one| !ended.contains(one)) {
                Some(one) => ended.push(one),
                None => weight = weight.and(toll.weight),
            }
        }
        let objects = weight.class == Class::Objection && is_subject(books, sender);
        let purse = if objects { Purse::Objections } else { Purse::Allowance };
        let grant = sole_grant(unsigned).filter(|_| books.authority(sender).is_none());
        Self { weight, gives, purse, sponsor: grant.map(|grant| grant.controller) }
    }

    /// The account whose allowance it is.
    pub(crate) fn payer(&self, sender: AccountId) -> AccountId {
        self.sponsor.map_or(sender, AccountId::of_party)
    }
}

/// What of its sender's own a transaction ends in the block whose time is `now`, and what weighs
/// nothing for it.
pub(crate) fn ended(books: &Books, unsigned: &Unsigned, now: Timestamp) -> BTreeSet<Ending> {
    let endings = unsigned.operations.iter().filter_map(|operation| operation.toll().ends);
    endings.filter(|ending| lives(books, &unsigned.account, *ending, now)).collect()
}

/// Whether an account is a data subject's: one that can hold money is asked first, everywhere.
fn is_subject(books: &Books, account: &AccountId) -> bool {
    books.account(account).is_none() && books.subject(account).is_some()
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
    gives: u32,
    held: Held,
}

/// What a payer has in use, and where.
#[derive(Clone, Copy, Debug)]
enum Held {
    Allowance(Standing),
    Objections(Objected),
}

impl Bill {
    /// Which of the payer's allowances it is.
    #[must_use]
    pub const fn purse(&self) -> Purse {
        match self.held {
            Held::Allowance(_) => Purse::Allowance,
            Held::Objections(_) => Purse::Objections,
        }
    }

    /// What must be free for it: its weight, and what it gives away.
    #[must_use]
    pub fn takes(&self) -> u64 {
        u64::from(self.weight.units).saturating_add(u64::from(self.gives))
    }

    /// The most that its payer ever has in use after such a transaction.
    pub(crate) fn most(&self) -> u64 {
        match self.held {
            Held::Allowance(Standing { means, .. }) => means.most(self.weight.class),
            Held::Objections(_) => u64::from(OBJECTIONS_UNITS),
        }
    }

    /// Whether the payer's allowance holds so much of all and of what is not reserved, together.
    pub(crate) fn holds(&self, now: Timestamp, all: u64, ordinary: u64) -> bool {
        let Standing { means, used } = match self.held {
            Held::Allowance(standing) => standing,
            Held::Objections(objected) => return objected.wait(now, 0, all).is_none(),
        };
        let used = u64::from(used.at(means.allowance, now));
        let within = |units: u64, class| used.saturating_add(units) <= means.most(class);
        let is_ordinary_held = match self.weight.class {
            Class::Free | Class::Reserved | Class::Objection => true,
            Class::Payment | Class::Other => within(ordinary, self.weight.class),
        };
        is_ordinary_held && within(all, Class::Reserved)
    }

    /// In how many seconds it will be allowed beside `pending` units of the same purse that wait;
    /// none where it is now.
    #[must_use]
    pub fn wait(&self, now: Timestamp, pending: u64) -> Option<u64> {
        match self.held {
            Held::Allowance(Standing { means, used }) => {
                used.wait(means, now, pending, self.takes(), self.weight.class)
            }
            Held::Objections(objected) => objected.wait(now, pending, self.takes()),
        }
    }

    /// Whether it fits beside `pending` units once the payer has rested.
    #[must_use]
    pub fn ever_fits(&self, pending: u64) -> bool {
        pending.saturating_add(self.takes()) <= self.most()
    }
}

impl State {
    /// What a transaction takes in the block after the tip whose time is `now`; none where nobody
    /// is there who pays for it.
    pub(crate) fn bill(&self, unsigned: &Unsigned, now: Timestamp) -> Option<Bill> {
        let (books, allowances) = (&self.books, &self.parameters().allowances);
        let cost = Cost::of(books, unsigned, now);
        let (payer, weight, gives) = (cost.payer(unsigned.account), cost.weight, cost.gives);
        let held = match cost.purse {
            Purse::Objections => Held::Objections(books.subject(&payer)?.objected),
            // Whoever ends something of its own may be nobody yet.
            Purse::Allowance if weight == Weight::NONE => {
                let means = Means::of_kind(NOTHING);
                Held::Allowance(Standing { means, used: Used::default() })
            }
            Purse::Allowance => {
                let kind = kind_of(books, allowances, &payer)?;
                let used = books.authority(&payer)?.used;
                Held::Allowance(Standing::of(books, &payer, kind, used, now))
            }
        };
        Some(Bill { payer, weight, gives, held })
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

/// The allowance of a payer's kind; none where there is no such account.
pub(crate) fn kind_of(
    books: &Books,
    allowances: &Allowances,
    payer: &AccountId,
) -> Option<Allowance> {
    if let Some(account) = books.account(payer) {
        return Some(of_account(account.kind, allowances));
    }
    if books.subject(payer).is_some() {
        return Some(allowances.subject);
    }
    books.party_at(payer).map(|_| allowances.institution)
}
