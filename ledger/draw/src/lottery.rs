//! One round of a lottery as a public file, and counting it again.
//!
//! The file has nothing of anybody: lists of leaves' hashes, what committers deposited and what was
//! opened, and tickets by the places of their leaves. It is JSON; FORMAT.md says its members, and
//! `tests/verify/lottery.py` counts it again too, without any of this code.

use std::collections::BTreeSet;

use ledger_types::Hash;
use serde::{Deserialize, Serialize};

use crate::leaf::list_root;
use crate::order::{Allocation, Further, Outcome, Standing, Ticket, order_key};
use crate::sharing::{
    COMMITTERS_MAX, COMMITTERS_MIN, Dealing, DealingError, OpenedShare, OpeningError, PointBytes,
    ScalarBytes, SealingPublic, combine, committer_context, round_context, seed,
};

/// What `format` says.
pub const LOTTERY_FORMAT: &str = "kyojo/lottery/1";

/// A round of a lottery with everything that anybody needs to count it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lottery {
    /// [`LOTTERY_FORMAT`].
    pub format: String,
    /// The network's genesis hash.
    pub genesis: Hash,
    /// The programme.
    pub programme: u32,
    /// Its round.
    pub round: u8,
    /// The lists of leaves; a list's number is its place here, from 0.
    pub lists: Vec<List>,
    /// The members' sealing keys; the first is member 1.
    pub members: Vec<SealingPublic>,
    /// How many members open a secret.
    pub threshold: u8,
    /// What each committer deposited, in the members' order; `None` where one deposited nothing.
    pub deposits: Vec<Option<Deposit>>,
    /// The seed.
    pub seed: Hash,
    /// How sets are given.
    pub allocation: Allocation,
    /// How many sets there are.
    pub sets: u32,
    /// All tickets, in any order.
    pub tickets: Vec<Drawn>,
    /// What the draw gave.
    pub outcome: Outcome,
    /// How unclaimed sets were given on, one after another.
    pub further: Vec<Award>,
}

/// A published list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The root that the ledger has.
    pub root: Hash,
    /// The leaves' hashes.
    pub leaves: Vec<Hash>,
}

/// A committer's dealing, and how its secret became known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    /// The dealing.
    pub dealing: Dealing,
    /// What the committer revealed, where it did.
    pub revealed: Option<ScalarBytes>,
    /// Shares that members opened, where they did.
    pub opened: Vec<Opened>,
}

/// A share that a member opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The member, from 1.
    pub member: u8,
    /// What it opened.
    pub share: OpenedShare,
}

/// Where a leaf stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafPlace {
    /// The list, from 0.
    pub list: u8,
    /// Where in it, from 0.
    pub index: u32,
}

/// A ticket and what it got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drawn {
    /// Its leaves, in any order; the lowest decides its key.
    pub leaves: Vec<LeafPlace>,
    /// How many sets it asked for.
    pub asked: u16,
    /// How many the draw gave it.
    pub granted: u16,
    /// How many each award of unclaimed sets gave it.
    pub further: Vec<u16>,
    /// The award, from 0, from which on it gets nothing, as it had let sets lapse; where it did.
    pub lapsed: Option<u8>,
}

/// One award of unclaimed sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// How many sets there were to give on.
    pub left: u32,
    /// How they were given.
    pub award: Further,
}

