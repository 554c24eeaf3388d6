//! Why an authenticated transaction was refused: numbered, part of consensus, never renumbered.
//!
//! 2xxx money, 3xxx zones, 4xxx consent, 5xxx governance. A rejected transaction consumes its
//! nonce, leaves a receipt with the code, and changes nothing else.

use crate::height::Height;
use crate::time::Timestamp;
use crate::yen::Yen;

macro_rules! rejections {
    ($( $(#[$doc:meta])* $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })? = $code:literal, $text:literal; )*) => {
        /// A rule that a transaction broke, with the values needed to understand it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Rejection {
            $( $(#[$doc])* #[error($text)] $name $({ $($(#[$field_doc])* $field: $type),* })? , )*
        }

        impl Rejection {
            /// The stable number, as receipts carry it.
            #[must_use]
            pub const fn code(&self) -> RejectionCode {
                match self { $( Self::$name { .. } => RejectionCode($code), )* }
            }

            /// Every code with its stable name.
            pub const ALL: &'static [(RejectionCode, &'static str)] =
                &[ $( (RejectionCode($code), stringify!($name)), )* ];
        }
    };
}

/// The number of a rejection.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    borsh::BorshSerialize,
    borsh::BorshDeserialize,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct RejectionCode(u16);

impl RejectionCode {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The code with this number (receipts may come from a later version).
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// The rule's stable name, such as `InsufficientFunds`; `Unknown` for a later version's.
    #[must_use]
    pub fn name(self) -> &'static str {
        Rejection::ALL.iter().find(|(code, _)| *code == self).map_or("Unknown", |(_, name)| *name)
    }
}

