//! Deaths, settlements between banks, what shops do with what they took, and the programme's end.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use ledger_types::operation::{
    ClaimRedeem, CloseCycle, ConfirmSettlement, Discharge, MarkDeceased, MoveEscrow,
    ReconcileProgramme, RequestRedeem, SettleRedeem, Transfer, TransferEstate,
};
use ledger_types::{Day, Hash, Operation, Yen};
use network_clock::after;
use node_api::body::ProgrammeBody;

use super::books::{Deed, Shop};
use super::founding::ZONE;
use super::post::{Letter, Prepared};
use super::size::{ASSUMED, is_busy};
use super::till::payment;
use super::town::{PROGRAMME, Town};

/// How long a bank's claim on a shop's request lasts, in milliseconds of the network: a day.
const CLAIM_MS: u64 = 24 * 3_600_000;
/// How many requests a bank pays out in one transaction.
const PAID_OUT_TOGETHER: usize = 24;

/// What settlements saw.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settled {
    pub(crate) cycles: u32,
    /// The most that was pledged of a bank, which counts against no cap.
    pub(crate) pledged_most: u64,
    /// The most that a bank owed the others on net, pledged or not.
    pub(crate) owed_most: u64,
    /// What banks paid each other outside, in all.
    pub(crate) paid_outside: u64,
}

impl Town {
    /// A holder's bank marks it as deceased.
    pub(crate) async fn dies(&mut self, who: usize) -> anyhow::Result<()> {
        let evidence = Hash::of(&[b"a certificate of death", &(who as u64).to_be_bytes()]);
        let mark = MarkDeceased { account: self.account(who), evidence };
        let bank = self.bank_of(who)?;
        self.does(bank, vec![mark.into()]).await?;
        self.books.holders[who].is_dead = true;
        Ok(())
    }

    /// All that somebody left goes to an heir, vouchers with their end.
    pub(crate) async fn inherits(&mut self, from: usize, to: usize) -> anyhow::Result<()> {
        let left = &self.books.holders[from];
        let estate = TransferEstate {
            account: left.account,
            to: self.account(to),
            amount: Yen::new(left.balance + left.coin),
            vouchers: if left.lots.lots.is_empty() { vec![] } else { vec![ZONE] },
            evidence: Hash::of(&[b"an heir", &(to as u64).to_be_bytes()]),
        };
        let mut sent = Prepared::default();
        sent.add(self.bank_of(from)?, vec![estate.into()], Deed::Inherit { from, to });
        self.send(sent).await?;
        // The heir goes on where the other would have.
        let plans = std::mem::take(&mut self.books.holders[from].plans);
        self.books.holders[to].plans += plans;
        Ok(())
    }

    fn bank_of(&self, holder: usize) -> anyhow::Result<usize> {
        let bank = self.roles.banks.get(self.books.holders[holder].bank);
        bank.copied().context("a bank")
    }

    /// A cycle between the banks is closed, and each confirms that it was paid.
    pub(crate) async fn settle(&mut self, seen: &mut Settled) -> anyhow::Result<()> {
        let supply = self.engine.first().supply().await?;
        for bank in &supply.banks {
            seen.pledged_most = seen.pledged_most.max(bank.pledged.get());
            seen.owed_most = seen.owed_most.max(bank.position.net_debit().get());
        }
        if supply.pairs.iter().all(|pair| pair.position.is_zero()) {
            return Ok(());
        }
        let cycle = seen.cycles + 1;
        self.does(self.roles.settlement, vec![CloseCycle { cycle }.into()]).await?;
        seen.cycles = cycle;
        let closed = self.engine.first().cycle(cycle).await?;
        seen.paid_outside += closed.payments.iter().map(|one| one.amount.get()).sum::<u64>();
        let mut confirmed = Prepared::default();
        for part in &closed.parts {
            let place = self.document.banks.iter().position(|bank| bank.bank == part.bank);
            let bank = place.and_then(|place| self.roles.banks.get(place)).context("a bank")?;
            let reference = [&cycle.to_be_bytes()[..], &part.bank.get().to_be_bytes()].concat();
            let external_ref = Hash::of(&[b"paid outside", &reference]);
            confirmed.step(*bank, vec![ConfirmSettlement { cycle, external_ref }.into()]);
        }
        self.send(confirmed).await
    }

