//! Runs consensus: one engine after another, as this validator's standing demands.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_malachitebft_app_channel::app::engine::util::events::Event;
use arc_malachitebft_app_channel::app::events::RxEvent;
use arc_malachitebft_app_channel::app::metrics::export;
use arc_malachitebft_app_channel::app::types::SignedConsensusMsg;
use arc_malachitebft_app_channel::app::types::core::{SignedVote, VoteType};
use ledger_types::{Height, ValidatorAddress, Vote};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::application::Application;
use crate::config::ConsensusConfig;
use crate::context::Kyojo;
use crate::driver::{DecidedHeight, Driver};
use crate::engine::{self, Addresses, Engine, Role};
use crate::fault::ConsensusFault;
use crate::signing::{NetworkVerifier, ValidatorSigner};
use crate::standing::{FirstVoters, Mark, Standing};
use crate::tips::UnderWay;
use crate::wal;

/// An engine that closed its channel but does not finish within this holds for safety (rule 20).
const FINISH_WITHIN: Duration = Duration::from_secs(1);

const FIRST: Height = Height::new(1);

/// Runs consensus until `shutdown` becomes true (or its sender is gone).
///
/// Nothing is signed, and no commit is under way, after this returns.
///
/// # Errors
/// [`ConsensusFault`] says what stopped it and whether the node may be started again.
pub async fn run<A: Application>(
    config: ConsensusConfig,
    application: Arc<A>,
    shutdown: watch::Receiver<bool>,
) -> Result<(), ConsensusFault> {
    let addresses = Addresses::parse(&config)?;
    std::fs::create_dir_all(&config.home).map_err(|error| ConsensusFault::Configuration {
        what: "home",
        reason: error.to_string(),
    })?;
    let log = config.home.join("consensus.wal");
    let mark = Mark::in_home(&config.home);
    let standing = standing_at_start(&config, &log, &mark, application.next().height)?;
    let genesis = config.genesis_hash;
    let signer = config.validator_key.clone().map(|key| {
        let address = ValidatorAddress::of(&key.public_key());
        (Arc::new(ValidatorSigner::new(key, genesis, application.steps())), address)
    });
    Runner { config, addresses, log, mark, application, signer, shutdown, standing }.run().await
}

/// The metrics of every engine of this process, in Prometheus' text format.
#[must_use]
pub fn metrics() -> String {
    let mut text = String::new();
    export(&mut text);
    text
}

fn standing_at_start(
    config: &ConsensusConfig,
    log: &Path,
    mark: &Mark,
    next: Height,
) -> Result<Standing, ConsensusFault> {
    let log_height = wal::inspect(log, next)?;
    if config.validator_key.is_none() {
        return Ok(Standing::Voting);
    }
    let marked = mark.read()?;
    let standing = Standing::at_start(marked, log_height, next);
    if marked != Some(standing) && standing != Standing::Voting {
        mark.write(standing)?;
    }
    Ok(standing)
}

struct Runner<A> {
    config: ConsensusConfig,
    addresses: Addresses,
    log: PathBuf,
    mark: Mark,
    application: Arc<A>,
    signer: Option<(Arc<ValidatorSigner>, ValidatorAddress)>,
    shutdown: watch::Receiver<bool>,
    standing: Standing,
}

/// Why an engine is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The node shuts down.
    Shutdown,
    /// The standing has changed: another role from here on.
    Change,
}

impl<A: Application> Runner<A> {
    async fn run(mut self) -> Result<(), ConsensusFault> {
        let mut instance = 0_u32;
        loop {
            let role = self.role();
            if let Role::Validator(signer, _) = &role {
                signer.begins(self.application.next().height);
            }
            tracing::info!(standing = ?self.standing, "consensus starts");
            let (config, addresses) = (&self.config, &self.addresses);
            let log = self.log.clone();
            let under_way = UnderWay::new(self.application.next().height);
            let mut engine =
                engine::start(config, addresses, &role, log, under_way.clone(), instance).await?;
            let mut driver = self.driver(&engine, under_way);
            let end = self.drive(&mut engine, &mut driver).await;
            engine.stop().await;
            let settled = driver.settle().await;
            match end? {
                End::Shutdown => return settled.map_err(ConsensusFault::from),
                End::Change => settled?,
            }
            instance = instance.saturating_add(1);
        }
    }

    fn role(&self) -> Role {
        match &self.signer {
            None => Role::Observer,
            Some(_) if !self.standing.may_vote() => Role::Follower,
            Some((signer, address)) => Role::Validator(Arc::clone(signer), *address),
        }
    }

    fn driver(&self, engine: &Engine, under_way: UnderWay) -> Driver<A> {
        Driver::new(
            Arc::clone(&self.application),
            engine.channels.network.clone(),
            self.config.genesis_hash,
            self.config.timeouts,
            engine.own.clone(),
            under_way,
        )
    }

