//! Fixed values of which the samples are made.
//!
//! Each operation has a sample beside its fields, so that goldens, the inventory of fields and
//! documentation know a new one without being told.

use crate::authority::WeightedKey;
use crate::hash::Hash;
use crate::id::{AccountId, ConsentId, NoticeId, PartyId};
use crate::key::{Signature, SigningKey};
use crate::time::Timestamp;
use crate::yen::Yen;
use crate::zone::{
    AnsweredRequest, Exception, MunicipalityCode, RequestNonce, RequestTerms, ShopYen,
};

pub(crate) const PARTY: PartyId = PartyId::new(0x0102_0304);
pub(crate) const NOTICE: NoticeId = NoticeId::new(7);

pub(crate) const fn hash(byte: u8) -> Hash {
    Hash::new([byte; 32])
}

pub(crate) const fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 20])
}

/// Aizuwakamatsu and Fukushima, in order.
pub(crate) fn areas() -> Vec<MunicipalityCode> {
    [72_010, 72_028].into_iter().filter_map(MunicipalityCode::new).collect()
}

pub(crate) const fn amount() -> Yen {
    Yen::new(0x0102_0304_0506_0708)
}

pub(crate) const fn time(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
}

pub(crate) fn request_terms() -> RequestTerms {
    let yen =
        |amount| ShopYen::new(Yen::new(amount)).unwrap_or_else(|| unreachable!("it is small"));
    RequestTerms {
        terminal: 3,
        nonce: RequestNonce::new([0x5d; 16]),
        eligible: yen(500),
        exceptions: vec![Exception { category: 2, eligible: yen(400) }],
        takes_cash: true,
        tax_lines: hash(0x60),
        fee_schedule: 1,
        made: time(31),
        seconds: 600,
    }
}

pub(crate) fn answered_request() -> AnsweredRequest {
    let key = key(3).public_key();
    let cash = Yen::new(100);
    AnsweredRequest { terms: request_terms(), key, signature: signature(), cash }
}

pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

pub(crate) fn keys() -> Vec<WeightedKey> {
    vec![
        WeightedKey::plain(key(1).public_key(), 1),
        WeightedKey::plain(key(2).public_key(), 0x0203),
    ]
}

pub(crate) const fn consent() -> ConsentId {
    ConsentId::new(hash(0x31))
}

pub(crate) const fn signature() -> Signature {
    Signature::Ed25519([0x68; 64])
}
