//! What a withdrawal leaves: an ended consent, and what its controller owes.

use ledger::record::{Acknowledgement, Consent, Due, Duty, Owed, Record};
use ledger::state::keys;
use ledger_types::consent::RegimeRules;
use ledger_types::event::{ConsentWithdrawn, Event};
use ledger_types::operation::{Operation, Withdraw};
use ledger_types::{ConsentStatus, Height, Timestamp};

use super::chain::Picture;
use super::fixture::{HOSPITAL, START, consent_id, subject};
use super::happy::{commits, put};
use super::happy_consents::{consented, given};

/// What the hospital owes from the end of a consent at `millis` on.
fn put_acknowledgement(picture: &mut Picture, number: u8, millis: u64) {
    let within = RegimeRules::INITIAL.acknowledge_within_ms;
    let deadline = Timestamp::from_millis(millis + within);
    let owed = Acknowledgement { controller: HOSPITAL, deadline, done: None, overdue: None };
    let consent = consent_id(number);
    put(picture, keys::acknowledgement(&consent), Record::Acknowledgement(Box::new(owed)));
    let duty = Duty::Acknowledge(consent);
    let owed = Owed { debtor: HOSPITAL, deadline, duty };
    put(picture, keys::due(&owed), Record::Due(Due { duty }));
}

#[test]
fn withdraw_ends_the_consent_at_this_height() {
    let mut chain = consented();
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(1) });
    let events = commits(&mut chain, &subject(), withdraw, |picture| {
        let status = ConsentStatus::Withdrawn;
        let ended = Some(Height::new(3));
        let record = Consent { status, ended, ..given(1, Height::new(2)) };
        put(picture, keys::consent(&consent_id(1)), Record::Consent(Box::new(record)));
        put_acknowledgement(picture, 1, START + 3000);
    });
    let (consent, subject) = (consent_id(1), subject().account);
    assert_eq!(
        events,
        [Event::ConsentWithdrawn(ConsentWithdrawn {
            consent,
            subject: subject.into(),
            controller: HOSPITAL
        })]
    );
}
