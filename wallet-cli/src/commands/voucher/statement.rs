//! `voucher statement`: what a year's vouchers were worth, and what of it was free.

use std::cell::RefCell;
use std::collections::BTreeMap;

use ledger_types::event::{LotsReturned, LotsSpent, Purchased};
use ledger_types::instant::JapanTime;
use ledger_types::programme::LotKind;
use ledger_types::{Event, Height, ProgrammeId, Yen};
use node_api::body::HistoryEntry;
use serde::Serialize;

use crate::acting::search::Search;
use crate::commands::prelude::*;

/// `voucher statement`.
#[derive(Debug, Args)]
pub(crate) struct StatementArgs {
    /// The year, from January to December in Japan, such as 2026.
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(1970..=9999))]
    pub(crate) year: u16,
}

/// What of one programme came and went in the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct OfProgramme {
    /// Sets bought.
    sets: u64,
    /// What was paid for them.
    price: Yen,
    /// The free part of what they were worth.
    free: Yen,
    /// What of both was spent at shops, less what was given back in the year.
    spent: Yen,
    /// What of that was free.
    free_spent: Yen,
}

pub(crate) async fn run(app: &App, args: StatementArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let account = session.attached.account;
    let most = usize::MAX;
    let search = Search { session: &session, reader: &reader, account, most, from: Height::new(0) };
    let sums = RefCell::new(BTreeMap::new());
    let year = args.year.to_string();
    let searched = search
        .run(|entry, event| {
            let is_of_year = in_year(entry, &year);
            if let Some(event) = event.filter(|_| is_of_year) {
                add(&mut sums.borrow_mut(), event, &account);
            }
            false
        })
        .await?;
    let sums: BTreeMap<ProgrammeId, OfProgramme> = sums.into_inner();
    let free = sums.values().try_fold(Yen::ZERO, |all, one| all.checked_add(one.free));
    let free = free.unwrap_or(Yen::MAX);
    let mut text = if sums.is_empty() {
        app.text("note-no-vouchers-of-year", &[("year", &year)])
    } else {
        let total =
            app.text("label-free-of-year", &[("year", &year), ("free", &amount::show(free))]);
        format!("{}\n{total}", table(app, &sums))
    };
    if searched.is_cut {
        let count = searched.read.to_string();
        text.push_str(&format!("\n{}", app.text("note-not-all-searched", &[("count", &count)])));
    }
    let programmes: Vec<_> = sums
        .iter()
        .map(|(programme, sums)| {
            let mut one = json!(sums);
            one["programme"] = json!(programme);
            one
        })
        .collect();
    let data = json!({ "year": args.year, "free": free, "complete": !searched.is_cut,
                       "programmes": programmes });
    Ok(Reply::new(data, text).next("kyojo voucher ls"))
}

/// Whether an entry is of a year in Japan.
fn in_year(entry: &HistoryEntry, year: &str) -> bool {
    JapanTime(entry.time.get()).to_string().starts_with(year)
}

fn table(app: &App, sums: &BTreeMap<ProgrammeId, OfProgramme>) -> String {
    let titles = [
        "label-programme",
        "label-sets",
        "label-price-paid",
        "label-free-received",
        "label-spent",
        "label-free-spent",
    ];
    let row = |(programme, sums): (&ProgrammeId, &OfProgramme)| {
        let OfProgramme { sets, price, free, spent, free_spent } = *sums;
        let yen = [price, free, spent, free_spent].map(amount::show);
        [programme.to_string(), sets.to_string()].into_iter().chain(yen).collect()
    };
    let rows: Vec<Vec<String>> = sums.iter().map(row).collect();
    app.table(&titles, &rows, &[1, 2, 3, 4, 5])
}

/// Adds what an event did to the account's own vouchers.
fn add(
    sums: &mut BTreeMap<ProgrammeId, OfProgramme>,
    event: &Event,
    account: &ledger_types::AccountId,
) {
    let plus = |sum: &mut Yen, amount: Yen| *sum = sum.checked_add(amount).unwrap_or(Yen::MAX);
    if let Some(bought) = Purchased::of(event).filter(|bought| bought.buyer == *account) {
        let one = sums.entry(bought.programme).or_default();
        one.sets = one.sets.saturating_add(bought.sets.into());
        plus(&mut one.price, bought.price);
        for part in bought.lots.iter().filter(|part| part.kind == LotKind::Free) {
            plus(&mut one.free, part.amount);
        }
    }
    if let Some(spent) = LotsSpent::of(event).filter(|spent| spent.payer == (*account).into()) {
        for part in &spent.spent {
            let one = sums.entry(part.programme).or_default();
            plus(&mut one.spent, part.amount);
            if part.kind == LotKind::Free {
                plus(&mut one.free_spent, part.amount);
            }
        }
    }
    if let Some(back) = LotsReturned::of(event).filter(|back| back.payer == (*account).into()) {
        for lot in &back.returned {
            let one = sums.entry(lot.programme).or_default();
            one.spent = one.spent.checked_sub(lot.amount).unwrap_or(Yen::ZERO);
            if lot.kind == LotKind::Free {
                one.free_spent = one.free_spent.checked_sub(lot.amount).unwrap_or(Yen::ZERO);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::payment::{LotFate, ReturnedLot};
    use ledger_types::programme::{LotPart, SpentLot};
    use ledger_types::{AccountId, Hash, Timestamp, ZoneId};

    use super::*;

    const SEVEN: ProgrammeId = ProgrammeId::new(7);

    fn me() -> AccountId {
        AccountId::new([1; 20])
    }

    fn yen(amount: u64) -> Yen {
        Yen::new(amount)
    }

    fn bought(buyer: AccountId) -> Event {
        let part = |kind, amount| LotPart { bucket: 1, kind, amount: yen(amount) };
        Event::from(Purchased {
            programme: SEVEN,
            round: 1,
            buyer,
            sets: 2,
            price: yen(10_000),
            escrow: AccountId::new([9; 20]),
            lots: vec![part(LotKind::Paid, 10_000), part(LotKind::Free, 2_500)],
            expires: Timestamp::from_millis(0),
        })
    }

    fn spent(free: u64, paid: u64) -> Event {
        let part = |kind, amount| SpentLot {
            programme: SEVEN,
            round: 1,
            bucket: 1,
            kind,
            amount: yen(amount),
        };
        let spent = vec![part(LotKind::Free, free), part(LotKind::Paid, paid)];
        let merchant = AccountId::new([3; 20]);
        Event::from(LotsSpent { zone: ZoneId::new(1), payer: me().into(), merchant, spent })
    }

    fn given_back(amount: u64) -> Event {
        let fate = LotFate::Returned;
        let kind = LotKind::Free;
        let lot =
            ReturnedLot { programme: SEVEN, round: 1, bucket: 1, kind, amount: yen(amount), fate };
        Event::from(LotsReturned {
            zone: ZoneId::new(1),
            payment: Hash::ZERO,
            payer: me().into(),
            merchant: AccountId::new([3; 20]),
            returned: vec![lot],
            sponsors: vec![],
        })
    }

    #[test]
    fn a_year_is_what_was_bought_spent_and_given_back_by_oneself() {
        let mut sums = BTreeMap::new();
        for event in
            [bought(me()), bought(AccountId::new([2; 20])), spent(700, 300), given_back(200)]
        {
            add(&mut sums, &event, &me());
        }
        let (spent, free_spent) = (yen(800), yen(500));
        let (price, free) = (yen(10_000), yen(2_500));
        assert_eq!(sums[&SEVEN], OfProgramme { sets: 2, price, free, spent, free_spent });
    }
}
