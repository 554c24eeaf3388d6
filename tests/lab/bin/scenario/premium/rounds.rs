//! A round: secrets deposited, applications, secrets told or opened, the draw, what is bought of it, and
//! what others let go.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use ledger_types::operation::{
    Apply, AwardLeft, Buyer, DepositSecret, DrawLottery, OpenRound, OpenShare, Purchase,
    RevealSecret,
};
use ledger_types::programme::{LeafPlace, LotteryTerms, RoundTerms};
use ledger_types::{Hash, Operation, Timestamp, Yen};
use network_clock::after;
use node_api::body::LotteryBody;
use node_api::query::Page;
use public_draw::on_ledger::{context_of_committer, order_key_of};
use public_draw::order::{Further, Outcome, Standing};
use public_draw::sharing::{PointBytes, deal, open_share, reveal};
use public_draw::{Dealing, SealingPublic};
use rand::Rng as _;
use rand_chacha::ChaCha20Rng;

use super::books::{Books, Deed};
use super::founding::{THRESHOLD, committers, sealing};
use super::letters::Letters;
use super::post::{Letter, Prepared, Script};
use super::size::{ASSUMED, PER_PERSON, PRICE, stretched};
use super::town::{PROGRAMME, Town};

/// The committer that withholds its secret: the university.
pub(crate) const WITHHELD: u8 = 1;

/// A round that is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    pub(crate) round: u16,
    pub(crate) terms: RoundTerms,
    pub(crate) lottery: LotteryTerms,
}

/// People for whom somebody applies, with how many sets each.
pub(crate) type Wish = Vec<(u32, u16)>;

impl Town {
    /// The city opens a round for so many sets, with time to buy twice or once; committers deposit.
    pub(crate) async fn open_round(
        &mut self,
        round: u16,
        sets: u32,
        claims: u64,
    ) -> anyhow::Result<Open> {
        let windows = self.size.windows;
        let apply_from = self.after(windows.deposit);
        let apply_until = after(apply_from, stretched(windows.applying(round)));
        let sale = windows.round(round, claims) - windows.deposit;
        let claim_ms = stretched(windows.claim);
        let lottery = LotteryTerms { apply_from, apply_until, claim_ms };
        let terms = RoundTerms {
            sets,
            sale_from: apply_until,
            sale_until: after(apply_from, stretched(sale)),
            lottery: Some(lottery),
        };
        let open = OpenRound { programme: PROGRAMME, round, terms };
        self.does(self.roles.city, vec![open.into()]).await?;
        let mut deposits = Prepared::default();
        for (place, holder) in (0..).zip(committers(self)) {
            let sharing = (&self.dealing(round, place)?).into();
            let deposit = DepositSecret { programme: PROGRAMME, round, sharing };
            deposits.step(holder, vec![deposit.into()]);
        }
        self.send(deposits).await?;
        Ok(Open { round, terms, lottery })
    }

    fn members(&self) -> Vec<SealingPublic> {
        (0..4).map(|place| sealing(place).public()).collect()
    }

    fn context(&self, round: u16, place: u8) -> anyhow::Result<Hash> {
        let context = context_of_committer(&self.genesis(), PROGRAMME, round, place.into());
        context.context("no ledger has such a round")
    }

    fn dealing(&self, round: u16, place: u8) -> anyhow::Result<Dealing> {
        let context = self.context(round, place)?;
        Ok(deal(&own(round, place), &context, &self.members(), THRESHOLD)?)
    }

    /// Who applies for whom: each for one to four people, for as many sets as it can pay for.
    pub(crate) fn wishes(
        &self,
        wallets: std::ops::Range<usize>,
        people: &mut impl Iterator<Item = u32>,
        random: &mut ChaCha20Rng,
    ) -> Vec<(usize, Wish)> {
        let mut wishes = Vec::new();
        for wallet in wallets {
            let mut count = 0;
            let mut drawn = random.gen_range(0..100_u32);
            for (number, percent) in (1..).zip(ASSUMED.applications_for_one_to_four_people_percent)
            {
                if count == 0 && drawn < percent {
                    count = number;
                }
                drawn = drawn.wrapping_sub(percent);
            }
            let mut left = self.books.holders[wallet].balance / PRICE;
            let wish = people.by_ref().take(count.max(1)).map(|person| {
                let most = if random.gen_ratio(1, 10) { 1 } else { PER_PERSON };
                let sets = u64::from(most).min(left);
                left -= sets;
                (person, u16::try_from(sets).unwrap_or(0))
            });
            let wish: Wish = wish.filter(|(_, sets)| *sets > 0).collect();
            if !wish.is_empty() {
                wishes.push((wallet, wish));
            }
        }
        wishes
    }