    /// Drives one engine until it has to stop.
    async fn drive(
        &mut self,
        engine: &mut Engine,
        driver: &mut Driver<A>,
    ) -> Result<End, ConsensusFault> {
        // Events cost a copy of every message: they are listened to only while they matter.
        let mut events = Some(engine.channels.events.subscribe());
        let mut voters = FirstVoters::default();
        let mut shutdown = self.shutdown.clone();
        loop {
            tokio::select! {
                () = requested(&mut shutdown) => return Ok(End::Shutdown),
                vote = foreign_vote(&mut engine.foreign) => {
                    let (height, round) = (vote.height, vote.round);
                    return Err(ConsensusFault::KeyUsedElsewhere { height, round });
                }
                event = next_event(&mut events) => self.note_event(event, driver, &mut voters)?,
                message = engine.channels.consensus.recv() => match message {
                    Some(message) => driver.answer(message).await?,
                    None => return Err(how_it_ended(engine).await),
                },
                done = driver.task() => driver.note(done?),
            }
            if let Some(decided) = driver.closed() {
                if self.note_decided(decided, driver, &voters)? {
                    return Ok(End::Change);
                }
                driver.go_on(decided)?;
                if self.standing == Standing::Voting {
                    events = None;
                }
            }
        }
    }

    fn note_event(
        &self,
        event: Event<Kyojo>,
        driver: &Driver<A>,
        voters: &mut FirstVoters,
    ) -> Result<(), ConsensusFault> {
        let hang = |reason: String| Err(ConsensusFault::SafetyHang { reason });
        match event {
            Event::WalCorrupted(error) => hang(format!("the write-ahead log is corrupt: {error}")),
            Event::WalReplayError(error) => hang(format!("its replay diverged: {error}")),
            Event::WalResetError(error) => hang(format!("it cannot be read: {error}")),
            Event::Received(SignedConsensusMsg::Vote(vote)) => {
                if self.standing == Standing::Beginning {
                    self.note_vote(&vote, driver, voters);
                }
                Ok(())
            }
            Event::Published(SignedConsensusMsg::Vote(vote)) => {
                let is_precommit = vote.message.kind == VoteType::Precommit;
                if vote.message.height.0 == FIRST && is_precommit && vote.message.value.is_val() {
                    voters.note_own_precommit();
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn note_vote(&self, vote: &SignedVote<Kyojo>, driver: &Driver<A>, voters: &mut FirstVoters) {
        let verifier = NetworkVerifier::new(self.config.genesis_hash);
        let is_first = vote.message.height.0 == FIRST;
        if let Some(member) = driver.validators().member(&vote.message.validator.0)
            && is_first
            && verifier.is_signed(&vote.message, &vote.signature, &member.key)
        {
            voters.note(member.address.0, member.power);
        }
    }

    /// Brings the standing up to date with a decided height. Says whether the role changes.
    fn note_decided(
        &mut self,
        decided: DecidedHeight,
        driver: &Driver<A>,
        voters: &FirstVoters,
    ) -> Result<bool, ConsensusFault> {
        let set = driver.validators().set();
        let own = self.signer.as_ref().and_then(|(_, address)| set.get(address));
        let is_beginning = voters.show_a_beginning(set, own.map_or(0, |validator| validator.power));
        let standing = self.standing.after(decided.height, decided.decision, is_beginning);
        if standing == self.standing {
            return Ok(false);
        }
        tracing::info!(from = ?self.standing, to = ?standing, height = %decided.height, "standing");
        self.mark.write(standing)?;
        let changes_role = standing.may_vote() != self.standing.may_vote();
        self.standing = standing;
        Ok(changes_role)
    }
}

/// Waits until a shutdown is requested.
async fn requested(shutdown: &mut watch::Receiver<bool>) {
    // An error says that the sender is gone, and with it whoever could request it.
    let _ = shutdown.wait_for(|is_requested| *is_requested).await;
}

/// The next vote of our key that we did not sign; for ever none where we do not vote.
async fn foreign_vote(foreign: &mut Option<mpsc::UnboundedReceiver<Vote>>) -> Vote {
    match foreign {
        Some(receiver) => match receiver.recv().await {
            Some(vote) => vote,
            None => core::future::pending().await,
        },
        None => core::future::pending().await,
    }
}

/// The next event; for ever none where nobody listens any more.
async fn next_event(events: &mut Option<RxEvent<Kyojo>>) -> Event<Kyojo> {
    while let Some(receiver) = events {
        match receiver.recv().await {
            Ok(event) => return event,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => *events = None,
        }
    }
    core::future::pending().await
}

/// Tells a stop from a safety hang, once the engine's channel is closed (rule 20).
async fn how_it_ended(engine: &mut Engine) -> ConsensusFault {
    let reason = "see the engine's own log".to_owned();
    match timeout(FINISH_WITHIN, &mut engine.handle.handle).await {
        Ok(_) => ConsensusFault::EngineStopped { reason },
        Err(_) => ConsensusFault::SafetyHang { reason },
    }
}
