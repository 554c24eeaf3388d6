//! Proposals of the current height and the next: which are worth assembling, and which wait.

use std::collections::{BTreeMap, VecDeque};

use arc_malachitebft_app_channel::app::types::PeerId;
use bytes::Bytes;
use ledger_types::{Hash, Height, Round, ValidatorAddress};

use crate::application::Application;
use crate::assembler::{Assembled, Assembler};
use crate::context::Validators;
use crate::part::{Claim, Init, PART_BYTES, Part};
use crate::steps::{Step, Steps};

/// How many rounds past the current one a proposal may be.
const ROUNDS_AHEAD_MAX: u32 = 10;
/// The most blocks followed for one round: Malachite keeps as many.
const BLOCKS_PER_ROUND_MAX: usize = 2;
/// The most complete proposals that wait for their height, at most one of each proposer.
const WAITING_MAX: usize = 8;

/// Where consensus is.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// The height that is being decided, or that starts as soon as its time has come.
    pub(crate) height: Height,
    /// Its round.
    pub(crate) round: Round,
    /// Its validators.
    pub(crate) validators: Validators,
    /// How far it is.
    pub(crate) phase: Phase,
}

/// The life of a height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The height before it is committed, its own time has not come (rule 10).
    Waiting,
    /// The engine works on it.
    Deciding,
    /// It is decided: nothing further is needed for it.
    Decided,
}

impl Position {
    /// The height after the tip, which waits for its time.
    pub(crate) fn after_tip<A: Application>(application: &A) -> Self {
        let next = application.next();
        Self {
            height: next.height,
            round: Round::default(),
            validators: Validators::new(next),
            phase: Phase::Waiting,
        }
    }

    /// Whether this opening starts the height: its first round's proposer begins to propose.
    ///
    /// Nobody else's does, so no other validator can hurry the network (rule 10). That it is
    /// signed was asked when it came.
    fn is_opened_by(&self, init: &Init) -> bool {
        let Claim { height, round, .. } = init.claim;
        self.phase == Phase::Waiting
            && height == self.height
            && round == Round::default()
            && has_turn(self, init)
    }
}

/// What a part led to.
#[derive(Debug)]
pub(crate) enum Received {
    /// Nothing to act on.
    Nothing,
    /// The proposer opened the height that waits for its time here.
    Opening,
    /// A proposal for the current height is complete.
    Complete(Init, Bytes),
}

/// Proposals under way.
#[derive(Debug)]
pub(crate) struct Proposals {
    genesis: Hash,
    assembler: Assembler<PeerId>,
    /// The blocks that each round's proposer signed, for the current height.
    claimed: BTreeMap<Round, Vec<Hash>>,
    /// Complete, but for a height that has not started.
    waiting: VecDeque<(Init, Bytes)>,
    steps: Steps,
}

impl Proposals {
    /// None, for the network with this genesis.
    pub(crate) const fn new(genesis: Hash, steps: Steps) -> Self {
        Self {
            genesis,
            assembler: Assembler::new(),
            claimed: BTreeMap::new(),
            waiting: VecDeque::new(),
            steps,
        }
    }

    /// Takes a part.
    pub(crate) fn receive(
        &mut self,
        position: &Position,
        peer: PeerId,
        stream: &Bytes,
        sequence: u64,
        part: Part,
    ) -> Received {
        let Self { genesis, assembler, claimed, .. } = self;
        let accepts = |init: &Init| accepts(position, genesis, claimed, init);
        let outcome = assembler.add(position.height, peer, stream, sequence, part, accepts);
        mark(&self.steps, &outcome);
        let is_current =
            |init: &Init| init.claim.height == position.height && position.phase == Phase::Deciding;
        let init = match outcome {
            Assembled::Incomplete | Assembled::Refused => return Received::Nothing,
            Assembled::Opened(init) => init,
            Assembled::Complete(init, bytes) if is_current(&init) => {
                return Received::Complete(init, bytes);
            }
            Assembled::Complete(init, bytes) => {
                self.wait(init, bytes);
                init
            }
        };
        if position.is_opened_by(&init) { Received::Opening } else { Received::Nothing }
    }

