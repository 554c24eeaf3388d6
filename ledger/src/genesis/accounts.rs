//! Banks and accounts that exist from the start, the file of further accounts among them.
//!
//! The file may have tens of millions, so they enter the books all at once.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::genesis::{GenesisAccount, GenesisBank};
use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::{BankId, Genesis, Hash, Height, Position, PublicKey, Yen, codec, refuse_if};
use sha2::{Digest, Sha256};

use super::GenesisError;
use crate::record::{Account, Authority, Bank};
use crate::state::{Accounts, Books};

/// How many keys are remembered as registrable: a key that acts for many accounts is judged once.
const REGISTRABLE_MAX: usize = 65_536;

/// The books with the banks, their own accounts, the document's accounts and the file's; what the
/// accounts of a bank hold counts as issued by it.
pub(super) fn enter(
    genesis: &Genesis,
    further: impl IntoIterator<Item = GenesisAccount>,
) -> Result<Books, GenesisError> {
    let mut entered =
        Entered { accounts: Accounts::new(), banks: BTreeMap::new(), registrable: BTreeSet::new() };
    genesis.banks.iter().try_for_each(|bank| entered.bank(bank))?;
    genesis.accounts.iter().try_for_each(|account| entered.account(account))?;
    let found = entered.further(further)?;
    let Entered { accounts, banks, .. } = entered;
    let mut books = accounts.seal().map_err(|account| GenesisError::AccountRepeated { account })?;
    let expected = genesis.accounts_file;
    refuse_if(expected != found, GenesisError::AccountsFileMismatch { expected, found })?;
    let mut total = Yen::ZERO;
    for (bank, mut record) in banks {
        total = total.checked_add(record.issued).ok_or(GenesisError::AmountOverflow { bank })?;
        if record.issued > record.issue_allowance {
            return Err(GenesisError::IssueAllowanceExceeded { bank, issued: record.issued });
        }
        record.liability = record.issued;
        books.put_bank(bank, record);
    }
    Ok(books)
}

/// What was read so far.
struct Entered {
    accounts: Accounts,
    banks: BTreeMap<BankId, Bank>,
    /// Some of the keys that were found registrable.
    registrable: BTreeSet<PublicKey>,
}

impl Entered {
    fn bank(&mut self, entry: &GenesisBank) -> Result<(), GenesisError> {
        let GenesisBank { bank, account, .. } = *entry;
        refuse_if(self.banks.contains_key(&bank), GenesisError::BankRepeated { bank })?;
        let authority = self
            .authority(&entry.keys, entry.threshold)
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
        self.accounts.add(&account, own);
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
        self.banks.insert(bank, record);
        Ok(())
    }

    /// Enters an account. That none is named twice is seen when all are there.
    fn account(&mut self, entry: &GenesisAccount) -> Result<(), GenesisError> {
        let GenesisAccount { account, custodian: bank, balance, .. } = *entry;
        refuse_if(entry.kind == AccountKind::Bank, GenesisError::KindRefused { account })?;
        let issued = self.banks.get(&bank).ok_or(GenesisError::UnknownBank { bank })?.issued;
        if !balance.is_zero() && !entry.kyc_level.may_hold_deposits() {
            return Err(GenesisError::KycLevelTooLow { account });
        }
        let authority = self
            .authority(&entry.keys, entry.threshold)
            .ok_or_else(|| GenesisError::BadKeySet { owner: format!("account {account:?}") })?;
        let issued = issued.checked_add(balance).ok_or(GenesisError::AmountOverflow { bank })?;
        if let Some(record) = self.banks.get_mut(&bank) {
            record.issued = issued;
        }
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
        self.accounts.add(&account, record);
        Ok(())
    }

    /// Enters the file's accounts; gives the hash of their bytes, or none where there were none.
    fn further(
        &mut self,
        further: impl IntoIterator<Item = GenesisAccount>,
    ) -> Result<Option<Hash>, GenesisError> {
        let mut hasher = None;
        let mut bytes = Vec::new();
        for entry in further {
            bytes.clear();
            codec::append(&entry, &mut bytes);
            hasher.get_or_insert_with(Sha256::new).update(&bytes);
            self.account(&entry)?;
        }
        Ok(hasher.map(|hasher: Sha256| Hash::new(hasher.finalize().into())))
    }

    fn authority(&mut self, keys: &[WeightedKey], threshold: u16) -> Option<Authority> {
        let registrable = &mut self.registrable;
        Authority::judged(keys, threshold, |key| {
            if registrable.contains(key) {
                return true;
            }
            let judged = key.is_registrable();
            if judged && registrable.len() < REGISTRABLE_MAX {
                registrable.insert(*key);
            }
            judged
        })
    }
}
