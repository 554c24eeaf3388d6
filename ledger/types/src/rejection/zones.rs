//! The rows of zones, their vouchers and programmes.

/// Calls a macro with these rows behind those that are given.
macro_rules! rejections_of_zones {
    ($call:ident: $($given:tt)*) => {
        $call! {
            $($given)*

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
            /// More would be moved from the bank account than is paid.
            ChargePassesAmount = 3008, "no more is moved from the bank account than is paid";
            /// The zone's number was used before.
            ZoneExists = 3009, "the zone's number was used before";
            /// No member that operates zones acts through the operator's account.
            OperatorRoleMissing = 3010, "no member that operates zones acts through the operator's account";
            /// The zone's name, areas or what it publishes are unusable, or there are as many zones as may be.
            BadZone = 3011, "the zone's name, areas or what it publishes are unusable, or there are 256 zones";
            /// The schedule's tiers are none, too many or fewer than before, or it begins too far ahead.
            BadFeeSchedule = 3012, "the tiers are none, too many or fewer than before, or it begins too far ahead";
            /// The version is not the next one.
            ZoneVersionNotNext {
                /// The latest version.
                current: u32,
            } = 3013, "the latest version is {current}; versions count on by one";
            /// Nobody is said to get the fees.
            NoRevenueShare = 3014, "fees are charged only once it is said who gets them";
            /// Another change was announced, and this one would take more than it does.
            ChangeAnnounced {
                /// For when.
                from: Timestamp,
            } = 3015, "a change was announced for {from} ms, and only what takes less stands in its place";
            /// What takes more of somebody is announced 30 days ahead.
            NoticeTooShort {
                /// The earliest instant at which it may begin.
                earliest: Timestamp,
            } = 3016, "what takes more of somebody begins at {earliest} ms at the earliest";
            /// The fee schedule has no such tier.
            UnknownTier = 3017, "the fee schedule has no such tier";
            /// The recipients are too many, not in order, or get more than all, or it begins too far ahead.
            BadRevenueShare = 3018, "the recipients are too many, not in order, or get more than all, or it begins too far ahead";
            /// A recipient has no sub-account in the zone.
            RecipientNotInZone = 3019, "a recipient has no sub-account in the zone";
            /// The instrument does not exist.
            UnknownInstrument = 3020, "the instrument does not exist";
            /// The instrument's number was used before in the zone.
            InstrumentExists = 3021, "the instrument's number was used before in the zone";
            /// Instruments of the class cannot be defined yet.
            ClassNotYet = 3022, "instruments of this class cannot be defined yet";
            /// Prepaid value of a municipality is issued by a municipality alone.
            NotAMunicipality = 3023, "prepaid value of a municipality is issued by a municipality's account alone";
            /// The instrument's capabilities, life, limit or areas do not go with its class or zone.
            BadInstrument = 3024, "the capabilities, life, limit or areas do not go with the class or the zone";
            /// The sender is not the instrument's issuer.
            NotInstrumentIssuer = 3025, "the sender is not the instrument's issuer";
            /// The programme's number was used before.
            ProgrammeExists = 3026, "the programme's number was used before";
            /// The programme does not exist.
            UnknownProgramme = 3027, "the programme does not exist";
            /// The sender is not the programme's sponsor.
            NotSponsor = 3028, "the sender is not the programme's sponsor";
            /// The zone does not publish its merchants, or no merchant takes a bucket.
            ShopsUnpublished = 3029, "the zone does not publish its merchants, or no merchant takes a bucket";
            /// The programme's name, sets, limits or list are unusable.
            BadProgramme = 3030, "the programme's name, sets, limits or list are unusable";
            /// The buckets are none, too many, empty, taken by nobody, or past the range of amounts.
            BadBuckets = 3031, "the buckets are none, too many, empty, taken by nobody, or past the range of amounts";
            /// The dates are not in order, too far away, past the fiscal year, or longer than the instrument lasts.
            BadDates = 3032, "the dates are not in order, too far away, past the fiscal year, or longer than the instrument lasts";
            /// The escrows are none, too many, repeated, of another programme, or not program accounts at banks.
            BadEscrows = 3033, "the escrows are none, too many, repeated, taken, or not program accounts at banks";
            /// The committee is too small, too large, repeated or badly keyed, or one silent member would stop it.
            BadCommittee = 3034, "the committee is too small, too large, repeated or badly keyed, or one silent member would stop it";
            /// The account is no escrow of the programme.
            NotAnEscrow = 3035, "the account is no escrow of the programme";
            /// The escrow was pledged before.
            EscrowPledged = 3036, "the escrow was pledged before";
            /// What an escrow holds pays vouchers and nothing else.
            EscrowBound = 3037, "what an escrow holds pays vouchers and nothing else until the programme is reconciled";
            /// The escrows would not cover what is sold.
            EscrowTooSmall {
                /// What is in the escrows, the price included.
                held: Yen,
                /// What would be outstanding.
                needed: Yen,
            } = 3038, "the escrows hold {held} yen, {needed} would be outstanding";
            /// The programme was reconciled and is closed.
            ProgrammeClosed = 3039, "the programme was reconciled and is closed";
            /// The main escrow was not pledged.
            EscrowMissing = 3040, "the main escrow was not pledged";
            /// The round is not the next one.
            RoundNotNext {
                /// The last round.
                last: u16,
            } = 3041, "the last round is {last}; rounds count on by one";
            /// The round before goes on.
            RoundGoesOn = 3042, "the sale of the round before goes on";
            /// The round's sets or dates are unusable.
            BadRound = 3043, "the round has no sets or too many, or its dates are not in order, too short or outside the programme's";
            /// The round does not exist.
            UnknownRound = 3044, "the round does not exist";
            /// Nothing is sold at this instant.
            SaleNotOpen = 3045, "the sale is not open";
            /// There are not so many sets left.
            SoldOut {
                /// How many are.
                left: u32,
            } = 3046, "{left} sets are left";
            /// The person would have more sets than one may.
            PersonCapReached {
                /// The most.
                most: u16,
            } = 3047, "a person may have {most} sets";
            /// The household would have more sets than one may.
            HouseholdCapReached {
                /// The most.
                most: u16,
            } = 3048, "a household may have {most} sets";
            /// The leaf is on none of the lists, repeated, or its key did not sign for the sender.
            BadLeaf = 3049, "the letter is on none of the lists, repeated, or its key did not sign for the sender";
            /// The leaf was taken back.
            LeafIsRevoked = 3050, "the letter was taken back";
            /// The leaf takes part in the round already.
            LeafUsed = 3051, "the letter takes part in the round already";
            /// Something was bought with the leaf.
            LeafBought = 3052, "something was bought with the letter";
            /// The leaf takes part in a draw.
            LeafInDraw = 3053, "the letter takes part in a draw and stays in it until the sale is over";
            /// Nothing is asked for.
            ZeroSets = 3054, "no set is asked for";
            /// The programme is bought in another way.
            WrongBuyer = 3055, "the round is bought in another way: by letters, by an application, or by anybody";
            /// The application does not exist.
            UnknownTicket = 3056, "the application does not exist";
            /// The application is somebody else's.
            NotTicketHolder = 3057, "the application is somebody else's";
            /// The application did not win so many sets.
            NothingWon {
                /// How many it won that are not bought.
                left: u16,
            } = 3058, "the application won {left} sets that are not bought";
            /// The time to buy what was won is over, or has not begun.
            ClaimOver = 3059, "what was won cannot be bought at this instant";
            /// The price is another one.
            PriceDiffers {
                /// The price.
                price: Yen,
            } = 3060, "the price is {price} yen";
            /// The holder would have more lots than one may.
            TooManyLots = 3061, "the holder has as many different vouchers in the zone as may be";
            /// More of the instrument would be outstanding than may be.
            OutstandingReached {
                /// How much more may be.
                left: Yen,
            } = 3062, "{left} yen more of the instrument may be outstanding";
            /// Other vouchers pay than the payer saw.
            TenderChanged = 3063, "other vouchers pay than the payer saw, or fewer";
            /// The account has vouchers.
            VouchersLeft = 3064, "the account has vouchers, or is an escrow";
            /// The deceased has no vouchers in the zone.
            NoVouchers = 3065, "the deceased has no vouchers in a zone that is named, or zones are not in order";
            /// The programme cannot be reconciled yet.
            NotReconcilable {
                /// From when on.
                from: Timestamp,
            } = 3066, "the programme is reconciled from {from} ms on";
            /// The programme has no list.
            NobodyIsListed = 3067, "the programme has no list of who may buy";
            /// The list is not the next one.
            ListNotNext {
                /// The last one.
                last: u16,
            } = 3068, "the last list is {last}; lists count on by one";
            /// The list is empty or too long, or there are too many lists.
            BadList = 3069, "the list is empty or too long, or there are as many lists as may be";
            /// The round has no lottery.
            NoLottery = 3070, "the round has no lottery";
            /// Nobody applies at this instant.
            ApplicationsNotOpen = 3071, "applications are not open";
            /// Too few committers deposited a secret.
            SecretsMissing {
                /// How many did.
                deposited: u16,
            } = 3072, "{deposited} committers deposited a secret, too few";
            /// The account applied before in the round.
            AppliedBefore = 3073, "the account applied before in the round";
            /// There are as many applications as may be.
            TooManyTickets = 3074, "the round has as many applications as may be";
            /// The sender is no committer.
            NotACommitter = 3075, "the sender is no committer of the programme";
            /// Applications have begun.
            ApplicationsBegun = 3076, "applications have begun: secrets are deposited before";
            /// The committer deposited a secret before.
            DepositedBefore = 3077, "the committer deposited a secret before";
            /// The secret is not shared as it must be.
            BadSharing = 3078, "the shares are not those of one secret, sealed to the committers in their order";
            /// Applications are not closed.
            ApplicationsNotClosed = 3079, "applications are not closed";
            /// The committer deposited no secret.
            NotDeposited = 3080, "the committer deposited no secret";
            /// The secret is known.
            SecretIsKnown = 3081, "the secret is known";
            /// The sender opened its share before.
            ShareIsKnown = 3082, "the sender opened its share before";
            /// It is not what was deposited.
            SecretWrong = 3083, "it is not what was deposited";
            /// The lottery was drawn.
            DrawnBefore = 3084, "the lottery was drawn";
            /// A deposited secret is not known.
            SecretsUnknown {
                /// How many are not.
                unknown: u16,
            } = 3085, "{unknown} deposited secrets are not known";
            /// The sale is over, or would be before what is won can be bought.
            SaleOver = 3086, "the sale is over, or would be before what is won can be bought";
            /// The lottery was not drawn.
            NotDrawn = 3087, "the lottery was not drawn";
            /// The wave is not the next one.
            WaveNotNext {
                /// The last one.
                last: u16,
            } = 3088, "the last wave is {last}; waves count on by one";
            /// What was won can still be bought.
            ClaimsGoOn {
                /// Until when.
                until: Timestamp,
            } = 3089, "what was won can be bought until {until} ms";
            /// Nothing is left, or nobody to give it to.
            NothingLeft = 3090, "nothing is left, or nobody to give it to";
            /// The shop has no such terminal, or its key is another one.
            UnknownTerminal = 3091, "the shop has no such terminal, it was ended, or its key is another one";
            /// The terminal's number was used before.
            TerminalExists = 3092, "the terminal's number was used before";
            /// The terminal has no right, a key that is none, or a cap of nothing.
            BadTerminal = 3093, "the terminal has no right, a key that cannot be used, or a cap of nothing";
            /// The terminal may not do this.
            TerminalRightMissing = 3094, "the terminal may not do this";
            /// The terminal would refund more than it may.
            TerminalCapReached {
                /// How much more it may.
                left: Yen,
            } = 3095, "the terminal may refund {left} yen more";
            /// The request contradicts itself or the payment.
            RequestUnusable = 3096, "the request contradicts itself, takes no cash, or the payment says a reference of its own beside it";
            /// The request is too old, or of another day.
            RequestExpired {
                /// Until when it was good.
                until: Timestamp,
            } = 3097, "the request was good until {until} ms, or was not made yet";
            /// The request was paid or taken back.
            RequestUsed = 3098, "the request was paid, or taken back";
            /// The request names a fee schedule that was not in force.
            FeeScheduleDiffers = 3099, "the request names another fee schedule than was in force when it was made";
            /// The payer paid the shop as much a moment ago.
            LikelyDuplicate {
                /// When.
                paid: Timestamp,
            } = 3100, "the shop was paid as much at {paid} ms; say that it is paid again";
            /// The shop was not paid so, or too long ago.
            UnknownPayment = 3101, "the shop has no such payment, or not any more";
            /// The payment was voided.
            PaymentVoided = 3102, "the payment was voided";
            /// Another sum was refunded before.
            RefundedBefore {
                /// How much.
                refunded: Yen,
            } = 3103, "{refunded} yen were refunded before";
            /// More would be refunded than was paid.
            RefundPassesPayment {
                /// What is left.
                left: Yen,
            } = 3104, "{left} yen of the payment are left to refund";
            /// The payment's day is over, or a part of it was refunded.
            VoidOver = 3105, "a payment is voided on its day, and before anything of it is refunded";
            /// The kind of shop has more than four digits.
            BadMerchantProfile = 3106, "the kind of shop has more than four digits";
            /// Nobody pays the shop any more.
            MerchantClosed {
                /// Since when.
                since: Timestamp,
            } = 3107, "the shop is closed since {since} ms";
            /// The last day is over already, or too far ahead.
            BadLastDay = 3108, "the last day is over, or more than 366 days ahead";
            /// What the shop has stays in the zone.
            KeptInZone {
                /// What may leave.
                free: Yen,
            } = 3109, "{free} yen may leave the zone; the rest is kept for refunds, or held";
            /// The bank's terms of payouts are unusable.
            BadPayoutTerms = 3110, "the smallest payout is no more than its fee, or holidays are not at most 64 days in order";
            /// The payout's identity was used before.
            PayoutExists = 3111, "the payout's identity was used before";
            /// The payout's identity begins with another day.
            PayoutDayRefused = 3112, "the payout's identity does not begin with this day or one next to it";
            /// Nobody said where payouts of the account go.
            NoPayoutAccount = 3113, "the account has not said where its payouts go";
            /// The bank asks for another fee.
            PayoutFeeDiffers {
                /// Which.
                fee: Yen,
            } = 3114, "the bank asks {fee} yen for a payout";
            /// The bank sends no payout as small as this.
            PayoutTooSmall {
                /// The smallest.
                smallest: Yen,
            } = 3115, "the smallest payout is {smallest} yen";
            /// There is no such payout, or it was of long ago.
            UnknownPayout = 3116, "there is no such payout, or not any more";
            /// The payout does not wait for its bank.
            PayoutNotWaiting = 3117, "the payout was sent, taken back or ended";
            /// The payout was not sent, or its day has not come.
            PayoutNotSent = 3118, "the payout was not sent, its day has not come, or it ended";
            /// The bank sends nothing on that day.
            NotABankDay = 3119, "the bank sends nothing on that day, it is over, or more than 31 days ahead";
        }
    };
}
pub(super) use rejections_of_zones;
