//! Rejections of money: the rows from 2001 to 2999.

/// Gives the rows to a macro, which adds the others.
macro_rules! rejections_of_money {
    ($call:ident) => {
        $call! {
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
            /// The KYC level does not allow yen at that custodian.
            KycLevelTooLow = 2012, "this KYC level may hold no yen at that custodian";
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
            /// The operation stands alone in its transaction or not at all.
            NotAlone = 2021, "the operation must be the only one of its transaction";
            /// The redeem request would lapse past the last instant.
            RedeemPastTime = 2022, "the redeem request would lapse past the last instant";
            /// The redeem request's identity does not begin with the day, or with one next to it.
            RedeemDayRefused = 2023, "the redeem request's identity does not begin with the block's day";
            /// No money may leave the sender's account.
            AccountFrozen {
                /// From when on it may again.
                until: Timestamp,
            } = 2025, "no money may leave the account before {until} ms";
            /// No money may come into the account that would be credited.
            PayeeFrozen = 2026, "no money may come into the account now";
            /// The account is frozen already.
            FreezeExists = 2027, "the account is frozen already";
            /// The account is not frozen.
            NotFrozen = 2028, "the account is not frozen";
            /// The freeze does not end ahead of now, or too far ahead.
            BadFreeze = 2029, "a freeze ends ahead of now, and by at most 366 days";
            /// The raise gives nothing, or to the sender itself, or does not end ahead of now, or too far.
            BadRaise = 2030, "a raise gives another something, and ends ahead of now, by at most 366 days";
            /// Another raised the allowance, and that lasts.
            RaisedByAnother {
                /// Until when.
                until: Timestamp,
            } = 2031, "another raised the allowance, until {until} ms";
            /// The sender's own allowance does not hold what it would give.
            AllowanceTooSmall {
                /// How much of the burst it may give.
                burst: u32,
                /// How much of the rate it may give.
                per_minute: u32,
            } = 2032, "the sender may give {burst} at once and {per_minute} a minute of its allowance";
            /// What the sender gave ends at as many instants as it may.
            TooManyRaises = 2033, "what the sender gave ends at 64 instants, as many as it may";
            /// The bank claimed the redeem request, to pay it out.
            RedeemClaimed {
                /// Until when.
                until: Timestamp,
            } = 2034, "the bank is paying the request out, and claimed it until {until} ms";
            /// The redeem request is not claimed.
            RedeemNotClaimed = 2035, "the bank did not claim the request, which it does before it pays";
            /// The claim does not end ahead of now, or too far ahead, or after the request.
            BadClaim {
                /// When the request lapses.
                expires: Timestamp,
            } = 2036, "a claim ends ahead of now, by at most 7 days, and not after the request's {expires} ms";
            /// What is left of a float covers what its issuer owes.
            FloatBound {
                /// What may leave it.
                free: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2040, "{free} yen of the float are free, {amount} are needed: the rest covers what its issuer owes";
            /// The issuer's float does not cover so much more.
            FloatTooSmall {
                /// How much more it covers.
                free: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2041, "the float covers {free} yen more, {amount} are needed";
            /// Prepaid value would become a deposit or cash of its holder.
            PrepaidNotRedeemable = 2042, "prepaid value pays shops and prepaid accounts, and is not paid back";
            /// A float would pay into a prepaid account, or sell.
            FloatRefused = 2043, "a float neither pays into prepaid accounts nor is a merchant";
            /// A prepaid issuer keeps accounts of citizens alone.
            CitizensOnly = 2044, "a prepaid issuer keeps accounts of citizens alone";
            /// A merchant's account is at a bank.
            NotAtABank = 2045, "a merchant's account is at a bank";
            /// A prepaid issuer has no interbank position, and so no cap.
            IssuerHasNoPosition = 2046, "a prepaid issuer pays by its float and owes no other bank";
            /// A limit of nothing.
            BadLimits = 2050, "a limit is at least one yen";
            /// More than the account may pay at once.
            PaymentLimitReached {
                /// How much that is.
                limit: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2051, "the account pays at most {limit} yen at once, {amount} are asked for";
            /// More than the account may pay in a day.
            DayLimitReached {
                /// How much that is.
                limit: Yen,
                /// What it paid today.
                spent: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2052, "the account paid {spent} yen today, {amount} more would pass {limit}";
            /// More than the account may pay in a month.
            MonthLimitReached {
                /// How much that is.
                limit: Yen,
                /// What it paid this month.
                spent: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2053, "the account paid {spent} yen this month, {amount} more would pass {limit}";
            /// More than the account that would be credited may hold.
            HoldingLimitReached {
                /// How much that is.
                limit: Yen,
                /// What it holds, in zones too.
                holding: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2054, "the payee holds {holding} yen, {amount} more would pass {limit}";
            /// More prepaid value than a person may send another at once.
            SendLimitReached {
                /// How much that is.
                limit: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2055, "a person sends another at most {limit} yen of prepaid value at once, not {amount}";
            /// More prepaid value than a person may send others in a month.
            SendMonthLimitReached {
                /// How much that is.
                limit: Yen,
                /// What it sent this month.
                sent: Yen,
                /// What was asked for.
                amount: Yen,
            } = 2056, "{sent} yen of prepaid value were sent this month, {amount} more would pass {limit}";
            /// The account is closed.
            AccountClosed = 2057, "the account is closed";
            /// The account that would be credited is closed.
            PayeeClosed = 2058, "the account that would be credited is closed";
            /// The account's holder died.
            HolderDeceased = 2059, "the account's holder died";
            /// The account's holder is not marked as deceased.
            NotDeceased = 2060, "the account's holder is not marked as deceased";
            /// The account's holder is marked as deceased already.
            AlreadyDeceased = 2061, "the account's holder is marked as deceased already";
            /// The account's holder is no person.
            NotAPerson = 2062, "the account's holder is no person";
            /// A bank, a member or a zone's operator acts through the account, or it covers an issuer's debts.
            AccountInUse = 2063, "a bank, a member or a zone's operator acts through the account, or it is a float";
            /// The account has something left.
            AccountNotEmpty {
                /// How much.
                balance: Yen,
            } = 2064, "the account has {balance} yen left";
            /// The account is a merchant's of a zone.
            StillAMerchant = 2065, "the account is a merchant's of a zone";
            /// The account has something left in a zone.
            ZoneFundsLeft {
                /// How much there.
                balance: Yen,
            } = 2066, "the account has {balance} yen left in a zone";
            /// No maker and checker of the sender's keys signed together.
            TwoApprovalsMissing = 2067, "a maker and a checker of the bank's keys sign it together";
            /// The cycle is not the one after the last.
            CycleNotNext = 2070, "the cycle is not the one after the last";
            /// The last cycle waits for banks to confirm it.
            CycleWaits = 2071, "the last cycle waits for banks to confirm it, or for its failure";
            /// No bank owes another anything.
            NothingToSettle = 2072, "no bank owes another anything";
            /// The cycle does not exist, or has left the state.
            UnknownCycle = 2073, "the cycle does not exist, or ended and has left the state";
            /// The cycle ended before.
            CycleEnded {
                /// When.
                ended: Height,
            } = 2074, "the cycle ended at height {ended}";
            /// The bank has nothing to pay or to get in the cycle.
            NotInCycle = 2075, "the bank has nothing to pay or to get in the cycle";
            /// The bank confirmed the cycle before.
            SettlementConfirmed = 2076, "the bank confirmed the cycle before";
        }
    };
}
pub(super) use rejections_of_money;
