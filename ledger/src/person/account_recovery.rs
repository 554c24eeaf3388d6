//! `ProposeAccountRecovery`, `ExecuteAccountRecovery`, `VetoAccountRecovery`: a lost key of money.
//!
//! The rules are those of a data subject's recovery: the custodian proposes, the holder has a delay
//! in which to veto, a proposal lapses, and the nonces that were used stay used. Where the keys
//! were stolen, whoever holds them can neither veto nor rotate; the holder vetoes at a counter,
//! which is no part of the custodian. Money is stopped by `Freeze`, not by this.

use ledger_types::event::{
    AccountRecoveryExecuted, AccountRecoveryProposed, AccountRecoveryVetoed,
};
use ledger_types::limits::{RECOVERY_DELAY_MS, RECOVERY_LAPSE_MS};
use ledger_types::operation::{
    ExecuteAccountRecovery, KeyLoss, ProposeAccountRecovery, VetoAccountRecovery,
};
use ledger_types::record::{AccountRecovery, Authority};
use ledger_types::{AccountId, PartyId, PartyRoles, Rejection, Timestamp, refuse_if};

use crate::acting;
use crate::deadline::after;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::{Stop, must};
use crate::money::{check_alive, kept_by_sender};
use crate::state::{Books, State};

impl Execute for ProposeAccountRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { account, ref keys, threshold, evidence, loss } = *self;
        let (proposer, now) = (kept_by_sender(execution, &account)?, execution.time);
        let record = must(execution.books.account(&account), "an account is gone")?;
        check_alive(record)?;
        let keys = Authority::new(keys, threshold).ok_or(Rejection::BadKeySet)?.keys;
        let books = &mut *execution.books;
        refuse_if(pending(books, &account, now).is_some(), Rejection::RecoveryExists)?;
        let executable_from = after(now, RECOVERY_DELAY_MS);
        let lapses = after(executable_from, RECOVERY_LAPSE_MS);
        let record = AccountRecovery {
            keys,
            threshold,
            proposer,
            evidence,
            loss,
            executable_from,
            lapses,
            proposed: execution.height,
        };
        books.put_account_recovery(&account, record);
        let custodian = proposer;
        execution.emit(AccountRecoveryProposed {
            account,
            custodian,
            loss,
            executable_from,
            lapses,
        });
        Ok(())
    }
}

impl Execute for ExecuteAccountRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let account = self.account;
        let (custodian, now) = (kept_by_sender(execution, &account)?, execution.time);
        let books = &mut *execution.books;
        let recovery = pending(books, &account, now).ok_or(Rejection::UnknownRecovery)?;
        if now < recovery.executable_from {
            return Err(Rejection::RecoveryDelayed { until: recovery.executable_from }.into());
        }
        let (keys, threshold) = (recovery.keys.clone(), recovery.threshold);
        let mut record = must(books.account(&account), "an account is gone")?.clone();
        let Authority { window, used, .. } = record.authority;
        record.authority = Authority { keys, threshold, window, used };
        books.put_account(&account, record);
        books.remove_account_recovery(&account);
        execution.emit(AccountRecoveryExecuted { account, custodian });
        Ok(())
    }
}

impl Execute for VetoAccountRecovery {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let (account, counter) = vetoer(execution, self.on_behalf_of)?;
        let recovery = pending(execution.books, &account, execution.time);
        let loss = recovery.ok_or(Rejection::UnknownRecovery)?.loss;
        refuse_if(loss == KeyLoss::Stolen && counter.is_none(), Rejection::KeyFrozen)?;
        execution.books.remove_account_recovery(&account);
        execution.emit(AccountRecoveryVetoed { account, counter });
        Ok(())
    }
}

/// Whose recovery is vetoed, and the counter that does it for them.
fn vetoer(
    execution: &Execution<'_>,
    on_behalf_of: Option<AccountId>,
) -> Result<(AccountId, Option<PartyId>), Stop> {
    match (execution.sender, on_behalf_of) {
        (Sender::Account(account), None) => Ok((account, None)),
        (Sender::Party(counter), Some(account)) => {
            acting::acting(execution, PartyRoles::COUNTER)?;
            Ok((account, Some(counter)))
        }
        (Sender::Account(_), Some(_)) | (Sender::Party(_), None) | (Sender::Subject(_), _) => {
            Err(Rejection::NotAMoneyAccount.into())
        }
    }
}

/// The proposal for an account that has not lapsed.
fn pending<'b>(
    books: &'b Books,
    account: &AccountId,
    now: Timestamp,
) -> Option<&'b AccountRecovery> {
    books.account_recovery(account).filter(|recovery| recovery.is_pending(now))
}

impl State {
    /// The recovery that is proposed for an account and has not lapsed at the tip's time.
    #[must_use]
    pub fn pending_account_recovery(&self, account: &AccountId) -> Option<&AccountRecovery> {
        pending(&self.books, account, self.time())
    }
}
