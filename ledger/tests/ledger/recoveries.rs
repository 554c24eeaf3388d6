//! Recoveries: they lapse, any counter executes them, and a stolen key does not veto its own.

use ledger_types::consent::CorporateNumber;
use ledger_types::event::{Event, List};
use ledger_types::limits::{RECOVERY_DELAY_MS, RECOVERY_LAPSE_MS};
use ledger_types::operation::{
    Delegate, ExecuteAccountRecovery, ExecuteRecovery, GuardianPowers, KeyLoss, Operation,
    ProposeAccountRecovery, ProposeRecovery, RegisterContact, Resume, RotateKeys, Suspend,
    VetoAccountRecovery, VetoRecovery, WeightedKey, Withdraw,
};
use ledger_types::{AccountId, Inadmissible, Timestamp};

use crate::chain::{Chain, admit};
use crate::consent::world::{CLINIC, COUNTER, at, child, make_counter, renew, town};
use crate::fixture::{
    AIZU, Actor, BANDAI, HOSPITAL, PHARMACY, akari, botan, chika, commitment, consent_id, grant_of,
    keys_of, nobody, seeded, subject,
};
use crate::happy::transfer;
use crate::rejections::refuses;

const AHEAD: u64 = 1_000_000_000_000;

fn counter() -> Actor {
    Actor::party(COUNTER)
}

/// The subject with the key that a recovery gives it.
fn recovered() -> Actor {
    Actor { account: subject().account, key: seeded(240) }
}

fn propose(loss: KeyLoss) -> Operation {
    let (subject, key) = (subject().account, recovered().key.public_key());
    Operation::ProposeRecovery(ProposeRecovery { subject, key, evidence: commitment(9), loss })
}

fn execute() -> Operation {
    Operation::ExecuteRecovery(ExecuteRecovery { subject: subject().account })
}

fn veto(on_behalf_of: Option<AccountId>) -> Operation {
    Operation::VetoRecovery(VetoRecovery { on_behalf_of })
}

fn rotate() -> Operation {
    let keys = vec![WeightedKey::plain(seeded(241).public_key(), 1)];
    Operation::RotateKeys(RotateKeys { keys, threshold: 1 })
}

/// The town with a consent that does not end while a recovery waits.
fn long_town() -> Chain {
    let mut chain = town();
    let mut long = grant_of(2);
    long.expires = at(AHEAD);
    chain.must(&subject(), Operation::Grant(long));
    chain
}

#[test]
fn any_counter_executes_a_recovery() {
    let mut chain = long_town();
    let other = make_counter(&mut chain, CLINIC, None);
    chain.must(&counter(), propose(KeyLoss::Lost));
    chain.now += RECOVERY_DELAY_MS;
    chain.must(&other, execute());
    let now = Timestamp::from_millis(chain.now + 1000);
    let withdraw = Operation::Withdraw(Withdraw { consent: consent_id(2) });
    let tx = chain.tx(&subject(), vec![withdraw.clone()]);
    assert_eq!(admit(&chain.state, &tx, now), Err(Inadmissible::KeyNotAuthorised));
    chain.must(&recovered(), withdraw);
}

#[test]
fn a_recovery_lapses_and_can_be_proposed_anew() {
    let mut chain = long_town();
    chain.must(&counter(), propose(KeyLoss::Stolen));
    refuses(&mut chain, vec![(4073, counter(), propose(KeyLoss::Lost))]);
    chain.now = chain.state.recovery(&subject().account).unwrap().lapses.as_millis() - 1000;
    let rows = vec![
        (4074, counter(), execute()),
        (4074, subject(), veto(None)),
        (4074, counter(), veto(Some(subject().account))),
    ];
    refuses(&mut chain, rows);
    // The key is free again with it.
    chain.must(&subject(), Operation::RegisterContact(RegisterContact { mailbox: commitment(1) }));
    chain.must(&counter(), propose(KeyLoss::Lost));
    let recovery = chain.state.pending_recovery(&subject().account).unwrap();
    let wait = recovery.lapses.as_millis() - recovery.executable_from.as_millis();
    assert_eq!(wait, RECOVERY_LAPSE_MS);
}

