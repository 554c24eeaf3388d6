//! What the driver gives back: answers to the engine, and what its tasks brought about.

use arc_malachitebft_app_channel::Reply;
use arc_malachitebft_app_channel::app::types::ProposedValue;
use arc_malachitebft_app_channel::app::types::core as malachite;
use ledger_types::Height;

use crate::context::{Address, BlockHeight, BlockId, Kyojo, engine_round};
use crate::part::Init;
use crate::standing::Decision;

/// What a task beside the driver brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// A height is committed.
    Committed(Height),
    /// A height's time has come.
    Paced(Height),
    /// Something that nothing waits for.
    Other,
}

/// A height that was just decided and committed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DecidedHeight {
    pub(crate) height: Height,
    pub(crate) decision: Decision,
}

/// A proposal as the engine has it.
pub(super) fn proposed(init: &Init, validity: malachite::Validity) -> ProposedValue<Kyojo> {
    ProposedValue {
        height: BlockHeight(init.claim.height),
        round: engine_round(init.claim.round),
        valid_round: init.claim.valid_round.map_or(malachite::Round::Nil, engine_round),
        proposer: Address(init.proposer),
        value: BlockId(init.claim.block),
        validity,
    }
}

/// Answers; whoever asked may be gone, because the engine stops.
pub(super) fn send<T>(reply: Reply<T>, answer: T) {
    if reply.send(answer).is_err() {
        tracing::debug!("an answer came after the engine stopped asking");
    }
}
