//! Proofs from the state, taken at blocks after which the log is cosigned.
//!
//! A state proof leads to the root after one block, and the state that could make it is gone when
//! the next block is applied. A decision holds only under the last entry of a checkpoint. Both meet
//! at a block whose time enters another cosigning interval ([`is_due`]): there every validator
//! cosigns the log as that block left it.
//!
//! So whoever wants a proof leaves word what about, and the commit path takes it right after such a
//! block is applied, under the read lock that it holds anyway. It never waits: what may lie here is
//! bounded, a proof is a walk of 32 hashes, and the answer goes into a channel. The asker then
//! waits for the published checkpoint of the size that comes with the proof. Where that one never
//! makes a quorum, or a larger one is published before the asker looks, it asks again; in the end
//! its time runs out, and nobody else noticed.
//!
//! [`is_due`]: crate::audit_log::is_due

use std::sync::{Mutex, PoisonError};

use ledger::state::keys;
use ledger::{Key, Proof, State};
use ledger_types::{AccountId, ConsentId, PartyId};
use tokio::sync::oneshot;

/// How many may wait for proofs at a time.
const WAITING_MAX: usize = 64;
/// How many keys one of them is told about.
const KEYS_MAX: usize = 64;

/// What is to be proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The record of an account, or that there is none, and its sub-accounts in zones.
    Account(AccountId),
    /// All that a decision under a consent rests on.
    Consent {
        /// The consent.
        consent: ConsentId,
        /// A party that may ask for a decision, beside the controller.
        requester: Option<PartyId>,
    },
}

/// What the state says of a subject after one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateProofs {
    /// The size of the log after that block, whose commit entry is the last.
    pub size: u64,
    /// Keys with their proofs.
    pub proofs: Vec<(Key, Proof)>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Prover {
    waiting: Mutex<Vec<Waiting>>,
}

#[derive(Debug)]
struct Waiting {
    subject: Subject,
    answer: oneshot::Sender<StateProofs>,
}

impl Prover {
    /// Leaves word for the next block at which proofs are taken; `None` where too many wait.
    #[must_use]
    pub fn ask(&self, subject: Subject) -> Option<oneshot::Receiver<StateProofs>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|one| !one.answer.is_closed());
        if waiting.len() >= WAITING_MAX {
            return None;
        }
        let (answer, answered) = oneshot::channel();
        waiting.push(Waiting { subject, answer });
        Some(answered)
    }

    /// Answers everyone from the state after a block.
    pub(super) fn serve(&self, state: &State) {
        let waiting = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            core::mem::take(&mut *waiting)
        };
        let size = state.audit_log_size();
        for Waiting { subject, answer } in waiting {
            if answer.is_closed() {
                continue;
            }
            let prove = |key| (key, state.prove(&key));
            let proofs = subject.keys(state).into_iter().take(KEYS_MAX).map(prove).collect();
            // Whoever has gone meanwhile misses nothing.
            let _ = answer.send(StateProofs { size, proofs });
        }
    }

    /// How many wait.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Subject {
    fn keys(&self, state: &State) -> Vec<Key> {
        match self {
            Self::Account(account) => account_keys(state, account),
            Self::Consent { consent, requester } => consent_keys(state, consent, *requester),
        }
    }
}

/// The account, and each zone in which it has a sub-account.
fn account_keys(state: &State, account: &AccountId) -> Vec<Key> {
    let zones = state.zones().filter(|(zone, _)| state.zone_account(*zone, account).is_some());
    let zones = zones.map(|(zone, _)| keys::zone_account(zone, account));
    core::iter::once(keys::account(account)).chain(zones).collect()
}

/// The consent, its notice, its controller, and the requester where it is another party.
fn consent_keys(state: &State, consent: &ConsentId, requester: Option<PartyId>) -> Vec<Key> {
    let mut found = vec![keys::consent(consent)];
    let party = |party| keys::party(&AccountId::of_party(party));
    if let Some(record) = state.consent(consent) {
        found.push(keys::notice(record.controller, record.notice));
        found.push(party(record.controller));
        found.extend(requester.filter(|other| *other != record.controller).map(party));
    }
    found
}
