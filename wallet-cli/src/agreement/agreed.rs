//! Terms as a person states them, in a file or by flags, made into what the ledger takes.
//!
//! A file is a JSON list, each entry with `category`, `purpose`, `recipients`, `operations`,
//! `retention_days`, `region`, and where wanted `excludes`, `data_period` and `sensitive`. Concepts go
//! by name or by label. A process is for one recipient, so each of an entry's becomes one. Whatever
//! is wrong is said of the entry and the word that it is about.

use std::path::{Path, PathBuf};

use clap::Args;
use consent_records::format::Version;
use consent_records::terms::{
    DataPeriod, Process, ProcessError, Processing, Recipient, Region, Terms, TermsError,
};
use consent_records::vocabulary::{ConceptName, PURPOSE, Vocabulary};
use ledger_types::VocabularyId;
use ledger_types::consent::{Breadth, Interval};
use ledger_types::limits::EXCLUDES_MAX;
use serde::Deserialize;
use serde_json::Value;

use crate::failure::{Exit, Failure};
use crate::i18n::Lang;
use crate::{calendar, reading};

/// What is agreed.
#[derive(Clone, Debug, Args)]
#[command(group(clap::ArgGroup::new("agreed").args(["terms", "category"]).required(true)))]
pub(crate) struct TermsArgs {
    /// File with the terms: a JSON list of processes. Only salted hashes of them are sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) terms: Option<PathBuf>,
    /// Instead of a file: which data, by name or label (kyojo consent words).
    #[arg(long, value_name = "CONCEPT", requires = "operation")]
    pub(crate) category: Option<String>,
    /// What it is for, by name or label; with --broad that purpose.
    #[arg(long, value_name = "CONCEPT", requires = "category")]
    pub(crate) purpose: Option<String>,
    /// A narrower purpose or kind of data that stays out; may be repeated.
    #[arg(long, value_name = "CONCEPT")]
    pub(crate) exclude: Vec<String>,
    /// Who may use it: a party's number or name, a role such as emergency, or a joint use of the
    /// controller as joint-use:SCHEME/VERSION; may be repeated.
    #[arg(long = "recipient", value_name = "WHO", requires = "category")]
    pub(crate) recipients: Vec<String>,
    /// What may be done, such as consult or store; may be repeated.
    #[arg(long = "operation", value_name = "WHAT", id = "operation", requires = "recipients")]
    pub(crate) operations: Vec<String>,
    /// For how many days it may be kept.
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub(crate) retention_days: u32,
    /// Where it may be used, such as JP-07-202.
    #[arg(long, value_name = "REGION", default_value = "JP")]
    pub(crate) region: String,
    /// Only data from this day on, which counts.
    #[arg(long, value_name = "DATE", requires = "data_until")]
    pub(crate) data_from: Option<String>,
    /// Only data to this day, which counts.
    #[arg(long, value_name = "DATE", requires = "data_from")]
    pub(crate) data_until: Option<String>,
    /// It reaches sensitive data (要配慮個人情報).
    #[arg(long, requires = "category")]
    pub(crate) sensitive: bool,
    /// Agree to every purpose under this one, as the vocabulary has them now.
    #[arg(long, value_name = "CONCEPT")]
    pub(crate) broad: Option<String>,
    /// The published vocabulary and its version, for --broad.
    #[arg(long, value_name = "NUMBER/VERSION", default_value = "1/1")]
    pub(crate) vocabulary: String,
}

/// What is agreed, whole and checked.
pub(crate) struct Agreed {
    pub(crate) terms: Terms,
    pub(crate) breadth: Breadth,
    pub(crate) broad: Option<ConceptName>,
}

/// A process as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    category: String,
    purpose: String,
    #[serde(default)]
    excludes: Vec<String>,
    recipients: Vec<Recipient>,
    operations: Vec<Processing>,
    retention_days: u32,
    region: Region,
    #[serde(default)]
    data_period: Option<DataPeriod>,
    #[serde(default)]
    sensitive: bool,
}

