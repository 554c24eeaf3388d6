//! Salted commitments: what the ledger shows of a text that stays with the parties.
//!
//! Salts, canonical JSON and the tags of consents are those of [`consent_records`], which data
//! holders and gateways read with; the tags here are of what only wallets and banks commit to.

pub(crate) use consent_records::commitment::Salt;

/// Tag of a payment's reference.
pub(crate) const TAG_REFERENCE: &[u8] = b"kyojo/reference/v1";
/// Tag of a bank's reference of a settlement in the outside system.
pub(crate) const TAG_SETTLEMENT: &[u8] = b"kyojo/settlement-reference/v1";
/// Tag of the list of payments that a payout is of.
pub(crate) const TAG_PAYOUT_STATEMENT: &[u8] = b"kyojo/payout-statement/v1";
/// Tag of a bank's file of transfers.
pub(crate) const TAG_TRANSFER_FILE: &[u8] = b"kyojo/transfer-file/v1";
/// Tag of why what a merchant has is held.
pub(crate) const TAG_HOLD: &[u8] = b"kyojo/hold-ground/v1";
/// Tag of a merchant's invoice number.
pub(crate) const TAG_INVOICE_NUMBER: &[u8] = b"kyojo/invoice-number/v1";
/// Tag of an account's holder.
pub(crate) const TAG_HOLDER: &[u8] = b"kyojo/holder/v1";
/// Tag of an entry in a core banking system. It has no salt, so that a repetition shows.
pub(crate) const TAG_CORE_REFERENCE: &[u8] = b"kyojo/core-reference/v1";

#[cfg(test)]
mod tests {
    use consent_records::commitment::{TAG_PRESENTATION, TAG_TERMS};

    use super::*;

    #[test]
    fn tags_keep_commitments_to_one_text_apart() {
        let salt = Salt::fresh();
        let tags = [
            TAG_REFERENCE,
            TAG_SETTLEMENT,
            TAG_HOLDER,
            TAG_PAYOUT_STATEMENT,
            TAG_TRANSFER_FILE,
            TAG_HOLD,
            TAG_INVOICE_NUMBER,
            shop_documents::destination::TAG_PAYOUT_ACCOUNT,
            TAG_CORE_REFERENCE,
            TAG_TERMS,
            TAG_PRESENTATION,
        ];
        let mut seen: Vec<_> = tags.iter().map(|tag| salt.commit(tag, b"x")).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), tags.len());
    }
}
