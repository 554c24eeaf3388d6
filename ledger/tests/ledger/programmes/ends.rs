//! How holders of vouchers end: closing, and what goes to heirs.

use ledger_types::Yen;
use ledger_types::event::{EstateLots, Event};
use ledger_types::operation::{
    CloseAccount, KeyRole, MarkDeceased, Operation, ReconcileProgramme, TransferEstate, WeightedKey,
};
use ledger_types::{AccountId, SigningKey, ZoneId};

use super::{
    PREMIUM, REFUND_UNTIL, USE_FROM, USE_UNTIL, buy, city, create, defined_in, held, local_shop,
    main_escrow, near, open, pledge, sale, sold, spend, terms,
};
use crate::chain::{Chain, codes};
use crate::fixture::{
    AIZU, Actor, HOSPITALS, NO_ZONE, TOWN, akari, botan, chika, commitment, kenji, nobody, seeded,
    yen,
};
use crate::happy::transfer;
use crate::rejections::refuses;

fn close(actor: &Actor) -> Operation {
    Operation::CloseAccount(CloseAccount { account: actor.account })
}

#[test]
fn an_account_with_vouchers_or_of_a_programme_stays_open() {
    let mut chain = sold();
    chain.must(&botan(), transfer(&akari(), 9_000));
    refuses(&mut chain, vec![(3064, botan(), close(&botan()))]);
    refuses(&mut chain, vec![(2063, city(), close(&city()))]);
    // All of it used.
    assert_eq!(spend(&mut chain, &botan(), &local_shop(), 1250), 0);
    chain.must(&botan(), close(&botan()));
    // Ended: it is worth nothing, and is counted as ended.
    let rest = 10_000 + 9_000 - 2_000;
    chain.must(&akari(), transfer(&chika(), rest));
    chain.now = USE_UNTIL - 2000;
    refuses(&mut chain, vec![(3064, akari(), close(&akari()))]);
    chain.now = USE_UNTIL - 1000;
    chain.must(&akari(), close(&akari()));
    assert_eq!(chain.state.lots(TOWN, &akari().account), None);
    assert_eq!(super::instrument(&chain), [3750, 1250, 2500]);
    // An escrow is closed once it is none.
    chain.now = REFUND_UNTIL;
    let cap = ledger_types::operation::SetNetDebitCap { bank: AIZU, cap: yen(10_000) };
    chain.must(&crate::fixture::operator(), Operation::SetNetDebitCap(cap));
    let reconcile = ReconcileProgramme { programme: PREMIUM };
    chain.must(&city(), Operation::ReconcileProgramme(reconcile));
    for escrow in [main_escrow(), near()] {
        let left = super::available(&chain, &escrow);
        if left > 0 {
            chain.must(&escrow, transfer(&city(), left));
        }
        chain.must(&escrow, close(&escrow));
    }
}

#[test]
fn an_empty_escrow_stays_open_while_it_is_pledged() {
    let mut chain = defined_in(|genesis| {
        let is_near =
            |entry: &&mut ledger_types::genesis::GenesisAccount| entry.account == near().account;
        genesis.accounts.iter_mut().find(is_near).unwrap().balance = Yen::ZERO;
        genesis.merchants[0].class = ledger_types::operation::MerchantClass::Local;
    });
    chain.must(&city(), create(terms()));
    chain.must(&near(), pledge());
    refuses(&mut chain, vec![(3064, near(), close(&near()))]);
}

fn checker() -> SigningKey {
    seeded(241)
}