    /// Forgets the heights up to `decided`.
    pub(crate) fn advance(&mut self, decided: Height) {
        self.assembler.advance(decided);
        self.claimed.clear();
        self.waiting.retain(|(init, _)| init.claim.height > decided);
    }

    /// Whether the proposer has already opened the height that waits.
    pub(crate) fn is_opened(&self, position: &Position) -> bool {
        let mut openings = self.waiting.iter().map(|(init, _)| init).chain(self.assembler.opened());
        openings.any(|init| position.is_opened_by(init))
    }

    /// Takes the proposals that waited for this height, if their proposer had the turn.
    pub(crate) fn take_waiting(&mut self, position: &Position) -> Vec<(Init, Bytes)> {
        let is_now = |(init, _): &(Init, Bytes)| init.claim.height == position.height;
        let (now, later): (VecDeque<_>, VecDeque<_>) = self.waiting.drain(..).partition(is_now);
        self.waiting = later;
        now.into_iter().filter(|(init, _)| has_turn(position, init)).collect()
    }

    fn wait(&mut self, init: Init, bytes: Bytes) {
        self.waiting.retain(|(other, _)| other.proposer != init.proposer);
        self.waiting.push_back((init, bytes));
        while self.waiting.len() > WAITING_MAX {
            self.waiting.pop_front();
        }
    }
}

/// Notes how far a proposal has come. One that fits into its opening is open and whole at once.
fn mark(steps: &Steps, outcome: &Assembled) {
    match outcome {
        Assembled::Opened(init) => steps.mark(init.claim.height, Step::Propose),
        Assembled::Complete(init, bytes) => {
            if bytes.len() <= PART_BYTES {
                steps.mark(init.claim.height, Step::Propose);
            }
            steps.mark(init.claim.height, Step::Parts);
        }
        Assembled::Incomplete | Assembled::Refused => {}
    }
}

fn has_turn(position: &Position, init: &Init) -> bool {
    let proposer = position.validators.proposer(init.claim.height, init.claim.round);
    proposer.address.0 == init.proposer
}

/// Whether a proposal may be followed: it is signed, by whoever's turn it is where that is known,
/// for a height and round that matter.
fn accepts(
    position: &Position,
    genesis: &Hash,
    claimed: &mut BTreeMap<Round, Vec<Hash>>,
    init: &Init,
) -> bool {
    let claim = &init.claim;
    let is_next = position.height.next() == Some(claim.height);
    let is_current = claim.height == position.height && position.phase != Phase::Decided;
    if !is_next && !is_current {
        return false;
    }
    let round_max = position.round.get().saturating_add(ROUNDS_AHEAD_MAX);
    if is_current && (claim.round.get() > round_max || !has_turn(position, init)) {
        return false;
    }
    let is_signed = is_signed_by_member(&position.validators, genesis, init);
    if !is_signed || !is_current {
        return is_signed;
    }
    let blocks = claimed.entry(claim.round).or_default();
    if !blocks.contains(&claim.block) {
        if blocks.len() >= BLOCKS_PER_ROUND_MAX {
            return false;
        }
        blocks.push(claim.block);
    }
    true
}

fn is_signed_by_member(validators: &Validators, genesis: &Hash, init: &Init) -> bool {
    let proposer: &ValidatorAddress = &init.proposer;
    validators.member(proposer).is_some_and(|member| init.is_signed_by(&member.key, genesis))
}

#[cfg(test)]
mod tests {
    use arc_malachitebft_app_channel::app::types::PeerId;
    use bytes::Bytes;
    use ledger_types::{
        Hash, Height, Rotation, Round, SigningKey, Validator, ValidatorAddress, ValidatorSet,
    };

    use super::{Phase, Position, Proposals, Received};
    use crate::application::NextHeight;
    use crate::context::Validators;
    use crate::engine::peer_id;
    use crate::part::{Claim, Init, split};
    use crate::steps::Steps;

    const GENESIS: Hash = Hash::ZERO;

    fn key(number: u8) -> SigningKey {
        SigningKey::from_seed(&[number; 32])
    }

