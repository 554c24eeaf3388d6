//! Our types in Malachite's terms: the context that its engine is generic over.
//!
//! The value agreed on is a block's hash; the block itself travels in parts. Whose turn a round is
//! comes from the rotation inside the validator set, which is committed state (rule 17).

use std::sync::Arc;
use std::time::Duration;

use arc_malachitebft_app_channel::app::types::core as malachite;
use arc_malachitebft_app_channel::app::types::core::{NilOrVal, Timeout, TimeoutKind, VoteType};
use ledger_types::{
    Hash, Height, PublicKey, Rotation, Round, Signature, SigningKey, ValidatorAddress,
    ValidatorSet, VoteKind,
};

use crate::application::NextHeight;
use crate::config::Timeouts;
use crate::part::Part;

/// The context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kyojo;

/// Ed25519 in the ledger's types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scheme;

impl malachite::SigningScheme for Scheme {
    type DecodingError = &'static str;
    type Signature = Signature;
    type PublicKey = PublicKey;
    type PrivateKey = SigningKey;

    fn decode_signature(bytes: &[u8]) -> Result<Signature, &'static str> {
        bytes.try_into().map(Signature::Ed25519).map_err(|_| "a signature has 64 bytes")
    }

    fn encode_signature(signature: &Signature) -> Vec<u8> {
        signature.as_bytes().to_vec()
    }

    fn decode_public_key(bytes: &[u8]) -> Result<PublicKey, &'static str> {
        bytes.try_into().map(PublicKey::Ed25519).map_err(|_| "a public key has 32 bytes")
    }

    fn encode_public_key(key: &PublicKey) -> Vec<u8> {
        key.as_bytes().to_vec()
    }
}

impl malachite::ProposalPart<Kyojo> for Part {
    fn is_first(&self) -> bool {
        matches!(self, Self::First { .. })
    }

    /// No part knows that it is the last: the first says how many follow.
    fn is_last(&self) -> bool {
        false
    }
}

/// A validator's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address(pub(crate) ValidatorAddress);

impl core::fmt::Display for Address {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.0, f)
    }
}

impl malachite::Address for Address {}

/// A block's height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct BlockHeight(pub(crate) Height);

impl core::fmt::Display for BlockHeight {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&self.0, f)
    }
}

impl malachite::Height for BlockHeight {
    const ZERO: Self = Self(Height::GENESIS);
    const INITIAL: Self = Self(Height::new(1));

    fn increment_by(&self, n: u64) -> Self {
        Self(Height::new(self.0.get().saturating_add(n)))
    }

    fn decrement_by(&self, n: u64) -> Option<Self> {
        self.0.get().checked_sub(n).map(|number| Self(Height::new(number)))
    }

    fn as_u64(&self) -> u64 {
        self.0.get()
    }
}

/// What is agreed on: a block, by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BlockId(pub(crate) Hash);

impl malachite::Value for BlockId {
    type Id = Hash;

    fn id(&self) -> Hash {
        self.0
    }
}

/// A proposal: the proposer of a round says which block it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) height: BlockHeight,
    pub(crate) round: malachite::Round,
    pub(crate) value: BlockId,
    pub(crate) valid_round: malachite::Round,
    pub(crate) proposer: Address,
}

impl malachite::Proposal<Kyojo> for Proposal {
    fn height(&self) -> BlockHeight {
        self.height
    }

    fn round(&self) -> malachite::Round {
        self.round
    }

    fn value(&self) -> &BlockId {
        &self.value
    }

    fn take_value(self) -> BlockId {
        self.value
    }

    fn pol_round(&self) -> malachite::Round {
        self.valid_round
    }

    fn validator_address(&self) -> &Address {
        &self.proposer
    }
}

/// A vote, without extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vote {
    pub(crate) kind: VoteType,
    pub(crate) height: BlockHeight,
    pub(crate) round: malachite::Round,
    pub(crate) value: NilOrVal<Hash>,
    pub(crate) validator: Address,
}

impl Vote {
    /// The vote as the ledger defines it; `None` for a vote without a round, which nobody casts.
    pub(crate) fn as_signed(&self) -> Option<ledger_types::Vote> {
        Some(ledger_types::Vote {
            kind: kind_of(self.kind),
            height: self.height.0,
            round: ledger_round(self.round)?,
            block: match self.value {
                NilOrVal::Nil => None,
                NilOrVal::Val(hash) => Some(hash),
            },
            validator: self.validator.0,
        })
    }
}

impl malachite::Vote<Kyojo> for Vote {
    fn height(&self) -> BlockHeight {
        self.height
    }

    fn round(&self) -> malachite::Round {
        self.round
    }

    fn value(&self) -> &NilOrVal<Hash> {
        &self.value
    }

    fn take_value(self) -> NilOrVal<Hash> {
        self.value
    }

    fn vote_type(&self) -> VoteType {
        self.kind
    }

    fn validator_address(&self) -> &Address {
        &self.validator
    }

    fn extension(&self) -> Option<&malachite::SignedExtension<Kyojo>> {
        None
    }

    fn take_extension(&mut self) -> Option<malachite::SignedExtension<Kyojo>> {
        None
    }

    /// Extensions are disabled (rule 18) and outside the signed bytes: one changes nothing.
    fn extend(self, _: malachite::SignedExtension<Kyojo>) -> Self {
        self
    }
}

/// A validator with its address at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) address: Address,
    pub(crate) key: PublicKey,
    pub(crate) power: u64,
}

impl malachite::Validator<Kyojo> for Member {
    fn address(&self) -> &Address {
        &self.address
    }

    fn public_key(&self) -> &PublicKey {
        &self.key
    }

