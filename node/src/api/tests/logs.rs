//! Logs of consents, subjects and parties: what they say, to whom, and by which recorded right.

use ledger_types::access::Pairing;
use ledger_types::event::{
    AccessLogRead, AccessPermitted, ConsentWithdrawn, HalfRecorded, Overdue, ReconsentRequested,
};
use ledger_types::operation::{
    AuditScope, Delegate, EndAuditView, EndDelegation, GrantAuditView, GuardianPowers, Operation,
    ReadAccessLog, ReadRight, RecordReceipt, RequestReconsent, Withdraw,
};
use ledger_types::oversight::Duty;
use ledger_types::{ConsentId, Hash, Timestamp, Whose};
use node_api::body::{AccountBody, ConsentBody, GuardianshipBody, LogEntry, LogPage};

use super::World;
use super::consent::{
    NOTICE, a_grant, check, check_path, consent_id, publish, request, use_of, with_consent,
};
use super::world::{CLINIC, INSPECTOR, PHARMACY, SCHOOL, Today, actor, events, names};

const VIEW: Hash = Hash::new([0x71; 32]);
const READ: Today = Today(0x72);

fn kinds(page: &LogPage) -> Vec<&'static str> {
    names(&events(page))
}

fn log_of(world: &World, name: &str) -> String {
    format!("/v1/subjects/{}/log", world.address(name))
}

fn read_of(read: Hash, right: ReadRight) -> Operation {
    let subject = actor("subject").account;
    Operation::ReadAccessLog(ReadAccessLog { read, subject, right })
}

fn by_consent(number: u8) -> ReadRight {
    ReadRight::Consent { consent: consent_id(number) }
}

fn view(world: &World, scope: AuditScope) -> Operation {
    Operation::GrantAuditView(GrantAuditView {
        view: VIEW,
        auditor: INSPECTOR,
        scope,
        until: Timestamp::from_millis(world.now_ms() + 24 * 3_600_000),
        ground: Hash::ZERO,
    })
}