    /// The city tops the second bank's escrow up, by as much as its own bank's cap has room for.
    pub(crate) async fn top_up(&mut self) -> anyhow::Result<()> {
        let programme = self.engine.first().programme(PROGRAMME).await?;
        let supply = self.engine.first().supply().await?;
        let escrows: Vec<_> = programme.escrows.iter().map(|one| one.available.get()).collect();
        let [main, second, _] = escrows.as_slice() else { return Ok(()) };
        let headroom = supply.banks.first().map_or(0, |bank| bank.headroom.get());
        // Of what there is, the second bank's share; and never past the cap.
        let due = ((main + second) * 40 / 100).saturating_sub(*second);
        let amount = Yen::new(due.min(headroom / 2).min(*main));
        if amount.is_zero() {
            return Ok(());
        }
        let (from, to) = (self.roles.escrows[0], self.roles.escrows[1]);
        let (from, to) = (self.account(from), self.account(to));
        let moved = MoveEscrow { programme: PROGRAMME, from, to, amount };
        self.does(self.roles.city, vec![moved.into()]).await
    }

    /// Some shops pay a supplier, a shop of the zone, out of what they took.
    pub(crate) async fn pay_suppliers(&mut self) -> anyhow::Result<()> {
        let mut sent = Prepared::default();
        let count = self.books.shops.len();
        let now = self.now();
        for (number, Shop { holder, .. }) in self.books.shops.clone().into_iter().enumerate() {
            let coin = self.books.holders[holder].coin;
            let amount = coin * ASSUMED.paid_to_the_supplier_percent / 100;
            let pays =
                chosen(b"pays a supplier", number, ASSUMED.shops_that_pay_a_supplier_percent);
            let supplier = (number + 1) % count.max(1);
            let made: Option<Letter> = payment(&self.books, holder, supplier, amount, false, now);
            if let Some((operations, deed)) = made.filter(|_| pays) {
                sent.add(holder, operations, deed);
            }
        }
        self.send(sent).await
    }

    /// Most shops take out what they have and are paid by their banks.
    pub(crate) async fn redeem(&mut self) -> anyhow::Result<()> {
        let mut asked = Prepared::default();
        let mut paid: BTreeMap<usize, Vec<(usize, u64, Hash)>> = BTreeMap::new();
        let today = Day::of(self.now());
        for (number, Shop { holder, .. }) in self.books.shops.clone().into_iter().enumerate() {
            let amount = self.books.holders[holder].coin;
            let redeems = chosen(b"redeems", number, ASSUMED.shops_that_redeem_percent);
            if amount == 0 || !(redeems || is_busy(number)) {
                continue;
            }
            let redeem = today.id(Hash::of(&[b"redeemed", &(holder as u64).to_be_bytes()]));
            let yen = Yen::new(amount);
            let operations = vec![
                Discharge { zone: ZONE, amount: yen }.into(),
                RequestRedeem { redeem, amount: yen }.into(),
            ];
            asked.add(holder, operations, Deed::Redeem { amount });
            paid.entry(self.bank_of(holder)?).or_default().push((holder, amount, redeem));
        }
        self.send(asked).await?;
        let until = after(self.now(), CLAIM_MS);
        let mut sent = Prepared::default();
        for (bank, requests) in paid {
            for part in requests.chunks(PAID_OUT_TOGETHER) {
                let claims = part
                    .iter()
                    .map(|(_, _, redeem)| Operation::from(ClaimRedeem { redeem: *redeem, until }));
                let settles =
                    part.iter().map(|(_, _, redeem)| SettleRedeem { redeem: *redeem }.into());
                let parts = part.iter().map(|(shop, amount, _)| (*shop, *amount)).collect();
                sent.add(bank, claims.chain(settles).collect(), Deed::PaidOut { parts });
            }
        }
        self.send(sent).await
    }

    /// The city closes the programme; what is free again in the escrows comes back to it. Gives what the
    /// ledger says of the programme then.
    pub(crate) async fn reconcile(&mut self) -> anyhow::Result<ProgrammeBody> {
        let reconcile = ReconcileProgramme { programme: PROGRAMME };
        self.does(self.roles.city, vec![reconcile.into()]).await?;
        let closed = self.engine.first().programme(PROGRAMME).await?;
        ensure!(closed.closed.is_some(), "the programme is not closed");
        let to = self.account(self.roles.city);
        let mut back = Prepared::default();
        for (escrow, body) in self.roles.escrows.iter().zip(&closed.escrows) {
            if !body.available.is_zero() {
                let transfer = Transfer { to, amount: body.available, reference: None };
                back.step(*escrow, vec![transfer.into()]);
            }
        }
        self.send(back).await?;
        Ok(self.engine.first().programme(PROGRAMME).await?)
    }
}

/// Whether a number is of so many in a hundred.
fn chosen(what: &[u8], number: usize, percent: u32) -> bool {
    let hash = Hash::of(&[what, &(number as u64).to_be_bytes()]);
    u32::from(hash.as_bytes()[0]) * 100 < 256 * percent
}

/// Whether somebody who held vouchers goes on paying when they have ended.
pub(crate) fn stays(holder: usize) -> bool {
    chosen(b"stays", holder, ASSUMED.holders_who_pay_after_expiry_percent)
}
