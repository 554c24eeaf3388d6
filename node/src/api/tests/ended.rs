//! Accesses of which both halves came: read in the same way before and after the state lets them go.

use ledger_proof::bundle::Proved;
use ledger_types::day::DAY_MS;
use ledger_types::operation::{AuditScope, NameHolder, RecordReceipt};
use ledger_types::{Hash, Operation, TransactionId};
use node_api::body::{AccessBody, AccessStep, CheckBody, Decision};
use node_api::path;
use node_api::query::Check;
use serde_json::Value;

use super::World;
use super::audit::cosigning;
use super::bundles::verified;
use super::cast::{Cast, delegate, view_for};
use super::consent::{HOLDER_SALT, check, check_path, consent_id, request, use_of, with_consent};
use super::witness::publish;
use super::world::{ARCHIVE, Today};
use crate::store::Indexing;

/// The access that is recorded by both.
const WHOLE: Today = Today(1);
/// The archive's half and the pharmacy's.
const DISCLOSED: &[u8] = b"disclosed";
/// A view of all that is in force while the access leaves.
const VIEW: Hash = Hash::new([0x79; 32]);
/// Everyone of the cast who may sign a read.
const READERS: [&str; 13] = [
    "alice",
    "first bank",
    "auditor",
    "operator",
    "subject",
    "guardian",
    "neighbour",
    "clinic",
    "school",
    "pharmacy",
    "archive",
    "inspector",
    "counter",
];

fn receipt(access: Hash) -> Operation {
    let disclosure = Hash::of(&[DISCLOSED]);
    Operation::RecordReceipt(RecordReceipt { access, disclosure })
}

/// An access with both its halves; the transactions that asked for it and recorded them.
async fn recorded(world: &mut World, access: Today) -> [TransactionId; 3] {
    let asked = world.send("pharmacy", vec![request(access.0, &check(1, 0))]).await;
    let used = world.send("archive", vec![use_of(access.id(), DISCLOSED)]).await;
    let received = world.send("pharmacy", vec![receipt(access.id())]).await;
    [asked, used, received]
}

fn is_in_state(world: &World, access: Today) -> bool {
    world.query.state().access(&access.id()).is_some()
}

/// Lets so many days pass as accesses with both halves stay in the state, and one more.
async fn let_go(world: &mut World) {
    let days = u64::from(world.genesis.parameters.retention.access_days);
    world.pass((days + 2) * DAY_MS).await;
}

async fn read(world: &World, reader: &str, access: Today) -> AccessBody {
    world.read(reader, path::access(&access.id()).as_str()).await.json()
}

