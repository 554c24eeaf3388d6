//! The consent log in the index: entries once each, lists of their places, and what is owed.
//!
//! ```text
//! e height place             → the entry               both numbers 8 and 4 bytes, big-endian
//! s subject  ¬height ¬place  →                         20 bytes; the newest comes first
//! k consent  ¬height ¬place  →                         32 bytes
//! p party    ¬height ¬place  →                         4 bytes
//! q party notice ¬height ¬place →                      requests for renewal, 4 bytes each
//! a access                   → height place            the entry that permitted it
//! d party deadline duty      →                         what is owed, the earliest first
//! g deadline duty            →                         every review that waits
//! ```

use ledger::record::Duty;
use ledger_types::{Hash, Height, PartyId, Timestamp};
use rocksdb::WriteBatch;

use super::Index;
use crate::consent_log::{DutyChange, Item, List, Logged};
use crate::store::error::StoreError;

const ENTRY: u8 = b'e';
const SUBJECT: u8 = b's';
const CONSENT: u8 = b'k';
const PARTY: u8 = b'p';
const RECONSENTS: u8 = b'q';
const ACCESS: u8 = b'a';
const DUTY: u8 = b'd';
const REVIEW: u8 = b'g';
/// Height and place, in any list.
const PLACE_BYTES: usize = 12;

/// An entry's place among all entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogPlace {
    /// The block.
    pub height: Height,
    /// The place among the block's entries, from 0.
    pub place: u32,
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

/// What is owed, and by when: its place in a list of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// By when.
    pub deadline: Timestamp,
    /// What.
    pub duty: Duty,
}

impl Owed {
    /// Its place in a list, as bytes that order it.
    #[must_use]
    pub fn place(&self) -> Vec<u8> {
        let mut bytes = self.deadline.as_millis().to_be_bytes().to_vec();
        bytes.extend_from_slice(&ledger_types::codec::encode(&self.duty));
        bytes
    }

    /// What stands at a place.
    #[must_use]
    pub fn at(place: &[u8]) -> Option<Self> {
        let (deadline, duty) = place.split_first_chunk::<8>()?;
        let deadline = Timestamp::from_millis(u64::from_be_bytes(*deadline));
        Some(Self { deadline, duty: borsh::from_slice(duty).ok()? })
    }
}

/// Enters what the consent log gains by a block.
pub(super) fn enter(batch: &mut WriteBatch, height: Height, logged: &[Logged]) {
    for (logged, place) in logged.iter().zip(0_u32..) {
        let at = LogPlace { height, place };
        for (key, value) in pairs(at, logged) {
            batch.put(key, value);
        }
        for change in &logged.duties {
            let key = duty_key(change);
            if change.begins {
                batch.put(key, []);
            } else {
                batch.delete(key);
            }
        }
    }
}

/// What is written for an entry, beside duties.
fn pairs(at: LogPlace, logged: &Logged) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> + '_ {
    let entry = (entry_key(at).to_vec(), ledger_types::codec::encode(&logged.item));
    let lists = logged.lists.iter().map(move |list| match list {
        List::Access(_) => (prefix(list), ascending(at).to_vec()),
        _ => ([prefix(list), descending(at).to_vec()].concat(), vec![]),
    });
    core::iter::once(entry).chain(lists)
}

fn prefix(list: &List) -> Vec<u8> {
    match list {
        List::Subject(subject) => [&[SUBJECT], &subject.as_bytes()[..]].concat(),
        List::Consent(consent) => [&[CONSENT], &consent.get().as_bytes()[..]].concat(),
        List::Party(party) => [&[PARTY], &party.get().to_be_bytes()[..]].concat(),
        List::Reconsents(party, notice) => {
            [&[RECONSENTS], &party.get().to_be_bytes()[..], &notice.get().to_be_bytes()].concat()
        }
        List::Access(access) => [&[ACCESS], &access.as_bytes()[..]].concat(),
    }
}

fn duty_key(change: &DutyChange) -> Vec<u8> {
    let place = Owed { deadline: change.deadline, duty: change.duty }.place();
    match change.party {
        Some(party) => [&[DUTY], &party.get().to_be_bytes()[..], &place].concat(),
        None => [&[REVIEW], &place[..]].concat(),
    }
}

fn entry_key(at: LogPlace) -> [u8; 1 + PLACE_BYTES] {
    let mut key = [ENTRY; 1 + PLACE_BYTES];
    key[1..].copy_from_slice(&ascending(at));
    key
}

fn ascending(at: LogPlace) -> [u8; PLACE_BYTES] {
    let mut bytes = [0; PLACE_BYTES];
    bytes[..8].copy_from_slice(&at.height.get().to_be_bytes());
    bytes[8..].copy_from_slice(&at.place.to_be_bytes());
    bytes
}

