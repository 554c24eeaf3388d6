//! `ReconcileProgramme`: a programme is closed, to the yen.

use crate::facts::{event, operation};
use crate::id::{AccountId, ProgrammeId};
use crate::yen::Yen;

operation! {
    /// By the sponsor's account, once refunds have ended. What was not used goes where the programme's
    /// terms say; what else is in the escrows is free again. The programme is closed for good.
    pub struct ReconcileProgramme {
        /// The programme.
        programme: ProgrammeId,
    }

    refused [
        UnknownProgramme, NotSponsor, ProgrammeClosed, NotReconcilable, AccountFrozen, PayeeFrozen,
        NetDebitCapReached, AmountOverflow,
    ]
    samples [Self { programme: ProgrammeId::new(0x0708) }]
}

event! {
    /// A programme was reconciled: sold = used + expired, paid and free each.
    pub struct ProgrammeReconciled {
        /// The programme.
        programme: ProgrammeId,
        /// How many sets were sold.
        sets: u32,
        /// What was sold and paid for.
        sold_paid: Yen,
        /// The premium of what was sold.
        sold_free: Yen,
        /// What of it was used, of what was paid for.
        used_paid: Yen,
        /// What of the premium was used.
        used_free: Yen,
        /// What of it ended unused, of what was paid for.
        expired_paid: Yen,
        /// What of the premium ended unused.
        expired_free: Yen,
        /// Who got what was paid for and not used.
        unused_paid_to: AccountId,
        /// Who got the premium that was not used.
        unused_free_to: AccountId,
        /// The programme's sponsor.
        sponsor: AccountId,
    }

    enters [sponsor, unused_paid_to, unused_free_to]
}
