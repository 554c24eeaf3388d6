//! The audit log's public side: checkpoints that this validator cosigns after finality, and that
//! are served once a quorum of validators has.
//!
//! Cosigning lies behind the commit path, and no failure of it stops consensus but a full disk, which
//! stops the node wherever it is met (protocol rule 18). Every validator cosigns at the same blocks:
//! those whose time enters another interval of [`INTERVAL_MS`]; a node that catches up waits with it
//! until it is where the network is. Each signs the checkpoint that it serves with a log key of its own; consensus,
//! log and cosignature keys are three.

mod board;
mod cosigner;
mod outside;
#[cfg(test)]
mod tests;
mod witness;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::note::NoteSigner;
use ledger_proof::policy::Policy;
use ledger_proof::signers::{Signers, SignersError, witness_name};
use ledger_types::{Genesis, SigningKey};
use network_clock::Clock;
use tokio::sync::{mpsc, watch};

pub use board::{COSIGNATURE_BYTES, Vote};
pub use cosigner::CosignError;
pub use outside::Witnessed;
pub use witness::{Witness, run as ask_witnesses};

use crate::store::{AuditLog, Due, StoreError, replace};
pub use crate::store::{INTERVAL_MS, is_due};
use board::Board;
use cosigner::Cosigner;
use outside::Outside;

/// The file of the last published checkpoint, in the log's folder.
const CHECKPOINT: &str = "checkpoint";
/// The file of the last published checkpoint that a witness outside cosigned, beside it.
const WITNESSED: &str = "witnessed";
/// The file that says what this validator cosigned last, beside it.
const COSIGNED: &str = "cosigned";
/// Cosignatures on their way in or out.
pub const VOTES_MAX: usize = 256;
/// Answers of witnesses on their way in.
const ANSWERS_MAX: usize = 16;

/// The keys with which a validator takes part.
#[derive(Debug)]
pub struct Keys {
    /// Signs the checkpoints that it serves.
    pub log: SigningKey,
    /// Cosigns.
    pub cosignature: SigningKey,
}

/// What others see of the log: its files, and its latest checkpoint that holds.
#[derive(Clone, Debug)]
pub struct Published {
    log: Arc<AuditLog>,
    checkpoint: watch::Receiver<Option<Arc<SignedCheckpoint>>>,
    witnessed: watch::Receiver<Option<Arc<SignedCheckpoint>>>,
    policy: Arc<Policy>,
    answers: mpsc::Sender<Witnessed>,
}

impl Published {
    /// The log's tiles and entries.
    #[must_use]
    pub const fn log(&self) -> &Arc<AuditLog> {
        &self.log
    }

    /// The latest checkpoint that a quorum has cosigned, as it grows; none before the first.
    #[must_use]
    pub fn checkpoint(&self) -> watch::Receiver<Option<Arc<SignedCheckpoint>>> {
        self.checkpoint.clone()
    }

    /// The latest of them that a witness outside the network has cosigned too; none before the
    /// first.
    #[must_use]
    pub fn witnessed(&self) -> watch::Receiver<Option<Arc<SignedCheckpoint>>> {
        self.witnessed.clone()
    }

    /// Where the answers of witnesses go.
    #[must_use]
    pub fn answers(&self) -> mpsc::Sender<Witnessed> {
        self.answers.clone()
    }

    /// The policy that a checkpoint is judged by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
}

/// The part of a validator that cosigns and publishes. An observer has no log key: it serves tiles
/// and publishes no checkpoint.
#[derive(Debug)]
pub struct Cosigning {
    log: Arc<AuditLog>,
    due: watch::Receiver<Option<Due>>,
    signers: Signers,
    own: Option<Own>,
    publish: Publisher,
    votes: mpsc::Receiver<Vote>,
    outlet: mpsc::Sender<Vote>,
    answers: mpsc::Receiver<Witnessed>,
}

/// What is published, on disk and to readers.
#[derive(Debug)]
struct Publisher {
    path: PathBuf,
    checkpoint: watch::Sender<Option<Arc<SignedCheckpoint>>>,
    outside: Outside,
    witnessed: watch::Sender<Option<Arc<SignedCheckpoint>>>,
}

