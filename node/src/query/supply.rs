//! The supply of money with all sums checked: bounded work, however often it is asked for.
//!
//! Checking reads every record while the writer waits, so the answer is kept and made again only
//! when the height has moved and at most a fiftieth of the time goes into it.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use ledger::State;
use ledger_types::Yen;
use node_api::Address;
use node_api::body::{BankBody, PairBody, SupplyBody, ZoneTotalBody};

/// The share of time that may go into checking: one part in so many.
const SHARE: u32 = 50;

/// See the module.
#[derive(Debug, Default)]
pub struct Supply {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    body: Arc<SupplyBody>,
    made: Instant,
    took: Duration,
}

impl Supply {
    /// The supply as of the body's height. Takes as long as reading every record: not for a
    /// runtime's thread.
    #[must_use]
    pub fn read(&self, state: &RwLock<State>) -> Arc<SupplyBody> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let state = state.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(Kept { body, made, took }) = kept.as_ref() {
            let is_tip = body.height == state.height();
            if is_tip || made.elapsed() < took.saturating_mul(SHARE) {
                return Arc::clone(body);
            }
        }
        let started = Instant::now();
        let body = Arc::new(supply(&state));
        drop(state);
        let took = started.elapsed();
        *kept = Some(Kept { body: Arc::clone(&body), made: Instant::now(), took });
        body
    }
}

fn supply(state: &State) -> SupplyBody {
    let violation = state.conservation().err().map(|violation| violation.to_string());
    let prefix = state.address_prefix();
    let banks: Vec<BankBody> = state
        .banks()
        .map(|(bank, record)| BankBody {
            bank,
            name: record.name.clone(),
            account: Address::of(&record.account, prefix),
            issued: record.issued,
            redeemed: record.redeemed,
            liability: record.liability,
            issue_allowance: record.issue_allowance,
            net_debit_cap: record.net_debit_cap,
            position: record.position.get().to_string(),
        })
        .collect();
    let pairs = state.positions().map(|((lower, higher), position)| PairBody {
        lower,
        higher,
        position: position.get().to_string(),
    });
    let zones = state.zones().map(|(zone, record)| ZoneTotalBody { zone, total: record.total });
    SupplyBody {
        height: state.height(),
        time: state.time().into(),
        issued: sum(banks.iter().map(|bank| bank.issued)),
        redeemed: sum(banks.iter().map(|bank| bank.redeemed)),
        liability: sum(banks.iter().map(|bank| bank.liability)),
        conserved: violation.is_none(),
        violation,
        pairs: pairs.collect(),
        zones: zones.collect(),
        banks,
    }
}

/// A sum past the range of amounts is a violation that the check has named; it shows as the most.
fn sum(mut amounts: impl Iterator<Item = Yen>) -> Yen {
    amounts.try_fold(Yen::ZERO, Yen::checked_add).unwrap_or(Yen::new(u64::MAX))
}
