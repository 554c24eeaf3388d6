//! `unmatched` and `disclosures`: a look at the records, beside the gateway that makes them.

use clap::Args;
use kyojo_cli::{Failure, Reply};
use ledger_types::operation::Half;
use network_clock::Clock;
use serde_json::{Value, json};

use super::look;
use crate::config::Config;
use crate::disclosure::commitment;
use crate::store::{HalfRecord, HalfState, Naming};

/// List halves that have not met their counterparts
#[derive(Debug, Args)]
pub(super) struct Unmatched {
    /// List those that are at least so many seconds old; the configured age where it is not said
    #[arg(long, value_name = "SECONDS")]
    older_than: Option<u64>,
}

impl Unmatched {
    /// Runs the command.
    pub(super) fn run(&self, config: &Config) -> Result<Reply, Failure> {
        let age_ms = self.older_than.unwrap_or(config.store.unmatched_after_s).saturating_mul(1000);
        let now = Clock::real().now();
        let is_old = |record: &HalfRecord| {
            now.as_millis().saturating_sub(record.queued.as_millis()) >= age_ms
        };
        // What differs and what the ledger refused has no counterpart either, however old it is.
        let concerns = |record: &HalfRecord| match record.state {
            HalfState::Queued { .. } | HalfState::Recorded { .. } => is_old(record),
            HalfState::Mismatched { .. } | HalfState::Refused { .. } => true,
            HalfState::Matched { .. } => false,
        };
        list(config, concerns)
    }
}

/// Everything that was disclosed or received.
pub(super) fn disclosures(config: &Config) -> Result<Reply, Failure> {
    list(config, |_| true)
}

fn list(config: &Config, concerns: impl Fn(&HalfRecord) -> bool) -> Result<Reply, Failure> {
    let records = match look(config)? {
        Some(store) => store.all_halves().map_err(Failure::other)?,
        None => Vec::new(),
    };
    let listed: Vec<&HalfRecord> = records.iter().filter(|record| concerns(record)).collect();
    let lines: Vec<String> = listed.iter().map(|record| line(record)).collect();
    let items: Vec<Value> = listed.iter().map(|record| item(record)).collect();
    Ok(Reply::new(json!({ "items": items }), lines.join("\n")))
}

fn line(record: &HalfRecord) -> String {
    let what = &record.disclosure.document;
    let mut line = format!(
        "{} {} {} {} records with party {} access {}",
        what.at,
        half(record.half),
        record.state.name(),
        what.count,
        record.counterparty(),
        what.access,
    );
    if let Some(debtor) = record.owed_by() {
        line.push_str(&format!(", the other half owed by party {debtor}"));
    }
    line
}

/// A record without its salts and without who asked: those are read by whoever has the key.
fn item(record: &HalfRecord) -> Value {
    let (height, code) = match &record.state {
        HalfState::Queued { .. } => (None, None),
        HalfState::Refused { code } => (None, Some(*code)),
        HalfState::Recorded { height }
        | HalfState::Matched { height }
        | HalfState::Mismatched { height } => (Some(*height), None),
    };
    json!({
        "half": half(record.half),
        "state": record.state.name(),
        "height": height,
        "code": code,
        "counterparty": record.counterparty(),
        "owed_by": record.owed_by(),
        "naming": record.naming.as_ref().map(Naming::name),
        "commitment": commitment(&record.disclosure),
        "description": record.disclosure.document,
    })
}

const fn half(half: Half) -> &'static str {
    match half {
        Half::Holder => "holder",
        Half::Recipient => "recipient",
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::{Hash, Height, Timestamp};

    use super::*;
    use crate::disclosure::tests::opening;

    fn record(state: HalfState) -> HalfRecord {
        let queued = Timestamp::from_millis(0);
        HalfRecord {
            half: Half::Holder,
            disclosure: opening(),
            asker: None,
            holder_salt: Hash::new([8; 32]),
            queued,
            state,
            naming: None,
        }
    }

    #[test]
    fn a_listed_half_has_these_members_and_no_salt() {
        let listed = item(&record(HalfState::Recorded { height: Height::new(9) }));
        let expected = json!({
            "half": "holder",
            "state": "recorded",
            "height": 9,
            "code": null,
            "counterparty": 3,
            "owed_by": 3,
            "naming": null,
            "commitment": commitment(&opening()),
            "description": {
                "version": 1,
                "access": "01".repeat(32),
                "consent": "02".repeat(32),
                "holder": 2,
                "recipient": 3,
                "at": "2026-11-22T09:00:00.000Z",
                "route": "/patients/{person}/medications",
                "fields": ["/drug/name"],
                "count": 2,
                "body": "04".repeat(32),
                "asker": "05".repeat(32),
            },
        });
        assert_eq!(listed, expected);
        assert_eq!(item(&record(HalfState::Refused { code: 4082 }))["code"], 4082);
    }

    #[test]
    fn a_lone_half_says_who_owes_the_other_one() {
        let height = Height::new(9);
        let mut received = record(HalfState::Recorded { height });
        received.half = Half::Recipient;
        let said = |record: &HalfRecord| {
            let listed = item(record);
            (listed["owed_by"].clone(), listed["naming"].clone())
        };
        assert_eq!(said(&received), (json!(3), json!(null)), "the requester itself");
        received.naming = Some(Naming::Named { height });
        assert_eq!(said(&received), (json!(2), json!("named")), "the holder that it named");
        received.state = HalfState::Matched { height };
        assert_eq!(said(&received).0, json!(null));
    }

    #[test]
    fn a_listed_half_is_one_line_for_people() {
        assert_eq!(
            line(&record(HalfState::Recorded { height: Height::new(9) })),
            format!(
                "2026-11-22T09:00:00.000Z holder recorded 2 records with party 3 access {}, \
                 the other half owed by party 3",
                "01".repeat(32)
            )
        );
    }
}
