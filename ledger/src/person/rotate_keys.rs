//! `RotateKeys`: other keys act for the sender from the next block on.
//!
//! Admission looks at the parent's state, so what the old keys signed in the same block stands, and
//! no authorisation is lost inside a block (protocol rule 3). The nonces used stay used, and a
//! recovery that is proposed stays proposed: whoever stole a key cannot end it by rotating, its
//! owner vetoes it. A holder from whose account no money may leave cannot rotate either: other keys
//! would outlive the freeze in other hands.

use ledger_types::event::KeysRotated;
use ledger_types::operation::RotateKeys;
use ledger_types::record::Authority;
use ledger_types::{AccountId, Rejection, refuse_if};

use crate::acting;
use crate::execution::{Execute, Execution, Sender};
use crate::fault::{Stop, must};
use crate::money;

impl Execute for RotateKeys {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        refuse_if(!execution.is_alone, Rejection::NotAlone)?;
        acting::check_key(execution)?;
        if let Sender::Party(_) = execution.sender {
            acting::check_active(acting::sending(execution)?)?;
        }
        if let Sender::Account(account) = execution.sender {
            money::check_out(execution.books, &account, execution.time)?;
        }
        let authority = Authority::new(&self.keys, self.threshold).ok_or(Rejection::BadKeySet)?;
        replace(execution, authority)?;
        execution.emit(KeysRotated { account: execution.sender.signing().into() });
        Ok(())
    }
}

/// Gives the sender another authority, but for the nonces that it used.
fn replace(execution: &mut Execution<'_>, authority: Authority) -> Result<(), Stop> {
    let with = |before: &Authority| {
        let Authority { window, used, .. } = *before;
        Authority { window, used, ..authority }
    };
    let books = &mut *execution.books;
    // The sender was found as what it is when its nonce was used; none of these is ever removed.
    match execution.sender {
        Sender::Account(account) => {
            let mut record = must(books.account(&account), "the sender is gone")?.clone();
            record.authority = with(&record.authority);
            books.put_account(&account, record);
        }
        Sender::Subject(account) => {
            let mut record = must(books.subject(&account), "the sender is gone")?.clone();
            record.authority = with(&record.authority);
            books.put_subject(&account, record);
        }
        Sender::Party(party) => {
            let mut record = must(books.party(party), "the sender is gone")?.clone();
            record.authority = with(&record.authority);
            books.put_party(&AccountId::of_party(party), record);
        }
    }
    Ok(())
}
