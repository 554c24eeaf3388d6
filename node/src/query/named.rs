//! Whom an operation names beside its sender: they may read it too.

use ledger::State;
use ledger_types::operation::{AccessBasis, ReadRight};
use ledger_types::{AccountId, ConsentId, Hash, Operation, PartyId, Transaction};

/// The accounts that a transaction's content concerns: its sender and those whom it names.
///
/// A merchant is not among those named in a payment inside a zone: it sees its history, where
/// payers are pseudonyms.
#[must_use]
pub fn concerned(state: &State, transaction: &Transaction) -> Vec<AccountId> {
    let operations = &transaction.unsigned.operations;
    let named = operations.iter().flat_map(|operation| named_in(state, operation));
    core::iter::once(transaction.unsigned.account).chain(named).collect()
}

/// The accounts that an operation names; parties by their accounts.
pub(super) fn named_in(state: &State, operation: &Operation) -> Vec<AccountId> {
    let holder = |redeem| state.redeem(redeem).map(|request| request.account);
    match operation {
        Operation::Issue(issue) => vec![issue.account],
        Operation::SettleRedeem(settle) => holder(&settle.redeem).into_iter().collect(),
        Operation::CancelRedeem(cancel) => holder(&cancel.redeem).into_iter().collect(),
        Operation::Transfer(transfer) => vec![transfer.to],
        Operation::RegisterMerchant(register) => vec![register.merchant],
        // Payers inside a zone are pseudonyms to merchants, and a bulk of dividends is its payer's.
        Operation::OpenAccount(_)
        | Operation::RequestRedeem(_)
        | Operation::SetNetDebitCap(_)
        | Operation::OpenZoneAccount(_)
        | Operation::Charge(_)
        | Operation::Discharge(_)
        | Operation::Pay(_)
        | Operation::PayDividend(_) => vec![],
        consented => in_consent(state, consented),
    }
}

/// The same for the consent layer.
fn in_consent(state: &State, operation: &Operation) -> Vec<AccountId> {
    match operation {
        Operation::RegisterParty(register) => vec![of(register.party)],
        Operation::UpdateParty(update) => vec![of(update.party)],
        Operation::PublishTerms(publish) => vec![publish.payer],
        Operation::Grant(grant) => {
            let subject = grant.on_behalf_of;
            subject.into_iter().chain([of(grant.controller)]).collect()
        }
        Operation::Withdraw(one) => both(state, &one.consent),
        Operation::WithdrawFor(one) => both(state, &one.consent),
        Operation::Revoke(one) => both(state, &one.consent),
        Operation::Invalidate(one) => both(state, &one.consent),
        Operation::Amend(one) => both(state, &one.consent),
        Operation::Widen(one) => both(state, &one.consent),
        Operation::Suspend(one) => both(state, &one.consent),
        Operation::Resume(one) => both(state, &one.consent),
        Operation::Renew(one) => both(state, &one.consent),
        Operation::AcknowledgeWithdrawal(one) => both(state, &one.consent),
        Operation::AcknowledgeShred(one) => both(state, &one.consent),
        Operation::RespondReconsent(respond) => {
            respond.answers.iter().flat_map(|answer| both(state, &answer.consent)).collect()
        }
        Operation::StopOptOut(stop) => vec![of(stop.controller)],
        Operation::SubjectRequest(ask) => {
            ask.on_behalf_of.into_iter().chain([of(ask.controller)]).collect()
        }
        Operation::AnswerSubjectRequest(answer) => {
            state.subject_request(&answer.request).map(|asked| asked.subject).into_iter().collect()
        }
        Operation::Delegate(delegate) => vec![delegate.subject, delegate.guardian],
        Operation::EndDelegation(end) => vec![end.subject, end.guardian],
        Operation::ProposeRecovery(propose) => vec![propose.subject],
        Operation::ExecuteRecovery(execute) => vec![execute.subject],
        other => in_use(state, other),
    }
}

/// The same for uses and oversight.
fn in_use(state: &State, operation: &Operation) -> Vec<AccountId> {
    match operation {
        Operation::RequestAccess(request) => match &request.basis {
            AccessBasis::Consent(asked) => subject_of(state, &asked.consent).into_iter().collect(),
            AccessBasis::OptOut { controller, .. } | AccessBasis::JointUse { controller, .. } => {
                vec![of(*controller)]
            }
            AccessBasis::Exemption { .. } | AccessBasis::BreakGlass { .. } => vec![],
        },
        Operation::RecordUse(record) => of_access(state, &record.access),
        Operation::RecordReceipt(record) => of_access(state, &record.access),
        Operation::RecordDisclosures(record) => vec![of(record.counterparty)],
        Operation::ReviewBreakGlass(review) => {
            state.glass(&review.glass).map(|glass| of(glass.opener)).into_iter().collect()
        }
        Operation::GrantAuditView(grant) => vec![of(grant.auditor)],
        Operation::EndAuditView(end) => {
            state.audit_view(&end.view).map(|view| of(view.auditor)).into_iter().collect()
        }
        Operation::ReadAccessLog(read) => match read.right {
            ReadRight::Consent { .. } | ReadRight::View { .. } => vec![read.subject],
        },
        _ => vec![],
    }
}

fn of(party: PartyId) -> AccountId {
    AccountId::of_party(party)
}

fn subject_of(state: &State, consent: &ConsentId) -> Option<AccountId> {
    state.consent(consent).map(|record| record.subject)
}

/// A consent's subject and controller.
fn both(state: &State, consent: &ConsentId) -> Vec<AccountId> {
    let record = state.consent(consent);
    record.map(|record| vec![record.subject, of(record.controller)]).unwrap_or_default()
}

/// The subject and the requester of an access.
fn of_access(state: &State, access: &Hash) -> Vec<AccountId> {
    let record = state.access(access);
    let parties = |record: &ledger::record::Access| {
        record.subject.into_iter().chain([of(record.requester)]).collect()
    };
    record.map(parties).unwrap_or_default()
}
