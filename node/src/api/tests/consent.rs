//! Parties, notices, consents, and the preview of a decision against the decision itself.

use ledger_types::access::holder_commitment;
use ledger_types::consent::{
    Breadth, DATA_USERS, Language, LeafChange, Materiality, NoticeContent, Profile, Recipient,
    TermsLeaf,
};
use ledger_types::operation::{
    AccessBasis, Amend, ConsentBasis, Grant, PublishNotice, RecordUse, RequestAccess, Withdraw,
};
use ledger_types::{
    ConsentId, Hash, NoticeId, Operation, PartyRoles, Timestamp, Transaction, merkle,
};
use node_api::body::{
    AccountBody, AddressKind, CheckBody, ConsentBody, ConsentPage, ConsentStanding, Decision,
    HistoryPage, NoticeBody, PartyBody, PartyPage, ReceiptBody,
};
use node_api::path;
use node_api::query::{Check, Page};

use super::World;
use super::world::{ARCHIVE, CLINIC, Today, now_ms};

pub(super) const NOTICE: NoticeId = NoticeId::new(7);
/// What opens every access's commitment to its data holder here.
pub(super) const HOLDER_SALT: Hash = Hash::new([0x5a; 32]);

pub(super) fn leaves() -> [TermsLeaf; 2] {
    let recipient = Recipient::Roles(DATA_USERS);
    [b"a", b"b"].map(|name| TermsLeaf {
        sensitive: false,
        recipient,
        commitment: Hash::of(&[name]),
    })
}

pub(super) fn consent_id(number: u8) -> ConsentId {
    ConsentId::new(Hash::new([number; 32]))
}

pub(super) fn publish() -> Operation {
    let language = Language::new("ja").unwrap();
    Operation::PublishNotice(PublishNotice {
        notice: NOTICE,
        version: 1,
        materiality: Materiality::Material,
        contents: vec![NoticeContent { language, content_hash: Hash::of(&[b"text"]) }],
        media_hashes: vec![],
    })
}

fn grant(number: u8) -> Operation {
    Operation::Grant(a_grant(number))
}

pub(super) fn a_grant(number: u8) -> Grant {
    let [one, other] = leaves();
    Grant {
        consent: consent_id(number),
        controller: CLINIC,
        terms_root: merkle::node_hash(&one.hash(), &other.hash()),
        notice: NOTICE,
        notice_version: 1,
        language: Language::new("ja").unwrap(),
        notice_hash: Hash::of(&[b"text"]),
        presentation_commitment: Hash::of(&[b"shown"]),
        valid_from: Timestamp::from_millis(0),
        expires: Timestamp::from_millis(now_ms() + 3_600_000),
        use_limit: Some(1),
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    }
}

pub(super) fn check(number: u8, leaf_index: u32) -> Check {
    let [one, other] = leaves();
    let (consent, path) = (consent_id(number), vec![other.hash()]);
    let basis = ConsentBasis { consent, leaf: one, leaf_index, path, purpose: None };
    Check::of(&AccessBasis::Consent(basis))
}

pub(super) fn check_path(check: &Check) -> String {
    format!("/v1/consents/check?{}", node_api::query::text(check))
}

pub(super) fn request(number: u8, check: &Check) -> Operation {
    asked_on(number, check.access_basis().unwrap())
}

/// A request of the archive, which alone can open that.
pub(super) fn asked_on(number: u8, basis: AccessBasis) -> Operation {
    let (access, holder) = (Today(number).id(), holder_commitment(ARCHIVE, &HOLDER_SALT));
    Operation::RequestAccess(RequestAccess { access, basis, holder })
}

/// The archive's half of an access's record.
pub(super) fn use_of(access: Hash, disclosed: &[u8]) -> Operation {
    let disclosure = Hash::of(&[disclosed]);
    Operation::RecordUse(RecordUse { access, disclosure, salt: HOLDER_SALT })
}

