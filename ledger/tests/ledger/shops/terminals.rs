//! Terminals: registered by their merchant alone, and acting for it within their rights and caps.

use ledger_types::limits::OPERATIONS_MAX;
use ledger_types::operation::{
    CancelRequest, Discharge, Operation, Refund, RegisterTerminal, Void,
};
use ledger_types::weight::Class;
use ledger_types::zone::{RequestNonce, TerminalRights};
use ledger_types::{Inadmissible, PublicKey};

use super::{answer, asked, by_till, end, refund, register, remembered, till_key};
use crate::chain::{Chain, admit};
use crate::fixture::{
    Actor, HOSPITAL, HOSPITALS, NO_ZONE, TOWN, akari, operator, seeded, shop, yen,
};
use crate::happy::charged;
use crate::programmes::{DAY, at};
use crate::rejections::refuses;

fn told(terminal: RegisterTerminal) -> Operation {
    Operation::RegisterTerminal(terminal)
}

#[test]
fn terminals_are_registered_and_ended_in_order() {
    let mut chain = Chain::new();
    let usual = register(TOWN, 1, TerminalRights::ALL);
    chain.must(&shop(), told(usual.clone()));
    let with = |change: &dyn Fn(&mut RegisterTerminal)| {
        let mut terminal = RegisterTerminal { terminal: 2, ..usual.clone() };
        change(&mut terminal);
        told(terminal)
    };
    let weak = PublicKey::Ed25519([0; 32]);
    refuses(
        &mut chain,
        vec![
            (2018, Actor::party(HOSPITAL), with(&|it| it.zone = NO_ZONE)),
            (3001, shop(), with(&|it| it.zone = NO_ZONE)),
            (3005, shop(), with(&|it| it.zone = HOSPITALS)),
            (3005, akari(), with(&|_| {})),
            (3005, operator(), with(&|_| {})),
            (3092, shop(), with(&|it| (it.terminal, it.key) = (1, weak))),
            (3093, shop(), with(&|it| it.key = weak)),
            (3093, shop(), with(&|it| it.rights = TerminalRights::default())),
            (3093, shop(), with(&|it| it.per_refund = Some(yen(0)))),
            (3093, shop(), with(&|it| it.per_day = Some(yen(0)))),
            (2018, Actor::party(HOSPITAL), end(NO_ZONE, 1)),
            (3001, shop(), end(NO_ZONE, 1)),
            (3005, akari(), end(TOWN, 1)),
            (3091, shop(), end(TOWN, 2)),
        ],
    );
    // Whoever stole its key uses its shop's allowance up: ending it takes of what nothing else does.
    assert_eq!(end(TOWN, 1).toll().weight.class, Class::Reserved);
    chain.must(&shop(), end(TOWN, 1));
    refuses(&mut chain, vec![(3091, shop(), end(TOWN, 1)), (3092, shop(), told(usual))]);
    let all: Vec<u16> = chain.state.terminals(TOWN, &shop().account).map(|one| one.0).collect();
    assert_eq!(all, [1]);
}

/// The shop was paid 40 of Akari's; its till 1 may do everything within 15 at once and 20 a day, its
/// till 2 asks alone.
fn paid() -> Chain {
    let mut chain = Chain::new();
    charged(&mut chain, 60);
    let (per_refund, per_day) = (Some(yen(15)), Some(yen(20)));
    let till = register(TOWN, 1, TerminalRights::ALL);
    chain.must(&shop(), told(RegisterTerminal { per_refund, per_day, ..till }));
    let asks = register(TOWN, 2, TerminalRights::REQUEST);
    chain.must(&shop(), told(RegisterTerminal { key: seeded(151).public_key(), ..asks }));
    let pay = answer(&chain, TOWN, asked(&chain, 1, 40), 40, 0);
    chain.must(&akari(), Operation::Pay(pay));
    chain
}

