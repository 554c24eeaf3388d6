//! Banks and accounts that exist from the start, the file of further accounts among them.

use std::collections::BTreeMap;

use ledger_types::genesis::{GenesisAccount, GenesisBank};
use ledger_types::operation::{AccountKind, KycLevel};
use ledger_types::{BankId, Genesis, Hash, Height, Position, Yen, codec};
use sha2::{Digest, Sha256};

use super::GenesisError;
use crate::record::{Account, Authority, Bank};
use crate::state::Books;

/// Enters banks, their own accounts, the document's accounts and the file's; what the accounts of
/// a bank hold counts as issued by it.
pub(super) fn enter(
    books: &mut Books,
    genesis: &Genesis,
    further: impl IntoIterator<Item = GenesisAccount>,
) -> Result<(), GenesisError> {
    genesis.banks.iter().try_for_each(|bank| enter_bank(books, bank))?;
    let mut issued = BTreeMap::new();
    for entry in &genesis.accounts {
        enter_account(books, entry, &mut issued)?;
    }
    let found = enter_further(books, further, &mut issued)?;
    let expected = genesis.accounts_file;
    if expected != found {
        return Err(GenesisError::AccountsFileMismatch { expected, found });
    }
    for (bank, amount) in issued {
        let mut record = books.bank(bank).ok_or(GenesisError::UnknownBank { bank })?.clone();
        if amount > record.issue_allowance {
            return Err(GenesisError::IssueAllowanceExceeded { bank, issued: amount });
        }
        record.issued = amount;
        record.liability = amount;
        books.put_bank(bank, record);
    }
    Ok(())
}

/// Enters the file's accounts; gives the hash of their bytes, or none where there were none.
fn enter_further(
    books: &mut Books,
    further: impl IntoIterator<Item = GenesisAccount>,
    issued: &mut BTreeMap<BankId, Yen>,
) -> Result<Option<Hash>, GenesisError> {
    let mut hasher = None;
    for entry in further {
        hasher.get_or_insert_with(Sha256::new).update(codec::encode(&entry));
        enter_account(books, &entry, issued)?;
    }
    Ok(hasher.map(|hasher: Sha256| Hash::new(hasher.finalize().into())))
}

fn enter_bank(books: &mut Books, entry: &GenesisBank) -> Result<(), GenesisError> {
    let GenesisBank { bank, account, .. } = *entry;
    if books.bank(bank).is_some() {
        return Err(GenesisError::BankRepeated { bank });
    }
    if books.account(&account).is_some() {
        return Err(GenesisError::AccountRepeated { account });
    }
    let authority = Authority::new(&entry.keys, entry.threshold)
        .ok_or_else(|| GenesisError::BadKeySet { owner: format!("bank {bank}") })?;
    let own = Account {
        custodian: bank,
        kind: AccountKind::Bank,
        kyc_level: KycLevel::KB,
        // A bank's name is public: there is no holder to hide.
        holder_commitment: Hash::ZERO,
        balance: Yen::ZERO,
        held: Yen::ZERO,
        authority,
        opened: Height::GENESIS,
    };
    books.put_account(&account, own);
    let record = Bank {
        name: entry.name.clone(),
        account,
        issue_allowance: entry.issue_allowance,
        issued: Yen::ZERO,
        redeemed: Yen::ZERO,
        liability: Yen::ZERO,
        net_debit_cap: entry.net_debit_cap,
        position: Position::ZERO,
    };
    books.put_bank(bank, record);
    Ok(())
}

fn enter_account(
    books: &mut Books,
    entry: &GenesisAccount,
    issued: &mut BTreeMap<BankId, Yen>,
) -> Result<(), GenesisError> {
    let GenesisAccount { account, custodian: bank, balance, .. } = *entry;
    if entry.kind == AccountKind::Bank {
        return Err(GenesisError::KindRefused { account });
    }
    if books.bank(bank).is_none() {
        return Err(GenesisError::UnknownBank { bank });
    }
    if books.account(&account).is_some() {
        return Err(GenesisError::AccountRepeated { account });
    }
    if !balance.is_zero() && !entry.kyc_level.may_hold_deposits() {
        return Err(GenesisError::KycLevelTooLow { account });
    }
    let authority = Authority::new(&entry.keys, entry.threshold)
        .ok_or_else(|| GenesisError::BadKeySet { owner: format!("account {account:?}") })?;
    let sum = issued.get(&bank).copied().unwrap_or(Yen::ZERO).checked_add(balance);
    issued.insert(bank, sum.ok_or(GenesisError::AmountOverflow { bank })?);
    let record = Account {
        custodian: bank,
        kind: entry.kind,
        kyc_level: entry.kyc_level,
        holder_commitment: entry.holder_commitment,
        balance,
        held: Yen::ZERO,
        authority,
        opened: Height::GENESIS,
    };
    books.put_account(&account, record);
    Ok(())
}
