//! Submission in every form, receipts, blocks, histories and the supply.

use std::time::Duration;

use ledger_types::event::{Paid, Transferred};
use ledger_types::operation::{
    AccountStatus, Charge, Limits, MarkDeceased, OpenZoneAccount, Pay, RequestRedeem, SetLimits,
};
use ledger_types::{Event, Hash, Operation, Position, Receipt, Whose, Yen, codec};
use node_api::OCTET_STREAM;
use node_api::body::{
    AccountBody, BlockBody, BulkAnswer, Custodian, HistoryPage, OutcomeBody, ReceiptBody,
    Submitted, SupplyBody, TransactionBody,
};

use super::World;
use super::world::{AUTHORITY, Today, ZONE, actor, names, told, transfer};

fn framed(transactions: &[Vec<u8>]) -> Vec<u8> {
    let frame = |bytes: &Vec<u8>| {
        [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes.as_slice()].concat()
    };
    transactions.iter().flat_map(frame).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn json_and_octets_are_the_same_transaction() {
    let world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 300)]);
    let id = transaction.id(&world.genesis.hash());
    let body = TransactionBody::of(&transaction, &world.genesis.address_prefix);
    let body = serde_json::to_vec(&body).unwrap();
    let first = world.post("/v1/transactions", "application/json; charset=utf-8", &body).await;
    first.expect_status(202);
    let octets = codec::encode(&transaction);
    let again = world.post("/v1/transactions", OCTET_STREAM, &octets).await;
    again.expect_status(202);
    for answer in [first, again] {
        let submitted: Submitted = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(submitted, Submitted { transaction: id, receipt: None });
    }
    assert_eq!(world.chain.mempool().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_submission_answers_its_receipt() {
    let mut world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 300)]);
    let (router, octets) = (world.router.clone(), codec::encode(&transaction));
    let asking = tokio::spawn(async move {
        let request = axum::http::Request::post("/v1/transactions?wait_ms=20000")
            .header("host", AUTHORITY)
            .header("content-type", OCTET_STREAM)
            .header("idempotency-key", "any");
        let request = request.body(axum::body::Body::from(octets)).unwrap();
        tower::ServiceExt::oneshot(router, request).await.unwrap()
    });
    let mempool = std::sync::Arc::clone(world.chain.mempool());
    tokio::time::timeout(Duration::from_secs(20), mempool.wait_nonempty()).await.unwrap();
    let height = world.commit();
    let response = asking.await.unwrap();
    assert_eq!(response.status(), 200);
    let body = axum::body::to_bytes(response.into_body(), 65_536).await.unwrap();
    let submitted: Submitted = serde_json::from_slice(&body).unwrap();
    let receipt = submitted.receipt.unwrap();
    assert_eq!((receipt.height, receipt.outcome), (height, OutcomeBody::Committed));
    assert_eq!(world.query.feed().waiting(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_committed_transaction_answers_its_first_receipt_for_ever() {
    let mut world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 300)]);
    let octets = codec::encode(&transaction);
    world.settle(std::slice::from_ref(&transaction)).await;
    let first = world.get(&format!("/v1/receipts/{}", transaction.id(&world.genesis.hash()))).await;
    let first: ReceiptBody = first.json();
    world.commit();
    let again = world.post("/v1/transactions", OCTET_STREAM, &octets).await;
    assert_eq!(again.json::<Submitted>().receipt, Some(first));
    let bulk = world.post("/v1/transactions/bulk", OCTET_STREAM, &framed(&[octets])).await;
    assert_eq!(bulk.json::<BulkAnswer>(), BulkAnswer { accepted: 1, refused: vec![] });
    world.commit();
    let path = format!("/v1/accounts/{}", world.address("bob"));
    let account: AccountBody = world.read("bob", &path).await.json();
    assert_eq!(account.money.unwrap().balance, Yen::new(10_300));
}

