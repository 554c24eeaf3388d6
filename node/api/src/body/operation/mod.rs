//! Operations in JSON: `{"type": "transfer", "to": …, "amount": …}`, one shape for each variant.
//!
//! Each file is a table of fields, in the words of `ledger_types::operation`; what a field looks
//! like in JSON is its type's matter (`json`), so that no operation's conversion is written twice.

/// Shapes in JSON of structs of the ledger, with their conversions both ways.
macro_rules! bodies {
    ($( $(#[$doc:meta])* $body:ident of $type:ident {
        $( $(#[$field_doc:meta])* $field:ident: $value:ty as [$($schema:tt)+], )*
    } )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $body {
            $(
                $(#[$field_doc])*
                #[schema(value_type = $($schema)+)]
                pub $field: <$value as Json>::Body,
            )*
        }

        impl Json for $type {
            type Body = $body;

            #[allow(unused_variables, reason = "some have no fields, or none that names an account")]
            fn to_json(&self, prefix: &AddressPrefix) -> $body {
                $body { $( $field: self.$field.to_json(prefix), )* }
            }

            #[allow(unused_variables, reason = "some have no fields, or none that names an account")]
            fn of_json(
                body: $body,
                _: &'static str,
                prefix: &AddressPrefix,
            ) -> Result<Self, BodyError> {
                Ok(Self {
                    $( $field: Json::of_json(body.$field, stringify!($field), prefix)?, )*
                })
            }
        }
    )* };
}

/// Shapes in JSON of enums of the ledger whose variants have fields; `type` names the variant.
macro_rules! choices {
    ($( $(#[$doc:meta])* $body:ident of $type:ident
        $([ $(#[$whole_doc:meta])* $whole:ident($whole_body:ident) ])?
    { $(
        $(#[$variant_doc:meta])* $variant:ident {
            $( $(#[$field_doc:meta])* $field:ident: $value:ty as [$($schema:tt)+], )*
        },
    )* } )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
        pub enum $body { $(
            $(#[$whole_doc])*
            $whole($whole_body), )? $(
            $(#[$variant_doc])*
            $variant {
                $(
                    $(#[$field_doc])*
                    #[schema(value_type = $($schema)+)]
                    $field: <$value as Json>::Body,
                )*
            },
        )* }

        impl Json for $type {
            type Body = $body;

            #[allow(unused_variables, reason = "some have no field that names an account")]
            fn to_json(&self, prefix: &AddressPrefix) -> $body {
                match self {
                    $( Self::$whole(whole) => $body::$whole(whole.to_json(prefix)), )?
                    $( Self::$variant { $($field,)* } => $body::$variant {
                        $( $field: $field.to_json(prefix), )*
                    }, )*
                }
            }

            #[allow(unused_variables, reason = "some have no field that names an account")]
            fn of_json(
                body: $body,
                _: &'static str,
                prefix: &AddressPrefix,
            ) -> Result<Self, BodyError> {
                Ok(match body {
                    $( $body::$whole(whole) => {
                        Self::$whole(Json::of_json(whole, stringify!($whole), prefix)?)
                    } )?
                    $( $body::$variant { $($field,)* } => Self::$variant {
                        $( $field: Json::of_json($field, stringify!($field), prefix)?, )*
                    }, )*
                })
            }
        }
    )* };
}

mod json;
mod money;
mod oversight;
mod person;
mod registry;
pub mod shape;
mod subject;
mod use_of_data;
mod zone;

use ledger_types::{AddressPrefix, Operation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use json::Json;
pub use money::{
    CancelRedeemBody, IssueBody, OpenAccountBody, RequestRedeemBody, SetNetDebitCapBody,
    SettleRedeemBody, TransferBody,
};
pub use oversight::{
    AuditScopeBody, BreakGlassBody, DeclareEmergencyBody, EndAuditViewBody, EndEmergencyBody,
    GrantAuditViewBody, NotifySubjectBody, ReadAccessLogBody, ReadRightBody, ReviewBreakGlassBody,
};
pub use person::{
    AnswerSubjectRequestBody, DelegateBody, EndDelegationBody, ExecuteRecoveryBody,
    ProposeRecoveryBody, RegisterContactBody, StopOptOutBody, SubjectRequestBody, VetoRecoveryBody,
};
pub use registry::{
    NotifyOptOutBody, PublishJointUseBody, PublishLegalBasisBody, PublishNoticeBody,
    PublishRegimeBody, PublishTermsBody, PublishVocabularyBody, RegisterPartyBody, UpdatePartyBody,
};
pub use shape::GuardianPower;
pub use subject::{
    AmendBody, AnswerBody, BreadthBody, GrantBody, InvalidateBody, LeafChangeBody,
    ReconsentAnswerBody, RenewBody, RequestReconsentBody, RespondReconsentBody, ResumeBody,
    RevokeBody, SuspendBody, TermsLeafBody, WidenBody, WithdrawBody, WithdrawForBody,
};
pub use use_of_data::{
    AccessBasisBody, AcknowledgeShredBody, AcknowledgeWithdrawalBody, ConsentBasisBody,
    DividendRowBody, PayDividendBody, PurposeProofBody, RecordDisclosuresBody, RecordReceiptBody,
    RecordUseBody, RequestAccessBody,
};
pub use zone::{ChargeBody, DischargeBody, OpenZoneAccountBody, PayBody, RegisterMerchantBody};

use crate::text::BodyError;

/// The body of every operation, and the conversions between the two.
macro_rules! operations {
    ($( $(#[$doc:meta])* $name:ident($body:ident), )*) => {
        /// One operation. Its `type` names it; unknown members are refused.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum OperationBody { $( $(#[$doc])* $name($body), )* }

        impl OperationBody {
            /// An operation in JSON on the network with this prefix.
            #[must_use]
            pub fn of(operation: &Operation, prefix: &AddressPrefix) -> Self {
                match operation {
                    $( Operation::$name(operation) => Self::$name(operation.to_json(prefix)), )*
                }
            }

            /// The operation on the network with this prefix.
            ///
            /// # Errors
            /// [`BodyError`] names the field that does not hold what it should.
            pub fn operation(self, prefix: &AddressPrefix) -> Result<Operation, BodyError> {
                Ok(match self {
                    $( Self::$name(body) => {
                        Operation::$name(Json::of_json(body, stringify!($name), prefix)?)
                    } )*
                })
            }
        }
    };
}

operations! {
    /// A bank opens an account of which it is the custodian.
    OpenAccount(OpenAccountBody),
    /// A bank creates deposit tokens in an account it keeps.
    Issue(IssueBody),
    /// A holder asks its bank to pay deposit tokens out; they are held meanwhile.
    RequestRedeem(RequestRedeemBody),
    /// The bank has paid: the held tokens end.
    SettleRedeem(SettleRedeemBody),
    /// The holder or its bank gives the held tokens back.
    CancelRedeem(CancelRedeemBody),
    /// A holder pays another account, within a bank or across banks.
    Transfer(TransferBody),
    /// The settlement operator sets how much a bank may owe the others on net.
    SetNetDebitCap(SetNetDebitCapBody),
    /// A zone's operator registers a merchant.
    RegisterMerchant(RegisterMerchantBody),
    /// A holder opens its own sub-account in a zone.
    OpenZoneAccount(OpenZoneAccountBody),
    /// A holder moves yen to its own sub-account of a zone.
    Charge(ChargeBody),
    /// A holder moves yen back from its sub-account of a zone.
    Discharge(DischargeBody),
    /// A holder pays a registered merchant inside a zone.
    Pay(PayBody),
    /// The registrar enters a consent party.
    RegisterParty(RegisterPartyBody),
    /// A controller publishes a version of a notice.
    PublishNotice(PublishNoticeBody),
    /// A data subject consents.
    Grant(GrantBody),
    /// A data subject ends a consent, at once.
    Withdraw(WithdrawBody),
    /// A party asks whether a use is allowed; committed means permitted, rejected says why not.
    RequestAccess(RequestAccessBody),
    /// The registrar changes what a party may do, or suspends it.
    UpdateParty(UpdatePartyBody),
    /// The registrar freezes a version of a vocabulary.
    PublishVocabulary(PublishVocabularyBody),
    /// The registrar publishes a version of a legal basis.
    PublishLegalBasis(PublishLegalBasisBody),
    /// The registrar publishes a version of a regime's deadlines.
    PublishRegime(PublishRegimeBody),
    /// A controller publishes a version of a scheme of joint use.
    PublishJointUse(PublishJointUseBody),
    /// A controller notifies a scheme that people may object to.
    NotifyOptOut(NotifyOptOutBody),
    /// A controller publishes what it pays for data.
    PublishTerms(PublishTermsBody),
    /// A data subject narrows a consent.
    Amend(AmendBody),
    /// A data subject widens a consent under a newer notice.
    Widen(WidenBody),
    /// A consent is ended for its subject, on proved identity.
    WithdrawFor(WithdrawForBody),
    /// A controller ends a consent.
    Revoke(RevokeBody),
    /// An auditor or the city ends a consent that should never have counted.
    Invalidate(InvalidateBody),
    /// A data subject sets a consent aside.
    Suspend(SuspendBody),
    /// A data subject takes a suspended consent up again.
    Resume(ResumeBody),
    /// A data subject renews a consent under the current notice.
    Renew(RenewBody),
    /// A controller asks for renewals.
    RequestReconsent(RequestReconsentBody),
    /// A data subject answers a request for renewals.
    RespondReconsent(RespondReconsentBody),
    /// A data subject says where requests reach it.
    RegisterContact(RegisterContactBody),
    /// A person objects to an opt-out scheme.
    StopOptOut(StopOptOutBody),
    /// A data subject asks a controller for access, correction, a stop or erasure.
    SubjectRequest(SubjectRequestBody),
    /// A controller answers a data subject.
    AnswerSubjectRequest(AnswerSubjectRequestBody),
    /// A guardian gets authority over a data subject's consents.
    Delegate(DelegateBody),
    /// A guardian's authority ends early.
    EndDelegation(EndDelegationBody),
    /// A counter proposes a new key for a data subject that lost its own.
    ProposeRecovery(ProposeRecoveryBody),
    /// The new key takes over, after the delay.
    ExecuteRecovery(ExecuteRecoveryBody),
    /// The data subject still has its key.
    VetoRecovery(VetoRecoveryBody),
    /// A data holder records what it disclosed.
    RecordUse(RecordUseBody),
    /// A recipient records what it received.
    RecordReceipt(RecordReceiptBody),
    /// A holder or recipient records an hour's disclosures as one root.
    RecordDisclosures(RecordDisclosuresBody),
    /// A controller says what it did about an ended consent.
    AcknowledgeWithdrawal(AcknowledgeWithdrawalBody),
    /// A party accesses data in an emergency, and is reviewed.
    BreakGlass(BreakGlassBody),
    /// Another organisation reviews a broken glass.
    ReviewBreakGlass(ReviewBreakGlassBody),
    /// The person was told of a broken glass.
    NotifySubject(NotifySubjectBody),
    /// A member endorses an emergency in an area.
    DeclareEmergency(DeclareEmergencyBody),
    /// The city ends an emergency.
    EndEmergency(EndEmergencyBody),
    /// A month's dividends are paid in bulk.
    PayDividend(PayDividendBody),
    /// A party destroyed its salts and keys of an ended consent.
    AcknowledgeShred(AcknowledgeShredBody),
    /// An auditor may read from here on.
    GrantAuditView(GrantAuditViewBody),
    /// An auditor may not read any more.
    EndAuditView(EndAuditViewBody),
    /// A party reads a subject's access log.
    ReadAccessLog(ReadAccessLogBody),
}
