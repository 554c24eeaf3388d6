//! `merchant close-day`: what a shop took on a day, and whether it adds up.

use std::collections::BTreeMap;

use ledger_types::Yen;
use ledger_types::japan::JapanDay;
use node_api::query::ByRead;
use serde::Serialize;

use crate::acting::naming;
use crate::acting::takings::{self, Period, Takings};
use crate::commands::prelude::*;

/// `merchant close-day`.
#[derive(Debug, Args)]
pub(crate) struct CloseDayArgs {
    /// The day in Japan, such as 2026-11-30; today without it.
    #[arg(long, value_name = "DAY")]
    pub(crate) day: Option<String>,
    /// The zone, by its number or name; by default the one in which you take payments.
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
}

/// How many, and how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
struct Counted {
    count: u64,
    yen: Yen,
}

impl Counted {
    fn add(&mut self, yen: Yen) {
        self.count = self.count.saturating_add(1);
        self.yen = self.yen.checked_add(yen).unwrap_or(Yen::MAX);
    }
}

/// A day's sums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Day {
    payments: Counted,
    coin: Yen,
    vouchers_paid: Yen,
    vouchers_free: Yen,
    /// Beside the ledger.
    cash: Yen,
    /// Payments by the terminal that asked; without one by codes that stay.
    terminals: BTreeMap<u16, Counted>,
    without_terminal: Counted,
    /// Refunds of this day's payments, and of earlier ones.
    refunds: Counted,
    refunds_of_earlier: Counted,
    voids: Counted,
    fees: Yen,
    fees_back: Yen,
}

impl Day {
    fn of(takings: &Takings) -> Self {
        let mut day = Self { fees_back: takings.fees_back, ..Self::default() };
        let plus = |sum: &mut Yen, amount: Yen| *sum = sum.checked_add(amount).unwrap_or(Yen::MAX);
        for sale in &takings.sales {
            day.payments.add(sale.amount);
            plus(&mut day.coin, sale.coin().unwrap_or_default());
            plus(&mut day.vouchers_paid, sale.vouchers_paid);
            plus(&mut day.vouchers_free, sale.vouchers_free);
            plus(&mut day.cash, sale.cash);
            plus(&mut day.fees, sale.fee);
            let of = match sale.terminal {
                Some(terminal) => day.terminals.entry(terminal).or_default(),
                None => &mut day.without_terminal,
            };
            of.add(sale.amount);
        }
        for back in &takings.backs {
            let is_of_day = takings.sales.iter().any(|sale| sale.number == back.payment);
            let of = match (back.is_void, is_of_day) {
                (true, _) => &mut day.voids,
                (false, true) => &mut day.refunds,
                (false, false) => &mut day.refunds_of_earlier,
            };
            of.add(back.amount);
        }
        day
    }

    /// What the day brought into the zone; below zero where more was given back.
    fn net(&self) -> i128 {
        let yen = |amount: Yen| i128::from(amount.get());
        let back = [self.refunds, self.refunds_of_earlier, self.voids];
        let back: i128 = back.iter().map(|counted| yen(counted.yen)).sum();
        yen(self.payments.yen) - back - yen(self.fees) + yen(self.fees_back)
    }

    /// Whether the kinds of tender, and the terminals, are the payments.
    fn adds_up(&self) -> bool {
        let sum = |amounts: &[Yen]| amounts.iter().map(|one| u128::from(one.get())).sum::<u128>();
        let tenders = sum(&[self.coin, self.vouchers_paid, self.vouchers_free]);
        let tills: Vec<Yen> = self.terminals.values().map(|one| one.yen).collect();
        let tills = sum(&tills) + sum(&[self.without_terminal.yen]);
        let all = sum(&[self.payments.yen]);
        tenders == all && tills == all
    }
}

pub(crate) async fn run(app: &App, args: CloseDayArgs) -> Result<Reply, Failure> {
    let said = args.day.as_deref().map(reading::japan_day).transpose()?;
    let session = Session::begin(app).await?;
    let attached = &session.attached;
    let day = said.unwrap_or_else(|| JapanDay::of(session.client.network().clock.now()));
    let public = app.names().public_name_of(crate::named::Is::Account(attached.account));
    let zones = public.map(|known| known.zones.as_slice()).unwrap_or_default();
    let named = naming::zone(app, &session.client, args.zone.as_deref(), zones).await?;
    let reader = app.unlock(&session.wallet)?.reader();
    let (shop, zone) = (attached.account, named.id);
    let period = Period { shop, zone, from: day.begin(), until: day.over() };
    let sums = Day::of(&takings::read(&session, &reader, period).await?);
    let asked = ByRead { read: None };
    let account = session.client.account(&reader.address, &asked, &reader).await?;
    let money = account.money.ok_or_else(|| Failure::new(Exit::Refused, "code-2018"))?;
    let own = money.zones.iter().find(|one| one.zone == zone);
    let in_zone = own.map_or(Yen::ZERO, |one| one.balance);
    if !sums.adds_up() {
        return Err(Failure::new(Exit::Other, "err-day-differs"));
    }
    let mut data = json!(sums);
    data["day"] = json!(day);
    data["zone"] = json!(zone);
    data["net"] = json!(sums.net().to_string());
    data["in_zone_now"] = json!(in_zone);
    let lines = lines(app, &sums, in_zone);
    let head = [
        (app.text("label-day", &[]), day.to_string()),
        (app.text("label-zone", &[]), named.shown(app)),
    ];
    let text = fields(&head.into_iter().chain(lines).collect::<Vec<_>>());
    Ok(Reply::new(data, text)
        .next("kyojo merchant payout")
        .next(format!("kyojo merchant export --from {day} --until {day} --to payments.csv")))
}

