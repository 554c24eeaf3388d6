//! The check and the ledger agree on every document: what the ledger refuses is never found sound,
//! and what it accepts is refused only by founding rules that say so.

use kyojo_genesis::check::{Rule, check};
use kyojo_genesis::keys::DevelopmentSeed;
use kyojo_genesis::scenario::{Plan, consortium};
use ledger::State;
use ledger_types::{Genesis, Yen};
use serde_json::{Value, json};

fn sound() -> Genesis {
    let plan = Plan {
        seed: DevelopmentSeed::new(1),
        validators: 2,
        banks: 2,
        citizens: 2,
        merchants: 2,
        issue_allowance: None,
        net_debit_cap: Yen::new(1_000_000),
        allowances_times: 1,
        lab: None,
        lotteries: ledger_types::genesis::LotteryTimes::USUAL,
    };
    consortium(&plan).genesis
}

/// The paths of all values in a document.
fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                paths(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                paths(item, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// What may stand in a value's place: many are no document any more, and those are passed over.
fn instead_of(value: &Value, all: &[&Value]) -> Vec<Value> {
    let mut others = match value {
        Value::Number(_) => [0, 1, 2, 9_999, 10_000, 65_535, u64::MAX / 2, u64::MAX]
            .iter()
            .map(|number| json!(number))
            .collect(),
        Value::String(text) => vec![
            json!(""),
            json!(" \u{3000} "),
            json!("会".repeat(86)),
            json!("x".repeat(256)),
            json!("0"),
            json!(u64::MAX.to_string()),
            json!("00".repeat(32)),
            json!("00".repeat(20)),
            json!(format!("ed25519:01{}", "00".repeat(31))),
            json!(text.to_uppercase()),
            json!("k0"),
            json!("bank"),
        ],
        Value::Array(items) => {
            let twice = items.iter().chain(items.last()).cloned().collect();
            let reversed = items.iter().rev().cloned().collect();
            let shorter = items.iter().skip(1).cloned().collect();
            let many = items.iter().cycle().take(items.len() * 10).cloned().collect();
            vec![json!([]), twice, reversed, shorter, many]
        }
        Value::Null => vec![json!("11".repeat(32))],
        _ => Vec::new(),
    };
    // And what stands in other places of the document: keys and accounts taken twice.
    let alike = all.iter().filter(|other| {
        matches!((value, other), (Value::String(one), Value::String(two))
            if one.len() == two.len() && one != two)
    });
    others.extend(alike.take(3).map(|other| (*other).clone()));
    others
}

#[test]
fn the_check_and_the_ledger_agree_on_every_mutated_document() {
    let document = serde_json::to_value(sound()).unwrap();
    let mut everywhere = Vec::new();
    paths(&document, "", &mut everywhere);
    let all: Vec<&Value> = everywhere.iter().filter_map(|path| document.pointer(path)).collect();
    let (mut accepted, mut refused, mut founding) = (0, 0, 0);
    for path in &everywhere {
        for other in instead_of(document.pointer(path).unwrap(), &all) {
            let mut mutated = document.clone();
            *mutated.pointer_mut(path).unwrap() = other.clone();
            let Ok(genesis) = serde_json::from_value::<Genesis>(mutated) else { continue };
            let ledger = State::from_genesis(&genesis, []);
            let findings = check(&genesis, []);
            let shown =
                || format!("{path} = {other}: {:?} but {findings:?}", ledger.as_ref().err());
            let told = findings.iter().any(|finding| finding.rule == Rule::Ledger);
            assert_eq!(ledger.is_err(), told, "{}", shown());
            for finding in findings.iter().filter(|finding| finding.rule == Rule::Founding) {
                assert!(finding.to_string().contains("the ledger itself would start"));
                assert!(!finding.problem.is_empty(), "{}", shown());
            }
            founding += usize::from(ledger.is_ok() && !findings.is_empty());
            accepted += usize::from(findings.is_empty());
            refused += usize::from(ledger.is_err());
        }
    }
    let least = [accepted, refused, founding].into_iter().min();
    assert!(least > Some(20), "{accepted} sound, {refused} refused, {founding} by founding rules");
}

#[test]
fn a_document_without_the_accounts_that_it_names_is_refused() {
    let named = Genesis { accounts_file: Some(ledger_types::Hash::ZERO), ..sound() };
    let one = sound().accounts.remove(0);
    let codes = |genesis: &Genesis, further: Vec<_>| -> Vec<(&'static str, Rule)> {
        check(genesis, further).iter().map(|finding| (finding.code, finding.rule)).collect()
    };
    assert_eq!(codes(&named, vec![]), [("accounts_file_hash", Rule::Ledger)]);
    let mut without = sound();
    without.accounts.pop();
    let last = sound().accounts.pop().unwrap();
    assert_eq!(codes(&without, vec![last]), [("accounts_file_hash", Rule::Ledger)]);
    assert_eq!(codes(&sound(), vec![one]), [("repeated_account", Rule::Ledger)]);
}
