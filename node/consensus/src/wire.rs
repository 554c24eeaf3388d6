//! What the engine's messages look like in bytes, on the network and in the write-ahead log.
//!
//! Canonical borsh. Decoding is total and bounded: limits come first, and every byte string either
//! decodes to one message whose encoding is that byte string, or is refused.

use arc_malachitebft_app_channel::app::consensus::LivenessMsg;
use arc_malachitebft_app_channel::app::streaming::{StreamContent, StreamId, StreamMessage};
use arc_malachitebft_app_channel::app::types::codec::Codec;
use arc_malachitebft_app_channel::app::types::core as malachite;
use arc_malachitebft_app_channel::app::types::core::{
    NilOrVal, PolkaSignature, RoundCertificateType, RoundSignature, SignedMessage, ValidatorProof,
};
use arc_malachitebft_app_channel::app::types::{ProposedValue, SignedConsensusMsg};
use borsh::{BorshDeserialize, BorshSerialize};
use bytes::Bytes;
use ledger_types::codec::{self, DecodeError};
use ledger_types::limits::{BLOCK_BYTES_MAX, VALIDATORS_MAX};
use ledger_types::{
    CommitSignature, Hash, Height, Round, Signature, ValidatorAddress, Vote as SignedVote, VoteKind,
};

use crate::context::{
    Address, BlockHeight, BlockId, Kyojo, Proposal, Vote, engine_round, kind_of, ledger_round,
    type_of,
};
use crate::part::{Claim, Init, PART_BYTES, Part};

/// The most bytes of a vote, a proposal, a status or a request.
const SMALL_BYTES_MAX: usize = 512;
/// The most bytes of a certificate: no validator's entry is larger than 160.
pub(crate) const CERTIFICATE_BYTES_MAX: usize = 256 + VALIDATORS_MAX * 160;
/// The most bytes that a stream's name may have.
const STREAM_ID_BYTES_MAX: usize = 32;
/// The most bytes of a part with its envelope.
const PART_MESSAGE_BYTES_MAX: usize = PART_BYTES + SMALL_BYTES_MAX;
/// The most bytes of an answer to a sync request.
pub(crate) const RESPONSE_BYTES_MAX: usize = 10 * 1024 * 1024;

const _: () = assert!(
    BLOCK_BYTES_MAX + 2 * CERTIFICATE_BYTES_MAX < RESPONSE_BYTES_MAX,
    "the largest block fits into an answer"
);

mod history;
pub(crate) mod synced;

/// The codec of everything that the engine sends or logs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wire;

/// Why a message has no bytes, or bytes no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WireError {
    /// The bytes do not decode.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// A message without a round, or of a kind that this network does not have.
    #[error("this message is not part of the network's protocol")]
    NotSpoken,
}

fn malformed(reason: impl core::fmt::Display) -> WireError {
    WireError::Decode(DecodeError::Malformed { reason: reason.to_string() })
}

/// A signed vote as it travels.
#[derive(BorshSerialize, BorshDeserialize)]
struct VoteMessage {
    vote: SignedVote,
    signature: Signature,
}

impl VoteMessage {
    fn of(message: &malachite::SignedVote<Kyojo>) -> Result<Self, WireError> {
        let vote = message.message.as_signed().ok_or(WireError::NotSpoken)?;
        Ok(Self { vote, signature: message.signature })
    }

    fn into_engine(self) -> malachite::SignedVote<Kyojo> {
        let vote = Vote {
            kind: type_of(self.vote.kind),
            height: BlockHeight(self.vote.height),
            round: engine_round(self.vote.round),
            value: self.vote.block.map_or(NilOrVal::Nil, NilOrVal::Val),
            validator: Address(self.vote.validator),
        };
        SignedMessage::new(vote, self.signature)
    }
}

#[derive(BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
enum ConsensusMessage {
    Vote(VoteMessage) = 0,
    Proposal(Init) = 1,
}

