//! Witnesses outside the network, over real HTTP: what they cosign, refuse, and cannot break.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ledger_proof::checkpoint::{Checkpoint, SignedCheckpoint};
use ledger_proof::note::{Checked, KeyName, NoteSigner, SignatureKind, VerifierKey};
use ledger_proof::policy::Policy;
use ledger_proof::signers::Signers;
use ledger_proof::witness::{AddCheckpoint, Latest, Refusal, judge};
use ledger_types::Hash;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::World;
use super::audit::cosigned;
use super::world::key;
use crate::audit_log::{INTERVAL_MS, Witness, ask_witnesses};

const WITHIN: Duration = Duration::from_secs(20);

/// A witness as another city would run one: the rules of `ledger_proof::witness` behind HTTP.
struct Other {
    signer: NoteSigner,
    logs: Vec<VerifierKey>,
    latest: Mutex<Option<Latest>>,
    /// How often it was asked, and the last status that it answered.
    asked: watch::Sender<(u32, u16)>,
}

impl Other {
    fn new(logs: Vec<VerifierKey>) -> Arc<Self> {
        let name = KeyName::new("witness.example/other-city").unwrap();
        let signer = NoteSigner::new(name, key("other city"));
        let asked = watch::Sender::new((0, 0));
        Arc::new(Self { signer, logs, latest: Mutex::new(None), asked })
    }

    fn of(world: &World) -> Arc<Self> {
        Self::new(Signers::of(&world.genesis).unwrap().logs)
    }

    fn key(&self) -> VerifierKey {
        self.signer.verifier(SignatureKind::Cosignature)
    }

    fn latest(&self) -> Option<Latest> {
        *self.latest.lock().unwrap()
    }

    fn answer(&self, body: &str) -> Response {
        let Ok(request) = AddCheckpoint::parse(body) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        // The check and what is stored are one step.
        let mut latest = self.latest.lock().unwrap();
        match judge(&request, &self.logs, *latest) {
            Ok(accepted) => {
                *latest = Some(accepted.latest());
                format!("{}\n", accepted.cosign(&self.signer, 1_767_225_600)).into_response()
            }
            Err(Refusal::Conflict { size }) => {
                let media = [(header::CONTENT_TYPE, "text/x.tlog.size")];
                (StatusCode::CONFLICT, media, format!("{size}\n")).into_response()
            }
            Err(refusal) => StatusCode::from_u16(refusal.status()).unwrap().into_response(),
        }
    }
}

async fn add_checkpoint(State(other): State<Arc<Other>>, body: String) -> Response {
    let response = other.answer(&body);
    let status = response.status().as_u16();
    other.asked.send_modify(|asked| *asked = (asked.0 + 1, status));
    response
}

/// Serves a witness on a port of its own; gives its submission prefix.
async fn serve(other: &Arc<Other>) -> String {
    let routes = axum::Router::new()
        .route("/at/add-checkpoint", axum::routing::post(add_checkpoint))
        .with_state(Arc::clone(other));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/at", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    url
}

/// Has the node ask these witnesses.
fn ask(world: &World, witnesses: Vec<Witness>) -> JoinHandle<()> {
    let published = world.published.clone();
    let answers = published.answers();
    tokio::spawn(ask_witnesses(witnesses, published, answers, world.shutdown.subscribe()))
}

/// A block of another interval, and the checkpoint that is published then: time passes up to the
/// interval's last millisecond in a block that was fetched, and the next one is decided here.
pub(super) async fn publish(world: &mut World) -> Arc<SignedCheckpoint> {
    let now = world.query.state().time().as_millis();
    world.pass(2 * INTERVAL_MS - 1 - now % INTERVAL_MS).await;
    world.commit();
    let size = world.query.state().audit_log_size();
    let mut published = world.published.checkpoint();
    let covers = |last: &Option<Arc<SignedCheckpoint>>| {
        last.as_ref().is_some_and(|last| last.checkpoint().size >= size)
    };
    let reached = tokio::time::timeout(WITHIN, published.wait_for(covers)).await;
    reached.unwrap().unwrap().clone().unwrap()
}

/// Waits until a witness has cosigned a checkpoint of at least this size.
async fn witnessed(world: &World, size: u64) -> Arc<SignedCheckpoint> {
    let mut witnessed = world.published.witnessed();
    let covers = |last: &Option<Arc<SignedCheckpoint>>| {
        last.as_ref().is_some_and(|last| last.checkpoint().size >= size)
    };
    let reached = tokio::time::timeout(WITHIN, witnessed.wait_for(covers)).await;
    reached.unwrap().unwrap().clone().unwrap()
}

