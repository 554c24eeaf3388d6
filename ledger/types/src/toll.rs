//! What each operation weighs, from its bytes alone.
//!
//! One unit is about one record changed. A record that stays for good counts as several, and what
//! somebody then owes counts as well, because raising it costs every node. Every operation has its
//! line here: a new one does not compile until it has.

use crate::id::ConsentId;
use crate::limits::{LEAVES_MAX, OPERATIONS_MAX};
use crate::operation::{Buyer, Operation};
use crate::weight::{BLOCK_OTHER_UNITS_MAX, Class, Weight};

/// What an operation ends, or sets aside: where that is the sender's own and lives, it weighs
/// nothing, the same one once in a block. A withdrawal beside a suspension need not wait: it ends
/// the consent for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// A consent.
    Consent(ConsentId),
    /// What a consent permits, for a time.
    Use(ConsentId),
    /// A recovery that is proposed for the sending data subject.
    Recovery,
    /// A recovery that is proposed for the sending account.
    AccountRecovery,
}

/// What is ended, or set aside: for nothing once in a transaction, which is rejected as a whole where
/// something after it finds nothing to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// A consent, or what it permits.
    Consent(ConsentId),
    /// A recovery that is proposed for the sending data subject.
    Recovery,
    /// A recovery that is proposed for the sending account.
    AccountRecovery,
}

impl Ending {
    /// What it is of.
    #[must_use]
    pub const fn ended(self) -> Ended {
        match self {
            Self::Consent(consent) | Self::Use(consent) => Ended::Consent(consent),
            Self::Recovery => Ended::Recovery,
            Self::AccountRecovery => Ended::AccountRecovery,
        }
    }
}

/// What an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Toll {
    /// Its weight.
    pub weight: Weight,
    /// What it ends, where that makes it weigh nothing.
    pub ends: Option<Ending>,
    /// What it gives away of the payer's burst: that must be free beside its weight.
    pub gives: u32,
}