impl Codec<SignedConsensusMsg<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<SignedConsensusMsg<Kyojo>, WireError> {
        Ok(match codec::decode::<ConsensusMessage>(&bytes, SMALL_BYTES_MAX)? {
            ConsensusMessage::Vote(vote) => SignedConsensusMsg::Vote(vote.into_engine()),
            ConsensusMessage::Proposal(init) => {
                let proposal = Proposal {
                    height: BlockHeight(init.claim.height),
                    round: engine_round(init.claim.round),
                    value: BlockId(init.claim.block),
                    valid_round: optional_round(init.claim.valid_round),
                    proposer: Address(init.proposer),
                };
                SignedConsensusMsg::Proposal(SignedMessage::new(proposal, init.signature))
            }
        })
    }

    fn encode(&self, message: &SignedConsensusMsg<Kyojo>) -> Result<Bytes, WireError> {
        let message = match message {
            SignedConsensusMsg::Vote(vote) => ConsensusMessage::Vote(VoteMessage::of(vote)?),
            SignedConsensusMsg::Proposal(proposal) => ConsensusMessage::Proposal(Init {
                claim: proposal.message.claim().ok_or(WireError::NotSpoken)?,
                proposer: proposal.message.proposer.0,
                signature: proposal.signature,
            }),
        };
        Ok(codec::encode(&message).into())
    }
}

fn optional_round(round: Option<Round>) -> malachite::Round {
    round.map_or(malachite::Round::Nil, engine_round)
}

/// A value as the write-ahead log keeps it.
#[derive(BorshSerialize, BorshDeserialize)]
struct ValueRecord {
    claim: Claim,
    proposer: ValidatorAddress,
    valid: bool,
}

impl Codec<ProposedValue<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<ProposedValue<Kyojo>, WireError> {
        let record = codec::decode::<ValueRecord>(&bytes, SMALL_BYTES_MAX)?;
        Ok(ProposedValue {
            height: BlockHeight(record.claim.height),
            round: engine_round(record.claim.round),
            valid_round: optional_round(record.claim.valid_round),
            proposer: Address(record.proposer),
            value: BlockId(record.claim.block),
            validity: malachite::Validity::from_bool(record.valid),
        })
    }

    fn encode(&self, value: &ProposedValue<Kyojo>) -> Result<Bytes, WireError> {
        let claim = Claim {
            height: value.height.0,
            round: ledger_round(value.round).ok_or(WireError::NotSpoken)?,
            valid_round: ledger_round(value.valid_round),
            block: value.value.0,
        };
        let valid = value.validity.is_valid();
        Ok(codec::encode(&ValueRecord { claim, proposer: value.proposer.0, valid }).into())
    }
}

/// A quorum's prevotes as they travel.
#[derive(BorshSerialize, BorshDeserialize)]
struct PolkaMessage {
    height: Height,
    round: Round,
    block: Hash,
    signatures: Vec<CommitSignature>,
}

impl PolkaMessage {
    fn of(polka: &malachite::PolkaCertificate<Kyojo>) -> Result<Self, WireError> {
        let entry = |entry: &PolkaSignature<Kyojo>| CommitSignature {
            validator: entry.address.0,
            signature: entry.signature,
        };
        Ok(Self {
            height: polka.height.0,
            round: ledger_round(polka.round).ok_or(WireError::NotSpoken)?,
            block: polka.value_id,
            signatures: polka.polka_signatures.iter().map(entry).collect(),
        })
    }

    fn into_engine(self) -> Result<malachite::PolkaCertificate<Kyojo>, WireError> {
        within_validators(self.signatures.len())?;
        let entry =
            |entry: CommitSignature| PolkaSignature::new(Address(entry.validator), entry.signature);
        Ok(malachite::PolkaCertificate {
            height: BlockHeight(self.height),
            round: engine_round(self.round),
            value_id: self.block,
            polka_signatures: self.signatures.into_iter().map(entry).collect(),
        })
    }
}

