//! What pays at a merchant, as the ledger will find it too: vouchers first, then coin, then the bank
//! account.

use ledger_types::programme::{Asked, TenderLine};
use ledger_types::zone::RequestTerms;
use ledger_types::{Yen, ZoneId};
use node_api::query::ByRead;
use serde_json::{Value, json};

use crate::acting::act::Act;
use crate::acting::payee::Payee;
use crate::acting::transact::Session;
use crate::acting::vouchers::{self, Vouchers};
use crate::amount;
use crate::app::App;
use crate::client::Reader;
use crate::failure::{Exit, Failure};
use crate::i18n::Lang;

/// What is to be paid on the ledger.
pub(super) struct Bill<'a> {
    pub(super) amount: Yen,
    /// What a terminal asked, which says what of it vouchers may pay.
    pub(super) request: Option<&'a RequestTerms>,
    /// Whether nothing may come from the bank account where the coin in the zone is short.
    pub(super) is_coin_only: bool,
    /// Whether no voucher pays.
    pub(super) is_without_vouchers: bool,
}

/// Where a payment in a zone comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) coin: Yen,
    pub(super) bank: Yen,
}

/// How much comes out of the coin that is in the zone and how much out of the bank account, the coin
/// first; or why there is not enough.
fn split(amount: Yen, coin: Yen, bank: Yen, is_coin_only: bool) -> Result<Split, Failure> {
    let Some(short) = amount.checked_sub(coin).filter(|short| !short.is_zero()) else {
        return Ok(Split { coin: amount, bank: Yen::ZERO });
    };
    let key = match (is_coin_only, short > bank) {
        (true, _) => "err-coin-short",
        (false, true) => "err-coin-and-bank-short",
        (false, false) => return Ok(Split { coin, bank: short }),
    };
    Err(Failure::new(Exit::Balance, key)
        .with("amount", amount::show(amount))
        .with("coin", amount::show(coin))
        .with("bank", amount::show(bank))
        .details(json!({ "amount": amount, "coin": coin, "bank": bank })))
}

/// Why there is not enough, where vouchers pay a part.
fn beside(short: Failure, of_vouchers: Yen) -> Failure {
    if of_vouchers.is_zero() {
        return short;
    }
    Failure::new(Exit::Balance, "err-short-beside-vouchers")
        .with("vouchers", amount::show(of_vouchers))
        .told("reason", |lang| short.message(lang))
        .details(short.problem(Lang::En).details)
        .detail("vouchers", json!(of_vouchers))
}

/// What pays at a merchant: vouchers first, then coin, then the bank account.
pub(super) struct Means {
    vouchers: Option<Vouchers>,
    pub(super) lines: Vec<TenderLine>,
    of_vouchers: Yen,
    pub(super) coin: Result<Split, Failure>,
}

impl Means {
    /// Out of what is there now.
    pub(super) async fn find(
        session: &Session,
        reader: &Reader,
        zone: ZoneId,
        payee: &Payee,
        bill: &Bill<'_>,
    ) -> Result<Self, Failure> {
        let client = &session.client;
        let account = client.account(&reader.address, &ByRead::default(), reader).await?;
        let Some(money) = account.money else {
            return Err(Failure::new(Exit::NotFound, "err-no-money-account"));
        };
        let vouchers = if bill.is_without_vouchers {
            None
        } else {
            let vouchers = Vouchers::read(client, &money.vouchers, Some(zone)).await?;
            Some(vouchers).filter(|vouchers| !vouchers.is_empty())
        };
        let class = match &vouchers {
            Some(_) => vouchers::class_of(client, zone, &payee.address).await?,
            None => None,
        };
        let lines = match (&vouchers, class) {
            (Some(vouchers), Some(class)) => {
                let now = client.network().clock.now();
                let (amount, request) = (bill.amount, bill.request);
                vouchers.tender(&Asked { class, amount, request, now })?
            }
            _ => Vec::new(),
        };
        let of_vouchers = vouchers::sum(&lines)?;
        let left = bill.amount.checked_sub(of_vouchers).unwrap_or(Yen::ZERO);
        let own = money.zones.iter().find(|own| own.zone == zone);
        let coin = own.map_or(Yen::ZERO, |own| own.balance);
        let coin = split(left, coin, money.available, bill.is_coin_only);
        let coin = coin.map_err(|short| beside(short, of_vouchers));
        Ok(Self { vouchers, lines, of_vouchers, coin })
    }

    /// What people are shown of it.
    pub(super) fn shown(&self, app: &App, mut act: Act) -> Act {
        let has_vouchers = !self.lines.is_empty();
        if let Some(vouchers) = &self.vouchers {
            for line in &self.lines {
                act = act.line("label-from-voucher", vouchers.line(app, line));
            }
        }
        let Ok(Split { coin, bank }) = &self.coin else { return act };
        if (has_vouchers && !coin.is_zero()) || !bank.is_zero() {
            act = act.line("label-from-coin", amount::show(*coin));
        }
        if !bank.is_zero() {
            act = act.line("label-from-bank", amount::show(*bank));
        }
        act
    }

    /// The same for machines.
    pub(super) fn add_to(&self, data: &mut Value) {
        if !self.lines.is_empty() {
            data["from_vouchers"] = json!(self.of_vouchers);
            data["vouchers"] = vouchers::data(&self.lines);
        }
        if let Ok(Split { coin, bank }) = &self.coin {
            (data["from_coin"], data["from_bank"]) = (json!(coin), json!(bank));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(amount: u64, coin: u64, bank: u64, is_coin_only: bool) -> Result<(u64, u64), Exit> {
        let found = split(Yen::new(amount), Yen::new(coin), Yen::new(bank), is_coin_only);
        found.map(|split| (split.coin.get(), split.bank.get())).map_err(|failure| failure.exit)
    }

    #[test]
    fn the_coin_goes_first_and_the_bank_account_gives_what_is_short_to_the_yen() {
        assert_eq!(parts(850, 1_000, 0, false), Ok((850, 0)));
        assert_eq!(parts(850, 850, 0, true), Ok((850, 0)));
        assert_eq!(parts(850, 300, 550, false), Ok((300, 550)));
        assert_eq!(parts(850, 0, 900, false), Ok((0, 850)));
    }

    #[test]
    fn where_both_together_are_short_or_only_coin_may_pay_both_balances_are_told() {
        assert_eq!(parts(850, 300, 549, false), Err(Exit::Balance));
        assert_eq!(parts(850, 300, 10_000, true), Err(Exit::Balance));
        let failure = split(Yen::new(850), Yen::new(300), Yen::new(549), false).unwrap_err();
        let text = failure.message(crate::i18n::Lang::Ja);
        assert!(["850円", "300円", "549円"].iter().all(|part| text.contains(part)), "{text}");
    }
}