impl Operation {
    /// What it takes.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line an operation")]
    pub fn toll(&self) -> Toll {
        let (mut ends, mut gives) = (None, 0);
        let (class, units) = match self {
            Self::Withdraw(withdraw) => {
                ends = Some(Ending::Consent(withdraw.consent));
                (Class::Reserved, CHANGES)
            }
            Self::Suspend(suspend) => {
                ends = Some(Ending::Use(suspend.consent));
                (Class::Reserved, CHANGES)
            }
            Self::VetoRecovery(veto) => {
                ends = veto.on_behalf_of.is_none().then_some(Ending::Recovery);
                (Class::Reserved, CHANGES)
            }
            Self::VetoAccountRecovery(veto) => {
                ends = veto.on_behalf_of.is_none().then_some(Ending::AccountRecovery);
                (Class::Reserved, CHANGES)
            }
            // A terminal whose key was stolen uses its shop's allowance: ending it takes none of that.
            Self::WithdrawFor(_)
            | Self::EndDelegation(_)
            | Self::Amend(_)
            | Self::EndTerminal(_) => (Class::Reserved, CHANGES),
            Self::StopOptOut(_) => (Class::Objection, STAYS),
            Self::Pay(pay) => {
                let charged = pay.charge.map_or(0, |_| PAYS);
                // The holder's vouchers, the escrow and what became of the round change beside.
                let vouchers = pay.vouchers.as_ref().map_or(0, |lines| PAYS + rows(lines.len()));
                let request = pay.request.as_ref().map_or(0, |_| CHECKS_SIGNATURE);
                (Class::Payment, PAYS + KEEPS_PAYMENT + request + charged + vouchers)
            }
            Self::Purchase(purchase) => {
                let leaves = match &purchase.buyer {
                    Buyer::Leaves { leaves } => rows(leaves.len()) * CLAIMS_LEAF,
                    Buyer::Anybody { .. } | Buyer::Ticket { .. } => rows(LEAVES_MAX) * NOTES_LEAF,
                };
                (Class::Payment, PAYS + MAKES + leaves)
            }
            // Lots, their escrows and rounds, the fee and who shared in it.
            Self::Refund(_) | Self::Void(_) => (Class::Payment, PAYS + CHANGES + CHANGES + CHANGES),
            Self::CancelRequest(_) => (Class::Payment, KEEPS_PAYMENT),
            Self::MoveEscrow(_) => (Class::Payment, PAYS + CHANGES),
            Self::ReconcileProgramme(_) => (Class::Payment, PAYS + NETS),
            Self::Apply(apply) => {
                (Class::Other, MAKES + MAKES + rows(apply.leaves.len()) * CLAIMS_LEAF)
            }
            Self::DepositSecret(deposit) => {
                (Class::Other, STAYS + rows(deposit.sharing.shares.len()) * CHECKS_SHARE)
            }
            Self::RevealSecret(_) | Self::OpenShare(_) => (Class::Other, CHANGES + CHECKS_SHARE),
            Self::DrawLottery(_) | Self::AwardLeft(_) => (Class::Other, CHANGES + DRAWS),
            Self::Transfer(_)
            | Self::Charge(_)
            | Self::Discharge(_)
            | Self::CancelRedeem(_)
            | Self::CancelPayout(_)
            | Self::ReturnPayout(_) => (Class::Payment, PAYS),
            // Out of the zone, into the account, and held there.
            Self::RequestPayout(_) => (Class::Payment, PAYS + CHANGES + CHANGES),
            Self::ClaimRedeem(_) | Self::ReleaseRedeem(_) | Self::SendPayout(_) => {
                (Class::Payment, CLAIMS)
            }
            Self::SettleRedeem(_) | Self::CompletePayout(_) => (Class::Payment, PAYS + CLAIMS),
            Self::Issue(_) => (Class::Payment, PAYS + KEEPS_REFERENCE),
            // What the deceased had in zones comes back first.
            Self::TransferEstate(estate) => {
                (Class::Payment, PAYS + CHANGES + rows(estate.vouchers.len()) * (CHANGES + CHANGES))
            }
            Self::RequestRedeem(_) => (Class::Payment, PAYS + CHANGES),
            Self::PayDividend(dividend) => (Class::Payment, CHANGES + rows(dividend.rows.len())),
            Self::RecordUse(_)
            | Self::RecordReceipt(_)
            | Self::NameHolder(_)
            | Self::AcknowledgeWithdrawal(_)
            | Self::AcknowledgeShred(_)
            | Self::AnswerSubjectRequest(_)
            | Self::NotifySubject(_)
            | Self::ReviewBreakGlass(_)
            | Self::EndByController(_)
            | Self::Invalidate(_)
            | Self::Resume(_)
            | Self::Renew(_)
            | Self::Widen(_)
            | Self::RotateKeys(_)
            | Self::ExecuteRecovery(_)
            | Self::ExecuteAccountRecovery(_)
            | Self::Freeze(_)
            | Self::Unfreeze(_)
            | Self::Hasten(_)
            | Self::EndEmergency(_)
            | Self::EndAuditView(_)
            | Self::SetNetDebitCap(_)
            | Self::CloseAccount(_)
            | Self::CorrectDeath(_)
            | Self::UpdateZone(_)
            | Self::UpdateMerchant(_)
            | Self::HoldMerchant(_)
            | Self::CloseMerchant(_)
            | Self::FundProgramme(_)
            | Self::RevokeLeaf(_)
            | Self::UpdateParty(_) => (Class::Other, CHANGES),
            Self::RespondReconsent(response) => {
                (Class::Other, CHANGES * (1 + rows(response.answers.len())))
            }
            Self::RequestAccess(_)
            | Self::RecordDisclosures(_)
            | Self::SubjectRequest(_)
            | Self::BreakGlass(_)
            | Self::ReadAccessLog(_)
            | Self::ProposeRecovery(_)
            | Self::ProposeAccountRecovery(_)
            | Self::RequestReconsent(_)
            | Self::DeclareEmergency(_)
            | Self::GrantAuditView(_)
            | Self::NotifyOptOut(_) => (Class::Other, MAKES + OWES),
            Self::CloseCycle(_) => (Class::Other, MAKES + NETS),
            Self::ConfirmSettlement(_) | Self::FailSettlement(_) => (Class::Other, CHANGES + NETS),
            Self::RaiseAllowance(raise) => {
                gives = raise.burst;
                // One record for whoever is given it, one for whoever gives.
                (Class::Other, MAKES + CHANGES)
            }
            // Every request that the bank did not claim is given back.
            Self::MarkDeceased(_) => (Class::Other, CHANGES + GIVES_BACK),
            Self::OpenZoneAccount(_)
            | Self::SetLimits(_)
            | Self::RegisterMerchant(_)
            | Self::RegisterTerminal(_)
            | Self::SetPayoutTerms(_)
            | Self::SetPayoutAccount(_)
            | Self::RegisterContact(_)
            | Self::RegisterCounter(_)
            | Self::Delegate(_) => (Class::Other, STAYS),
            Self::OpenAccount(_)
            | Self::RegisterParty(_)
            | Self::CreateZone(_)
            | Self::DefineInstrument(_)
            | Self::OpenRound(_)
            | Self::SupplementEligibility(_)
            | Self::SetFeeSchedule(_)
            | Self::SetRevenueShare(_)
            | Self::Grant(_)
            | Self::PublishNotice(_)
            | Self::PublishVocabulary(_)
            | Self::PublishLegalBasis(_)
            | Self::PublishRegime(_)
            | Self::PublishCompensation(_) => (Class::Other, STAYS + MAKES),
            Self::CreateProgramme(create) => {
                let keys = rows(create.terms.committers.len()) * CHECKS_SHARE;
                (Class::Other, STAYS + MAKES + LOOKS_FOR_SHOPS + keys)
            }
            Self::PublishJointUse(scheme) => (Class::Other, STAYS + rows(scheme.users.len())),
        };
        Toll { weight: Weight { class, units }, ends, gives }
    }
}

