//! What came of it: what the ledger says at the end, held against everybody's own books.

use std::collections::BTreeMap;
use std::time::Duration;

use kyojo_tests::network::Network;
use ledger_types::operation::MerchantClass;
use ledger_types::programme::LotKind;
use ledger_types::{Height, Rejection, Yen};
use node_api::body::{BucketTallyBody, ProgrammeBody, SupplyBody};
use node_client::{Client, Options};
use serde::Serialize;

use super::at_shops::AtShops;
use super::books::Books;
use super::closing::Settled;
use super::size::{ASSUMED, Assumed};
use super::town::{PROGRAMME, Town};

/// What is left out of the programme that a city has.
#[derive(Debug, Serialize)]
pub(crate) struct NotPlayed {
    what: &'static str,
    why: &'static str,
}

const NOT_PLAYED: [NotPlayed; 3] = [
    NotPlayed {
        what: "buyers with cash and cards at counters",
        why: "no operation sells at a counter",
    },
    NotPlayed { what: "paper notes", why: "no operation sells or spends one" },
    NotPlayed {
        what: "the closing of a shop, payouts to banks outside",
        why: "nobody here sends them: the scenario of a shop's day is paid out",
    },
];

/// The report.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    scenario: &'static str,
    size: &'static str,
    /// Sold = used + expired by round and bucket, paid and free each; the escrows are empty; the
    /// players' own books say the same; money is conserved, on every node.
    reconciled: bool,
    residents: u32,
    wallets: u32,
    shops: usize,
    shops_at_banks: Vec<usize>,
    applications: u64,
    applications_of_the_first_round: u32,
    sets: u32,
    sets_asked: u64,
    sets_asked_of_the_first_round: u32,
    sets_offered_in_the_first_round: u32,
    sets_sold: u32,
    sets_given_on: u32,
    secrets_withheld: usize,
    payments: u64,
    voucher_payments: u64,
    /// Of them, those that coin paid a part of.
    mixed_payments: u64,
    supplier_payments: u64,
    /// What tills asked, what shops gave back, and what they were charged.
    #[serde(flatten)]
    at_shops: AtShops,
    sold_yen: u64,
    used_yen: u64,
    used_at_other_banks_yen: u64,
    expired_yen: u64,
    expired_paid_yen: u64,
    expired_free_yen: u64,
    cap_yen: u64,
    cap_refusals: u64,
    /// The most that escrows had paid across banks for one bank, which counts against no cap, and the most
    /// that one owed in all, when a cycle was closed.
    pledged_yen_most: u64,
    owed_yen_most: u64,
    settlement_cycles: u32,
    settled_outside_yen: u64,
    payout_yen: u64,
    coin_left_in_zone_yen: u64,
    /// Payments in the zone for each yen that left it, to two decimals.
    yen_turns: f64,
    holders: usize,
    holders_active_after_expiry: usize,
    estates: u64,
    deaths_before_purchase: usize,
    /// Of all transactions, by rule; what was tried on purpose is none of them.
    refusals: BTreeMap<u16, u64>,
    refused_on_purpose: Vec<&'static str>,
    recomputed_differences: usize,
    starting_seconds: f64,
    payment_seconds: f64,
    seconds: f64,
    assumed: Assumed,
    not_played: [NotPlayed; 3],
}

/// What only the course of the play knows.
#[derive(Debug, Default)]
pub(crate) struct Course {
    pub(crate) is_small: bool,
    pub(crate) is_reconciled: bool,
    pub(crate) settled: Settled,
    pub(crate) given_on: u32,
    /// Secrets that their committers did not tell, and that the others opened.
    pub(crate) withheld: usize,
    pub(crate) on_purpose: Vec<&'static str>,
    pub(crate) differences: Vec<String>,
    pub(crate) starting_seconds: f64,
    pub(crate) payment_seconds: f64,
    pub(crate) seconds: f64,
}

/// How often a cap refused something.
fn cap_refusals(books: &Books) -> u64 {
    let (net_debit, cap, amount) = (Yen::ZERO, Yen::ZERO, Yen::ZERO);
    let cap = Rejection::NetDebitCapReached { net_debit, cap, amount };
    books.refused.get(&cap.code().get()).copied().unwrap_or(0)
}

