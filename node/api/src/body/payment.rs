//! Payments at shops that are remembered, and the terminals of shops.

use ledger_types::programme::LotKind;
use ledger_types::zone::TerminalRights;
use ledger_types::{Hash, ProgrammeId, PublicKey, Yen, ZoneId};

use crate::form::body;
use crate::text::{Address, by_json, schema};
use crate::time::Time;

body! {
    /// A payment at a shop, for as long as it can be refunded.
    pub struct PaymentBody {
        /// Its number: its request's, or its own where it answered none.
        payment: Hash as schema::Hex32,
        /// The zone.
        zone: ZoneId as u16,
        /// Who paid; left out for the shop, which is told no payer.
        payer?: Address,
        /// The shop.
        merchant: Address,
        /// The terminal that asked.
        terminal?: u16,
        /// When.
        time: Time as schema::Instant,
        /// How much, without cash.
        amount: Yen as schema::Amount,
        /// What of it was coin; vouchers were the rest.
        coin: Yen as schema::Amount,
        /// What of it was vouchers, in the order in which they were spent.
        vouchers: Vec<SpentBody>,
        /// The fee of what is not refunded.
        fee: Yen as schema::Amount,
        /// What was refunded so far.
        refunded: Yen as schema::Amount,
        /// What can still be refunded.
        left: Yen as schema::Amount,
        /// Whether it was voided.
        voided: bool,
    }

    /// What a payment took of one programme, round, bucket and kind.
    pub struct SpentBody {
        /// The programme.
        programme: ProgrammeId as u32,
        /// The round in which it was bought.
        round: u16,
        /// The bucket.
        bucket: u16,
        /// Paid or free.
        kind: LotKind as schema::LotKind,
        /// How much.
        amount: Yen as schema::Amount,
        /// The instant from which it is worth nothing.
        expires: Time as schema::Instant,
    }

    /// The terminals of a shop, in order of number.
    pub struct TerminalsBody {
        /// The terminals.
        terminals: Vec<TerminalBody>,
    }

    /// A terminal.
    pub struct TerminalBody {
        /// Its number.
        terminal: u16,
        /// Its key.
        key: PublicKey as schema::Key,
        /// What it may do.
        #[serde(with = "by_json")]
        rights: TerminalRights as Vec<schema::TerminalRight>,
        /// The most that it refunds at once.
        per_refund?: Yen as schema::Amount,
        /// The most that it refunds on a day in Japan.
        per_day?: Yen as schema::Amount,
        /// What it refunded today.
        refunded_today: Yen as schema::Amount,
        /// Whether it was ended.
        ended: bool,
    }

    /// The key of a terminal, for whoever is asked to pay.
    pub struct TerminalKeyBody {
        /// Its number.
        terminal: u16,
        /// Its key.
        key: PublicKey as schema::Key,
        /// Whether it may ask to be paid: it has the right and was not ended.
        asks: bool,
    }
}
