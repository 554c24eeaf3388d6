//! Proposals of the current height and the next: which are worth assembling, and which wait.

use std::collections::{BTreeMap, VecDeque};

use arc_malachitebft_app_channel::app::types::PeerId;
use bytes::Bytes;
use ledger_types::{Hash, Height, Round, ValidatorAddress};

use crate::assembler::{Assembled, Assembler};
use crate::context::Validators;
use crate::part::{Init, PART_BYTES, Part};
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
    /// Whether the engine works on it.
    pub(crate) is_started: bool,
    /// Whether it is decided, so that nothing further is needed for it.
    pub(crate) is_decided: bool,
}

/// What a part led to.
#[derive(Debug)]
pub(crate) enum Received {
    /// Nothing to act on.
    Nothing,
    /// Somebody proposes for a height that has not started here.
    Early,
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
        let is_current = |init: &Init| {
            init.claim.height == position.height && position.is_started && !position.is_decided
        };
        match outcome {
            Assembled::Incomplete | Assembled::Refused => Received::Nothing,
            Assembled::Opened(init) if is_current(&init) => Received::Nothing,
            Assembled::Opened(_) => Received::Early,
            Assembled::Complete(init, bytes) if is_current(&init) => {
                Received::Complete(init, bytes)
            }
            Assembled::Complete(init, bytes) => {
                self.wait(init, bytes);
                Received::Early
            }
        }
    }

    /// Forgets the heights up to `decided`.
    pub(crate) fn advance(&mut self, decided: Height) {
        self.assembler.advance(decided);
        self.claimed.clear();
        self.waiting.retain(|(init, _)| init.claim.height > decided);
    }

    /// Whether somebody already proposes for `height`.
    pub(crate) fn is_anything_for(&self, height: Height) -> bool {
        self.waiting.iter().any(|(init, _)| init.claim.height == height)
            || self.assembler.is_open(height)
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
    let is_current = claim.height == position.height && !position.is_decided;
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
