//! A premium voucher programme from its letters to its reconciliation, on four validators: a lottery in
//! two rounds, a wave of what was let go, payments at the shops of three banks and at their tills, fees and
//! who shares them, what shops give back, deaths, and the end.
//!
//! Everything is a transaction of somebody's, made with keys in memory; nothing is written into a ledger by
//! hand. All instants are the network's, of which a minute passes in a second. What cannot be played yet is
//! listed in the report.

mod at_shops;
mod books;
mod closing;
mod fees;
mod founding;
mod giving_back;
mod letters;
mod noted;
mod post;
mod recount;
mod report;
mod rounds;
mod size;
mod till;
mod tills;
mod town;

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use ledger_types::Timestamp;
use ledger_types::event::LotFate;
use ledger_types::operation::{RevokeLeaf, SupplementEligibility};
use ledger_types::programme::LeafRevocation;
use network_clock::after;
use rand::SeedableRng as _;
use rand_chacha::ChaCha20Rng;

use founding::Dates;
use letters::Letters;
use report::Course;
pub(crate) use report::Report;
use rounds::{Open, purchase};
use size::{PRICE, Size, stretched};
use till::{Till, payment};
use tills::Tills;
use town::{PROGRAMME, Town};

/// `ClaimOver`, and `TenderChanged`.
const CLAIM_OVER: u16 = 3059;
const TENDER_CHANGED: u16 = 3063;
/// How long before the end of use the last payment is made, in real milliseconds.
const MARGIN: u64 = 1_500;

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) is_small: bool,
    pub(crate) seed: u64,
    /// How many times as long as usual windows are.
    pub(crate) slower: u64,
    /// Where the files go.
    pub(crate) out: &'a Path,
}

/// The play, as far as it has come.
struct Play {
    town: Town,
    letters: Letters,
    random: ChaCha20Rng,
    course: Course,
    dates: Dates,
    /// The next of the residents for whom nobody applied yet.
    next_person: u32,
    /// From which sale on nothing was given back yet.
    next_sale: usize,
    /// From which sale on what was sold was given back once the vouchers had ended.
    last_sales: usize,
}

pub(crate) async fn play(asked: &Asked<'_>) -> anyhow::Result<Report> {
    let began = Instant::now();
    let size = if asked.is_small { Size::SMALL } else { Size::FULL };
    let size = size.slower(asked.slower.max(1));
    let town = Town::start(size, asked.seed).await?;
    let starting_seconds = began.elapsed().as_secs_f64();
    let mut letters = Letters::new(town.genesis(), PROGRAMME);
    letters.add(size.residents);
    let course = Course { is_small: asked.is_small, starting_seconds, ..Course::default() };
    let nothing = Timestamp::default();
    let dates = Dates { use_from: nothing, use_until: nothing, refund_until: nothing };
    let random = ChaCha20Rng::seed_from_u64(asked.seed);
    let mut play =
        Play { town, letters, random, course, dates, next_person: 0, next_sale: 0, last_sales: 0 };
    play.town.found().await?;
    let before = play.town.engine.first().supply().await?;
    play.announce().await?;
    let first = play.first_round().await?;
    play.second_round(&first).await?;
    play.until_use_ends().await?;
    play.after_the_end().await?;
    for round in 1..=2 {
        let secrets = play.town.engine.first().secrets(PROGRAMME, round).await?.secrets;
        let opened = secrets.iter().filter(|one| one.revealed.is_none() && one.secret.is_some());
        play.course.withheld += opened.count();
    }
    let rounds = play.town.export(&play.letters, asked.out)?;
    play.town.until(play.dates.refund_until).await?;
    play.gives_back_too_late().await?;
    let open = play.town.engine.first().programme(PROGRAMME).await?;
    play.town.reconcile().await?;
    play.town.settle(&mut play.course.settled).await?;
    let programme = play.town.engine.first().programme(PROGRAMME).await?;
    let supply = play.town.engine.first().supply().await?;
    let Play { town, mut course, .. } = play;
    course.is_reconciled =
        report::reconciled(&town.network, &town.books, &programme, &supply).await?;
    let journal = asked.out.join("journal.json");
    town.write_journal(&journal, [&open, &programme], (&before, &supply)).await?;
    course.differences = recount::recount(&journal, &rounds)?;
    course.seconds = began.elapsed().as_secs_f64();
    Ok(Report::of(&town, course, &programme, &supply))
}

