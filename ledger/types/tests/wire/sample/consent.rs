//! One fixed value of every operation of the consent layer.

use ledger_types::consent::{
    Breadth, CorporateNumber, Interval, LeafChange, Materiality, Mechanism, NoticeContent,
    PartyStatus, Profile, PurposeProof, RegimeRules, Regimes, TermsLeaf, VocabularyNode,
};
use ledger_types::operation::{
    AccessBasis, AcknowledgeShred, AcknowledgeWithdrawal, Amend, Answer, AnswerSubjectRequest,
    AuditScope, BreakGlass, ConsentBasis, DeclareEmergency, Delegate, Deletion, DividendRow,
    EndAuditView, EndDelegation, EndEmergency, ExecuteRecovery, Finding, Grant, GrantAuditView,
    GuardianPowers, Half, Invalidate, NotifyOptOut, NotifySubject, PayDividend, ProposeRecovery,
    PublishJointUse, PublishLegalBasis, PublishNotice, PublishRegime, PublishTerms,
    PublishVocabulary, ReadAccessLog, ReadRight, ReconsentAnswer, RecordDisclosures, RecordReceipt,
    RecordUse, RegisterContact, RegisterParty, Renew, RequestAccess, RequestKind, RequestOutcome,
    RequestReconsent, RespondReconsent, Resume, ReviewBreakGlass, Revoke, StopOptOut,
    SubjectRequest, Suspend, UpdateParty, VetoRecovery, Widen, Withdraw, WithdrawFor,
};
use ledger_types::{
    ConsentId, LegalBasisId, NoticeId, Operation, PartyId, PartyRoles, Regime, Timestamp,
    VocabularyId, Yen, ZoneId,
};

use super::{account, hash, key, keys, language};

fn time(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
}

fn id() -> ConsentId {
    ConsentId::new(hash(0x31))
}

const PARTY: PartyId = PartyId::new(0x0102_0304);
const NOTICE: NoticeId = NoticeId::new(7);

/// In the order of the wire's tags; where an operation has several shapes, several samples.
pub(super) fn consent() -> Vec<Operation> {
    [first_ones(), accesses(), registries(), subjects(), persons(), uses(), oversight()].concat()
}

fn number() -> CorporateNumber {
    CorporateNumber::new(7_000_012_050_002).expect("a valid number")
}

fn first_ones() -> Vec<Operation> {
    let content = |text, byte| NoticeContent { language: language(text), content_hash: hash(byte) };
    let grant = Grant {
        consent: id(),
        controller: PartyId::new(5),
        terms_root: hash(0x34),
        notice: NOTICE,
        notice_version: 3,
        language: language("ja"),
        notice_hash: hash(0x33),
        presentation_commitment: hash(0x35),
        valid_from: time(0),
        expires: time(100_000_000),
        use_limit: Some(9),
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    };
    let broad = Breadth::Broad {
        vocabulary: VocabularyId::new(2),
        version: 4,
        purposes: Interval { enter: 1, exit: 9 },
        excludes: vec![Interval { enter: 3, exit: 4 }],
    };
    vec![
        Operation::RegisterParty(RegisterParty {
            party: PARTY,
            roles: PartyRoles::CONTROLLER.with(PartyRoles::EMERGENCY),
            regime: Regime::HospitalOrUniversity,
            corporate_number: Some(number()),
            keys: keys(),
            threshold: 2,
        }),
        Operation::PublishNotice(PublishNotice {
            notice: NOTICE,
            version: 3,
            materiality: Materiality::Material,
            contents: vec![content("en", 0x32), content("ja", 0x33)],
            media_hashes: vec![hash(0x39)],
        }),
        Operation::Grant(grant.clone()),
        Operation::Grant(Grant {
            breadth: broad,
            compensation: Some(6),
            on_behalf_of: Some(account(0x3a)),
            profile: Profile::Disaster { area: 7 },
            ..grant
        }),
        Operation::Withdraw(Withdraw { consent: id() }),
    ]
}

