//! How large the programme is that is played, and how long its windows are.
//!
//! The full size is that of a coin's city (113,000 people, 507 shops) and of its sets (12,000 for more
//! than 16,000 that were asked for); what people do with them is assumed, and said to be so.

use std::time::Duration;

use serde::Serialize;

/// How many seconds pass in the network while one passes outside: a minute, so that what a till asks, which
/// is good for ten minutes, is good for ten seconds outside.
pub(crate) const LAB_RATE: u64 = 60;
/// The least time of the lab's lotteries, in milliseconds of the network.
pub(crate) const LOTTERY_MS_MIN: u64 = 60_000;
/// Of a set: what is paid into each of its two buckets, and the premium in each.
pub(crate) const PAID: u64 = 5_000;
pub(crate) const FREE: u64 = 1_250;
/// What a set costs and what it is worth.
pub(crate) const PRICE: u64 = 2 * PAID;
pub(crate) const FACE: u64 = 2 * (PAID + FREE);
/// The most sets of a person and of a household, over all rounds.
pub(crate) const PER_PERSON: u16 = 2;
pub(crate) const PER_HOUSEHOLD: u16 = 8;
/// Shops of the three banks, in hundredths.
pub(crate) const SHOPS_PERCENT: [usize; 3] = [55, 40, 5];

/// Of so many shops one is among the busiest: the second of them.
pub(crate) const BUSY_SHOPS: usize = 100;

/// Whether a shop is among the busiest.
pub(crate) const fn is_busy(shop: usize) -> bool {
    shop % BUSY_SHOPS == 1
}

/// How much is played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// People who may buy.
    pub(crate) residents: u32,
    /// People who have an account.
    pub(crate) wallets: u32,
    pub(crate) shops: usize,
    /// Sets of the programme.
    pub(crate) sets: u32,
    /// Applications to the first round and to the second.
    pub(crate) applications: [usize; 2],
    /// People on the supplement list.
    pub(crate) supplement: u32,
    /// Payments in all, about.
    pub(crate) payments: u64,
    /// Of what all sets are worth, one part in so many is a bank's cap.
    pub(crate) cap_of_face: u64,
    /// Of all payments, those at the busiest shops, in hundredths: these come to their fees' yearly cap.
    pub(crate) busy_percent: u32,
    pub(crate) windows: Windows,
}

/// Real times of the windows, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    /// From a round's opening to its applications: committers deposit.
    pub(crate) deposit: u64,
    /// For applications to the first round, and to the second.
    pub(crate) apply: [u64; 2],
    /// From the end of applications to the draw at the latest.
    pub(crate) draw: u64,
    /// For buying what was won.
    pub(crate) claim: u64,
    /// From the end of the second round's sale to the end of use.
    pub(crate) use_after: u64,
    /// From the end of use to the end of refunds.
    pub(crate) refund: u64,
}

/// What is assumed of people and shops: nothing published says it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Assumed {
    pub(crate) one_winner_does_not_buy_of: u32,
    pub(crate) holders_who_forget_percent: u32,
    pub(crate) payments_of_a_holder_percent: [u64; 2],
    pub(crate) payments_by_voucher_holders_percent: u64,
    pub(crate) holders_who_pay_after_expiry_percent: u32,
    pub(crate) shops_that_pay_a_supplier_percent: u32,
    pub(crate) paid_to_the_supplier_percent: u64,
    pub(crate) shops_that_redeem_percent: u32,
    pub(crate) applications_for_one_to_four_people_percent: [u32; 4],
    pub(crate) shops_at_the_three_banks_percent: [usize; 3],
    pub(crate) chain_shops_percent: u32,
    pub(crate) one_shop_with_terminals_of: usize,
    pub(crate) one_payment_answers_a_request_there_of: u32,
    pub(crate) requests_with_excluded_goods_percent: u32,
    pub(crate) requests_with_cash_percent: u32,
    pub(crate) answered_payments_given_back_percent: u32,
    pub(crate) network_seconds_in_a_second: u64,
}

