//! Who may read what, and every way in which a signed read is refused.

use axum::body::Body;
use axum::http::{Request, header};
use ledger_types::{Hash, Lab, LabRate};
use network_clock::Clock;
use node_api::Time;
use node_api::body::{AccountBody, TransactionState, TransactionStatus};
use node_api::signature::{self, Headers, Message, Moment};

use super::World;
use super::world::{AUTHORITY, Asked, actor, now_ms, transfer};

/// A read of a path here, as whoever asks this node signs it.
fn message<'m>(genesis: &'m Hash, path: &'m str) -> Message<'m> {
    Message { genesis, method: "GET", authority: AUTHORITY, path, query: None, body: b"" }
}

/// What a request gets here that names another authority.
async fn carried(world: &World, path: &str, authority: &str, headers: &Headers) -> Asked {
    let request = Request::get(path)
        .header(header::HOST, authority)
        .header(signature::SIGNATURE_INPUT, &headers.signature_input)
        .header(signature::SIGNATURE, &headers.signature);
    Asked::of(world.ask(request.body(Body::empty()).unwrap()).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_was_signed_for_another_node_or_network_is_refused_here() {
    let world = World::new();
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let (reader, key) = (world.address("alice"), actor("alice").key);
    let now = Moment::at(now_ms() / 1000);
    let genesis = world.genesis.hash();
    let here = message(&genesis, &path);
    // Whole as it was sent to the other node, with the other's name in it.
    let elsewhere = Message { authority: "node2.example:26602", ..here };
    let replayed = signature::sign(&elsewhere, &reader, &key, now);
    let refused = carried(&world, &path, "node2.example:26602", &replayed).await;
    refused.expect_problem(6104);
    let other = Hash::of(&[b"another network"]);
    let replayed = signature::sign(&Message { genesis: &other, ..here }, &reader, &key, now);
    world.read_with(&path, &replayed).await.expect_problem(6104);
    let own = signature::sign(&here, &reader, &key, now);
    world.read_with(&path, &own).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_its_holders_and_its_banks() {
    let world = World::new();
    let path = format!("/v1/accounts/{}", world.address("alice"));
    for reader in ["alice", "first bank"] {
        let account: AccountBody = world.read(reader, &path).await.json();
        assert_eq!(account.address.as_str(), world.address("alice"), "{reader}");
    }
    for reader in ["bob", "second bank", "shop", "operator", "clinic", "auditor"] {
        world.read(reader, &path).await.expect_problem(6107);
        world.read(reader, &format!("{path}/history")).await.expect_problem(6107);
    }
    world.get(&path).await.expect_problem(6101);
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_an_account_exists_shows_to_nobody_without_a_right_to_it() {
    let world = World::new();
    let nobody = ledger_types::AccountId::new([1; 20]);
    let path = format!("/v1/accounts/{}", nobody.to_address(&world.genesis.address_prefix));
    world.read("alice", &path).await.expect_problem(6107);
    world.read("first bank", &path).await.expect_problem(6107);
    world.read("auditor", &path).await.expect_problem(6107);
    world.read("auditor", &format!("{path}/history")).await.expect_problem(6107);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_covers_one_request_at_one_node_for_a_minute() {
    let world = World::new();
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let good = world.sign("alice", &path);
    world.read_with(&path, &good).await.expect_status(200);
    world.read_with(&format!("{path}/history"), &good).await.expect_problem(6104);
    let more = format!("{path}?read={}", Hash::ZERO);
    world.read_with(&more, &good).await.expect_problem(6104);
    carried(&world, &path, "other.example", &good).await.expect_problem(6104);
    let genesis = world.genesis.hash();
    let message = message(&genesis, &path);
    let key = actor("alice").key;
    for created in [now_ms() / 1000 - 70, now_ms() / 1000 + 70] {
        let stale = signature::sign(&message, &world.address("alice"), &key, Moment::at(created));
        world.read_with(&path, &stale).await.expect_problem(6103);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_who_it_says() {
    let world = World::new();
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let genesis = world.genesis.hash();
    let message = message(&genesis, &path);
    let now = Moment::at(now_ms() / 1000);
    let bobs = actor("bob").key;
    let forged = signature::sign(&message, &world.address("alice"), &bobs, now);
    world.read_with(&path, &forged).await.expect_problem(6104);
    let stranger = world.address("subject");
    let unknown = signature::sign(&message, &stranger, &actor("subject").key, now);
    world.read_with(&path, &unknown).await.expect_problem(6106);
    let nonsense = signature::sign(&message, "alice", &actor("alice").key, now);
    world.read_with(&path, &nonsense).await.expect_problem(6102);
    let good = world.sign("alice", &path);
    let twice = Request::get(&path)
        .header(header::HOST, AUTHORITY)
        .header(signature::SIGNATURE_INPUT, &good.signature_input)
        .header(signature::SIGNATURE_INPUT, &good.signature_input)
        .header(signature::SIGNATURE, &good.signature)
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.ask(twice).await.status(), 401);
    let half = Headers { signature: String::new(), ..good };
    world.read_with(&path, &half).await.expect_problem(6102);
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_for_those_whom_it_concerns() {
    let mut world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("shop", 300)]);
    let path = format!("/v1/transactions/{}", transaction.id(&world.genesis.hash()));
    world.get(&path).await.expect_problem(6201);
    let octets = ledger_types::codec::encode(&transaction);
    world.post("/v1/transactions", node_api::OCTET_STREAM, &octets).await.expect_status(202);
    let pending: TransactionStatus = world.get(&path).await.json();
    assert_eq!((pending.state, pending.content), (TransactionState::Pending, None));
    world.read("bob", &path).await.expect_problem(6107);
    let own: TransactionStatus = world.read("alice", &path).await.json();
    assert!(own.content.is_some());
    world.commit();
    for indexed in [false, true] {
        if indexed {
            world.indexed().await;
        }
        let public: TransactionStatus = world.get(&path).await.json();
        assert_eq!((public.state, public.content), (TransactionState::Committed, None));
        for reader in ["alice", "first bank"] {
            let status: TransactionStatus = world.read(reader, &path).await.json();
            let content = status.content.expect(reader);
            assert_eq!(content.transaction(&world.genesis.address_prefix).unwrap(), transaction);
        }
        for reader in ["shop", "second bank"] {
            let status: TransactionStatus = world.read(reader, &path).await.json();
            assert_eq!((status.content, status.operations.expect(reader).len()), (None, 1));
        }
        for reader in ["bob", "operator", "clinic"] {
            world.read(reader, &path).await.expect_problem(6107);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_named_in_one_operation_is_shown_that_operation_only() {
    let mut world = World::new();
    let paid = vec![transfer("bob", 100), transfer("shop", 300), transfer("bob", 7)];
    let transaction = world.transaction("alice", 0, paid);
    world.settle(std::slice::from_ref(&transaction)).await;
    let path = format!("/v1/transactions/{}", transaction.id(&world.genesis.hash()));
    let prefix = &world.genesis.address_prefix;
    for (reader, places) in [("shop", vec![1]), ("bob", vec![0, 2])] {
        let asked = world.read(reader, &path).await;
        let status: TransactionStatus = asked.json();
        assert_eq!(status.content, None, "{reader}");
        let shown: Vec<_> = status.operations.unwrap().into_iter().collect();
        assert_eq!(shown.iter().map(|of| of.operation).collect::<Vec<_>>(), places, "{reader}");
        for of in shown {
            let sent = &transaction.unsigned.operations[usize::from(of.operation)];
            let read = ledger_types::Operation::from_json(of.asked, prefix).unwrap();
            assert_eq!(read, *sent, "{reader}");
        }
        // Nor anything else of the transaction: whose keys signed it, or until when it is valid.
        let text = String::from_utf8(asked.body.to_vec()).unwrap();
        let key = actor("alice").key.public_key().to_string();
        assert!(!text.contains(&key) && !text.contains("valid_until"), "{reader}: {text}");
    }
    let own: TransactionStatus = world.read("alice", &path).await.json();
    assert!(own.content.is_some() && own.operations.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_lab_status_names_it_and_signed_reads_go_by_its_time() {
    let plain: serde_json::Value = World::new().get("/v1/status").await.json();
    assert_eq!(plain.get("lab"), None, "no other network has the member");
    let start = Clock::real().now();
    let world = World::in_lab(Lab { rate: LabRate::new(1000).unwrap(), start });
    let status: serde_json::Value = world.get("/v1/status").await.json();
    let shown = serde_json::json!({
        "rate": 1000,
        "start": Time::new(start),
        "genesis_time": Time::new(world.genesis.time),
    });
    assert_eq!(status["lab"], shown);
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let account: AccountBody = world.read("alice", &path).await.json();
    assert_eq!(account.address.as_str(), world.address("alice"));
    // A reader that goes by another time is refused, though its minute were a lab's.
    let genesis = world.genesis.hash();
    let message = message(&genesis, &path);
    let key = actor("alice").key;
    let foreign = Moment::at(start.as_millis() / 1000 + 3_600 * 24 * 365);
    let stale = signature::sign(&message, &world.address("alice"), &key, foreign);
    world.read_with(&path, &stale).await.expect_problem(6103);
}