#[derive(Debug)]
struct Own {
    validator: usize,
    cosigner: Cosigner,
    log: NoteSigner,
    clock: Clock,
}

/// The two ends at which cosignatures are exchanged with peers.
#[derive(Debug)]
pub struct Exchange {
    /// Into the board: those that peers sent.
    pub votes: mpsc::Sender<Vote>,
    /// Out to peers: this validator's own.
    pub outlet: mpsc::Receiver<Vote>,
}

/// Why the public side of the log cannot start.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Genesis names no usable keys.
    #[error(transparent)]
    Signers(#[from] SignersError),
    /// A key is not the one that genesis names.
    #[error(
        "{which}.key: not the key that genesis names for this validator\n  mend: put the right file \
         back from its backup, then start the node again"
    )]
    OtherKey {
        /// Which, as its file is called.
        which: &'static str,
    },
    /// The files cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The last checkpoint on disk is none.
    #[error("{}: the last checkpoint cannot be read: {reason}", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

impl Cosigning {
    /// The public side of `log` in its folder. `own` are the validator's place in genesis and its
    /// keys, where this node is a validator.
    ///
    /// # Errors
    /// [`AuditError`] where keys or files cannot be used.
    pub fn open(
        folder: &Path,
        genesis: &Genesis,
        own: Option<(usize, Keys)>,
        log: Arc<AuditLog>,
        due: watch::Receiver<Option<Due>>,
        clock: Clock,
    ) -> Result<(Self, Published, Exchange), AuditError> {
        let signers = Signers::of(genesis)?;
        let own =
            own.map(|(place, keys)| Own::open(folder, genesis, &signers, (place, keys), clock));
        let own = own.transpose()?;
        let path = folder.join(CHECKPOINT);
        let last = read_checkpoint(&path)?;
        let (publish, checkpoint) = watch::channel(last.map(Arc::new));
        let outside = Outside::open(&folder.join(WITNESSED))?;
        let (witnessed_in, witnessed) = watch::channel(outside.newest());
        let (votes_in, votes) = mpsc::channel(VOTES_MAX);
        let (outlet, votes_out) = mpsc::channel(VOTES_MAX);
        let (answers_in, answers) = mpsc::channel(ANSWERS_MAX);
        let policy = Arc::new(signers.policy.clone());
        let published =
            Published { log: Arc::clone(&log), checkpoint, witnessed, policy, answers: answers_in };
        let publish = Publisher { path, checkpoint: publish, outside, witnessed: witnessed_in };
        let cosigning = Self { log, due, signers, own, publish, votes, outlet, answers };
        Ok((cosigning, published, Exchange { votes: votes_in, outlet: votes_out }))
    }

    /// Cosigns and publishes until `shutdown` holds true.
    ///
    /// # Errors
    /// [`StoreError`] where the disk is full: then the node stops. Any other failure is told in the
    /// log and stops nothing.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) -> Result<(), StoreError> {
        let Self { log, mut due, signers, mut own, mut publish, mut votes, outlet, mut answers } =
            self;
        let origin = signers.origin.clone();
        let mut board = Board::new(signers);
        loop {
            tokio::select! {
                changed = due.changed() => {
                    if changed.is_err() { return Ok(()); }
                    let Some(Due { size, root }) = *due.borrow_and_update() else { continue };
                    let checkpoint = Checkpoint { origin: origin.clone(), size, root };
                    board.reach(checkpoint.clone());
                    let Some(own) = &mut own else { continue };
                    if let Some(vote) = own.vote(&log, &checkpoint)? {
                        // Peers that lack it get the next one.
                        let _ = outlet.try_send(vote);
                        board.add(vote);
                    }
                }
                Some(vote) = votes.recv() => {
                    if !board.add(vote) { continue; }
                }
                Some(answer) = answers.recv() => {
                    publish.witnessed(&answer)?;
                    continue;
                }
                _ = shutdown.wait_for(|stop| *stop) => return Ok(()),
            }
            let Some(own) = &own else { continue };
            let at_least = publish.size();
            let Some(signed) = board.quorum(at_least, |text| own.log.sign(text)) else { continue };
            publish.checkpoint(signed)?;
        }
    }
}

impl Publisher {
    /// The size of the last one.
    fn size(&self) -> u64 {
        self.checkpoint.borrow().as_ref().map_or(0, |last| last.checkpoint().size)
    }

