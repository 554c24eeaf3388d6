//! A shop's documents from outside: their bytes, what is refused, and what others read in them.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

mod codes;
mod foreign;
mod receipts;
mod transfers;

use ledger_types::{Hash, SigningKey, Yen};
use shop_documents::ShopYen;
use shop_documents::invoice::{BorneBy, Discount, Line, TaxKind};

fn genesis() -> Hash {
    Hash::new([0x9e; 32])
}

fn terminal() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn yen(amount: u64) -> ShopYen {
    ShopYen::new(Yen::new(amount)).unwrap()
}

fn line(name: &str, quantity: u32, unit_price: u64, tax: TaxKind) -> Line {
    Line { name: name.into(), quantity, unit_price: Yen::new(unit_price), tax }
}

fn discount(name: &str, amount: u64, borne_by: BorneBy) -> Discount {
    Discount { name: name.into(), amount: Yen::new(amount), borne_by }
}
