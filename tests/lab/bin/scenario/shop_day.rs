//! A shop's day through the wallet program: thirty payments of five kinds of tender, a void, two refunds, and
//! what the shop has in the evening.
//!
//! Everything is typed into the program that shops and citizens have, and read back from its JSON; what the
//! shop should have is added up here, from what was typed; then its bank pays it out. Time runs ten times as fast, so that a sale and a
//! use that begin later are waited for some seconds.

mod closing;
mod desk;
mod founding;
mod payout;

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use kyojo_tests::network::{Network, Plan};
use ledger_types::japan::JapanDay;
use network_clock::Clock;
use node_client::{Client, Options};
use serde::Serialize;
use serde_json::Value;

use desk::Desk;

const LAB_RATE: &str = "10";
/// How often each kind of tender is played.
const TIMES: u64 = 6;
/// The payment that is voided.
const VOIDED: u64 = 333;
/// The category of exclusions of the programme.
const EXCLUSIONS: u64 = 1;

/// What came of it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    scenario: &'static str,
    payments: u64,
    /// Payments by what was tendered.
    tenders: BTreeMap<&'static str, u64>,
    refunds: u64,
    voids: u64,
    cancelled: u64,
    /// Payments that were shown as they arrived, each of which called the shop's program.
    watched: u64,
    /// Code of the second payment of one request.
    second_payment_refused: String,
    /// Code of a refund that was made before.
    repeated_refund_refused: String,
    taken_yen: u64,
    of_it_vouchers_yen: u64,
    cash_yen: u64,
    given_back_yen: u64,
    /// What the shop has in the zone, and what it should have.
    shop_yen: u64,
    expected_yen: u64,
    /// The payer has as vouchers again what came back of them.
    vouchers_back: bool,
    conserved: bool,
    /// What the wallet says that the day brought, and what its table of payments comes to, the one that
    /// was voided with them.
    closed_yen: u64,
    exported_yen: u64,
    /// What was sent to the shop's bank outside, the bank's fee included.
    payout_yen: u64,
    /// Whether it arrived: where Japan has a weekend, it is sent for the Monday after.
    payout_arrived: bool,
    /// What came back, and is in the shop's account.
    payout_returned_yen: u64,
    /// Files of the shop and its bank that Python read, which shares no code with ours.
    files_verified: u64,
    /// What the shop has in the zone in the end.
    left_yen: u64,
    seconds: f64,
}

impl Report {
    pub(crate) fn holds(&self) -> bool {
        self.payments == 30
            && self.tenders.len() == 5
            && self.watched == self.payments
            && (self.refunds, self.voids, self.cancelled) == (2, 1, 1)
            && self.second_payment_refused == "code-3098"
            && !self.repeated_refund_refused.is_empty()
            && self.shop_yen == self.expected_yen
            && self.vouchers_back
            && self.conserved
            && self.payout_yen + self.payout_returned_yen == self.shop_yen
            && (self.files_verified, self.left_yen) == (4, 0)
            && self.closed_yen == self.shop_yen
            && self.exported_yen == self.taken_yen + VOIDED
    }

    pub(crate) fn text(&self) -> String {
        let tenders = self.tenders.iter().map(|(kind, count)| format!("{kind} {count}"));
        [
            format!("{} payments: {}", self.payments, tenders.collect::<Vec<_>>().join(", ")),
            format!(
                "taken {} yen, {} of them vouchers, and {} in cash",
                self.taken_yen, self.of_it_vouchers_yen, self.cash_yen
            ),
            format!(
                "{} refunds and {} void: {} yen given back",
                self.refunds, self.voids, self.given_back_yen
            ),
            format!("the shop has {} yen, {} expected", self.shop_yen, self.expected_yen),
            format!(
                "paid out {} yen{}, {} came back before",
                self.payout_yen,
                if self.payout_arrived { "" } else { ", under way until Monday" },
                self.payout_returned_yen
            ),
            format!("{:.0} s in all", self.seconds),
        ]
        .join("\n")
    }
}

pub(crate) async fn play(seed: u64) -> anyhow::Result<Report> {
    let began = Instant::now();
    let lab = ["--citizens", "10", "--merchants", "3", "--lab-rate", LAB_RATE];
    let genesis_arguments = lab.map(str::to_owned).to_vec();
    let network = Network::start(&Plan { genesis_arguments, ..Plan::small(seed) })?;
    network.wait_ready(Duration::from_secs(60)).await?;
    let client = Client::connect(&Options::new(network.url(0))).await?;
    let clock = client.network().clock.clone();
    tokio::task::spawn_blocking(move || Day::begin(network, &clock)?.live(began, &clock)).await?
}

/// A payment as the shop counts it.
struct Sale {
    number: String,
    amount: u64,
    vouchers: u64,
}

/// A day at one till.
struct Day {
    network: Network,
    began: JapanDay,
    shop: Desk,
    /// Who has coin, who has a bank account alone, and who has vouchers.
    coin: Desk,
    bank: Desk,
    vouchers: Desk,
    sales: Vec<Sale>,
    cash: u64,
    tenders: BTreeMap<&'static str, u64>,
}

