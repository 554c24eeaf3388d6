//! What dealings and seeds are bound to: a round, and in it a committer.

use ledger_types::{AccountId, Hash};

use super::group::PointBytes;

/// The fewest committers of a round: one alone, or two who agree, would know the seed early.
pub const COMMITTERS_MIN: u8 = 3;
/// The most committers of a round.
pub const COMMITTERS_MAX: u8 = 16;

/// Tag of what a member's possession is bound to.
const TAG_MEMBER: &[u8] = b"kyojo/lottery-member/1";
/// Tag of a round's context.
const TAG_ROUND: &[u8] = b"kyojo/lottery-round/1";
/// Tag of a committer's context.
const TAG_COMMITTER: &[u8] = b"kyojo/lottery-committer/1";
/// Tag of a seed.
const TAG_SEED: &[u8] = b"kyojo/lottery-seed/1";

/// What a member's [`Possession`](super::Possession) of its sealing key is bound to.
#[must_use]
pub fn member_context(genesis: &Hash, programme: u32, account: &AccountId) -> Hash {
    let (programme, account) = (programme.to_be_bytes(), account.as_bytes());
    Hash::of(&[TAG_MEMBER, genesis.as_bytes(), &programme, account])
}

/// What everything of one round is bound to.
#[must_use]
pub fn round_context(genesis: &Hash, programme: u32, round: u8) -> Hash {
    Hash::of(&[TAG_ROUND, genesis.as_bytes(), &programme.to_be_bytes(), &[round]])
}

/// What one committer's dealing and its openings are bound to; committers count from 0.
#[must_use]
pub fn committer_context(round: &Hash, committer: u8) -> Hash {
    Hash::of(&[TAG_COMMITTER, round.as_bytes(), &[committer]])
}

/// The seed of a round: a hash of its context and of all secrets in the committers' order.
#[must_use]
pub fn seed(round: &Hash, secrets: &[PointBytes]) -> Hash {
    let tag: [&[u8]; 2] = [TAG_SEED, round.as_bytes()];
    let secrets = secrets.iter().map(|secret| secret.as_bytes().as_slice());
    Hash::of(&tag.into_iter().chain(secrets).collect::<Vec<_>>())
}
