//! Every key of the state, in one place.
//!
//! A key is the number of its record's kind (one byte) and then the identities it is found by, in
//! big-endian bytes, so that one zone's or one bank's records lie side by side. Numbers never
//! change and are never used again: the state root depends on them.

use ledger_types::{AccountId, BankId, ConsentId, Hash, MemberId, NoticeId, PartyId, ZoneId};

use crate::commitment::Key;

mod consent;

pub(crate) use consent::{DUE, deadline_of};
pub use consent::{
    access, acknowledgement, audit_view, contact, delegation, disclosures, dividend, due,
    emergency, glass, joint_use, legal_basis, log_read, opt_out, opt_out_stop, reconsent,
    reconsent_count, recovery, regime, shred, subject_request, terms, vocabulary,
};

/// An account that can hold money: kind 1, 20 bytes.
#[must_use]
pub fn account(account: &AccountId) -> Key {
    by_account(ACCOUNT, account)
}

/// A data subject: kind 2, 20 bytes.
#[must_use]
pub fn subject(account: &AccountId) -> Key {
    by_account(SUBJECT, account)
}

/// A consent party: kind 3, the 20 bytes of [`AccountId::of_party`].
#[must_use]
pub fn party(account: &AccountId) -> Key {
    by_account(PARTY, account)
}

/// A bank: kind 4, its code.
#[must_use]
pub fn bank(bank: BankId) -> Key {
    by_number(BANK, bank.get())
}

/// What two banks owe each other: kind 5, the lower code, the higher code.
#[must_use]
pub fn pair_position(lower: BankId, higher: BankId) -> Key {
    let ([a, b], [c, d]) = (lower.get().to_be_bytes(), higher.get().to_be_bytes());
    Key::of([PAIR_POSITION, a, b, c, d])
}

/// A zone: kind 6, its number.
#[must_use]
pub fn zone(zone: ZoneId) -> Key {
    by_number(ZONE, zone.get())
}

/// A sub-account: kind 7, the zone, 20 bytes.
#[must_use]
pub fn zone_account(zone: ZoneId, account: &AccountId) -> Key {
    Key::of(joined::<23>(&[&[ZONE_ACCOUNT], &zone.get().to_be_bytes(), account.as_bytes()]))
}

/// A merchant: kind 8, the zone, 20 bytes.
#[must_use]
pub fn merchant(zone: ZoneId, account: &AccountId) -> Key {
    Key::of(joined::<23>(&[&[MERCHANT], &zone.get().to_be_bytes(), account.as_bytes()]))
}

/// A redeem request: kind 9, 32 bytes.
#[must_use]
pub fn redeem(redeem: &Hash) -> Key {
    Key::of(joined::<33>(&[&[REDEEM], redeem.as_bytes()]))
}

/// The redeem requests that hold value of an account: kind 10, 20 bytes.
#[must_use]
pub fn open_redeems(account: &AccountId) -> Key {
    by_account(OPEN_REDEEMS, account)
}

/// A core banking reference: kind 11, the bank, 32 bytes.
#[must_use]
pub fn core_reference(bank: BankId, reference: &Hash) -> Key {
    Key::of(joined::<35>(&[&[CORE_REFERENCE], &bank.get().to_be_bytes(), reference.as_bytes()]))
}

/// A notice: kind 12, its controller, its number.
#[must_use]
pub fn notice(controller: PartyId, notice: NoticeId) -> Key {
    let (controller, notice) = (controller.get().to_be_bytes(), notice.get().to_be_bytes());
    Key::of(joined::<9>(&[&[NOTICE], &controller, &notice]))
}

/// A consent: kind 13, 32 bytes.
#[must_use]
pub fn consent(consent: &ConsentId) -> Key {
    Key::of(joined::<33>(&[&[CONSENT], consent.get().as_bytes()]))
}

/// A member: kind 14, its number.
#[must_use]
pub fn member(member: MemberId) -> Key {
    by_number(MEMBER, member.get())
}

pub(crate) const ACCOUNT: u8 = 1;
pub(crate) const SUBJECT: u8 = 2;
pub(crate) const PARTY: u8 = 3;
pub(crate) const BANK: u8 = 4;
pub(crate) const PAIR_POSITION: u8 = 5;
pub(crate) const ZONE: u8 = 6;
pub(crate) const ZONE_ACCOUNT: u8 = 7;
pub(crate) const MERCHANT: u8 = 8;
const REDEEM: u8 = 9;
pub(crate) const OPEN_REDEEMS: u8 = 10;
const CORE_REFERENCE: u8 = 11;
const NOTICE: u8 = 12;
pub(crate) const CONSENT: u8 = 13;
pub(crate) const MEMBER: u8 = 14;
// 15 to 37 are the consent layer's, below.

/// The 20 or 32 bytes, or the number, after `prefix` in a key, read back as an account.
pub(crate) fn account_after(prefix: usize, key: &Key) -> Option<AccountId> {
    let bytes: [u8; 20] = key.as_bytes().get(prefix..)?.try_into().ok()?;
    Some(AccountId::new(bytes))
}

/// The number right after the kind.
pub(crate) fn number(key: &Key) -> Option<u16> {
    number_at(key, 1)
}

/// The number that begins at byte `start`.
pub(crate) fn number_at(key: &Key, start: usize) -> Option<u16> {
    let rest = key.as_bytes().get(start..)?;
    rest.first_chunk::<2>().copied().map(u16::from_be_bytes)
}

fn by_account(kind: u8, account: &AccountId) -> Key {
    Key::of(joined::<21>(&[&[kind], account.as_bytes()]))
}

fn by_number(kind: u8, number: u16) -> Key {
    let [high, low] = number.to_be_bytes();
    Key::of([kind, high, low])
}

/// The parts one after another; their lengths make up `N` in every call above (tested).
fn joined<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut bytes = [0; N];
    let all = parts.iter().flat_map(|part| part.iter());
    for (place, byte) in bytes.iter_mut().zip(all) {
        *place = *byte;
    }
    bytes
}