impl Play {
    /// The dates follow from how long the windows are.
    async fn announce(&mut self) -> anyhow::Result<()> {
        let (windows, now) = (self.town.size.windows, self.town.now());
        let first_claims = windows.round(1, 1) + windows.draw;
        let both = windows.round(1, 2) + windows.round(2, 1) + 2 * windows.draw;
        let use_until = after(now, stretched(both + windows.use_after));
        self.dates = Dates {
            use_from: after(now, stretched(first_claims)),
            use_until,
            refund_until: after(use_until, stretched(windows.refund)),
        };
        self.town.announce(&self.letters, self.dates).await
    }

    /// Most sets, for which more are asked than there are; who does not buy in time makes room for the next.
    async fn first_round(&mut self) -> anyhow::Result<Open> {
        let (start, [count, _]) = (self.town.books.wallets.start, self.town.size.applications);
        let open = self.town.open_round(1, self.town.size.first_round(), 2).await?;
        let first = self.next_person;
        let mut people = first..self.town.size.residents;
        let wishes = self.town.wishes(start..start + count, &mut people, &mut self.random);
        self.next_person = people.start;
        self.town.apply(&open, &self.letters, wishes).await?;
        self.town.draw(&open).await?;
        let won = self.town.won(1).await?;
        let (ticket, _) = won.last().context("nobody won")?;
        let late = self.town.applicant(1, *ticket)?;
        self.town.dies(late).await?;
        self.town.buy(1, &won).await?;
        self.too_early().await?;
        self.town.settle(&mut self.course.settled).await?;
        self.town.top_up().await?;
        self.supplement().await?;
        let end = self.town.claims_end(1).await?;
        self.town.until(end).await?;
        self.too_late(1, &won).await?;
        self.town.award(1, 1).await?;
        let more = self.town.won(1).await?;
        self.course.given_on += more.iter().map(|(_, sets)| u32::from(*sets)).sum::<u32>();
        self.town.buy(1, &more).await?;
        Ok(open)
    }

    /// What is left, while people pay with what they have.
    async fn second_round(&mut self, first: &Open) -> anyhow::Result<()> {
        self.plan_coin();
        self.town.until(self.dates.use_from).await?;
        self.pay_until(first.terms.sale_until).await?;
        self.give_back().await?;
        self.town.until(first.terms.sale_until).await?;
        let sold = self.town.engine.first().programme(PROGRAMME).await?.sold;
        let left = self.town.size.sets - sold;
        let open = self.town.open_round(2, left, 1).await?;
        let [before, count] = self.town.size.applications;
        let start = self.town.books.wallets.start + before;
        let residents = self.town.size.residents;
        let supplement = residents..residents + self.town.size.supplement;
        let mut people = supplement.chain(self.next_person..residents);
        let wishes = self.town.wishes(start..start + count, &mut people, &mut self.random);
        self.town.apply(&open, &self.letters, wishes).await?;
        self.pay_until(open.lottery.apply_until).await?;
        self.town.draw(&open).await?;
        let won = self.town.won(2).await?;
        self.town.buy(2, &won).await?;
        self.give_back().await
    }

    /// Shops give back of what they sold since they did the last time.
    async fn give_back(&mut self) -> anyhow::Result<()> {
        let since = std::mem::replace(&mut self.next_sale, self.town.books.sales.len());
        self.town.give_back(since, 0).await
    }

    /// Shops that still have coin give back of what was sold last, when refunds are over.
    async fn gives_back_too_late(&mut self) -> anyhow::Result<()> {
        self.town.books.fate = LotFate::Sponsor;
        self.town.give_back(self.last_sales, 1).await
    }

    /// A holder dies and leaves vouchers; everybody goes on paying until they end.
    async fn until_use_ends(&mut self) -> anyhow::Result<()> {
        let books = &self.town.books;
        let mut holders = books.wallets.clone().filter(|wallet| {
            let holder = &books.holders[*wallet];
            !holder.lots.lots.is_empty() && !holder.is_dead
        });
        let (dead, heir) = (holders.next().context("a holder")?, holders.next());
        let heir = heir.context("an heir")?;
        self.town.dies(dead).await?;
        self.town.inherits(dead, heir).await?;
        let last = stretched(MARGIN);
        let until = self.dates.use_until.as_millis().saturating_sub(last);
        self.pay_until(Timestamp::from_millis(until)).await?;
        self.town.settle(&mut self.course.settled).await?;
        self.town.until(self.dates.use_until).await
    }

