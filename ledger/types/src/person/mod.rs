//! What people may do beside consenting: contacts, objections, requests, guardians and keys.

mod account_recovery;
mod contact;
mod counter;
mod delegation;
mod recovery;
mod rotate_keys;
mod stop_opt_out;
mod subject;
mod subject_request;

pub use account_recovery::{
    AccountRecovery, AccountRecoveryExecuted, AccountRecoveryProposed, AccountRecoveryVetoed,
    ExecuteAccountRecovery, ProposeAccountRecovery, VetoAccountRecovery,
};
pub use contact::{Contact, ContactRegistered, RegisterContact};
pub use counter::{
    Counter, CounterDay, CounterRegistered, Entered, Hasten, Hastened, RegisterCounter, Urgent,
};
pub use delegation::{
    Delegate, Delegation, DelegationEnded, DelegationGiven, EndDelegation, GuardianPowers,
};
pub use recovery::{
    ExecuteRecovery, KeyLoss, ProposeRecovery, Recovery, RecoveryExecuted, RecoveryProposed,
    RecoveryVetoed, VetoRecovery,
};
pub use rotate_keys::{KeysRotated, RotateKeys};
pub use stop_opt_out::{OptOutStop, OptOutStopped, StopOptOut};
pub use subject::Subject;
pub use subject_request::{
    AnswerSubjectRequest, AskedRequest, RequestAnswer, RequestKind, RequestOutcome, SubjectRequest,
    SubjectRequestAnswered, SubjectRequested,
};