impl Lottery {
    /// Counts everything again and says what differs; nothing, where the file is right.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        if self.format != LOTTERY_FORMAT {
            found.push(Difference::Format);
        }
        for (number, list) in self.lists.iter().enumerate() {
            if list_root(&list.leaves) != list.root {
                found.push(Difference::List { list: number });
            }
        }
        match self.counted_seed() {
            Ok(seed) if seed == self.seed => {}
            Ok(_) => found.push(Difference::Seed),
            Err(difference) => found.push(difference),
        }
        found.extend(self.leaves_differ());
        found.extend(self.order_differs().unwrap_or_else(|difference| vec![difference]));
        found
    }

    fn counted_seed(&self) -> Result<Hash, Difference> {
        let deposited = u8::try_from(self.deposits.iter().flatten().count());
        let is_enough = deposited.is_ok_and(|deposited| deposited >= COMMITTERS_MIN);
        if !is_enough || self.deposits.len() > usize::from(COMMITTERS_MAX) {
            return Err(Difference::Committers);
        }
        let round = round_context(&self.genesis, self.programme, self.round);
        let deposits = (0..COMMITTERS_MAX).zip(&self.deposits);
        let secrets = deposits.filter_map(|(number, deposit)| {
            let secret = self.secret(&committer_context(&round, number), deposit.as_ref()?);
            Some(secret.map_err(|cause| Difference::Deposit { committer: number, cause }))
        });
        Ok(seed(&round, &secrets.collect::<Result<Vec<_>, _>>()?))
    }

    fn secret(&self, context: &Hash, deposit: &Deposit) -> Result<PointBytes, DepositError> {
        deposit.dealing.check(context, &self.members, self.threshold)?;
        let mut opened = Vec::with_capacity(deposit.opened.len());
        for Opened { member, share } in &deposit.opened {
            let place = usize::from(*member).checked_sub(1);
            let key = place.and_then(|place| self.members.get(place));
            let dealt = place.and_then(|place| deposit.dealing.shares.get(place));
            let (Some(key), Some(dealt)) = (key, dealt) else {
                return Err(OpeningError::Member { member: *member }.into());
            };
            share.check(context, *member, key, &dealt.sealed)?;
            opened.push((*member, share.opened));
        }
        match &deposit.revealed {
            Some(revealed) => Ok(deposit.dealing.check_revealed(revealed)?),
            None => Ok(combine(self.threshold, &opened)?),
        }
    }

    /// Every leaf stands in its list and in one ticket.
    fn leaves_differ(&self) -> Vec<Difference> {
        let mut used = BTreeSet::new();
        let mut found = Vec::new();
        for (number, ticket) in self.tickets.iter().enumerate() {
            let is_listed = |leaf: &LeafPlace| {
                let list = self.lists.get(usize::from(leaf.list));
                let index = usize::try_from(leaf.index).ok();
                list.zip(index).is_some_and(|(list, index)| index < list.leaves.len())
            };
            let are_listed = ticket.leaves.iter().all(is_listed);
            let new = ticket.leaves.iter().filter(|leaf| used.insert(**leaf)).count();
            if !are_listed || new < ticket.leaves.len() || ticket.leaves.is_empty() {
                found.push(Difference::Leaves { ticket: number });
            }
        }
        found
    }

    fn order_differs(&self) -> Result<Vec<Difference>, Difference> {
        let keyed = self.tickets.iter().enumerate().map(|(number, drawn)| {
            let lowest = drawn.leaves.iter().min().ok_or(Difference::Leaves { ticket: number })?;
            Ok((order_key(&self.seed, lowest.list, lowest.index), number, drawn))
        });
        let mut keyed = keyed.collect::<Result<Vec<_>, Difference>>()?;
        keyed.sort_by_key(|(key, _, _)| *key);
        let asked: Vec<_> =
            keyed.iter().map(|(key, _, drawn)| Ticket { key: *key, asked: drawn.asked }).collect();
        let outcome = Outcome::of(self.allocation, self.sets, &asked);
        let outcome = outcome.map_err(|_| Difference::Order)?;
        let mut found = Vec::new();
        if outcome != self.outcome {
            found.push(Difference::Outcome);
        }
        let mut standing = Vec::with_capacity(keyed.len());
        for (key, number, drawn) in &keyed {
            let granted = outcome.granted(key, drawn.asked);
            if granted != drawn.granted || drawn.further.len() != self.further.len() {
                found.push(Difference::Granted { ticket: *number });
            }
            standing.push(Standing { key: *key, asked: drawn.asked, granted, has_lapsed: false });
        }
        for (award, stated) in self.further.iter().enumerate() {
            for (ticket, (_, _, drawn)) in standing.iter_mut().zip(&keyed) {
                ticket.has_lapsed = drawn.lapsed.is_some_and(|from| usize::from(from) <= award);
            }
            let counted = Further::of(stated.left, &standing).map_err(|_| Difference::Order)?;
            if counted != stated.award {
                found.push(Difference::Award { award });
            }
            for (ticket, (_, number, drawn)) in standing.iter_mut().zip(&keyed) {
                let extra = counted.extra(ticket);
                if drawn.further.get(award) != Some(&extra) {
                    found.push(Difference::Extra { ticket: *number, award });
                }
                ticket.granted = ticket.granted.saturating_add(extra);
            }
        }
        Ok(found)
    }
}

/// What of a file is not what follows from the rest of it. Tickets, lists, committers and awards
/// count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// It is a file of another format.
    #[error("the format is not {LOTTERY_FORMAT}")]
    Format,
    /// A list has another root.
    #[error("list {list} has another root")]
    List {
        /// Which.
        list: usize,
    },
    /// There are too few committers, or too many.
    #[error("not from {COMMITTERS_MIN} to {COMMITTERS_MAX} committers")]
    Committers,
    /// A committer's dealing, or how its secret became known, is not sound.
    #[error("committer {committer}: {cause}")]
    Deposit {
        /// Whose.
        committer: u8,
        /// Why.
        cause: DepositError,
    },
    /// The seed is another.
    #[error("the seed is not the hash of the secrets")]
    Seed,
    /// A ticket has no leaf, one that is not listed, or one of another ticket.
    #[error("ticket {ticket} has no leaves of its own")]
    Leaves {
        /// Which.
        ticket: usize,
    },
    /// Two tickets have the same place in the order.
    #[error("two tickets have one key")]
    Order,
    /// The draw gave something else.
    #[error("the outcome of the draw is another")]
    Outcome,
    /// The draw gave a ticket something else.
    #[error("ticket {ticket} was given another number of sets")]
    Granted {
        /// Which.
        ticket: usize,
    },
    /// Unclaimed sets were given on in another way.
    #[error("award {award} of unclaimed sets is another")]
    Award {
        /// Which.
        award: usize,
    },
    /// An award gave a ticket something else.
    #[error("ticket {ticket} was given another number of sets by award {award}")]
    Extra {
        /// Which ticket.
        ticket: usize,
        /// By which award.
        award: usize,
    },
}

/// Why a deposit gives no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DepositError {
    /// The dealing is not sound.
    #[error(transparent)]
    Dealing(#[from] DealingError),
    /// What was revealed or opened is not, or is too little.
    #[error(transparent)]
    Opening(#[from] OpeningError),
}