fn done(body: &AccessBody) -> Vec<(AccessStep, Option<TransactionId>)> {
    body.steps.iter().map(|step| (step.step, step.transaction)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_that_left_the_state_is_served_with_its_halves_and_proofs() {
    let mut world = cosigning(with_consent().await);
    let [asked, used, received] = recorded(&mut world, WHOLE).await;
    let before = read(&world, "subject", WHOLE).await;
    assert!(!before.ended && is_in_state(&world, WHOLE));
    let_go(&mut world).await;
    assert!(!is_in_state(&world, WHOLE));
    let after = read(&world, "subject", WHOLE).await;
    assert_eq!(after, AccessBody { ended: true, height: after.height, ..before });
    assert_eq!(after.holder_half.as_ref().map(|half| half.holder), Some(ARCHIVE));
    assert!(after.recipient_half == Some(Hash::of(&[DISCLOSED])) && after.asked.is_some());
    let steps = [AccessStep::Permitted, AccessStep::HolderHalf, AccessStep::RecipientHalf];
    let transactions = [asked, used, received];
    let expected: Vec<_> = steps.into_iter().zip(transactions.map(Some)).collect();
    assert_eq!(done(&after), expected);
    publish(&mut world).await;
    let bundle = path::access_bundle(&WHOLE.id());
    let bundle = world.read("subject", bundle.as_str()).await.text();
    let proved = verified(&world, &bundle).unwrap().proved;
    let receipts = proved.iter().map(|one| {
        let Proved::Receipt { transaction, committed: true, .. } = one else { panic!("{one:?}") };
        *transaction
    });
    assert_eq!(receipts.collect::<Vec<_>>(), transactions);
    for step in &after.steps {
        let proof = path::log_proof(step.entry.unwrap());
        world.get(proof.as_str()).await.expect_status(200);
    }
}

/// What is answered, but for when and from where.
fn told(asked: &super::world::Asked) -> (u16, Value) {
    let mut body: Value = serde_json::from_slice(&asked.body).unwrap();
    let fields = body.as_object_mut().unwrap();
    for field in ["height", "time", "ended", "instance"] {
        fields.remove(field);
    }
    (asked.status.as_u16(), body)
}

/// What everyone is answered who asks for the access, or by it.
async fn answers(world: &World) -> Vec<(String, (u16, Value))> {
    let (access, consent) = (WHOLE.id(), consent_id(1).get());
    let asked = Check { access: Some(access), ..check(1, 0) };
    let paths = [
        format!("/v1/accesses/{access}"),
        format!("/v1/accesses/{access}?view={VIEW}"),
        format!("/v1/consents/{consent}?access={access}"),
        format!("/v1/consents/{}?access={access}", consent_id(8).get()),
        check_path(&asked),
    ];
    let mut all = Vec::new();
    for reader in READERS {
        for path in &paths {
            let answer = told(&world.read(reader, path).await);
            all.push((format!("{reader} {path}"), answer));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_on_an_access_do_not_change_when_it_leaves_the_state() {
    let Cast { mut world, .. } = Cast::new().await;
    recorded(&mut world, WHOLE).await;
    let days = u64::from(world.genesis.parameters.retention.access_days);
    world.pass((days - 1) * DAY_MS).await;
    let long = 30 * DAY_MS;
    let guardian = delegate(&world, "guardian", long);
    world.send("subject", vec![guardian]).await;
    let view = view_for(&world, VIEW, AuditScope::All, long);
    world.send("operator", vec![view]).await;
    let before = answers(&world).await;
    assert!(is_in_state(&world, WHOLE));
    world.pass(3 * DAY_MS).await;
    assert!(!is_in_state(&world, WHOLE));
    let after = answers(&world).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    let of = |answer: &str| {
        let found = after.iter().find(|(path, _)| path.starts_with(answer)).unwrap();
        found.1.0
    };
    let access = WHOLE.id();
    for reader in ["subject", "guardian", "clinic", "pharmacy", "archive"] {
        assert_eq!(of(&format!("{reader} /v1/accesses/{access}")), 200, "{reader}");
    }
    let consent = consent_id(1).get();
    for reader in ["pharmacy", "archive"] {
        assert_eq!(of(&format!("{reader} /v1/consents/{consent}?access")), 200, "{reader}");
    }
    for reader in ["alice", "school", "neighbour", "counter", "inspector"] {
        assert_eq!(of(&format!("{reader} /v1/accesses/{access}")), 403, "{reader}");
    }
    assert_eq!(of(&format!("inspector /v1/accesses/{access}?view")), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_of_an_access_with_both_halves_that_it_is_used_up() {
    let mut world = with_consent().await;
    recorded(&mut world, WHOLE).await;
    let on = |number| check_path(&Check { access: Some(WHOLE.id()), ..check(number, 0) });
    for is_there in [true, false] {
        assert_eq!(is_in_state(&world, WHOLE), is_there);
        let check: CheckBody = world.read("archive", &on(1)).await.json();
        assert_eq!((check.decision, check.name.as_deref()), (Decision::Deny, Some("HalfRecorded")));
        let other: CheckBody = world.read("archive", &on(2)).await.json();
        assert_eq!(other.name.as_deref(), Some("UnknownAccess"));
        let_go(&mut world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_that_was_overdue_leaves_once_it_is_whole_and_tells_all_of_it() {
    let mut world = with_consent().await;
    let access = WHOLE.id();
    let asked = world.send("pharmacy", vec![request(1, &check(1, 0))]).await;
    let received = world.send("pharmacy", vec![receipt(access)]).await;
    let_go(&mut world).await;
    let overdue = read(&world, "subject", WHOLE).await;
    assert!(is_in_state(&world, WHOLE) && !overdue.ended && overdue.overdue.is_some());
    let name = NameHolder { access, party: ARCHIVE, salt: HOLDER_SALT };
    let named = world.send("pharmacy", vec![Operation::NameHolder(name)]).await;
    let used = world.send("archive", vec![use_of(access, DISCLOSED)]).await;
    world.pass(1).await;
    assert!(!is_in_state(&world, WHOLE), "it is old, and waits for nobody");
    let after = read(&world, "subject", WHOLE).await;
    assert!(after.ended && after.overdue == overdue.overdue && after.named == Some(ARCHIVE));
    let expected = [
        (AccessStep::Permitted, Some(asked)),
        (AccessStep::RecipientHalf, Some(received)),
        (AccessStep::Overdue, None),
        (AccessStep::HolderNamed, Some(named)),
        (AccessStep::HolderHalf, Some(used)),
    ];
    assert_eq!(done(&after), expected);
    assert!(after.steps.iter().all(|step| step.entry.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_an_index_says_so_of_an_access_that_is_not_in_the_state() {
    let world = World::with(Indexing::Off);
    let path = path::access(&WHOLE.id()).to_string();
    world.read("archive", &path).await.expect_problem(7003);
}
