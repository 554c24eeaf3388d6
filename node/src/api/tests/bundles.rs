//! Bundles as a stranger verifies them: with the genesis document and nothing else.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use ledger_proof::bundle::{
    Bundle, Claim, Code, DecisionClaim, Proved, StateAnchor, TrustRoot, Verified, verify,
};
use ledger_proof::holding::{Holding, HoldingKey};
use ledger_proof::record::{self, Record};
use ledger_proof::request::AccessRequest;
use ledger_proof::state::Key;
use ledger_types::operation::{AuditScope, Charge, OpenZoneAccount, Withdraw};
use ledger_types::{Hash, Operation, Timestamp, Yen};
use node_api::signature::{SIGNATURE, SIGNATURE_INPUT};
use tower::ServiceExt as _;

use super::World;
use super::audit::{cosigned, cosigning};
use super::cast::{READ_OF_ALL, VIEW_OF_ALL, read_of, view};
use super::consent::{consent_id, leaves, with_consent};
use super::world::{ARCHIVE, AUTHORITY, CLINIC, ZONE, key, now_ms, transfer};

/// What a stranger with the genesis document makes of a bundle.
pub(super) fn verified(world: &World, bundle: &str) -> Result<Verified, Code> {
    let now = Some(Timestamp::from_millis(now_ms()));
    let trust = TrustRoot::of_genesis(&world.genesis, now).unwrap();
    let bundle = Bundle::from_json(bundle.as_bytes()).unwrap();
    verify(&bundle, &trust).map_err(|error| error.code)
}

