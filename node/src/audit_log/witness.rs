//! Asking witnesses outside the network for cosignatures (<https://c2sp.org/tlog-witness>).
//!
//! One task a witness, behind everything else: it submits the newest published checkpoint, and while
//! an answer is on its way newer ones pass. What a witness cosigned last it is asked itself (409), so
//! nothing need be remembered, and other validators may submit to the same witness. A witness that
//! is slow, wrong or gone costs this node nothing but a line in its log.

use std::sync::{Arc, Once};
use std::time::Duration;

use ledger_proof::checkpoint::SignedCheckpoint;
use ledger_proof::note::{Checked, NoteSignature, VerifierKey, parse_signatures};
use ledger_proof::tile::{TileError, TileReader};
use ledger_proof::witness::AddCheckpoint;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::{Published, Witnessed};
use crate::store::{AuditLog, StoreError};

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read: a few signature lines, or a size.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// How long a witness that failed is left alone, at first; then twice as long each time.
const BACK_OFF_FIRST: Duration = Duration::from_secs(1);
/// The longest that it is left alone.
const BACK_OFF_MAX: Duration = Duration::from_secs(300);

/// A witness outside the network.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Verifies its cosignatures.
    pub key: VerifierKey,
    /// Its submission prefix, without a slash at the end.
    pub url: String,
}