    /// Publishes a checkpoint, with the outside cosignatures over it that are known.
    fn checkpoint(&self, signed: SignedCheckpoint) -> Result<(), StoreError> {
        let signed = self.outside.onto(signed);
        let text = signed.to_string();
        match tokio::task::block_in_place(|| replace(&self.path, text.as_bytes())) {
            Ok(()) => drop(self.checkpoint.send_replace(Some(Arc::new(signed)))),
            Err(error) => told(error, "a checkpoint of the log is not published")?,
        }
        Ok(())
    }

    /// Takes a witness's answer in, and publishes anew what it is about.
    fn witnessed(&mut self, answer: &Witnessed) -> Result<(), StoreError> {
        match tokio::task::block_in_place(|| self.outside.add(answer)) {
            Ok(false) => return Ok(()),
            Ok(true) => {}
            Err(error) => told(error, "an outside cosignature is not kept")?,
        }
        self.witnessed.send_replace(self.outside.newest());
        let last = self.checkpoint.borrow().clone();
        let is_last =
            |last: &Arc<SignedCheckpoint>| last.checkpoint() == answer.checkpoint.checkpoint();
        last.filter(is_last).map_or(Ok(()), |last| self.checkpoint(last.as_ref().clone()))
    }
}

/// Tells of a failure that stops nothing; gives a full disk back, which does.
fn told(error: StoreError, what: &str) -> Result<(), StoreError> {
    if error.is_full() {
        return Err(error);
    }
    tracing::error!(%error, "{what}");
    Ok(())
}

impl Own {
    fn open(
        folder: &Path,
        genesis: &Genesis,
        signers: &Signers,
        (validator, keys): (usize, Keys),
        clock: Clock,
    ) -> Result<Self, AuditError> {
        let named = |of: &[ledger_proof::note::VerifierKey], key: &SigningKey| {
            of.get(validator).is_some_and(|verifier| verifier.key == key.public_key())
        };
        if !named(&signers.logs, &keys.log) {
            return Err(AuditError::OtherKey { which: "log" });
        }
        if !named(&signers.witnesses, &keys.cosignature) {
            return Err(AuditError::OtherKey { which: "cosignature" });
        }
        let name = witness_name(genesis, validator)?;
        let signer = NoteSigner::new(name, keys.cosignature);
        let cosigner = Cosigner::open(&folder.join(COSIGNED), signer)?;
        let log = NoteSigner::new(signers.origin.clone(), keys.log);
        Ok(Self { validator, cosigner, log, clock })
    }

    /// This validator's cosignature; none, and a line in the log, where it must not be given.
    ///
    /// # Errors
    /// [`StoreError`] where the disk is full.
    fn vote(
        &mut self,
        log: &AuditLog,
        checkpoint: &Checkpoint,
    ) -> Result<Option<Vote>, StoreError> {
        // Whoever reads cosignatures compares them with those of witnesses outside the network.
        let seconds = self.clock.machine_now().as_millis() / 1000;
        let cosigned =
            tokio::task::block_in_place(|| self.cosigner.cosign(log, checkpoint, seconds));
        match cosigned {
            Ok(signature) => {
                let (validator, size) = (self.validator, checkpoint.size);
                let cosignature = signature.bytes.as_slice().try_into().ok();
                Ok(cosignature.map(|cosignature| Vote { validator, size, cosignature }))
            }
            // A node whose log was cut back by a crash passes sizes again that it cosigned.
            Err(CosignError::Smaller { .. }) => Ok(None),
            Err(CosignError::Store(error)) if error.is_full() => Err(error),
            Err(error) => {
                tracing::error!(%error, size = checkpoint.size, "the log is not cosigned");
                Ok(None)
            }
        }
    }
}

fn read_checkpoint(path: &Path) -> Result<Option<SignedCheckpoint>, AuditError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let (path, reason) = (path.to_owned(), error.to_string());
            return Err(AuditError::Checkpoint { path, reason });
        }
    };
    let damaged = |reason: String| AuditError::Checkpoint { path: path.to_owned(), reason };
    SignedCheckpoint::parse(&text).map(Some).map_err(|error| damaged(error.to_string()))
}