/// Asks while blocks go on being committed, as they are on a network.
async fn proved(world: &mut World, reader: &str, path: &str) -> String {
    let signed = world.sign(reader, path);
    let request = Request::get(path)
        .header(header::HOST, AUTHORITY)
        .header(SIGNATURE_INPUT, &signed.signature_input)
        .header(SIGNATURE, &signed.signature);
    let asked = world.router.clone().oneshot(request.body(Body::empty()).unwrap());
    let asked = tokio::spawn(asked);
    let began = std::time::Instant::now();
    while !asked.is_finished() {
        assert!(began.elapsed() < Duration::from_secs(20), "no answer");
        world.commit();
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let answer = asked.await.unwrap().unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert_eq!(status, 200, "{text}");
    text
}

/// The keys and values of a bundle about the state, all of one block.
fn states(verified: &Verified) -> Vec<(Key, Option<Vec<u8>>)> {
    let mut heights = Vec::new();
    let mut states = Vec::new();
    for one in &verified.proved {
        let Proved::State { height, key, value, .. } = one else { panic!("{one:?}") };
        heights.push(*height);
        let value = value.as_ref().map(|digits| hex::decode(digits).unwrap());
        states.push((Key::new(&hex::decode(key).unwrap()).unwrap(), value));
    }
    heights.dedup();
    assert_eq!(heights.len(), 1, "one block");
    states
}

/// The commit of every claim is the checkpoint's last entry, as decisions need it.
fn assert_last(bundle: &str) {
    let bundle = Bundle::from_json(bundle.as_bytes()).unwrap();
    let size = bundle.log.unwrap().checkpoint.checkpoint().size;
    for claim in &bundle.claims {
        let Claim::State { anchor: StateAnchor::Commit(commit), .. } = claim else {
            panic!("{claim:?}");
        };
        assert_eq!(commit.index + 1, size);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipts_bundle_is_for_everyone_and_a_blocks_too() {
    let mut world = cosigned();
    let payment = world.transaction("alice", 0, vec![transfer("bob", 300)]);
    let id = payment.id(&world.genesis.hash());
    world.settle(&[payment]).await;
    let bundle = world.get(&format!("/v1/receipts/{id}/bundle")).await.text();
    let found = verified(&world, &bundle).unwrap();
    let [Proved::Receipt { transaction, committed: true, .. }] = found.proved.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(*transaction, id);
    let unknown = Hash::of(&[b"nobody's"]);
    world.get(&format!("/v1/receipts/{unknown}/bundle")).await.expect_problem(6201);

    let bundle = world.get("/v1/blocks/1/bundle").await.text();
    let found = verified(&world, &bundle).unwrap();
    let [Proved::Header { height, .. }] = found.proved.as_slice() else { panic!("{found:?}") };
    assert_eq!(height.get(), 1);
    world.get("/v1/blocks/99/bundle").await.expect_problem(6203);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accounts_bundle_says_what_is_owed_and_that_nothing_is() {
    let mut world = cosigned();
    let opened = Operation::OpenZoneAccount(OpenZoneAccount { zone: ZONE });
    let charged = Operation::Charge(Charge { zone: ZONE, amount: Yen::new(700) });
    let moved = world.transaction("alice", 0, vec![opened, charged]);
    world.settle(&[moved]).await;
    let path = format!("/v1/accounts/{}/bundle", world.address("alice"));
    world.read("bob", &path).await.expect_problem(6107);
    world.get(&path).await.expect_problem(6101);
    let bundle = proved(&mut world, "alice", &path).await;
    assert_last(&bundle);
    let found = states(&verified(&world, &bundle).unwrap());
    let [(of_account, Some(account)), (of_zone, Some(zone))] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(HoldingKey::of(of_account).unwrap().zone, None);
    assert_eq!(HoldingKey::of(of_zone).unwrap().zone, Some(ZONE));
    let Ok(Holding::Account(account)) = Holding::decode(account) else { panic!("{account:?}") };
    assert_eq!(account.balance, Yen::new(9_300));
    let Ok(Holding::ZoneAccount(zone)) = Holding::decode(zone) else { panic!("{zone:?}") };
    assert_eq!(zone.balance, Yen::new(700));

    let nobody = ledger_types::AccountId::new([9; 20]);
    let audit = view(&world, VIEW_OF_ALL, AuditScope::Account { account: nobody });
    world.send("operator", vec![audit]).await;
    world.send("inspector", vec![read_of(READ_OF_ALL, VIEW_OF_ALL, nobody)]).await;
    let address = nobody.to_address(&world.genesis.address_prefix);
    let path = format!("/v1/accounts/{address}/bundle?read={READ_OF_ALL}");
    let bundle = proved(&mut world, "inspector", &path).await;
    let found = states(&verified(&world, &bundle).unwrap());
    assert!(matches!(found.as_slice(), [(_, None)]), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consents_bundle_has_what_a_decision_rests_on() {
    let mut world = cosigning(with_consent().await);
    let consent = consent_id(1);
    let path = format!("/v1/consents/{}/bundle", consent.get());
    world.read("pharmacy", &path).await.expect_problem(6107);
    for reader in ["subject", "clinic"] {
        let bundle = proved(&mut world, reader, &path).await;
        assert_last(&bundle);
        let found = states(&verified(&world, &bundle).unwrap());
        let [(key, Some(value)), (notice, Some(_)), (party, Some(_))] = found.as_slice() else {
            panic!("{found:?}");
        };
        let Ok(Record::Consent(kept)) = Record::decode(value) else { panic!("{value:?}") };
        assert_eq!(*key, record::consent_key(&consent));
        assert_eq!(*notice, record::notice_key(CLINIC, kept.notice));
        assert_eq!(*party, record::party_key(CLINIC));
    }
}

/// The clinic's own request, with the proofs of a bundle in place of its plain claims.
fn decision(world: &World, bundle: &str) -> Bundle {
    let mut bundle = Bundle::from_json(bundle.as_bytes()).unwrap();
    let mut proofs = Vec::new();
    let mut last = None;
    for claim in core::mem::take(&mut bundle.claims) {
        let Claim::State { anchor: StateAnchor::Commit(commit), proof, .. } = claim else {
            panic!("{claim:?}");
        };
        last = Some(commit);
        proofs.push(*proof);
    }
    let [consent, notice, party] = proofs.try_into().unwrap();
    let [leaf, other] = leaves();
    let request = AccessRequest {
        requester: CLINIC,
        holder: ARCHIVE,
        consent: consent_id(1),
        leaf,
        leaf_index: 0,
        path: vec![other.hash()],
        purpose: None,
        time: Timestamp::from_millis(now_ms()),
    };
    let request = request.sign(&world.genesis.hash(), &[&key("clinic")]);
    let commit = last.unwrap();
    let (joint_use, opening) = (None, None);
    let claim = DecisionClaim { request, commit, party, consent, notice, joint_use, opening };
    Bundle { claims: vec![Claim::Decision(Box::new(claim))], ..bundle }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_makes_a_decision_out_of_a_consents_bundle() {
    let mut world = cosigning(with_consent().await);
    let consent = consent_id(1);
    let path = format!("/v1/consents/{}/bundle", consent.get());
    let bundle = proved(&mut world, "clinic", &path).await;
    let bundle = decision(&world, &bundle).to_json();
    let found = verified(&world, &bundle).unwrap();
    let [Proved::Decision { requester: CLINIC, .. }] = found.proved.as_slice() else {
        panic!("{found:?}");
    };
    let withdraw = Operation::Withdraw(Withdraw { consent });
    world.settle(&[world.transaction("subject", 1, vec![withdraw])]).await;
    let bundle = proved(&mut world, "clinic", &path).await;
    let bundle = decision(&world, &bundle).to_json();
    assert_eq!(verified(&world, &bundle), Err(Code::ConsentEnded));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_cosigned_blocks_a_state_bundle_is_not_waited_for_in_vain() {
    let world = World::new();
    let path = format!("/v1/accounts/{}/bundle", world.address("alice"));
    world.read("alice", &path).await.expect_problem(7004);
    assert_eq!(world.chain.prover().waiting(), 1);
    // Whoever gave up leaves room to the next.
    let subject = crate::chain::Subject::Account(ledger_types::AccountId::new([1; 20]));
    let asked = world.chain.prover().ask(subject.clone()).unwrap();
    assert_eq!(world.chain.prover().waiting(), 1);
    let mut others = vec![asked];
    while let Some(asked) = world.chain.prover().ask(subject.clone()) {
        others.push(asked);
    }
    assert_eq!(others.len(), 64);
    world.read("alice", &path).await.expect_problem(7009);
}
