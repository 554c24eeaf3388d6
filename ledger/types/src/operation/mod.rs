//! What a transaction can do, one variant an operation; the order of variants is the wire's.

mod money;
mod oversight;
mod person;
mod registry;
mod subject;
mod use_of_data;
mod zone;

use borsh::{BorshDeserialize, BorshSerialize};

pub use money::{
    AccountKind, CancelRedeem, Issue, KycLevel, OpenAccount, RequestRedeem, SetNetDebitCap,
    SettleRedeem, Transfer, WeightedKey,
};
pub use oversight::{
    AuditScope, BreakGlass, DeclareEmergency, EndAuditView, EndEmergency, Finding, GrantAuditView,
    NotifySubject, ReadAccessLog, ReadRight, ReviewBreakGlass,
};
pub use person::{
    AnswerSubjectRequest, Delegate, EndDelegation, ExecuteRecovery, GuardianPowers,
    ProposeRecovery, RegisterContact, RequestKind, RequestOutcome, StopOptOut, SubjectRequest,
    VetoRecovery,
};
pub use registry::{
    NotifyOptOut, PublishJointUse, PublishLegalBasis, PublishNotice, PublishRegime, PublishTerms,
    PublishVocabulary, RegisterParty, UpdateParty,
};
pub use subject::{
    Amend, Answer, Grant, Invalidate, ReconsentAnswer, Renew, RequestReconsent, RespondReconsent,
    Resume, Revoke, Suspend, Widen, Withdraw, WithdrawFor,
};
pub use use_of_data::{
    AccessBasis, AcknowledgeShred, AcknowledgeWithdrawal, ConsentBasis, Deletion, DividendRow,
    Half, PayDividend, RecordDisclosures, RecordReceipt, RecordUse, RequestAccess,
};
pub use zone::{Charge, Discharge, MerchantClass, OpenZoneAccount, Pay, RegisterMerchant};

