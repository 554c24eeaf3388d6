//! What parties owe, and the accesses, requests, broken glass and views behind it.

use ledger_types::access::{BasisKind, Duties, Pairing};
use ledger_types::operation::{
    AccessBasis as Basis, AcknowledgeWithdrawal, AnswerSubjectRequest, AuditScope, BreakGlass,
    Deletion, Finding, GrantAuditView, Half, NameHolder, NotifySubject, Operation,
    RecordDisclosures, RecordReceipt, RequestKind, RequestOutcome, ReviewBreakGlass,
    SubjectRequest, Withdraw,
};
use ledger_types::oversight::DutyKind;
use ledger_types::{Hash, PartyId, Timestamp};
use node_api::body::{
    AccessBody, CheckBody, Decision, DutyBody, DutyPage, GlassBody, LogPage, RequestBody, ViewBody,
};
use node_api::query::Check;

use super::World;
use super::cast::{VIEW_OF_CLINIC, view};
use super::consent::{
    HOLDER_SALT, asked_on, check, check_path, consent_id, request, use_of, with_consent,
};
use super::world::{AMBULANCE, ARCHIVE, CLINIC, INSPECTOR, PHARMACY, Today};

const GLASS: Today = Today(0x61);
const ASKED: Today = Today(0x62);
const ACCESS: Today = Today(3);

async fn duties(world: &World, reader: &str, party: PartyId) -> Vec<DutyBody> {
    let path = format!("/v1/parties/{}/duties", party.get());
    let page: DutyPage = world.read(reader, &path).await.json();
    assert_eq!(page.next, None);
    page.duties
}

async fn names(world: &World, reader: &str, party: PartyId) -> Vec<DutyKind> {
    duties(world, reader, party).await.iter().map(|duty| duty.duty).collect()
}

fn receipt_of(received: &[u8]) -> Operation {
    Operation::RecordReceipt(RecordReceipt {
        access: ACCESS.id(),
        disclosure: Hash::of(&[received]),
    })
}

