//! Who comes when, who gets how many sets, and where sets go that nobody claimed.
//!
//! A ticket is one application. Its key is a hash of the seed and of its lowest leaf; ascending keys
//! are the order, and nothing in it can be chosen once the lists stand and the seed is not known.
//! What an allocation gave is said in a few numbers, so that the ledger writes one record for all
//! tickets: [`Outcome::granted`] answers for a ticket by its key and what it asked for.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::Hash;
use serde::{Deserialize, Serialize};

/// Tag of a ticket's key.
const TAG_ORDER: &[u8] = b"kyojo/order/1";

/// The key of the ticket whose lowest leaf stands at `index` in `list`; ascending keys are the order.
#[must_use]
pub fn order_key(seed: &Hash, list: u8, index: u32) -> Hash {
    Hash::of(&[TAG_ORDER, seed.as_bytes(), &[list], &index.to_be_bytes()])
}

/// How sets are given to tickets in their order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    /// Each gets what it asked for, or what is left.
    Whole,
    /// Everybody the same number, as high as all can have, at most what it asked for; what is left
    /// one set more each, in order, among those who asked for more.
    EqualFirst,
}

/// One ticket in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Its key.
    pub key: Hash,
    /// How many sets it asked for.
    pub asked: u16,
}

/// What an allocation gave: the most that a ticket gets, by where its key stands to one other.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Outcome {
    /// The key at which the order is cut: the first ticket's that got less than those before it
    /// could. All zeros, where every ticket got what it asked for.
    pub cut: Hash,
    /// The most that a ticket before the cut gets.
    pub before: u16,
    /// The most that the ticket at the cut gets.
    pub at: u16,
    /// The most that a ticket after the cut gets.
    pub after: u16,
    /// How many sets were given in all.
    pub given: u32,
}

impl Outcome {
    /// Gives `sets` to tickets in ascending order of their keys.
    ///
    /// # Errors
    /// [`OutOfOrder`] where a key is not above the one before it.
    pub fn of(allocation: Allocation, sets: u32, tickets: &[Ticket]) -> Result<Self, OutOfOrder> {
        in_order(tickets.iter().map(|ticket| ticket.key))?;
        let asked = total(tickets, u16::MAX);
        if asked <= u64::from(sets) {
            let (cut, all) = (Hash::ZERO, u16::MAX);
            let given = u32::try_from(asked).unwrap_or(sets);
            return Ok(Self { cut, before: all, at: all, after: all, given });
        }
        let (cut, before, at, after) = match allocation {
            Allocation::Whole => whole(sets, tickets),
            Allocation::EqualFirst => equal_first(sets, tickets),
        };
        // More was asked for than there is, so that all of it is given.
        Ok(Self { cut, before, at, after, given: sets })
    }

    /// What the ticket with this key got, of the `asked` sets that it asked for.
    #[must_use]
    pub fn granted(&self, key: &Hash, asked: u16) -> u16 {
        let most = match key.cmp(&self.cut) {
            core::cmp::Ordering::Less => self.before,
            core::cmp::Ordering::Equal => self.at,
            core::cmp::Ordering::Greater => self.after,
        };
        asked.min(most)
    }
}

/// What all tickets would have if none had more than `most`.
fn total(tickets: &[Ticket], most: u16) -> u64 {
    tickets.iter().map(|ticket| u64::from(ticket.asked.min(most))).sum()
}

/// The first ticket that does not get all, and its part. Called where there is one.
fn whole(sets: u32, tickets: &[Ticket]) -> (Hash, u16, u16, u16) {
    let (cut, part) = first_short(tickets.iter().map(|ticket| (ticket.key, ticket.asked)), sets);
    (cut, u16::MAX, part, 0)
}

fn first_short(wants: impl Iterator<Item = (Hash, u16)>, sets: u32) -> (Hash, u16) {
    let mut left = sets;
    for (key, wanted) in wants {
        let Some(rest) = left.checked_sub(u32::from(wanted)) else {
            return (key, u16::try_from(left).unwrap_or(wanted));
        };
        left = rest;
    }
    (Hash::ZERO, u16::MAX)
}

