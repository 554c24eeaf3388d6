//! Keys of the consent layer's records, kinds 15 to 37.

use ledger_types::{
    AccountId, ConsentId, Hash, LegalBasisId, PartyId, Regime, Timestamp, VocabularyId,
};

use super::{by_account, joined};
use crate::commitment::Key;
use crate::record::Duty;

/// A version of a vocabulary: kind 15, vocabulary, version.
#[must_use]
pub fn vocabulary(vocabulary: VocabularyId, version: u32) -> Key {
    Key::of(joined::<9>(&[&[VOCABULARY], &vocabulary.get().to_be_bytes(), &version.to_be_bytes()]))
}

/// A legal basis: kind 16, basis.
#[must_use]
pub fn legal_basis(basis: LegalBasisId) -> Key {
    Key::of(joined::<5>(&[&[LEGAL_BASIS], &basis.get().to_be_bytes()]))
}

/// A version of a scheme of joint use: kind 18, controller, scheme, version.
#[must_use]
pub fn joint_use(controller: PartyId, scheme: u32, version: u32) -> Key {
    Key::of(joined::<13>(&[
        &[JOINT_USE],
        &controller.get().to_be_bytes(),
        &scheme.to_be_bytes(),
        &version.to_be_bytes(),
    ]))
}

/// A scheme that people may object to: kind 19, controller, scheme.
#[must_use]
pub fn opt_out(controller: PartyId, scheme: u32) -> Key {
    Key::of(joined::<9>(&[&[OPT_OUT], &controller.get().to_be_bytes(), &scheme.to_be_bytes()]))
}

/// A person's objection: kind 20, controller, scheme, 32 bytes.
#[must_use]
pub fn opt_out_stop(controller: PartyId, scheme: u32, person: &Hash) -> Key {
    Key::of(joined::<41>(&[
        &[OPT_OUT_STOP],
        &controller.get().to_be_bytes(),
        &scheme.to_be_bytes(),
        person.as_bytes(),
    ]))
}

/// What a controller pays for data: kind 21, controller, terms.
#[must_use]
pub fn terms(controller: PartyId, terms: u32) -> Key {
    Key::of(joined::<9>(&[&[TERMS], &controller.get().to_be_bytes(), &terms.to_be_bytes()]))
}

/// Where requests reach a data subject: kind 22, subject's 20 bytes.
#[must_use]
pub fn contact(subject: &AccountId) -> Key {
    by_account(CONTACT, subject)
}

/// A request for renewals: kind 23, 32 bytes.
#[must_use]
pub fn reconsent(request: &Hash) -> Key {
    Key::of(joined::<33>(&[&[RECONSENT], request.as_bytes()]))
}

/// When a controller asked for renewals of late: kind 24, controller.
#[must_use]
pub fn reconsent_count(controller: PartyId) -> Key {
    Key::of(joined::<5>(&[&[RECONSENT_COUNT], &controller.get().to_be_bytes()]))
}

/// What a subject asked of a controller: kind 25, 32 bytes.
#[must_use]
pub fn subject_request(request: &Hash) -> Key {
    Key::of(joined::<33>(&[&[SUBJECT_REQUEST], request.as_bytes()]))
}

/// A guardian's authority: kind 26, subject's 20 bytes, guardian's 20 bytes.
#[must_use]
pub fn delegation(subject: &AccountId, guardian: &AccountId) -> Key {
    Key::of(joined::<41>(&[&[DELEGATION], subject.as_bytes(), guardian.as_bytes()]))
}

/// A proposal to give a data subject another key: kind 27, subject's 20 bytes.
#[must_use]
pub fn recovery(subject: &AccountId) -> Key {
    by_account(RECOVERY, subject)
}

/// A permitted access: kind 28, 32 bytes.
#[must_use]
pub fn access(access: &Hash) -> Key {
    Key::of(joined::<33>(&[&[ACCESS], access.as_bytes()]))
}

/// An hour's disclosures between two parties: kind 29, holder, recipient, hour.
#[must_use]
pub fn disclosures(holder: PartyId, recipient: PartyId, hour: u32) -> Key {
    Key::of(joined::<13>(&[
        &[DISCLOSURES],
        &holder.get().to_be_bytes(),
        &recipient.get().to_be_bytes(),
        &hour.to_be_bytes(),
    ]))
}

/// What a controller owes once a consent has ended: kind 30, 32 bytes.
#[must_use]
pub fn acknowledgement(consent: &ConsentId) -> Key {
    Key::of(joined::<33>(&[&[ACKNOWLEDGEMENT], consent.get().as_bytes()]))
}