fn lines(app: &App, day: &Day, in_zone: Yen) -> Vec<(String, String)> {
    let label = |key| app.text(key, &[]);
    let counted = |of: Counted| {
        let (count, yen) = (of.count.to_string(), amount::show(of.yen));
        app.text("label-counted", &[("count", &count), ("amount", &yen)])
    };
    let mut lines = vec![
        (label("label-report-payments"), counted(day.payments)),
        (label("label-report-coin"), amount::show(day.coin)),
        (label("label-report-vouchers-paid"), amount::show(day.vouchers_paid)),
        (label("label-report-vouchers-free"), amount::show(day.vouchers_free)),
        (label("label-report-cash"), amount::show(day.cash)),
    ];
    for (terminal, of) in &day.terminals {
        let said = app.text("label-of-terminal", &[("terminal", &terminal.to_string())]);
        lines.push((said, counted(*of)));
    }
    if day.without_terminal.count > 0 && !day.terminals.is_empty() {
        lines.push((label("label-of-no-terminal"), counted(day.without_terminal)));
    }
    let net = day.net();
    let sign = if net < 0 { "−" } else { "" };
    let net = Yen::new(u64::try_from(net.unsigned_abs()).unwrap_or(u64::MAX));
    lines.extend([
        (label("label-refunds-of-day"), counted(day.refunds)),
        (label("label-refunds-of-earlier"), counted(day.refunds_of_earlier)),
        (label("label-report-voids"), counted(day.voids)),
        (label("label-fees-taken"), amount::show(day.fees)),
        (label("label-fees-back"), amount::show(day.fees_back)),
        (label("label-net-of-day"), format!("{sign}{}", amount::show(net))),
        (label("label-in-zone-now"), amount::show(in_zone)),
    ]);
    lines
}

#[cfg(test)]
mod tests {
    use ledger_types::{Hash, Timestamp};

    use super::*;
    use crate::acting::takings::{Back, Sale};

    fn yen(amount: u64) -> Yen {
        Yen::new(amount)
    }

    fn sale(number: u8, terminal: Option<u16>, amount: u64, free: u64) -> Sale {
        Sale {
            number: Hash::new([number; 32]),
            transaction: None,
            time: Timestamp::from_millis(0),
            terminal,
            amount: yen(amount),
            cash: yen(30),
            vouchers_paid: yen(free),
            vouchers_free: yen(free),
            fee: yen(7),
            refunded: Yen::ZERO,
            is_voided: false,
        }
    }

    fn back(number: u8, amount: u64, is_void: bool) -> Back {
        Back { payment: Hash::new([number; 32]), amount: yen(amount), is_void }
    }

    #[test]
    fn a_days_sums_are_its_payments_less_what_was_given_back() {
        let sales =
            vec![sale(1, Some(1), 500, 100), sale(2, None, 300, 0), sale(3, Some(1), 90, 0)];
        let backs = vec![back(1, 50, false), back(9, 20, false), back(3, 90, true)];
        let day = Day::of(&Takings { sales, backs, fees_back: yen(8) });
        assert_eq!(day.payments, Counted { count: 3, yen: yen(890) });
        assert_eq!(
            (day.coin, day.vouchers_paid, day.vouchers_free),
            (yen(690), yen(100), yen(100))
        );
        assert_eq!((day.cash, day.fees), (yen(90), yen(21)));
        assert_eq!(day.terminals[&1], Counted { count: 2, yen: yen(590) });
        assert_eq!(day.without_terminal, Counted { count: 1, yen: yen(300) });
        assert_eq!(day.refunds, Counted { count: 1, yen: yen(50) });
        assert_eq!(day.refunds_of_earlier, Counted { count: 1, yen: yen(20) });
        assert_eq!(day.voids, Counted { count: 1, yen: yen(90) });
        assert_eq!(day.net(), 890 - 50 - 20 - 90 - 21 + 8);
        assert!(day.adds_up());
        assert!(!Day { coin: yen(1), ..day }.adds_up());
    }

    #[test]
    fn a_day_may_have_given_back_more_than_it_took() {
        let takings = Takings { backs: vec![back(9, 20, false)], ..Takings::default() };
        assert_eq!(Day::of(&takings).net(), -20);
    }
}