/// The number that all can have, and the first ticket that would have liked one more and got none.
fn equal_first(sets: u32, tickets: &[Ticket]) -> (Hash, u16, u16, u16) {
    let equal = highest_for_all(u64::from(sets), tickets);
    let left = u64::from(sets).saturating_sub(total(tickets, equal));
    let more = tickets.iter().filter(|ticket| ticket.asked > equal);
    let first_without = usize::try_from(left).ok().and_then(|left| more.clone().nth(left));
    let cut = first_without.map_or(Hash::ZERO, |ticket| ticket.key);
    (cut, equal.saturating_add(1), equal, equal)
}

/// The greatest number of which all tickets can have as many, as far as they asked, by halving.
/// Called where not all can have what they asked for.
fn highest_for_all(sets: u64, tickets: &[Ticket]) -> u16 {
    let (mut fits, mut exceeds) = (0_u16, u16::MAX);
    while exceeds.abs_diff(fits) > 1 {
        let middle = fits.midpoint(exceeds);
        if total(tickets, middle) <= sets {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    fits
}

/// A ticket when unclaimed sets are given on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its key.
    pub key: Hash,
    /// How many sets it asked for.
    pub asked: u16,
    /// How many it was given up to now, the draw's and all that was given on.
    pub granted: u16,
    /// Whether it has let any of them lapse: then it gets nothing more.
    pub has_lapsed: bool,
}

impl Standing {
    fn wants(&self) -> u16 {
        if self.has_lapsed { 0 } else { self.asked.saturating_sub(self.granted) }
    }
}

/// How unclaimed sets were given on: like [`Outcome`], one record for all tickets.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
pub struct Further {
    /// The first ticket's key that did not get all that it still wanted. All zeros, where each did.
    pub cut: Hash,
    /// What the ticket at the cut got.
    pub at: u16,
    /// What tickets after the cut get at most: nothing, or everything where there is no cut.
    pub after: u16,
    /// How many sets were given on in all.
    pub given: u32,
}

impl Further {
    /// Gives `left` sets on, in the same order, to tickets that asked for more than they were given
    /// and let nothing lapse: to each all that it still wants, or what is left.
    ///
    /// # Errors
    /// [`OutOfOrder`] where a key is not above the one before it.
    pub fn of(left: u32, tickets: &[Standing]) -> Result<Self, OutOfOrder> {
        in_order(tickets.iter().map(|ticket| ticket.key))?;
        let wanted: u64 = tickets.iter().map(|ticket| u64::from(ticket.wants())).sum();
        if wanted <= u64::from(left) {
            let given = u32::try_from(wanted).unwrap_or(left);
            return Ok(Self { cut: Hash::ZERO, at: u16::MAX, after: u16::MAX, given });
        }
        let (cut, at) = first_short(tickets.iter().map(|one| (one.key, one.wants())), left);
        Ok(Self { cut, at, after: 0, given: left })
    }

    /// What a ticket got of it, by how it stood before.
    #[must_use]
    pub fn extra(&self, ticket: &Standing) -> u16 {
        let most = match ticket.key.cmp(&self.cut) {
            core::cmp::Ordering::Less => u16::MAX,
            core::cmp::Ordering::Equal => self.at,
            core::cmp::Ordering::Greater => self.after,
        };
        ticket.wants().min(most)
    }

    /// All that it gave, in order: keys with how many sets more.
    #[must_use]
    pub fn awards(&self, tickets: &[Standing]) -> Vec<(Hash, u16)> {
        let all = tickets.iter().map(|ticket| (ticket.key, self.extra(ticket)));
        all.filter(|(_, extra)| *extra > 0).collect()
    }
}

fn in_order(keys: impl Iterator<Item = Hash>) -> Result<(), OutOfOrder> {
    let mut last = None;
    for (at, key) in keys.enumerate() {
        if last.is_some_and(|last| key <= last) {
            return Err(OutOfOrder { at });
        }
        last = Some(key);
    }
    Ok(())
}

/// Tickets are not given in ascending order of their keys, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ticket at {at} is not after the one before it")]
pub struct OutOfOrder {
    /// Where in the list, from 0.
    pub at: usize,
}
