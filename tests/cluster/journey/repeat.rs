//! Somebody pays while half of the network is down, and does what everybody does: tries again.

use std::time::Duration;

use anyhow::ensure;

use super::person::{Person, address_of};
use crate::town::Town;

const WAIT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_repeated_while_two_of_four_nodes_are_down_moves_the_money_once()
-> anyhow::Result<()> {
    let mut town = Town::start(66).await?;
    let citizen = Person::actor(&town, "citizen-0001")?;
    let payee = address_of(&town, "citizen-0002");
    let before: u64 = citizen.balance()?.parse()?;
    town.network.kill(2)?;
    town.network.kill(3)?;
    let pay = ["send", &payee, "100", "--reference", "牛乳", "--yes", "--timeout", "3"];
    let first = citizen.fails(&pay, 9, "outcome-unknown")?;
    let second = citizen.fails(&pay, 9, "outcome-unknown")?;
    assert_eq!(first, second, "the same transaction, not another one");
    town.network.start_node(2)?;
    town.network.start_node(3)?;
    town.network.wait_ready(WAIT).await?;

    let patient = [&pay[..6], &["--timeout", "60"]].concat();
    let paid = citizen.does(&patient)?;
    assert_eq!((&paid["transaction"], &paid["repeated"]), (&first["transaction"], &true.into()));
    assert_eq!(citizen.balance()?.parse::<u64>()?, before - 100);
    // What was answered may be asked for once more without paying once more.
    citizen.fails(&patient, 11, "done-just-now")?;
    assert_eq!(citizen.balance()?.parse::<u64>()?, before - 100);
    citizen.does(&[&patient[..], &["--again"]].concat())?;
    assert_eq!(citizen.balance()?.parse::<u64>()?, before - 200);
    let opening = paid["reference_opening"].as_str().unwrap_or_default();
    ensure!(std::fs::read_to_string(opening)?.contains("牛乳"), "the reference can be shown");
    town.assert_conserved().await
}
