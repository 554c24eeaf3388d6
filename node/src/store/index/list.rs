//! Lists of what happened: places alone, the newest first.
//!
//! ```text
//! h account      ¬height ¬place → what stands there       20 bytes; height and place 8 and 4
//! k consent      ¬height ¬place →                         32 bytes
//! q party notice ¬height ¬place →                         requests for renewal, 4 bytes each
//! a access       ¬height ¬place →                         32 bytes
//! b bank         ¬height ¬place →                         told to all its holders, 2 bytes
//! z zone         ¬height ¬place →                         told to all in it, 2 bytes
//! ```
//!
//! Places count all that happened at a height: what consensus itself raised, then by transaction and
//! operation; a rejected transaction is one, in its sender's list.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::event::List;
use ledger_types::rejection::RejectionCode;
use ledger_types::{Hash, Height, Timestamp};
use rocksdb::WriteBatch;

use super::Index;
use super::kept::Told;
use crate::store::error::StoreError;

const ACCOUNT: u8 = b'h';
const CONSENT: u8 = b'k';
const RECONSENTS: u8 = b'q';
const ACCESS: u8 = b'a';
const BANK: u8 = b'b';
const ZONE: u8 = b'z';
/// More than happens to one access: a permit, two halves, one of them overdue, its holder named.
const ACCESS_STEPS_MAX: usize = 8;
/// Height and place, in any list.
const PLACE_BYTES: usize = 12;

/// A place among all that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The block.
    pub height: Height,
    /// The place among what happened at this height, from 0.
    pub place: u32,
}

/// What stands at a place. Numbers never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub(super) enum At {
    /// An event that is kept: its number among those of the height.
    Kept(u32) = 0,
    /// An event that follows from an operation in the block.
    Follows {
        /// Where the transaction begins inside the block's bytes.
        offset: u32,
        /// The operation's place in it.
        operation: u16,
    } = 1,
    /// A transaction that was rejected.
    Rejected {
        /// Where it begins inside the block's bytes.
        offset: u32,
        /// The rule that it broke.
        code: RejectionCode,
        /// By which operation.
        operation: u16,
    } = 2,
}

/// One thing that happened, as far as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An event that is kept.
    Kept {
        /// The block's time.
        time: Timestamp,
        /// What happened.
        told: Box<Told>,
    },
    /// An event that follows from an operation in the block.
    Follows {
        /// Where the transaction begins inside the block's bytes.
        offset: u32,
        /// The operation's place in it.
        operation: u16,
    },
    /// A transaction that was rejected.
    Rejected {
        /// Where it begins inside the block's bytes.
        offset: u32,
        /// The rule that it broke.
        code: RejectionCode,
        /// By which operation.
        operation: u16,
    },
}

/// A list, or the part of it that lies between two heights, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Which list.
    pub list: List,
    /// Nothing before this.
    pub first: Height,
    /// Nothing after this.
    pub last: Height,
}

impl Source {
    /// All of a list.
    #[must_use]
    pub const fn all(list: List) -> Self {
        Self { list, first: Height::GENESIS, last: Height::new(u64::MAX) }
    }
}

/// Enters what stands at a place into a list.
pub(super) fn enter(batch: &mut WriteBatch, list: &List, place: Place, at: &At) {
    let (key, value) = pair(list, place, at);
    batch.put(key, value);
}

fn pair(list: &List, place: Place, at: &At) -> (Vec<u8>, Vec<u8>) {
    let at = ledger_types::codec::encode(at);
    ([&prefix(list)[..], &descending(place)].concat(), at)
}

fn prefix(list: &List) -> Vec<u8> {
    match list {
        List::Account(account) => [&[ACCOUNT], &account.as_bytes()[..]].concat(),
        List::Consent(consent) => [&[CONSENT], &consent.get().as_bytes()[..]].concat(),
        List::Reconsents(party, notice) => {
            [&[RECONSENTS], &party.get().to_be_bytes()[..], &notice.get().to_be_bytes()].concat()
        }
        List::Access(access) => [&[ACCESS], &access.as_bytes()[..]].concat(),
        List::Bank(bank) => [&[BANK], &bank.get().to_be_bytes()[..]].concat(),
        List::Zone(zone) => [&[ZONE], &zone.get().to_be_bytes()[..]].concat(),
    }
}