/// Why a checkpoint got no cosignature.
#[derive(Debug, thiserror::Error)]
enum WitnessError {
    /// It could not be asked, or did not answer in time.
    #[error("it did not answer: {0}")]
    Unreachable(String),
    /// The answer is larger than one may be.
    #[error("its answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    /// It has cosigned a larger tree, or answers 409 again to the size that it gave.
    #[error("it cosigned size {size} last")]
    Conflict {
        /// That size.
        size: u64,
    },
    /// The log does not grow out of what it cosigned (422).
    #[error("it says that the log does not grow out of what it cosigned at size {old_size}")]
    Inconsistent {
        /// The size that it cosigned last.
        old_size: u64,
    },
    /// Another status: 404 where it does not know the log, 403 where it does not know its key.
    #[error("it answered with status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// No cosignature of its key over the checkpoint, or no size in a 409.
    #[error("its answer is not one of a witness with this key")]
    Answer,
    /// The log could not be read here.
    #[error("the log cannot be read: {0}")]
    Log(#[from] TileError<StoreError>),
}

/// Submits what is published to each witness until `shutdown` holds true.
pub async fn run(
    witnesses: Vec<Witness>,
    published: Published,
    answers: mpsc::Sender<Witnessed>,
    mut shutdown: watch::Receiver<bool>,
) {
    let mut tasks = JoinSet::new();
    match http_client(&witnesses) {
        Ok(http) => {
            for witness in witnesses {
                let log = Arc::clone(published.log());
                let submitter =
                    Submitter { witness, http: http.clone(), log, old_size: 0, cosigned: None };
                tasks.spawn(submitter.run(published.checkpoint(), answers.clone()));
            }
        }
        Err(error) => tracing::error!(%error, "no witness can be asked"),
    }
    // Tasks end with this one; what becomes of one of them is no matter of the others.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

fn http_client(witnesses: &[Witness]) -> Result<reqwest::Client, reqwest::Error> {
    static PROVIDER: Once = Once::new();
    // Another part of the process may have chosen a provider before; any one will do.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let builder = reqwest::Client::builder()
        .timeout(ANSWER_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    let is_plain = witnesses.iter().all(|witness| witness.url.starts_with("http://"));
    // Nothing to verify: the system's certificates need not be read.
    let builder = if is_plain { builder.tls_certs_only([]) } else { builder };
    builder.build()
}

/// What asks one witness.
struct Submitter {
    witness: Witness,
    http: reqwest::Client,
    log: Arc<AuditLog>,
    /// The size that the witness is thought to have cosigned last.
    old_size: u64,
    /// The size that it cosigned for this node last.
    cosigned: Option<u64>,
}

impl Submitter {
    async fn run(
        mut self,
        mut published: watch::Receiver<Option<Arc<SignedCheckpoint>>>,
        answers: mpsc::Sender<Witnessed>,
    ) {
        let mut back_off = BACK_OFF_FIRST;
        loop {
            let newest = published.borrow_and_update().clone();
            let is_new =
                |newest: &Arc<SignedCheckpoint>| Some(newest.checkpoint().size) != self.cosigned;
            if let Some(checkpoint) = newest.filter(is_new) {
                match self.submit(&checkpoint).await {
                    Ok(cosignatures) => {
                        back_off = BACK_OFF_FIRST;
                        // A reader that is behind gets the next one.
                        let _ = answers.try_send(Witnessed { checkpoint, cosignatures });
                    }
                    Err(error) => {
                        self.tell(&error);
                        tokio::time::sleep(back_off).await;
                        back_off = (back_off * 2).min(BACK_OFF_MAX);
                        continue;
                    }
                }
            }
            if published.changed().await.is_err() {
                return;
            }
        }
    }

    fn tell(&self, error: &WitnessError) {
        let witness = self.witness.key.name.as_str();
        match error {
            // Another validator was quicker.
            WitnessError::Conflict { .. } => tracing::debug!(witness, %error, "not cosigned"),
            WitnessError::Inconsistent { .. } | WitnessError::Log(_) => {
                tracing::error!(witness, %error, "a witness does not cosign the log");
            }
            WitnessError::Unreachable(_)
            | WitnessError::TooLarge
            | WitnessError::Status { .. }
            | WitnessError::Answer => {
                tracing::warn!(witness, %error, "a witness does not cosign the log");
            }
        }
    }

    /// Asks for cosignatures; once more where the witness says what it cosigned last.
    async fn submit(
        &mut self,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Vec<NoteSignature>, WitnessError> {
        match self.ask(checkpoint).await {
            Err(WitnessError::Conflict { size }) if size <= checkpoint.checkpoint().size => {
                self.old_size = size;
                self.ask(checkpoint).await
            }
            answer => answer,
        }
    }

    async fn ask(
        &mut self,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Vec<NoteSignature>, WitnessError> {
        let (old_size, size) = (self.old_size, checkpoint.checkpoint().size);
        let log = Arc::clone(&self.log);
        let proof = move || consistency(&log, old_size, size);
        let proof = tokio::task::spawn_blocking(proof).await;
        let proof = proof.map_err(|error| WitnessError::Unreachable(error.to_string()))??;
        let request = AddCheckpoint { old_size, proof, checkpoint: checkpoint.clone() };
        let (status, body) = self.post(request.to_string()).await?;
        let cosignatures = answer(status, &body, old_size, &self.witness.key, checkpoint)?;
        self.old_size = size;
        self.cosigned = Some(size);
        Ok(cosignatures)
    }

    async fn post(&self, body: String) -> Result<(u16, String), WitnessError> {
        let unreachable = |error: reqwest::Error| {
            // Without the URL: it may hold what only the operator should know.
            WitnessError::Unreachable(error.without_url().to_string())
        };
        let url = format!("{}/add-checkpoint", self.witness.url);
        let mut response = self.http.post(url).body(body).send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(WitnessError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((status, String::from_utf8(bytes).map_err(|_| WitnessError::Answer)?))
    }
}

/// The proof that the log of `size` grew out of that of `old_size`; empty from nothing.
fn consistency(
    log: &AuditLog,
    old_size: u64,
    size: u64,
) -> Result<Vec<ledger_types::Hash>, TileError<StoreError>> {
    if old_size == 0 || old_size >= size {
        return Ok(Vec::new());
    }
    TileReader::new(log, size).consistency(old_size)
}

/// The verified cosignatures of an answer, or what it says instead.
fn answer(
    status: u16,
    body: &str,
    old_size: u64,
    key: &VerifierKey,
    checkpoint: &SignedCheckpoint,
) -> Result<Vec<NoteSignature>, WitnessError> {
    match status {
        200 => {}
        409 => {
            let size = body.strip_suffix('\n').unwrap_or(body).parse().ok();
            let size: u64 = size.ok_or(WitnessError::Answer)?;
            return Err(WitnessError::Conflict { size });
        }
        422 => return Err(WitnessError::Inconsistent { old_size }),
        status => return Err(WitnessError::Status { status }),
    }
    let signatures = parse_signatures(body).map_err(|_| WitnessError::Answer)?;
    let text = checkpoint.note().text();
    let good =
        |signature: &NoteSignature| matches!(key.check(text, signature), Checked::Good { .. });
    let cosignatures: Vec<NoteSignature> = signatures.into_iter().filter(good).take(1).collect();
    if cosignatures.is_empty() { Err(WitnessError::Answer) } else { Ok(cosignatures) }
}

#[cfg(test)]
mod tests {
    use ledger_proof::checkpoint::Checkpoint;
    use ledger_proof::note::{KeyName, NoteSigner, SignatureKind};
    use ledger_types::{Hash, SigningKey};

    use super::*;

    fn signer(name: &str) -> NoteSigner {
        NoteSigner::new(KeyName::new(name).unwrap(), SigningKey::from_seed(&[9; 32]))
    }

    #[test]
    fn an_answer_is_a_cosignature_of_the_witness_or_says_why_not() {
        let origin = KeyName::new("log.example").unwrap();
        let checkpoint = Checkpoint { origin, size: 7, root: Hash::of(&[b"seven"]) };
        let text = checkpoint.to_string();
        let signed = checkpoint.signed(vec![signer("log.example").sign(&text)]).unwrap();
        let key = signer("witness.example").verifier(SignatureKind::Cosignature);
        let answer = |status, body: &str| answer(status, body, 5, &key, &signed);
        let good = signer("witness.example").cosign(&text, 1_767_225_600);
        let other = signer("other.example").cosign(&text, 1_767_225_600);
        let body = format!("{other}\n{good}\n");
        assert_eq!(answer(200, &body).unwrap(), [good]);
        let false_one = signer("witness.example").cosign("another\n", 1_767_225_600);
        for body in [String::new(), format!("{other}\n"), format!("{false_one}\n"), "hm".to_owned()]
        {
            assert!(matches!(answer(200, &body), Err(WitnessError::Answer)), "{body}");
        }
        assert!(matches!(answer(409, "12\n"), Err(WitnessError::Conflict { size: 12 })));
        assert!(matches!(answer(409, "many\n"), Err(WitnessError::Answer)));
        assert!(matches!(answer(422, ""), Err(WitnessError::Inconsistent { old_size: 5 })));
        for status in [400, 403, 404, 500, 301] {
            let refused = answer(status, "");
            assert!(matches!(refused, Err(WitnessError::Status { status: s }) if s == status));
        }
    }
}