/// What is assumed.
pub(crate) const ASSUMED: Assumed = Assumed {
    one_winner_does_not_buy_of: 12,
    holders_who_forget_percent: 3,
    payments_of_a_holder_percent: [60, 150],
    payments_by_voucher_holders_percent: 85,
    holders_who_pay_after_expiry_percent: 30,
    shops_that_pay_a_supplier_percent: 20,
    paid_to_the_supplier_percent: 30,
    shops_that_redeem_percent: 80,
    applications_for_one_to_four_people_percent: [55, 25, 12, 8],
    shops_at_the_three_banks_percent: SHOPS_PERCENT,
    chain_shops_percent: 30,
    one_shop_with_terminals_of: 4,
    one_payment_answers_a_request_there_of: 3,
    requests_with_excluded_goods_percent: 25,
    requests_with_cash_percent: 15,
    answered_payments_given_back_percent: 25,
    network_seconds_in_a_second: LAB_RATE,
};

impl Size {
    /// A programme that ends within a minute.
    pub(crate) const SMALL: Self = Self {
        residents: 300,
        wallets: 120,
        shops: 40,
        sets: 120,
        applications: [80, 30],
        supplement: 12,
        payments: 2_400,
        cap_of_face: 2,
        busy_percent: 60,
        windows: Windows {
            deposit: 1_500,
            apply: [3_000, 3_000],
            draw: 2_000,
            claim: 3_000,
            use_after: 8_000,
            refund: 5_000,
        },
    };

    /// The city's.
    pub(crate) const FULL: Self = Self {
        residents: 113_000,
        wallets: 25_000,
        shops: 507,
        sets: 12_000,
        applications: [8_000, 2_000],
        supplement: 500,
        payments: 64_000,
        cap_of_face: 5,
        busy_percent: 5,
        windows: Windows {
            deposit: 3_000,
            apply: [30_000, 40_000],
            draw: 5_000,
            claim: 20_000,
            use_after: 30_000,
            refund: 15_000,
        },
    };

    /// The same with windows so many times as long, for slow machines.
    pub(crate) fn slower(self, times: u64) -> Self {
        let Windows { deposit, apply: [one, two], draw, claim, use_after, refund } = self.windows;
        let windows = Windows {
            deposit: deposit * times,
            apply: [one * times, two * times],
            draw: draw * times,
            claim: claim * times,
            use_after: use_after * times,
            refund: refund * times,
        };
        Self { windows, ..self }
    }

    /// What all sets are worth.
    pub(crate) fn face(&self) -> u64 {
        u64::from(self.sets) * FACE
    }

    /// How many sets the first round offers; the second has the rest, and what the first did not sell.
    pub(crate) const fn first_round(&self) -> u32 {
        self.sets * 9 / 10
    }

    /// How many payments voucher holders make until their vouchers end, about.
    pub(crate) fn voucher_payments(&self) -> u64 {
        self.payments * ASSUMED.payments_by_voucher_holders_percent / 100
    }

    /// A payment of about average size, in yen.
    pub(crate) fn average(&self) -> u64 {
        self.face() / self.voucher_payments()
    }

    /// The most that a bank may owe the others on net: in the city so little that payments would be refused
    /// if vouchers counted against it, in the small town enough for whoever wins, at whichever bank.
    pub(crate) fn cap(&self) -> u64 {
        self.face() / self.cap_of_face
    }
}

impl Windows {
    /// From a round's opening to the end of its sale: deposits, applications, the draw, and so many
    /// times for buying.
    pub(crate) fn round(&self, round: u16, claims: u64) -> u64 {
        self.deposit + self.applying(round) + self.draw + claims * (self.claim + self.draw)
    }

    /// For applications.
    pub(crate) fn applying(&self, round: u16) -> u64 {
        self.apply[usize::from(round > 1)]
    }
}

/// A real time as the network's, in milliseconds.
pub(crate) const fn stretched(real_ms: u64) -> u64 {
    real_ms * LAB_RATE
}

/// How long a network's time lasts outside.
pub(crate) const fn real(network_ms: u64) -> Duration {
    Duration::from_millis(network_ms / LAB_RATE)
}
