//! A payment request: what a shop's terminal asks to be paid, under its registered key.
//!
//! A request is a document, not a transaction: it travels in a code and inside a payment, whose step
//! consumes its identity once. A payment carries its terms alone, since network, zone, shop and amount
//! stand in the transaction. The key signs kind, genesis hash and all of it (protocol rule 50).

use borsh::{BorshDeserialize, BorshSerialize};

use crate::codec;
use crate::day::Day;
use crate::hash::{Hash, NetworkId};
use crate::id::{AccountId, ZoneId};
use crate::json::{plain, shape};
use crate::key::{PublicKey, Signature};
use crate::limits::{REQUEST_EXCEPTIONS_MAX, REQUEST_SECONDS_MAX};
use crate::newtype::{serde_by_text, shown_in_hex};
use crate::signed::Domain;
use crate::time::Timestamp;
use crate::yen::{ParseYenError, Yen};

/// Tag of the number by which the ledger knows a request.
const TAG_REQUEST: &[u8] = b"kyojo/payment-request-id/v1";

/// Where a shop is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ShopPlace {
    /// The network: the first four bytes of its genesis hash.
    pub network: NetworkId,
    /// The zone.
    pub zone: ZoneId,
    /// The shop's account.
    pub shop: AccountId,
}

/// An amount at a till: whole yen below 2^32, in four bytes since codes are small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub struct ShopYen(u32);

impl ShopYen {
    /// The amount; none where it is 2^32 yen or more.
    #[must_use]
    pub fn new(amount: Yen) -> Option<Self> {
        u32::try_from(amount.get()).ok().map(Self)
    }

    /// The amount.
    #[must_use]
    pub fn get(self) -> Yen {
        Yen::new(u64::from(self.0))
    }
}

impl core::fmt::Display for ShopYen {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl core::str::FromStr for ShopYen {
    type Err = ParseYenError;

    fn from_str(text: &str) -> Result<Self, ParseYenError> {
        Self::new(text.parse()?).ok_or(ParseYenError)
    }
}

serde_by_text!(ShopYen);

/// 16 bytes at random, so that nobody guesses a request or makes two of one identity.
#[derive(Clone, Copy, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RequestNonce([u8; 16]);

impl RequestNonce {
    /// These bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The text is not 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a request's nonce is 32 hexadecimal digits")]
pub struct ParseNonceError;

impl core::str::FromStr for RequestNonce {
    type Err = ParseNonceError;

    fn from_str(text: &str) -> Result<Self, ParseNonceError> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ParseNonceError)?;
        Ok(Self(bytes))
    }
}

shown_in_hex!(RequestNonce);
serde_by_text!(RequestNonce);

plain! {
    ShopYen: "ShopAmount" {
        "type": "string", "pattern": "^(0|[1-9][0-9]{0,9})$", "examples": ["1200"],
        "description": "An amount of whole yen below 2^32: decimal digits."
    };
    RequestNonce: "Hex16" {
        "type": "string", "pattern": "^[0-9a-f]{32}$", "description": "16 bytes in hexadecimal digits."
    };
}

shape! {
    /// What a programme that does not take everything may take of an amount.
    #[derive(Copy)]
    pub struct Exception {
        /// The category of exclusions, as programmes of the zone name it.
        category: u8,
        /// The part of the amount that a programme with these exclusions may pay.
        eligible: ShopYen,
    }
}

shape! {
    /// What a terminal asks beside place and amount.
    pub struct RequestTerms {
        /// Which of the shop's terminals asks.
        terminal: u16,
        /// 16 bytes at random.
        nonce: RequestNonce,
        /// The part that programmes may pay for which no exception is said.
        eligible: ShopYen,
        /// Exceptions in ascending order of their category, each once, 8 at most.
        exceptions: Vec<Exception>,
        /// Whether a part of it may be paid in cash at the till.
        takes_cash: bool,
        /// The salted commitment of the receipt.
        tax_lines: Hash,
        /// The version of the fee schedule that was in force; 0 where none was.
        fee_schedule: u32,
        /// When it was made, in the network's time.
        made: Timestamp,
        /// For how many seconds it is good: 1 to 600.
        seconds: u16,
    }
}

/// Why nobody should sign or pay a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsoundRequest {
    /// It asks for nothing.
    #[error("the amount is 0")]
    NoAmount,
    /// More than the whole may be paid by programmes.
    #[error("{eligible} yen of {amount} are said to be eligible")]
    Eligible {
        /// The part.
        eligible: Yen,
        /// The whole.
        amount: Yen,
    },
    /// Exceptions are more than 8, or not in ascending order of their category, each once.
    #[error("exceptions are more than 8, or not in ascending order of their category, each once")]
    Exceptions,
    /// It is good for no time, or for more than ten minutes.
    #[error("it is good for {seconds} seconds, which are 1 to 600")]
    Lifetime {
        /// For how many it is good.
        seconds: u16,
    },
}

