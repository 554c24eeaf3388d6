//! What of an operation was asked, and what the wallet made up itself: how the same is known again.

use ledger_types::operation::{
    AnsweredRequest, Buyer, ClaimRedeem, ConfirmSettlement, FailSettlement, HoldMerchant, Pay,
    Purchase, Refund, RequestPayout, RequestRedeem, SendPayout, SetPayoutAccount, Transfer,
    TransferEstate, Void,
};
use ledger_types::{Hash, Operation, Timestamp, Yen};

/// What an operation is among those that somebody may ask for twice.
pub(super) enum Essence {
    /// Without what the wallet made up itself; the ledger does it again each time that it is sent.
    Again(Operation),
    /// All of it was asked; the ledger refuses it the second time, or changes nothing then.
    Once(Operation),
    /// It has more than what was asked, or other than that: only the command says what was.
    Command,
}

/// Whether the ledger does the same again each time that it is sent.
pub(super) fn does_again(operation: &Operation) -> bool {
    matches!(essence(operation), Essence::Again(_))
}

#[expect(clippy::too_many_lines, reason = "a table: one line an operation")]
pub(super) fn essence(operation: &Operation) -> Essence {
    use Operation as Of;
    match operation {
        Of::Transfer(o) => Essence::Again(Of::Transfer(Transfer { reference: None, ..o.clone() })),
        Of::Pay(o) => pay(o),
        // Two refunds are one order where payment and amount are the same. What was refunded before is read
        // anew each time: after an unknown outcome it may be more by the very refund that is looked for.
        // The ledger makes one at most of all those that name the same amount before.
        Of::Refund(o) => {
            let asked = Refund { before: Yen::ZERO, terminal: None, reference: None, ..o.clone() };
            Essence::Again(Of::Refund(asked))
        }
        Of::Void(o) => Essence::Once(Of::Void(Void { terminal: None, ..o.clone() })),
        Of::TransferEstate(o) => {
            let asked = TransferEstate { evidence: Hash::ZERO, ..o.clone() };
            Essence::Again(Of::TransferEstate(asked))
        }
        Of::RequestRedeem(o) => {
            let asked = RequestRedeem { redeem: Hash::ZERO, ..o.clone() };
            Essence::Again(Of::RequestRedeem(asked))
        }
        Of::RequestPayout(o) => {
            let asked = RequestPayout { payout: Hash::ZERO, statement: None, ..o.clone() };
            Essence::Again(Of::RequestPayout(asked))
        }
        Of::Purchase(o) => match o.buyer {
            // Who does not say how many buys what was won and is not bought, which is other sets once
            // the first purchase came.
            Buyer::Ticket { ticket, sets: _ } => {
                let buyer = Buyer::Ticket { ticket, sets: 0 };
                Essence::Again(Of::Purchase(Purchase { buyer, price: Yen::ZERO, ..*o }))
            }
            Buyer::Anybody { .. } | Buyer::Leaves { .. } => Essence::Again(operation.clone()),
        },
        Of::Charge(_) | Of::Discharge(_) | Of::MoveEscrow(_) => Essence::Again(operation.clone()),
        Of::Issue(_)
        | Of::SettleRedeem(_)
        | Of::ReleaseRedeem(_)
        | Of::CancelRedeem(_)
        | Of::SetNetDebitCap(_)
        | Of::CloseCycle(_)
        | Of::RegisterMerchant(_)
        | Of::UpdateMerchant(_)
        | Of::CreateZone(_)
        | Of::UpdateZone(_)
        | Of::OpenZoneAccount(_)
        | Of::PayDividend(_)
        | Of::Unfreeze(_)
        | Of::SetLimits(_)
        | Of::CloseAccount(_)
        | Of::RotateKeys(_)
        | Of::ExecuteAccountRecovery(_)
        | Of::VetoAccountRecovery(_)
        | Of::Withdraw(_)
        | Of::Suspend(_)
        | Of::Resume(_)
        | Of::EndDelegation(_)
        | Of::ExecuteRecovery(_)
        | Of::VetoRecovery(_)
        | Of::RecordUse(_)
        | Of::RecordReceipt(_)
        | Of::RecordDisclosures(_)
        | Of::NameHolder(_)
        | Of::EndEmergency(_)
        | Of::EndAuditView(_)
        | Of::DefineInstrument(_)
        | Of::CreateProgramme(_)
        | Of::FundProgramme(_)
        | Of::OpenRound(_)
        | Of::ReconcileProgramme(_)
        | Of::SupplementEligibility(_)
        | Of::RevokeLeaf(_)
        | Of::Apply(_)
        | Of::DepositSecret(_)
        | Of::RevealSecret(_)
        | Of::OpenShare(_)
        | Of::DrawLottery(_)
        | Of::AwardLeft(_)
        | Of::EndTerminal(_)
        | Of::CancelRequest(_)
        | Of::SetPayoutTerms(_)
        | Of::CancelPayout(_)
        | Of::CompletePayout(_)
        | Of::ReturnPayout(_)
        | Of::CloseMerchant(_)
        | Of::RegisterTerminal(_) => Essence::Once(operation.clone()),
        // Until when a claim lasts is counted from now: who asks again in a minute means the same.
        Of::ClaimRedeem(o) => {
            let until = Timestamp::from_millis(0);
            Essence::Once(Of::ClaimRedeem(ClaimRedeem { until, ..o.clone() }))
        }
        // Of these too what the salted commitment is to is said beside it.
        Of::SetPayoutAccount(_) => {
            let destination = Hash::ZERO;
            Essence::Once(Of::SetPayoutAccount(SetPayoutAccount { destination }))
        }
        Of::SendPayout(o) => {
            let file = Hash::ZERO;
            Essence::Once(Of::SendPayout(SendPayout { file, ..o.clone() }))
        }
        Of::HoldMerchant(o) => {
            let ground = o.ground.map(|_| Hash::ZERO);
            Essence::Once(Of::HoldMerchant(HoldMerchant { ground, ..o.clone() }))
        }
        // What the salted commitment is to is said beside it, or stands in a file.
        Of::ConfirmSettlement(o) => {
            let external_ref = Hash::ZERO;
            Essence::Once(Of::ConfirmSettlement(ConfirmSettlement { external_ref, ..o.clone() }))
        }
        Of::FailSettlement(o) => {
            let ground = Hash::ZERO;
            Essence::Once(Of::FailSettlement(FailSettlement { ground, ..o.clone() }))
        }
        Of::OpenAccount(_)
        | Of::SetFeeSchedule(_)
        | Of::SetRevenueShare(_)
        | Of::Freeze(_)
        | Of::MarkDeceased(_)
        | Of::CorrectDeath(_)
        | Of::ProposeAccountRecovery(_)
        | Of::RegisterParty(_)
        | Of::UpdateParty(_)
        | Of::PublishNotice(_)
        | Of::PublishVocabulary(_)
        | Of::PublishLegalBasis(_)
        | Of::PublishRegime(_)
        | Of::PublishJointUse(_)
        | Of::NotifyOptOut(_)
        | Of::PublishCompensation(_)
        | Of::Grant(_)
        | Of::Amend(_)
        | Of::Widen(_)
        | Of::WithdrawFor(_)
        | Of::EndByController(_)
        | Of::Invalidate(_)
        | Of::Renew(_)
        | Of::RequestReconsent(_)
        | Of::RespondReconsent(_)
        | Of::RegisterContact(_)
        | Of::StopOptOut(_)
        | Of::SubjectRequest(_)
        | Of::AnswerSubjectRequest(_)
        | Of::Delegate(_)
        | Of::ProposeRecovery(_)
        | Of::RegisterCounter(_)
        | Of::Hasten(_)
        | Of::RequestAccess(_)
        | Of::AcknowledgeWithdrawal(_)
        | Of::AcknowledgeShred(_)
        | Of::BreakGlass(_)
        | Of::ReviewBreakGlass(_)
        | Of::NotifySubject(_)
        | Of::DeclareEmergency(_)
        | Of::GrantAuditView(_)
        | Of::ReadAccessLog(_)
        | Of::RaiseAllowance(_) => Essence::Command,
    }
}

/// How much comes from the bank account, and which vouchers pay, is what was there then. A request is
/// paid once, however much of it is cash.
fn pay(o: &Pay) -> Essence {
    let asked = Pay { charge: None, vouchers: None, reference: None, again: false, ..o.clone() };
    let Some(request) = asked.request.clone() else {
        return Essence::Again(Operation::Pay(asked));
    };
    let amount = asked.amount.checked_add(request.cash).unwrap_or(asked.amount);
    let request = Some(AnsweredRequest { cash: Yen::ZERO, ..request });
    Essence::Once(Operation::Pay(Pay { amount, request, ..asked }))
}