/// A consent, an access under it with both halves, and its withdrawal.
async fn with_history() -> World {
    let mut world = with_consent().await;
    world.send("pharmacy", vec![request(3, &check(1, 0))]).await;
    let (access, disclosure) = (Today(3).id(), Hash::of(&[b"disclosed"]));
    world.send("archive", vec![use_of(access, b"disclosed")]).await;
    let receipt = Operation::RecordReceipt(RecordReceipt { access, disclosure });
    world.send("pharmacy", vec![receipt]).await;
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    world.send("subject", vec![withdraw]).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subjects_log_says_what_became_of_its_consent_and_who_used_it() {
    let mut world = with_history().await;
    let page: LogPage = world.read("subject", &log_of(&world, "subject")).await.json();
    let expected = [
        "consent_withdrawn",
        "half_recorded",
        "half_recorded",
        "access_permitted",
        "consent_granted",
    ];
    assert_eq!((kinds(&page), page.next.is_none()), (expected.to_vec(), true));
    let told = events(&page);
    let subject = Whose::Account(actor("subject").account);
    assert_eq!(ConsentWithdrawn::of(&told[0]).unwrap().subject, subject);
    let pairing = |number: usize| HalfRecorded::of(&told[number]).unwrap().pairing;
    assert_eq!((pairing(1), pairing(2)), (Pairing::Matched, Pairing::Waiting));
    let permitted = AccessPermitted::of(&told[3]).unwrap();
    assert_eq!((permitted.requester, permitted.consent), (PHARMACY, Some(consent_id(1))));
    assert_eq!(permitted.access, Today(3).id());
    let receipt = format!("/v1/receipts/{}", page.entries[3].transaction.unwrap());
    let receipt: node_api::body::ReceiptBody = world.get(&receipt).await.json();
    assert_eq!(receipt.height, page.entries[3].height);
    // Two weeks later nobody has said what became of the data: consensus itself says so.
    world.pass(15 * 24 * 3_600_000).await;
    let page: LogPage = world.read("subject", &log_of(&world, "subject")).await.json();
    let told = events(&page);
    let overdue = Overdue::of(&told[0]).unwrap();
    assert_eq!((overdue.debtor, overdue.duty), (CLINIC, Duty::Acknowledge(consent_id(1))));
    assert_eq!((overdue.consent, page.entries[0].transaction), (Some(consent_id(1)), None));
    assert_eq!(page.entries[0].height, world.chain.tip().height);
    let path = format!("/v1/consents/{}/log", consent_id(1).get());
    let of_consent: LogPage = world.read("subject", &path).await.json();
    assert_eq!(of_consent, page);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_comes_in_pages_that_miss_nothing() {
    let world = with_history().await;
    let path = log_of(&world, "subject");
    let whole: LogPage = world.read("subject", &path).await.json();
    let (mut entries, mut cursor): (Vec<LogEntry>, _) = (Vec::new(), String::new());
    loop {
        let page: LogPage = world.read("subject", &format!("{path}?limit=2{cursor}")).await.json();
        assert!(page.entries.len() <= 2);
        entries.extend(page.entries);
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(entries, whole.entries);
    world.read("subject", &format!("{path}?limit=0")).await.expect_problem(6011);
    world.read("subject", &format!("{path}?cursor=zz")).await.expect_problem(6010);
    world.read("subject", &format!("{path}?colour=red")).await.expect_problem(6001);
    world.get(&path).await.expect_problem(6101);
    world.read("subject", "/v1/subjects/nobody/log").await.expect_problem(6009);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_reads_a_log_only_once_the_ledger_knows_and_the_subject_sees_it() {
    let mut world = with_history().await;
    let path = log_of(&world, "subject");
    world.read("clinic", &path).await.expect_problem(6108);
    world.read("alice", &path).await.expect_problem(6107);
    world.read("auditor", &path).await.expect_problem(6107);
    world.send("clinic", vec![read_of(READ.id(), by_consent(1))]).await;
    let with_read = format!("{path}?read={READ}");
    let page: LogPage = world.read("clinic", &with_read).await.json();
    assert_eq!(page.entries.len(), 6);
    // Another party, or another read, gains nothing by it.
    world.read("school", &with_read).await.expect_problem(6108);
    world.read("clinic", &format!("{path}?read={VIEW}")).await.expect_problem(6108);
    let seen: LogPage = world.read("subject", &path).await.json();
    let told = events(&seen);
    let logged = AccessLogRead::of(&told[0]).unwrap();
    assert_eq!((logged.reader, logged.read), (CLINIC, READ.id()));
    let right = &seen.entries[0].event["right"];
    let consent = consent_id(1).get();
    assert_eq!(*right, serde_json::json!({"type": "consent", "consent": consent}));
    world.pass(600_000).await;
    world.read("clinic", &with_read).await.expect_status(200);
    world.pass(60_000).await;
    world.read("clinic", &with_read).await.expect_problem(6109);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_does_not_see_what_concerns_another() {
    let mut world = with_history().await;
    world.send("school", vec![publish()]).await;
    let mut grant = a_grant(2);
    grant.controller = SCHOOL;
    world.send("subject", vec![Operation::Grant(grant)]).await;
    world.send("school", vec![read_of(READ.id(), by_consent(2))]).await;
    let path = log_of(&world, "subject");
    let page: LogPage = world.read("school", &format!("{path}?read={READ}")).await.json();
    assert_eq!(kinds(&page), ["access_log_read", "consent_granted"]);
    let other = format!("/v1/consents/{}/log?read={READ}", consent_id(1).get());
    world.read("school", &other).await.expect_problem(6107);
    let own = format!("/v1/consents/{}/log?read={READ}", consent_id(2).get());
    let page: LogPage = world.read("school", &own).await.json();
    assert_eq!(kinds(&page), ["access_log_read", "consent_granted"]);
    let whole: LogPage = world.read("subject", &path).await.json();
    assert_eq!(whole.entries.len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditors_right_ends_with_its_view() {
    let mut world = with_history().await;
    let grant = view(&world, AuditScope::Controller { controller: CLINIC });
    world.send("operator", vec![grant]).await;
    let right = ReadRight::View { view: VIEW, consent: Some(consent_id(1)) };
    world.send("inspector", vec![read_of(READ.id(), right)]).await;
    let path = format!("{}?read={READ}", log_of(&world, "subject"));
    let page: LogPage = world.read("inspector", &path).await.json();
    assert_eq!(kinds(&page)[0], "access_log_read");
    let of_consent = format!("/v1/consents/{}/log?read={READ}", consent_id(1).get());
    world.read("inspector", &of_consent).await.expect_status(200);
    let consent = format!("/v1/consents/{}", consent_id(1).get());
    world.read("inspector", &consent).await.expect_problem(6107);
    let by_view = format!("{consent}?view={VIEW}");
    let body: ConsentBody = world.read("inspector", &by_view).await.json();
    assert!(body.acknowledgement.is_some_and(|owed| owed.done.is_none()));
    world.read("school", &by_view).await.expect_problem(6110);
    for (path, ok) in [("/v1/parties/1/log", true), ("/v1/parties/2/log", false)] {
        let asked = world.read("inspector", &format!("{path}?view={VIEW}")).await;
        if ok { asked.expect_status(200) } else { drop(asked.expect_problem(6110)) }
    }
    world.send("operator", vec![Operation::EndAuditView(EndAuditView { view: VIEW })]).await;
    for path in [&path, &of_consent, &by_view] {
        world.read("inspector", path).await.expect_problem(6110);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_reads_as_the_subject_does_while_its_authority_lasts() {
    let mut world = with_history().await;
    let paths = |world: &World| {
        let consent = consent_id(1).get();
        let consents = format!("/v1/consents?subject={}", world.address("subject"));
        [
            log_of(world, "subject"),
            format!("/v1/consents/{consent}"),
            format!("/v1/consents/{consent}/log"),
            consents,
        ]
    };
    // The guardian is known to the ledger by a consent of its own.
    let own = Operation::Grant(a_grant(9));
    world.send_with("guardian", vec![own], &["guardian", "clinic"]).await;
    for path in paths(&world) {
        world.read("guardian", &path).await.expect_problem(6107);
    }
    let (subject, guardian) = (actor("subject").account, actor("guardian").account);
    let until = Timestamp::from_millis(world.now_ms() + 3_600_000);
    let evidence = Hash::ZERO;
    let may = |powers| {
        Operation::Delegate(Delegate {
            subject,
            subject_key: None,
            guardian,
            powers,
            from: Timestamp::from_millis(0),
            until,
            evidence,
        })
    };
    let every = GuardianPowers::ALL.bits();
    let blind = GuardianPowers::from_bits(every & !GuardianPowers::READ.bits()).unwrap();
    world.send("subject", vec![may(blind)]).await;
    for path in paths(&world) {
        world.read("guardian", &path).await.expect_problem(6107);
    }
    let end = Operation::EndDelegation(EndDelegation { subject, guardian });
    world.send("subject", vec![end, may(GuardianPowers::READ)]).await;
    for path in paths(&world) {
        world.read("guardian", &path).await.expect_status(200);
    }
    let own: LogPage = world.read("guardian", &log_of(&world, "guardian")).await.json();
    let twice = ["delegation_given", "delegation_ended", "delegation_given"];
    assert_eq!(kinds(&own), [&twice[..], &["consent_granted"]].concat());
    world.pass(3_600_001).await;
    for path in paths(&world) {
        world.read("guardian", &path).await.expect_problem(6107);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_is_told_who_may_act_for_it_until_that_ends_and_its_guardian_is_not() {
    let mut world = with_history().await;
    let own = Operation::Grant(a_grant(9));
    world.send_with("guardian", vec![own], &["guardian", "clinic"]).await;
    let (subject, guardian) = (actor("subject").account, actor("guardian").account);
    let (from, until) = (world.now_ms() + 3_600_000, world.now_ms() + 7_200_000);
    let given = Operation::Delegate(Delegate {
        subject,
        subject_key: None,
        guardian,
        powers: GuardianPowers::READ,
        from: Timestamp::from_millis(from),
        until: Timestamp::from_millis(until),
        evidence: Hash::ZERO,
    });
    assert_eq!(guardians(&world, "subject").await, None);
    world.send("subject", vec![given]).await;
    // It is told before the guardian may act: then it can be ended before anything was done.
    let told = guardians(&world, "subject").await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].guardian.as_str(), world.address("guardian"));
    assert_eq!(told[0].from.get(), Timestamp::from_millis(from));
    assert_eq!(told[0].until.get(), Timestamp::from_millis(until));
    assert_eq!(told[0].counter, None, "the subject gave it itself");
    assert_eq!(guardians(&world, "guardian").await, None);
    world
        .send("subject", vec![Operation::EndDelegation(EndDelegation { subject, guardian })])
        .await;
    assert_eq!(guardians(&world, "subject").await, None);
}

async fn guardians(world: &World, name: &str) -> Option<Vec<GuardianshipBody>> {
    let path = format!("/v1/accounts/{}", world.address(name));
    let body: AccountBody = world.read(name, &path).await.json();
    body.guardians
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_read_by_who_names_its_access_under_it() {
    let world = with_history().await;
    let consent = format!("/v1/consents/{}", consent_id(1).get());
    let named = format!("{consent}?access={}", Today(3).id());
    for reader in ["pharmacy", "archive"] {
        world.read(reader, &consent).await.expect_problem(6107);
        world.read(reader, &named).await.expect_status(200);
        let log = format!("{consent}/log");
        world.read(reader, &log).await.expect_problem(6107);
    }
    world.read("school", &named).await.expect_problem(6107);
    world.read("alice", &named).await.expect_problem(6107);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_renewal_is_in_the_logs_of_those_who_stood_under_the_notice() {
    let mut world = with_consent().await;
    let ask = |number: u8, world: &World| {
        let deadline = Timestamp::from_millis(world.now_ms() + 3_600_000);
        let request = Today(number).id();
        let (notice, version, reason) = (NOTICE, 1, Hash::ZERO);
        Operation::RequestReconsent(RequestReconsent { request, notice, version, reason, deadline })
    };
    world.send("clinic", vec![ask(1, &world)]).await;
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    world.send("subject", vec![withdraw]).await;
    world.send("clinic", vec![ask(2, &world)]).await;
    let expected = ["consent_withdrawn", "reconsent_requested", "consent_granted"];
    let consent = format!("/v1/consents/{}/log", consent_id(1).get());
    for path in [log_of(&world, "subject"), consent] {
        let page: LogPage = world.read("subject", &path).await.json();
        assert_eq!(kinds(&page), expected);
        let told = events(&page);
        let asked = ReconsentRequested::of(&told[1]).unwrap();
        assert_eq!(asked.request, Today(1).id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_reads_its_own_log() {
    let mut world = with_history().await;
    for (reader, path, ok) in [
        ("clinic", "/v1/parties/1/log", true),
        ("pharmacy", "/v1/parties/2/log", true),
        ("auditor", "/v1/parties/1/log", false),
        ("inspector", "/v1/parties/1/log", false),
        ("pharmacy", "/v1/parties/1/log", false),
        ("alice", "/v1/parties/1/log", false),
    ] {
        let asked = world.read(reader, path).await;
        if ok { asked.expect_status(200) } else { drop(asked.expect_problem(6107)) }
    }
    let own: LogPage = world.read("pharmacy", "/v1/parties/2/log").await.json();
    let expected = ["half_recorded", "half_recorded", "access_permitted"];
    assert_eq!(kinds(&own), expected);
    let controllers: LogPage = world.read("clinic", "/v1/parties/1/log").await.json();
    assert_eq!(controllers.entries.len(), 6);
    let names_somebody = |entry: &LogEntry| entry.event.to_string().contains("\"aizu1");
    assert!(controllers.entries.iter().any(names_somebody));
    // An auditor counts the same, and learns of nobody's log.
    let audit = view(&world, AuditScope::All);
    world.send("operator", vec![audit]).await;
    let log = format!("/v1/parties/1/log?view={VIEW}");
    let counted: LogPage = world.read("inspector", &log).await.json();
    assert_eq!(kinds(&counted), kinds(&controllers));
    assert!(!counted.entries.iter().any(names_somebody));
    let history = format!("/v1/accounts/{}/history", world.address("clinic"));
    let subject = world.address("subject");
    assert!(world.read("clinic", &history).await.text().contains(&subject));
    let read = super::cast::read_of(READ, VIEW, actor("clinic").account);
    world.send("inspector", vec![read]).await;
    let history = format!("{history}?read={READ}");
    assert!(!world.read("inspector", &history).await.text().contains(&subject));
    let none = format!("/v1/parties/99/log?view={VIEW}");
    world.read("inspector", &none).await.expect_problem(6206);
    world.read("inspector", "/v1/parties/x/log").await.expect_problem(6001);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_there_is_no_log_and_an_access_has_no_request() {
    let world = World::with(crate::store::Indexing::Off);
    world.read("clinic", "/v1/parties/1/log").await.expect_problem(7003);
    world.read("clinic", "/v1/parties/1/duties").await.expect_problem(7003);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_what_a_basis_lacks() {
    let world = with_consent().await;
    let mut asked = check(1, 0);
    asked.leaf_index = None;
    let problem = world.read("pharmacy", &check_path(&asked)).await.expect_problem(6001);
    assert!(problem.detail.contains("leaf_index"), "{}", problem.detail);
    let nobody = ConsentId::new(Hash::ZERO).get();
    let path = format!("/v1/consents/check?basis=break_glass&glass={nobody}&consent={nobody}");
    world.read("pharmacy", &path).await.expect_problem(6001);
}