#[test]
fn a_lost_key_vetoes_and_so_does_any_counter_for_it() {
    let mut chain = long_town();
    chain.must(&counter(), propose(KeyLoss::Lost));
    chain.must(&subject(), veto(None));
    chain.must(&counter(), propose(KeyLoss::Lost));
    chain.must(&counter(), veto(Some(subject().account)));
    assert_eq!(chain.state.recovery(&subject().account), None);
}

#[test]
fn whoever_stole_a_key_vetoes_nothing_once_a_counter_froze_it() {
    let mut chain = long_town();
    // Of the proposer's organisation, and of another one.
    let number = CorporateNumber::new(7_000_012_050_002);
    make_counter(&mut chain, COUNTER, number);
    let same = make_counter(&mut chain, PHARMACY, number);
    let other = make_counter(&mut chain, CLINIC, None);
    chain.must(&counter(), propose(KeyLoss::Stolen));
    let account = subject().account;
    let rows = vec![
        (4140, subject(), veto(None)),
        (4141, counter(), veto(Some(account))),
        (4141, same, veto(Some(account))),
    ];
    refuses(&mut chain, rows);
    chain.must(&other, veto(Some(account)));
    assert_eq!(chain.state.recovery(&account), None);
    chain.must(&counter(), propose(KeyLoss::Stolen));
    chain.now += RECOVERY_DELAY_MS;
    chain.must(&counter(), execute());
    assert_eq!(
        chain.state.subject(&account).unwrap().authority.weight_of(&seeded(240).public_key()),
        Some(1)
    );
}

#[test]
fn a_key_that_a_counter_froze_only_narrows_and_ends() {
    let mut chain = long_town();
    chain.must(&counter(), propose(KeyLoss::Stolen));
    let delegate = Delegate {
        subject: subject().account,
        subject_key: None,
        guardian: child().account,
        powers: GuardianPowers::ALL,
        from: Timestamp::from_millis(0),
        until: at(AHEAD),
        evidence: commitment(1),
    };
    chain.must(&subject(), Operation::Suspend(Suspend { consent: consent_id(2) }));
    let contact = RegisterContact { mailbox: commitment(1) };
    let rows = vec![
        (4140, subject(), Operation::Grant(grant_of(3))),
        (4140, subject(), renew(2, 1, 71)),
        (4140, subject(), Operation::Resume(Resume { consent: consent_id(2) })),
        (4140, subject(), Operation::Delegate(delegate)),
        (4140, subject(), Operation::RegisterContact(contact)),
        (4140, subject(), rotate()),
    ];
    refuses(&mut chain, rows);
    chain.must(&subject(), Operation::Withdraw(Withdraw { consent: consent_id(2) }));
}

#[test]
fn vetoes_in_order() {
    let mut chain = long_town();
    let rows = vec![
        (4011, akari(), veto(None)),
        (4011, counter(), veto(None)),
        (4011, subject(), veto(Some(subject().account))),
        (4003, Actor::party(HOSPITAL), veto(Some(subject().account))),
        (4074, subject(), veto(None)),
        (4074, counter(), veto(Some(subject().account))),
    ];
    refuses(&mut chain, rows);
}

// Accounts that hold money.

fn aizu() -> Actor {
    Actor::bank(AIZU)
}

/// Akari with the key that a recovery gives it.
fn akari_recovered() -> Actor {
    Actor { account: akari().account, key: seeded(242) }
}

fn propose_for(actor: &Actor, keys: Vec<WeightedKey>, loss: KeyLoss) -> Operation {
    let (account, evidence) = (actor.account, commitment(9));
    let threshold = 1;
    let proposed = ProposeAccountRecovery { account, keys, threshold, evidence, loss };
    Operation::ProposeAccountRecovery(proposed)
}

fn for_akari(loss: KeyLoss) -> Operation {
    propose_for(&akari(), keys_of(&akari_recovered()), loss)
}

fn execute_for(actor: &Actor) -> Operation {
    Operation::ExecuteAccountRecovery(ExecuteAccountRecovery { account: actor.account })
}

fn veto_for(actor: Option<&Actor>) -> Operation {
    let on_behalf_of = actor.map(|actor| actor.account);
    Operation::VetoAccountRecovery(VetoAccountRecovery { on_behalf_of })
}

