//! A payment request: what a shop's terminal asks to be paid, under its registered key.
//!
//! A request is a document, not a transaction: it travels in a QR code and inside a
//! payment, and the ledger's step consumes its identity once. The key signs kind, genesis hash and
//! the canonical borsh bytes (protocol rule 1), so a request counts on one network and as nothing
//! else. FORMAT.md has the bytes. Decoding is total, bounded, and takes one form of each request.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::signed::Domain;
use ledger_types::verify::verify;
use ledger_types::{
    AccountId, Day, Hash, NetworkId, PublicKey, Signature, SigningKey, Timestamp, Yen, ZoneId,
};

use crate::base45;

/// The most exceptions of a request.
pub const EXCEPTIONS_MAX: usize = 8;
/// How long a request is good at most, in seconds.
pub const SECONDS_MAX: u16 = 600;
/// The most bytes of a request with its signature: the fixed ones and eight exceptions.
pub const REQUEST_BYTES_MAX: usize = FIXED_BYTES + EXCEPTIONS_MAX * EXCEPTION_BYTES;
/// The first bytes of every request: the shop's place, as a code without a request carries it too.
pub const PLACE_BYTES: usize = 26;

const AMOUNT_BYTES: usize = 4;
const EXCEPTION_BYTES: usize = 5;
const FIXED_BYTES: usize = PLACE_BYTES + AMOUNT_BYTES + 72 + 65;
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

/// What a programme that does not take everything may take of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Exception {
    /// The category of exclusions, by the number that the zone's programmes give it.
    pub category: u8,
    /// The part of the amount that a programme with these exclusions may pay.
    pub eligible: ShopYen,
}

/// What a terminal asks.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct PaymentRequest {
    /// Where the shop is paid.
    pub place: ShopPlace,
    /// How much, premium and subsidies included.
    pub amount: ShopYen,
    /// Which of the shop's terminals asks.
    pub terminal: u16,
    /// 16 bytes at random, so that nobody guesses a request or makes two of one identity.
    pub nonce: [u8; 16],
    /// The part that programmes may pay for which no exception is said.
    pub eligible: ShopYen,
    /// Exceptions in ascending order of their category, each once, 8 at most.
    pub exceptions: Vec<Exception>,
    /// The salted commitment of the tax lines ([`crate::invoice::Invoice::commitment`]).
    pub tax_lines: Hash,
    /// The version of the fee schedule that was in force.
    pub fee_schedule: u32,
    /// When it was made, in the network's time.
    pub made: Timestamp,
    /// For how many seconds it is good: 1 to 600.
    pub seconds: u16,
}

/// A request with the signature of its terminal's key, sound in itself. Whether the key is the
/// terminal's only the ledger knows.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SignedRequest {
    request: PaymentRequest,
    signature: Signature,
}

/// Why something is no request, or not one to be paid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The bytes are not those of a request.
    #[error("the bytes are not those of a request: {0}")]
    Bytes(#[from] DecodeError),
    /// The text is not base45.
    #[error("the text is not base45")]
    Text,
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
    /// It is another network's.
    #[error("the request is of the network {found}, not of {expected}")]
    OtherNetwork {
        /// The network for which it was asked.
        expected: NetworkId,
        /// Its own.
        found: NetworkId,
    },
    /// The signature is not the terminal's over this request.
    #[error("the signature is not the terminal's over this request")]
    Signature,
}

impl PaymentRequest {
    /// When it is no longer good; the last instant that there is where that does not fit.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        let millis = u64::from(self.seconds).saturating_mul(1000);
        let last = Timestamp::from_millis(u64::MAX);
        self.made.checked_add_millis(millis).unwrap_or(last)
    }

    /// Whether it is good at an instant.
    #[must_use]
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        now < self.expires()
    }

    /// The number by which the ledger consumes it once: it begins with the day on which it was made,
    /// so that it can end (see [`ledger_types::day`]), and two shops' are never one.
    #[must_use]
    pub fn id(&self) -> Hash {
        let shop = codec::encode(&self.place);
        Day::of(self.made).id(Hash::of(&[TAG_REQUEST, &shop, &self.nonce]))
    }

    fn checked(self) -> Result<Self, RequestError> {
        let amount = self.amount.get();
        if amount.is_zero() {
            return Err(RequestError::NoAmount);
        }
        let parts = self.exceptions.iter().map(|one| one.eligible);
        if let Some(part) = parts.chain([self.eligible]).find(|part| *part > self.amount) {
            return Err(RequestError::Eligible { eligible: part.get(), amount });
        }
        let is_ordered = self.exceptions.is_sorted_by(|a, b| a.category < b.category);
        if self.exceptions.len() > EXCEPTIONS_MAX || !is_ordered {
            return Err(RequestError::Exceptions);
        }
        if !(1..=SECONDS_MAX).contains(&self.seconds) {
            return Err(RequestError::Lifetime { seconds: self.seconds });
        }
        Ok(self)
    }
}

impl SignedRequest {
    /// Signs a request by its terminal's key, for the network with this genesis.
    ///
    /// # Errors
    /// [`RequestError`] for a request that nobody should sign.
    pub fn sign(
        request: PaymentRequest,
        genesis: &Hash,
        key: &SigningKey,
    ) -> Result<Self, RequestError> {
        let request = of_network(request.checked()?, genesis)?;
        let message = Domain::PAYMENT_REQUEST.signed_bytes(genesis, &request);
        Ok(Self { signature: key.sign(&message), request })
    }

    /// Whether it is the terminal's, on the network with this genesis.
    ///
    /// # Errors
    /// [`RequestError::OtherNetwork`] and [`RequestError::Signature`].
    pub fn verify(&self, genesis: &Hash, terminal: &PublicKey) -> Result<(), RequestError> {
        let request = of_network(self.request.clone(), genesis)?;
        let message = Domain::PAYMENT_REQUEST.signed_bytes(genesis, &request);
        let holds = verify(terminal, &message, &self.signature);
        if holds { Ok(()) } else { Err(RequestError::Signature) }
    }

    /// What is asked.
    #[must_use]
    pub const fn request(&self) -> &PaymentRequest {
        &self.request
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The canonical bytes: the request's, then type and bytes of the signature.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads canonical bytes. The signature is not verified by it.
    ///
    /// # Errors
    /// [`RequestError`] says what is wrong with them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RequestError> {
        let Self { request, signature } = codec::decode(bytes, REQUEST_BYTES_MAX)?;
        Ok(Self { request: request.checked()?, signature })
    }

    /// What a code carries beside place and amount, which it has in fields of their own.
    #[must_use]
    pub(crate) fn rest(&self) -> String {
        let bytes = self.to_bytes();
        base45::encode(bytes.get(PLACE_BYTES + AMOUNT_BYTES..).unwrap_or_default())
    }

    /// The request of a code's place, amount and rest.
    pub(crate) fn of_parts(
        place: &ShopPlace,
        amount: ShopYen,
        rest: &str,
    ) -> Result<Self, RequestError> {
        let rest = base45::decode(rest).ok_or(RequestError::Text)?;
        Self::from_bytes(&[codec::encode(place), codec::encode(&amount), rest].concat())
    }
}

fn of_network(request: PaymentRequest, genesis: &Hash) -> Result<PaymentRequest, RequestError> {
    let (expected, found) = (genesis.network(), request.place.network);
    if expected == found {
        Ok(request)
    } else {
        Err(RequestError::OtherNetwork { expected, found })
    }
}
