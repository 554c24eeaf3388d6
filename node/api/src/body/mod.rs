//! Bodies of requests and answers, one file a subject.

mod access;
mod account;
mod block;
mod consent;
mod cycle;
mod duty;
mod history;
mod payment;
mod programme;
mod receipt;
mod registry;
mod report;
mod status;
mod supply;
mod transaction;
mod validator;
mod zone;

pub use access::{AccessBody, AccessStep, AccessStepBody, HolderHalfBody};
pub use account::{
    AccountBody, AddressKind, FrozenBody, GuardianshipBody, KeyBody, LimitsBody, MoneyBody,
    RecoveryBody, ZoneBalanceBody,
};
pub use block::{BlockBody, BlockEvent, CertificateBody};
pub use consent::{
    AcknowledgedBody, AcknowledgementBody, CheckBody, ConsentBody, ConsentPage, Decision,
    GuardianBody, NoticeBody, PartyBody, PartyPage,
};
pub use cycle::{
    CycleBody, CyclePartBody, CyclePaymentBody, CyclePledgeBody, CycleStanding, CyclesBody,
};
pub use duty::{
    DutyBody, DutyPage, GlassBody, RequestAnswerBody, RequestBody, ReviewBody, ViewBody,
};
pub use ledger_types::ConsentStanding;

pub use history::{HistoryEntry, HistoryPage, LogEntry, LogPage};
pub use payment::{PaymentBody, SpentBody, TerminalBody, TerminalKeyBody, TerminalsBody};
pub use programme::{
    BucketBody, BucketTallyBody, CommitterBody, EligibilityListBody, EscrowBody, InstrumentBody,
    InstrumentsBody, LotteryBody, OpenedShareBody, ProgrammeBody, ProgrammesBody, PublicTicketBody,
    RoundBody, RoundStanding, SecretBody, SecretsBody, TicketBody, TicketLeafBody, TicketPage,
    TicketsBody, VoucherBody,
};
pub use receipt::{OutcomeBody, ReceiptBody};
pub use registry::{
    EmergencyBody, EndorsementBody, JointUseBody, LegalBasisBody, OptOutBody, ReconsentBody,
    ReconsentPage, RegimeBody, TermsBody, VocabularyBody,
};
pub use report::{
    CountedBody, FeeRecipient, FeesBody, MerchantFeesBody, RecipientBody, SpentForBody,
    VersionFeesBody, ZoneReportBody,
};
pub use status::{Health, LabBody, NodeBody, PeerBody, StatusBody};
pub use supply::{BankBody, Custodian, FloatBody, PairBody, SupplyBody, ZoneTotalBody};
pub use transaction::{
    AuthorisationBody, BulkAnswer, OperationBody, RefusedBody, Submitted, TransactionBody,
    TransactionState, TransactionStatus,
};
pub use validator::{ValidatorBody, ValidatorsBody};
pub use zone::{
    FeeScheduleBody, MerchantBody, MerchantPage, PayoutTermsBody, RevenueShareBody, ShareBody,
    ZoneBody, ZonesBody,
};

#[cfg(test)]
mod tests;