fn is_cosigned(checkpoint: &SignedCheckpoint, key: &VerifierKey) -> bool {
    let text = checkpoint.note().text();
    let mut signatures = checkpoint.note().signatures().iter();
    signatures.any(|signature| matches!(key.check(text, signature), Checked::Good { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_outside_cosigns_what_is_published_and_what_grows_out_of_it() {
    let mut world = cosigned();
    let other = Other::of(&world);
    world.get("/audit/witnessed").await.expect_problem(7004);
    let url = serve(&other).await;
    let witness = Witness { key: other.key(), url };
    let asking = ask(&world, vec![witness.clone()]);
    let first = publish(&mut world).await.checkpoint().size;
    witnessed(&world, first).await;
    let served = world.get("/audit/witnessed").await.text();
    let served = SignedCheckpoint::parse(&served).unwrap();
    assert!(is_cosigned(&served, &other.key()));
    let policy = Policy::parse(&world.get("/audit/policy").await.text()).unwrap();
    assert_eq!(policy.judge(&served).unwrap().cosignatures.len(), 1);
    // Nothing newer came, so the checkpoint that is served carries it as well.
    let newest = world.published.checkpoint();
    let carries = |last: &Option<Arc<SignedCheckpoint>>| {
        last.as_ref().is_some_and(|last| is_cosigned(last, &other.key()))
    };
    tokio::time::timeout(WITHIN, newest.clone().wait_for(carries)).await.unwrap().unwrap();
    let second = publish(&mut world).await.checkpoint().size;
    assert!(is_cosigned(&*witnessed(&world, second).await, &other.key()));
    // A node that began anew does not know what was cosigned: the witness tells it.
    asking.abort();
    let _ = asking.await;
    let third = publish(&mut world).await.checkpoint().size;
    let before = other.asked.borrow().0;
    ask(&world, vec![witness]);
    witnessed(&world, third).await;
    assert_eq!(other.latest().unwrap().size, third);
    assert_eq!(*other.asked.borrow(), (before + 2, 200), "once with 0, once with what it said");
}

async fn submit(url: &str, request: &AddCheckpoint) -> u16 {
    let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
    let sent = http.post(format!("{url}/add-checkpoint")).body(request.to_string()).send().await;
    sent.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forked_checkpoint_is_refused() {
    let mut world = cosigned();
    let other = Other::of(&world);
    let url = serve(&other).await;
    ask(&world, vec![Witness { key: other.key(), url: url.clone() }]);
    let size = publish(&mut world).await.checkpoint().size;
    witnessed(&world, size).await;
    let origin = Signers::of(&world.genesis).unwrap().origin;
    let log = NoteSigner::new(origin.clone(), key("log"));
    // The log's own key signs another history: of the same size, and of a larger one.
    for (forked, proof) in [(size, vec![]), (size + 3, vec![Hash::of(&[b"node"])])] {
        let root = Hash::of(&[b"another history"]);
        let checkpoint = Checkpoint { origin: origin.clone(), size: forked, root };
        let signature = log.sign(&checkpoint.to_string());
        let checkpoint = checkpoint.signed(vec![signature]).unwrap();
        let request = AddCheckpoint { old_size: size, proof, checkpoint };
        assert_eq!(submit(&url, &request).await, 422);
        assert_eq!(other.latest().unwrap().size, size);
    }
    let next = publish(&mut world).await.checkpoint().size;
    witnessed(&world, next).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn witnesses_that_fail_do_not_keep_the_log_from_being_published() {
    let mut world = cosigned();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed_url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    // Nobody accepts: the connection is made by the system and nothing ever answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}", silent.local_addr().unwrap());
    let stranger = Other::new(vec![]);
    let stranger_url = serve(&stranger).await;
    let honest = Other::of(&world);
    let honest_url = serve(&honest).await;
    let false_key = NoteSigner::new(KeyName::new("witness.example/x").unwrap(), key("x"));
    let urls = [closed_url, silent_url, stranger_url, honest_url];
    let mut witnesses: Vec<Witness> =
        urls.into_iter().map(|url| Witness { key: stranger.key(), url }).collect();
    // This one answers, but not with the key that the operator entered.
    witnesses[3].key = false_key.verifier(SignatureKind::Cosignature);
    ask(&world, witnesses);
    let mut size = 0;
    for _ in 0..3 {
        let next = publish(&mut world).await.checkpoint().size;
        assert!(next > size);
        size = next;
    }
    for (other, status) in [(&stranger, 404), (&honest, 200)] {
        let mut asked = other.asked.subscribe();
        let reached = tokio::time::timeout(WITHIN, asked.wait_for(|asked| asked.1 == status)).await;
        reached.unwrap().unwrap();
    }
    world.get("/audit/witnessed").await.expect_problem(7004);
}