/// Money moves between two records.
const PAYS: u32 = 1;
/// A payment is remembered for as long as it is refunded.
const KEEPS_PAYMENT: u32 = 1;
/// One signature more is checked, in a batch.
const CHECKS_SIGNATURE: u32 = 1;
/// A record that is there changes.
const CHANGES: u32 = 2;
/// A record begins that ends some day.
const MAKES: u32 = 4;
/// Somebody owes something by an instant: raised by consensus where it is not done.
const OWES: u32 = 2;
/// A record begins that stays for good.
const STAYS: u32 = 4;
/// A redeem request changes, which is small.
const CLAIMS: u32 = 1;
/// A reference stays for good, so that it is used once: a run of them is written again, and sometimes
/// cut in two.
const KEEPS_REFERENCE: u32 = 1;

/// The positions of some banks and of their pairs change.
const NETS: u32 = 16;

/// What is held is given back: as many requests as may be open at once.
const GIVES_BACK: u32 = 64;

/// A leaf is looked for on its list, its signature checked and its use noted: 70 µs.
const CLAIMS_LEAF: u32 = 16;
/// What is bought with a leaf is noted of it and its household.
const NOTES_LEAF: u32 = 4;

/// A sealed share, or a key that shares are sealed to, is checked.
const CHECKS_SHARE: u32 = 32;

/// All applications of a round are read and put in order: 40 ms for 20,000.
const DRAWS: u32 = 8192;

/// Merchants are gone through until each bucket has one that takes it.
const LOOKS_FOR_SHOPS: u32 = 64;

/// One unit a row.
fn rows(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX / 4)
}

const _: () = assert!(
    OPERATIONS_MAX as u64 * 24 < BLOCK_OTHER_UNITS_MAX,
    "a transaction of small operations fits into a block"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_is_of_its_heaviest_class_and_weighs_all_of_it() {
        let samples = Operation::samples();
        for one in &samples {
            for other in &samples {
                let (first, second) = (one.toll().weight, other.toll().weight);
                let sum = first.and(second);
                assert_eq!(sum.units, first.units + second.units);
                assert_eq!(sum.class, first.class.max(second.class));
                assert_eq!(sum.and(Weight::NONE), sum);
            }
        }
    }

    #[test]
    fn what_ends_ones_own_is_reserved_and_everything_weighs_something() {
        for operation in Operation::samples() {
            let Toll { weight, ends, gives } = operation.toll();
            assert!(weight.units > 0 && weight.class > Class::Free, "{}", operation.name());
            assert!(ends.is_none() || weight.class == Class::Reserved, "{}", operation.name());
            assert!(gives == 0 || weight.class == Class::Other, "{}", operation.name());
        }
    }
}