fn granted(world: &World, number: u8, nonce: u64) -> Transaction {
    world.signed("subject", nonce, vec![grant(number)], &["subject", "clinic"])
}

pub(super) async fn with_consent() -> World {
    let mut world = World::new();
    world.settle(&[world.transaction("clinic", 0, vec![publish()])]).await;
    world.settle(&[granted(&world, 1, 0)]).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn parties_and_notices_are_public() {
    let world = with_consent().await;
    let party: PartyBody = world.get("/v1/parties/1").await.json();
    let (mut parties, mut cursor) = (vec![], None);
    loop {
        let path = path::parties().with(&Page { cursor, limit: Some(1) }).to_string();
        let page: PartyPage = world.get(&path).await.json();
        parties.extend(page.parties);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    parties.sort_by_key(|party| party.party);
    assert_eq!((parties.first(), parties.len()), (Some(&party), 7), "every page held one");
    assert_eq!(party.account.as_str(), world.address("clinic"));
    assert_eq!(party.roles, PartyRoles::CONTROLLER);
    let text: serde_json::Value = world.get("/v1/parties/1").await.json();
    assert_eq!(text["roles"], serde_json::json!(["controller"]));
    let notice: NoticeBody = world.get("/v1/notices/1/7").await.json();
    assert_eq!((notice.version, notice.last_material_version), (1, 1));
    assert_eq!(notice.contents[0].language.to_string(), "ja");
    world.get("/v1/parties/3").await.expect_problem(6206);
    world.get("/v1/notices/1/8").await.expect_problem(6207);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_its_subjects_and_its_controllers() {
    let mut world = with_consent().await;
    let path = format!("/v1/consents/{}", consent_id(1).get());
    for reader in ["subject", "clinic"] {
        let consent: ConsentBody = world.read(reader, &path).await.json();
        assert_eq!(consent.standing, ConsentStanding::Given, "{reader}");
    }
    for reader in ["alice", "pharmacy", "first bank", "auditor"] {
        world.read(reader, &path).await.expect_problem(6107);
    }
    let none = format!("/v1/consents/{}", consent_id(9).get());
    world.read("clinic", &none).await.expect_problem(6107);
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    world.settle(&[world.transaction("subject", 1, vec![withdraw])]).await;
    let consent: ConsentBody = world.read("subject", &path).await.json();
    assert_eq!(consent.standing, ConsentStanding::Withdrawn);
    assert_eq!(consent.ended, Some(world.chain.tip().height));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subjects_consents_come_in_pages() {
    let mut world = with_consent().await;
    for number in 2..=5 {
        world.settle(&[granted(&world, number, u64::from(number))]).await;
    }
    let base = format!("/v1/consents?subject={}", world.address("subject"));
    for reader in ["subject", "clinic"] {
        let mut found = Vec::new();
        let mut path = format!("{base}&limit=2");
        loop {
            let page: ConsentPage = world.read(reader, &path).await.json();
            assert!(page.consents.len() <= 2);
            found.extend(page.consents.iter().map(|consent| consent.consent));
            let Some(next) = page.next else { break };
            path = format!("{base}&limit=2&cursor={next}");
        }
        assert_eq!(found, (1..=5).map(consent_id).collect::<Vec<_>>(), "{reader}");
    }
    let page: ConsentPage = world.read("pharmacy", &base).await.json();
    assert_eq!(page, ConsentPage { consents: vec![], next: None });
    world.read("alice", &base).await.expect_problem(6107);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_says_what_the_ledger_then_decides() {
    let mut world = with_consent().await;
    let expectations = [
        (check(1, 0), None),
        // The one use that the limit allows is used up by the request before.
        (check(1, 0), Some("ConsentUsesExhausted")),
        (check(9, 0), Some("UnknownConsent")),
    ];
    for (number, (asked, denial)) in (1_u8..).zip(expectations) {
        let nonce = u64::from(number) - 1;
        let preview: CheckBody = world.read("pharmacy", &check_path(&asked)).await.json();
        let expected = if denial.is_none() { Decision::Permit } else { Decision::Deny };
        assert_eq!((preview.decision, preview.name.as_deref()), (expected, denial));
        assert_eq!(preview.valid_until.is_some(), denial.is_none());
        assert_eq!(preview.height, world.chain.tip().height);
        let transaction = world.transaction("pharmacy", nonce, vec![request(number, &asked)]);
        let id = transaction.id(&world.genesis.hash());
        world.settle(&[transaction]).await;
        let receipt: ReceiptBody = world.get(&format!("/v1/receipts/{id}")).await.json();
        assert_eq!((receipt.name.as_deref(), receipt.code), (denial, preview.code));
    }
    let outside: CheckBody = world.read("clinic", &check_path(&check(1, 1))).await.json();
    assert_eq!(outside.name.as_deref(), Some("NotInTerms"));
    world.read("alice", &check_path(&check(1, 0))).await.expect_problem(6107);
    world.get(&check_path(&check(1, 0))).await.expect_problem(6101);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_asks_whether_the_last_use_stands_and_sees_what_was_narrowed() {
    let mut world = with_consent().await;
    let asked = check(1, 0);
    world.send("pharmacy", vec![request(3, &asked)]).await;
    let of_access = Check { access: Some(Today(3).id()), ..asked.clone() };
    let said = async |world: &World, reader: &str| -> CheckBody {
        world.read(reader, &check_path(&of_access)).await.json()
    };
    // Whoever may read the access may ask, about its requester; as a new use there is none left.
    for reader in ["archive", "pharmacy", "clinic"] {
        assert_eq!(said(&world, reader).await.decision, Decision::Permit, "{reader}");
    }
    let again: CheckBody = world.read("pharmacy", &check_path(&asked)).await.json();
    assert_eq!(again.name.as_deref(), Some("ConsentUsesExhausted"));
    world.read("alice", &check_path(&of_access)).await.expect_problem(6107);
    let [leaf, other] = leaves();
    let (index, path) = (0, vec![other.hash()]);
    let change = LeafChange { index, leaf, path, replacement: None };
    let (consent, changes, expires, use_limit) = (consent_id(1), vec![change], None, None);
    let amend = Amend { consent, changes, expires, use_limit };
    world.send("subject", vec![Operation::Amend(amend)]).await;
    assert_eq!(said(&world, "archive").await.name.as_deref(), Some("NotInTerms"));
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_counts_no_use() {
    let world = with_consent().await;
    for _ in 0..3 {
        let preview: CheckBody = world.read("pharmacy", &check_path(&check(1, 0))).await.json();
        assert_eq!(preview.decision, Decision::Permit);
    }
    let other: CheckBody = world.read("pharmacy", &check_path(&check(1, 1))).await.json();
    assert_eq!(other.name.as_deref(), Some("NotInTerms"));
}

#[tokio::test(flavor = "multi_thread")]
async fn subjects_and_parties_read_their_own_accounts() {
    let mut world = with_consent().await;
    let denied = world.transaction("pharmacy", 0, vec![request(9, &check(1, 0))]);
    world.settle(&[denied]).await;
    for (name, standing) in [("subject", AddressKind::Subject), ("clinic", AddressKind::Party)] {
        let path = format!("/v1/accounts/{}", world.address(name));
        let account: AccountBody = world.read(name, &path).await.json();
        assert_eq!((account.standing, account.lowest_unused_nonce), (standing, 1));
        assert_eq!((account.money, account.party.is_some()), (None, name == "clinic"));
    }
    let path = format!("/v1/accounts/{}/history", world.address("subject"));
    let page: HistoryPage = world.read("subject", &path).await.json();
    assert_eq!(page.entries.len(), 2, "the grant, and the use that was permitted");
}