/// The network in which Aizu's keys have a maker and a checker, and Akari, who had two sets, died.
fn left() -> Chain {
    let mut chain = defined_in(|genesis| {
        let part = |key: &SigningKey, role| WeightedKey { key: key.public_key(), weight: 1, role };
        let maker = part(&Actor::bank(AIZU).key, KeyRole::Maker);
        genesis.banks[0].keys = vec![maker, part(&checker(), KeyRole::Checker)];
    });
    chain.must(&city(), create(terms()));
    chain.must(&main_escrow(), pledge());
    chain.must(&city(), open(1, sale(10)));
    chain.now = super::SALE_FROM;
    chain.must(&akari(), buy(2));
    chain.must(&botan(), buy(1));
    chain.now = USE_FROM;
    let (account, evidence) = (akari().account, commitment(8));
    assert_eq!(
        by_bank(&mut chain, Operation::MarkDeceased(MarkDeceased { account, evidence })).0,
        0
    );
    chain
}

fn by_bank(chain: &mut Chain, operation: Operation) -> (u16, Vec<Event>) {
    let both = Actor { key: checker(), ..Actor::bank(AIZU) };
    let tx = chain.cosigned(&Actor::bank(AIZU), &[&both], vec![operation]);
    let applied = chain.commit(vec![tx]);
    (codes(&applied)[0], applied.events.into_iter().map(|happened| happened.event).collect())
}

fn estate(to: AccountId, amount: u64, vouchers: Vec<ZoneId>) -> Operation {
    let (account, evidence) = (akari().account, commitment(8));
    let amount = yen(amount);
    Operation::TransferEstate(TransferEstate { account, to, amount, vouchers, evidence })
}

#[test]
fn vouchers_go_to_an_heir_with_the_end_that_they_have() {
    let mut chain = left();
    let heir = botan().account;
    let lots = chain.state.vouchers(TOWN, &akari().account).lots;
    let refused = [
        (estate(heir, 0, vec![]), 2001),
        (estate(heir, 1, vec![HOSPITALS]), 3065),
        (estate(heir, 1, vec![NO_ZONE]), 3065),
        (estate(heir, 1, vec![TOWN, TOWN]), 3065),
        (estate(heir, 1, vec![TOWN, HOSPITALS]), 3065),
        (estate(akari().account, 0, vec![TOWN]), 2003),
        (estate(nobody().account, 0, vec![TOWN]), 2002),
        (estate(kenji().account, 1, vec![TOWN]), 2012),
        (estate(heir, 8_001, vec![TOWN]), 2004),
    ];
    for (operation, code) in refused {
        assert_eq!(by_bank(&mut chain, operation.clone()).0, code, "{operation:?}");
    }
    assert_eq!(chain.state.vouchers(TOWN, &akari().account).lots, lots);
    let (code, said) = by_bank(&mut chain, estate(heir, 0, vec![TOWN]));
    let (zone, account, to) = (TOWN, akari().account, heir);
    let moved = EstateLots { zone, account, to, amount: yen(2_500) };
    assert_eq!((code, said), (0, vec![Event::EstateLots(moved)]));
    assert_eq!(chain.state.lots(TOWN, &account), None);
    assert_eq!(held(&chain, &heir), [1500, 375, 1500, 375]);
    // Those that are the same merged.
    assert_eq!(chain.state.lots(TOWN, &heir).unwrap().lots.len(), 4);
    assert_eq!(by_bank(&mut chain, estate(heir, 0, vec![TOWN])).0, 3065);
    assert_eq!(spend(&mut chain, &botan(), &local_shop(), 3_000), 0);
    // Yen go in the same way, to an heir of their own.
    assert_eq!(by_bank(&mut chain, estate(chika().account, 8_000, vec![])).0, 0);
}

#[test]
fn whoever_may_hold_no_yen_inherits_vouchers() {
    let mut chain = left();
    super::paying::freeze_by(&mut chain, &checker(), &akari());
    assert_eq!(by_bank(&mut chain, estate(kenji().account, 0, vec![TOWN])).0, 2025);
    let mut chain = left();
    assert_eq!(by_bank(&mut chain, estate(kenji().account, 0, vec![TOWN])).0, 0);
    assert_eq!(held(&chain, &kenji().account), [1000, 250, 1000, 250]);
    assert_eq!(spend(&mut chain, &kenji(), &local_shop(), 2_500), 0);
}
