//! The documents that a shop, its bank and its accountant exchange.
//!
//! [`emv`] is the code that a shop shows to be paid, [`request`] what its terminal signs in it;
//! [`zengin`] the file by which its bank is told to transfer, [`kana`] the writing of that file;
//! [`invoice`] receipts that are good for consumption tax, [`takings`] the table of payments that an
//! accountant's program reads, [`destination`] where a shop's payouts go. FORMAT.md has the bytes. Everything is pure: no clock, no I/O.

pub mod base45;
pub mod date;
pub mod destination;
pub mod emv;
pub mod invoice;
pub mod kana;
pub mod request;
pub mod takings;
pub mod zengin;

pub use date::Date;
pub use emv::{EmvError, MerchantCode};
pub use invoice::{Invoice, InvoiceNumber, ReturnInvoice};
pub use kana::Kana;
pub use request::{PaymentRequest, RequestError, ShopPlace, ShopYen, SignedRequest};
pub use zengin::TransferOrder;
