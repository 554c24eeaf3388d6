//! One transaction's run: its operations in order, all of them or nothing.
//!
//! Each operation checks first, in the order that its file publishes, and then writes. A rejection
//! undoes the whole transaction's writes through the records' journal; its nonce, used before the
//! journal began, stays used.

use ledger_types::genesis::Parameters;
use ledger_types::{AccountId, Height, Operation, Outcome, PartyId, Rejection, Timestamp};

use crate::event::Event;
use crate::fault::{Fault, Stop};
use crate::state::Books;
use crate::{business, consent, financial, governance};

/// Who sends a transaction, found once for all its operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// An account that can hold money.
    Account(AccountId),
    /// A data subject.
    Subject(AccountId),
    /// A consent party.
    Party(PartyId),
}

impl Sender {
    /// The account, where it can hold money.
    pub(crate) const fn account(self) -> Result<AccountId, Rejection> {
        match self {
            Self::Account(account) => Ok(account),
            Self::Subject(_) | Self::Party(_) => Err(Rejection::NotAMoneyAccount),
        }
    }

    /// The data subject.
    pub(crate) const fn subject(self) -> Result<AccountId, Rejection> {
        match self {
            Self::Subject(subject) => Ok(subject),
            Self::Account(_) | Self::Party(_) => Err(Rejection::NotASubject),
        }
    }

    /// The consent party.
    pub(crate) const fn party(self) -> Result<PartyId, Rejection> {
        match self {
            Self::Party(party) => Ok(party),
            Self::Account(_) | Self::Subject(_) => Err(Rejection::UnknownParty),
        }
    }
}

/// What the operations of one transaction see and write.
pub(crate) struct Execution<'a> {
    pub(crate) books: &'a mut Books,
    pub(crate) parameters: &'a Parameters,
    pub(crate) height: Height,
    pub(crate) time: Timestamp,
    pub(crate) sender: Sender,
    events: &'a mut Vec<(u32, Event)>,
    index: u32,
}

/// The block and the place in it of a transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) height: Height,
    pub(crate) time: Timestamp,
    pub(crate) index: u32,
}

impl<'a> Execution<'a> {
    pub(crate) fn new(
        books: &'a mut Books,
        parameters: &'a Parameters,
        place: Place,
        sender: Sender,
        events: &'a mut Vec<(u32, Event)>,
    ) -> Self {
        let Place { height, time, index } = place;
        Self { books, parameters, height, time, sender, events, index }
    }

    /// Runs the operations: all are kept, or the books and events are as before.
    pub(crate) fn run(mut self, operations: &[Operation]) -> Result<Outcome, Fault> {
        let events_before = self.events.len();
        self.books.begin();
        for (operation, number) in operations.iter().zip(0_u16..) {
            match self.execute(operation) {
                Ok(()) => {}
                Err(Stop::Rejected(rejection)) => {
                    self.books.rollback();
                    self.events.truncate(events_before);
                    return Ok(Outcome::Rejected { code: rejection.code(), operation: number });
                }
                Err(Stop::Broken(fault)) => return Err(fault),
            }
        }
        self.books.keep();
        Ok(Outcome::Committed)
    }

    /// Records what an operation did.
    pub(crate) fn emit(&mut self, event: Event) {
        self.events.push((self.index, event));
    }

