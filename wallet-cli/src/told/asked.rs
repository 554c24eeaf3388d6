//! What an operation is to its sender, which asked for it in vain.

use ledger_types::{Operation, Yen};

use super::{CONSENT, Direction, Told, payouts, shops};

/// What an operation is to its sender, which asked for it in vain.
#[allow(clippy::too_many_lines, reason = "every operation by its name")]
pub(crate) fn asked(operation: &Operation) -> Told {
    use Operation as Of;
    match operation {
        Of::OpenAccount(_) => Told::new("label-kind-opened"),
        Of::Issue(o) => {
            Told::new("label-kind-issued").moved(Direction::Out, o.amount).with(o.account)
        }
        Of::RequestRedeem(o) => {
            Told::new("label-kind-redeem-requested").moved(Direction::Out, o.amount)
        }
        Of::SettleRedeem(_) => Told::new("label-kind-redeem-settled"),
        Of::CancelRedeem(_) => Told::new("label-kind-redeem-cancelled"),
        Of::ClaimRedeem(o) => Told::new("label-kind-redeem-claimed").until(o.until),
        Of::ReleaseRedeem(_) => Told::new("label-kind-redeem-released"),
        Of::Transfer(o) => {
            Told::new("label-kind-transferred").moved(Direction::Out, o.amount).with(o.to)
        }
        Of::SetNetDebitCap(o) => Told::new("label-kind-cap-set").of(o.cap),
        Of::CloseCycle(_) => Told::new("label-kind-cycle-closed"),
        Of::ConfirmSettlement(_) => Told::new("label-kind-cycle-confirmed"),
        Of::FailSettlement(_) => Told::new("label-kind-cycle-failed"),
        Of::RegisterMerchant(o) => Told::new("label-kind-merchant-registered").with(o.merchant),
        Of::UpdateMerchant(o) => Told::new("label-kind-merchant-updated").with(o.merchant),
        Of::CreateZone(_) => Told::new("label-kind-zone-created"),
        Of::UpdateZone(_) => Told::new("label-kind-zone-updated"),
        Of::SetFeeSchedule(_) => Told::new("label-kind-fees-set"),
        Of::SetRevenueShare(_) => Told::new("label-kind-shares-set"),
        Of::OpenZoneAccount(_) => Told::new("label-kind-zone-opened"),
        Of::Charge(o) => Told::new("label-kind-charged").moved(Direction::Out, o.amount),
        Of::Discharge(o) => Told::new("label-kind-discharged").moved(Direction::In, o.amount),
        Of::Pay(o) => shops::asked_to_pay(o),
        Of::RegisterTerminal(_) => Told::new("label-kind-terminal-registered"),
        Of::EndTerminal(_) => Told::new("label-kind-terminal-ended"),
        Of::CancelRequest(_) => Told::new("label-kind-request-cancelled"),
        Of::Refund(o) => {
            let told = Told::new("label-kind-refunded").about(Some(o.payment), o.terminal);
            told.moved(Direction::Out, o.amount)
        }
        Of::Void(o) => Told::new("label-kind-voided").about(Some(o.payment), o.terminal),
        Of::SetPayoutTerms(_) => Told::new("label-kind-payout-terms"),
        Of::SetPayoutAccount(_) => Told::new("label-kind-payout-account"),
        Of::RequestPayout(o) => Told::new("label-kind-payout-requested").of(o.amount),
        Of::CancelPayout(_) => Told::new("label-kind-payout-cancelled"),
        Of::SendPayout(_) => Told::new("label-kind-payout-sent"),
        Of::CompletePayout(_) => Told::new("label-kind-payout-completed"),
        Of::ReturnPayout(_) => Told::new("label-kind-payout-returned"),
        Of::HoldMerchant(o) => payouts::holding(o),
        Of::CloseMerchant(o) => Told::new("label-kind-merchant-closing").with(o.merchant),
        Of::DefineInstrument(o) => Told::new("label-kind-instrument-defined").with(o.issuer),
        Of::CreateProgramme(_) => Told::new("label-kind-programme-created"),
        Of::FundProgramme(_) => Told::new("label-kind-programme-funded"),
        Of::MoveEscrow(o) => Told::new("label-kind-escrow-moved").of(o.amount).with(o.to),
        Of::OpenRound(_) => Told::new("label-kind-round-opened"),
        Of::Purchase(o) => Told::new("label-kind-voucher-bought").moved(Direction::Out, o.price),
        Of::ReconcileProgramme(_) => Told::new("label-kind-programme-reconciled"),
        Of::SupplementEligibility(_) => Told::new("label-kind-list-added"),
        Of::RevokeLeaf(_) => Told::new("label-kind-leaf-revoked"),
        Of::Apply(_) => Told::new("label-kind-applied"),
        Of::DepositSecret(_) => Told::new("label-kind-secret-deposited"),
        Of::RevealSecret(_) | Of::OpenShare(_) => Told::new("label-kind-secret-opened"),
        Of::DrawLottery(_) => Told::new("label-kind-lottery-drawn"),
        Of::AwardLeft(_) => Told::new("label-kind-left-awarded"),
        Of::RotateKeys(_) => Told::new("label-log-keys-rotated"),
        Of::Freeze(o) => Told::new("label-kind-frozen").with(o.account).until(o.until),
        Of::RaiseAllowance(o) => Told::new("label-kind-allowance-raised").until(o.until),
        Of::Unfreeze(o) => Told::new("label-kind-unfrozen").with(o.account),
        Of::SetLimits(o) => Told::new("label-kind-limits-set").with(o.account),
        Of::CloseAccount(o) => Told::new("label-kind-closed").with(o.account),
        Of::MarkDeceased(o) => Told::new("label-kind-deceased").with(o.account),
        Of::CorrectDeath(o) => Told::new("label-kind-death-corrected").with(o.account),
        Of::TransferEstate(o) => Told::new("label-kind-estate").of(o.amount).with(o.to),
        Of::ProposeAccountRecovery(o) => Told::new("label-log-recovery-proposed").with(o.account),
        Of::ExecuteAccountRecovery(o) => Told::new("label-log-recovery-executed").with(o.account),
        Of::VetoAccountRecovery(_) => Told::new("label-log-recovery-vetoed"),
        Of::RegisterParty(_) => Told::new("label-kind-party-registered"),
        Of::PublishNotice(_) => Told::new("label-kind-notice-published"),
        Of::Grant(_) => Told::new("label-kind-consent-granted"),
        Of::Withdraw(_) => Told::new("label-kind-consent-withdrawn"),
        Of::RequestAccess(_) => Told::new("label-kind-access-requested"),
        Of::PayDividend(o) => {
            let told = Told::new("label-kind-dividend-paid");
            let sum = o.rows.iter().try_fold(Yen::ZERO, |sum, row| sum.checked_add(row.amount));
            sum.map_or(told, |sum| told.moved(Direction::Out, sum))
        }
        Of::UpdateParty(_)
        | Of::PublishVocabulary(_)
        | Of::PublishLegalBasis(_)
        | Of::PublishRegime(_)
        | Of::PublishJointUse(_)
        | Of::NotifyOptOut(_)
        | Of::PublishCompensation(_)
        | Of::Amend(_)
        | Of::Widen(_)
        | Of::WithdrawFor(_)
        | Of::EndByController(_)
        | Of::Invalidate(_)
        | Of::Suspend(_)
        | Of::Resume(_)
        | Of::Renew(_)
        | Of::RequestReconsent(_)
        | Of::RespondReconsent(_)
        | Of::RegisterContact(_)
        | Of::StopOptOut(_)
        | Of::SubjectRequest(_)
        | Of::AnswerSubjectRequest(_)
        | Of::Delegate(_)
        | Of::EndDelegation(_)
        | Of::ProposeRecovery(_)
        | Of::ExecuteRecovery(_)
        | Of::VetoRecovery(_)
        | Of::RecordUse(_)
        | Of::RecordReceipt(_)
        | Of::NameHolder(_)
        | Of::RecordDisclosures(_)
        | Of::AcknowledgeWithdrawal(_)
        | Of::BreakGlass(_)
        | Of::ReviewBreakGlass(_)
        | Of::NotifySubject(_)
        | Of::DeclareEmergency(_)
        | Of::EndEmergency(_)
        | Of::AcknowledgeShred(_)
        | Of::GrantAuditView(_)
        | Of::EndAuditView(_)
        | Of::ReadAccessLog(_)
        | Of::RegisterCounter(_)
        | Of::Hasten(_) => Told::new(CONSENT),
    }
}