    /// Everybody applies, once applications are open; then tickets are known by their numbers.
    pub(crate) async fn apply(
        &mut self,
        open: &Open,
        letters: &Letters,
        wishes: Vec<(usize, Wish)>,
    ) -> anyhow::Result<()> {
        self.until(open.lottery.apply_from).await?;
        let senders: Vec<usize> = wishes.iter().map(|(wallet, _)| *wallet).collect();
        let wishes = wishes.into_iter().collect();
        let script = Applying { round: open.round, letters, wishes };
        let refused = self.play(senders, script).await?;
        ensure!(refused.is_empty(), "applications: {}", super::post::told(&refused));
        let mut cursor = None;
        loop {
            let asked = Page { cursor, limit: Some(node_api::PAGE_LIMIT_MAX) };
            let page = self.engine.first().tickets(PROGRAMME, open.round, &asked).await?;
            for ticket in page.tickets {
                let lowest = LeafPlace { list: ticket.list, index: ticket.index };
                self.books.numbers.insert((open.round, ticket.ticket), lowest);
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }

    /// After the close: all but one tell their secrets, its is opened by the others' shares, and somebody
    /// draws.
    pub(crate) async fn draw(&mut self, open: &Open) -> anyhow::Result<()> {
        let round = open.round;
        self.until(open.lottery.apply_until).await?;
        let members = self.members();
        let withheld = self.dealing(round, WITHHELD)?;
        let mut told = Prepared::default();
        for (place, holder) in (0..).zip(committers(self)) {
            if place == WITHHELD {
                continue;
            }
            let own_context = self.context(round, place)?;
            let secret = reveal(&own(round, place), &own_context, &members, THRESHOLD);
            let secret = Hash::new(*secret.as_bytes());
            let reveal = RevealSecret { programme: PROGRAMME, round, secret };
            told.step(holder, vec![reveal.into()]);
            let sealed = withheld.shares.get(usize::from(place)).context("a share")?.sealed;
            let sealed = PointBytes::new(*sealed.as_bytes());
            let context = self.context(round, WITHHELD)?;
            let share = open_share(&sealing(place), &context, place + 1, &sealed)?;
            let open = OpenShare {
                programme: PROGRAMME,
                round,
                of: WITHHELD.into(),
                share: Hash::new(*share.opened.as_bytes()),
                proof: share.proof.into(),
            };
            told.step(holder, vec![open.into()]);
        }
        self.send(told).await?;
        let somebody = self.books.wallets.start;
        self.does(somebody, vec![DrawLottery { programme: PROGRAMME, round }.into()]).await
    }

    /// A round's lottery, as the ledger tells it.
    pub(crate) async fn lottery(&self, round: u16) -> anyhow::Result<LotteryBody> {
        let programme = self.engine.first().programme(PROGRAMME).await?;
        let found = programme.rounds.into_iter().find(|one| one.round == round);
        found.and_then(|one| one.lottery).context("a round has no lottery")
    }

    /// What each application can buy now, by the last draw or wave: its number, and how many sets.
    pub(crate) async fn won(&self, round: u16) -> anyhow::Result<Vec<(u32, u16)>> {
        let lottery = self.lottery(round).await?;
        let seed = lottery.seed.context("the round is not drawn")?;
        let outcome: Outcome = lottery.outcome.context("the round is not drawn")?.into();
        let mut won = Vec::new();
        for ((_, ticket), lowest) in self.books.numbers.range((round, 0)..(round + 1, 0)) {
            let entered = self.books.tickets.get(&(round, *lowest)).context("a ticket of ours")?;
            let asked = entered.leaves.iter().map(|(_, asked, _)| asked).sum();
            let bought: u16 = entered.leaves.iter().map(|(_, _, bought)| bought).sum();
            let key = order_key_of(&seed, *lowest).context("no ledger has such a list")?;
            let granted = outcome.granted(&key, asked);
            let mut standing = Standing { key, asked, granted, has_lapsed: false };
            let mut given = granted;
            for wave in &lottery.further {
                standing.has_lapsed = bought < standing.granted;
                given = Further::from(*wave).extra(&standing);
                standing.granted += given;
            }
            if given > 0 {
                won.push((*ticket, given));
            }
        }
        Ok(won)
    }

    /// Winners buy; some do not, and the dead cannot. Gives how many bought.
    pub(crate) async fn buy(&mut self, round: u16, won: &[(u32, u16)]) -> anyhow::Result<usize> {
        let mut sent = Prepared::default();
        let mut buyers = 0;
        for (place, (ticket, sets)) in (1..).zip(won) {
            let by = self.applicant(round, *ticket)?;
            let lets_go = place % ASSUMED.one_winner_does_not_buy_of == 0;
            if lets_go || self.books.holders[by].is_dead {
                continue;
            }
            let deed = Deed::Buy { round, ticket: *ticket, sets: *sets };
            sent.add(by, vec![purchase(round, *ticket, *sets)], deed);
            buyers += 1;
        }
        self.send(sent).await?;
        for (ticket, _) in won {
            let by = self.applicant(round, *ticket)?;
            let (size, holder) = (self.size, &mut self.books.holders[by]);
            if holder.bought > 0 {
                let usual = holder.bought * size.voucher_payments() / size.face();
                holder.plans = usual * appetite(by) / 100;
            }
        }
        Ok(buyers)
    }

    /// Who holds an application.
    pub(crate) fn applicant(&self, round: u16, ticket: u32) -> anyhow::Result<usize> {
        let lowest = self.books.numbers.get(&(round, ticket)).context("an application of ours")?;
        let entered = self.books.tickets.get(&(round, *lowest)).context("a ticket of ours")?;
        Ok(entered.by)
    }

    /// From when on what was won last is bought no more.
    pub(crate) async fn claims_end(&self, round: u16) -> anyhow::Result<Timestamp> {
        let lottery = self.lottery(round).await?;
        let drawn = lottery.from.context("the round is not drawn")?.get();
        let from = lottery.further.last().map_or(drawn, |wave| wave.from);
        Ok(after(from, lottery.claim_ms))
    }

    /// What was let go goes on to the next in the same order.
    pub(crate) async fn award(&mut self, round: u16, wave: u16) -> anyhow::Result<()> {
        let somebody = self.books.wallets.start;
        let award = AwardLeft { programme: PROGRAMME, round, wave };
        self.does(somebody, vec![award.into()]).await
    }
}

/// A purchase by an application that won.
pub(crate) fn purchase(round: u16, ticket: u32, sets: u16) -> Operation {
    let price = Yen::new(PRICE * u64::from(sets));
    let buyer = Buyer::Ticket { ticket, sets };
    Purchase { programme: PROGRAMME, round, buyer, price }.into()
}

/// How often a holder pays, in hundredths of what would use its vouchers up at average sizes: some forget
/// them, others go on beyond them.
fn appetite(holder: usize) -> u64 {
    let [from, to] = ASSUMED.payments_of_a_holder_percent;
    let hash = Hash::of(&[b"appetite", &(holder as u64).to_be_bytes()]);
    let [one, other, ..] = *hash.as_bytes();
    let forgets = u32::from(one) * 100 < 256 * ASSUMED.holders_who_forget_percent;
    if forgets { 0 } else { from + u64::from(other) * (to - from) / 255 }
}

/// What a committer keeps to itself of a round.
fn own(round: u16, place: u8) -> [u8; 32] {
    *Hash::of(&[b"a dealing", &round.to_be_bytes(), &[place]]).as_bytes()
}

/// Applications, each signed by its letters' keys when it is sent.
struct Applying<'l> {
    round: u16,
    letters: &'l Letters,
    wishes: BTreeMap<usize, Wish>,
}

impl Script for Applying<'_> {
    fn next(
        &mut self,
        books: &mut Books,
        by: usize,
        _: Timestamp,
    ) -> anyhow::Result<Option<Letter>> {
        let Some(wish) = self.wishes.remove(&by) else { return Ok(None) };
        let (round, account) = (self.round, books.holders[by].account);
        let claims = wish.iter().map(|one| self.letters.claim(round, account, *one));
        let leaves = claims.collect::<anyhow::Result<Vec<_>>>()?;
        let asked = leaves.iter().map(|claim| (claim.leaf, claim.sets)).collect();
        let apply = Apply { programme: PROGRAMME, round, leaves };
        Ok(Some((vec![apply.into()], Deed::Apply { round, leaves: asked })))
    }
}
