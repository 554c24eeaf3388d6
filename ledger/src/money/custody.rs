//! Who may hold yen at which custodian, and what prepaid value may pay for.
//!
//! A custodian is a bank or a prepaid issuer. Prepaid value buys at shops and goes to other prepaid
//! accounts; it does not become a deposit of who holds it, since an issuer that pays holders back
//! takes deposits (Payment Services Act, article 20 paragraph 5).

use ledger_types::operation::AccountKind;
use ledger_types::record::{Account, Bank};
use ledger_types::{AccountId, Rejection, refuse_if};

use super::float;
use crate::fault::{Fault, Stop, must};
use crate::state::Books;

/// The custodian of the account with this record.
pub(crate) fn custodian<'b>(books: &'b Books, record: &Account) -> Result<&'b Bank, Fault> {
    // An account's custodian is named by genesis, and custodians are never removed.
    must(books.bank(record.custodian), "a custodian is gone")
}

/// Rejects with `KycLevelTooLow` where the account may hold no yen at its custodian.
pub(crate) fn check_holds(books: &Books, record: &Account) -> Result<(), Stop> {
    let holds = custodian(books, record)?.kind.lets_hold(record.kyc_level);
    Ok(refuse_if(!holds, Rejection::KycLevelTooLow)?)
}

/// Whether the debtor may send to an account with this record.
///
/// Rejections, in order: `PrepaidNotRedeemable`, `FloatRefused`.
pub(super) fn check_send(books: &Books, debtor: &AccountId, payee: &Account) -> Result<(), Stop> {
    // The debtor is the sender, which was found as an account; accounts are never removed.
    let payer = must(books.account(debtor), "the debtor is gone")?;
    let into_prepaid = !custodian(books, payee)?.kind.is_bank();
    let is_prepaid = !custodian(books, payer)?.kind.is_bank();
    let cashes = is_prepaid && !into_prepaid && payee.kind != AccountKind::Merchant;
    refuse_if(cashes, Rejection::PrepaidNotRedeemable)?;
    // What comes into prepaid accounts lands in their issuer's float: a float would pay itself, or
    // an issuer give away value without a reference, past its own keys.
    let by_float = into_prepaid && float::issuer_of(books, debtor, payer).is_some();
    Ok(refuse_if(by_float, Rejection::FloatRefused)?)
}

/// Whether the account may be registered as a merchant, or get a part of fees: its sales are deposits,
/// a float takes none, and a programme's escrow has nothing but what pays vouchers.
///
/// Rejections, in order: `KycLevelTooLow`, `NotAtABank`, `FloatRefused`, `EscrowBound`.
pub(crate) fn check_merchant(
    books: &Books,
    account: &AccountId,
    record: &Account,
) -> Result<(), Stop> {
    check_holds(books, record)?;
    refuse_if(!custodian(books, record)?.kind.is_bank(), Rejection::NotAtABank)?;
    let is_float = float::issuer_of(books, account, record).is_some();
    refuse_if(is_float, Rejection::FloatRefused)?;
    Ok(refuse_if(record.kind == AccountKind::Program, Rejection::EscrowBound)?)
}