#[tokio::test(flavor = "multi_thread")]
async fn bulk_judges_each_for_itself() {
    let mut world = World::new();
    let good =
        |nonce| codec::encode(&world.transaction("alice", nonce, vec![transfer("bob", nonce + 1)]));
    let mut forged = world.transaction("bob", 0, vec![transfer("alice", 1)]);
    forged.unsigned.nonce = ledger_types::Nonce::new(1);
    let far = codec::encode(&world.transaction("bob", 500, vec![transfer("alice", 1)]));
    let body = framed(&[good(0), codec::encode(&forged), good(1), vec![1, 2, 3], far]);
    let answer = world.post("/v1/transactions/bulk", OCTET_STREAM, &body).await;
    let answer: BulkAnswer = answer.json();
    assert_eq!(answer.accepted, 2);
    let refused: Vec<(u32, u16, &str)> =
        answer.refused.iter().map(|one| (one.index, one.code, one.name.as_str())).collect();
    let expected =
        [(1, 1004, "BadSignature"), (3, 1001, "Malformed"), (4, 1008, "NonceOutOfWindow")];
    assert_eq!(refused, expected);
    let height = world.commit();
    let receipts = world.get(&format!("/v1/blocks/{height}/receipts")).await;
    assert_eq!(receipts.json::<Vec<ReceiptBody>>().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_transaction_has_its_rule_in_the_receipt() {
    let mut world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 10_001)]);
    let id = transaction.id(&world.genesis.hash());
    world.settle(&[transaction]).await;
    let receipt: ReceiptBody = world.get(&format!("/v1/receipts/{id}")).await.json();
    assert_eq!(receipt.outcome, OutcomeBody::Rejected);
    assert_eq!(receipt.name.as_deref(), Some("InsufficientFunds"));
    assert_eq!((receipt.code.unwrap().get(), receipt.operation), (2004, Some(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_can_be_waited_for() {
    let mut world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 1)]);
    let id = transaction.id(&world.genesis.hash());
    let path = format!("/v1/receipts/{id}");
    world.get(&format!("{path}?wait_ms=1")).await.expect_problem(6201);
    let router = world.router.clone();
    let waiting = tokio::spawn(async move {
        let request = axum::http::Request::get(format!("{path}?wait_ms=20000"));
        let request = request.header("host", AUTHORITY);
        let request = request.body(axum::body::Body::empty()).unwrap();
        tower::ServiceExt::oneshot(router, request).await.unwrap().status()
    });
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while world.query.feed().waiting() == 0 {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
    world.settle(&[transaction]).await;
    assert_eq!(waiting.await.unwrap(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_and_receipts_are_public_and_agree() {
    let mut world = World::new();
    let transactions: Vec<_> = (0..5)
        .map(|nonce| world.transaction("alice", nonce, vec![transfer("bob", 10 * nonce + 1)]))
        .collect();
    world.settle(&transactions).await;
    let latest: BlockBody = world.get("/v1/blocks/latest").await.json();
    let first: BlockBody = world.get("/v1/blocks/1").await.json();
    assert_eq!(latest, first);
    assert_eq!((first.height.get(), first.transactions), (1, 5));
    assert_eq!(first.hash, world.chain.tip().hash);
    assert_eq!(first.certificate.signers, std::slice::from_ref(&first.proposer));
    let bodies: Vec<ReceiptBody> = world.get("/v1/blocks/1/receipts").await.json();
    let request = axum::http::Request::get("/v1/blocks/1/receipts")
        .header("accept", OCTET_STREAM)
        .body(axum::body::Body::empty())
        .unwrap();
    let response = world.ask(request).await;
    assert_eq!(response.headers()["content-type"], OCTET_STREAM);
    let octets = axum::body::to_bytes(response.into_body(), 65_536).await.unwrap();
    let receipts: Vec<Receipt> = codec::decode(&octets, 65_536).unwrap();
    assert_eq!(receipts.iter().map(ReceiptBody::of).collect::<Vec<_>>(), bodies);
    let ids: Vec<_> = transactions.iter().map(|t| t.id(&world.genesis.hash())).collect();
    assert_eq!(receipts.iter().map(|receipt| receipt.transaction).collect::<Vec<_>>(), ids);
    world.get("/v1/blocks/2").await.expect_problem(6203);
    world.get("/v1/blocks/0").await.expect_problem(6203);
}

/// Overwrites the transaction wherever a file of the block log has it.
fn garble(world: &World, transaction: &ledger_types::Transaction) {
    use std::os::unix::fs::FileExt as _;
    let wanted = codec::encode(transaction);
    let mut garbled = 0;
    for entry in std::fs::read_dir(world.directory.path().join("blocks")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if let Some(at) = bytes.windows(wanted.len()).position(|window| window == wanted) {
            let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
            file.write_all_at(&vec![0xff; wanted.len()], at.try_into().unwrap()).unwrap();
            garbled += 1;
        }
    }
    assert_eq!(garbled, 1, "the block log holds a transaction once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocks_header_is_read_without_decoding_its_body() {
    let mut world = World::new();
    let transaction = world.transaction("alice", 0, vec![transfer("bob", 1)]);
    world.settle(std::slice::from_ref(&transaction)).await;
    let before: BlockBody = world.get("/v1/blocks/1").await.json();
    garble(&world, &transaction);
    assert!(world.query.block(before.height).is_err(), "whoever decodes the body sees the damage");
    assert_eq!(world.get("/v1/blocks/1").await.json::<BlockBody>(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn histories_come_in_pages_newest_first_without_gaps() {
    let mut world = World::new();
    let many = (1..=3).map(|amount| transfer("bob", amount)).collect();
    world.settle(&[world.transaction("alice", 0, many)]).await;
    for nonce in 1..5 {
        world.settle(&[world.transaction("alice", nonce, vec![transfer("bob", 10 + nonce)])]).await;
    }
    world.settle(&[world.transaction("alice", 5, vec![transfer("bob", 999_999)])]).await;
    let base = format!("/v1/accounts/{}/history", world.address("alice"));
    let all: HistoryPage = world.read("alice", &base).await.json();
    let paid = |page: &HistoryPage| -> Vec<Transferred> {
        told(page).iter().map(|event| Transferred::of(event).unwrap().clone()).collect()
    };
    let amounts: Vec<u64> = paid(&all).iter().map(|paid| paid.amount.get()).collect();
    assert_eq!(amounts, [14, 13, 12, 11, 3, 2, 1]);
    assert_eq!(all.next, None);
    assert_eq!(all.entries[0].outcome, OutcomeBody::Rejected);
    assert_eq!(all.entries[0].name.as_deref(), Some("InsufficientFunds"));
    let asked = all.entries[0].asked(&world.genesis.address_prefix).unwrap();
    assert_eq!(asked, Some(transfer("bob", 999_999)));
    let (alice, bob) = (actor("alice").account, actor("bob").account);
    assert!(paid(&all).iter().all(|paid| (paid.debtor, paid.creditor) == (alice, bob)));
    for limit in 1..=9 {
        let mut pages = Vec::new();
        let mut path = format!("{base}?limit={limit}");
        loop {
            let page: HistoryPage = world.read("alice", &path).await.json();
            assert!(page.entries.len() <= limit);
            pages.extend(page.entries);
            let Some(next) = page.next else { break };
            path = format!("{base}?limit={limit}&cursor={next}");
        }
        assert_eq!(pages, all.entries, "limit {limit}");
    }
    let bobs = format!("/v1/accounts/{}/history", world.address("bob"));
    let bobs: HistoryPage = world.read("bob", &bobs).await.json();
    assert_eq!(bobs.entries.len(), 7, "what was rejected is its sender's alone");
    assert_eq!(bobs.entries, all.entries[1..], "both are told the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_knows_a_payer_by_a_pseudonym_only() {
    let mut world = World::new();
    let (zone, amount) = (ZONE, Yen::new(100));
    let merchant = actor("shop").account;
    let pay = || {
        Operation::Pay(Pay {
            zone,
            merchant,
            amount,
            charge: None,
            vouchers: None,
            reference: Some(Hash::of(&[b"r"])),
            request: None,
            again: true,
        })
    };
    let prepare = |name: &str| {
        let open = Operation::OpenZoneAccount(OpenZoneAccount { zone });
        let charge = Operation::Charge(Charge { zone, amount: Yen::new(1000) });
        world.transaction(name, 0, vec![open, charge, pay(), pay()])
    };
    let (alice, bob) = (prepare("alice"), prepare("bob"));
    world.settle(&[alice, bob]).await;
    let path = format!("/v1/accounts/{}/history", world.address("shop"));
    let asked = world.read("shop", &path).await;
    let page: HistoryPage = asked.json();
    assert_eq!(page.entries.len(), 4);
    let payers: Vec<Whose> =
        told(&page).iter().map(|event| Paid::of(event).unwrap().payer).collect();
    let pseudonym = |payer: &str| {
        let (genesis, payer) = (world.genesis.hash(), actor(payer).account);
        let parts: [&[u8]; 4] = [
            b"kyojo/payer-pseudonym/v1",
            genesis.as_bytes(),
            merchant.as_bytes(),
            payer.as_bytes(),
        ];
        Whose::Pseudonym(Hash::of(&parts))
    };
    let mut expected = [pseudonym("alice"), pseudonym("alice"), pseudonym("bob"), pseudonym("bob")];
    // The newest first, in whichever order the two came into the block.
    if payers[0] == expected[0] {
        assert_eq!(payers, expected);
    } else {
        expected.reverse();
        assert_eq!(payers, expected);
    }
    let text = String::from_utf8(asked.body.to_vec()).unwrap();
    assert!(!text.contains(&world.address("alice")));
    let path = format!("/v1/accounts/{}/history", world.address("alice"));
    let page: HistoryPage = world.read("alice", &path).await.json();
    let told: Vec<Event> = told(&page);
    assert_eq!(names(&told), ["paid", "paid", "charged", "zone_account_opened"]);
    let paid = Paid::of(&told[0]).unwrap();
    assert_eq!((paid.merchant, paid.payer), (merchant, Whose::Account(actor("alice").account)));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_show_what_may_be_spent() {
    let mut world = World::new();
    let redeem =
        Operation::RequestRedeem(RequestRedeem { redeem: Today(7).id(), amount: Yen::new(4000) });
    let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: ZONE });
    let charge = Operation::Charge(Charge { zone: ZONE, amount: Yen::new(500) });
    world.settle(&[world.transaction("alice", 3, vec![redeem, open, charge])]).await;
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let account: AccountBody = world.read("alice", &path).await.json();
    assert_eq!(
        (account.lowest_unused_nonce, account.used_nonces.as_str()),
        (0, &*format!("{:032x}", 8))
    );
    let money = account.money.unwrap();
    let figures = [money.balance, money.held, money.available].map(Yen::get);
    assert_eq!(figures, [9500, 4000, 5500]);
    assert_eq!(money.zones[0].balance, Yen::new(500));
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_show_their_limits_what_was_spent_and_how_they_stand() {
    let mut world = World::new();
    let path = format!("/v1/accounts/{}", world.address("alice"));
    let money = |body: AccountBody| body.money.unwrap();
    let before = money(world.read("alice", &path).await.json());
    assert_eq!((before.status, before.limits), (AccountStatus::Open, None));
    let account = actor("alice").account;
    let (per_day, per_month) = (Some(Yen::new(1000)), Some(Yen::new(5000)));
    let limits = Limits { per_day, per_month, ..Limits::NONE };
    let set = Operation::SetLimits(SetLimits { account, limits });
    world.settle(&[world.transaction("first bank", 0, vec![set])]).await;
    world.settle(&[world.transaction("alice", 0, vec![transfer("bob", 300)])]).await;
    for reader in ["alice", "first bank"] {
        let limits = money(world.read(reader, &path).await.json()).limits.unwrap();
        assert_eq!((limits.per_payment, limits.per_day), (None, per_day));
        let spent = [limits.spent_today, limits.spent_this_month, limits.sent_this_month];
        assert_eq!(spent.map(Yen::get), [300, 300, 0]);
        assert!(limits.day_ends <= limits.month_ends);
    }
    let evidence = Hash::of(&[b"a document"]);
    let mark = Operation::MarkDeceased(MarkDeceased { account, evidence });
    world.settle(&[world.transaction("first bank", 1, vec![mark])]).await;
    let after = money(world.read("alice", &path).await.json());
    assert_eq!(after.status, AccountStatus::Deceased);
    let page: HistoryPage = world.read("alice", &format!("{path}/history")).await.json();
    assert_eq!(names(&told(&page)), ["deceased_marked", "transferred", "limits_set"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_supply_adds_up_across_banks() {
    let mut world = World::new();
    world.settle(&[world.transaction("alice", 0, vec![transfer("bob", 700)])]).await;
    let supply: SupplyBody = world.get("/v1/supply").await.json();
    assert!(supply.conserved, "{supply:?}");
    assert_eq!((supply.issued, supply.liability), (Yen::new(60_000), Yen::new(60_000)));
    let positions: Vec<_> =
        supply.banks.iter().map(|bank| (bank.bank.get(), bank.position.get())).collect();
    assert_eq!(positions, [(126, -700), (1181, 700), (9991, 0)]);
    assert_eq!(supply.pairs[0].position, Position::new(-700));
    assert_eq!(supply.height, world.chain.tip().height);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuers_float_is_public_and_deposits_and_prepaid_value_are_said_apart() {
    let mut world = World::new();
    world.settle(&[world.transaction("alice", 0, vec![transfer("meg", 300)])]).await;
    let supply: SupplyBody = world.get("/v1/supply").await.json();
    let sums = [supply.deposits, supply.prepaid, supply.liability].map(Yen::get);
    assert_eq!((sums, supply.conserved), ([60_000, 300, 60_300], true));
    let kinds = [Custodian::Bank, Custodian::Bank, Custodian::PrepaidIssuer];
    assert_eq!(supply.banks.iter().map(|bank| bank.kind).collect::<Vec<_>>(), kinds);
    let floats: Vec<_> = supply.banks.iter().filter_map(|bank| bank.float.as_ref()).collect();
    let [float] = floats.as_slice() else { panic!("{floats:?}") };
    assert_eq!(float.account.to_string(), world.address("float").to_string());
    assert_eq!([float.balance, float.available].map(Yen::get), [10_300, 10_300]);
    assert_eq!(float.bank.get(), 126);
}
