//! A party that acts: it signs transactions in its account's order of nonces and has them committed.
//!
//! Nonces are handed out here and nowhere else in the process. What happened to one is not always
//! known (a node dies, the process is killed); then the account is read again, and nonces that
//! durable transactions hold ([`Signer::hold`]) are never handed out a second time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ledger_types::{AccountId, Nonce, Operation, Outcome, Receipt, SigningKey, Unsigned};
use node_api::ApiCode;
use node_api::query::ByRead;
use node_client::{Client, ClientError, Nonces, Reader, Signed, VALIDITY};
use tokio::sync::Mutex;

use crate::nodes::Nodes;

/// How many times an operation is signed anew because its nonce turned out to be another's.
const ATTEMPTS_MAX: usize = 4;

/// See the module.
#[derive(Debug)]
pub struct Signer {
    account: AccountId,
    reader: Reader,
    nodes: Nodes,
    nonces: Mutex<Handed>,
}

#[derive(Debug, Default)]
struct Handed {
    /// None until the account was read.
    nonces: Option<Nonces>,
    /// Held by transactions that will be sent until they are in a block.
    held: BTreeSet<Nonce>,
}

/// Why nothing was signed or committed.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// As many transactions of the party are under way as may be.
    #[error("all nonces of the party are under way")]
    WindowFull,
    /// The ledger does not answer, or not with what was asked.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Signer {
    /// The party with this account and key.
    #[must_use]
    pub fn new(account: AccountId, key: SigningKey, nodes: Nodes) -> Arc<Self> {
        let address = account.to_address(&nodes.network().address_prefix);
        let reader = Reader { address, key };
        Arc::new(Self { account, reader, nodes, nonces: Mutex::default() })
    }

    /// Its name and key for signed reads and requests.
    #[must_use]
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Its account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// Marks a nonce as held by a transaction on disk.
    pub async fn hold(&self, nonce: Nonce) {
        let mut handed = self.nonces.lock().await;
        handed.held.insert(nonce);
        if let Some(nonces) = &mut handed.nonces {
            nonces.settle(nonce);
        }
    }

    /// The transaction that held a nonce has ended.
    pub async fn release(&self, nonce: Nonce) {
        self.nonces.lock().await.held.remove(&nonce);
    }

    /// Signs operations under the next nonce.
    ///
    /// # Errors
    /// [`SignerError`]: nothing was signed.
    pub async fn sign(&self, operations: Vec<Operation>) -> Result<Signed, SignerError> {
        let nonce = self.next_nonce().await?;
        let network = self.nodes.network();
        let unsigned = Unsigned {
            network: network.id(),
            account: self.account,
            nonce,
            valid_until: network.valid_until(VALIDITY),
            purpose: 0,
            operations,
        };
        Ok(Signed::new(unsigned, &network.genesis_hash, &[&self.reader.key]))
    }

    async fn next_nonce(&self) -> Result<Nonce, SignerError> {
        let mut handed = self.nonces.lock().await;
        if handed.nonces.is_none() {
            let reader = &self.reader;
            let read = |client: Client| async move {
                client.account(&reader.address, &ByRead::default(), reader).await
            };
            let account = self.nodes.read(read).await?;
            let read = Nonces::from_account(&account);
            let mut nonces = read.ok_or_else(|| ClientError::Answer {
                reason: "the mask of used nonces is none".to_owned(),
            })?;
            for nonce in &handed.held {
                nonces.settle(*nonce);
            }
            handed.nonces = Some(nonces);
        }
        let nonce = handed.nonces.as_mut().and_then(Nonces::take);
        if nonce.is_none() {
            // Some may have been used by transactions whose end was never learnt.
            handed.nonces = None;
        }
        nonce.ok_or(SignerError::WindowFull)
    }

    /// Has operations committed, and gives what was signed with its receipt.
    ///
    /// Where a nonce turns out to be used by somebody else with the same key, the operations are
    /// signed again: what lost its nonce can never be committed.
    ///
    /// # Errors
    /// [`SignerError`]; the outcome may be unknown then, and the caller must not rely on it.
    pub async fn commit(
        &self,
        operations: Vec<Operation>,
    ) -> Result<(Signed, Receipt), SignerError> {
        let mut attempt = 1;
        loop {
            let signed = self.sign(operations.clone()).await?;
            match self.send(&signed).await {
                Ok(receipt) => return Ok((signed, receipt)),
                Err(error) if is_nonce_lost(&error) && attempt < ATTEMPTS_MAX => attempt += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Sends signed bytes until they are in a block or the nodes' time is up; repeating it is safe.
    ///
    /// # Errors
    /// [`ClientError`]; the account is read again before the next nonce is handed out.
    pub async fn send(&self, signed: &Signed) -> Result<Receipt, ClientError> {
        let sent = self.nodes.submit(signed).await;
        let mut handed = self.nonces.lock().await;
        match &sent {
            Ok(_) => {
                if let Some(nonces) = &mut handed.nonces {
                    nonces.settle(signed.nonce);
                }
            }
            Err(_) => handed.nonces = None,
        }
        sent
    }

    /// The shortest pause after which a window that was full may have room.
    #[must_use]
    pub const fn pause() -> Duration {
        Duration::from_millis(250)
    }
}

/// Whether the nonce belongs to another transaction, so that this one is lost.
#[must_use]
pub fn is_nonce_lost(error: &ClientError) -> bool {
    let ledger = [
        ledger_types::Inadmissible::NonceUsed { nonce: Nonce::new(0) }.code(),
        ledger_types::Inadmissible::NonceRepeated.code(),
    ];
    error.code().is_some_and(|code| ledger.contains(&code) || code == ApiCode::NonceTaken.number())
}

/// The rule that a receipt says was broken; none where it was committed.
#[must_use]
pub const fn rejection(receipt: &Receipt) -> Option<ledger_types::rejection::RejectionCode> {
    match receipt.outcome {
        Outcome::Committed => None,
        Outcome::Rejected { code, .. } => Some(code),
    }
}
