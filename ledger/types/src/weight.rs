//! What an operation takes of a block and of its payer's allowance, from its bytes alone.
//!
//! One unit is about one record changed. A record that stays for good counts as several, and what
//! somebody then owes counts as well, because raising it costs every node. Every operation has its
//! line here: a new one does not compile until it has.

use crate::limits::OPERATIONS_MAX;
use crate::operation::Operation;

/// What a transaction stands under, from what is never held up to what is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Nothing: it ends something of the sender's own that lives.
    Free,
    /// What narrows or objects: a part of the allowance that nothing else takes.
    Reserved,
    /// Money that moves: a share of each block is kept for it.
    Payment,
    /// Everything else.
    Other,
}

/// What a transaction takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Under what it stands: its heaviest operation's.
    pub class: Class,
    /// How much, all operations together.
    pub units: u32,
}

/// The most units of one block.
pub const BLOCK_UNITS_MAX: u64 = 65_536;
/// The most of them that are not payments: payments keep the rest.
pub const BLOCK_OTHER_UNITS_MAX: u64 = 49_152;

impl Weight {
    /// Nothing.
    pub const NONE: Self = Self { class: Class::Free, units: 0 };

    /// The weight of operations that stand in one transaction.
    ///
    /// `ends` says of an operation whether it ends something of the sender's own that lives.
    #[must_use]
    pub fn of(operations: &[Operation], ends: impl Fn(&Operation) -> bool) -> Self {
        let each = operations.iter().map(|operation| operation.weight(ends(operation)));
        each.fold(Self::NONE, |sum, one| Self {
            class: sum.class.max(one.class),
            units: sum.units.saturating_add(one.units),
        })
    }
}

impl Operation {
    /// Its weight, where `ends` says whether it ends something of the sender's own that lives.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table: one line an operation")]
    pub fn weight(&self, ends: bool) -> Weight {
        let (class, units) = match self {
            Self::Withdraw(_)
            | Self::Suspend(_)
            | Self::VetoRecovery(_)
            | Self::VetoAccountRecovery(_)
                if ends =>
            {
                return Weight::NONE;
            }
            Self::Withdraw(_)
            | Self::Suspend(_)
            | Self::VetoRecovery(_)
            | Self::VetoAccountRecovery(_)
            | Self::WithdrawFor(_)
            | Self::EndDelegation(_)
            | Self::Amend(_)
            | Self::StopOptOut(_) => (Class::Reserved, CHANGES),
            Self::Transfer(_)
            | Self::Pay(_)
            | Self::Charge(_)
            | Self::Discharge(_)
            | Self::CancelRedeem(_) => (Class::Payment, PAYS),
            Self::Issue(_) | Self::SettleRedeem(_) => (Class::Payment, PAYS + KEEPS_REFERENCE),
            Self::RequestRedeem(_) => (Class::Payment, PAYS + CHANGES),
            Self::PayDividend(dividend) => (Class::Payment, CHANGES + rows(dividend.rows.len())),
            Self::RecordUse(_)
            | Self::RecordReceipt(_)
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
            Self::OpenZoneAccount(_)
            | Self::RegisterMerchant(_)
            | Self::RegisterContact(_)
            | Self::RegisterCounter(_)
            | Self::Delegate(_) => (Class::Other, STAYS),
            Self::OpenAccount(_)
            | Self::RegisterParty(_)
            | Self::Grant(_)
            | Self::PublishNotice(_)
            | Self::PublishVocabulary(_)
            | Self::PublishLegalBasis(_)
            | Self::PublishRegime(_)
            | Self::PublishCompensation(_) => (Class::Other, STAYS + MAKES),
            Self::PublishJointUse(scheme) => (Class::Other, STAYS + rows(scheme.users.len())),
        };
        Weight { class, units }
    }
}

/// Money moves between two records.
const PAYS: u32 = 1;
/// A record that is there changes.
const CHANGES: u32 = 2;
/// A record begins that ends some day.
const MAKES: u32 = 4;
/// Somebody owes something by an instant: raised by consensus where it is not done.
const OWES: u32 = 2;
/// A record begins that stays for good.
const STAYS: u32 = 4;
/// A reference stays for good, so that it is used once.
const KEEPS_REFERENCE: u32 = 1;

/// One unit a row.
fn rows(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX / 4)
}

const _: () = assert!(
    OPERATIONS_MAX as u64 * 8 < BLOCK_OTHER_UNITS_MAX,
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
                let (first, second) = (one.weight(false), other.weight(true));
                let both = [one.clone(), other.clone()];
                let sum = Weight::of(&both, |operation| operation == other);
                if one != other {
                    assert_eq!(sum.units, first.units + second.units);
                    assert_eq!(sum.class, first.class.max(second.class));
                }
            }
        }
    }

    #[test]
    fn what_ends_a_consent_is_never_charged_and_everything_else_always() {
        for operation in Operation::samples() {
            let ends = matches!(
                operation,
                Operation::Withdraw(_)
                    | Operation::Suspend(_)
                    | Operation::VetoRecovery(_)
                    | Operation::VetoAccountRecovery(_)
            );
            assert_eq!(operation.weight(true) == Weight::NONE, ends, "{}", operation.name());
            assert!(operation.weight(false).units > 0, "{}", operation.name());
        }
    }
}
