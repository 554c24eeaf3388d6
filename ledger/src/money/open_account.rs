//! `OpenAccount`: a bank opens an account of which it is the custodian.

use ledger_types::event::AccountOpened;
use ledger_types::operation::{AccountKind, OpenAccount};
use ledger_types::record::{Account, Authority};
use ledger_types::{AccountId, Rejection, Yen, refuse_if};

use super::sending_bank;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for OpenAccount {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let custodian = sending_bank(execution)?;
        refuse_if(self.kind == AccountKind::Bank, Rejection::AccountKindRefused)?;
        let account = AccountId::opened_by(custodian, &self.holder_commitment);
        refuse_if(execution.books.account(&account).is_some(), Rejection::AccountExists)?;
        let authority = Authority::new(&self.keys, self.threshold).ok_or(Rejection::BadKeySet)?;
        let record = Account {
            custodian,
            kind: self.kind,
            kyc_level: self.kyc_level,
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