    fn voting_power(&self) -> u64 {
        self.power
    }
}

/// The validators of one height, and in which order its rounds are theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Validators(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    height: Height,
    set: ValidatorSet,
    rotation: Rotation,
    /// In ascending order of address.
    members: Vec<Member>,
    /// Indices into `members`, in the order of their turns at `height`.
    turns: Vec<usize>,
}

impl Validators {
    /// The validators of `next`.
    pub(crate) fn new(next: NextHeight) -> Self {
        let NextHeight { height, validators: set, rotation } = next;
        let members: Vec<Member> = set
            .as_slice()
            .iter()
            .map(|validator| Member {
                address: Address(validator.address()),
                key: validator.key,
                power: validator.power,
            })
            .collect();
        let turns = turns(&members, &set, &rotation, height);
        Self(Arc::new(Inner { height, set, rotation, members, turns }))
    }

    /// The set as the ledger defines it.
    pub(crate) fn set(&self) -> &ValidatorSet {
        &self.0.set
    }

    /// The member with this address.
    pub(crate) fn member(&self, address: &ValidatorAddress) -> Option<&Member> {
        let index = self.0.members.binary_search_by_key(address, |member| member.address.0);
        index.ok().and_then(|index| self.0.members.get(index))
    }

    /// Whose turn `round` of `height` is.
    pub(crate) fn proposer(&self, height: Height, round: Round) -> &Member {
        let other;
        let turns = if height == self.0.height {
            &self.0.turns
        } else {
            other = turns(&self.0.members, &self.0.set, &self.0.rotation, height);
            &other
        };
        let turn = usize::try_from(round.get()).unwrap_or(0).checked_rem(turns.len()).unwrap_or(0);
        turns
            .get(turn)
            .and_then(|index| self.0.members.get(*index))
            .expect("a validator set has a validator, and turns are indices into it")
    }
}

fn turns(
    members: &[Member],
    set: &ValidatorSet,
    rotation: &Rotation,
    height: Height,
) -> Vec<usize> {
    let order = rotation.order(set, height);
    let index_of = |address: &ValidatorAddress| {
        members.binary_search_by_key(address, |member| member.address.0).ok()
    };
    order.iter().filter_map(index_of).collect()
}

impl malachite::ValidatorSet<Kyojo> for Validators {
    fn count(&self) -> usize {
        self.0.members.len()
    }

    fn total_voting_power(&self) -> u64 {
        self.0.set.total_power()
    }

    fn get_by_address(&self, address: &Address) -> Option<&Member> {
        self.member(&address.0)
    }

    fn get_by_index(&self, index: usize) -> Option<&Member> {
        self.0.members.get(index)
    }
}

impl malachite::Timeouts<Kyojo> for Timeouts {
    fn duration_for(&self, timeout: Timeout) -> Duration {
        let round = timeout.round.as_u32().unwrap_or(0);
        let grown = |base: Duration| {
            base.saturating_add(self.round_delta.saturating_mul(round)).min(self.most)
        };
        match timeout.kind {
            TimeoutKind::Propose => grown(self.propose),
            TimeoutKind::Prevote => grown(self.prevote),
            TimeoutKind::Precommit => grown(self.precommit),
            TimeoutKind::Rebroadcast => self.rebroadcast,
            TimeoutKind::FinalizeHeight(duration) => duration,
        }
    }
}

impl malachite::Context for Kyojo {
    type Address = Address;
    type Height = BlockHeight;
    type ProposalPart = Part;
    type Proposal = Proposal;
    type Validator = Member;
    type ValidatorSet = Validators;
    type Timeouts = Timeouts;
    type Value = BlockId;
    type Vote = Vote;
    type Extension = ();
    type SigningScheme = Scheme;

    fn select_proposer<'a>(
        &self,
        validators: &'a Validators,
        height: BlockHeight,
        round: malachite::Round,
    ) -> &'a Member {
        validators.proposer(height.0, ledger_round(round).unwrap_or_default())
    }

    fn new_proposal(
        &self,
        height: BlockHeight,
        round: malachite::Round,
        value: BlockId,
        valid_round: malachite::Round,
        proposer: Address,
    ) -> Proposal {
        Proposal { height, round, value, valid_round, proposer }
    }

    fn new_prevote(
        &self,
        height: BlockHeight,
        round: malachite::Round,
        value: NilOrVal<Hash>,
        validator: Address,
    ) -> Vote {
        Vote { kind: VoteType::Prevote, height, round, value, validator }
    }

    fn new_precommit(
        &self,
        height: BlockHeight,
        round: malachite::Round,
        value: NilOrVal<Hash>,
        validator: Address,
    ) -> Vote {
        Vote { kind: VoteType::Precommit, height, round, value, validator }
    }
}

/// A round in the ledger's terms; `None` for "no round".
pub(crate) fn ledger_round(round: malachite::Round) -> Option<Round> {
    round.as_u32().map(Round::new)
}

/// A round in Malachite's terms.
pub(crate) const fn engine_round(round: Round) -> malachite::Round {
    malachite::Round::new(round.get())
}

/// A kind of vote in the ledger's terms.
pub(crate) const fn kind_of(kind: VoteType) -> VoteKind {
    match kind {
        VoteType::Prevote => VoteKind::Prevote,
        VoteType::Precommit => VoteKind::Precommit,
    }
}

/// A kind of vote in Malachite's terms.
pub(crate) const fn type_of(kind: VoteKind) -> VoteType {
    match kind {
        VoteKind::Prevote => VoteType::Prevote,
        VoteKind::Precommit => VoteType::Precommit,
    }
}