/// Reads the terms and checks every process.
pub(crate) fn read(args: &TermsArgs) -> Result<Agreed, Failure> {
    let vocabulary = Vocabulary::built_in();
    let broad = args.broad.as_deref().map(reading::concept).transpose()?;
    let processes = match &args.terms {
        Some(path) => from_file(path)?,
        None => from_flags(args, broad.as_ref())?.into_iter().map(|process| (1, process)).collect(),
    };
    for (number, process) in &processes {
        process.check(vocabulary).map_err(|error| of_process(*number, &error))?;
        if let Some(broad) = &broad
            && !vocabulary.is_within(&process.purpose, broad)
        {
            return Err(Failure::new(Exit::Usage, "err-terms-not-broad")
                .with("number", number)
                .with("name", &process.purpose)
                .with("broad", broad));
        }
    }
    let breadth = breadth(args, broad.as_ref())?;
    let processes = processes.into_iter().map(|(_, process)| process).collect();
    let terms = Terms::new(processes, vocabulary).map_err(|error| of_terms(&error))?;
    Ok(Agreed { terms, breadth, broad })
}

/// The processes of a file, each with the number of the entry that says it.
fn from_file(path: &Path) -> Result<Vec<(usize, Process)>, Failure> {
    let values: Vec<Value> = reading::from_json(path)?;
    let mut processes = Vec::new();
    for (number, value) in (1_usize..).zip(values) {
        processes.extend(from_value(number, value)?.into_iter().map(|process| (number, process)));
    }
    Ok(processes)
}

fn from_value(number: usize, value: Value) -> Result<Vec<Process>, Failure> {
    let draft: Draft = serde_json::from_value(value).map_err(|error| {
        let error = error.to_string();
        // The parser puts what it stumbled over between backquotes.
        let word = error.split('`').nth(1);
        let place = |lang: Lang| match (lang, word) {
            (Lang::Ja, Some(word)) => lang.text("label-around", &[("word", word)]),
            (Lang::Ja, None) | (Lang::En, _) => String::new(),
        };
        let failure = Failure::new(Exit::Usage, "err-terms-shape").with("number", number);
        failure.told("place", place).because(&error)
    })?;
    let named = |text: &str| {
        reading::concept(text).map_err(|_| {
            Failure::new(Exit::Usage, "err-terms-concept").with("number", number).with("name", text)
        })
    };
    let Some(first) = draft.recipients.first() else {
        return Err(of_process(number, &ProcessError::Nobody));
    };
    let process = Process {
        version: Version,
        vocabulary: Vocabulary::built_in().hash(),
        category: named(&draft.category)?,
        purpose: named(&draft.purpose)?,
        excludes: draft.excludes.iter().map(|text| named(text)).collect::<Result<_, _>>()?,
        recipient: *first,
        operations: draft.operations,
        retention_days: draft.retention_days,
        region: draft.region,
        data_period: draft.data_period,
        sensitive: draft.sensitive,
    };
    Ok(for_each(&process, &draft.recipients))
}

/// The process, for each of these.
fn for_each(process: &Process, recipients: &[Recipient]) -> Vec<Process> {
    recipients
        .iter()
        .map(|recipient| Process { recipient: *recipient, ..process.clone() })
        .collect()
}

fn from_flags(args: &TermsArgs, broad: Option<&ConceptName>) -> Result<Vec<Process>, Failure> {
    let missing =
        |argument| Failure::new(Exit::Usage, "err-usage-missing").with("argument", argument);
    let category = args.category.as_deref().ok_or_else(|| missing("--terms, --category"))?;
    let purpose = match (&args.purpose, broad) {
        (Some(text), _) => reading::concept(text)?,
        (None, Some(broad)) => broad.clone(),
        (None, None) => return Err(missing("--purpose")),
    };
    let data_period = match (&args.data_from, &args.data_until) {
        (Some(from), Some(last)) => {
            let (from, last) = (calendar::read_day(from)?, calendar::read_day(last)?);
            Some(DataPeriod { from, until: last.tomorrow().unwrap_or(last) })
        }
        _ => None,
    };
    let named = args.recipients.iter().map(|text| reading::recipient(text));
    let recipients: Vec<Recipient> = named.collect::<Result<_, _>>()?;
    let first = recipients.first().ok_or_else(|| missing("--recipient"))?;
    let process = Process {
        version: Version,
        vocabulary: Vocabulary::built_in().hash(),
        category: reading::concept(category)?,
        purpose,
        excludes: concepts(&args.exclude)?,
        recipient: *first,
        operations: args.operations.iter().map(|text| operation(text)).collect::<Result<_, _>>()?,
        retention_days: args.retention_days,
        region: Region::new(&args.region)
            .map_err(|_| Failure::new(Exit::Usage, "err-bad-region").with("text", &args.region))?,
        data_period,
        sensitive: args.sensitive,
    };
    Ok(for_each(&process, &recipients))
}

