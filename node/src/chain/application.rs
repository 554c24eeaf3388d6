//! What consensus asks of the chain, moved to threads that may block.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use ledger_types::{CommitCertificate, Hash, Height, Round};
use node_consensus::{Application, Fault, NextHeight, Proposed, Steps, Validity};

use super::Chain;

/// The chain as consensus drives it.
#[derive(Clone, Debug)]
pub struct Driven(pub(super) Arc<Chain>);

impl Chain {
    /// The chain as consensus drives it.
    #[must_use]
    pub fn driven(self: &Arc<Self>) -> Arc<Driven> {
        Arc::new(Driven(Arc::clone(self)))
    }
}

impl Driven {
    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Chain) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let chain = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || call(&chain)).await;
        done.unwrap_or_else(|error| Err(Fault::lasting(format!("the chain panicked: {error}"))))
    }
}

impl Application for Driven {
    fn next(&self) -> NextHeight {
        let state = self.0.read();
        NextHeight {
            // Past the last number nothing follows; consensus then never decides anything.
            height: state.height().next().unwrap_or(state.height()),
            validators: state.validators().clone(),
            rotation: state.rotation().clone(),
        }
    }

    async fn propose(&self, height: Height, _deadline: Duration) -> Result<Proposed, Fault> {
        self.blocking(move |chain| chain.propose_block(height)).await
    }

    async fn check(&self, height: Height, hash: Hash, bytes: Bytes) -> Result<Validity, Fault> {
        self.blocking(move |chain| chain.check_block(height, hash, &bytes)).await
    }

    async fn check_synced(
        &self,
        certificate: CommitCertificate,
        bytes: Bytes,
    ) -> Result<Validity, Fault> {
        self.blocking(move |chain| chain.check_synced_block(&certificate, &bytes)).await
    }

    fn body(&self, height: Height, hash: Hash) -> Option<Bytes> {
        match self.0.store.log().body(height, hash) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%height, %error, "a body cannot be read");
                None
            }
        }
    }

    fn record_proposal(&self, height: Height, round: Round, record: Bytes) -> Result<(), Fault> {
        self.0.noted(self.0.store.log().put_proposal(height, round, &record))
    }

    fn proposals(&self, height: Height) -> Vec<(Round, Bytes)> {
        self.0.store.log().proposals(height)
    }

    async fn decided(&self, certificate: CommitCertificate) -> Result<(), Fault> {
        self.blocking(move |chain| chain.commit(certificate)).await
    }

    fn begins(&self, _height: Height) {
        self.0.pace.begins();
    }

    async fn pace(&self, _height: Height) {
        self.0.pace.wait(&self.0.mempool).await;
    }

    fn history(
        &self,
        from: Height,
        to: Height,
        bytes_max: usize,
    ) -> Vec<(CommitCertificate, Bytes)> {
        let began = Instant::now();
        let mut blocks = Vec::new();
        let mut bytes = 0_usize;
        let mut next = Some(from);
        while let Some(height) = next.filter(|height| *height <= to) {
            let decided = match self.0.store.log().decided(height) {
                Ok(Some(decided)) => decided,
                Ok(None) => break,
                Err(error) => {
                    tracing::error!(%height, %error, "a decided block cannot be read");
                    break;
                }
            };
            bytes = bytes.saturating_add(decided.bytes.len());
            if bytes > bytes_max && !blocks.is_empty() {
                break;
            }
            blocks.push((decided.certificate, decided.bytes));
            next = height.next();
        }
        tracing::trace!(%from, count = blocks.len(), took = ?began.elapsed(), "history read");
        blocks
    }

    fn earliest(&self) -> Height {
        self.0.store.log().earliest()
    }

    fn steps(&self) -> Steps {
        self.0.metrics.steps.clone()
    }
}