/// Counted down, so that the newest comes first.
fn descending(place: Place) -> [u8; PLACE_BYTES] {
    let mut bytes = [0; PLACE_BYTES];
    bytes[..8].copy_from_slice(&(!place.height.get()).to_be_bytes());
    bytes[8..].copy_from_slice(&(!place.place).to_be_bytes());
    bytes
}

fn place_of(descending: &[u8]) -> Option<Place> {
    let (height, place) = descending.split_first_chunk::<8>()?;
    let place = !u32::from_be_bytes(place.try_into().ok()?);
    Some(Place { height: Height::new(!u64::from_be_bytes(*height)), place })
}

impl Index {
    /// What stands in several lists together, newest first, each thing once, at most `limit`;
    /// `before` is the last place seen.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn list(
        &self,
        sources: &[Source],
        before: Option<Place>,
        limit: usize,
    ) -> Result<Vec<(Place, Item)>, StoreError> {
        let mut heads = Vec::with_capacity(sources.len());
        for source in sources {
            let mut places = self.places(source, before);
            if let Some(head) = places.next().transpose()? {
                heads.push((head, places));
            }
        }
        let mut items = Vec::new();
        while items.len() < limit {
            let newest = heads.iter().map(|(head, _)| *head).max_by_key(|(place, _)| *place);
            let Some((newest, at)) = newest else { break };
            let mut left = Vec::with_capacity(heads.len());
            for (mut head, mut places) in heads {
                if head.0 == newest {
                    let Some(next) = places.next().transpose()? else { continue };
                    head = next;
                }
                left.push((head, places));
            }
            heads = left;
            items.push((newest, self.item(newest.height, at)?));
        }
        Ok(items)
    }

    /// The places in a list, newest first.
    fn places<'a>(
        &'a self,
        source: &Source,
        before: Option<Place>,
    ) -> impl Iterator<Item = Result<(Place, At), StoreError>> + use<'a> {
        let (prefix, first) = (prefix(&source.list), source.first);
        let newest = Place { height: source.last, place: u32::MAX };
        let from = match before {
            // The byte after a key begins the next: the one seen is not given again.
            Some(seen) if seen <= newest => [&prefix[..], &descending(seen), &[0]].concat(),
            Some(_) | None => [&prefix[..], &descending(newest)].concat(),
        };
        let found = self.database.scan_from(&from).map_while(move |item| {
            let (key, value) = match item {
                Ok(pair) => pair,
                Err(error) => return Some(Err(error)),
            };
            let place = place_of(key.strip_prefix(prefix.as_slice())?);
            let at = borsh::from_slice(&value).ok();
            let malformed = || self.database.inconsistent("a list is malformed");
            Some(place.zip(at).ok_or_else(malformed))
        });
        found.take_while(move |found| {
            found.as_ref().map_or(true, |(place, _)| place.height >= first)
        })
    }

    /// What happened to an access, in order: what permitted it comes first.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn access(&self, access: &Hash) -> Result<Vec<(Place, Item)>, StoreError> {
        let all = Source::all(List::Access(*access));
        let mut steps = self.list(&[all], None, ACCESS_STEPS_MAX)?;
        steps.reverse();
        Ok(steps)
    }

    fn item(&self, height: Height, at: At) -> Result<Item, StoreError> {
        Ok(match at {
            At::Kept(number) => {
                let (time, told) = self.kept(height, number)?;
                Item::Kept { time, told: Box::new(told) }
            }
            At::Follows { offset, operation } => Item::Follows { offset, operation },
            At::Rejected { offset, code, operation } => Item::Rejected { offset, code, operation },
        })
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::{AccountId, ConsentId, NoticeId, PartyId};

    use super::super::tests::index;
    use super::*;

    const CLINIC: PartyId = PartyId::new(1);
    const SUBJECT: List = List::Account(AccountId::new([7; 20]));
    const ASKED: List = List::Reconsents(CLINIC, NoticeId::new(1));

    /// Things that are in these lists, one after another.
    fn put(index: &Index, height: u64, lists: &[&[List]]) {
        let mut batch = WriteBatch::default();
        for (lists, place) in lists.iter().zip(0_u32..) {
            let (height, at) = (Height::new(height), At::Follows { offset: place, operation: 0 });
            lists.iter().for_each(|list| enter(&mut batch, list, Place { height, place }, &at));
        }
        index.database.write(batch).unwrap();
    }

    fn places(index: &Index, sources: &[Source], page: usize) -> Vec<(u64, u32)> {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let items = index.list(sources, before, page).unwrap();
            all.extend(items.iter().map(|(at, _)| (at.height.get(), at.place)));
            before = items.last().map(|(at, _)| *at);
            if items.len() < page {
                return all;
            }
        }
    }

    #[test]
    fn lists_are_read_together_newest_first_and_each_entry_once() {
        let (_directory, index) = index();
        put(&index, 1, &[&[SUBJECT], &[ASKED]]);
        put(&index, 2, &[&[ASKED], &[SUBJECT, ASKED]]);
        put(&index, 9, &[&[ASKED]]);
        put(&index, 300, &[&[SUBJECT]]);
        let within =
            |list, first, last| Source { list, first: Height::new(first), last: Height::new(last) };
        let sources = [Source::all(SUBJECT), within(ASKED, 2, 8), within(ASKED, 2, 2)];
        let expected = [(300, 0), (2, 1), (2, 0), (1, 0)];
        for page in [1, 2, 3, 50] {
            assert_eq!(places(&index, &sources, page), expected, "{page}");
        }
        assert_eq!(places(&index, &[within(ASKED, 3, 400)], 2), [(9, 0)]);
        let none = List::Account(AccountId::of_party(CLINIC));
        assert_eq!(places(&index, &[Source::all(none)], 2), []);
    }

    #[test]
    fn what_happened_to_an_access_is_found_in_order_by_its_identity() {
        let (_directory, index) = index();
        let [access, other] = [3, 4].map(|byte| Hash::new([byte; 32]));
        put(&index, 4, &[&[SUBJECT, List::Access(access)], &[List::Access(other)]]);
        put(&index, 9, &[&[SUBJECT], &[List::Access(access)], &[List::Access(access)]]);
        let found = |access| {
            let steps = index.access(access).unwrap();
            steps.into_iter().map(|(at, _)| (at.height.get(), at.place)).collect::<Vec<_>>()
        };
        assert_eq!(found(&access), [(4, 0), (9, 1), (9, 2)]);
        assert_eq!(found(&other), [(4, 1)]);
        assert_eq!(found(&Hash::ZERO), []);
    }

    #[test]
    fn places_take_so_many_bytes_before_they_are_compressed() {
        let place = Place { height: Height::new(1), place: 0 };
        let bytes = |list, at| {
            let (key, value) = pair(&list, place, &at);
            key.len() + value.len()
        };
        let follows = At::Follows { offset: 1, operation: 0 };
        // A transfer has its receipt (33), and a place in two lists.
        assert_eq!(bytes(SUBJECT, follows), 40);
        let rejected = At::Rejected { offset: 1, code: RejectionCode::new(2004), operation: 0 };
        assert_eq!(bytes(SUBJECT, rejected), 42);
        assert_eq!(bytes(SUBJECT, At::Kept(0)), 38);
        assert_eq!(bytes(List::Consent(ConsentId::new(Hash::ZERO)), At::Kept(0)), 50);
        assert_eq!(bytes(List::Access(Hash::ZERO), At::Kept(0)), 50);
    }
}
