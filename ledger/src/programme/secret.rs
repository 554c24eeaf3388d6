//! `DepositSecret`, `RevealSecret`, `OpenShare`: where a lottery's seed comes from.
//!
//! Every dealing is checked whole when it is deposited, so that any `threshold` of the committers open
//! the one secret that its committer can tell (crate `public-draw`).

use ledger_types::event::{SecretDeposited, SecretOpened};
use ledger_types::operation::{DepositSecret, OpenShare, RevealSecret};
use ledger_types::record::{Deposited, Opening, Programme};
use ledger_types::{Hash, ProgrammeId, Rejection, refuse_if};
use public_draw::on_ledger::{context_of_committer, point, scalar};
use public_draw::sharing::{OpenedShare, PointBytes, combine};
use public_draw::{Dealing, SealingPublic};

use super::found;
use super::lottery::{check_closed, lottery, sending_committer};
use crate::execution::{Execute, Execution};
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

impl Execute for DepositSecret {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round, ref sharing } = *self;
        let account = execution.sender.account()?;
        let books = &*execution.books;
        let of = found(books, programme)?;
        let (_, terms) = lottery(books, programme, round)?;
        let committer = sending_committer(execution, of)?;
        refuse_if(execution.time >= terms.apply_from, Rejection::ApplicationsBegun)?;
        let before = books.deposited(programme, round, committer);
        refuse_if(before.is_some(), Rejection::DepositedBefore)?;
        let context = context(execution.genesis_hash, programme, round, committer)?;
        let members: Vec<SealingPublic> = of.terms.committers.iter().map(Into::into).collect();
        let checked = Dealing::from(sharing).check(&context, &members, threshold(of)?);
        refuse_if(checked.is_err(), Rejection::BadSharing)?;
        let sharing = sharing.clone();
        let record = Deposited { sharing, revealed: None, opened: vec![], secret: None };
        execution.books.put_deposited(programme, round, committer, record);
        execution.emit(SecretDeposited { programme, round, committer, account });
        Ok(())
    }
}

impl Execute for RevealSecret {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round, secret: revealed } = *self;
        let by = execution.sender.account()?;
        let books = &*execution.books;
        let of = found(books, programme)?;
        let (_, terms) = lottery(books, programme, round)?;
        let committer = sending_committer(execution, of)?;
        check_closed(&terms, execution.time)?;
        let record = withheld(books, programme, round, committer)?;
        let secret = Dealing::from(&record.sharing).check_revealed(&scalar(revealed));
        let secret = secret.map_err(|_| Rejection::SecretWrong)?;
        let record = Deposited { revealed: Some(revealed), ..record.clone() };
        let opened = SecretOpened { programme, round, committer, secret: None, by };
        write(execution, record, Some(secret), &opened);
        Ok(())
    }
}

impl Execute for OpenShare {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let Self { programme, round, of: committer, share, proof } = *self;
        let by = execution.sender.account()?;
        let books = &*execution.books;
        let of = found(books, programme)?;
        let (_, terms) = lottery(books, programme, round)?;
        let place = sending_committer(execution, of)?;
        check_closed(&terms, execution.time)?;
        let record = withheld(books, programme, round, committer)?;
        let is_known = record.opened.iter().any(|opening| opening.by == place);
        refuse_if(is_known, Rejection::ShareIsKnown)?;
        let opening = Opening { by: place, share, proof };
        let context = context(execution.genesis_hash, programme, round, committer)?;
        let is_right = is_right(of, record, &context, opening)?;
        refuse_if(!is_right, Rejection::SecretWrong)?;
        let mut record = record.clone();
        record.opened.push(opening);
        let secret = combined(of, &record)?;
        let opened = SecretOpened { programme, round, committer, secret: None, by };
        write(execution, record, secret, &opened);
        Ok(())
    }
}

/// What a committer deposited whose secret is not known.
///
/// Rejections, in order: `NotDeposited`, `SecretIsKnown`.
fn withheld(
    books: &Books,
    programme: ProgrammeId,
    round: u16,
    committer: u16,
) -> Result<&Deposited, Rejection> {
    let record = books.deposited(programme, round, committer).ok_or(Rejection::NotDeposited)?;
    refuse_if(record.secret.is_some(), Rejection::SecretIsKnown)?;
    Ok(record)
}

/// Writes what is known of a secret now, and says it.
fn write(
    execution: &mut Execution<'_>,
    record: Deposited,
    secret: Option<PointBytes>,
    opened: &SecretOpened,
) {
    let secret = secret.map(|secret| Hash::new(*secret.as_bytes()));
    let SecretOpened { programme, round, committer, .. } = *opened;
    execution.books.put_deposited(programme, round, committer, Deposited { secret, ..record });
    execution.emit(SecretOpened { secret, ..opened.clone() });
}

/// Whether a committer's share is what was sealed to it.
fn is_right(
    programme: &Programme,
    record: &Deposited,
    context: &Hash,
    opening: Opening,
) -> Result<bool, Fault> {
    let place = usize::from(opening.by);
    let key = programme.terms.committers.get(place).map(SealingPublic::from);
    let key = must(key, "a committer is gone")?;
    // A dealing has a share for each committer.
    let sealed = record.sharing.shares.get(place).map(|share| point(share.sealed));
    let sealed = must(sealed, "a committer has no share")?;
    let member = member(opening.by)?;
    Ok(OpenedShare::from(opening).check(context, member, &key, &sealed).is_ok())
}

/// The secret that opened shares make up, where they are enough.
fn combined(programme: &Programme, record: &Deposited) -> Result<Option<PointBytes>, Fault> {
    let threshold = threshold(programme)?;
    if record.opened.len() < usize::from(threshold) {
        return Ok(None);
    }
    let shares = record.opened.iter().map(|one| Ok((member(one.by)?, point(one.share))));
    let shares = shares.collect::<Result<Vec<_>, Fault>>()?;
    // Each was checked, and stands there once.
    Ok(Some(must(combine(threshold, &shares).ok(), "opened shares make up no secret")?))
}

/// The number of the committer at a place: members count from 1.
fn member(place: u16) -> Result<u8, Fault> {
    let number = place.checked_add(1).and_then(|number| u8::try_from(number).ok());
    must(number, "a committer's place passes a byte")
}

fn threshold(programme: &Programme) -> Result<u8, Fault> {
    must(u8::try_from(programme.terms.threshold).ok(), "a threshold passes a byte")
}

fn context(
    genesis: &Hash,
    programme: ProgrammeId,
    round: u16,
    committer: u16,
) -> Result<Hash, Fault> {
    let context = context_of_committer(genesis, programme, round, committer);
    must(context, "a round's or committer's number passes a byte")
}