    fn execute(&mut self, operation: &Operation) -> Result<(), Stop> {
        match operation {
            Operation::OpenAccount(open) => financial::open_account(self, open),
            Operation::Issue(issue) => financial::issue(self, issue),
            Operation::RequestRedeem(request) => financial::request_redeem(self, request),
            Operation::SettleRedeem(settle) => financial::settle_redeem(self, settle),
            Operation::CancelRedeem(cancel) => financial::cancel_redeem(self, cancel),
            Operation::Transfer(transfer) => financial::transfer(self, transfer),
            Operation::SetNetDebitCap(set) => financial::set_net_debit_cap(self, set),
            Operation::RegisterMerchant(register) => business::register_merchant(self, register),
            Operation::OpenZoneAccount(open) => business::open_zone_account(self, open),
            Operation::Charge(charge) => business::charge(self, charge),
            Operation::Discharge(discharge) => business::discharge(self, discharge),
            Operation::Pay(pay) => business::pay(self, pay),
            Operation::RegisterParty(register) => governance::register_party(self, register),
            Operation::PublishNotice(publish) => consent::publish_notice(self, publish),
            Operation::Grant(grant) => consent::grant(self, grant),
            Operation::Withdraw(withdraw) => consent::withdraw(self, withdraw),
            Operation::RequestAccess(request) => consent::request_access(self, request),
            Operation::UpdateParty(operation) => governance::update_party(self, operation),
            Operation::PublishVocabulary(operation) => consent::publish_vocabulary(self, operation),
            Operation::PublishLegalBasis(operation) => {
                consent::publish_legal_basis(self, operation)
            }
            Operation::PublishRegime(operation) => consent::publish_regime(self, operation),
            Operation::PublishJointUse(operation) => consent::publish_joint_use(self, operation),
            Operation::NotifyOptOut(operation) => consent::notify_opt_out(self, operation),
            Operation::PublishTerms(operation) => consent::publish_terms(self, operation),
            Operation::Amend(operation) => consent::amend(self, operation),
            Operation::Widen(operation) => consent::widen(self, operation),
            Operation::WithdrawFor(operation) => consent::withdraw_for(self, operation),
            Operation::Revoke(operation) => consent::revoke(self, operation),
            Operation::Invalidate(operation) => consent::invalidate(self, operation),
            Operation::Suspend(operation) => consent::suspend(self, operation),
            Operation::Resume(operation) => consent::resume(self, operation),
            Operation::Renew(operation) => consent::renew(self, operation),
            Operation::RequestReconsent(operation) => consent::request_reconsent(self, operation),
            Operation::RespondReconsent(operation) => consent::respond_reconsent(self, operation),
            Operation::RegisterContact(operation) => consent::register_contact(self, operation),
            Operation::StopOptOut(operation) => consent::stop_opt_out(self, operation),
            Operation::SubjectRequest(operation) => consent::subject_request(self, operation),
            Operation::AnswerSubjectRequest(operation) => {
                consent::answer_subject_request(self, operation)
            }
            Operation::Delegate(operation) => consent::delegate(self, operation),
            Operation::EndDelegation(operation) => consent::end_delegation(self, operation),
            Operation::ProposeRecovery(operation) => consent::propose_recovery(self, operation),
            Operation::ExecuteRecovery(operation) => consent::execute_recovery(self, operation),
            Operation::VetoRecovery(_) => consent::veto_recovery(self),
            Operation::RecordUse(operation) => consent::record_use(self, operation),
            Operation::RecordReceipt(operation) => consent::record_receipt(self, operation),
            Operation::RecordDisclosures(operation) => consent::record_disclosures(self, operation),
            Operation::AcknowledgeWithdrawal(operation) => {
                consent::acknowledge_withdrawal(self, operation)
            }
            Operation::BreakGlass(operation) => consent::break_glass(self, operation),
            Operation::ReviewBreakGlass(operation) => consent::review_break_glass(self, operation),
            Operation::NotifySubject(operation) => consent::notify_subject(self, operation),
            Operation::DeclareEmergency(operation) => consent::declare_emergency(self, operation),
            Operation::EndEmergency(operation) => consent::end_emergency(self, operation),
            Operation::PayDividend(operation) => consent::pay_dividend(self, operation),
            Operation::AcknowledgeShred(operation) => consent::acknowledge_shred(self, operation),
            Operation::GrantAuditView(operation) => consent::grant_audit_view(self, operation),
            Operation::EndAuditView(operation) => consent::end_audit_view(self, operation),
            Operation::ReadAccessLog(operation) => consent::read_access_log(self, operation),
        }
    }
}
