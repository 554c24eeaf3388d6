//! A fault of a document: where, what, what to do about it, and whose rule it breaks.

use serde::Serialize;

/// Whose rule a fault breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The ledger's: no node starts from the document.
    Ledger,
    /// This crate's: nodes would start, and the network could not be used as it is meant.
    Founding,
}

/// Codes of founding rules; every other code is that of a rule of the ledger's.
const FOUNDING: [&str; 12] = [
    "account_mismatch",
    "bad_bank_code",
    "bank_role",
    "blank_name",
    "long_gathering",
    "no_banks",
    "no_roles",
    "office",
    "small_allowance",
    "supply_overflow",
    "zero_drift",
    "zero_validity",
];

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its stable name.
    pub code: &'static str,
    /// Whose rule it breaks.
    pub rule: Rule,
    /// Where: a path into the document such as `banks[1].keys[0]`.
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl Finding {
    /// A fault; its code says whose rule it breaks.
    #[must_use]
    pub fn new(code: &'static str, place: String, problem: String, remedy: &'static str) -> Self {
        let rule = if FOUNDING.contains(&code) { Rule::Founding } else { Rule::Ledger };
        Self { code, rule, place, problem, remedy }
    }
}

impl core::fmt::Display for Finding {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { code, rule, place, problem, remedy } = self;
        let whose = match rule {
            Rule::Ledger => "",
            Rule::Founding => ", a rule of founding: the ledger itself would start",
        };
        write!(f, "{place}: {problem} ({code}{whose}); {remedy}")
    }
}
