//! Error paths against a tiny server that answers as it is told.

use std::sync::Mutex;

use ledger_types::operation::OpenZoneAccount;
use ledger_types::{
    AccountId, Height, Lab, LabRate, Nonce, Operation, Outcome, Receipt, Transaction,
    TransactionId, Unsigned, codec,
};
use node_api::ApiCode;
use node_api::query::Log;
use node_api::signature::Unverified;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

mod routes;

/// What the server got and what it answers next: a whole HTTP response, or nothing at all.
#[derive(Debug, Default)]
struct Script {
    requests: Mutex<Vec<(String, Vec<u8>)>>,
    answers: Mutex<Vec<Option<Vec<u8>>>>,
}

impl Script {
    fn requests(&self) -> Vec<(String, Vec<u8>)> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(answers: Vec<Option<Vec<u8>>>) -> (String, Arc<Script>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers = Mutex::new(answers.into_iter().rev().collect());
    let script = Arc::new(Script { requests: Mutex::default(), answers });
    let shared = script.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(answer(stream, shared.clone()));
        }
    });
    (url, script)
}

async fn answer(mut stream: TcpStream, script: Arc<Script>) {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(head) = head {
            let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
            let length: usize = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= head + 4 + length {
                let head_text = String::from_utf8_lossy(&bytes[..head]).into_owned();
                script.requests.lock().unwrap().push((head_text, bytes[head + 4..].to_vec()));
                break;
            }
        }
        match stream.read(&mut piece).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return,
        }
    }
    let next = script.answers.lock().unwrap().pop().flatten();
    if let Some(next) = next {
        stream.write_all(&next).await.unwrap();
    }
}

fn response(status: u16, kind: &str, body: &[u8]) -> Option<Vec<u8>> {
    let mut text = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    text.extend_from_slice(body);
    Some(text)
}

fn json(status: u16, value: &serde_json::Value) -> Option<Vec<u8>> {
    response(status, "application/json", value.to_string().as_bytes())
}

fn problem_answer(code: ApiCode) -> Option<Vec<u8>> {
    json(code.status(), &serde_json::json!(Problem::new(code, "detail")))
}

fn network(clock: Clock) -> Network {
    Network {
        genesis_hash: Hash::of(&[b"genesis"]),
        address_prefix: AddressPrefix::new("aizu").unwrap(),
        directory_keys: Vec::new(),
        clock,
    }
}

fn client(url: &str, timeout_ms: u64) -> Client {
    let timeout = Duration::from_millis(timeout_ms);
    let options = Options { url: url.to_owned(), ca_pem: None, timeout };
    Client::offline(&options, network(Clock::real())).unwrap()
}

fn signed(client: &Client) -> Signed {
    signed_with(0, Vec::new(), &client.network().genesis_hash)
}

fn signed_with(nonce: u64, operations: Vec<Operation>, genesis: &Hash) -> Signed {
    let unsigned = Unsigned {
        network: genesis.network(),
        account: AccountId::new([1; 20]),
        nonce: Nonce::new(nonce),
        valid_until: Timestamp::from_millis(1),
        purpose: 0,
        operations,
    };
    Signed::new(unsigned, genesis, &[&SigningKey::from_seed(&[1; 32])])
}

fn receipt_of(id: TransactionId) -> serde_json::Value {
    serde_json::json!({ "transaction": id, "height": 3, "index": 0, "outcome": "committed" })
}

/// An address where nobody listens: it was free a moment ago and only tests run here.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn nobody_listening_is_unreachable_and_never_an_unknown_outcome() {
    let client = client(&nobody().await, 300);
    let status = client.status().await;
    assert!(matches!(status, Err(ClientError::Unreachable { .. })), "{status:?}");
    let sent = client.submit_and_wait(&signed(&client)).await;
    assert!(matches!(sent, Err(ClientError::Unreachable { .. })), "{sent:?}");
}

#[tokio::test]
async fn a_silent_node_leaves_the_outcome_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}", listener.local_addr().unwrap()), 300);
    let sent = client.submit_and_wait(&signed(&client)).await;
    let Err(ClientError::OutcomeUnknown { transaction }) = sent else { panic!("{sent:?}") };
    assert_eq!(transaction, signed(&client).id);
    let read = client.status().await;
    assert!(matches!(read, Err(ClientError::TimedOut)), "{read:?}");
}

