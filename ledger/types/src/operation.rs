//! What a transaction can do: the table of operations, one row each.
//!
//! A row has the operation's number on the wire, its name in JSON, and its type. The type, in the
//! file of its area, has everything else that is said of it: fields, rules of refusal, samples.

use serde_json::Value;

use crate::event::Event;
use crate::facts::Facts;
use crate::id::{AccountId, AddressPrefix, ZoneId};
use crate::json::{Json, JsonError, Schemas, choice};
use crate::rejection::Rule;

pub use crate::access::{
    AccessBasis, AcknowledgeShred, AcknowledgeWithdrawal, ConsentBasis, Deletion, DividendRow,
    Half, NameHolder, PayDividend, RecordDisclosures, RecordReceipt, RecordUse, RequestAccess,
};
pub use crate::authority::{KeyRole, WeightedKey};
pub use crate::consent::{
    Amend, Answer, EndByController, Grant, Invalidate, ReconsentAnswer, Renew, RequestReconsent,
    RespondReconsent, Resume, Suspend, Widen, Withdraw, WithdrawFor,
};
pub use crate::money::{
    AccountKind, AccountStatus, CancelRedeem, ClaimRedeem, CloseAccount, CloseCycle,
    ConfirmSettlement, CorrectDeath, FailSettlement, Freeze, FreezeBasis, FreezeDirection, Issue,
    KycLevel, Limits, MarkDeceased, OpenAccount, ReleaseRedeem, RequestRedeem, SetLimits,
    SetNetDebitCap, SettleRedeem, SettlementFailure, Transfer, TransferEstate, Unfreeze,
};
pub use crate::oversight::{
    AuditScope, BreakGlass, DeclareEmergency, EndAuditView, EndEmergency, Finding, GrantAuditView,
    NotifySubject, ReadAccessLog, ReadRight, ReviewBreakGlass,
};
pub use crate::payment::{CancelRequest, Refund, Void};
pub use crate::payout::{
    CancelPayout, CompletePayout, RequestPayout, ReturnPayout, ReturnReason, SendPayout,
    SetPayoutAccount, SetPayoutTerms,
};
pub use crate::person::{
    AnswerSubjectRequest, Delegate, EndDelegation, ExecuteAccountRecovery, ExecuteRecovery,
    GuardianPowers, Hasten, KeyLoss, ProposeAccountRecovery, ProposeRecovery, RegisterContact,
    RegisterCounter, RequestKind, RequestOutcome, RotateKeys, StopOptOut, SubjectRequest, Urgent,
    VetoAccountRecovery, VetoRecovery,
};
pub use crate::programme::{
    Apply, AwardLeft, Buyer, CreateProgramme, DefineInstrument, DepositSecret, DrawLottery,
    FundProgramme, LeafClaim, MoveEscrow, OpenRound, OpenShare, Purchase, ReconcileProgramme,
    RevealSecret, RevokeLeaf, SupplementEligibility, TenderLine,
};
pub use crate::registry::{
    NotifyOptOut, PublishCompensation, PublishJointUse, PublishLegalBasis, PublishNotice,
    PublishRegime, PublishVocabulary, RaiseAllowance, RaiseFor, RegisterParty, UpdateParty,
};
pub use crate::zone::{
    AnsweredRequest, Charge, CloseMerchant, CreateZone, Discharge, EndTerminal, HoldMerchant,
    MerchantClass, MerchantProfile, OpenZoneAccount, Pay, RegisterMerchant, RegisterTerminal,
    SetFeeSchedule, SetRevenueShare, UpdateMerchant, UpdateZone,
};

