//! The use of data: decisions, both halves of records, and what follows the end of a consent.

mod acknowledge;
mod disclosures;
mod dividend;
mod halves;
mod holder;
mod request_access;
mod shred;

pub use acknowledge::{
    AcknowledgeWithdrawal, Acknowledged, Acknowledgement, Deletion, EndAcknowledged,
};
pub use disclosures::{Disclosures, DisclosuresRecorded, HourlyRoot, RecordDisclosures};
pub use dividend::{Dividend, DividendPaid, DividendRow, PayDividend};
pub use halves::{Half, HalfRecorded, Pairing, RecordReceipt, RecordUse};
pub use holder::{HolderNamed, NameHolder, holder_commitment};
pub use request_access::{
    Access, AccessBasis, AccessPermitted, BasisKind, ConsentBasis, Duties, HolderHalf,
    RequestAccess,
};
pub use shred::{AcknowledgeShred, Shred, ShredAcknowledged};
