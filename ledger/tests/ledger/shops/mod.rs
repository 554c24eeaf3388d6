//! Shops: their terminals, what terminals ask for, and what is given back.

mod refunds;
mod requests;
mod terminals;

use ledger_types::event::Event;
use ledger_types::operation::{
    AnsweredRequest, EndTerminal, Operation, Pay, Refund, RegisterTerminal, TenderLine, Void,
};
use ledger_types::record::Payment;
use ledger_types::zone::{
    PaymentRequest, RequestNonce, RequestTerms, ShopPlace, ShopYen, TerminalRights,
};
use ledger_types::{AccountId, Hash, SigningKey, ZoneId};

use crate::chain::{Chain, codes};
use crate::fixture::{Actor, seeded, shop, yen};
use crate::programmes::at;

/// The key of a till, and an actor that signs by it for its shop.
fn till_key() -> SigningKey {
    seeded(150)
}

fn by_till(shop: &Actor, key: SigningKey) -> Actor {
    Actor { account: shop.account, key }
}

fn shop_yen(amount: u64) -> ShopYen {
    ShopYen::new(yen(amount)).unwrap()
}

fn register(zone: ZoneId, terminal: u16, rights: TerminalRights) -> RegisterTerminal {
    let key = till_key().public_key();
    RegisterTerminal { zone, terminal, key, rights, per_refund: None, per_day: None }
}

fn end(zone: ZoneId, terminal: u16) -> Operation {
    Operation::EndTerminal(EndTerminal { zone, terminal })
}

/// What till 1 asks in the next block's time: all of it eligible, no cash.
fn asked(chain: &Chain, nonce: u8, amount: u64) -> RequestTerms {
    RequestTerms {
        terminal: 1,
        nonce: RequestNonce::new([nonce; 16]),
        eligible: shop_yen(amount),
        exceptions: vec![],
        takes_cash: false,
        tax_lines: Hash::of(&[b"lines"]),
        fee_schedule: 0,
        made: at(chain.now),
        seconds: 600,
    }
}

/// The payment that answers a request of the till's, of which `cash` is paid at it.
fn answer(chain: &Chain, zone: ZoneId, terms: RequestTerms, amount: u64, cash: u64) -> Pay {
    answer_by(&till_key(), chain, zone, terms, amount, cash)
}

fn answer_by(
    key: &SigningKey,
    chain: &Chain,
    zone: ZoneId,
    terms: RequestTerms,
    amount: u64,
    cash: u64,
) -> Pay {
    let merchant = shop().account;
    let place = ShopPlace { network: chain.state.network(), zone, shop: merchant };
    let whole = shop_yen(amount.checked_add(cash).unwrap());
    let request = PaymentRequest { place, amount: whole, terms: terms.clone() };
    let signature = key.sign(&request.signed_bytes(&chain.state.genesis_hash()));
    let request = AnsweredRequest { terms, key: key.public_key(), signature, cash: yen(cash) };
    let amount = yen(amount);
    Pay {
        zone,
        merchant,
        amount,
        charge: None,
        vouchers: None,
        reference: None,
        request: Some(request),
        again: false,
    }
}

fn with_vouchers(pay: Pay, lines: Vec<TenderLine>) -> Operation {
    Operation::Pay(Pay { vouchers: Some(lines), ..pay })
}

fn refund(zone: ZoneId, payment: Hash, amount: u64, before: u64) -> Refund {
    let (amount, before) = (yen(amount), yen(before));
    Refund { zone, payment, amount, before, terminal: None, reference: None }
}

fn void(zone: ZoneId, payment: Hash) -> Operation {
    Operation::Void(Void { zone, payment, terminal: None })
}

/// Commits one operation; gives its events.
fn events(chain: &mut Chain, actor: &Actor, operation: Operation) -> Vec<Event> {
    let tx = chain.tx(actor, vec![operation]);
    let applied = chain.commit(vec![tx]);
    assert_eq!(codes(&applied), [0]);
    applied.events.into_iter().map(|one| one.event).collect()
}

/// The one payment of a payer that is remembered.
fn remembered(chain: &Chain, payer: &AccountId) -> (Hash, Payment) {
    let mut own = chain.state.payments().filter(|(_, payment)| payment.payer == *payer);
    let (id, payment) = own.next().unwrap();
    assert!(own.next().is_none());
    (id, payment.clone())
}