/// Counted down, so that the newest comes first.
fn descending(at: LogPlace) -> [u8; PLACE_BYTES] {
    ascending(at).map(|byte| !byte)
}

fn place_of(ascending: &[u8]) -> Option<LogPlace> {
    let (height, place) = ascending.split_first_chunk::<8>()?;
    let height = Height::new(u64::from_be_bytes(*height));
    Some(LogPlace { height, place: u32::from_be_bytes(place.try_into().ok()?) })
}

impl Index {
    /// Entries of several lists together, newest first, each once, at most `limit`; `before` is the
    /// last one seen.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn log(
        &self,
        sources: &[Source],
        before: Option<LogPlace>,
        limit: usize,
    ) -> Result<Vec<(LogPlace, Item)>, StoreError> {
        let mut heads = Vec::with_capacity(sources.len());
        for source in sources {
            let mut places = self.places(source, before);
            if let Some(head) = places.next().transpose()? {
                heads.push((head, places));
            }
        }
        let mut entries = Vec::new();
        while entries.len() < limit {
            let Some(newest) = heads.iter().map(|(head, _)| *head).max() else { break };
            let mut left = Vec::with_capacity(heads.len());
            for (mut head, mut places) in heads {
                if head == newest {
                    let Some(next) = places.next().transpose()? else { continue };
                    head = next;
                }
                left.push((head, places));
            }
            heads = left;
            entries.push((newest, self.entry(newest)?));
        }
        Ok(entries)
    }

    /// The places in a list, newest first.
    fn places<'a>(
        &'a self,
        source: &Source,
        before: Option<LogPlace>,
    ) -> impl Iterator<Item = Result<LogPlace, StoreError>> + use<'a> {
        let (prefix, first) = (prefix(&source.list), source.first);
        let newest = LogPlace { height: source.last, place: u32::MAX };
        let from = match before {
            // The byte after a key begins the next: the one seen is not given again.
            Some(seen) if seen <= newest => [&prefix[..], &descending(seen), &[0]].concat(),
            _ => [&prefix[..], &descending(newest)].concat(),
        };
        let found = self.database.scan_from(&from).map_while(move |item| {
            let (key, _) = match item {
                Ok(pair) => pair,
                Err(error) => return Some(Err(error)),
            };
            let rest = key.strip_prefix(prefix.as_slice())?;
            let ascending: Vec<u8> = rest.iter().map(|byte| !byte).collect();
            let malformed = || self.database.inconsistent("a log's list is malformed");
            Some(place_of(&ascending).ok_or_else(malformed))
        });
        found.take_while(move |place| place.as_ref().map_or(true, |place| place.height >= first))
    }

    /// The entry that permitted an access.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn access(&self, access: &Hash) -> Result<Option<Item>, StoreError> {
        let Some(value) = self.database.get(&prefix(&List::Access(*access)))? else {
            return Ok(None);
        };
        let malformed = || self.database.inconsistent("an access's place is malformed");
        let place = place_of(&value).ok_or_else(malformed)?;
        self.entry(place).map(Some)
    }

    fn entry(&self, at: LogPlace) -> Result<Item, StoreError> {
        let value = self.database.get(&entry_key(at))?;
        let item = value.and_then(|value| borsh::from_slice(&value).ok());
        item.ok_or_else(|| self.database.inconsistent("a log's entry is missing or malformed"))
    }

    /// What a party owes or waits for, the earliest deadline first, at most `limit`; with every
    /// review that waits where `with_reviews`. `after` is the place of the last one seen.
    ///
    /// # Errors
    /// [`StoreError`] where the database refuses or holds something else.
    pub fn duties(
        &self,
        party: PartyId,
        with_reviews: bool,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Owed>, StoreError> {
        let own = [&[DUTY], &party.get().to_be_bytes()[..]].concat();
        let mut places = self.duty_places(&own, after, limit)?;
        if with_reviews {
            places.extend(self.duty_places(&[REVIEW], after, limit)?);
            places.sort_unstable();
            places.dedup();
            places.truncate(limit);
        }
        let malformed = || self.database.inconsistent("a duty is malformed");
        places.iter().map(|place| Owed::at(place).ok_or_else(malformed)).collect()
    }

    fn duty_places(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let from = match after {
            Some(after) => [prefix, after, &[0]].concat(),
            None => prefix.to_vec(),
        };
        let mut places = Vec::new();
        for item in self.database.scan_from(&from).take(limit) {
            let (key, _) = item?;
            let Some(place) = key.strip_prefix(prefix) else { break };
            places.push(place.to_vec());
        }
        Ok(places)
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::{AccountId, ConsentId, NoticeId, TransactionId};
    use node_api::body::LogKind;

    use super::*;
    use crate::consent_log::Part;

    const CLINIC: PartyId = PartyId::new(1);
    const SUBJECT: List = List::Subject(AccountId::new([7; 20]));
    const ASKED: List = List::Reconsents(CLINIC, NoticeId::new(1));

    fn logged(lists: &[List]) -> Logged {
        let (kind, parts) = (LogKind::Given.number(), vec![Part::Party(CLINIC)]);
        let transaction = Some(TransactionId::new(Hash::ZERO));
        let item = Item { time: Timestamp::from_millis(5), transaction, kind, parts };
        Logged { item, lists: lists.to_vec(), duties: vec![] }
    }

    fn index() -> (tempfile::TempDir, Index) {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::open(&directory.path().join("index")).unwrap();
        (directory, index)
    }

    fn put(index: &Index, height: u64, logged: &[Logged]) {
        let mut batch = WriteBatch::default();
        enter(&mut batch, Height::new(height), logged);
        index.database.write(batch).unwrap();
    }

    fn places(index: &Index, sources: &[Source], page: usize) -> Vec<(u64, u32)> {
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let entries = index.log(sources, before, page).unwrap();
            all.extend(entries.iter().map(|(at, _)| (at.height.get(), at.place)));
            before = entries.last().map(|(at, _)| *at);
            if entries.len() < page {
                return all;
            }
        }
    }

    #[test]
    fn lists_are_read_together_newest_first_and_each_entry_once() {
        let (_directory, index) = index();
        put(&index, 1, &[logged(&[SUBJECT]), logged(&[ASKED])]);
        put(&index, 2, &[logged(&[ASKED]), logged(&[SUBJECT, ASKED])]);
        put(&index, 9, &[logged(&[ASKED])]);
        put(&index, 300, &[logged(&[SUBJECT])]);
        let within =
            |list, first, last| Source { list, first: Height::new(first), last: Height::new(last) };
        let sources = [Source::all(SUBJECT), within(ASKED, 2, 8), within(ASKED, 2, 2)];
        let expected = [(300, 0), (2, 1), (2, 0), (1, 0)];
        for page in [1, 2, 3, 50] {
            assert_eq!(places(&index, &sources, page), expected, "{page}");
        }
        assert_eq!(places(&index, &[within(ASKED, 3, 400)], 2), [(9, 0)]);
        assert_eq!(places(&index, &[Source::all(List::Party(CLINIC))], 2), []);
    }

    #[test]
    fn an_access_is_found_by_its_identity() {
        let (_directory, index) = index();
        let access = Hash::new([3; 32]);
        let entry = logged(&[SUBJECT, List::Access(access)]);
        put(&index, 4, core::slice::from_ref(&entry));
        assert_eq!(index.access(&access).unwrap(), Some(entry.item));
        assert_eq!(index.access(&Hash::ZERO).unwrap(), None);
    }

    #[test]
    fn duties_come_by_deadline_and_go_when_they_are_settled() {
        let (_directory, index) = index();
        let duty = |number: u8| Duty::Acknowledge(ConsentId::new(Hash::new([number; 32])));
        let change = |party, at, duty, begins| {
            let (party, deadline) = (Some(PartyId::new(party)), Timestamp::from_millis(at));
            DutyChange { party, deadline, duty, begins }
        };
        let review = Duty::Review(Hash::new([9; 32]));
        let waiting = DutyChange { party: None, ..change(1, 400, review, true) };
        let duties = vec![
            change(1, 300, duty(1), true),
            change(1, 500, duty(2), true),
            change(2, 100, duty(3), true),
            change(1, 400, duty(4), true),
            change(1, 400, duty(4), false),
            waiting,
        ];
        put(&index, 1, &[Logged { duties, ..logged(&[]) }]);
        let all = |party, with_reviews| {
            let (mut all, mut after) = (Vec::new(), None::<Vec<u8>>);
            loop {
                let page = index.duties(party, with_reviews, after.as_deref(), 1).unwrap();
                let Some(owed) = page.first() else { return all };
                after = Some(owed.place());
                all.push((owed.deadline.as_millis(), owed.duty));
            }
        };
        assert_eq!(all(CLINIC, false), [(300, duty(1)), (500, duty(2))]);
        assert_eq!(all(CLINIC, true), [(300, duty(1)), (400, review), (500, duty(2))]);
        assert_eq!(all(PartyId::new(2), false), [(100, duty(3))]);
        assert_eq!(all(PartyId::new(3), false), []);
    }
}
