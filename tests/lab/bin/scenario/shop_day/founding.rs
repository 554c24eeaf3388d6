//! A programme of vouchers that runs today: defined, funded, pledged, and sold to one citizen.

use std::time::{Duration, Instant};

use anyhow::bail;
use kyojo_tests::network::Network;
use ledger_types::Timestamp;
use ledger_types::day::DAY_MS;
use ledger_types::instant::JapanTime;
use network_clock::Clock;

use super::desk::Desk;

const PROGRAMME: &str = "7";
/// After how long sale and use begin, in the network's time: everything before is announced by then.
const BEGINS_AFTER_MS: u64 = 260_000;
/// How long that may take, of real time.
const BEGINS_WITHIN: Duration = Duration::from_secs(90);

/// Founds it; the buyer has four sets, ¥1,250 each for ¥1,000, and may use them when this returns.
pub(crate) fn programme(network: &Network, clock: &Clock, buyer: &Desk) -> anyhow::Result<()> {
    let [bank, city, operator] =
        ["bank-9001", "city", "zone-operator"].map(|name| Desk::actor(network, name));
    let (bank, city, operator) = (bank?, city?, operator?);
    let escrow = Desk::new(network, "escrow")?;
    escrow.does(&["wallet", "new", "escrow"])?;
    let code = super::text(&escrow.does(&["wallet", "code"])?, "opening_code")?;
    std::fs::write(bank.file("holder.txt"), "the city's programme\n")?;
    let kind = ["--kind", "program", "--holder-file", "holder.txt"];
    bank.does(&[&["bank", "account", "open", "--code", &code][..], &kind].concat())?;
    // Its wallet finds what the bank opened.
    escrow.does(&["balance"])?;
    let (city_address, main) = (city.address()?, escrow.address()?);
    for desk in [&city, &operator] {
        std::fs::write(desk.file("terms.txt"), "the terms\n")?;
    }
    let class = ["--class", "prepaid-municipal", "--most", "1000000", "--terms-file", "terms.txt"];
    let define = ["zone", "instrument", "define", "3", "--issuer", &city_address];
    operator.does(&[&define[..], &class].concat())?;
    let days = Days::after(clock.now());
    let file = written(&main, &city_address, &days);
    std::fs::write(city.file("programme.toml"), file)?;
    city.does(&["programme", "create", "programme.toml"])?;
    city.does(&["programme", "fund", PROGRAMME, "10000"])?;
    escrow.does(&["programme", "pledge", PROGRAMME])?;
    let sale = ["--sets", "10", "--sale-from", &days.from, "--sale-until", &days.sold];
    city.does(&[&["programme", "open-round", PROGRAMME][..], &sale].concat())?;
    let began = Instant::now();
    let buy = ["voucher", "buy", PROGRAMME, "--sets", "4"];
    while let Err(error) = buyer.does(&buy) {
        if began.elapsed() > BEGINS_WITHIN {
            bail!("nothing is sold: {error:#}");
        }
        std::thread::park_timeout(Duration::from_secs(1));
    }
    Ok(())
}

/// When it is sold and used.
struct Days {
    fiscal_year: u32,
    from: String,
    sold: String,
    used: String,
    refunded: String,
    reconciled: String,
}

impl Days {
    /// From a little later than now on, as people write instants: to the minute, in Japan's time.
    fn after(now: Timestamp) -> Self {
        let at = |millis: u64| JapanTime(network_clock::after(now, millis)).to_string();
        Self {
            fiscal_year: JapanTime(now).fiscal_year(),
            from: at(BEGINS_AFTER_MS),
            sold: at(DAY_MS),
            used: at(2 * DAY_MS),
            refunded: at(3 * DAY_MS),
            reconciled: at(4 * DAY_MS),
        }
    }
}

fn written(main: &str, city: &str, days: &Days) -> String {
    let Days { fiscal_year, from, used, refunded, reconciled, .. } = days;
    format!(
        r#"number = {PROGRAMME}
zone = 1
instrument = 3
name = "Premium"
terms_file = "terms.txt"
exclusions = {}
fiscal_year = {fiscal_year}
carried_over = true
escrows = ["{main}"]
sets = 10
per_person = 10
allocation = "first_come"
use_from = "{from}"
use_until = "{used}"
refund_until = "{refunded}"
reconcile_by = "{reconciled}"
unused_paid_to = "{city}"
unused_free_to = "{city}"

[[buckets]]
rank = 1
takes = ["local", "chain"]
paid = 1000
free = 250
"#,
        super::EXCLUSIONS
    )
}