fn broken(world: &World) -> Operation {
    Operation::BreakGlass(BreakGlass {
        glass: GLASS.id(),
        person: Hash::of(&[b"person"]),
        scope: Hash::ZERO,
        ground: Hash::ZERO,
        opened: world.chain.tip().time,
        duration_ms: 3_600_000,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_and_a_request_are_owed_until_they_are_answered() {
    let mut world = with_consent().await;
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    let ask = Operation::SubjectRequest(SubjectRequest {
        request: ASKED.id(),
        controller: CLINIC,
        kind: RequestKind::Erase,
        commitment: Hash::ZERO,
        on_behalf_of: None,
    });
    world.send("subject", vec![withdraw, ask]).await;
    let owed = duties(&world, "clinic", CLINIC).await;
    assert_eq!(owed[0].duty, DutyKind::Acknowledge);
    assert_eq!((owed[0].consent, owed[0].owed_by), (Some(consent_id(1)), Some(CLINIC)));
    assert_eq!((owed[1].duty, owed[1].request), (DutyKind::Answer, Some(ASKED.id())));
    assert_eq!(owed[1].request_kind, Some(RequestKind::Erase));
    for reader in ["pharmacy", "subject", "operator", "inspector"] {
        world.read(reader, "/v1/parties/1/duties").await.expect_problem(6107);
    }
    world.read("auditor", "/v1/parties/1/duties").await.expect_problem(6107);
    let audit = view(&world, VIEW_OF_CLINIC, AuditScope::Controller { controller: CLINIC });
    world.send("operator", vec![audit]).await;
    let path = format!("/v1/parties/1/duties?limit=1&view={VIEW_OF_CLINIC}");
    let first: DutyPage = world.read("inspector", &path).await.json();
    let rest = format!("{path}&cursor={}", first.next.unwrap());
    let second: DutyPage = world.read("inspector", &rest).await.json();
    assert_eq!([first.duties, second.duties].concat(), owed);
    world.pass(15 * 24 * 3_600_000).await;
    let late = duties(&world, "clinic", CLINIC).await;
    assert!(late.iter().all(|duty| duty.overdue == Some(world.chain.tip().height)));
    let acknowledge = Operation::AcknowledgeWithdrawal(AcknowledgeWithdrawal {
        consent: consent_id(1),
        stopped_at: world.chain.tip().time,
        deletion: Deletion::Done,
        propagated_to: vec![],
    });
    let answer = Operation::AnswerSubjectRequest(AnswerSubjectRequest {
        request: ASKED.id(),
        outcome: RequestOutcome::Done,
        commitment: Hash::ZERO,
    });
    world.send("clinic", vec![acknowledge, answer]).await;
    assert_eq!(duties(&world, "clinic", CLINIC).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn halves_that_wait_or_differ_are_listed_for_both() {
    let mut world = with_consent().await;
    world.send("pharmacy", vec![request(3, &check(1, 0))]).await;
    assert_eq!(duties(&world, "pharmacy", PHARMACY).await, []);
    world.send("archive", vec![use_of(ACCESS.id(), b"ten items")]).await;
    for (reader, party) in [("pharmacy", PHARMACY), ("archive", ARCHIVE)] {
        let [owed] = &duties(&world, reader, party).await[..] else { panic!("{reader}") };
        assert_eq!((owed.duty, owed.access), (DutyKind::Match, Some(ACCESS.id())));
        assert_eq!((owed.owed_by, owed.pairing), (Some(PHARMACY), Some(Pairing::Waiting)));
    }
    world.send("pharmacy", vec![receipt_of(b"nine items")]).await;
    for (reader, party) in [("pharmacy", PHARMACY), ("archive", ARCHIVE)] {
        let [alarm] = &duties(&world, reader, party).await[..] else { panic!("{reader}") };
        assert_eq!((alarm.owed_by, alarm.pairing), (None, Some(Pairing::Mismatched)));
    }
    let at = world.chain.state().read().unwrap().access(&ACCESS.id()).unwrap().at;
    let hour_of_access = u32::try_from(at.as_millis() / 3_600_000).unwrap();
    world.pass(3_600_000).await;
    let hour = |half, counterparty| {
        let (hour, root, count) = (hour_of_access, Hash::ZERO, 4);
        let (access, salt) = (ACCESS.id(), HOLDER_SALT);
        let made = RecordDisclosures { half, counterparty, hour, root, count, access, salt };
        Operation::RecordDisclosures(made)
    };
    world.send("archive", vec![hour(Half::Holder, PHARMACY)]).await;
    let both = [DutyKind::Match, DutyKind::MatchHour];
    assert_eq!(names(&world, "pharmacy", PHARMACY).await, both);
    assert_eq!(names(&world, "archive", ARCHIVE).await, both);
    world.send("pharmacy", vec![hour(Half::Recipient, ARCHIVE)]).await;
    assert_eq!(names(&world, "pharmacy", PHARMACY).await, [DutyKind::Match]);
    assert_eq!(names(&world, "archive", ARCHIVE).await, [DutyKind::Match]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_told_of_a_missing_half_once_it_is_named() {
    let mut world = with_consent().await;
    world.send("pharmacy", vec![request(3, &check(1, 0)), receipt_of(b"ten items")]).await;
    // Which holder that was is not known yet: the requester answers for it.
    let [owed] = &duties(&world, "pharmacy", PHARMACY).await[..] else { panic!("one duty") };
    assert_eq!((owed.owed_by, owed.holder), (Some(PHARMACY), None));
    assert_eq!(duties(&world, "archive", ARCHIVE).await, []);
    let (access, party, salt) = (ACCESS.id(), ARCHIVE, HOLDER_SALT);
    let name = Operation::NameHolder(NameHolder { access, party, salt });
    world.send("pharmacy", vec![name]).await;
    for (reader, party) in [("pharmacy", PHARMACY), ("archive", ARCHIVE)] {
        let [owed] = &duties(&world, reader, party).await[..] else { panic!("{reader}") };
        assert_eq!((owed.owed_by, owed.holder), (Some(ARCHIVE), Some(ARCHIVE)), "{reader}");
    }
    world.send("archive", vec![use_of(access, b"ten items")]).await;
    assert_eq!(duties(&world, "archive", ARCHIVE).await, []);
    assert_eq!(duties(&world, "pharmacy", PHARMACY).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_glass_is_reviewed_by_another_and_told() {
    let mut world = with_consent().await;
    let glass_path = format!("/v1/glasses/{GLASS}");
    let opened = broken(&world);
    world.send("ambulance", vec![opened]).await;
    let owed = [DutyKind::Review, DutyKind::Notify];
    assert_eq!(names(&world, "ambulance", AMBULANCE).await, owed);
    assert_eq!(names(&world, "inspector", INSPECTOR).await, [DutyKind::Review]);
    for (reader, ok) in
        [("ambulance", true), ("inspector", true), ("auditor", false), ("clinic", false)]
    {
        let asked = world.read(reader, &glass_path).await;
        if ok { asked.expect_status(200) } else { drop(asked.expect_problem(6107)) }
    }
    let access = Basis::BreakGlass { glass: GLASS.id() };
    let preview: CheckBody = world.read("ambulance", &check_path(&Check::of(&access))).await.json();
    assert_eq!(preview.decision, Decision::PermitWithDuty);
    assert_eq!(preview.duties, Duties::ALL);
    let review = Operation::ReviewBreakGlass(ReviewBreakGlass {
        glass: GLASS.id(),
        finding: Finding::Justified,
        commitment: Hash::ZERO,
    });
    world.send("inspector", vec![review]).await;
    assert_eq!(names(&world, "inspector", INSPECTOR).await, []);
    let told = NotifySubject { glass: GLASS.id(), evidence: Hash::ZERO };
    world.send("ambulance", vec![Operation::NotifySubject(told)]).await;
    assert_eq!(names(&world, "ambulance", AMBULANCE).await, []);
    let body: GlassBody = world.read("ambulance", &glass_path).await.json();
    assert_eq!(body.review.map(|review| review.reviewer), Some(INSPECTOR));
    assert!(body.notified.is_some());
    let log: LogPage = world.read("inspector", "/v1/parties/5/log").await.json();
    assert_eq!(log.entries[0].event["type"], "glass_reviewed");
    world.read("ambulance", &format!("/v1/glasses/{ASKED}")).await.expect_problem(6107);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_holder_checks_an_access_that_it_is_shown() {
    let mut world = with_consent().await;
    let path = format!("/v1/accesses/{ACCESS}");
    world.read("archive", &path).await.expect_problem(6211);
    world.read("pharmacy", &path).await.expect_problem(6107);
    let asked = check(1, 0);
    world.send("pharmacy", vec![request(3, &asked)]).await;
    for reader in ["archive", "pharmacy", "subject", "clinic"] {
        let body: AccessBody = world.read(reader, &path).await.json();
        assert_eq!((body.basis, body.requester), (BasisKind::Consent, PHARMACY), "{reader}");
        assert_eq!(body.consent, Some(consent_id(1)));
        let Some(Basis::Consent(basis)) = body.asked else { panic!("{reader}") };
        assert_eq!((Some(basis.leaf.commitment), Some(basis.leaf_index)), {
            (asked.commitment, asked.leaf_index)
        });
    }
    for reader in ["school", "alice", "inspector", "auditor"] {
        world.read(reader, &path).await.expect_problem(6107);
    }
    world.send("archive", vec![use_of(ACCESS.id(), b"ten items")]).await;
    world.send("pharmacy", vec![receipt_of(b"ten items")]).await;
    let body: AccessBody = world.read("archive", &path).await.json();
    assert_eq!(body.pairing, Pairing::Matched);
    assert_eq!(body.holder_half.map(|half| half.holder), Some(ARCHIVE));
    assert_eq!(duties(&world, "pharmacy", PHARMACY).await, []);
    world.read("archive", "/v1/accesses/12").await.expect_problem(6001);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_views_are_read_by_those_who_take_part() {
    let mut world = with_consent().await;
    let ask = Operation::SubjectRequest(SubjectRequest {
        request: ASKED.id(),
        controller: CLINIC,
        kind: RequestKind::Access,
        commitment: Hash::ZERO,
        on_behalf_of: None,
    });
    world.send("subject", vec![ask]).await;
    let view = Operation::GrantAuditView(GrantAuditView {
        view: GLASS.id(),
        auditor: INSPECTOR,
        scope: AuditScope::Controller { controller: CLINIC },
        until: Timestamp::from_millis(world.now_ms() + 3_600_000),
        ground: Hash::ZERO,
    });
    world.send("operator", vec![view]).await;
    let path = format!("/v1/requests/{ASKED}");
    for reader in ["subject", "clinic"] {
        let body: RequestBody = world.read(reader, &path).await.json();
        assert_eq!((body.kind, body.controller), (RequestKind::Access, CLINIC));
    }
    world.read("inspector", &path).await.expect_problem(6107);
    world.read("inspector", &format!("{path}?view={GLASS}")).await.expect_status(200);
    world.read("school", &format!("{path}?view={GLASS}")).await.expect_problem(6110);
    let duties = format!("/v1/parties/1/duties?view={GLASS}");
    let page: DutyPage = world.read("inspector", &duties).await.json();
    assert_eq!(page.duties[0].duty, DutyKind::Answer);
    let path = format!("/v1/views/{GLASS}");
    for reader in ["inspector", "operator", "clinic"] {
        let body: ViewBody = world.read(reader, &path).await.json();
        assert_eq!((body.auditor, body.in_force), (INSPECTOR, true), "{reader}");
    }
    for reader in ["subject", "pharmacy", "first bank", "auditor"] {
        world.read(reader, &path).await.expect_problem(6107);
    }
    world.pass(3_600_001).await;
    let body: ViewBody = world.read("clinic", &path).await.json();
    assert!(!body.in_force);
    world.read("inspector", &duties).await.expect_problem(6110);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_basis_is_decided_as_the_ledger_would() {
    let mut world = with_consent().await;
    let person = Hash::of(&[b"person"]);
    let (controller, scheme) = (CLINIC, 1);
    let bases = [
        (Basis::OptOut { controller, scheme, person, sensitive: false }, "UnknownOptOut"),
        (Basis::JointUse { controller, scheme, version: 1, person }, "UnknownJointUse"),
        (Basis::BreakGlass { glass: GLASS.id() }, "UnknownGlass"),
        (
            Basis::Exemption {
                basis: ledger_types::LegalBasisId::new(1),
                version: 1,
                person,
                evidence: None,
                sensitive: true,
            },
            "UnknownLegalBasis",
        ),
    ];
    for (number, (basis, denial)) in (40_u8..).zip(bases) {
        let path = check_path(&Check::of(&basis));
        let preview: CheckBody = world.read("pharmacy", &path).await.json();
        assert_eq!((preview.decision, preview.name.as_deref()), (Decision::Deny, Some(denial)));
        assert_eq!((preview.duties, preview.valid_until), (Duties::default(), None));
        let operation = asked_on(number, basis);
        let nonce = u64::from(number - 40);
        let transaction = world.transaction("pharmacy", nonce, vec![operation]);
        let id = transaction.id(&world.genesis.hash());
        world.settle(&[transaction]).await;
        let receipt: node_api::body::ReceiptBody =
            world.get(&format!("/v1/receipts/{id}")).await.json();
        assert_eq!(receipt.code, preview.code);
    }
    let asked: Basis = check(1, 0).access_basis().unwrap();
    let preview: CheckBody = world.read("pharmacy", &check_path(&Check::of(&asked))).await.json();
    assert_eq!((preview.decision, preview.duties), (Decision::Permit, Duties::RECORD_HALVES));
}