    /// Vouchers are worth nothing any more; some go on paying with coin, and shops are paid out.
    async fn after_the_end(&mut self) -> anyhow::Result<()> {
        self.is_refused_with_vouchers("vouchers after their end").await?;
        self.town.books.fate = LotFate::Ended;
        for wallet in self.town.books.wallets.clone() {
            let holder = &mut self.town.books.holders[wallet];
            holder.lots.lots.clear();
            holder.plans = u64::from(holder.bought > 0 && closing::stays(wallet));
        }
        self.last_sales = self.next_sale;
        self.give_back().await?;
        self.pay_until(after(self.dates.use_until, stretched(60_000))).await?;
        self.town.pay_suppliers().await?;
        self.town.redeem().await?;
        self.town.settle(&mut self.course.settled).await
    }

    /// Everybody pays as planned, until an instant.
    async fn pay_until(&mut self, until: Timestamp) -> anyhow::Result<()> {
        let began = Instant::now();
        let senders: Vec<usize> = self.town.books.wallets.clone().collect();
        let (average, busy_percent) = (self.town.size.average(), self.town.size.busy_percent);
        let tills = Tills { genesis: self.town.genesis() };
        let till = Till { random: &mut self.random, until, average, busy_percent, tills };
        let refused = self.town.play(senders, till).await?;
        self.course.payment_seconds += began.elapsed().as_secs_f64();
        if !refused.is_empty() {
            eprintln!("payments refused: {}", post::told(&refused));
        }
        Ok(())
    }

    /// Who has no vouchers pays with coin now and then.
    fn plan_coin(&mut self) {
        let size = self.town.size;
        let coin = size.payments - size.voucher_payments();
        let books = &mut self.town.books;
        let others: Vec<usize> =
            books.wallets.clone().filter(|wallet| books.holders[*wallet].bought == 0).collect();
        let count = others.len().max(1) as u64;
        for (number, wallet) in (0_u64..).zip(others) {
            let more = u64::from(number < coin % count);
            books.holders[wallet].plans = coin / count + more;
        }
    }

    /// Nobody pays with vouchers before their use begins.
    async fn too_early(&mut self) -> anyhow::Result<()> {
        self.is_refused_with_vouchers("vouchers before their use begins").await
    }

    /// A payment as it would be while vouchers are used is refused, and nothing moves.
    async fn is_refused_with_vouchers(&mut self, what: &'static str) -> anyhow::Result<()> {
        let books = &self.town.books;
        let holds = |wallet: &usize| !books.holders[*wallet].lots.lots.is_empty();
        let living = |wallet: &usize| !books.holders[*wallet].is_dead;
        let Some(holder) = books.wallets.clone().filter(living).find(holds) else { return Ok(()) };
        let in_use = self.dates.use_from;
        let tried = (0..books.shops.len())
            .find_map(|shop| {
                let (_, lines) = books.planned(holder, books.shops[shop].class, 100, None, in_use);
                let made = payment(books, holder, shop, 100, false, in_use);
                made.filter(|_| !lines.is_empty())
            })
            .context("a shop takes vouchers")?;
        self.town.is_refused(holder, tried.0, TENDER_CHANGED).await?;
        self.course.on_purpose.push(what);
        Ok(())
    }

    /// Who won and did not buy in time buys no more.
    async fn too_late(&mut self, round: u16, won: &[(u32, u16)]) -> anyhow::Result<()> {
        for (ticket, sets) in won {
            let by = self.town.applicant(round, *ticket)?;
            let holder = &self.town.books.holders[by];
            if holder.bought == 0 && !holder.is_dead && holder.balance >= PRICE {
                let operations = vec![purchase(round, *ticket, *sets)];
                self.town.is_refused(by, operations, CLAIM_OVER).await?;
                self.course.on_purpose.push("a purchase after the time for it");
                return Ok(());
            }
        }
        Ok(())
    }

    /// A list of people after the base date, and a lost letter that is taken back.
    async fn supplement(&mut self) -> anyhow::Result<()> {
        self.letters.add(self.town.size.supplement);
        let (root, size) = self.letters.root(2)?;
        let lost = self.letters.place(self.town.size.residents - 1);
        let supplement = SupplementEligibility { programme: PROGRAMME, list: 2, root, size };
        let reason = LeafRevocation::Lost;
        let revoke = RevokeLeaf { programme: PROGRAMME, leaf: lost, reason };
        self.town.does(self.town.roles.city, vec![supplement.into(), revoke.into()]).await
    }
}
