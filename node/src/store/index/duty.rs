//! What events make owed, and what they settle: each party's list of what it owes or waits for.
//!
//! The ledger drops a due once it is fulfilled or found overdue; here it stays until it is
//! fulfilled. Halves that differ stay for good: nothing can mend them, and an auditor must see them.
//!
//! ```text
//! d party deadline duty  →    what is owed, the earliest first; 4 and 8 bytes, big-endian
//! g deadline duty        →    every review that waits
//! ```

use ledger::State;
use ledger_types::oversight::Duty;
use ledger_types::record::Pairing;
use ledger_types::{ConsentId, Hash, PartyId, Timestamp};
use rocksdb::WriteBatch;

use super::Index;
use super::change::Change;
use crate::store::error::StoreError;

const DUTY: u8 = b'd';
const REVIEW: u8 = b'g';

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

/// Something that became owed, or is owed no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyChange {
    /// In whose list it stands; none for the list of every review that waits.
    pub party: Option<PartyId>,
    /// What, and by when.
    pub owed: Owed,
    /// Whether it begins.
    pub begins: bool,
}

impl DutyChange {
    fn key(&self) -> Vec<u8> {
        let place = self.owed.place();
        match self.party {
            Some(party) => [&[DUTY], &party.get().to_be_bytes()[..], &place].concat(),
            None => [&[REVIEW], &place[..]].concat(),
        }
    }
}

/// A change in the list of each of these.
fn of_all(
    parties: impl IntoIterator<Item = Option<PartyId>>,
    deadline: Timestamp,
    duty: Duty,
    begins: bool,
) -> Vec<Change> {
    let owed = Owed { deadline, duty };
    let change = |party| Change::Duty(DutyChange { party, owed, begins });
    parties.into_iter().map(change).collect()
}

pub(super) fn acknowledge(state: &State, consent: &ConsentId, begins: bool) -> Vec<Change> {
    let Some(record) = state.acknowledgement(consent) else { return vec![] };
    of_all([Some(record.controller)], record.deadline, Duty::Acknowledge(*consent), begins)
}

pub(super) fn answer(state: &State, request: &Hash, begins: bool) -> Vec<Change> {
    let Some(record) = state.subject_request(request) else { return vec![] };
    of_all([Some(record.controller)], record.deadline, Duty::Answer(*request), begins)
}

/// The requester's list, and the holder's once it is known.
pub(super) fn halves(state: &State, access: &Hash, pairing: Pairing) -> Vec<Change> {
    let Some(record) = state.access(access) else { return vec![] };
    let Some(deadline) = record.deadline else { return vec![] };
    let holder = record.known_holder().filter(|holder| *holder != record.requester);
    let parties = [Some(record.requester), holder].into_iter().flatten().map(Some);
    of_all(parties, deadline, Duty::Match(*access), pairing != Pairing::Matched)
}

pub(super) fn hour_halves(
    state: &State,
    holder: PartyId,
    recipient: PartyId,
    hour: u32,
    pairing: Pairing,
) -> Vec<Change> {
    let Some(record) = state.disclosures(holder, recipient, hour) else { return vec![] };
    let duty = Duty::MatchHour { holder, recipient, hour };
    let parties = [Some(holder), Some(recipient)];
    of_all(parties, record.deadline, duty, pairing != Pairing::Matched)
}

/// The opener's list, and the list of every review that waits.
pub(super) fn review(state: &State, glass: &Hash, begins: bool) -> Vec<Change> {
    let Some(record) = state.glass(glass) else { return vec![] };
    of_all([Some(record.opener), None], record.review_deadline, Duty::Review(*glass), begins)
}

pub(super) fn notify(state: &State, glass: &Hash, begins: bool) -> Vec<Change> {
    let Some(record) = state.glass(glass) else { return vec![] };
    of_all([Some(record.opener)], record.notify_deadline, Duty::Notify(*glass), begins)
}

/// Enters what became owed, or takes out what is owed no more.
pub(super) fn enter(batch: &mut WriteBatch, change: &DutyChange) {
    if change.begins {
        batch.put(change.key(), []);
    } else {
        batch.delete(change.key());
    }
}

impl Index {
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
        let mut places = self.database.behind(&own, after, limit)?;
        if with_reviews {
            places.extend(self.database.behind(&[REVIEW], after, limit)?);
            places.sort_unstable();
            places.dedup();
            places.truncate(limit);
        }
        let malformed = || self.database.inconsistent("a duty is malformed");
        places.iter().map(|place| Owed::at(place).ok_or_else(malformed)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::index;
    use super::*;

    const CLINIC: PartyId = PartyId::new(1);

    #[test]
    fn duties_come_by_deadline_and_go_when_they_are_settled() {
        let (_directory, index) = index();
        let duty = |number: u8| Duty::Acknowledge(ConsentId::new(Hash::new([number; 32])));
        let change = |party, at, duty, begins| {
            let (party, deadline) = (Some(PartyId::new(party)), Timestamp::from_millis(at));
            DutyChange { party, owed: Owed { deadline, duty }, begins }
        };
        let waits = Duty::Review(Hash::new([9; 32]));
        let changes = [
            change(1, 300, duty(1), true),
            change(1, 500, duty(2), true),
            change(2, 100, duty(3), true),
            change(1, 400, duty(4), true),
            change(1, 400, duty(4), false),
            DutyChange { party: None, ..change(1, 400, waits, true) },
        ];
        let mut batch = WriteBatch::default();
        changes.iter().for_each(|change| enter(&mut batch, change));
        index.database.write(batch).unwrap();
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
        assert_eq!(all(CLINIC, true), [(300, duty(1)), (400, waits), (500, duty(2))]);
        assert_eq!(all(PartyId::new(2), false), [(100, duty(3))]);
        assert_eq!(all(PartyId::new(3), false), []);
    }
}