    fn peer() -> PeerId {
        peer_id(&key(99).public_key()).parse().expect("a peer id")
    }

    fn position(height: u64, phase: Phase) -> Position {
        let validators = (1..=4).map(|n| Validator { key: key(n).public_key(), power: 1 });
        let next = NextHeight {
            height: Height::new(height),
            validators: ValidatorSet::new(validators.collect()).expect("a set"),
            rotation: Rotation::default(),
        };
        let validators = Validators::new(next);
        Position { height: Height::new(height), round: Round::default(), validators, phase }
    }

    /// The key of whoever has the turn.
    fn in_turn(position: &Position, height: u64, round: u32) -> SigningKey {
        let turn = position.validators.proposer(Height::new(height), Round::new(round)).address.0;
        let is_turn = |key: &SigningKey| ValidatorAddress::of(&key.public_key()) == turn;
        (1..=4).map(key).find(is_turn).expect("one of the validators")
    }

    /// What the first part of a proposal leads to; `bytes` says whether it is the whole of it.
    fn receive(
        proposals: &mut Proposals,
        position: &Position,
        (height, round): (u64, u32),
        key: &SigningKey,
        bytes: usize,
    ) -> Received {
        let block = Bytes::from(vec![7; bytes]);
        let claim = Claim {
            height: Height::new(height),
            round: Round::new(round),
            valid_round: None,
            block: Hash::of(&[key.public_key().as_bytes()]),
        };
        let init = Init::sign(claim, key, &GENESIS);
        let name = Bytes::from(format!("{height}/{round}/{}", key.public_key()));
        let first = split(init, &block).swap_remove(0);
        proposals.receive(position, peer(), &name, 0, first)
    }

    const WHOLE: usize = 10;
    const IN_PARTS: usize = 600_000;

    #[test]
    fn the_rounds_proposer_opens_the_height_that_waits() {
        for bytes in [WHOLE, IN_PARTS] {
            let mut proposals = Proposals::new(GENESIS, Steps::default());
            let waiting = position(8, Phase::Waiting);
            let proposer = in_turn(&waiting, 8, 0);
            let received = receive(&mut proposals, &waiting, (8, 0), &proposer, bytes);
            assert!(matches!(received, Received::Opening), "{received:?}");
            assert!(proposals.is_opened(&waiting));
        }
    }

    #[test]
    fn an_opening_by_anybody_else_starts_no_height() {
        for bytes in [WHOLE, IN_PARTS] {
            let mut proposals = Proposals::new(GENESIS, Steps::default());
            let waiting = position(8, Phase::Waiting);
            let proposer = in_turn(&waiting, 8, 0).public_key();
            for other in (1..=4).map(key).filter(|key| key.public_key() != proposer) {
                for place in [(8, 0), (8, 1), (8, 2), (8, 3), (9, 0), (9, 1)] {
                    let received = receive(&mut proposals, &waiting, place, &other, bytes);
                    assert!(matches!(received, Received::Nothing), "{place:?}: {received:?}");
                }
            }
            let stranger = receive(&mut proposals, &waiting, (8, 0), &key(77), bytes);
            assert!(matches!(stranger, Received::Nothing), "{stranger:?}");
            assert!(!proposals.is_opened(&waiting));
        }
    }

    #[test]
    fn what_came_while_the_height_before_was_decided_opens_it_only_in_turn() {
        for bytes in [WHOLE, IN_PARTS] {
            let mut proposals = Proposals::new(GENESIS, Steps::default());
            let (before, waiting) = (position(7, Phase::Decided), position(8, Phase::Waiting));
            let proposer = in_turn(&waiting, 8, 0);
            let other = (1..=4).map(key).find(|key| key.public_key() != proposer.public_key());
            let other = other.expect("another validator");
            let received = receive(&mut proposals, &before, (8, 0), &other, bytes);
            assert!(matches!(received, Received::Nothing), "{received:?}");
            proposals.advance(Height::new(7));
            assert!(!proposals.is_opened(&waiting), "out of turn");
            receive(&mut proposals, &before, (8, 0), &proposer, bytes);
            assert!(proposals.is_opened(&waiting));
        }
    }
}
