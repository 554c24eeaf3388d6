//! Banks, prepaid issuers and accounts that exist from the start, the file of further accounts among them.
//!
//! The file may have tens of millions, so they enter the books all at once.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::genesis::{GenesisAccount, GenesisBank, GenesisIssuer};
use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::{
    AccountId, BankId, Genesis, Hash, Height, Position, PublicKey, Yen, codec, refuse_if,
};
use sha2::{Digest, Sha256};

use super::GenesisError;
use crate::record::{Account, AccountStatus, Authority, Bank, CustodianKind};
use crate::state::{Accounts, Books};

/// How many keys are remembered as registrable: a key that acts for many accounts is judged once.
const REGISTRABLE_MAX: usize = 65_536;

/// The books with the custodians, their own accounts, the document's accounts and the file's; what the
/// accounts of one hold counts as issued by it.
pub(super) fn enter(
    genesis: &Genesis,
    further: impl IntoIterator<Item = GenesisAccount>,
) -> Result<Books, GenesisError> {
    let mut entered =
        Entered { accounts: Accounts::new(), banks: BTreeMap::new(), registrable: BTreeSet::new() };
    genesis.banks.iter().try_for_each(|bank| entered.bank(bank))?;
    genesis.issuers.iter().try_for_each(|issuer| entered.issuer(issuer))?;
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
        let GenesisBank { bank, account, threshold, issue_allowance, net_debit_cap, .. } = *entry;
        let own = self.own(bank, AccountKind::Bank, &entry.keys, threshold)?;
        self.accounts.add(&account, own);
        let name = entry.name.clone();
        let kind = CustodianKind::Bank;
        let record = Bank { net_debit_cap, ..custodian(name, account, kind, issue_allowance) };
        self.banks.insert(bank, record);
        Ok(())
    }

    fn issuer(&mut self, entry: &GenesisIssuer) -> Result<(), GenesisError> {
        let GenesisIssuer { issuer, account, threshold, issue_allowance, float, .. } = *entry;
        let own = self.own(issuer, AccountKind::Issuer, &entry.keys, threshold)?;
        self.accounts.add(&account, own);
        let kind = CustodianKind::PrepaidIssuer { float };
        let record = custodian(entry.name.clone(), account, kind, issue_allowance);
        self.banks.insert(issuer, record);
        Ok(())
    }

    /// A custodian's own account, where its code is free and its keys are sound.
    fn own(
        &mut self,
        bank: BankId,
        kind: AccountKind,
        keys: &[WeightedKey],
        threshold: u16,
    ) -> Result<Account, GenesisError> {
        refuse_if(self.banks.contains_key(&bank), GenesisError::BankRepeated { bank })?;
        let authority = self
            .authority(keys, threshold)
            .ok_or_else(|| GenesisError::BadKeySet { owner: format!("bank {bank}") })?;
        Ok(Account {
            custodian: bank,
            kind,
            kyc_level: KycLevel::KB,
            status: AccountStatus::Open,
            // A custodian's name is public: there is no holder to hide.
            holder_commitment: Hash::ZERO,
            balance: Yen::ZERO,
            held: Yen::ZERO,
            authority,
            opened: Height::GENESIS,
        })
    }

    /// Enters an account. That none is named twice is seen when all are there.
    fn account(&mut self, entry: &GenesisAccount) -> Result<(), GenesisError> {
        let GenesisAccount { account, custodian: bank, balance, .. } = *entry;
        refuse_if(entry.kind == AccountKind::Bank, GenesisError::KindRefused { account })?;
        let Bank { issued, kind: custodian, .. } =
            *self.banks.get(&bank).ok_or(GenesisError::UnknownBank { bank })?;
        let is_citizen = entry.kind == AccountKind::Citizen && entry.kyc_level != KycLevel::KB;
        refuse_if(!custodian.is_bank() && !is_citizen, GenesisError::CitizensOnly { account })?;
        if !balance.is_zero() && !custodian.lets_hold(entry.kyc_level) {
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
            status: AccountStatus::Open,
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

/// A custodian that owes nothing yet and may owe the others nothing.
const fn custodian(
    name: String,
    account: AccountId,
    kind: CustodianKind,
    issue_allowance: Yen,
) -> Bank {
    Bank {
        name,
        account,
        kind,
        issue_allowance,
        issued: Yen::ZERO,
        redeemed: Yen::ZERO,
        liability: Yen::ZERO,
        net_debit_cap: Yen::ZERO,
        position: Position::ZERO,
        pledged: Yen::ZERO,
        settled: Position::ZERO,
    }
}