/// At most two entries a validator: a round certificate may hold both kinds of vote.
fn within_validators(entries: usize) -> Result<(), WireError> {
    if entries > 2 * VALIDATORS_MAX {
        return Err(malformed("more signatures than validators may give"));
    }
    Ok(())
}

impl Codec<malachite::PolkaCertificate<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<malachite::PolkaCertificate<Kyojo>, WireError> {
        codec::decode::<PolkaMessage>(&bytes, CERTIFICATE_BYTES_MAX)?.into_engine()
    }

    fn encode(&self, polka: &malachite::PolkaCertificate<Kyojo>) -> Result<Bytes, WireError> {
        Ok(codec::encode(&PolkaMessage::of(polka)?).into())
    }
}

/// Why a round may be entered, as it travels.
#[derive(BorshSerialize, BorshDeserialize)]
struct RoundMessage {
    height: Height,
    round: Round,
    is_skip: bool,
    votes: Vec<RoundVote>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct RoundVote {
    kind: VoteKind,
    block: Option<Hash>,
    validator: ValidatorAddress,
    signature: Signature,
}

impl RoundMessage {
    fn of(certificate: &malachite::RoundCertificate<Kyojo>) -> Result<Self, WireError> {
        let entry = |entry: &RoundSignature<Kyojo>| RoundVote {
            kind: kind_of(entry.vote_type),
            block: match entry.value_id {
                NilOrVal::Nil => None,
                NilOrVal::Val(hash) => Some(hash),
            },
            validator: entry.address.0,
            signature: entry.signature,
        };
        Ok(Self {
            height: certificate.height.0,
            round: ledger_round(certificate.round).ok_or(WireError::NotSpoken)?,
            is_skip: certificate.cert_type == RoundCertificateType::Skip,
            votes: certificate.round_signatures.iter().map(entry).collect(),
        })
    }

    fn into_engine(self) -> Result<malachite::RoundCertificate<Kyojo>, WireError> {
        within_validators(self.votes.len())?;
        let entry = |vote: RoundVote| {
            let value = vote.block.map_or(NilOrVal::Nil, NilOrVal::Val);
            RoundSignature::new(type_of(vote.kind), value, Address(vote.validator), vote.signature)
        };
        Ok(malachite::RoundCertificate {
            height: BlockHeight(self.height),
            round: engine_round(self.round),
            cert_type: if self.is_skip {
                RoundCertificateType::Skip
            } else {
                RoundCertificateType::Precommit
            },
            round_signatures: self.votes.into_iter().map(entry).collect(),
        })
    }
}

#[derive(BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
enum LivenessMessage {
    Vote(VoteMessage) = 0,
    Polka(PolkaMessage) = 1,
    Round(RoundMessage) = 2,
}

impl Codec<LivenessMsg<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<LivenessMsg<Kyojo>, WireError> {
        Ok(match codec::decode::<LivenessMessage>(&bytes, CERTIFICATE_BYTES_MAX)? {
            LivenessMessage::Vote(vote) => LivenessMsg::Vote(vote.into_engine()),
            LivenessMessage::Polka(polka) => LivenessMsg::PolkaCertificate(polka.into_engine()?),
            LivenessMessage::Round(round) => {
                LivenessMsg::SkipRoundCertificate(round.into_engine()?)
            }
        })
    }

    fn encode(&self, message: &LivenessMsg<Kyojo>) -> Result<Bytes, WireError> {
        let message = match message {
            LivenessMsg::Vote(vote) => LivenessMessage::Vote(VoteMessage::of(vote)?),
            LivenessMsg::PolkaCertificate(polka) => {
                LivenessMessage::Polka(PolkaMessage::of(polka)?)
            }
            LivenessMsg::SkipRoundCertificate(round) => {
                LivenessMessage::Round(RoundMessage::of(round)?)
            }
        };
        Ok(codec::encode(&message).into())
    }
}

/// Peers are known by their network keys, so no proofs are exchanged.
impl Codec<ValidatorProof<Kyojo>> for Wire {
    type Error = WireError;