#[tokio::test]
async fn the_same_bytes_are_sent_again_after_a_broken_connection() {
    let (url, script) = serve(Vec::new()).await;
    let client = client(&url, 10_000);
    let signed = signed(&client);
    let submitted = serde_json::json!({
        "transaction": signed.id, "receipt": receipt_of(signed.id),
    });
    let busy = problem_answer(ApiCode::MempoolFull);
    *script.answers.lock().unwrap() = vec![json(200, &submitted), busy, None];
    let receipt = client.submit_and_wait(&signed).await.unwrap();
    assert_eq!((receipt.height, receipt.outcome), (Height::new(3), Outcome::Committed));
    let requests = script.requests();
    assert_eq!(requests.len(), 3, "broken, busy, answered");
    for (head, body) in requests {
        assert!(head.starts_with("POST /v1/transactions?wait_ms="), "{head}");
        assert_eq!(body, signed.bytes);
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_named() {
    let unknown_sender = Problem::inadmissible(&ledger_types::Inadmissible::UnknownSender);
    let (url, script) = serve(vec![json(422, &serde_json::json!(unknown_sender))]).await;
    let client = client(&url, 5_000);
    let error = client.submit_and_wait(&signed(&client)).await.unwrap_err();
    assert_eq!(error.code(), Some(1009));
    assert_eq!(script.requests().len(), 1, "what is refused is not sent again");
}

#[tokio::test]
async fn a_used_nonce_is_no_failure_where_this_transaction_used_it() {
    let (url, script) = serve(Vec::new()).await;
    let client = client(&url, 5_000);
    let signed = signed(&client);
    let used =
        Problem::inadmissible(&ledger_types::Inadmissible::NonceUsed { nonce: Nonce::new(0) });
    *script.answers.lock().unwrap() =
        vec![json(200, &receipt_of(signed.id)), json(409, &serde_json::json!(used))];
    assert!(client.submit_and_wait(&signed).await.unwrap().is_committed());
    let second = &script.requests()[1].0;
    assert!(second.starts_with(&format!("GET /v1/receipts/{}?wait_ms=", signed.id)), "{second}");
}

#[tokio::test]
async fn a_refusal_after_bytes_may_have_arrived_leaves_the_outcome_unknown() {
    let unknown_sender = Problem::inadmissible(&ledger_types::Inadmissible::UnknownSender);
    let used =
        Problem::inadmissible(&ledger_types::Inadmissible::NonceUsed { nonce: Nonce::new(0) });
    let unknown_receipt = problem_answer(ApiCode::UnknownTransaction);
    for refused in [
        vec![json(422, &serde_json::json!(unknown_sender))],
        vec![unknown_receipt, json(409, &serde_json::json!(used))],
    ] {
        let (url, script) = serve(Vec::new()).await;
        // The first connection breaks before an answer.
        let answers = refused.into_iter().chain([None]).collect();
        *script.answers.lock().unwrap() = answers;
        let client = client(&url, 5_000);
        let error = client.submit_and_wait(&signed(&client)).await.unwrap_err();
        assert!(matches!(error, ClientError::OutcomeUnknown { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn answers_that_make_no_sense_are_said_to_make_none() {
    let (url, _) = serve(vec![
        json(200, &serde_json::json!({ "height": "three" })),
        response(418, "text/html", b"<h1>teapot</h1>"),
        response(200, OCTET_STREAM, &[1, 2, 3]),
    ])
    .await;
    let client = client(&url, 5_000);
    let status = client.status().await;
    assert!(matches!(status, Err(ClientError::Answer { .. })), "{status:?}");
    let teapot = client.status().await;
    assert!(matches!(teapot, Err(ClientError::Status { status: 418 })), "{teapot:?}");
    let receipts = client.block_receipts(Height::new(1)).await;
    assert!(matches!(receipts, Err(ClientError::Answer { .. })), "{receipts:?}");
}

#[tokio::test]
async fn signed_reads_verify_as_the_node_verifies_them() {
    let (url, script) =
        serve(vec![json(200, &serde_json::json!({ "entries": [], "next": null }))]).await;
    let client = client(&url, 5_000);
    let key = SigningKey::from_seed(&[5; 32]);
    let reader = Reader { address: "aizu1reader".to_owned(), key: key.clone() };
    let page = Log { read: None, cursor: None, limit: Some(5) };
    let _ = client.history("x", &page, &reader).await.unwrap();
    let head = script.requests()[0].0.clone();
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name)).unwrap();
        line.split_once(": ").unwrap().1.to_owned()
    };
    let authority = header("host");
    let message = Message {
        genesis: &client.network().genesis_hash,
        method: "GET",
        authority: &authority,
        path: "/v1/accounts/x/history",
        query: Some("limit=5"),
        body: &[],
    };
    let (input, signature) = (header("signature-input"), header("signature:"));
    let now = Moment::now(&client.network().clock);
    let read = Unverified::read(&message, Some(&input), Some(&signature), None, now).unwrap();
    assert_eq!(read.reader(), "aizu1reader");
    read.verify([&key.public_key()]).unwrap();
}

#[tokio::test]
async fn following_fetches_every_height_once_across_a_lost_connection() {
    let receipts: Vec<Receipt> = (0..3)
        .map(|index| Receipt {
            transaction: TransactionId::new(Hash::of(&[&[index]])),
            height: Height::new(2),
            index: u32::from(index),
            outcome: Outcome::Committed,
        })
        .collect();
    let event = |height: u64, transactions: u32| {
        let data = serde_json::json!({
            "height": height, "hash": Hash::ZERO, "time": "2026-11-22T00:00:00.000Z",
            "transactions": transactions, "committed": transactions, "rejected": 0,
        });
        format!("event: block\nid: {height}\ndata: {data}\n\n")
    };
    let encoded = codec::encode(&receipts);
    let (url, script) = serve(vec![
        response(200, "text/event-stream", event(1, 0).as_bytes()),
        response(200, "text/event-stream", event(3, 0).as_bytes()),
        response(200, OCTET_STREAM, &encoded),
    ])
    .await;
    let client = client(&url, 5_000);
    let mut follow = client.follow(Height::GENESIS);
    for (height, count) in [(1, 0), (2, 3), (3, 0)] {
        let block = follow.next().await.unwrap();
        assert_eq!((block.height, block.receipts.len()), (Height::new(height), count));
    }
    let heads: Vec<String> = script.requests().into_iter().map(|(head, _)| head).collect();
    assert!(heads[0].to_lowercase().contains("last-event-id: 0"), "{}", heads[0]);
    assert!(heads[1].to_lowercase().contains("last-event-id: 1"), "{}", heads[1]);
    assert!(heads[2].starts_with("GET /v1/blocks/2/receipts "), "{}", heads[2]);
}

#[test]
fn a_transaction_is_valid_for_as_long_outside_of_a_lab_as_in_one_up_to_what_is_admitted() {
    let (genesis_time, start) = (Timestamp::from_millis(5), Timestamp::from_millis(1_000));
    let valid_for = |rate: u32, validity| {
        let lab = LabRate::new(rate).map(|rate| Lab { rate, start });
        let lab = lab.map(|lab| LabTime { genesis_time, lab });
        let network = network(Clock::of_lab(lab).stepped(start));
        let until = network.valid_until(validity).as_millis();
        until - network.clock.now().as_millis()
    };
    assert_eq!(valid_for(1, VALIDITY), 600_000);
    assert_eq!(valid_for(60, VALIDITY), 36_000_000);
    assert_eq!(valid_for(10_000, VALIDITY), 23 * 3_600_000, "an hour short of the most");
    assert_eq!(valid_for(1, Duration::from_secs(23 * 3600)), 23 * 3_600_000);
}

#[tokio::test]
async fn urls_that_are_no_nodes_are_refused() {
    for url in ["", "node", "ftp://x", "http://", "http://x/v1"] {
        let network =
            Network { address_prefix: AddressPrefix::new("a").unwrap(), ..network(Clock::real()) };
        let refused = Client::offline(&Options::new(url), network);
        assert!(matches!(refused, Err(ClientError::BadUrl { .. })), "{url}");
    }
}

#[test]
fn bulk_bodies_hold_each_transaction_behind_its_length() {
    let genesis = Hash::ZERO;
    let opening = OpenZoneAccount { zone: ledger_types::ZoneId::new(1) };
    let operations = vec![Operation::OpenZoneAccount(opening)];
    let signed: Vec<Signed> =
        (0..3).map(|nonce| signed_with(nonce, operations.clone(), &genesis)).collect();
    let mut rest = bulk_body(&signed);
    for one in &signed {
        let length = rest.split_to(4);
        let length = u32::from_le_bytes(length.as_ref().try_into().unwrap());
        let bytes = rest.split_to(usize::try_from(length).unwrap());
        assert_eq!(bytes, one.bytes);
        assert_eq!(Transaction::decode(&bytes).unwrap().id(&genesis), one.id);
    }
    assert!(rest.is_empty());
    let many: Vec<Signed> =
        std::iter::repeat_n(signed[0].clone(), node_api::BULK_TRANSACTIONS_MAX + 1).collect();
    let sizes: Vec<usize> = bulk_chunks(&many).map(<[Signed]>::len).collect();
    assert_eq!(sizes, [node_api::BULK_TRANSACTIONS_MAX, 1]);
}
