//! `FundProgramme`, `MoveEscrow`: the yen behind a programme's vouchers.
//!
//! An escrow is pledged by its own keys, once, and to one programme. Rejections, in order:
//! - fund: `NotAMoneyAccount`, `UnknownProgramme`, `ProgrammeClosed`, `NotAnEscrow`, `EscrowPledged`;
//! - move: `UnknownProgramme`, `NotSponsor`, `ProgrammeClosed`, `ZeroAmount`, `SameAccount`,
//!   `NotAnEscrow`, `PayeeFrozen`, `AccountFrozen`, `InsufficientFunds`, `NetDebitCapReached`,
//!   `AmountOverflow`.

use ledger_types::event::{EscrowMoved, ProgrammeFunded};
use ledger_types::operation::{FundProgramme, MoveEscrow};
use ledger_types::record::Escrow;
use ledger_types::{Rejection, refuse_if};

use super::{found, sponsored};
use crate::execution::{Execute, Execution};
use crate::fault::{Stop, must};
use crate::money::{self, Posting};

impl Execute for FundProgramme {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let programme = self.programme;
        let escrow = execution.sender.account()?;
        let (books, now) = (&mut *execution.books, execution.time);
        let record = found(books, programme)?;
        refuse_if(record.closed.is_some(), Rejection::ProgrammeClosed)?;
        let sponsor = record.sponsor;
        refuse_if(!record.terms.escrows.contains(&escrow), Rejection::NotAnEscrow)?;
        refuse_if(books.escrow(&escrow).is_some(), Rejection::EscrowPledged)?;
        let amount = money::cover(books, &[escrow], now)?;
        books.put_escrow(&escrow, Escrow { programme });
        execution.emit(ProgrammeFunded { programme, escrow, amount, sponsor });
        Ok(())
    }
}

impl Execute for MoveEscrow {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, from, to, amount } = *self;
        let sponsor = sponsored(execution, programme)?.sponsor;
        let (books, now) = (&mut *execution.books, execution.time);
        refuse_if(amount.is_zero(), Rejection::ZeroAmount)?;
        refuse_if(from == to, Rejection::SameAccount)?;
        let both = money::pledged(books, programme, &[from, to]);
        refuse_if(both != [from, to], Rejection::NotAnEscrow)?;
        money::check_in(books, &to, now)?;
        money::check_out(books, &from, now)?;
        let available = money::cover(books, &[from], now)?;
        refuse_if(amount > available, Rejection::InsufficientFunds { available, amount })?;
        let drawn = money::draw(books, &[from], amount, now)?;
        let payee = must(books.account(&to), "an escrow is gone")?.clone();
        for one in drawn {
            Posting::check(books, one.bank, payee.custodian, one.amount, now)?.write(books);
        }
        money::credit(books, &to, payee, amount)?;
        execution.emit(EscrowMoved { programme, from, to, amount, sponsor });
        Ok(())
    }
}
