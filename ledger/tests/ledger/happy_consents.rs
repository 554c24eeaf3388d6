//! Consents and accesses once where they commit: the state is what it was but for what it says.

use ledger::record::{Access, Authority, BasisKind, Consent, Record, Subject};
use ledger::state::keys;
use ledger_types::access::{Duties, holder_commitment};
use ledger_types::consent::{Breadth, Materiality, Profile};
use ledger_types::event::{AccessPermitted, ConsentGranted, Event, Happened};
use ledger_types::operation::Operation;
use ledger_types::{ConsentStatus, Height, Nonce, Timestamp};

use super::chain::{Chain, codes, picture};
use super::fixture::{
    Actor, DELTA_MS, HOSPITAL, NOTICE, PHARMACY, START, access, access_id, ask, consent_id,
    grant_of, holder_salt, japanese, keys_of, notice, subject,
};
use super::happy::{commits, put};
/// A chain on which the notice is out and the subject gave consent 1.
pub(crate) fn consented() -> Chain {
    let mut chain = Chain::new();
    chain.must(&Actor::party(HOSPITAL), notice(1, Materiality::Material));
    let operations = vec![Operation::Grant(grant_of(1))];
    let tx = chain.cosigned(&subject(), &[&Actor::party(HOSPITAL)], operations);
    assert_eq!(codes(&chain.commit(vec![tx])), [0]);
    chain
}

#[test]
fn a_first_grant_makes_the_subject_known() {
    let mut chain = Chain::new();
    chain.must(&Actor::party(HOSPITAL), notice(1, Materiality::Material));
    let mut expected = picture(&chain.state);
    let operations = vec![Operation::Grant(grant_of(1))];
    let tx = chain.cosigned(&subject(), &[&Actor::party(HOSPITAL)], operations);
    let mut authority = Authority::new(&keys_of(&subject()), 1).unwrap();
    authority.window = authority.window.after_use(Nonce::new(0)).unwrap();
    let account = subject().account;
    put(&mut expected, keys::subject(&account), Record::Subject(Subject::new(authority)));
    let record = Record::Consent(Box::new(given(1, Height::new(2))));
    put(&mut expected, keys::consent(&consent_id(1)), record);
    let applied = chain.commit(vec![tx]);
    assert_eq!(picture(&chain.state), expected);
    let event = Event::ConsentGranted(ConsentGranted {
        consent: consent_id(1),
        subject: account.into(),
        controller: HOSPITAL,
        by: None,
    });
    assert_eq!(applied.events, [Happened { transaction: Some(0), operation: 0, event }]);
}

pub(crate) fn given(number: u8, given: Height) -> Consent {
    let grant = grant_of(number);
    Consent {
        subject: subject().account,
        controller: HOSPITAL,
        terms_root: grant.terms_root,
        notice: NOTICE,
        notice_version: 1,
        language: japanese(),
        presentation_commitment: grant.presentation_commitment,
        valid_from: grant.valid_from,
        expires: grant.expires,
        use_limit: Some(3),
        uses: 0,
        breadth: Breadth::Specific,
        frozen: None,
        compensation: None,
        profile: Profile::Ordinary,
        guardian: None,
        revision: 0,
        renewals: 0,
        status: ConsentStatus::Given,
        given,
        ended: None,
    }
}

#[test]
fn request_access_counts_a_use_and_says_until_when_to_rely_on_it() {
    let mut chain = consented();
    let pharmacy = Actor::party(PHARMACY);
    let operation = ask(1, access(1, 2));
    let events = commits(&mut chain, &pharmacy, operation, |picture| {
        let used = Consent { uses: 1, ..given(1, Height::new(2)) };
        put(picture, keys::consent(&consent_id(1)), Record::Consent(Box::new(used)));
        let at = Timestamp::from_millis(START + 3000);
        let record = Access {
            requester: PHARMACY,
            basis: BasisKind::Consent,
            consent: Some(consent_id(1)),
            subject: Some(subject().account),
            holder: holder_commitment(HOSPITAL, &holder_salt(&access_id(1))),
            named: None,
            at,
            valid_until: at.checked_add_millis(DELTA_MS).unwrap(),
            holder_half: None,
            recipient_half: None,
            deadline: None,
            overdue: None,
        };
        put(picture, keys::access(&access_id(1)), Record::Access(Box::new(record)));
    });
    let permitted = Event::AccessPermitted(AccessPermitted {
        access: access_id(1),
        basis: BasisKind::Consent,
        consent: Some(consent_id(1)),
        subject: Some(subject().account.into()),
        controller: Some(HOSPITAL),
        requester: PHARMACY,
        duties: Duties::RECORD_HALVES,
        valid_until: Timestamp::from_millis(chain.now + DELTA_MS),
    });
    assert_eq!(events, [permitted]);
}
