//! What two nodes say to each other: requests on one stream, answered in their order, all bounded.
//!
//! ```text
//! request  = 0 ‖ height (u64 LE) ‖ votes (0 | 1) ‖ genesis hash (32)
//!            ‖ process (u64 LE)                                   status
//!          | 1 ‖ (length (u32 LE) ‖ transaction)+                     bundle
//!          | 2 ‖ size (u64 LE) ‖ time and signature (72)              cosignature of the audit log
//! response = kind (0 taken | 1 busy | 2 doubled) ‖ height (u64 LE)
//! ```
//! Transactions stay as bytes here: the mempool decodes them.

use borsh::{BorshDeserialize, BorshSerialize};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use ledger_types::{Hash, Height, codec};

use crate::audit_log::COSIGNATURE_BYTES;

/// The most bytes of a request.
pub const REQUEST_BYTES_MAX: usize = 512 * 1024;
/// The most transactions in a bundle.
pub const BUNDLE_TRANSACTIONS_MAX: usize = 8_192;
/// A response's bytes.
pub const RESPONSE_BYTES: usize = 1 + 8;

const STATUS: u8 = 0;
const BUNDLE: u8 = 1;
const COSIGNATURE: u8 = 2;
/// The length before each transaction.
const PREFIX_BYTES: usize = 4;

const _: () = assert!(
    TRANSACTION_BYTES_MAX + PREFIX_BYTES < REQUEST_BYTES_MAX,
    "every transaction fits into a request"
);

/// The bytes are none of the forms above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed message")]
pub struct Malformed;

impl From<Malformed> for std::io::Error {
    fn from(malformed: Malformed) -> Self {
        Self::new(std::io::ErrorKind::InvalidData, malformed)
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// How far the sender is, and in which network.
    Status(Status),
    /// Transactions of the sender's own clients.
    Bundle {
        /// Each encoded, at least one.
        transactions: Vec<Bytes>,
    },
    /// The sender's cosignature over a checkpoint of the audit log.
    Cosignature {
        /// The log's size.
        size: u64,
        /// Time and signature.
        cosignature: [u8; COSIGNATURE_BYTES],
    },
}

/// What a node says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Status {
    /// The height of its tip.
    pub height: Height,
    /// Whether it votes.
    pub votes: bool,
    /// The hash of its genesis document: nodes of two networks may know each other's keys.
    pub genesis: Hash,
    /// A number that it drew when it started: two nodes with one network key have two.
    pub process: u64,
}

/// A status' bytes.
const STATUS_BYTES: usize = 8 + 1 + 32 + 8;

impl Request {
    /// The bytes of a status.
    #[must_use]
    pub fn status(status: Status) -> Bytes {
        codec::encode(&(STATUS, status)).into()
    }

    /// The bytes of a cosignature.
    #[must_use]
    pub fn cosignature(size: u64, cosignature: &[u8; COSIGNATURE_BYTES]) -> Bytes {
        codec::encode(&(COSIGNATURE, size, cosignature)).into()
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`Malformed`] for any other bytes.
    pub fn parse(mut bytes: Bytes) -> Result<Self, Malformed> {
        match bytes.try_get_u8() {
            Ok(STATUS) => {
                codec::decode(&bytes, STATUS_BYTES).map(Self::Status).map_err(|_| Malformed)
            }
            Ok(BUNDLE) => Ok(Self::Bundle { transactions: transactions_of(bytes)? }),
            Ok(COSIGNATURE) => {
                let size = bytes.try_get_u64_le().map_err(|_| Malformed)?;
                let cosignature = bytes.as_ref().try_into().map_err(|_| Malformed)?;
                Ok(Self::Cosignature { size, cosignature })
            }
            _ => Err(Malformed),
        }
    }
}

fn transactions_of(mut bytes: Bytes) -> Result<Vec<Bytes>, Malformed> {
    let mut transactions = Vec::new();
    while !bytes.is_empty() {
        let length = bytes.try_get_u32_le().map_err(|_| Malformed)?;
        let length = usize::try_from(length).map_err(|_| Malformed)?;
        let fits = (1..=TRANSACTION_BYTES_MAX).contains(&length) && length <= bytes.len();
        if !fits || transactions.len() == BUNDLE_TRANSACTIONS_MAX {
            return Err(Malformed);
        }
        transactions.push(bytes.split_to(length));
    }
    if transactions.is_empty() { Err(Malformed) } else { Ok(transactions) }
}

/// Whether a request's bytes are those of a bundle.
#[must_use]
pub fn is_bundle(request: &[u8]) -> bool {
    request.first() == Some(&BUNDLE)
}

/// A response: the answerer's height, and whether it took the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Response {
    /// Whether it did.
    pub standing: Acceptance,
    /// The height of its tip.
    pub height: Height,
}

/// Whether a request was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Acceptance {
    /// It was.
    Taken = 0,
    /// It was not, or not all of it: to be sent again a little later.
    Busy = 1,
    /// It was, and another node speaks under the sender's network key.
    Doubled = 2,
}

impl Response {
    /// The bytes.
    #[must_use]
    pub fn encode(self) -> Bytes {
        codec::encode(&self).into()
    }

    /// Reads a response.
    ///
    /// # Errors
    /// [`Malformed`] for any other bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        codec::decode(bytes, RESPONSE_BYTES).map_err(|_| Malformed)
    }
}

