//! Every message survives its encoding, and no bytes make a decoder fail in any other way than by
//! refusing.

use arc_malachitebft_app_channel::app::consensus::LivenessMsg;
use arc_malachitebft_app_channel::app::streaming::{StreamContent, StreamId, StreamMessage};
use arc_malachitebft_app_channel::app::types::codec::{Codec, HasEncodedLen};
use arc_malachitebft_app_channel::app::types::core as malachite;
use arc_malachitebft_app_channel::app::types::core::{NilOrVal, PolkaSignature, RoundSignature};
use arc_malachitebft_app_channel::app::types::{PeerId, ProposedValue, SignedConsensusMsg, sync};
use arc_malachitebft_sync::{ValueRequest, ValueResponse};
use bytes::Bytes;
use ledger_types::{
    CommitCertificate, CommitSignature, Hash, Height, Round, Signature, SigningKey,
    ValidatorAddress, VoteKind,
};
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

use super::Wire;
use crate::context::{Address, BlockHeight, BlockId, Kyojo, Proposal, Vote, engine_round, type_of};
use crate::part::{Claim, Init, Part};
use crate::wire::synced::Synced;

fn address(number: u8) -> ValidatorAddress {
    ValidatorAddress::of(&SigningKey::from_seed(&[number; 32]).public_key())
}

fn hashes() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash::new)
}

fn signatures() -> impl Strategy<Value = Signature> {
    (any::<[u8; 32]>(), any::<[u8; 32]>()).prop_map(|(r, s)| {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&r);
        bytes[32..].copy_from_slice(&s);
        Signature::Ed25519(bytes)
    })
}

fn claims() -> impl Strategy<Value = Claim> {
    (any::<u64>(), any::<u32>(), any::<Option<u32>>(), hashes()).prop_map(
        |(height, round, valid_round, block)| Claim {
            height: Height::new(height),
            round: Round::new(round),
            valid_round: valid_round.map(Round::new),
            block,
        },
    )
}

fn votes() -> impl Strategy<Value = malachite::SignedVote<Kyojo>> {
    let value = proptest::option::of(hashes());
    (any::<bool>(), claims(), value, any::<u8>(), signatures()).prop_map(
        |(is_prevote, claim, value, who, signature)| {
            let kind = if is_prevote { VoteKind::Prevote } else { VoteKind::Precommit };
            let vote = Vote {
                kind: type_of(kind),
                height: BlockHeight(claim.height),
                round: engine_round(claim.round),
                value: value.map_or(NilOrVal::Nil, NilOrVal::Val),
                validator: Address(address(who)),
            };
            malachite::SignedMessage::new(vote, signature)
        },
    )
}

fn proposals() -> impl Strategy<Value = malachite::SignedProposal<Kyojo>> {
    (claims(), any::<u8>(), signatures()).prop_map(|(claim, who, signature)| {
        let proposal = Proposal {
            height: BlockHeight(claim.height),
            round: engine_round(claim.round),
            value: BlockId(claim.block),
            valid_round: claim.valid_round.map_or(malachite::Round::Nil, engine_round),
            proposer: Address(address(who)),
        };
        malachite::SignedMessage::new(proposal, signature)
    })
}

fn parts() -> impl Strategy<Value = Part> {
    let bytes = proptest::collection::vec(any::<u8>(), 0..300).prop_map(Bytes::from);
    (any::<bool>(), claims(), signatures(), any::<u32>(), bytes).prop_map(
        |(is_first, claim, signature, length, bytes)| match is_first {
            true => {
                Part::First { init: Init { claim, proposer: address(1), signature }, length, bytes }
            }
            false => Part::Further { bytes },
        },
    )
}

fn certificates() -> impl Strategy<Value = CommitCertificate> {
    let entries = proptest::collection::vec(signatures(), 0..5);
    (claims(), entries).prop_map(|(claim, signatures)| CommitCertificate {
        height: claim.height,
        round: claim.round,
        block: claim.block,
        signatures: (0_u8..)
            .zip(signatures)
            .map(|(who, signature)| CommitSignature { validator: address(who), signature })
            .collect(),
    })
}

fn there_and_back<T>(message: &T) -> Result<T, String>
where
    Wire: Codec<T>,
{
    let bytes = Wire.encode(message).map_err(|error| error.to_string())?;
    let back = <Wire as Codec<T>>::decode(&Wire, bytes.clone()).map_err(|e| e.to_string())?;
    let again = Wire.encode(&back).map_err(|error| error.to_string())?;
    assert_eq!(bytes, again, "one message has one encoding");
    Ok(back)
}

/// Decoding either refuses, or gives a message whose encoding is these very bytes.
fn is_total<T>(bytes: &Bytes)
where
    Wire: Codec<T>,
{
    if let Ok(message) = <Wire as Codec<T>>::decode(&Wire, bytes.clone()) {
        let again = Wire.encode(&message).map_err(|error| error.to_string());
        assert_eq!(again, Ok(bytes.clone()));
    }
}

