//! A payment request: what a shop's terminal asks to be paid, under its registered key.
//!
//! A request is a document, not a transaction: it travels in a QR code and inside a
//! payment, and the ledger's step consumes its identity once. The key signs kind, genesis hash and
//! the canonical borsh bytes (protocol rule 1), so a request counts on one network and as nothing
//! else. FORMAT.md has the bytes. Decoding is total, bounded, and takes one form of each request.

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::REQUEST_EXCEPTIONS_MAX;
use ledger_types::verify::verify;
use ledger_types::{Hash, NetworkId, PublicKey, Signature, SigningKey};

pub use ledger_types::zone::{
    Exception, PaymentRequest, RequestNonce, RequestTerms, ShopPlace, ShopYen, UnsoundRequest,
};

use crate::base45;

/// The most bytes of a request with its signature: the fixed ones and eight exceptions.
pub const REQUEST_BYTES_MAX: usize = FIXED_BYTES + REQUEST_EXCEPTIONS_MAX * EXCEPTION_BYTES;
/// The first bytes of every request: the shop's place, as a code without a request carries it too.
pub const PLACE_BYTES: usize = 26;

const AMOUNT_BYTES: usize = 4;
const EXCEPTION_BYTES: usize = 5;
const FIXED_BYTES: usize = PLACE_BYTES + AMOUNT_BYTES + 73 + 65;

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
    /// It contradicts itself.
    #[error(transparent)]
    Unsound(#[from] UnsoundRequest),
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
        let request = of_network(checked(request)?, genesis)?;
        let message = request.signed_bytes(genesis);
        Ok(Self { signature: key.sign(&message), request })
    }

    /// Whether it is the terminal's, on the network with this genesis.
    ///
    /// # Errors
    /// [`RequestError::OtherNetwork`] and [`RequestError::Signature`].
    pub fn verify(&self, genesis: &Hash, terminal: &PublicKey) -> Result<(), RequestError> {
        let request = of_network(self.request.clone(), genesis)?;
        let message = request.signed_bytes(genesis);
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
        Ok(Self { request: checked(request)?, signature })
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

fn checked(request: PaymentRequest) -> Result<PaymentRequest, RequestError> {
    request.terms.check(request.amount)?;
    Ok(request)
}

fn of_network(request: PaymentRequest, genesis: &Hash) -> Result<PaymentRequest, RequestError> {
    let (expected, found) = (genesis.network(), request.place.network);
    if expected == found {
        Ok(request)
    } else {
        Err(RequestError::OtherNetwork { expected, found })
    }
}