/// Calls a macro with the table of operations: `number "name" Type;` a row.
#[macro_export]
macro_rules! operations {
    ($call:path) => {
        $call! {
            0 "open_account" OpenAccount;
            1 "issue" Issue;
            2 "request_redeem" RequestRedeem;
            3 "settle_redeem" SettleRedeem;
            4 "cancel_redeem" CancelRedeem;
            5 "transfer" Transfer;
            6 "set_net_debit_cap" SetNetDebitCap;
            7 "register_merchant" RegisterMerchant;
            8 "open_zone_account" OpenZoneAccount;
            9 "charge" Charge;
            10 "discharge" Discharge;
            11 "pay" Pay;
            12 "register_party" RegisterParty;
            13 "publish_notice" PublishNotice;
            14 "grant" Grant;
            15 "withdraw" Withdraw;
            16 "request_access" RequestAccess;
            17 "update_party" UpdateParty;
            18 "publish_vocabulary" PublishVocabulary;
            19 "publish_legal_basis" PublishLegalBasis;
            20 "publish_regime" PublishRegime;
            21 "publish_joint_use" PublishJointUse;
            22 "notify_opt_out" NotifyOptOut;
            23 "publish_terms" PublishCompensation;
            24 "amend" Amend;
            25 "widen" Widen;
            26 "withdraw_for" WithdrawFor;
            27 "revoke" EndByController;
            28 "invalidate" Invalidate;
            29 "suspend" Suspend;
            30 "resume" Resume;
            31 "renew" Renew;
            32 "request_reconsent" RequestReconsent;
            33 "respond_reconsent" RespondReconsent;
            34 "register_contact" RegisterContact;
            35 "stop_opt_out" StopOptOut;
            36 "subject_request" SubjectRequest;
            37 "answer_subject_request" AnswerSubjectRequest;
            38 "delegate" Delegate;
            39 "end_delegation" EndDelegation;
            40 "propose_recovery" ProposeRecovery;
            41 "execute_recovery" ExecuteRecovery;
            42 "veto_recovery" VetoRecovery;
            43 "record_use" RecordUse;
            44 "record_receipt" RecordReceipt;
            45 "record_disclosures" RecordDisclosures;
            46 "acknowledge_withdrawal" AcknowledgeWithdrawal;
            47 "break_glass" BreakGlass;
            48 "review_break_glass" ReviewBreakGlass;
            49 "notify_subject" NotifySubject;
            50 "declare_emergency" DeclareEmergency;
            51 "end_emergency" EndEmergency;
            52 "pay_dividend" PayDividend;
            53 "acknowledge_shred" AcknowledgeShred;
            54 "grant_audit_view" GrantAuditView;
            55 "end_audit_view" EndAuditView;
            56 "read_access_log" ReadAccessLog;
            57 "rotate_keys" RotateKeys;
            58 "freeze" Freeze;
            59 "unfreeze" Unfreeze;
            60 "propose_account_recovery" ProposeAccountRecovery;
            61 "execute_account_recovery" ExecuteAccountRecovery;
            62 "veto_account_recovery" VetoAccountRecovery;
            63 "register_counter" RegisterCounter;
            64 "hasten" Hasten;
            65 "raise_allowance" RaiseAllowance;
            66 "name_holder" NameHolder;
            67 "claim_redeem" ClaimRedeem;
            68 "release_redeem" ReleaseRedeem;
            69 "set_limits" SetLimits;
            70 "close_account" CloseAccount;
            71 "mark_deceased" MarkDeceased;
            72 "transfer_estate" TransferEstate;
            73 "correct_death" CorrectDeath;
            74 "close_cycle" CloseCycle;
            75 "confirm_settlement" ConfirmSettlement;
            76 "fail_settlement" FailSettlement;
            77 "create_zone" CreateZone;
            78 "update_zone" UpdateZone;
            79 "set_fee_schedule" SetFeeSchedule;
            80 "set_revenue_share" SetRevenueShare;
            81 "update_merchant" UpdateMerchant;
            82 "define_instrument" DefineInstrument;
            83 "create_programme" CreateProgramme;
            84 "fund_programme" FundProgramme;
            85 "move_escrow" MoveEscrow;
            86 "open_round" OpenRound;
            87 "purchase" Purchase;
            88 "reconcile_programme" ReconcileProgramme;
            89 "supplement_eligibility" SupplementEligibility;
            90 "revoke_leaf" RevokeLeaf;
            91 "apply" Apply;
            92 "deposit_secret" DepositSecret;
            93 "reveal_secret" RevealSecret;
            94 "open_share" OpenShare;
            95 "draw_lottery" DrawLottery;
            96 "award_left" AwardLeft;
            97 "register_terminal" RegisterTerminal;
            98 "end_terminal" EndTerminal;
            99 "cancel_request" CancelRequest;
            100 "refund" Refund;
            101 "void" Void;
            102 "set_payout_terms" SetPayoutTerms;
            103 "set_payout_account" SetPayoutAccount;
            104 "request_payout" RequestPayout;
            105 "cancel_payout" CancelPayout;
            106 "send_payout" SendPayout;
            107 "complete_payout" CompletePayout;
            108 "return_payout" ReturnPayout;
            109 "hold_merchant" HoldMerchant;
            110 "close_merchant" CloseMerchant;
        }
    };
}

