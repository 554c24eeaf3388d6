//! `Charge` and `Discharge`: a holder moves yen to and from its own sub-account of a zone.

use crate::facts::{event, operation};
use crate::id::{AccountId, ZoneId};
use crate::yen::Yen;

operation! {
    /// By the holder.
    pub struct Charge {
        /// The zone.
        zone: ZoneId,
        /// How much.
        amount: Yen,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, UnknownZone, NoZoneAccount, AccountFrozen, InsufficientFunds,
        FloatBound, EscrowBound, AmountOverflow,
    ]
    samples [Self { zone: ZoneId::new(0x0102), amount: Yen::new(500) }]
    follows |charge, sender| Charged { zone: charge.zone, account: sender, amount: charge.amount }
}

operation! {
    /// By the holder.
    pub struct Discharge {
        /// The zone.
        zone: ZoneId,
        /// How much.
        amount: Yen,
    }

    refused [
        NotAMoneyAccount, ZeroAmount, UnknownZone, NoZoneAccount, InsufficientZoneFunds,
        KeptInZone, AmountOverflow,
    ]
    samples [Self { zone: ZoneId::new(0x0102), amount: Yen::new(500) }]
    follows |charge, sender| Discharged { zone: charge.zone, account: sender, amount: charge.amount }
}

event! {
    /// Yen moved into a zone.
    pub struct Charged {
        /// The zone.
        zone: ZoneId,
        /// The holder.
        account: AccountId,
        /// How much.
        amount: Yen,
    }

    enters [account]
}

event! {
    /// Yen moved out of a zone.
    pub struct Discharged {
        /// The zone.
        zone: ZoneId,
        /// The holder.
        account: AccountId,
        /// How much.
        amount: Yen,
    }

    enters [account]
}
