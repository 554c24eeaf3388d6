//! Bodies of requests and answers, one file a subject.

mod account;
mod block;
mod consent;
mod history;
pub mod operation;
mod receipt;
mod status;
mod supply;
mod transaction;
mod validator;
mod zone;

pub use account::{AccountBody, MoneyBody, Standing, ZoneBalanceBody};
pub use block::{BlockBody, BlockEvent, CertificateBody};
pub use consent::{
    CheckBody, ConsentBody, ConsentPage, Decision, NoticeBody, NoticeTextBody, PartyBody,
    PartyRole, roles_from_names, roles_to_names,
};
pub use ledger_types::ConsentStanding;

pub use history::{Direction, HistoryEntry, HistoryKind, HistoryPage};
pub use operation::OperationBody;
pub use receipt::{OutcomeBody, ReceiptBody};
pub use status::{Health, StatusBody};
pub use supply::{BankBody, PairBody, SupplyBody, ZoneTotalBody};
pub use transaction::{
    AuthorisationBody, BulkAnswer, RefusedBody, Submitted, TransactionBody, TransactionState,
    TransactionStatus,
};
pub use validator::{ValidatorBody, ValidatorsBody};
pub use zone::{MerchantBody, MerchantPage, ZoneBody, ZonesBody};

#[cfg(test)]
mod tests;
