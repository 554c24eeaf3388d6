//! Answers the engine: turns its questions into the application's, in the order that is safe.
//!
//! One task answers, one question at a time; only commits, pacing and history run beside it. No
//! answer is dropped while the engine runs: an answer that cannot be given is a fault, and the
//! engine is stopped. `Next::Restart` is never answered: it would erase the memory of our votes.

use std::sync::Arc;
use std::time::Duration;

use arc_malachitebft_app_channel::app::consensus::VoteExtensionError;
use arc_malachitebft_app_channel::app::engine::host::{HeightParams, Next, SyncedValueOutcome};
use arc_malachitebft_app_channel::app::streaming::{StreamContent, StreamId, StreamMessage};
use arc_malachitebft_app_channel::app::types::core as malachite;
use arc_malachitebft_app_channel::app::types::sync::RawDecidedValue;
use arc_malachitebft_app_channel::app::types::{LocallyProposedValue, PeerId, ProposedValue};
use arc_malachitebft_app_channel::{AppMsg, NetworkMsg, Reply};
use bytes::Bytes;
use ledger_types::{Hash, Height, codec};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use crate::application::{Application, Validity};
use crate::config::Timeouts;
use crate::context::{Address, BlockHeight, BlockId, Kyojo, Validators, ledger_round};
use crate::fault::Fault;
use crate::own::OwnVotes;
use crate::part::{Claim, Init, Part, split};
use crate::proposals::{Phase, Position, Proposals, Received};
use crate::signing::ledger_certificate;
use crate::situation::Situation;
use crate::standing::Decision;
use crate::steps::{Step, Steps};
use crate::tips::UnderWay;
use crate::wire::synced::Synced;

mod answers;

pub(crate) use answers::{DecidedHeight, Done};
use answers::{proposed, send};

/// The most bytes of blocks in one answer to a peer that catches up.
const HISTORY_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The most bytes that a proposal's record may have.
const RECORD_BYTES_MAX: usize = 1024;

/// The driver of one engine.
pub(crate) struct Driver<A> {
    application: Arc<A>,
    steps: Steps,
    network: mpsc::Sender<NetworkMsg<Kyojo>>,
    timeouts: Timeouts,
    /// Who we are, where we take part.
    own: Option<OwnVotes>,
    position: Position,
    /// Told to whoever sifts what peers say of their tips.
    under_way: UnderWay,
    /// Told to whoever asks how consensus stands.
    situation: Situation,
    proposals: Proposals,
    /// The last height whose block came from a peer's history.
    synced: Option<Height>,
    /// The reply that has the engine begin, while it may not.
    ready: Option<Reply<(BlockHeight, HeightParams<Kyojo>)>>,
    /// Whether it may not.
    is_held: bool,
    /// The height that is committed and the reply that starts the next one.
    committed: Option<Height>,
    finalized: Option<(Height, Reply<Next<Kyojo>>)>,
    tasks: JoinSet<Result<Done, Fault>>,
    /// The task that waits for the next height's time.
    pacing: Option<AbortHandle>,
}

impl<A: Application> Driver<A> {
    /// A driver for the height after the tip.
    pub(crate) fn new(
        application: Arc<A>,
        network: mpsc::Sender<NetworkMsg<Kyojo>>,
        genesis: Hash,
        timeouts: Timeouts,
        own: Option<OwnVotes>,
        under_way: UnderWay,
        situation: Situation,
    ) -> Self {
        let position = Position::after_tip(&*application);
        let steps = application.steps();
        Self {
            application,
            steps: steps.clone(),
            network,
            timeouts,
            own,
            position,
            under_way,
            situation,
            proposals: Proposals::new(genesis, steps),
            synced: None,
            ready: None,
            is_held: false,
            committed: None,
            finalized: None,
            tasks: JoinSet::new(),
            pacing: None,
        }
    }

    /// The current height's validators.
    pub(crate) const fn validators(&self) -> &Validators {
        &self.position.validators
    }

    /// Waits for a task beside the driver; for ever where there is none.
    pub(crate) async fn task(&mut self) -> Result<Done, Fault> {
        match self.tasks.join_next().await {
            Some(Ok(done)) => done,
            // A height began before its time: nothing waits for that any more.
            Some(Err(error)) if error.is_cancelled() => Ok(Done::Other),
            Some(Err(error)) => Err(Fault::new(format!("a task of consensus failed: {error}"))),
            None => core::future::pending().await,
        }
    }