/// One operation of a transaction. New ones are only ever added at the end.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Operation {
    /// A bank opens an account of which it is the custodian.
    OpenAccount(OpenAccount) = 0,
    /// A bank creates deposit tokens in an account it keeps.
    Issue(Issue) = 1,
    /// A holder asks its bank to pay deposit tokens out; they are held meanwhile.
    RequestRedeem(RequestRedeem) = 2,
    /// The bank has paid: the held tokens end.
    SettleRedeem(SettleRedeem) = 3,
    /// The holder or its bank gives the held tokens back.
    CancelRedeem(CancelRedeem) = 4,
    /// A holder pays another account, within a bank or across banks.
    Transfer(Transfer) = 5,
    /// The settlement operator sets how much a bank may owe the others on net.
    SetNetDebitCap(SetNetDebitCap) = 6,
    /// A zone's operator registers a merchant.
    RegisterMerchant(RegisterMerchant) = 7,
    /// A holder opens its own sub-account in a zone.
    OpenZoneAccount(OpenZoneAccount) = 8,
    /// A holder moves yen to its own sub-account of a zone.
    Charge(Charge) = 9,
    /// A holder moves yen back from its sub-account of a zone.
    Discharge(Discharge) = 10,
    /// A holder pays a registered merchant inside a zone.
    Pay(Pay) = 11,
    /// The registrar enters a consent party.
    RegisterParty(RegisterParty) = 12,
    /// A controller publishes a version of a notice.
    PublishNotice(PublishNotice) = 13,
    /// A data subject consents.
    Grant(Grant) = 14,
    /// A data subject ends a consent, at once.
    Withdraw(Withdraw) = 15,
    /// A party asks whether a use is allowed; committed means permitted, rejected says why not.
    RequestAccess(RequestAccess) = 16,
    /// The registrar changes what a party may do, or suspends it.
    UpdateParty(UpdateParty) = 17,
    /// The registrar freezes a version of a vocabulary.
    PublishVocabulary(PublishVocabulary) = 18,
    /// The registrar publishes a version of a legal basis.
    PublishLegalBasis(PublishLegalBasis) = 19,
    /// The registrar publishes a version of a regime's deadlines.
    PublishRegime(PublishRegime) = 20,
    /// A controller publishes a version of a scheme of joint use.
    PublishJointUse(PublishJointUse) = 21,
    /// A controller notifies a scheme that people may object to.
    NotifyOptOut(NotifyOptOut) = 22,
    /// A controller publishes what it pays for data.
    PublishTerms(PublishTerms) = 23,
    /// A data subject narrows a consent.
    Amend(Amend) = 24,
    /// A data subject widens a consent under a newer notice.
    Widen(Widen) = 25,
    /// A consent is ended for its subject, on proved identity.
    WithdrawFor(WithdrawFor) = 26,
    /// A controller ends a consent.
    Revoke(Revoke) = 27,
    /// An auditor or the city ends a consent that should never have counted.
    Invalidate(Invalidate) = 28,
    /// A data subject sets a consent aside.
    Suspend(Suspend) = 29,
    /// A data subject takes a suspended consent up again.
    Resume(Resume) = 30,
    /// A data subject renews a consent under the current notice.
    Renew(Renew) = 31,
    /// A controller asks for renewals.
    RequestReconsent(RequestReconsent) = 32,
    /// A data subject answers a request for renewals.
    RespondReconsent(RespondReconsent) = 33,
    /// A data subject says where requests reach it.
    RegisterContact(RegisterContact) = 34,
    /// A person objects to an opt-out scheme.
    StopOptOut(StopOptOut) = 35,
    /// A data subject asks a controller for access, correction, a stop or erasure.
    SubjectRequest(SubjectRequest) = 36,
    /// A controller answers a data subject.
    AnswerSubjectRequest(AnswerSubjectRequest) = 37,
    /// A guardian gets authority over a data subject's consents.
    Delegate(Delegate) = 38,
    /// A guardian's authority ends early.
    EndDelegation(EndDelegation) = 39,
    /// A counter proposes a new key for a data subject that lost its own.
    ProposeRecovery(ProposeRecovery) = 40,
    /// The new key takes over, after the delay.
    ExecuteRecovery(ExecuteRecovery) = 41,
    /// The data subject still has its key.
    VetoRecovery(VetoRecovery) = 42,
    /// A data holder records what it disclosed.
    RecordUse(RecordUse) = 43,
    /// A recipient records what it received.
    RecordReceipt(RecordReceipt) = 44,
    /// A holder or recipient records an hour's disclosures as one root.
    RecordDisclosures(RecordDisclosures) = 45,
    /// A controller says what it did about an ended consent.
    AcknowledgeWithdrawal(AcknowledgeWithdrawal) = 46,
    /// A party accesses data in an emergency, and is reviewed.
    BreakGlass(BreakGlass) = 47,
    /// Another organisation reviews a broken glass.
    ReviewBreakGlass(ReviewBreakGlass) = 48,
    /// The person was told of a broken glass.
    NotifySubject(NotifySubject) = 49,
    /// A member endorses an emergency in an area.
    DeclareEmergency(DeclareEmergency) = 50,
    /// The city ends an emergency.
    EndEmergency(EndEmergency) = 51,
    /// A month's dividends are paid in bulk.
    PayDividend(PayDividend) = 52,
    /// A party destroyed its salts and keys of an ended consent.
    AcknowledgeShred(AcknowledgeShred) = 53,
    /// An auditor may read from here on.
    GrantAuditView(GrantAuditView) = 54,
    /// An auditor may not read any more.
    EndAuditView(EndAuditView) = 55,
    /// A party reads a subject's access log.
    ReadAccessLog(ReadAccessLog) = 56,
}

impl Operation {
    /// The grant of a consent, where it is one.
    #[must_use]
    pub fn as_grant(&self) -> Option<&Grant> {
        if let Self::Grant(grant) = self { Some(grant) } else { None }
    }

    /// The withdrawal by the subject itself, where it is one.
    #[must_use]
    pub fn as_withdraw(&self) -> Option<&Withdraw> {
        if let Self::Withdraw(withdraw) = self { Some(withdraw) } else { None }
    }
}