impl Report {
    /// What was played, by the ledger's own words at the end.
    pub(crate) fn of(
        town: &Town,
        course: Course,
        programme: &ProgrammeBody,
        supply: &SupplyBody,
    ) -> Self {
        let (books, size, sums) = (&town.books, town.size, town.books.sums);
        let tally = |of: fn(&BucketTallyBody) -> u64| -> u64 {
            programme.rounds.iter().flat_map(|round| &round.buckets).map(of).sum()
        };
        let expired_paid = tally(|bucket| bucket.expired_paid.get());
        let expired_free = tally(|bucket| bucket.expired_free.get());
        let zone = supply.zones.iter().map(|zone| zone.total.get()).sum();
        let at_bank = |bank: usize| {
            books.shops.iter().filter(|shop| books.holders[shop.holder].bank == bank).count()
        };
        let first = programme.rounds.first();
        let lottery = first.and_then(|round| round.lottery.as_ref());
        let dead = books.wallets.clone().map(|wallet| &books.holders[wallet]);
        let dead = dead.filter(|holder| holder.is_dead && holder.bought == 0);
        let holders = books.wallets.clone().filter(|wallet| books.holders[*wallet].bought > 0);
        Self {
            scenario: "aizu-premium",
            size: if course.is_small { "small" } else { "full" },
            reconciled: course.is_reconciled,
            residents: size.residents,
            wallets: size.wallets,
            shops: books.shops.len(),
            shops_at_banks: (0..town.roles.banks.len()).map(at_bank).collect(),
            applications: sums.applications,
            applications_of_the_first_round: lottery.map_or(0, |lottery| lottery.tickets),
            sets: programme.sets,
            sets_asked: sums.asked,
            sets_asked_of_the_first_round: lottery.map_or(0, |lottery| lottery.asked),
            sets_offered_in_the_first_round: first.map_or(0, |round| round.sets),
            sets_sold: programme.sold,
            sets_given_on: course.given_on,
            secrets_withheld: course.withheld,
            payments: sums.payments,
            voucher_payments: sums.voucher_payments,
            mixed_payments: sums.mixed_payments,
            supplier_payments: sums.supplier_payments,
            at_shops: AtShops::of(town),
            sold_yen: tally(|bucket| bucket.sold_paid.get() + bucket.sold_free.get()),
            used_yen: tally(used),
            used_at_other_banks_yen: sums.by_voucher_elsewhere,
            expired_yen: expired_paid + expired_free,
            expired_paid_yen: expired_paid,
            expired_free_yen: expired_free,
            cap_yen: size.cap(),
            cap_refusals: cap_refusals(books),
            pledged_yen_most: course.settled.pledged_most,
            owed_yen_most: course.settled.owed_most,
            settlement_cycles: course.settled.cycles,
            settled_outside_yen: course.settled.paid_outside,
            payout_yen: sums.paid_out,
            coin_left_in_zone_yen: zone,
            yen_turns: hundredths(sums.paid, sums.discharged),
            holders: holders.count(),
            holders_active_after_expiry: books.after_expiry.len(),
            estates: sums.estates,
            deaths_before_purchase: dead.count(),
            refusals: books.refused.clone(),
            refused_on_purpose: course.on_purpose,
            recomputed_differences: course.differences.len(),
            starting_seconds: course.starting_seconds,
            payment_seconds: course.payment_seconds,
            seconds: course.seconds,
            assumed: ASSUMED,
            not_played: NOT_PLAYED,
        }
    }

    /// Whether everything that was checked holds.
    pub(crate) fn holds(&self) -> bool {
        self.reconciled && self.refusals.is_empty() && self.recomputed_differences == 0
    }

