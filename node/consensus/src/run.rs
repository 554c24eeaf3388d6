//! Runs consensus: one engine after another, as this validator's standing demands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arc_malachitebft_app_channel::app::engine::util::events::Event;
use arc_malachitebft_app_channel::app::events::RxEvent;
use arc_malachitebft_app_channel::app::metrics::export;
use arc_malachitebft_app_channel::app::types::core::{SignedVote, VoteType};
use arc_malachitebft_app_channel::app::types::{PeerId, SignedConsensusMsg};
use ledger_types::{Height, ValidatorAddress, Vote};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use crate::application::{Application, NextHeight};
use crate::config::ConsensusConfig;
use crate::context::Kyojo;
use crate::driver::{DecidedHeight, Driver};
use crate::engine::{self, Addresses, Engine, Role, id_of};
use crate::fault::{ConsensusFault, unwritten};
use crate::roll::{Roll, Verdict};
use crate::signing::{NetworkVerifier, ValidatorSigner};
use crate::situation::Stance;
use crate::standing::{FirstVoters, Mark, Place, Standing};
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
    kyojo_disk::create_directory(&config.home).map_err(|error| {
        if kyojo_disk::is_full(&error) {
            return unwritten(&config.home, &error);
        }
        let place = config.home.display();
        let reason = format!(
            "{place}: {error}; it is the memory of what was signed: put the directory back, mount its \
             disk, or have the user that runs the node own it"
        );
        ConsensusFault::Configuration { what: "home", reason }
    })?;
    let log = config.home.join("consensus.wal");
    let (mark, place) = (Mark::in_home(&config.home), Place::in_home(&config.home));
    let standing = standing_at_start(&config, &log, &mark, &place, application.next().height)?;
    let seats = config.seats.iter().filter_map(|(key, address)| Some((id_of(key)?, *address)));
    let seats = seats.collect();
    let genesis = config.genesis_hash;
    let signer = config.validator_key.clone().map(|key| {
        let address = ValidatorAddress::of(&key.public_key());
        (Arc::new(ValidatorSigner::new(key, genesis, application.steps())), address)
    });
    Runner { config, addresses, seats, log, mark, place, application, signer, shutdown, standing }
        .run()
        .await
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
    place: &Place,
    next: Height,
) -> Result<Standing, ConsensusFault> {
    let log_height = wal::inspect(log, next)?;
    if config.validator_key.is_none() {
        return Ok(Standing::Voting);
    }
    let marked = mark.read()?;
    // Whoever copied the log may have copied it long ago.
    let remembered = if place.is_of_another(log)? { None } else { log_height };
    let standing = Standing::at_start(marked, remembered, next);
    if marked != Some(standing) && standing != Standing::Voting {
        mark.write(standing)?;
    }
    Ok(standing)
}