    /// Waits for the commits under way, after the engine was stopped.
    ///
    /// # Errors
    /// [`Fault`] where one failed.
    pub(crate) async fn settle(&mut self) -> Result<(), Fault> {
        self.finalized = None;
        while let Some(done) = self.tasks.join_next().await {
            match done {
                Ok(done) => _ = done?,
                Err(error) if error.is_cancelled() => {}
                Err(error) => return Err(Fault::new(error)),
            }
        }
        Ok(())
    }

    /// Answers one question.
    ///
    /// # Errors
    /// [`Fault`] where there is no safe answer: consensus must stop.
    pub(crate) async fn answer(&mut self, message: AppMsg<Kyojo>) -> Result<(), Fault> {
        match message {
            AppMsg::ConsensusReady { reply } => {
                self.ready = Some(reply);
                self.begin_where_it_may();
            }
            AppMsg::StartedRound { height, round, reply_value, .. } => {
                let values = self.started_round(height.0, round).await?;
                send(reply_value, values);
            }
            AppMsg::GetValue { height, round, timeout, reply } => {
                let init = self.value(height.0, round, timeout).await?;
                let value = BlockId(init.claim.block);
                send(reply, LocallyProposedValue::new(height, round, value));
                self.publish(init).await;
                self.steps.mark(height.0, Step::Parts);
            }
            AppMsg::ReceivedProposalPart { from, part, reply, .. } => {
                let value = self.received_part(from, part).await?;
                send(reply, value);
            }
            AppMsg::RestreamProposal { height, round, valid_round, address, value_id } => {
                self.restream(height.0, round, valid_round, address, value_id).await?;
            }
            AppMsg::Decided { certificate, reply, .. } => self.decided(&certificate, reply)?,
            AppMsg::Finalized { certificate, evidence, reply, .. } => {
                let height = certificate.height.0;
                let votes = evidence.votes.iter().map(|(address, _)| address.0);
                let proposals = evidence.proposals.iter().map(|(address, _)| address.0);
                self.situation.note_doubled(votes.chain(proposals), height);
                self.finalized = Some((height, reply));
            }
            AppMsg::ProcessSyncedValue { height, round, proposer, value_bytes, reply } => {
                let outcome = self.synced(height.0, round, proposer, value_bytes).await?;
                send(reply, outcome);
            }
            AppMsg::GetDecidedValues { range, reply } => {
                self.history(range.start().0, range.end().0, reply);
            }
            AppMsg::GetHistoryMinHeight { reply } => {
                send(reply, BlockHeight(self.application.earliest()));
            }
            AppMsg::ExtendVote { reply, .. } => send(reply, None),
            AppMsg::VerifyVoteExtensions { extensions, reply, .. } => {
                let refuse = |(address, ()): (Address, ())| {
                    (address, Err(VoteExtensionError::InvalidVoteExtension))
                };
                send(reply, extensions.into_iter().map(refuse).collect());
            }
        }
        Ok(())
    }

    /// Keeps the engine from beginning its first height, and so from signing anything.
    pub(crate) const fn hold(&mut self) {
        self.is_held = true;
    }

    /// It may begin.
    pub(crate) fn release(&mut self) {
        self.is_held = false;
        self.begin_where_it_may();
    }

    fn begin_where_it_may(&mut self) {
        if let Some(reply) = self.ready.take_if(|_| !self.is_held) {
            self.begin();
            send(reply, (BlockHeight(self.position.height), self.parameters()));
        }
    }

    fn parameters(&self) -> HeightParams<Kyojo> {
        HeightParams::new(self.position.validators.clone(), self.timeouts, None)
    }

    /// The values already known for a round: recorded before a crash, or complete before the
    /// height started.
    async fn started_round(
        &mut self,
        height: Height,
        round: malachite::Round,
    ) -> Result<Vec<ProposedValue<Kyojo>>, Fault> {
        let Some(round) = ledger_round(round).filter(|_| height == self.position.height) else {
            return Ok(Vec::new());
        };
        self.position.round = round;
        self.steps.mark(height, Step::Gather);
        let recorded = self.recorded(height);
        let of_round = recorded.into_iter().filter(|init| init.claim.round == round);
        let mut values: Vec<_> =
            of_round.map(|init| proposed(&init, malachite::Validity::Valid)).collect();
        for (init, bytes) in self.proposals.take_waiting(&self.position) {
            values.extend(self.judge(init, bytes).await?);
        }
        Ok(values)
    }

    /// The proposals of `height` that are on record, their bodies with them.
    fn recorded(&self, height: Height) -> Vec<Init> {
        let records = self.application.proposals(height);
        records
            .iter()
            .filter_map(|(_, record)| codec::decode::<Init>(record, RECORD_BYTES_MAX).ok())
            .filter(|init| self.application.body(height, init.claim.block).is_some())
            .collect()
    }

