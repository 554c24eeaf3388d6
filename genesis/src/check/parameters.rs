//! Faults of a document's name and parameters.

use ledger_types::allowance::BURST_MIN;
use ledger_types::genesis::{ShortLotteryTime, ShortRetention};

use super::Check;

/// Longer than this nobody waits at a till, in milliseconds.
const GATHER_MS_MOST: u64 = 1_000;

impl Check<'_> {
    pub(super) fn general(&mut self) {
        let parameters = &self.genesis.parameters;
        self.name("name".to_owned(), &self.genesis.name);
        if parameters.drift_ms_max == 0 {
            self.fault(
                "zero_drift",
                "parameters.drift_ms_max".to_owned(),
                "no clock is ever exactly right, so no block would be accepted".to_owned(),
                "set the largest difference between validators' clocks, such as 2000",
            );
        }
        if parameters.decision_validity_ms == 0 {
            self.fault(
                "zero_validity",
                "parameters.decision_validity_ms".to_owned(),
                "no consent decision could be relied on".to_owned(),
                "set how long a decision may be relied on, such as 60000",
            );
        }
        for ShortRetention { what, days, least, why } in parameters.retention.short() {
            self.fault(
                "short_retention",
                format!("parameters.retention.{what}"),
                format!("{days} days are too few, at least {least} are asked: {why}"),
                "set how many days such records are kept, or served, once they have ended",
            );
        }
        if parameters.limits.have_zero() {
            self.fault(
                "zero_limit",
                "parameters.limits".to_owned(),
                "a limit of 0 stops people's payments without a ground or an end".to_owned(),
                "leave out limits that there are not, and set the others to 1 or more",
            );
        }
        for ShortLotteryTime { what, ms, least } in
            parameters.lotteries.short(self.genesis.lab.is_some())
        {
            self.fault(
                "short_lottery",
                format!("parameters.lotteries.{what}"),
                format!("{ms} ms are too few, at least {least} are asked but in a lab"),
                "leave it out, or set it to 604800000 (claim_ms_min), 1209600000 (secrets_ms_min) or more",
            );
        }
        for (kind, allowance) in parameters.allowances.named() {
            if allowance.burst < BURST_MIN || allowance.per_minute == 0 {
                self.fault(
                    "small_allowance",
                    format!("parameters.allowances.{kind}"),
                    "such a payer could not send what one person sends at once".to_owned(),
                    "set a burst of 64 or more, and a per_minute of 1 or more",
                );
            }
        }
        if parameters.gather_ms_max > GATHER_MS_MOST {
            self.fault(
                "long_gathering",
                "parameters.gather_ms_max".to_owned(),
                format!(
                    "{} ms is longer than anybody waits for a payment",
                    parameters.gather_ms_max
                ),
                "set how long payments may be gathered for a block, such as 100; at most 1000",
            );
        }
    }
}
