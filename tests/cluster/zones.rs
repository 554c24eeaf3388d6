//! A Business Zone through four validators: charge, pay a merchant, discharge; yen stay accounted.

use std::time::Duration;

use kyojo_genesis::actors::ActorRole;
use kyojo_tests::account::payers;
use kyojo_tests::load::sign;
use ledger_types::operation::{Charge, Discharge, OpenZoneAccount, Pay};
use ledger_types::{Operation, Yen};

use crate::town::Town;

const WAIT: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_citizen_charges_pays_a_merchant_and_takes_the_rest_back() -> anyhow::Result<()> {
    let town = Town::start(51).await?;
    let zone = town.document.zones[0].zone;
    let citizen = town.citizens[3].clone();
    let merchant = payers(&town.actors, ActorRole::Merchant)?.remove(0);
    let amount = Yen::new(1_000);
    let pay = |amount| {
        Operation::Pay(Pay {
            zone,
            merchant: merchant.account,
            amount,
            charge: None,
            vouchers: None,
            reference: None,
            request: None,
            again: true,
        })
    };
    // Opening twice is refused, so a citizen who has a sub-account from the start is no surprise.
    let open = sign(
        &town.genesis,
        &citizen,
        0,
        vec![Operation::OpenZoneAccount(OpenZoneAccount { zone })],
    );
    let opened = town.rest.settle(&town.url(0), &open, WAIT).await?;
    assert!(
        opened["receipt"]["outcome"] == "committed" || opened["receipt"]["code"] == 3002,
        "{opened}"
    );
    let steps = [
        (Operation::Charge(Charge { zone, amount }), 0),
        (pay(Yen::new(400)), 0),
        (pay(Yen::new(601)), 3004),
        (Operation::Discharge(Discharge { zone, amount: Yen::new(600) }), 0),
        (Operation::Discharge(Discharge { zone, amount: Yen::new(1) }), 3004),
    ];
    for (nonce, (operation, code)) in (1..).zip(steps) {
        let made = sign(&town.genesis, &citizen, nonce, vec![operation]);
        let settled = town.rest.settle(&town.url(1), &made, WAIT).await?;
        let found = settled["receipt"]["code"].as_u64().unwrap_or(0);
        assert_eq!(found, code, "step {nonce}: {settled}");
    }
    town.assert_conserved().await
}