    /// Our proposal for a round: the one on record, or else a new one, put on record.
    async fn value(
        &self,
        height: Height,
        round: malachite::Round,
        timeout: Duration,
    ) -> Result<Init, Fault> {
        let own = self.own.as_ref().ok_or_else(|| Fault::new("asked to propose without a key"))?;
        let round = ledger_round(round).ok_or_else(|| Fault::new("asked for no round's value"))?;
        let is_ours = |init: &Init| {
            init.claim.round == round
                && init.proposer == own.address()
                && init.claim.valid_round.is_none()
        };
        if let Some(init) = self.recorded(height).into_iter().find(is_ours) {
            return Ok(init);
        }
        let block = self.application.propose(height, timeout).await?;
        self.steps.mark(height, Step::Propose);
        let claim = Claim { height, round, valid_round: None, block: block.hash };
        let init = own.propose(claim).map_err(Fault::lasting)?;
        self.application.record_proposal(height, round, codec::encode(&init).into())?;
        Ok(init)
    }

    async fn received_part(
        &mut self,
        from: PeerId,
        message: StreamMessage<Part>,
    ) -> Result<Option<ProposedValue<Kyojo>>, Fault> {
        let StreamContent::Data(part) = message.content else { return Ok(None) };
        let stream = message.stream_id.to_bytes();
        match self.proposals.receive(&self.position, from, &stream, message.sequence, part) {
            Received::Nothing => Ok(None),
            Received::Opening => {
                self.start_next();
                Ok(None)
            }
            Received::Complete(init, bytes) => self.judge(init, bytes).await,
        }
    }

    /// The engine's value for a complete proposal; none where its bytes are not its block.
    async fn judge(&self, init: Init, bytes: Bytes) -> Result<Option<ProposedValue<Kyojo>>, Fault> {
        let Claim { height, round, block, .. } = init.claim;
        let is_known = self.application.body(height, block).is_some();
        let validity = if is_known {
            Validity::Valid
        } else {
            self.application.check(height, block, bytes.clone()).await?
        };
        self.steps.mark(height, Step::Check);
        match validity {
            Validity::Valid => {
                self.own.iter().for_each(|own| own.proposed(&bytes));
                self.application.record_proposal(height, round, codec::encode(&init).into())?;
                Ok(Some(proposed(&init, malachite::Validity::Valid)))
            }
            Validity::Invalid { reason } => {
                tracing::warn!(%height, %block, proposer = %init.proposer, reason, "invalid proposal");
                Ok(Some(proposed(&init, malachite::Validity::Invalid)))
            }
            Validity::NotTheBlock { reason } => {
                tracing::warn!(%height, %block, reason, "bytes that are not the proposed block");
                Ok(None)
            }
        }
    }

    /// Publishes a proposal again: ours, or somebody's that a quorum prevoted for.
    async fn restream(
        &self,
        height: Height,
        round: malachite::Round,
        valid_round: malachite::Round,
        proposer: Address,
        block: Hash,
    ) -> Result<(), Fault> {
        let Some(round) = ledger_round(round) else { return Ok(()) };
        let claim = Claim { height, round, valid_round: ledger_round(valid_round), block };
        let init = match &self.own {
            Some(own) if own.address() == proposer.0 => {
                Some(own.propose(claim).map_err(Fault::lasting)?)
            }
            _ => self.recorded(height).into_iter().find(|init| init.claim == claim),
        };
        if let Some(init) = init {
            self.publish(init).await;
        }
        Ok(())
    }

    async fn publish(&self, init: Init) {
        let Claim { height, round, block, .. } = init.claim;
        let Some(bytes) = self.application.body(height, block) else {
            tracing::warn!(%height, %block, "no body to publish");
            return;
        };
        let mut name = codec::encode(&(height, round));
        name.extend_from_slice(&block.as_bytes()[..8]);
        let stream = StreamId::new(name.into());
        for (sequence, part) in (0_u64..).zip(split(init, &bytes)) {
            let content = StreamContent::Data(part);
            let message = StreamMessage::new(stream.clone(), sequence, content);
            if self.network.send(NetworkMsg::PublishProposalPart(message)).await.is_err() {
                tracing::warn!(%height, "the engine's network is gone");
                return;
            }
        }
    }

    fn decided(
        &mut self,
        certificate: &malachite::CommitCertificate<Kyojo>,
        reply: Reply<()>,
    ) -> Result<(), Fault> {
        let certificate = ledger_certificate(certificate)
            .ok_or_else(|| Fault::lasting("a certificate without a round"))?;
        let height = certificate.height;
        self.steps.mark(height, Step::Precommit);
        if height == self.position.height {
            self.position.phase = Phase::Decided;
        }
        let application = Arc::clone(&self.application);
        self.tasks.spawn(async move {
            application.decided(certificate).await?;
            send(reply, ());
            Ok(Done::Committed(height))
        });
        Ok(())
    }

