//! What makes a network a lab, and which parameters go with it.

use ledger_types::allowance::Allowances;
use ledger_types::genesis::{LotteryTimes, Parameters, Retention};
use ledger_types::{Lab, LabRate, Timestamp};

/// The section of a document: none without a rate; started now where no start is given.
#[must_use]
pub fn section(rate: Option<LabRate>, start_ms: Option<u64>, now: Timestamp) -> Option<Lab> {
    let start = start_ms.map_or(now, Timestamp::from_millis);
    rate.map(|rate| Lab { rate, start })
}

/// The parameters that a new document begins with.
///
/// The first two bound what clocks and wires do, which is real, and are compared with the network's
/// time: in a lab they are as many times as long. Gathering is real time everywhere.
#[must_use]
pub fn parameters(lab: Option<Lab>) -> Parameters {
    let rate = lab.map_or(1, |lab| u64::from(lab.rate.get()));
    Parameters {
        drift_ms_max: 2_000 * rate,
        decision_validity_ms: 60_000 * rate,
        gather_ms_max: 80,
        retention: Retention::USUAL,
        counter_delay_ms: 86_400_000,
        counter_acts_per_day: 200,
        allowances: Allowances::INITIAL,
        limits: ledger_types::genesis::LevelLimits::USUAL,
        lotteries: LotteryTimes::USUAL,
    }
}
