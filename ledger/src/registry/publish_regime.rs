//! `PublishRegime`: the registrar publishes the next version of a regime's deadlines.
//!
//! Deadlines that run already keep the instant that they were given.

use ledger_types::consent::RegimeRules;
use ledger_types::event::RegimePublished;
use ledger_types::genesis::MemberRole;
use ledger_types::limits::REGIME_RULE_MS_MAX;
use ledger_types::operation::PublishRegime;
use ledger_types::record::RegimeVersion;
use ledger_types::{Rejection, refuse_if};

use super::publish_legal_basis::is_date;
use crate::acting::member_with;
use crate::execution::{Execute, Execution};
use crate::fault::Stop;

impl Execute for PublishRegime {
    fn execute(&self, execution: &mut Execution<'_>) -> Result<(), Stop> {
        let PublishRegime { regime, version, statute_date, rules } = *self;
        member_with(execution, MemberRole::Registrar)?;
        let current = execution.books.regime(regime).map_or(0, |before| before.version);
        if current.checked_add(1) != Some(version) {
            return Err(Rejection::RegimeVersionNotNext { current }.into());
        }
        refuse_if(!is_date(statute_date) || !are_usable(&rules), Rejection::BadRegimeRules)?;
        let record = RegimeVersion { version, statute_date, rules, published: execution.height };
        execution.books.put_regime(regime, record);
        execution.emit(RegimePublished { regime, version });
        Ok(())
    }
}

/// Whether every number is neither zero nor too large; nothing need be recorded after the fact.
fn are_usable(rules: &RegimeRules) -> bool {
    let bounds = 1..=REGIME_RULE_MS_MAX;
    let numbers = [
        rules.acknowledge_within_ms,
        rules.request_within_ms,
        rules.match_within_ms,
        rules.review_within_ms,
        rules.notify_within_ms,
        rules.break_glass_ms_max,
    ];
    numbers.iter().all(|number| bounds.contains(number))
        && rules.break_glass_backdate_ms_max <= REGIME_RULE_MS_MAX
}