fn concepts(texts: &[String]) -> Result<Vec<ConceptName>, Failure> {
    texts.iter().map(|text| reading::concept(text)).collect()
}

fn operation(text: &str) -> Result<Processing, Failure> {
    serde_json::from_value(Value::from(text))
        .map_err(|_| Failure::new(Exit::Usage, "err-bad-operation").with("text", text))
}

/// The breadth that the ledger sees: the subtree of purposes and what is left out of it.
fn breadth(args: &TermsArgs, broad: Option<&ConceptName>) -> Result<Breadth, Failure> {
    let Some(broad) = broad else {
        return Ok(Breadth::Specific);
    };
    let vocabulary = Vocabulary::built_in();
    let not_a_purpose =
        |name: &ConceptName| Failure::new(Exit::Usage, "err-not-a-purpose").with("name", name);
    if !vocabulary.is_under(broad, PURPOSE) {
        return Err(not_a_purpose(broad));
    }
    let interval = |name: &ConceptName| vocabulary.node(name).map(|node| node.interval());
    let purposes = interval(broad).ok_or_else(|| not_a_purpose(broad))?;
    let excluded = concepts(&args.exclude)?;
    let mut excludes: Vec<Interval> = excluded.iter().filter_map(interval).collect();
    excludes.retain(|one| one.is_within(purposes));
    if excludes.len() > EXCLUDES_MAX {
        return Err(Failure::new(Exit::Usage, "err-terms-too-long")
            .with("number", 1)
            .with("most", EXCLUDES_MAX));
    }
    let (vocabulary, version) = named_vocabulary(&args.vocabulary)?;
    Ok(Breadth::Broad { vocabulary, version, purposes, excludes })
}

/// Reads `NUMBER/VERSION`.
fn named_vocabulary(text: &str) -> Result<(VocabularyId, u32), Failure> {
    let parts = text.split_once('/').and_then(|(number, version)| {
        Some((VocabularyId::new(number.parse().ok()?), version.parse().ok()?))
    });
    parts.ok_or_else(|| Failure::new(Exit::Usage, "err-bad-vocabulary").with("text", text))
}

/// What is wrong with terms that were read.
pub(crate) fn of_terms(error: &TermsError) -> Failure {
    match error {
        TermsError::Process(error) => of_process(1, error),
        TermsError::Count { count, most } => {
            Failure::new(Exit::Usage, "err-terms-count").with("count", count).with("most", most)
        }
        TermsError::NoProcess { position } => {
            let number = position.saturating_add(1);
            Failure::new(Exit::Usage, "err-terms-no-process").with("number", number)
        }
        TermsError::Last => Failure::new(Exit::Usage, "err-terms-last"),
        TermsError::Misplaced { index } => {
            Failure::new(Exit::Verification, "err-terms-misplaced").with("index", index)
        }
    }
}

/// What is wrong with one process, by the word that it is about.
pub(crate) fn of_process(number: usize, error: &ProcessError) -> Failure {
    let about = |key| Failure::new(Exit::Usage, key).with("number", number);
    match error {
        ProcessError::OtherVocabulary { .. } => about("err-terms-vocabulary"),
        ProcessError::UnknownConcept { name } => about("err-terms-concept").with("name", name),
        ProcessError::NothingToExclude { name } => about("err-terms-exclude").with("name", name),
        ProcessError::Nobody | ProcessError::Empty => about("err-terms-empty"),
        ProcessError::TooLong { most } => about("err-terms-too-long").with("most", most),
        ProcessError::Retention { most } => about("err-terms-retention").with("most", most),
        ProcessError::Period => about("err-terms-period"),
        ProcessError::SensitivityHidden { name } => about("err-terms-sensitive").with("name", name),
    }
}

#[cfg(test)]
mod tests;
