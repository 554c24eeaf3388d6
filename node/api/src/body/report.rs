//! A zone's monthly report, and the fees of one of its merchants in a month.

use ledger_types::operation::AccountKind;
use ledger_types::zone::FeeTax;
use ledger_types::{Height, Position, Yen, ZoneId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::form::body;
use crate::month::Month;
use crate::text::{Address, schema};

/// Whose a part of the fees is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeRecipient {
    /// The zone's operator's.
    Operator,
    /// The regional fund's.
    Fund,
    /// Others' with a share, together by the kind of their accounts.
    Other,
}

body! {
    /// A zone in one month in Japan, at the blocks' times: totals alone.
    ///
    /// Cells by area and class of shop are not part of it: they would have to be suppressed so that none
    /// can be worked out from the others.
    pub struct ZoneReportBody {
        /// The zone.
        zone: ZoneId as u16,
        /// The month.
        month: Month as schema::Month,
        /// Whether the month is over, and all of its blocks are counted.
        complete: bool,
        /// The last block of which this is.
        height: Height as u64,
        /// Payments at shops on the ledger: vouchers and coin.
        payments: CountedBody,
        /// What of them was coin.
        coin: Yen as schema::Amount,
        /// What of them was vouchers that their buyers paid for.
        vouchers_paid: Yen as schema::Amount,
        /// What of them was vouchers that nobody paid for: the premium.
        vouchers_free: Yen as schema::Amount,
        /// What was paid in cash beside, as requests say it.
        cash: Yen as schema::Amount,
        /// Refunds, of payments of any month.
        refunds: CountedBody,
        /// Payments that were undone on their day.
        voids: CountedBody,
        /// What merchants paid in fees.
        fees: FeesBody,
        /// Who got them.
        recipients: Vec<RecipientBody>,
        /// What left the regional fund's account: payments at shops, transfers, redemptions, vouchers that
        /// it bought; by the purpose codes of its transactions.
        fund_spent: Vec<SpentForBody>,
        /// What holders moved into the zone.
        charged: Yen as schema::Amount,
        /// What holders moved out of it.
        discharged: Yen as schema::Amount,
        /// What left it for heirs.
        for_heirs: Yen as schema::Amount,
        /// What the zone's sub-accounts held at the month's end; in a month that is not over, at `height`.
        /// Vouchers that are not spent are not in it.
        circulation: Yen as schema::Amount,
        /// How often a discharged yen was paid before: payments less refunds and voids, divided by what was
        /// discharged, in hundredths, rounded down, and 0 where more was given back than paid. None where
        /// nothing was discharged.
        turns_hundredths: Option<u64>,
        /// Merchants that were paid at least once; none where they are fewer than 5.
        merchants_paid: Option<u64>,
        /// Holders that paid at least once; none where they are fewer than 5.
        holders_paid: Option<u64>,
    }

    /// How many, and how much in all.
    pub struct CountedBody {
        /// How many.
        count: u64,
        /// How much.
        amount: Yen as schema::Amount,
    }

    /// Fees, and what of fees went back with refunds and voids.
    pub struct FeesBody {
        /// What was taken.
        charged: Yen as schema::Amount,
        /// What went back to merchants, of fees of any month.
        returned: Yen as schema::Amount,
        /// The first less the second.
        net: Position as schema::SignedAmount,
    }

    /// A part of the fees, by the role that its account had when it got or gave it.
    pub struct RecipientBody {
        /// Whose.
        recipient: FeeRecipient,
        /// The kind of account, of others.
        kind?: AccountKind as schema::AccountKind,
        /// What it got.
        got: Yen as schema::Amount,
        /// What it gave back with refunds and voids.
        gave_back: Yen as schema::Amount,
    }

    /// What a fund spent for one purpose.
    pub struct SpentForBody {
        /// The purpose code of the transactions, 0 where they say none; left out for the sum of all beyond
        /// the first 64 codes of a month.
        purpose?: u16,
        /// How often.
        count: u64,
        /// How much.
        amount: Yen as schema::Amount,
    }

    /// The fees of a merchant in one month in Japan, at the blocks' times.
    pub struct MerchantFeesBody {
        /// The zone.
        zone: ZoneId as u16,
        /// The merchant.
        merchant: Address,
        /// The month.
        month: Month as schema::Month,
        /// Whether the month is over, and all of its blocks are counted.
        complete: bool,
        /// The last block of which this is.
        height: Height as u64,
        /// How many payments a fee was taken of.
        payments: u64,
        /// What these came to: vouchers and coin, without cash.
        base: Yen as schema::Amount,
        /// The fees.
        fees: FeesBody,
        /// The same by version of the schedule, in order.
        versions: Vec<VersionFeesBody>,
        /// The year in which the month's fiscal year began: from April to March.
        fiscal_year: u32,
        /// What the merchant was charged in this fiscal year up to the month's end: what its yearly cap counts.
        charged_in_year: Yen as schema::Amount,
    }

    /// Fees by one version of the schedule.
    pub struct VersionFeesBody {
        /// The version.
        version: u32,
        /// How its fees stand to consumption tax.
        tax: FeeTax as schema::FeeTax,
        /// How many payments a fee was taken of.
        payments: u64,
        /// What these came to.
        base: Yen as schema::Amount,
        /// The fees.
        fees: FeesBody,
    }
}