macro_rules! table {
    ($( $number:literal $name:literal $type:ident; )*) => {
        choice! {
            /// One operation of a transaction; `type` names it. New ones are only ever added at the
            /// end.
            pub enum Operation { $( $type[operation: $type] = $number as $name, )* }
        }

        $( impl From<$type> for Operation {
            fn from(operation: $type) -> Self {
                Self::$type(operation)
            }
        } )*

        impl Operation {
            /// Every operation's name in JSON, in the order of their numbers.
            pub const NAMES: &'static [&'static str] = &[ $( $name, )* ];

            /// Its name in JSON.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $( Self::$type(_) => $name, )* }
            }

            /// The rules by which it is refused, in the order in which they are asked.
            #[must_use]
            pub const fn refused(&self) -> &'static [Rule] {
                match self { $( Self::$type(_) => <$type as Facts>::REFUSED, )* }
            }

            /// What it did if it committed, where that follows from it and its sender alone.
            #[must_use]
            pub fn follows(&self, sender: AccountId) -> Option<Event> {
                match self { $( Self::$type(operation) => operation.follows(sender).map(Into::into), )* }
            }

            /// The zone and number of the terminal whose key signs it for its merchant; none where the
            /// sender's own keys do.
            #[must_use]
            pub fn terminal(&self) -> Option<(ZoneId, u16)> {
                match self { $( Self::$type(operation) => operation.terminal(), )* }
            }

            /// Fixed values of every operation, in the order of their numbers.
            #[must_use]
            pub fn samples() -> Vec<Self> {
                let mut all = Vec::new();
                $( all.extend($type::samples().into_iter().map(Self::$type)); )*
                all
            }
        }
    };
}

operations!(table);

impl Operation {
    /// The rules by which whatever an account sends is refused, before the operation's own: asked
    /// before each operation of accounts that can hold money.
    pub const REFUSED_OF_ACCOUNTS: &'static [Rule] = &[Rule::AccountClosed, Rule::HolderDeceased];

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

    /// The request for an access, where it is one.
    #[must_use]
    pub fn as_request_access(&self) -> Option<&RequestAccess> {
        if let Self::RequestAccess(request) = self { Some(request) } else { None }
    }

    /// The claim of a redeem request, where it is one.
    #[must_use]
    pub fn as_claim_redeem(&self) -> Option<&ClaimRedeem> {
        if let Self::ClaimRedeem(claim) = self { Some(claim) } else { None }
    }

    /// The close of a settlement cycle, where it is one.
    #[must_use]
    pub fn as_close_cycle(&self) -> Option<&CloseCycle> {
        if let Self::CloseCycle(close) = self { Some(close) } else { None }
    }

    /// The issue, where it is one.
    #[must_use]
    pub fn as_issue(&self) -> Option<&Issue> {
        if let Self::Issue(issue) = self { Some(issue) } else { None }
    }

    /// The payment at a shop, where it is one.
    #[must_use]
    pub fn as_pay(&self) -> Option<&Pay> {
        if let Self::Pay(pay) = self { Some(pay) } else { None }
    }

    /// Whether it is a payment that says what it refers to.
    #[must_use]
    pub fn is_payment_with_reference(&self) -> bool {
        matches!(self, Self::Transfer(transfer) if transfer.reference.is_some())
            || matches!(self, Self::Pay(pay) if pay.reference.is_some())
    }

    /// The operation in JSON on the network with this prefix.
    #[must_use]
    pub fn in_json(&self, prefix: &AddressPrefix) -> Value {
        self.to_json(prefix).unwrap_or_default()
    }

    /// The operation that JSON says, on the network with this prefix.
    ///
    /// # Errors
    /// [`JsonError`] names the field that does not hold what it should.
    pub fn from_json(value: Value, prefix: &AddressPrefix) -> Result<Self, JsonError> {
        Self::of_json(Some(value), "operation", prefix)
    }

    /// The schemas of all operations.
    #[must_use]
    pub fn schemas() -> Schemas {
        let mut schemas = Schemas::default();
        Self::schema(&mut schemas);
        schemas
    }
}