impl Day {
    fn begin(network: Network, clock: &Clock) -> anyhow::Result<Self> {
        let [coin, bank, vouchers] = ["citizen-0001", "citizen-0002", "citizen-0003"]
            .map(|name| Desk::actor(&network, name));
        let (coin, bank, vouchers) = (coin?, bank?, vouchers?);
        let shop = Desk::actor(&network, "shop-001")?;
        let rights = ["--rights", "request,refund", "--per-day", "500"];
        shop.does(&[&["merchant", "terminal", "add", "1"][..], &rights].concat())?;
        for desk in [&coin, &vouchers] {
            desk.does(&["zone", "open"])?;
        }
        coin.does(&["zone", "charge", "5000"])?;
        founding::programme(&network, clock, &vouchers)?;
        let (sales, tenders) = (Vec::new(), BTreeMap::new());
        let began = JapanDay::of(clock.now());
        Ok(Self { network, began, shop, coin, bank, vouchers, sales, cash: 0, tenders })
    }

    fn live(mut self, began: Instant, clock: &Clock) -> anyhow::Result<Report> {
        // What arrives is watched beside, and each of it calls a program of the shop's.
        let watching = self.watches()?;
        for turn in 0..TIMES {
            self.takes_coin(turn)?;
            self.takes_from_the_bank(turn)?;
            self.takes_both(turn)?;
            self.takes_vouchers(turn)?;
            self.takes_cash_beside(turn)?;
        }
        let watched = self.watched(watching)?;
        let cancelled = self.cancels()?;
        let second_payment_refused = self.is_paid_once()?;
        let (given_back, vouchers_back, repeated_refund_refused) = self.gives_back()?;
        let taken: u64 = self.sales.iter().map(|sale| sale.amount).sum();
        let balance = self.shop.does(&["balance"])?;
        let closed = closing::play(&self.shop, self.began, JapanDay::of(clock.now()))?;
        let paid_out = payout::play(&self.network, clock, &self.shop)?;
        let supply = self.shop.does(&["audit", "supply"])?;
        Ok(Report {
            scenario: "shop-day",
            payments: u64::try_from(self.sales.len())?,
            tenders: self.tenders,
            refunds: 2,
            voids: 1,
            cancelled,
            watched,
            second_payment_refused,
            repeated_refund_refused,
            taken_yen: taken,
            of_it_vouchers_yen: self.sales.iter().map(|sale| sale.vouchers).sum(),
            cash_yen: self.cash,
            given_back_yen: given_back,
            shop_yen: in_zone(&balance)?,
            expected_yen: taken - given_back,
            vouchers_back,
            conserved: supply["conserved"] == true,
            closed_yen: closed.net_yen,
            exported_yen: closed.exported_yen,
            payout_yen: paid_out.yen,
            payout_arrived: paid_out.has_arrived,
            payout_returned_yen: paid_out.returned,
            files_verified: paid_out.files_verified + 1,
            left_yen: paid_out.left,
            seconds: began.elapsed().as_secs_f64(),
        })
    }