/// A bundle being written.
#[derive(Debug, Default)]
pub struct BundleWriter {
    bytes: BytesMut,
    transactions: usize,
}

impl BundleWriter {
    /// Adds an encoded transaction; gives the bundle so far where it has no room for this one.
    pub fn add(&mut self, transaction: &[u8]) -> Option<Bytes> {
        let Ok(length) = u32::try_from(transaction.len()) else { return None };
        let full = self.transactions == BUNDLE_TRANSACTIONS_MAX
            || self.bytes.len() + PREFIX_BYTES + transaction.len() > REQUEST_BYTES_MAX;
        let before = if full { self.finish() } else { None };
        if self.bytes.is_empty() {
            self.bytes.put_u8(BUNDLE);
        }
        self.bytes.put_u32_le(length);
        self.bytes.put_slice(transaction);
        self.transactions += 1;
        before
    }

    /// Whether nothing was added.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.transactions == 0
    }

    /// The bundle's bytes; the writer begins anew. `None` where nothing was added.
    pub fn finish(&mut self) -> Option<Bytes> {
        let written = core::mem::take(self);
        (!written.is_empty()).then(|| written.bytes.freeze())
    }
}

/// Bundles of these transactions, as few as hold them.
#[must_use]
pub fn bundles(transactions: &[Bytes]) -> Vec<Bytes> {
    let mut writer = BundleWriter::default();
    let mut bundles: Vec<Bytes> = transactions.iter().filter_map(|t| writer.add(t)).collect();
    bundles.extend(writer.finish());
    bundles
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop, proptest};

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_and_what_is_read_is_canonical(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            kind in 0_u8..4,
        ) {
            let mut bytes = bytes;
            if let Some(first) = bytes.first_mut() {
                *first = kind;
            }
            let bytes = Bytes::from(bytes);
            match Request::parse(bytes.clone()) {
                Ok(Request::Status(status)) => assert_eq!(Request::status(status), bytes),
                Ok(Request::Bundle { transactions }) => {
                    assert_eq!(bundles(&transactions), core::slice::from_ref(&bytes));
                }
                Ok(Request::Cosignature { size, cosignature }) => {
                    assert_eq!(Request::cosignature(size, &cosignature), bytes);
                }
                Err(Malformed) => {}
            }
            if let Ok(response) = Response::parse(&bytes) {
                assert_eq!(response.encode(), bytes);
            }
        }

        #[test]
        fn bundles_hold_every_transaction_once_and_in_order(
            lengths in prop::collection::vec(1_usize..TRANSACTION_BYTES_MAX, 0..40),
        ) {
            let transactions: Vec<Bytes> = (0_u8..)
                .zip(lengths)
                .map(|(fill, length)| Bytes::from(vec![fill; length]))
                .collect();
            let mut read = Vec::new();
            for bundle in bundles(&transactions) {
                assert!(bundle.len() <= REQUEST_BYTES_MAX);
                let Ok(Request::Bundle { transactions }) = Request::parse(bundle) else {
                    panic!("a bundle is written")
                };
                read.extend(transactions);
            }
            assert_eq!(read, transactions);
        }
    }

    #[test]
    fn a_bundle_of_too_many_is_refused_and_never_written() {
        let one = Bytes::from_static(b"t");
        let bundles = bundles(&vec![one; BUNDLE_TRANSACTIONS_MAX + 1]);
        assert_eq!(bundles.len(), 2);
        let mut both = BytesMut::from(&bundles[0][..]);
        both.put_slice(&bundles[1][1..]);
        assert_eq!(Request::parse(both.freeze()), Err(Malformed));
    }

    #[test]
    fn messages_of_fixed_form_are_these_bytes() {
        let height = Height::new(0x0102);
        let status = Status { height, votes: true, genesis: Hash::new([9; 32]), process: 5 };
        let process = [5_u8, 0, 0, 0, 0, 0, 0, 0];
        let said = [&[0_u8, 2, 1, 0, 0, 0, 0, 0, 0, 1][..], &[9; 32], &process].concat();
        assert_eq!(Request::status(status), said);
        assert_eq!(Request::parse(said.into()), Ok(Request::Status(status)));
        let mut cosignature = vec![2_u8, 2, 1, 0, 0, 0, 0, 0, 0];
        cosignature.extend([7; COSIGNATURE_BYTES]);
        assert_eq!(Request::cosignature(height.get(), &[7; COSIGNATURE_BYTES]), cosignature);
        let standings = [Acceptance::Taken, Acceptance::Busy, Acceptance::Doubled];
        for (first, standing) in (0_u8..).zip(standings) {
            let bytes = [first, 2, 1, 0, 0, 0, 0, 0, 0];
            let response = Response { standing, height };
            assert_eq!(response.encode(), bytes[..]);
            assert_eq!(Response::parse(&bytes), Ok(response));
        }
        for bad in [&[3, 2, 1, 0, 0, 0, 0, 0, 0][..], &[0; 8], &[0; 10]] {
            assert_eq!(Response::parse(bad), Err(Malformed), "{bad:?}");
        }
    }

    #[test]
    fn an_empty_bundle_or_transaction_is_refused() {
        assert_eq!(Request::parse(Bytes::from_static(&[BUNDLE])), Err(Malformed));
        assert_eq!(Request::parse(Bytes::from_static(&[BUNDLE, 0, 0, 0, 0])), Err(Malformed));
        assert_eq!(Request::parse(Bytes::new()), Err(Malformed));
    }
}