struct Runner<A> {
    config: ConsensusConfig,
    addresses: Addresses,
    /// Who votes behind which peer.
    seats: BTreeMap<PeerId, ValidatorAddress>,
    log: PathBuf,
    mark: Mark,
    place: Place,
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
            let roll = Roll::default();
            if instance == 0 && self.has_old_memory() {
                tracing::info!("before it votes again this validator asks where the others are");
                roll.open();
            }
            let role = self.role();
            if let Role::Validator(signer, _) = &role {
                signer.begins(self.application.next().height);
            }
            self.config.situation.start(self.stance(&roll), &self.seats);
            tracing::info!(stance = ?self.config.situation.stance(), "consensus starts");
            let (config, addresses) = (&self.config, &self.addresses);
            let (log, sifted) = (self.log.clone(), roll.clone());
            let under_way = UnderWay::new(self.application.next().height);
            let started =
                engine::start(config, addresses, &role, log, under_way.clone(), sifted, instance);
            let mut engine = started.await.map_err(|fault| self.named(fault))?;
            self.settle_log()?;
            let mut driver = self.driver(&engine, under_way);
            let end = self.drive(&mut engine, &mut driver, &roll).await;
            engine.stop().await;
            let settled = driver.settle().await;
            match end? {
                End::Shutdown => return settled.map_err(ConsensusFault::from),
                End::Change => settled?,
            }
            instance = instance.saturating_add(1);
        }
    }

    /// What this node does, as others are told.
    fn stance(&self, roll: &Roll) -> Stance {
        match &self.signer {
            None => Stance::Observing,
            Some(_) if roll.is_open() => Stance::Asking,
            Some(_) => Stance::of(self.standing),
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
            self.config.situation.clone(),
        )
    }

    /// Drives one engine until it has to stop.
    async fn drive(
        &mut self,
        engine: &mut Engine,
        driver: &mut Driver<A>,
        roll: &Roll,
    ) -> Result<End, ConsensusFault> {
        if self.is_old(driver, roll)? {
            return Ok(End::Change);
        }
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
                    None => return Err(self.how_it_ended(engine, &mut events).await),
                },
                done = driver.task() => driver.note(done?),
                () = roll.answered() => if self.is_old(driver, roll)? {
                    return Ok(End::Change);
                },
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

    /// Whether what this validator remembers may be an old copy: a network's first height has none.
    fn has_old_memory(&self) -> bool {
        let NextHeight { height, validators, .. } = self.application.next();
        let votes = |(_, address): &(_, ValidatorAddress)| validators.get(address).is_some();
        self.standing == Standing::Voting
            && height > FIRST
            && self.signer.as_ref().is_some_and(votes)
    }

    /// Judges the roll while it is open; says whether the disk is old, so that the role changes.
    fn is_old(&mut self, driver: &mut Driver<A>, roll: &Roll) -> Result<bool, ConsensusFault> {
        let Some((_, own)) = self.signer.as_ref().filter(|_| roll.is_open()) else {
            return Ok(false);
        };
        let (set, next) = (driver.validators().set(), self.application.next().height);
        match roll.judge(&self.seats, set, own, next) {
            Verdict::Open => driver.hold(),
            Verdict::Current => {
                roll.close();
                self.config.situation.set(self.stance(roll));
                driver.release();
            }
            Verdict::Old => {
                tracing::warn!(
                    %next,
                    "the network is past what is on this disk, which may be an old copy: \
                     this validator follows before it votes"
                );
                roll.close();
                self.standing = Standing::Following { live: None };
                self.mark.write(self.standing)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes the place of the log, which the engine has made; with the note the directory is synced,
    /// and so the log's own name, before anything is signed.
    fn settle_log(&self) -> Result<(), ConsensusFault> {
        if self.signer.is_some() { self.place.write(&self.log) } else { Ok(()) }
    }

    /// Tells a full disk from whatever else ended the engine.
    fn named(&self, fault: ConsensusFault) -> ConsensusFault {
        match fault {
            ConsensusFault::EngineStopped { reason } | ConsensusFault::SafetyHang { reason }
                if kyojo_disk::has_no_room(&self.config.home) =>
            {
                ConsensusFault::Full { path: self.config.home.clone(), reason }
            }
            other => other,
        }
    }

    /// Tells a stop from a safety hang, once the engine's channel is closed (rule 20), and both from a
    /// full disk: an engine that cannot log a vote does not send it either, so that there is no harm
    /// in starting again once there is room. A log that it could not read is no such thing.
    async fn how_it_ended(
        &self,
        engine: &mut Engine,
        events: &mut Option<RxEvent<Kyojo>>,
    ) -> ConsensusFault {
        while let Some(event) = events.as_mut().and_then(|events| events.try_recv().ok()) {
            if let Some(reason) = unreadable(&event) {
                return ConsensusFault::SafetyHang { reason };
            }
        }
        let reason = "see the engine's own log".to_owned();
        let ended = timeout(FINISH_WITHIN, &mut engine.handle.handle).await;
        self.named(match ended {
            Ok(_) => ConsensusFault::EngineStopped { reason },
            Err(_) => ConsensusFault::SafetyHang { reason },
        })
    }

    fn note_event(
        &self,
        event: Event<Kyojo>,
        driver: &Driver<A>,
        voters: &mut FirstVoters,
    ) -> Result<(), ConsensusFault> {
        if let Some(reason) = unreadable(&event) {
            return Err(ConsensusFault::SafetyHang { reason });
        }
        match event {
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
        self.config.situation.set(Stance::of(standing));
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

/// What an event says of a log that the engine could not read.
fn unreadable(event: &Event<Kyojo>) -> Option<String> {
    match event {
        Event::WalCorrupted(error) => Some(format!("the write-ahead log is corrupt: {error}")),
        Event::WalReplayError(error) => Some(format!("its replay diverged: {error}")),
        Event::WalResetError(error) => Some(format!("it cannot be read: {error}")),
        _ => None,
    }
}