    fn decode(&self, _: Bytes) -> Result<ValidatorProof<Kyojo>, WireError> {
        Err(WireError::NotSpoken)
    }

    fn encode(&self, _: &ValidatorProof<Kyojo>) -> Result<Bytes, WireError> {
        Err(WireError::NotSpoken)
    }
}

/// What comes before a part's bytes.
#[derive(BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
enum PartHead {
    First { init: Init, length: u32 } = 0,
    Further = 1,
}

/// Takes a value off the front of `bytes`.
pub(crate) fn take<T: BorshDeserialize>(bytes: &mut Bytes) -> Result<T, WireError> {
    let mut rest: &[u8] = bytes;
    let value = T::deserialize(&mut rest).map_err(malformed)?;
    let read = bytes.len().saturating_sub(rest.len());
    *bytes = bytes.slice(read..);
    Ok(value)
}

fn take_part(mut bytes: Bytes) -> Result<Part, WireError> {
    let head = take::<PartHead>(&mut bytes)?;
    if bytes.len() > PART_BYTES {
        return Err(DecodeError::TooLarge { length: bytes.len(), most: PART_BYTES }.into());
    }
    Ok(match head {
        PartHead::First { init, length } => Part::First { init, length, bytes },
        PartHead::Further => Part::Further { bytes },
    })
}

fn append_part(part: &Part, to: &mut Vec<u8>) {
    let (head, bytes) = match part {
        Part::First { init, length, bytes } => {
            (PartHead::First { init: *init, length: *length }, bytes)
        }
        Part::Further { bytes } => (PartHead::Further, bytes),
    };
    codec::append(&head, to);
    to.extend_from_slice(bytes);
}

impl Codec<Part> for Wire {
    type Error = WireError;

    fn decode(&self, bytes: Bytes) -> Result<Part, WireError> {
        take_part(bytes)
    }

    fn encode(&self, part: &Part) -> Result<Bytes, WireError> {
        let mut bytes = Vec::with_capacity(PART_MESSAGE_BYTES_MAX);
        append_part(part, &mut bytes);
        Ok(bytes.into())
    }
}

/// What comes before a part in a stream.
#[derive(BorshSerialize, BorshDeserialize)]
struct StreamHead {
    stream: Vec<u8>,
    sequence: u64,
    is_end: bool,
}

impl Codec<StreamMessage<Part>> for Wire {
    type Error = WireError;

    fn decode(&self, mut bytes: Bytes) -> Result<StreamMessage<Part>, WireError> {
        if bytes.len() > PART_MESSAGE_BYTES_MAX {
            let length = bytes.len();
            return Err(DecodeError::TooLarge { length, most: PART_MESSAGE_BYTES_MAX }.into());
        }
        let head = take::<StreamHead>(&mut bytes)?;
        if head.stream.len() > STREAM_ID_BYTES_MAX {
            return Err(malformed("the stream's name is too long"));
        }
        let content = match head.is_end {
            true if bytes.is_empty() => StreamContent::Fin,
            true => return Err(malformed("bytes after a stream's end")),
            false => StreamContent::Data(take_part(bytes)?),
        };
        Ok(StreamMessage::new(StreamId::new(head.stream.into()), head.sequence, content))
    }

    fn encode(&self, message: &StreamMessage<Part>) -> Result<Bytes, WireError> {
        let head = StreamHead {
            stream: message.stream_id.to_bytes().to_vec(),
            sequence: message.sequence,
            is_end: message.is_fin(),
        };
        let carried = match &message.content {
            StreamContent::Data(Part::First { bytes, .. } | Part::Further { bytes }) => bytes.len(),
            StreamContent::Fin => 0,
        };
        let mut bytes = Vec::with_capacity(carried.saturating_add(SMALL_BYTES_MAX));
        codec::append(&head, &mut bytes);
        if let StreamContent::Data(part) = &message.content {
            append_part(part, &mut bytes);
        }
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests;
