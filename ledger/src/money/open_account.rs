//! `OpenAccount`: a custodian opens an account that it keeps: a bank, or an issuer for citizens alone.
//!
//! Rejections, in order: `NotABank`, `AccountKindRefused`, `CitizensOnly`, `AccountExists`, `BadKeySet`.

use ledger_types::event::AccountOpened;
use ledger_types::operation::{AccountKind, KycLevel, OpenAccount};
use ledger_types::record::{Account, AccountStatus, Authority};
use ledger_types::{AccountId, Rejection, Yen, refuse_if};

use super::sending_bank;
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};

impl Execute for OpenAccount {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let custodian = sending_bank(execution)?;
        refuse_if(self.kind == AccountKind::Bank, Rejection::AccountKindRefused)?;
        // An account's kind and level say the same of its holder: a business is no citizen.
        let is_citizen = self.kind == AccountKind::Citizen && self.kyc_level != KycLevel::KB;
        let kind = must(execution.books.bank(custodian), "the sending bank is gone")?.kind;
        refuse_if(!kind.is_bank() && !is_citizen, Rejection::CitizensOnly)?;
        let account = AccountId::opened_by(custodian, &self.holder_commitment);
        refuse_if(execution.books.account(&account).is_some(), Rejection::AccountExists)?;
        let authority = Authority::new(&self.keys, self.threshold).ok_or(Rejection::BadKeySet)?;
        let record = Account {
            custodian,
            kind: self.kind,
            kyc_level: self.kyc_level,
            status: AccountStatus::Open,
            holder_commitment: self.holder_commitment,
            balance: Yen::ZERO,
            held: Yen::ZERO,
            authority,
            opened: execution.height,
        };
        execution.books.put_account(&account, record);
        execution.emit(AccountOpened { account, custodian });
        Ok(())
    }
}
