//! Every error's shape, and the pages that need no chain.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use ledger_types::allowance::{Allowance, Allowances};
use ledger_types::codec;
use ledger_types::limits::TRANSACTION_BYTES_MAX;
use node_api::body::{
    BulkAnswer, Health, MerchantPage, StatusBody, TransactionBody, ValidatorsBody, ZonesBody,
};
use node_api::{BULK_BYTES_MAX, JSON_BYTES_MAX, OCTET_STREAM, path};

use super::World;
use super::world::{Asked, transfer};
use crate::store::Indexing;

const JSON: &str = "application/json";

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_understood_is_a_numbered_problem() {
    let world = World::new();
    let receipt = "0".repeat(64);
    for (path, code) in [
        ("/".to_owned(), 6002),
        ("/v1".to_owned(), 6002),
        ("/v1/status/".to_owned(), 6002),
        ("/v1/nothing".to_owned(), 6002),
        ("/v1/transactions".to_owned(), 6003),
        ("/v1/transactions/bulk".to_owned(), 6003),
        ("/v1/transactions/xyz".to_owned(), 6001),
        ("/v1/receipts/%FF".to_owned(), 6001),
        (format!("/v1/receipts/{receipt}"), 6201),
        (format!("/v1/receipts/{receipt}?wait_ms=30001"), 6011),
        (format!("/v1/receipts/{receipt}?wait_ms=-1"), 6001),
        (format!("/v1/receipts/{receipt}?wait=1"), 6001),
        ("/v1/blocks/-1".to_owned(), 6001),
        ("/v1/blocks/01".to_owned(), 6001),
        ("/v1/blocks/18446744073709551616".to_owned(), 6001),
        ("/v1/blocks/18446744073709551615".to_owned(), 6203),
        ("/v1/blocks/1/receipts".to_owned(), 6203),
        ("/v1/zones/2".to_owned(), 6205),
        ("/v1/zones/65536".to_owned(), 6001),
        ("/v1/zones/2/merchants".to_owned(), 6205),
        ("/v1/zones/1/merchants?limit=0".to_owned(), 6011),
        ("/v1/zones/1/merchants?limit=201".to_owned(), 6011),
        ("/v1/zones/1/merchants?cursor=x".to_owned(), 6010),
        ("/v1/parties?limit=0".to_owned(), 6011),
        ("/v1/parties?cursor=x".to_owned(), 6010),
        ("/v1/consents".to_owned(), 6001),
    ] {
        let asked = world.get(&path).await;
        let problem = asked.expect_problem(code);
        assert_eq!(problem.instance.as_deref(), path.split('?').next());
        assert_eq!(asked.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(asked.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    // A character more under a checksum that fits: another spelling of an account.
    let spelled = "/v1/accounts/aizu1qurswpc8qurswpc8qurswpc8qurswpc8qjkj7x5";
    world.read("alice", spelled).await.expect_problem(6013);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_is_not_taken_says_which_are() {
    let world = World::new();
    let request = Request::builder().method(Method::DELETE).uri("/v1/transactions");
    let response = world.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()[header::ALLOW], "POST");
    let request = Request::builder().method(Method::POST).uri("/v1/status");
    let response = world.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()[header::CONTENT_TYPE], node_api::PROBLEM_JSON);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_refused_by_type_size_and_form() {
    let world = World::new();
    let (one, bulk) = ("/v1/transactions", "/v1/transactions/bulk");
    for (path, media, body, code) in [
        (one, "text/plain", vec![], 6005),
        (one, "", vec![], 6005),
        (bulk, JSON, vec![], 6005),
        (one, OCTET_STREAM, vec![0; TRANSACTION_BYTES_MAX + 1], 6004),
        (one, JSON, vec![b' '; JSON_BYTES_MAX + 1], 6004),
        (bulk, OCTET_STREAM, vec![0; BULK_BYTES_MAX + 1], 6004),
        (one, JSON, b"{".to_vec(), 6001),
        (one, JSON, b"{}".to_vec(), 6006),
        (one, JSON, b"[]".to_vec(), 6006),
        (one, OCTET_STREAM, b"".to_vec(), 1001),
        (one, OCTET_STREAM, b"nonsense".to_vec(), 1001),
        (bulk, OCTET_STREAM, vec![9, 0, 0, 0, 1], 6001),
    ] {
        let refused = world.post(path, media, &body).await;
        let ends = refused.headers.get(header::CONNECTION).is_some_and(|value| value == "close");
        assert_eq!(ends, code == 6004, "nothing follows a body that may be unread");
        refused.expect_problem(code);
    }
    assert_eq!(world.chain.mempool().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_a_length_is_bounded_too() {
    let world = World::new();
    let pieces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![0_u8; 65_536]));
    let request = Request::post("/v1/transactions/bulk").header(header::CONTENT_TYPE, OCTET_STREAM);
    let response = world.ask(request.body(Body::from_stream(pieces)).unwrap()).await;
    assert_eq!(response.status(), 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn inadmissible_transactions_keep_the_ledgers_codes() {
    let mut world = World::new();
    let good = world.transaction("alice", 0, vec![transfer("bob", 1)]);
    let mut forged = good.clone();
    forged.unsigned.purpose = 9;
    let mut elsewhere = good.clone();
    elsewhere.unsigned.network = ledger_types::NetworkId::new([0; 4]);
    let far = world.transaction("alice", 128, vec![transfer("bob", 1)]);
    let unknown = world.transaction("subject", 0, vec![transfer("bob", 1)]);
    let others = world.signed("alice", 0, vec![transfer("bob", 1)], &["bob"]);
    for (transaction, code, status) in
        [(forged, 1004, 422), (elsewhere, 1003, 422), (far, 1008, 422), (others, 1010, 422)]
    {
        let asked =
            world.post("/v1/transactions", OCTET_STREAM, &codec::encode(&transaction)).await;
        asked.expect_problem(code);
        asked.expect_status(status);
    }
    let asked = world.post("/v1/transactions", OCTET_STREAM, &codec::encode(&unknown)).await;
    assert!(matches!(asked.status.as_u16(), 422), "{:?}", asked.body);
    world.settle(&[good]).await;
    let used = world.transaction("alice", 0, vec![transfer("bob", 2)]);
    let asked = world.post("/v1/transactions", OCTET_STREAM, &codec::encode(&used)).await;
    asked.expect_problem(1007);
    asked.expect_status(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hands_in_again_while_the_block_is_being_told_hears_of_the_own_receipt() {
    let world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 1)]);
    let octets = codec::encode(&transaction);
    let bulk = [&u32::try_from(octets.len()).unwrap().to_le_bytes(), octets.as_slice()].concat();
    let untold = world.apply_untold(&transaction);
    // Nobody may hear of the own nonce as of another's, however long it takes.
    world.post("/v1/transactions", OCTET_STREAM, &octets).await.expect_problem(7009);
    let refused: BulkAnswer = world.post("/v1/transactions/bulk", OCTET_STREAM, &bulk).await.json();
    assert_eq!((refused.accepted, refused.refused[0].code), (0, 7009));
    let tells = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        world.query.feed().committed(&untold);
    };
    let (one, many, ()) = tokio::join!(
        world.post("/v1/transactions", OCTET_STREAM, &octets),
        world.post("/v1/transactions/bulk", OCTET_STREAM, &bulk),
        tells,
    );
    one.expect_status(200);
    assert_eq!(many.json::<BulkAnswer>().accepted, 1);
    // Another's use of the nonce stays what it is.
    let other = codec::encode(&world.transaction("alice", 0, vec![transfer("bob", 2)]));
    world.post("/v1/transactions", OCTET_STREAM, &other).await.expect_problem(1007);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_transaction_with_a_waiting_nonce_is_refused() {
    let world = World::new();
    for (amount, status) in [(1, 202), (2, 409)] {
        let transaction = world.transaction("alice", 0, vec![transfer("bob", amount)]);
        let octets = codec::encode(&transaction);
        let asked = world.post("/v1/transactions", OCTET_STREAM, &octets).await;
        asked.expect_status(status);
        if status == 409 {
            asked.expect_problem(7008);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_names_the_field_that_is_wrong() {
    let world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 1)]);
    let other = ledger_types::AddressPrefix::new("koto").unwrap();
    let body = serde_json::to_vec(&TransactionBody::of(&transaction, &other)).unwrap();
    let problem = world.post("/v1/transactions", JSON, &body).await.expect_problem(6006);
    assert!(problem.detail.contains("account") && problem.detail.contains("koto"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_reads_say_so_and_payments_go_on() {
    let mut world = World::with(Indexing::Off);
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 1)]);
    let octets = codec::encode(&transaction);
    world.post("/v1/transactions", OCTET_STREAM, &octets).await.expect_status(202);
    world.commit();
    let receipt = format!("/v1/receipts/{}", transaction.id(&world.genesis.hash()));
    world.get(&receipt).await.expect_status(200);
    world.get("/v1/blocks/1/receipts").await.expect_status(200);
    world.post("/v1/transactions", OCTET_STREAM, &octets).await.expect_status(200);
    let history = format!("/v1/accounts/{}/history", world.address("alice"));
    world.read("alice", &history).await.expect_problem(7003);
    // Whoever is told that there is none may pay again, so that is not said.
    world.get(&format!("/v1/receipts/{}", "0".repeat(64))).await.expect_problem(7003);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_shows_itself() {
    let mut world = World::new();
    world.commit();
    let status: StatusBody = world.get("/v1/status").await.json();
    assert_eq!(status.genesis_hash, world.genesis.hash());
    assert_eq!(status.network, world.genesis.network().to_string());
    assert_eq!((status.height.get(), status.validators, status.waiting), (1, 1, 0));
    let validators: ValidatorsBody = world.get("/v1/validators").await.json();
    assert_eq!((validators.height.get(), validators.total_power), (2, 1));
    assert_eq!(validators.validators[0].key, world.genesis.validators[0].key);
    let zones: ZonesBody = world.get("/v1/zones").await.json();
    assert_eq!(zones.zones[0].name, "old town");
    let zone: node_api::body::ZoneBody = world.get("/v1/zones/1").await.json();
    assert_eq!(zone, zones.zones[0]);
    let merchants: MerchantPage = world.get("/v1/zones/1/merchants").await.json();
    assert_eq!(merchants.merchants[0].account.as_str(), world.address("shop"));
    assert_eq!((merchants.merchants.len(), merchants.next), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_of_the_table_is_routed_as_it_stands_there() {
    let world = World::new();
    // Streams end, and everything else answers still.
    world.shutdown.send(true).unwrap();
    for route in path::ALL {
        let filled = |part: &'static str| if part.starts_with('{') { "1" } else { part };
        let asked: Vec<&str> = route.template.split('/').map(filled).collect();
        world.get(&asked.join("/")).await;
    }
    let metrics = world.get(path::METRICS).await;
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    for route in path::ALL {
        let template =
            if route.template == path::TILE { "/audit/tile/{*tile}" } else { route.template };
        assert!(text.contains(&format!("route=\"{template}\"")), "{template} in\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_metrics_and_the_document_are_served() {
    let world = World::new();
    let health: Health = world.get("/healthz").await.json();
    assert_eq!((health.status.as_str(), health.height.get()), ("ok", 0));
    assert_eq!(world.get("/readyz").await.json::<Health>(), health);
    let document: serde_json::Value = world.get("/openapi.json").await.json();
    assert!(document["paths"]["/v1/transactions/bulk"]["post"].is_object());
    world.get("/v1/nothing").await.expect_problem(6002);
    let metrics: Asked = world.get("/metrics").await;
    metrics.expect_status(200);
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    for line in [
        "api_requests_total{route=\"/healthz\",status=\"200\"} 1",
        "api_requests_total{route=\"none\",status=\"404\"} 1",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    world.shutdown.send(true).unwrap();
    let problem = world.get("/readyz").await.expect_problem(7004);
    assert_eq!(problem.reasons, ["the node is stopping"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_used_its_allowance_is_told_when_to_send_again() {
    let citizen = Allowance { burst: 64, per_minute: 6 };
    let world = World::with_allowances(Allowances { citizen, ..Allowances::INITIAL });
    let many = (0..60).map(|_| transfer("bob", 1)).collect();
    let many = world.transaction("alice", 0, many);
    world.post("/v1/transactions", OCTET_STREAM, &codec::encode(&many)).await.expect_status(202);
    let more = world.transaction("alice", 1, (0..6).map(|_| transfer("bob", 1)).collect());
    let more = codec::encode(&more);
    let asked = world.post("/v1/transactions", OCTET_STREAM, &more).await;
    let problem = asked.expect_problem(7011);
    assert_eq!((problem.status, problem.retry_after), (429, Some(20)));
    assert_eq!(asked.headers[header::RETRY_AFTER], "20");
    // Among others in a bulk it says the same of itself alone.
    let frame = [&u32::try_from(more.len()).unwrap().to_le_bytes()[..], &more].concat();
    let answer: BulkAnswer = world.post("/v1/transactions/bulk", OCTET_STREAM, &frame).await.json();
    assert_eq!((answer.accepted, answer.refused[0].code), (0, 7011));
}