impl RequestTerms {
    /// When it is no longer good; the last instant that there is where that does not fit.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let millis = u64::from(self.seconds).saturating_mul(1000);
        let last = Timestamp::from_millis(u64::MAX);
        self.made.checked_add_millis(millis).unwrap_or(last)
    }

    /// What a programme with these exclusions may pay.
    #[must_use]
    pub fn eligible_of(&self, category: u8) -> Yen {
        let exception = self.exceptions.iter().find(|one| one.category == category);
        exception.map_or(self.eligible, |one| one.eligible).get()
    }

    /// Checks what can be judged without the ledger, in a request of this amount.
    ///
    /// # Errors
    /// [`UnsoundRequest`] says what contradicts itself.
    pub fn check(&self, amount: ShopYen) -> Result<(), UnsoundRequest> {
        if amount.get().is_zero() {
            return Err(UnsoundRequest::NoAmount);
        }
        let parts = self.exceptions.iter().map(|one| one.eligible);
        if let Some(part) = parts.chain([self.eligible]).find(|part| *part > amount) {
            return Err(UnsoundRequest::Eligible { eligible: part.get(), amount: amount.get() });
        }
        let is_ordered = self.exceptions.is_sorted_by(|a, b| a.category < b.category);
        if self.exceptions.len() > REQUEST_EXCEPTIONS_MAX || !is_ordered {
            return Err(UnsoundRequest::Exceptions);
        }
        if !(1..=REQUEST_SECONDS_MAX).contains(&self.seconds) {
            return Err(UnsoundRequest::Lifetime { seconds: self.seconds });
        }
        Ok(())
    }
}

/// What a terminal asks: what its key signs.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PaymentRequest {
    /// Where the shop is paid.
    pub place: ShopPlace,
    /// How much, premium and subsidies included.
    pub amount: ShopYen,
    /// Everything else.
    pub terms: RequestTerms,
}

impl PaymentRequest {
    /// The number by which the ledger consumes it once.
    #[must_use]
    pub fn id(&self) -> Hash {
        request_id(self.place.zone, &self.place.shop, self.terms.made, &self.terms.nonce)
    }

    /// The bytes that the terminal's key signs.
    #[must_use]
    pub fn signed_bytes(&self, genesis: &Hash) -> Vec<u8> {
        Domain::PAYMENT_REQUEST.signed_bytes(genesis, self)
    }
}

/// The number by which the ledger consumes a request once: it begins with the day on which the request
/// was made, so that it can end (see [`crate::day`]), and two shops' are never one.
#[must_use]
pub fn request_id(zone: ZoneId, shop: &AccountId, made: Timestamp, nonce: &RequestNonce) -> Hash {
    let zone = codec::encode(&zone);
    Day::of(made).id(Hash::of(&[TAG_REQUEST, &zone, shop.as_bytes(), nonce.as_bytes()]))
}

shape! {
    /// The request that a payment answers. Its amount is what is paid and the cash together.
    pub struct AnsweredRequest {
        /// What was asked.
        terms: RequestTerms,
        /// The key of the terminal.
        key: PublicKey,
        /// Its signature.
        signature: Signature,
        /// What of the amount is paid in cash at the till.
        cash: Yen,
    }
}

impl AnsweredRequest {
    /// The whole that was asked, of which `paid` is paid on the ledger; none where it is no amount of a
    /// request.
    #[must_use]
    pub fn amount(&self, paid: Yen) -> Option<ShopYen> {
        paid.checked_add(self.cash).and_then(ShopYen::new)
    }

    /// What the terminal's key must have signed; none where no request has such an amount.
    #[must_use]
    pub fn request(&self, place: ShopPlace, paid: Yen) -> Option<PaymentRequest> {
        Some(PaymentRequest { place, amount: self.amount(paid)?, terms: self.terms.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn terms() -> RequestTerms {
        sample::request_terms()
    }

    fn yen(amount: u64) -> ShopYen {
        ShopYen::new(Yen::new(amount)).unwrap()
    }

    #[test]
    fn what_contradicts_itself_is_named() {
        let all = yen(1000);
        assert_eq!(terms().check(all), Ok(()));
        assert_eq!(terms().check(yen(0)), Err(UnsoundRequest::NoAmount));
        let eligible = RequestTerms { eligible: yen(1001), ..terms() }.check(all);
        let (part, amount) = (Yen::new(1001), Yen::new(1000));
        assert_eq!(eligible, Err(UnsoundRequest::Eligible { eligible: part, amount }));
        let exception = |category| Exception { category, eligible: yen(1) };
        for wrong in [vec![exception(2), exception(2)], (0..9).map(exception).collect()] {
            let found = RequestTerms { exceptions: wrong, ..terms() }.check(all);
            assert_eq!(found, Err(UnsoundRequest::Exceptions));
        }
        for seconds in [0, 601] {
            let found = RequestTerms { seconds, ..terms() }.check(all);
            assert_eq!(found, Err(UnsoundRequest::Lifetime { seconds }));
        }
    }

    #[test]
    fn a_programme_may_pay_what_its_exclusions_leave() {
        let exceptions = vec![Exception { category: 3, eligible: yen(5) }];
        let terms = RequestTerms { exceptions, eligible: yen(9), ..terms() };
        assert_eq!((terms.eligible_of(3), terms.eligible_of(4)), (Yen::new(5), Yen::new(9)));
    }

    #[test]
    fn a_request_is_known_by_its_shop_its_day_and_its_nonce() {
        let (zone, shop) = (ZoneId::new(1), AccountId::new([2; 20]));
        let made = Timestamp::from_millis(20_000 * crate::day::DAY_MS);
        let id = request_id(zone, &shop, made, &RequestNonce::new([3; 16]));
        assert_eq!(Day::of_id(&id), Day::new(20_000));
        let others = [
            request_id(ZoneId::new(2), &shop, made, &RequestNonce::new([3; 16])),
            request_id(zone, &AccountId::new([3; 20]), made, &RequestNonce::new([3; 16])),
            request_id(zone, &shop, made, &RequestNonce::new([4; 16])),
        ];
        assert!(!others.contains(&id));
        let answered =
            AnsweredRequest { cash: Yen::new(u64::from(u32::MAX)), ..sample::answered_request() };
        assert_eq!(answered.amount(Yen::new(1)), None);
        assert_eq!(answered.amount(Yen::new(u64::MAX)), None);
        assert_eq!(answered.amount(Yen::ZERO), Some(yen(u64::from(u32::MAX))));
    }
}