fn accesses() -> Vec<Operation> {
    let node =
        VocabularyNode { number: 11, enter: 12, exit: 13, sensitive: true, iri_hash: hash(0x3c) };
    let specific = ConsentBasis {
        consent: id(),
        leaf: TermsLeaf { sensitive: true, commitment: hash(0x36) },
        leaf_index: 2,
        path: vec![hash(0x37), hash(0x38)],
        purpose: None,
    };
    let purpose = Some(PurposeProof { node, path: vec![hash(0x3d)] });
    let broad = ConsentBasis { purpose, ..specific.clone() };
    let person = hash(0x3e);
    let basis = LegalBasisId::new(8);
    let evidence = Some(hash(0x3f));
    let bases = [
        AccessBasis::Consent(specific),
        AccessBasis::Consent(broad),
        AccessBasis::OptOut { controller: PARTY, scheme: 2, person, sensitive: false },
        AccessBasis::JointUse { controller: PARTY, scheme: 2, version: 3, person },
        AccessBasis::Exemption { basis, version: 2, person, evidence, sensitive: true },
        AccessBasis::BreakGlass { glass: hash(0x40) },
    ];
    bases
        .into_iter()
        .map(|basis| Operation::RequestAccess(RequestAccess { access: hash(0x3b), basis }))
        .collect()
}

fn registries() -> Vec<Operation> {
    vec![
        Operation::UpdateParty(UpdateParty {
            party: PARTY,
            roles: PartyRoles::COUNTER,
            regime: Regime::PublicBody,
            corporate_number: None,
            status: PartyStatus::Suspended,
        }),
        Operation::PublishVocabulary(PublishVocabulary {
            vocabulary: VocabularyId::new(2),
            version: 4,
            root: hash(0x41),
            nodes: 99,
            content_hash: hash(0x42),
        }),
        Operation::PublishLegalBasis(PublishLegalBasis {
            basis: LegalBasisId::new(8),
            version: 2,
            code: "APPI 27(1)(ii)".to_owned(),
            statute_date: 20_230_401,
            content_hash: hash(0x43),
            mechanism: Mechanism::Exemption,
            regimes: Regimes::ALL,
            evidence_required: true,
            sensitive_allowed: true,
        }),
        Operation::PublishRegime(PublishRegime {
            regime: Regime::Private,
            version: 1,
            statute_date: 20_230_401,
            rules: RegimeRules::INITIAL,
        }),
        Operation::PublishJointUse(PublishJointUse {
            scheme: 2,
            version: 3,
            users: vec![PartyId::new(1), PARTY],
            items_hash: hash(0x44),
            purpose_hash: hash(0x45),
            responsible: PARTY,
            notice: NOTICE,
            notice_version: 3,
        }),
        Operation::NotifyOptOut(NotifyOptOut {
            scheme: 2,
            filing_hash: hash(0x46),
            prohibited_hash: hash(0x47),
            wait_until: time(30),
            basis: LegalBasisId::new(9),
        }),
        Operation::PublishTerms(PublishTerms {
            terms: 6,
            payer: account(0x48),
            unit_hash: hash(0x49),
            zone: Some(ZoneId::new(3)),
        }),
    ]
}

fn subjects() -> Vec<Operation> {
    let consent = id();
    let (language, notice_hash, presentation_commitment) = (language("ja"), hash(0x33), hash(0x50));
    let leaf = TermsLeaf { sensitive: true, commitment: hash(0x51) };
    let change = |replacement| LeafChange { index: 1, leaf, path: vec![hash(0x52)], replacement };
    let accept = Answer::Accept { language, notice_hash, presentation_commitment };
    let answer = |byte, answer| ReconsentAnswer { consent: ConsentId::new(hash(byte)), answer };
    vec![
        Operation::Amend(Amend {
            consent,
            changes: vec![change(None), change(Some(leaf))],
            expires: Some(time(60)),
            use_limit: Some(2),
        }),
        Operation::Widen(Widen {
            consent,
            terms_root: hash(0x53),
            notice: NOTICE,
            notice_version: 4,
            language,
            notice_hash,
            presentation_commitment,
            expires: time(70),
            use_limit: None,
        }),
        Operation::WithdrawFor(WithdrawFor { consent, evidence: hash(0x54) }),
        Operation::Revoke(Revoke { consent, ground: hash(0x55) }),
        Operation::Invalidate(Invalidate { consent, ground: hash(0x56) }),
        Operation::Suspend(Suspend { consent }),
        Operation::Resume(Resume { consent }),
        Operation::Renew(Renew {
            consent,
            notice_version: 4,
            language,
            notice_hash,
            presentation_commitment,
        }),
        Operation::RequestReconsent(RequestReconsent {
            request: hash(0x57),
            notice: NOTICE,
            version: 4,
            reason: hash(0x58),
            deadline: time(80),
        }),
        Operation::RespondReconsent(RespondReconsent {
            request: hash(0x57),
            answers: vec![answer(1, accept), answer(2, Answer::Refuse), answer(3, Answer::Defer)],
        }),
    ]
}