    /// Watches all payments of the day, with a program that notes each.
    fn watches(&self) -> anyhow::Result<Child> {
        let hook = self.shop.file("hook.sh");
        std::fs::write(&hook, "#!/bin/sh\ncat >> hooked.txt\n")?;
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o700))?;
        let (hook, count) = (hook.display().to_string(), (TIMES * 5).to_string());
        let watch = ["merchant", "watch", "--hook", &hook, "--count", &count];
        self.shop.begins(&watch, "Waiting for payments")
    }

    /// How many were shown: all of them, in the order in which they were made, and noted alike.
    fn watched(&self, watching: Child) -> anyhow::Result<u64> {
        let seen = Desk::ended(watching)?;
        let seen = seen["payments"].as_array().context("payments")?;
        let numbers: Vec<&str> = self.sales.iter().map(|sale| sale.number.as_str()).collect();
        let shown: Vec<&str> = seen.iter().filter_map(|one| one["payment"].as_str()).collect();
        ensure!(shown == numbers, "{shown:?} were shown of {numbers:?}");
        let noted = std::fs::read_to_string(self.shop.file("hooked.txt"))?;
        ensure!(noted.lines().count() == seen.len(), "{noted}");
        Ok(u64::try_from(seen.len())?)
    }

    /// What the till asks: the code's text.
    fn asks(&self, amount: u64, more: &[&str]) -> anyhow::Result<(String, String)> {
        let amount = amount.to_string();
        let usual = ["merchant", "request", &amount, "--terminal", "1", "--seconds", "600"];
        let asked = self.shop.does(&[&usual[..], more].concat())?;
        Ok((text(&asked, "code")?, text(&asked, "payment")?))
    }

    fn notes(&mut self, kind: &'static str, number: String, amount: u64, vouchers: u64) {
        *self.tenders.entry(kind).or_default() += 1;
        self.sales.push(Sale { number, amount, vouchers });
    }

    /// By the till's code, with coin that is there.
    fn takes_coin(&mut self, turn: u64) -> anyhow::Result<()> {
        let amount = 300 + turn;
        let (code, number) = self.asks(amount, &[])?;
        self.coin.does(&["pay", &code, "--coin-only"])?;
        self.notes("coin", number, amount, 0);
        Ok(())
    }

    /// By the shop's code that stays, straight from the bank account.
    fn takes_from_the_bank(&mut self, turn: u64) -> anyhow::Result<()> {
        let amount = 410 + turn;
        let paid = self.bank.does(&["pay", &self.shop.address()?, &amount.to_string()])?;
        ensure!(yen(&paid, "from_bank")? == amount, "{paid}");
        let number = self.shop.last_payment()?;
        self.notes("bank_account", number, amount, 0);
        Ok(())
    }

    /// By the till's code: coin as far as it goes, and the bank account.
    fn takes_both(&mut self, turn: u64) -> anyhow::Result<()> {
        let amount = 520 + turn;
        self.bank.does(&["zone", "charge", "100", "--again"])?;
        let (code, number) = self.asks(amount, &[])?;
        let paid = self.bank.does(&["pay", &code])?;
        ensure!(paid["from_coin"] == "100", "{paid}");
        self.notes("coin_and_bank_account", number, amount, 0);
        Ok(())
    }

    /// By the till's code, of goods of which some are excluded: vouchers, and coin for the rest.
    fn takes_vouchers(&mut self, turn: u64) -> anyhow::Result<()> {
        let amount = 600 + turn;
        let eligible = if turn.is_multiple_of(2) { amount } else { amount - 200 };
        let except = format!("{EXCLUSIONS}={eligible}");
        let (code, number) = self.asks(amount, &["--except", &except])?;
        let paid = self.vouchers.does(&["pay", &code])?;
        ensure!(yen(&paid, "from_vouchers")? == eligible, "{eligible} eligible: {paid}");
        self.notes("vouchers", number, amount, eligible);
        Ok(())
    }

    /// By the till's code, a part of it in cash on the counter.
    fn takes_cash_beside(&mut self, turn: u64) -> anyhow::Result<()> {
        let (amount, cash) = (700 + turn, 150);
        let (code, number) = self.asks(amount, &["--takes-cash", "--eligible", "0"])?;
        self.vouchers.does(&["pay", &code, "--cash", &cash.to_string()])?;
        self.cash += cash;
        self.notes("cash_and_bank_account", number, amount - cash, 0);
        Ok(())
    }

    /// A customer thinks better of it; her code is worth nothing then.
    fn cancels(&mut self) -> anyhow::Result<u64> {
        let (code, _) = self.asks(999, &[])?;
        self.shop.does(&["merchant", "cancel", &code])?;
        let refused = self.coin.refused(&["pay", &code])?;
        ensure!(refused == "code-3098", "a request that was taken back: {refused}");
        Ok(1)
    }

    /// The same code is shown to another customer.
    fn is_paid_once(&mut self) -> anyhow::Result<String> {
        let (code, number) = self.asks(VOIDED, &[])?;
        self.coin.does(&["pay", &code])?;
        let refused = self.bank.refused(&["pay", &code])?;
        // One sale more than a full day has: it is voided at once.
        self.shop.does(&["merchant", "void", &number])?;
        Ok(refused)
    }

    /// Two refunds, of vouchers and of coin; gives what went back, and whether the vouchers did.
    fn gives_back(&mut self) -> anyhow::Result<(u64, bool, String)> {
        let of = |vouchers: bool| self.sales.iter().rfind(|sale| (sale.vouchers > 0) == vouchers);
        let by_vouchers = of(true).context("a sale by vouchers")?.number.clone();
        let by_coin = self.sales.first().context("a sale by coin")?.number.clone();
        let before = vouchers_of(&self.vouchers.does(&["balance"])?)?;
        self.shop.does(&["merchant", "refund", &by_vouchers, "150", "--terminal", "1"])?;
        let after = vouchers_of(&self.vouchers.does(&["balance"])?)?;
        self.shop.does(&["merchant", "refund", &by_coin, "100"])?;
        let again = self.shop.refused(&["merchant", "refund", &by_coin, "100"])?;
        Ok((250, after == before + 150, again))
    }
}

fn text(of: &Value, field: &str) -> anyhow::Result<String> {
    let found = of[field].as_str().with_context(|| format!("no {field} in {of}"))?;
    Ok(found.to_owned())
}

fn yen(of: &Value, field: &str) -> anyhow::Result<u64> {
    Ok(text(of, field)?.parse()?)
}

/// What a balance says of zones together.
fn in_zone(balance: &Value) -> anyhow::Result<u64> {
    let zones = balance["zones"].as_array().context("no zones in a balance")?;
    zones.iter().map(|zone| yen(zone, "balance")).sum()
}

fn vouchers_of(balance: &Value) -> anyhow::Result<u64> {
    yen(balance, "vouchers_total")
}
