//! A party's signed request for data under a consent, as it shows it to the data holder.
//!
//! Canonical borsh of [`SignedAccessRequest`]. Each key signs the request's canonical bytes behind
//! the prefix of [`Domain::ACCESS_REQUEST`].

use borsh::{BorshDeserialize, BorshSerialize};
use ledger_types::codec::{self, DecodeError};
use ledger_types::consent::{Asked, PurposeProof, TermsLeaf};
use ledger_types::limits::{AUTHORISATIONS_MAX, TERMS_PATH_MAX, VOCABULARY_PATH_MAX};
use ledger_types::signed::Domain;
use ledger_types::transaction::Authorisation;
use ledger_types::{ConsentId, Hash, PartyId, SigningKey, Timestamp};

/// The most bytes that a signed request has.
pub const REQUEST_BYTES_MAX: usize = 4096;

/// What a party asks for: one process of one consent's terms.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct AccessRequest {
    /// Who asks.
    pub requester: PartyId,
    /// The data holder that is asked: another one is shown nothing by this request.
    pub holder: PartyId,
    /// The consent relied on.
    pub consent: ConsentId,
    /// The process, as a leaf of the consent's terms.
    pub leaf: TermsLeaf,
    /// The leaf's place among the terms.
    pub leaf_index: u32,
    /// The leaf's path to the terms' root, bottom first; at most 16.
    pub path: Vec<Hash>,
    /// That its purpose lies within the consent's breadth, of at most 32 hashes; there exactly
    /// where that is broad.
    pub purpose: Option<PurposeProof>,
    /// When it asks.
    pub time: Timestamp,
}

/// A request with the signatures of the requester's keys, 1 to 8, each key once.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SignedAccessRequest {
    /// What is asked.
    pub request: AccessRequest,
    /// By whom.
    pub authorisations: Vec<Authorisation>,
}

impl AccessRequest {
    /// The bytes that a key signs on the network with this genesis.
    #[must_use]
    pub fn signed_bytes(&self, genesis: &Hash) -> Vec<u8> {
        Domain::ACCESS_REQUEST.signed_bytes(genesis, self)
    }

    /// The process that is asked for.
    #[must_use]
    pub fn asked(&self) -> Asked<'_> {
        let Self { leaf, path, .. } = self;
        Asked { leaf, index: self.leaf_index, path, purpose: self.purpose.as_ref() }
    }

    /// Signs with each key in turn.
    #[must_use]
    pub fn sign(self, genesis: &Hash, keys: &[&SigningKey]) -> SignedAccessRequest {
        let message = self.signed_bytes(genesis);
        let one = |key: &&SigningKey| Authorisation {
            key: key.public_key(),
            signature: key.sign(&message),
        };
        SignedAccessRequest { authorisations: keys.iter().map(one).collect(), request: self }
    }
}

impl SignedAccessRequest {
    /// The request of these bytes, with its counts checked.
    ///
    /// # Errors
    /// [`DecodeError`] where they are not canonical, or a path or the list of keys is too long, or
    /// a key is repeated.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let signed: Self = codec::decode(bytes, REQUEST_BYTES_MAX)?;
        let purpose = signed.request.purpose.as_ref();
        let counted = signed.request.path.len() <= TERMS_PATH_MAX
            && purpose.is_none_or(|proof| proof.path.len() <= VOCABULARY_PATH_MAX)
            && (1..=AUTHORISATIONS_MAX).contains(&signed.authorisations.len());
        let keys = signed.authorisations.iter().enumerate();
        let repeated = keys
            .clone()
            .any(|(at, one)| keys.clone().take(at).any(|(_, earlier)| earlier.key == one.key));
        if counted && !repeated {
            return Ok(signed);
        }
        Err(DecodeError::Malformed { reason: "counts or repeated keys".to_owned() })
    }
}
