//! The small network with everyone that the consent layer needs, and its operations in short.

use ledger_types::consent::{
    CorporateNumber, Interval, LegalBasisId, Mechanism, PartyRoles, PartyStatus, PurposeProof,
    Regime, Regimes, VocabularyId, VocabularyNode,
};
use ledger_types::genesis::{GenesisMember, GenesisParty, MemberRole};
use ledger_types::operation::{
    AccessBasis, BreakGlass, Delegate, GuardianPowers, NotifyOptOut, Operation, PublishJointUse,
    PublishLegalBasis, PublishVocabulary, RegisterCounter, Renew, UpdateParty,
};
use ledger_types::{Genesis, Hash, MemberId, PartyId, Timestamp, merkle};

use crate::chain::Chain;
use crate::fixture::{
    self, Actor, HOSPITAL, NOTICE, access_id, asked_on, botan, chika, commitment, consent_id,
    japanese, keys_of, other_subject, subject, text_hash, toru,
};

/// Serves people at a counter of the city.
pub(crate) const COUNTER: PartyId = PartyId::new(4);
/// May break glass.
pub(crate) const AMBULANCE: PartyId = PartyId::new(5);
/// Audits, but belongs to the ambulance's organisation.
pub(crate) const INSIDER: PartyId = PartyId::new(6);
/// A controller of the public regime.
pub(crate) const CLINIC: PartyId = PartyId::new(7);

pub(crate) const OPT_OUT_LAW: LegalBasisId = LegalBasisId::new(1);
pub(crate) const LIFE_LAW: LegalBasisId = LegalBasisId::new(2);
pub(crate) const WORDS: VocabularyId = VocabularyId::new(1);

pub(crate) fn city() -> Actor {
    chika()
}
pub(crate) fn university() -> Actor {
    botan()
}
pub(crate) fn audit_member() -> Actor {
    toru()
}
pub(crate) fn registrar() -> Actor {
    fixture::operator()
}
pub(crate) fn hospital() -> Actor {
    Actor::party(HOSPITAL)
}
/// The other subject, who has a guardian: the subject.
pub(crate) fn child() -> Actor {
    other_subject()
}

pub(crate) fn genesis() -> Genesis {
    let mut genesis = fixture::genesis();
    let members = [
        (4, MemberRole::City, city()),
        (5, MemberRole::University, university()),
        (6, MemberRole::Auditor, audit_member()),
    ];
    genesis.members.extend(members.map(|(number, role, actor)| GenesisMember {
        member: MemberId::new(number),
        name: format!("member {number}"),
        roles: vec![role],
        account: actor.account,
    }));
    let number = CorporateNumber::new(7_000_012_050_002);
    let parties = [
        (COUNTER, PartyRoles::COUNTER, Regime::PublicBody, None),
        (AMBULANCE, PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY), Regime::Private, number),
        (INSIDER, PartyRoles::AUDITOR, Regime::Private, number),
        (CLINIC, PartyRoles::CONTROLLER, Regime::PublicBody, None),
    ];
    genesis.parties.extend(parties.map(|(party, roles, regime, corporate_number)| GenesisParty {
        party,
        roles,
        regime,
        corporate_number,
        keys: keys_of(&Actor::party(party)),
        threshold: 1,
    }));
    genesis
}

/// A chain on which the notice is out, the subject gave consent 1, law and words are published, and
/// the counter serves the subject, the child, and somebody without a key.
pub(crate) fn town() -> Chain {
    let mut chain = town_of(&genesis());
    for person in [subject(), child(), fixture::nobody()] {
        let served = served(&chain, &person);
        chain.must(&Actor::party(COUNTER), served);
    }
    chain
}

/// The counter serves this person, who signed a form.
pub(crate) fn served(chain: &Chain, person: &Actor) -> Operation {
    Operation::RegisterCounter(RegisterCounter {
        subject: person.account,
        counter: COUNTER,
        form: Some(commitment(160)),
        until: at(chain.now + 366 * 86_400_000),
    })
}

/// The same without anybody whom the counter serves.
pub(crate) fn town_of(genesis: &Genesis) -> Chain {
    let mut chain = Chain::of(genesis);
    chain.must(&hospital(), fixture::notice(1, ledger_types::consent::Materiality::Material));
    let grant = Operation::Grant(fixture::grant_of(1));
    let tx = chain.cosigned(&subject(), &[&hospital()], vec![grant]);
    assert_eq!(crate::chain::codes(&chain.commit(vec![tx])), [0]);
    let operations = vec![
        law(OPT_OUT_LAW, 1, Mechanism::OptOut),
        law(LIFE_LAW, 1, Mechanism::Exemption),
        words(1),
    ];
    assert_eq!(chain.outcome(&registrar(), operations), 0);
    chain
}

pub(crate) fn law(basis: LegalBasisId, version: u32, mechanism: Mechanism) -> Operation {
    Operation::PublishLegalBasis(PublishLegalBasis {
        basis,
        version,
        code: "APPI 27".to_owned(),
        statute_date: 20_230_401,
        content_hash: commitment(150),
        mechanism,
        regimes: Regimes::of(Regime::Private),
        evidence_required: mechanism == Mechanism::Exemption,
        sensitive_allowed: false,
    })
}

