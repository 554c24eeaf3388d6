//! The public registries: what was published is what is read, by anyone and without a signature.

use ledger_types::consent::{Mechanism, Regime, RegimeRules, Regimes};
use ledger_types::operation::{
    DeclareEmergency, EndEmergency, NotifyOptOut, Operation, PublishCompensation, PublishJointUse,
    PublishLegalBasis, PublishRegime, PublishVocabulary, RequestReconsent,
};
use ledger_types::{Hash, LegalBasisId, Timestamp, VocabularyId};
use node_api::body::{
    EmergencyBody, JointUseBody, LegalBasisBody, OptOutBody, ReconsentBody, ReconsentPage,
    RegimeBody, TermsBody, VocabularyBody,
};

use super::World;
use super::consent::{NOTICE, with_consent};
use super::world::{CLINIC, PHARMACY, actor};

const HASH: Hash = Hash::new([4; 32]);
const BASIS: LegalBasisId = LegalBasisId::new(27);

fn legal_basis() -> Operation {
    Operation::PublishLegalBasis(PublishLegalBasis {
        basis: BASIS,
        version: 1,
        code: "APPI 27(2)".to_owned(),
        statute_date: 20_220_401,
        content_hash: HASH,
        mechanism: Mechanism::OptOut,
        regimes: Regimes::of(Regime::Private),
        evidence_required: false,
        sensitive_allowed: false,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn law_is_read_as_it_was_published() {
    let mut world = World::new();
    let initial: RegimeBody = world.get("/v1/regimes/private").await.json();
    assert_eq!((initial.version, initial.rules), (0, RegimeRules::INITIAL));
    let rules = RegimeRules { match_within_ms: 1000, ..RegimeRules::INITIAL };
    let regime = Regime::HospitalOrUniversity;
    let publish = PublishRegime { regime, version: 1, statute_date: 20_220_401, rules };
    world.send("operator", vec![Operation::PublishRegime(publish), legal_basis()]).await;
    let body: RegimeBody = world.get("/v1/regimes/hospital_or_university").await.json();
    assert_eq!((body.version, body.rules, body.statute_date), (1, rules, Some(20_220_401)));
    let body: LegalBasisBody = world.get("/v1/legal-bases/27").await.json();
    assert_eq!((body.code.as_str(), body.mechanism), ("APPI 27(2)", Mechanism::OptOut));
    assert_eq!(
        (body.regimes, body.published),
        (Regimes::of(Regime::Private), world.chain.tip().height)
    );
    world.get("/v1/regimes/martian").await.expect_problem(6001);
    world.get("/v1/legal-bases/28").await.expect_problem(6210);
    world.get("/v1/legal-bases/-1").await.expect_problem(6001);
}

#[tokio::test(flavor = "multi_thread")]
async fn vocabularies_and_schemes_are_read_by_number_and_version() {
    let mut world = with_consent().await;
    let vocabulary = VocabularyId::new(3);
    let (root, nodes, content_hash) = (HASH, 5, HASH);
    let publish = PublishVocabulary { vocabulary, version: 1, root, nodes, content_hash };
    world.send("operator", vec![Operation::PublishVocabulary(publish), legal_basis()]).await;
    let wait_until = Timestamp::from_millis(world.now_ms() + 3_600_000);
    let (joint, payer) = (HASH, actor("alice").account);
    let schemes = vec![
        Operation::PublishJointUse(PublishJointUse {
            scheme: 1,
            version: 1,
            users: vec![PHARMACY],
            items_hash: joint,
            purpose_hash: HASH,
            responsible: CLINIC,
            notice: NOTICE,
            notice_version: 1,
        }),
        Operation::NotifyOptOut(NotifyOptOut {
            scheme: 2,
            filing_hash: HASH,
            prohibited_hash: HASH,
            wait_until,
            basis: BASIS,
        }),
        Operation::PublishCompensation(PublishCompensation {
            terms: 3,
            payer,
            unit_hash: HASH,
            zone: None,
        }),
    ];
    world.send("clinic", schemes).await;
    let body: VocabularyBody = world.get("/v1/vocabularies/3/1").await.json();
    assert_eq!((body.root, body.nodes), (HASH, 5));
    let body: JointUseBody = world.get("/v1/joint-uses/1/1/1").await.json();
    assert_eq!((body.users, body.notice), (vec![PHARMACY], NOTICE));
    let body: OptOutBody = world.get("/v1/opt-outs/1/2").await.json();
    assert_eq!((body.basis, body.wait_until), (BASIS, wait_until.into()));
    let body: TermsBody = world.get("/v1/terms/1/3").await.json();
    assert_eq!((body.payer.as_str(), body.zone), (world.address("alice").as_str(), None));
    for path in [
        "/v1/vocabularies/3/2",
        "/v1/joint-uses/1/1/2",
        "/v1/joint-uses/2/1/1",
        "/v1/opt-outs/1/1",
        "/v1/terms/1/4",
    ] {
        world.get(path).await.expect_problem(6210);
    }
    world.get("/v1/vocabularies/3/latest").await.expect_problem(6001);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_requests_for_renewal_come_newest_first_and_go_at_their_deadline() {
    let mut world = with_consent().await;
    let request = |number: u8| Hash::new([number; 32]);
    for number in 1..=3 {
        let millis = 3_600_000 * u64::from(number);
        world
            .send(
                "clinic",
                vec![Operation::RequestReconsent(RequestReconsent {
                    request: request(number),
                    notice: NOTICE,
                    version: 1,
                    reason: HASH,
                    deadline: Timestamp::from_millis(world.now_ms() + millis),
                })],
            )
            .await;
    }
    let one: ReconsentBody = world.get(&format!("/v1/reconsents/{}", request(2))).await.json();
    assert_eq!((one.controller, one.notice, one.is_open), (CLINIC, NOTICE, true));
    let path = "/v1/reconsents?party=1&notice=7";
    let all = |page: &ReconsentPage| -> Vec<Hash> {
        page.requests.iter().map(|body| body.request).collect()
    };
    let page: ReconsentPage = world.get(path).await.json();
    assert_eq!((all(&page), page.next.clone()), (vec![request(3), request(2), request(1)], None));
    let first: ReconsentPage = world.get(&format!("{path}&limit=2")).await.json();
    let next = first.next.clone().unwrap();
    let last: ReconsentPage = world.get(&format!("{path}&limit=2&cursor={next}")).await.json();
    assert_eq!((all(&first), all(&last)), (vec![request(3), request(2)], vec![request(1)]));
    assert_eq!(last.next, None);
    world.pass(2 * 3_600_000).await;
    let page: ReconsentPage = world.get(path).await.json();
    assert_eq!(all(&page), [request(3)]);
    let late: ReconsentBody = world.get(&format!("/v1/reconsents/{}", request(1))).await.json();
    assert!(!late.is_open);
    world.get(&format!("/v1/reconsents/{}", request(9))).await.expect_problem(6210);
    world.get("/v1/reconsents?party=1").await.expect_problem(6001);
    world.get(&format!("{path}&cursor=ABC")).await.expect_problem(6010);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_is_in_force_once_enough_members_say_so() {
    let mut world = World::new();
    let none: EmergencyBody = world.get("/v1/emergencies/7").await.json();
    assert_eq!((none.in_force_until, none.endorsements.len()), (None, 0));
    let until = Timestamp::from_millis(world.now_ms() + 3_600_000);
    let declare =
        Operation::DeclareEmergency(DeclareEmergency { area: 7, until, ground: Hash::ZERO });
    world.send("first bank", vec![declare.clone()]).await;
    let one: EmergencyBody = world.get("/v1/emergencies/7").await.json();
    assert_eq!((one.in_force_until, one.endorsements.len()), (None, 1));
    world.send("operator", vec![declare]).await;
    let both: EmergencyBody = world.get("/v1/emergencies/7").await.json();
    assert_eq!((both.in_force_until, both.endorsements.len()), (Some(until.into()), 2));
    assert!(!both.endorsements[0].is_city && both.endorsements[1].is_city);
    world.send("operator", vec![Operation::EndEmergency(EndEmergency { area: 7 })]).await;
    let ended: EmergencyBody = world.get("/v1/emergencies/7").await.json();
    assert_eq!(ended, none);
    world.get("/v1/emergencies/07").await.expect_problem(6001);
}