fn is_total_everywhere(bytes: &Bytes) {
    is_total::<SignedConsensusMsg<Kyojo>>(bytes);
    is_total::<ProposedValue<Kyojo>>(bytes);
    is_total::<malachite::PolkaCertificate<Kyojo>>(bytes);
    is_total::<LivenessMsg<Kyojo>>(bytes);
    is_total::<Part>(bytes);
    is_total::<StreamMessage<Part>>(bytes);
    is_total::<sync::Status<Kyojo>>(bytes);
    is_total::<sync::Request<Kyojo>>(bytes);
    is_total::<sync::Response<Kyojo>>(bytes);
    is_total::<malachite::ValidatorProof<Kyojo>>(bytes);
}

proptest! {
    #[test]
    fn votes_and_proposals_survive(vote in votes(), proposal in proposals()) {
        let message = SignedConsensusMsg::Vote(vote.clone());
        prop_assert_eq!(there_and_back(&message), Ok(message));
        let message = SignedConsensusMsg::Proposal(proposal);
        prop_assert_eq!(there_and_back(&message), Ok(message));
        let message = LivenessMsg::Vote(vote);
        prop_assert_eq!(there_and_back(&message), Ok(message));
    }

    #[test]
    fn certificates_survive(certificate in certificates(), votes in proptest::collection::vec(votes(), 0..4)) {
        let polka_signatures = certificate.signatures.iter()
            .map(|entry| PolkaSignature::new(Address(entry.validator), entry.signature)).collect();
        let polka = malachite::PolkaCertificate {
            height: BlockHeight(certificate.height),
            round: engine_round(certificate.round),
            value_id: certificate.block,
            polka_signatures,
        };
        prop_assert_eq!(there_and_back(&polka), Ok(polka.clone()));
        let message = LivenessMsg::PolkaCertificate(polka);
        prop_assert_eq!(there_and_back(&message), Ok(message));
        let round_signatures = votes.iter().map(|vote| {
            let Vote { kind, value, validator, .. } = vote.message;
            RoundSignature::new(kind, value, validator, vote.signature)
        });
        let round = malachite::RoundCertificate {
            height: BlockHeight(certificate.height),
            round: engine_round(certificate.round),
            cert_type: malachite::RoundCertificateType::Skip,
            round_signatures: round_signatures.collect(),
        };
        let message = LivenessMsg::SkipRoundCertificate(round);
        prop_assert_eq!(there_and_back(&message), Ok(message));
    }

    #[test]
    fn values_and_parts_survive(
        claim in claims(), valid in any::<bool>(), part in parts(),
        stream in proptest::collection::vec(any::<u8>(), 0..32), sequence in any::<u64>(),
    ) {
        let value = ProposedValue {
            height: BlockHeight(claim.height),
            round: engine_round(claim.round),
            valid_round: claim.valid_round.map_or(malachite::Round::Nil, engine_round),
            proposer: Address(address(3)),
            value: BlockId(claim.block),
            validity: malachite::Validity::from_bool(valid),
        };
        prop_assert_eq!(there_and_back(&value), Ok(value));
        prop_assert_eq!(there_and_back(&part), Ok(part.clone()));
        let stream = StreamId::new(stream.into());
        for content in [StreamContent::Data(part), StreamContent::Fin] {
            let message = StreamMessage::new(stream.clone(), sequence, content);
            prop_assert_eq!(there_and_back(&message), Ok(message));
        }
    }

    #[test]
    fn sync_messages_survive(
        certificates in proptest::collection::vec(certificates(), 0..3),
        block in proptest::collection::vec(any::<u8>(), 0..300),
        (from, to) in (any::<u64>(), any::<u64>()),
    ) {
        let values: Vec<_> = certificates.into_iter()
            .map(|certificate| Synced::new(certificate, block.clone().into()).into_raw()).collect();
        let start = BlockHeight(Height::new(from));
        let response = sync::Response::ValueResponse(ValueResponse::new(start, values));
        prop_assert_eq!(there_and_back(&response), Ok(response.clone()));
        let bytes = Wire.encode(&response).map(|bytes| bytes.len());
        prop_assert_eq!(bytes, Wire.encoded_len(&response));
        let range = start..=BlockHeight(Height::new(to));
        let request = sync::Request::ValueRequest(ValueRequest::new(range));
        prop_assert_eq!(there_and_back(&request), Ok(request));
        let id = crate::engine::peer_id(&SigningKey::from_seed(&[1; 32]).public_key());
        let peer_id: PeerId = id.parse().expect("a peer id");
        let status = sync::Status {
            peer_id, tip_height: start, history_min_height: BlockHeight(Height::new(to)),
        };
        prop_assert_eq!(there_and_back(&status), Ok(status));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        is_total_everywhere(&bytes.into());
    }

    #[test]
    fn a_damaged_message_is_another_message_or_none(
        vote in votes(), part in parts(), at in any::<usize>(), with in any::<u8>(), cut in any::<usize>(),
    ) {
        let stream = StreamMessage::new(StreamId::new(Bytes::new()), 0, StreamContent::Data(part));
        let messages = [
            Wire.encode(&SignedConsensusMsg::Vote(vote)).expect("encodes"),
            Wire.encode(&stream).expect("encodes"),
        ];
        for bytes in messages {
            let mut damaged = bytes.to_vec();
            let index = at % damaged.len();
            damaged[index] = with;
            damaged.truncate(cut % (bytes.len() + 1));
            is_total_everywhere(&damaged.into());
        }
    }
}