/// The words of a version: care (0) over treatment (1), research (2) and billing (3); in version 2
/// billing lies outside care, and research is sensitive.
pub(crate) fn nodes(version: u32) -> Vec<VocabularyNode> {
    let care_ends = if version == 1 { 3 } else { 2 };
    let node = |number, enter, exit, sensitive| {
        let iri_hash = Hash::of(&[b"iri", &[number]]);
        VocabularyNode { number: u32::from(number), enter, exit, sensitive, iri_hash }
    };
    vec![
        node(0, 0, care_ends, false),
        node(1, 1, 1, false),
        node(2, 2, 2, version == 2),
        node(3, 3, 3, false),
    ]
}

pub(crate) fn words(version: u32) -> Operation {
    let hashes: Vec<Hash> = nodes(version).iter().map(VocabularyNode::hash).collect();
    Operation::PublishVocabulary(PublishVocabulary {
        vocabulary: WORDS,
        version,
        root: merkle::root(&hashes),
        nodes: 4,
        content_hash: commitment(151),
    })
}

/// That a purpose stands in a version of the words.
pub(crate) fn purpose(version: u32, place: usize) -> PurposeProof {
    let nodes = nodes(version);
    let hashes: Vec<Hash> = nodes.iter().map(VocabularyNode::hash).collect();
    PurposeProof { node: nodes[place], path: merkle::inclusion_path(&hashes, place) }
}

/// Care, as version 1 has it, without billing.
pub(crate) fn care() -> ledger_types::consent::Breadth {
    ledger_types::consent::Breadth::Broad {
        vocabulary: WORDS,
        version: 1,
        purposes: Interval { enter: 0, exit: 3 },
        excludes: vec![Interval { enter: 3, exit: 3 }],
    }
}

pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Access number `id` on a basis.
pub(crate) fn ask_on(id: u32, basis: AccessBasis) -> Operation {
    Operation::RequestAccess(asked_on(access_id(id), basis))
}

pub(crate) fn opt_out(scheme: u32, wait_until: u64) -> Operation {
    Operation::NotifyOptOut(NotifyOptOut {
        scheme,
        filing_hash: commitment(152),
        prohibited_hash: commitment(153),
        wait_until: at(wait_until),
        basis: OPT_OUT_LAW,
    })
}

pub(crate) fn under_opt_out(scheme: u32, person: u8, sensitive: bool) -> AccessBasis {
    AccessBasis::OptOut { controller: HOSPITAL, scheme, person: commitment(person), sensitive }
}

pub(crate) fn joint(version: u32, notice_version: u32, users: &[PartyId]) -> Operation {
    Operation::PublishJointUse(PublishJointUse {
        scheme: 1,
        version,
        users: users.to_vec(),
        items_hash: commitment(154),
        purpose_hash: commitment(155),
        responsible: HOSPITAL,
        notice: NOTICE,
        notice_version,
    })
}

pub(crate) fn under_joint(version: u32) -> AccessBasis {
    AccessBasis::JointUse { controller: HOSPITAL, scheme: 1, version, person: commitment(156) }
}

pub(crate) fn under_law(version: u32, evidence: Option<Hash>, sensitive: bool) -> AccessBasis {
    let person = commitment(156);
    AccessBasis::Exemption { basis: LIFE_LAW, version, person, evidence, sensitive }
}

/// Glass number `number`, broken at `opened` for one minute.
pub(crate) fn glass(number: u8, opened: u64) -> Operation {
    glass_of(commitment(number), opened)
}

/// A glass with this identity, broken at `opened` for one minute.
pub(crate) fn glass_of(glass: Hash, opened: u64) -> Operation {
    Operation::BreakGlass(BreakGlass {
        glass,
        person: commitment(156),
        scope: commitment(157),
        ground: commitment(158),
        opened: at(opened),
        duration_ms: 60_000,
    })
}

pub(crate) fn renew(number: u8, version: u32, shown: u8) -> Operation {
    Operation::Renew(Renew {
        consent: consent_id(number),
        notice_version: version,
        language: japanese(),
        notice_hash: text_hash(version),
        presentation_commitment: commitment(shown),
    })
}

/// The subject is the child's guardian until an instant, and the ledger knows the child.
pub(crate) fn guardianship(until: u64) -> Operation {
    Operation::Delegate(Delegate {
        subject: child().account,
        subject_key: Some(child().key.public_key()),
        guardian: subject().account,
        powers: GuardianPowers::ALL,
        from: Timestamp::from_millis(0),
        until: at(until),
        evidence: commitment(159),
    })
}

/// Makes a party a counter, of the organisation with this number.
pub(crate) fn make_counter(
    chain: &mut Chain,
    party: PartyId,
    number: Option<CorporateNumber>,
) -> Actor {
    let update = UpdateParty {
        party,
        roles: PartyRoles::COUNTER,
        regime: Regime::PublicBody,
        corporate_number: number,
        status: PartyStatus::Active,
    };
    chain.must(&registrar(), Operation::UpdateParty(update));
    Actor::party(party)
}

pub(crate) fn suspend_party(party: PartyId, roles: PartyRoles, status: PartyStatus) -> Operation {
    let (regime, corporate_number) = (Regime::Private, None);
    Operation::UpdateParty(UpdateParty { party, roles, regime, corporate_number, status })
}
