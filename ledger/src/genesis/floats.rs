//! Floats of prepaid issuers: each is there, one issuer's alone, at a bank, and covers what it must.

use std::collections::BTreeSet;

use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::{AccountId, Genesis, refuse_if};

use super::GenesisError;
use crate::state::Books;

/// Every issuer's float, with all accounts in the books.
pub(super) fn check(books: &Books, genesis: &Genesis) -> Result<(), GenesisError> {
    let listed: BTreeSet<AccountId> = genesis.accounts.iter().map(|entry| entry.account).collect();
    let mut floats = BTreeSet::new();
    for entry in &genesis.issuers {
        let (issuer, float) = (entry.issuer, entry.float);
        let bad = || GenesisError::BadFloat { issuer, float };
        refuse_if(!floats.insert(float) || !listed.contains(&float), bad())?;
        let record = books.account(&float).ok_or_else(bad)?;
        let at_bank = books.bank(record.custodian).is_some_and(|bank| bank.kind.is_bank());
        let is_issuers = record.kind == AccountKind::Issuer && record.kyc_level == KycLevel::KB;
        refuse_if(!(at_bank && is_issuers), bad())?;
        let (balance, owed) = (record.balance, books.bank(issuer).map(|bank| bank.liability));
        let liability = owed.unwrap_or_default();
        let too_small = GenesisError::FloatTooSmall { issuer, balance, liability };
        refuse_if(balance < liability, too_small)?;
    }
    Ok(())
}

/// Whether the document names the account as a float.
pub(super) fn is_one(genesis: &Genesis, account: &AccountId) -> bool {
    genesis.issuers.iter().any(|issuer| issuer.float == *account)
}