rejections! {
    /// An amount of nothing.
    ZeroAmount = 2001, "the amount is zero";
    /// The account that would be credited does not exist.
    UnknownAccount = 2002, "the account does not exist";
    /// Debtor and creditor are one.
    SameAccount = 2003, "debtor and creditor are the same account";
    /// The available balance is too small.
    InsufficientFunds {
        /// What is available.
        available: Yen,
        /// What was asked for.
        amount: Yen,
    } = 2004, "{available} yen are available, {amount} are needed";
    /// The payment would make the debtor's bank owe more than its cap.
    NetDebitCapReached {
        /// What the bank owes now.
        net_debit: Yen,
        /// Its cap.
        cap: Yen,
        /// What was asked for.
        amount: Yen,
    } = 2005, "the bank owes {net_debit} yen, {amount} more would pass its cap of {cap}";
    /// A sum would not fit its type.
    AmountOverflow = 2006, "the amount is too large";
    /// The bank's issue allowance is used up.
    IssueAllowanceExceeded {
        /// What it has issued and not redeemed.
        outstanding: Yen,
        /// What it may have outstanding.
        allowance: Yen,
        /// What was asked for.
        amount: Yen,
    } = 2007, "{outstanding} yen are outstanding, {amount} more would pass the allowance of {allowance}";
    /// The core banking reference was used before.
    ReferenceRepeated = 2008, "the core banking reference was used before";
    /// Only the account's custodian may do this.
    NotCustodian = 2009, "the sender is not the account's custodian bank";
    /// Only a bank's own account may do this.
    NotABank = 2010, "the sender is not a bank's own account";
    /// The account exists already.
    AccountExists = 2011, "the account exists already";
    /// The KYC level does not allow deposits.
    KycLevelTooLow = 2012, "this KYC level may not hold deposits";
    /// Keys, weights or the threshold do not make a usable set.
    BadKeySet = 2013, "the keys, weights or threshold do not make a usable set";
    /// The redeem request's identity was used before.
    RedeemExists = 2014, "the redeem request's identity was used before";
    /// No such redeem request is open.
    UnknownRedeem = 2015, "no such redeem request is open";
    /// The redeem request has lapsed.
    RedeemExpired {
        /// When it lapsed.
        expired: Timestamp,
    } = 2016, "the redeem request lapsed at {expired} ms";
    /// The account's kind may not be opened this way.
    AccountKindRefused = 2017, "this kind of account cannot be opened by a bank";
    /// The sender has no account that can hold money.
    NotAMoneyAccount = 2018, "the sender is not an account that can hold money";
    /// The bank does not exist.
    UnknownBank = 2019, "the bank does not exist";
    /// The account has as many open redeem requests as it may have.
    TooManyOpenRedeems = 2020, "the account has too many open redeem requests";

    /// The zone does not exist.
    UnknownZone = 3001, "the zone does not exist";
    /// The sub-account exists already.
    ZoneAccountExists = 3002, "the sub-account exists already";
    /// The sender has no sub-account in the zone.
    NoZoneAccount = 3003, "the sender has no sub-account in the zone";
    /// The zone balance is too small.
    InsufficientZoneFunds {
        /// What is there.
        available: Yen,
        /// What was asked for.
        amount: Yen,
    } = 3004, "{available} yen are in the zone, {amount} are needed";
    /// The payee is not a registered merchant of the zone.
    NotAMerchant = 3005, "the payee is not a registered merchant of the zone";
    /// Only the zone's operator may do this.
    NotZoneOperator = 3006, "the sender is not the zone's operator";
    /// The merchant is registered already.
    MerchantExists = 3007, "the merchant is registered already";

    /// The party does not exist.
    UnknownParty = 4001, "the party does not exist";
    /// The party exists already.
    PartyExists = 4002, "the party exists already";
    /// The party does not have the role.
    PartyRoleMissing = 4003, "the party does not have the role";
    /// The notice does not exist.
    UnknownNotice = 4004, "the notice does not exist";
    /// The notice's version is not the next one.
    NoticeVersionNotNext {
        /// The current version.
        current: u32,
    } = 4005, "the notice's current version is {current}; versions count on by one";
    /// The notice's version is not the current one.
    NoticeNotCurrent {
        /// The current version.
        current: u32,
    } = 4006, "the notice's current version is {current}";
    /// The notice was not published in that language with that text.
    NoticeTextMismatch = 4007, "the notice was not published in that language with that text";
    /// The notice's texts are none, too many, unordered or repeated.
    BadNoticeContents = 4008, "the notice's texts are none, too many, or not in order of language";
    /// The consent's identity was used before.
    ConsentExists = 4009, "the consent's identity was used before";
    /// The consent's times are not a span that lies ahead.
    BadConsentPeriod = 4010, "the consent's times are not a span that ends after now";
    /// Only a data subject's account may do this.
    NotASubject = 4011, "the sender is not a data subject's account";
    /// The consent does not exist.
    UnknownConsent = 4012, "the consent does not exist";
    /// The consent is not the sender's.
    NotConsentSubject = 4013, "the consent is not the sender's";
    /// The consent was ended before.
    ConsentEnded {
        /// When.
        ended: Height,
    } = 4014, "the consent ended at height {ended}";
    /// The consent's time is over.
    ConsentExpired {
        /// When it ended.
        expired: Timestamp,
    } = 4015, "the consent expired at {expired} ms";
    /// The consent's time has not begun.
    ConsentNotYetValid {
        /// When it begins.
        begins: Timestamp,
    } = 4016, "the consent begins at {begins} ms";
    /// The consent's uses are used up.
    ConsentUsesExhausted = 4017, "the consent's uses are used up";
    /// The process asked for is not among the consent's terms.
    NotInTerms = 4018, "the process asked for is not among the consent's terms";
    /// A use limit of none.
    ZeroUseLimit = 4019, "a use limit is at least 1";
    /// A material change of the notice made the consent due for renewal.
    ConsentRenewalDue = 4020, "the notice changed materially; the consent must be renewed first";
    /// The party's roles are none, or bits without a meaning.
    BadPartyRoles = 4021, "the party's roles are none, or have no meaning";

    /// Only a member with the role may do this.
    MemberRoleMissing = 5001, "the sender is not a member with the role";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_so_that_none_is_used_twice_and_names_are_all_different() {
        let ascending = Rejection::ALL.windows(2).all(|pair| pair[0].0 < pair[1].0);
        assert!(ascending);
        let mut names: Vec<&str> = Rejection::ALL.iter().map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Rejection::ALL.len());
    }

    #[test]
    fn a_code_knows_its_name_and_a_later_versions_is_unknown() {
        let rejection = Rejection::InsufficientFunds { available: Yen::ZERO, amount: Yen::new(1) };
        assert_eq!(rejection.code().name(), "InsufficientFunds");
        assert_eq!(RejectionCode::new(2999).name(), "Unknown");
    }
}