fn persons() -> Vec<Operation> {
    let (subject, guardian) = (account(0x60), account(0x61));
    let request = hash(0x62);
    let answered = |outcome| {
        let commitment = hash(0x63);
        Operation::AnswerSubjectRequest(AnswerSubjectRequest { request, outcome, commitment })
    };
    vec![
        Operation::RegisterContact(RegisterContact { mailbox: hash(0x64) }),
        Operation::StopOptOut(StopOptOut {
            controller: PARTY,
            scheme: 2,
            person: hash(0x3e),
            evidence: Some(hash(0x65)),
        }),
        Operation::SubjectRequest(SubjectRequest {
            request,
            controller: PARTY,
            kind: RequestKind::Erase,
            commitment: hash(0x66),
            on_behalf_of: Some(subject),
        }),
        answered(RequestOutcome::Done),
        answered(RequestOutcome::Refused { basis: LegalBasisId::new(8) }),
        answered(RequestOutcome::Partly),
        Operation::Delegate(Delegate {
            subject,
            subject_key: Some(key(4).public_key()),
            guardian,
            powers: GuardianPowers::GRANT.with(GuardianPowers::RESPOND),
            until: time(90),
            evidence: hash(0x67),
        }),
        Operation::EndDelegation(EndDelegation { subject, guardian }),
        Operation::ProposeRecovery(ProposeRecovery {
            subject,
            key: key(5).public_key(),
            evidence: hash(0x68),
        }),
        Operation::ExecuteRecovery(ExecuteRecovery { subject }),
        Operation::VetoRecovery(VetoRecovery),
    ]
}

fn uses() -> Vec<Operation> {
    let (access, disclosure) = (hash(0x3b), hash(0x70));
    vec![
        Operation::RecordUse(RecordUse { access, disclosure }),
        Operation::RecordReceipt(RecordReceipt { access, disclosure }),
        Operation::RecordDisclosures(RecordDisclosures {
            half: Half::Recipient,
            counterparty: PARTY,
            hour: 472_222,
            root: hash(0x71),
            count: 12,
        }),
        Operation::AcknowledgeWithdrawal(AcknowledgeWithdrawal {
            consent: id(),
            stopped_at: time(5),
            deletion: Deletion::Retained { basis: LegalBasisId::new(8) },
            propagated_to: vec![PartyId::new(2), PARTY],
        }),
    ]
}

fn oversight() -> Vec<Operation> {
    let (glass, view) = (hash(0x40), hash(0x80));
    let row = |byte, amount| DividendRow { to: account(byte), amount: Yen::new(amount) };
    let granted = |scope| {
        let (until, ground) = (time(99), hash(0x85));
        Operation::GrantAuditView(GrantAuditView { view, auditor: PARTY, scope, until, ground })
    };
    let read = |right| {
        let (read, subject) = (hash(0x86), account(0x60));
        Operation::ReadAccessLog(ReadAccessLog { read, subject, right })
    };
    vec![
        Operation::BreakGlass(BreakGlass {
            glass,
            person: hash(0x3e),
            scope: hash(0x81),
            ground: hash(0x82),
            opened: time(1),
            duration_ms: 3_600_000,
        }),
        Operation::ReviewBreakGlass(ReviewBreakGlass {
            glass,
            finding: Finding::Unjustified,
            commitment: hash(0x83),
        }),
        Operation::NotifySubject(NotifySubject { glass, evidence: hash(0x84) }),
        Operation::DeclareEmergency(DeclareEmergency {
            area: 7,
            until: time(98),
            ground: hash(0x82),
        }),
        Operation::EndEmergency(EndEmergency { area: 7 }),
        Operation::PayDividend(PayDividend {
            controller: PARTY,
            terms: 6,
            month: 202_611,
            chunk: 1,
            rows: vec![row(0x87, 30), row(0x88, 40)],
        }),
        Operation::AcknowledgeShred(AcknowledgeShred { consent: id(), digest: hash(0x89) }),
        granted(AuditScope::Subject { subject: account(0x60) }),
        granted(AuditScope::Controller { controller: PARTY }),
        granted(AuditScope::All),
        Operation::EndAuditView(EndAuditView { view }),
        read(ReadRight::Consent { consent: id() }),
        read(ReadRight::View { view, consent: Some(id()) }),
    ]
}