#[test]
fn a_terminal_acts_for_its_shop_by_its_key_alone_and_in_nothing_else() {
    let mut chain = paid();
    let (id, _) = remembered(&chain, &akari().account);
    let (till, asks) = (by_till(&shop(), till_key()), by_till(&shop(), seeded(151)));
    let back = |amount, before, terminal| {
        let refund = refund(TOWN, id, amount, before);
        Operation::Refund(Refund { terminal: Some(terminal), ..refund })
    };
    let owns = Operation::Refund(refund(TOWN, id, 1, 0));
    let discharge = Operation::Discharge(Discharge { zone: TOWN, amount: yen(1) });
    let void = Operation::Void(Void { zone: TOWN, payment: id, terminal: Some(1) });
    let cancel = Operation::CancelRequest(CancelRequest {
        zone: TOWN,
        made: at(chain.now),
        nonce: RequestNonce::new([9; 16]),
        terminal: Some(2),
    });
    let mut judge = |actor: &Actor, operations: Vec<Operation>| {
        assert!(operations.len() <= OPERATIONS_MAX);
        let tx = chain.tx(actor, operations);
        admit(&chain.state, &tx, at(chain.now + 1000))
    };
    let refused = Err(Inadmissible::KeyNotAuthorised);
    assert_eq!(judge(&till, vec![back(1, 0, 1)]), Ok(()));
    assert_eq!(judge(&till, vec![back(1, 0, 1), void]), Ok(()));
    assert_eq!(judge(&asks, vec![cancel.clone()]), Ok(()));
    for (who, operations) in [
        // The shop's own keys say no terminal; a terminal's says its own.
        (&shop(), vec![back(1, 0, 1)]),
        (&till, vec![owns]),
        (&till, vec![back(1, 0, 2)]),
        (&till, vec![back(1, 0, 3)]),
        (&till, vec![back(1, 0, 1), discharge.clone()]),
        (&till, vec![discharge]),
        (&till, vec![back(1, 0, 1), cancel]),
        (&by_till(&akari(), till_key()), vec![back(1, 0, 1)]),
    ] {
        assert_eq!(judge(who, operations), refused);
    }
    // Both sign: a terminal acts alone or not at all.
    let both = chain.cosigned(&till, &[&shop()], vec![back(1, 0, 1)]);
    assert_eq!(admit(&chain.state, &both, at(chain.now + 1000)), refused);
}

#[test]
fn a_terminal_refunds_within_its_rights_and_caps() {
    let mut chain = paid();
    let (id, _) = remembered(&chain, &akari().account);
    let (till, asks) = (by_till(&shop(), till_key()), by_till(&shop(), seeded(151)));
    let back = |amount, before, terminal| {
        let refund = refund(TOWN, id, amount, before);
        Operation::Refund(Refund { terminal: Some(terminal), ..refund })
    };
    refuses(&mut chain, vec![(3094, asks, back(1, 0, 2)), (3095, till.clone(), back(16, 0, 1))]);
    chain.must(&till, back(15, 0, 1));
    refuses(&mut chain, vec![(3095, till.clone(), back(6, 15, 1))]);
    chain.must(&till, back(5, 15, 1));
    refuses(&mut chain, vec![(3095, till.clone(), back(1, 20, 1))]);
    // The shop itself has no cap, and tomorrow the till begins anew.
    chain.must(&shop(), Operation::Refund(refund(TOWN, id, 1, 20)));
    chain.now += DAY;
    chain.must(&till, back(15, 21, 1));
    // Ended in the same block as it acts: what comes after finds it so.
    let (ending, acting) =
        (chain.tx(&shop(), vec![end(TOWN, 1)]), chain.tx(&till, vec![back(1, 36, 1)]));
    assert_eq!(crate::chain::codes(&chain.commit(vec![ending, acting])), [0, 3091]);
    let late = chain.tx(&till, vec![back(1, 36, 1)]);
    assert_eq!(
        admit(&chain.state, &late, at(chain.now + 1000)),
        Err(Inadmissible::KeyNotAuthorised)
    );
}
