//! Payments at shops and terminals, as those whose they are read them.

use ledger_types::operation::{Operation, Pay, RegisterTerminal};
use ledger_types::zone::TerminalRights;
use ledger_types::{Hash, Yen, ZoneId};
use node_api::body::{PaymentBody, TerminalKeyBody, TerminalsBody};
use node_api::path;

use super::World;
use super::world::{ZONE, actor, key};

fn register(terminal: u16, rights: TerminalRights) -> Operation {
    Operation::RegisterTerminal(RegisterTerminal {
        zone: ZONE,
        terminal,
        key: key("bob").public_key(),
        rights,
        per_refund: None,
        per_day: Some(Yen::new(900)),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn terminals_are_their_shops_and_the_key_of_one_is_whoevers_it_asks() {
    let mut world = World::new();
    let both = [(1, TerminalRights::ALL), (2, TerminalRights::VOID)];
    world.send("shop", both.map(|(terminal, rights)| register(terminal, rights)).to_vec()).await;
    let shop = world.address("shop");
    let own: TerminalsBody = world.read("shop", path::terminals(ZONE, &shop).as_str()).await.json();
    let [first, second] = own.terminals.as_slice() else { panic!("{own:?}") };
    assert_eq!((first.terminal, second.terminal, first.ended), (1, 2, false));
    assert_eq!((first.per_refund, first.per_day), (None, Some(Yen::new(900))));
    assert_eq!((first.refunded_today, second.rights), (Yen::ZERO, TerminalRights::VOID));
    world.read("alice", path::terminals(ZONE, &shop).as_str()).await.expect_problem(6107);
    let alice = world.address("alice");
    world.read("alice", path::terminals(ZONE, &alice).as_str()).await.expect_problem(6224);
    for (terminal, asks) in [(1, true), (2, false)] {
        let of = path::terminal(ZONE, &shop, terminal);
        let found: TerminalKeyBody = world.get(of.as_str()).await.json();
        assert_eq!((found.key, found.asks), (key("bob").public_key(), asks));
    }
    world.get(path::terminal(ZONE, &shop, 3).as_str()).await.expect_problem(6227);
    world.get(path::terminal(ZONE, &alice, 1).as_str()).await.expect_problem(6227);
    world.get(path::terminal(ZONE, "nobody", 1).as_str()).await.expect_problem(6009);
    world.get(path::terminal(ZoneId::new(2), &shop, 1).as_str()).await.expect_problem(6205);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_its_payers_and_its_shops_which_is_not_told_who_paid() {
    let mut world = World::new();
    let pay = Pay {
        zone: ZONE,
        merchant: actor("shop").account,
        amount: Yen::new(70),
        charge: Some(Yen::new(70)),
        vouchers: None,
        reference: None,
        request: None,
        again: false,
    };
    world.send("alice", vec![Operation::Pay(pay)]).await;
    let id = world.query.state().payments().next().map(|(id, _)| id).expect("alice paid");
    let of = path::payment(&id).to_string();
    let hers: PaymentBody = world.read("alice", &of).await.json();
    let alice = world.address("alice");
    assert_eq!(hers.payer.as_ref().map(|payer| payer.as_str()), Some(alice.as_str()));
    assert_eq!((hers.amount, hers.coin, hers.left), (Yen::new(70), Yen::new(70), Yen::new(70)));
    let shops: PaymentBody = world.read("shop", &of).await.json();
    assert_eq!(shops, PaymentBody { payer: None, ..hers });
    world.read("bob", &of).await.expect_problem(6107);
    world.get(&of).await.expect_problem(6101);
    world.read("bob", path::payment(&Hash::ZERO).as_str()).await.expect_problem(6226);
}