    /// Notes that a task is done. Returns a height that is now decided and committed: the caller
    /// says with [`Driver::go_on`] that the next one may start.
    pub(crate) fn note(&mut self, done: Done) {
        match done {
            Done::Committed(height) => self.committed = Some(height),
            Done::Paced(height) if height == self.position.height => self.start_next(),
            Done::Paced(_) | Done::Other => {}
        }
    }

    /// The height that is both finalized and committed, while the next one has not been prepared.
    pub(crate) fn closed(&self) -> Option<DecidedHeight> {
        let (height, _) = self.finalized.as_ref()?;
        let is_committed = self.committed.is_some_and(|committed| committed >= *height);
        let is_prepared = self.position.height > *height;
        let decision = if self.synced == Some(*height) { Decision::Synced } else { Decision::Live };
        (is_committed && !is_prepared).then_some(DecidedHeight { height: *height, decision })
    }

    /// Prepares the height after `decided` and starts it when its time has come (rule 10): at once
    /// after a block from a peer's history, or where the proposer has opened it already.
    pub(crate) fn go_on(&mut self, decided: DecidedHeight) -> Result<(), Fault> {
        let position = Position::after_tip(&*self.application);
        if decided.height.next() != Some(position.height) {
            return Err(Fault::lasting(format!(
                "height {} is decided, but the chain's next is {}",
                decided.height, position.height
            )));
        }
        self.position = position;
        self.under_way.begin(self.position.height);
        self.proposals.advance(decided.height);
        if decided.decision == Decision::Synced || self.proposals.is_opened(&self.position) {
            self.start_next();
            return Ok(());
        }
        let (height, application) = (self.position.height, Arc::clone(&self.application));
        self.pacing = Some(self.tasks.spawn(async move {
            application.pace(height).await;
            Ok(Done::Paced(height))
        }));
        Ok(())
    }

    /// Starts the height that waits, where one does.
    fn start_next(&mut self) {
        if self.position.phase != Phase::Waiting {
            return;
        }
        let precedes = |(height, _): &mut (Height, _)| height.next() == Some(self.position.height);
        if let Some((_, reply)) = self.finalized.take_if(precedes) {
            self.begin();
            send(reply, Next::Start(BlockHeight(self.position.height), self.parameters()));
        }
    }

    /// The engine works on the height from here on.
    fn begin(&mut self) {
        if let Some(pacing) = self.pacing.take() {
            pacing.abort();
        }
        self.position.phase = Phase::Deciding;
        self.under_way.begin(self.position.height);
        self.application.begins(self.position.height);
    }

    /// Judges a block from a peer's history.
    async fn synced(
        &mut self,
        height: Height,
        round: malachite::Round,
        proposer: Address,
        bytes: Bytes,
    ) -> Result<SyncedValueOutcome<Kyojo>, Fault> {
        if height != self.position.height {
            return Ok(SyncedValueOutcome::LocalTransientError);
        }
        let Ok(Synced { certificate, block, .. }) = Synced::decode(bytes) else {
            return Ok(SyncedValueOutcome::PeerFault);
        };
        if certificate.height != height || Some(certificate.round) != ledger_round(round) {
            return Ok(SyncedValueOutcome::PeerFault);
        }
        let hash = certificate.block;
        match self.application.check_synced(certificate.clone(), block).await? {
            Validity::Valid => {
                self.own.iter().for_each(|own| own.certified(&certificate));
                self.synced = Some(height);
                Ok(SyncedValueOutcome::Verdict(ProposedValue {
                    height: BlockHeight(height),
                    round,
                    valid_round: malachite::Round::Nil,
                    proposer,
                    value: BlockId(hash),
                    validity: malachite::Validity::Valid,
                }))
            }
            Validity::Invalid { reason } | Validity::NotTheBlock { reason } => {
                tracing::warn!(%height, %hash, reason, "a peer's history is not the chain's");
                Ok(SyncedValueOutcome::PeerFault)
            }
        }
    }

    fn history(&mut self, from: Height, to: Height, reply: Reply<Vec<RawDecidedValue<Kyojo>>>) {
        let application = Arc::clone(&self.application);
        self.tasks.spawn_blocking(move || {
            let blocks = application.history(from, to, HISTORY_BYTES_MAX);
            let values = blocks
                .into_iter()
                .map(|(certificate, block)| Synced::new(certificate, block).into_raw());
            send(reply, values.collect());
            Ok(Done::Other)
        });
    }
}