#[test]
fn the_custodian_recovers_an_account_after_the_delay_and_its_nonces_stay_used() {
    let mut chain = town();
    chain.must(&akari(), transfer(&chika(), 1));
    chain.must(&aizu(), for_akari(KeyLoss::Lost));
    refuses(&mut chain, vec![(4076, aizu(), execute_for(&akari()))]);
    chain.must(&akari(), transfer(&chika(), 1));
    chain.now += RECOVERY_DELAY_MS;
    chain.must(&aizu(), execute_for(&akari()));
    let now = Timestamp::from_millis(chain.now + 1000);
    let tx = chain.tx(&akari(), vec![transfer(&chika(), 1)]);
    assert_eq!(admit(&chain.state, &tx, now), Err(Inadmissible::KeyNotAuthorised));
    let window = chain.state.account(&akari().account).unwrap().authority.window;
    assert_eq!(window.lowest_unused().get(), 2);
    chain.must(&akari_recovered(), transfer(&chika(), 1));
    assert_eq!(chain.state.account_recovery(&akari().account), None);
}

#[test]
fn a_holder_vetoes_but_not_with_a_stolen_key_and_then_at_a_counter() {
    let mut chain = town();
    chain.must(&aizu(), for_akari(KeyLoss::Lost));
    chain.must(&akari(), veto_for(None));
    chain.must(&aizu(), for_akari(KeyLoss::Stolen));
    refuses(&mut chain, vec![(4140, akari(), veto_for(None)), (4140, akari(), rotate())]);
    chain.must(&counter(), veto_for(Some(&akari())));
    chain.must(&akari(), rotate());
}

#[test]
fn an_accounts_recovery_lapses() {
    let mut chain = town();
    chain.must(&aizu(), for_akari(KeyLoss::Stolen));
    chain.now += RECOVERY_DELAY_MS + RECOVERY_LAPSE_MS;
    let rows = vec![
        (4074, aizu(), execute_for(&akari())),
        (4074, akari(), veto_for(None)),
        (4074, counter(), veto_for(Some(&akari()))),
    ];
    refuses(&mut chain, rows);
    chain.must(&aizu(), for_akari(KeyLoss::Lost));
}

#[test]
fn recoveries_of_accounts_in_order() {
    let mut chain = town();
    chain.must(&aizu(), propose_for(&chika(), keys_of(&chika()), KeyLoss::Lost));
    let lost = |actor: &Actor| propose_for(actor, vec![], KeyLoss::Lost);
    let rows = vec![
        (2010, akari(), lost(&nobody())),
        (2010, counter(), lost(&nobody())),
        (2002, aizu(), lost(&nobody())),
        (2009, Actor::bank(BANDAI), lost(&akari())),
        (2013, aizu(), lost(&chika())),
        (4073, aizu(), propose_for(&chika(), keys_of(&chika()), KeyLoss::Lost)),
        (2010, akari(), execute_for(&nobody())),
        (2002, aizu(), execute_for(&nobody())),
        (2009, Actor::bank(BANDAI), execute_for(&akari())),
        (4074, aizu(), execute_for(&akari())),
        (4076, aizu(), execute_for(&chika())),
        (2018, counter(), veto_for(None)),
        (2018, subject(), veto_for(None)),
        (2018, botan(), veto_for(Some(&botan()))),
        (4003, Actor::party(HOSPITAL), veto_for(Some(&botan()))),
        (4074, botan(), veto_for(None)),
        (4074, counter(), veto_for(Some(&botan()))),
    ];
    refuses(&mut chain, rows);
}

#[test]
fn a_recovery_is_said_to_whom_it_concerns() {
    let mut chain = town();
    let tx = chain.tx(&aizu(), vec![for_akari(KeyLoss::Lost)]);
    let applied = chain.commit(vec![tx]);
    let Event::AccountRecoveryProposed(_) = &applied.events[0].event else { panic!("{applied:?}") };
    assert_eq!(applied.events[0].event.enters(), [List::Account(akari().account)]);
    let tx = chain.tx(&counter(), vec![propose(KeyLoss::Lost)]);
    let applied = chain.commit(vec![tx]);
    let entered = applied.events[0].event.enters();
    assert!(entered.contains(&List::Account(subject().account)), "{entered:?}");
}
