//! The use of data: decisions, both halves of records, and what follows the end of a consent.

mod acknowledge;
mod bases;
mod disclosures;
mod dividend;
mod halves;
mod holder;
mod request_access;
mod shred;
mod under_consent;