    pub(crate) fn text(&self) -> String {
        [
            format!(
                "{} residents, {} wallets, {} shops; {} applications for {} sets, {} sold, {} of them \
                 given on",
                self.residents,
                self.wallets,
                self.shops,
                self.applications,
                self.sets_asked,
                self.sets_sold,
                self.sets_given_on
            ),
            format!(
                "{} payments, {} with vouchers, {} of these with coin beside, in {:.0} s",
                self.payments, self.voucher_payments, self.mixed_payments, self.payment_seconds
            ),
            self.at_shops.text(),
            format!(
                "{} yen sold, {} used, {} at shops of other banks, {} expired",
                self.sold_yen, self.used_yen, self.used_at_other_banks_yen, self.expired_yen
            ),
            format!(
                "a bank owed {} yen at most, {} of it pledged, under a cap of {}; {} refusals for it",
                self.owed_yen_most, self.pledged_yen_most, self.cap_yen, self.cap_refusals
            ),
            format!(
                "{} yen were paid out, {} are left in the zone, each turned {:.2} times",
                self.payout_yen, self.coin_left_in_zone_yen, self.yen_turns
            ),
            format!(
                "of {} holders {} paid after the vouchers' end",
                self.holders, self.holders_active_after_expiry
            ),
            format!(
                "the programme is {}; another program finds {} differences; refused: {:?}",
                if self.reconciled { "reconciled" } else { "NOT reconciled" },
                self.recomputed_differences,
                self.refusals
            ),
            format!("{:.0} s in all", self.seconds),
        ]
        .join("\n")
    }
}

fn used(bucket: &BucketTallyBody) -> u64 {
    let local = bucket.used_local_paid.get() + bucket.used_local_free.get();
    local + bucket.used_chain_paid.get() + bucket.used_chain_free.get()
}

/// One amount for each of another, to two decimals.
fn hundredths(one: u64, other: u64) -> f64 {
    let hundred = one.saturating_mul(100).checked_div(other).unwrap_or(0);
    f64::from(u32::try_from(hundred).unwrap_or(u32::MAX)) / 100.0
}

/// Whether every node says the same: sold is used and expired, the escrows are empty, money is conserved,
/// and the players' own books agree to the yen.
pub(crate) async fn reconciled(
    network: &Network,
    books: &Books,
    programme: &ProgrammeBody,
    supply: &SupplyBody,
) -> anyhow::Result<bool> {
    let mut holds = tallies_agree(books, programme);
    holds &= programme.escrows.iter().all(|one| !one.pledged && one.available.is_zero());
    holds &= programme.closed.is_some() && programme.outstanding.is_zero();
    let sums = books.sums;
    let in_zone = sums.charged + sums.by_voucher - sums.discharged - sums.returned;
    holds &= supply.zones.iter().map(|zone| zone.total.get()).sum::<u64>() == in_zone;
    let of_holders: u64 = books.holders.iter().map(|holder| holder.coin).sum();
    holds &= of_holders == in_zone;
    holds &= supply.pairs.iter().all(|pair| pair.position.is_zero());
    let mut tip = Height::GENESIS;
    for node in 0..network.size() {
        let client = Client::connect(&Options::new(network.url(node))).await?;
        // The last that was done here came in at the first node's tip or before.
        tip = tip.max(client.status().await?.height);
        while client.status().await?.height < tip {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let said = client.programme(PROGRAMME).await?;
        holds &= said.rounds == programme.rounds && said.escrows == programme.escrows;
        holds &= client.supply().await?.conserved;
    }
    Ok(holds)
}

/// Whether sold is used and expired by round and bucket, paid and free each, and used is what the players
/// know that they used.
fn tallies_agree(books: &Books, programme: &ProgrammeBody) -> bool {
    programme.rounds.iter().all(|round| {
        (0_u16..).zip(&round.buckets).all(|(bucket, one)| {
            let paid = one.used_local_paid.get() + one.used_chain_paid.get();
            let free = one.used_local_free.get() + one.used_chain_free.get();
            let of = |class, kind| {
                books.used.get(&(round.round, bucket, class, kind)).copied().unwrap_or(0)
            };
            one.sold_paid.get() == paid + one.expired_paid.get()
                && one.sold_free.get() == free + one.expired_free.get()
                && one.used_local_paid.get() == of(MerchantClass::Local, LotKind::Paid)
                && one.used_local_free.get() == of(MerchantClass::Local, LotKind::Free)
                && one.used_chain_paid.get() == of(MerchantClass::Chain, LotKind::Paid)
                && one.used_chain_free.get() == of(MerchantClass::Chain, LotKind::Free)
        })
    })
}