/// A broken glass: kind 31, 32 bytes.
#[must_use]
pub fn glass(glass: &Hash) -> Key {
    Key::of(joined::<33>(&[&[GLASS], glass.as_bytes()]))
}

/// An area's emergency: kind 32, area.
#[must_use]
pub fn emergency(area: u32) -> Key {
    Key::of(joined::<5>(&[&[EMERGENCY], &area.to_be_bytes()]))
}

/// A part of a month's dividends: kind 33, controller, terms, month, chunk.
#[must_use]
pub fn dividend(controller: PartyId, terms: u32, month: u32, chunk: u32) -> Key {
    Key::of(joined::<17>(&[
        &[DIVIDEND],
        &controller.get().to_be_bytes(),
        &terms.to_be_bytes(),
        &month.to_be_bytes(),
        &chunk.to_be_bytes(),
    ]))
}

/// A party's word that salts and keys are destroyed: kind 34, 32 bytes, party.
#[must_use]
pub fn shred(consent: &ConsentId, party: PartyId) -> Key {
    Key::of(joined::<37>(&[&[SHRED], consent.get().as_bytes(), &party.get().to_be_bytes()]))
}

/// An auditor's right to read: kind 35, 32 bytes.
#[must_use]
pub fn audit_view(view: &Hash) -> Key {
    Key::of(joined::<33>(&[&[AUDIT_VIEW], view.as_bytes()]))
}

/// A logged read of a subject's access log: kind 36, 32 bytes.
#[must_use]
pub fn log_read(read: &Hash) -> Key {
    Key::of(joined::<33>(&[&[LOG_READ], read.as_bytes()]))
}

/// A regime's deadlines: kind 17, its number.
#[must_use]
pub fn regime(regime: Regime) -> Key {
    let number = match regime {
        Regime::Private => 0,
        Regime::PublicBody => 1,
        Regime::HospitalOrUniversity => 2,
    };
    Key::of([REGIME, number])
}

/// Something that must be done by an instant: kind 37, the instant, the duty's number, and 32 bytes
/// that tell the duty from others of its number.
#[must_use]
pub fn due(deadline: Timestamp, duty: &Duty) -> Key {
    let (number, id) = match duty {
        Duty::Acknowledge(consent) => (0, consent.get()),
        Duty::Answer(request) => (1, *request),
        Duty::Match(access) => (2, *access),
        Duty::MatchHour { holder, recipient, hour } => (3, hour_id(*holder, *recipient, *hour)),
        Duty::Review(glass) => (4, *glass),
        Duty::Notify(glass) => (5, *glass),
    };
    let deadline = deadline.as_millis().to_be_bytes();
    Key::of(joined::<42>(&[&[DUE], &deadline, &[number], id.as_bytes()]))
}

/// The three numbers and 20 zeros.
fn hour_id(holder: PartyId, recipient: PartyId, hour: u32) -> Hash {
    let (holder, recipient) = (holder.get().to_be_bytes(), recipient.get().to_be_bytes());
    Hash::new(joined::<32>(&[&holder, &recipient, &hour.to_be_bytes()]))
}

/// The instant in the key of a due.
pub(crate) fn deadline_of(key: &Key) -> Option<Timestamp> {
    let rest = key.as_bytes().get(1..)?;
    rest.first_chunk::<8>().copied().map(u64::from_be_bytes).map(Timestamp::from_millis)
}

const VOCABULARY: u8 = 15;
const LEGAL_BASIS: u8 = 16;
const REGIME: u8 = 17;
const JOINT_USE: u8 = 18;
const OPT_OUT: u8 = 19;
const OPT_OUT_STOP: u8 = 20;
const TERMS: u8 = 21;
const CONTACT: u8 = 22;
const RECONSENT: u8 = 23;
const RECONSENT_COUNT: u8 = 24;
const SUBJECT_REQUEST: u8 = 25;
const DELEGATION: u8 = 26;
const RECOVERY: u8 = 27;
const ACCESS: u8 = 28;
const DISCLOSURES: u8 = 29;
const ACKNOWLEDGEMENT: u8 = 30;
const GLASS: u8 = 31;
const EMERGENCY: u8 = 32;
const DIVIDEND: u8 = 33;
const SHRED: u8 = 34;
const AUDIT_VIEW: u8 = 35;
const LOG_READ: u8 = 36;
pub(crate) const DUE: u8 = 37;
