//! What an application's request says: of whom, on what basis, for what.

use axum::http::{HeaderMap, Uri};
use consent_records::terms::DataPeriod;
use consent_records::vocabulary::ConceptName;
use ledger_types::{ConsentId, Hash};

use crate::code::{Code, Refusal};
use crate::config::UseConfig;
use crate::wire::Asked;

/// The longest value of a header that is read here.
const HEADER_BYTES_MAX: usize = 1024;

/// A request for data.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    /// The holder's name.
    pub(super) holder: String,
    /// The path of the data, with its slash.
    pub(super) path: String,
    /// Its query.
    pub(super) query: Option<String>,
    /// What it relies on.
    pub(super) reliance: Reliance,
    /// What would be done with the data.
    pub(super) asked: Asked,
}

/// What a request relies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reliance {
    /// A process of a consent.
    Consent {
        /// The consent.
        consent: ConsentId,
        /// Which of its opened processes.
        process: usize,
    },
    /// A configured basis.
    Ground {
        /// Its name.
        name: String,
        /// The person's key.
        person: String,
        /// Why, in words.
        reason: Option<String>,
    },
}

impl Asking {
    /// Reads a request.
    pub(super) fn read(uri: &Uri, headers: &HeaderMap, used: &UseConfig) -> Result<Self, Refusal> {
        let rest = uri.path().strip_prefix("/data/").unwrap_or_default();
        let (holder, path) = rest.split_once('/').unwrap_or((rest, ""));
        let reliance = reliance(headers)?;
        let purpose = match text(headers, "kyojo-purpose")? {
            Some(name) => ConceptName::new(name).map_err(|error| bad("kyojo-purpose", &error))?,
            None => used.purpose.clone(),
        };
        let asked = Asked {
            purpose,
            operations: used.operations.clone(),
            retention_days: used.retention_days,
            region: used.region.clone(),
            data_period: text(headers, "kyojo-period")?.map(period).transpose()?,
        };
        Ok(Self {
            holder: holder.to_owned(),
            path: format!("/{path}"),
            query: uri.query().map(str::to_owned),
            reliance,
            asked,
        })
    }
}

fn reliance(headers: &HeaderMap) -> Result<Reliance, Refusal> {
    match (text(headers, "kyojo-consent")?, text(headers, "kyojo-ground")?) {
        (Some(consent), None) => {
            let id: Hash = consent.parse().map_err(|error| bad("kyojo-consent", &error))?;
            let process = text(headers, "kyojo-process")?.unwrap_or("0");
            let process = process.parse().map_err(|error| bad("kyojo-process", &error))?;
            Ok(Reliance::Consent { consent: ConsentId::new(id), process })
        }
        (None, Some(name)) => {
            let person = text(headers, "kyojo-person")?;
            let person = person.ok_or_else(|| bad("kyojo-person", &"it is needed"))?;
            let reason = text(headers, "kyojo-reason")?.map(str::to_owned);
            Ok(Reliance::Ground { name: name.to_owned(), person: person.to_owned(), reason })
        }
        _ => Err(bad("kyojo-consent, kyojo-ground", &"exactly one of them is needed")),
    }
}

/// A header's text; none where it is not there.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = std::str::from_utf8(value.as_bytes()).ok();
    let text = text.filter(|text| !text.is_empty() && text.len() <= HEADER_BYTES_MAX);
    match text {
        Some(text) if values.next().is_none() => Ok(Some(text)),
        _ => Err(bad(name, &"one value of at most a kilobyte is expected")),
    }
}

fn period(text: &str) -> Result<DataPeriod, Refusal> {
    let malformed = || bad("kyojo-period", &"like 2026-01-01/2026-07-01");
    let (from, until) = text.split_once('/').ok_or_else(malformed)?;
    let (from, until) = (from.parse(), until.parse());
    match (from, until) {
        (Ok(from), Ok(until)) if from < until => Ok(DataPeriod { from, until }),
        _ => Err(malformed()),
    }
}

fn bad(name: &str, reason: &impl ToString) -> Refusal {
    Refusal::new(Code::Malformed, format!("{name}: {}", reason.to_string()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use consent_records::terms::{Processing, Region};

    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> Result<Asking, Refusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        let used = UseConfig {
            purpose: ConceptName::new("kyojo:Dispensing").unwrap(),
            operations: vec![Processing::Consult],
            retention_days: 30,
            region: Region::new("JP-07").unwrap(),
        };
        let uri = "/data/clinic/patients/-/medications?kind=a".parse().unwrap();
        Asking::read(&uri, &headers, &used)
    }

    #[test]
    fn a_request_is_read_whole() {
        let id = "ab".repeat(32);
        let asking = read(&[
            ("kyojo-consent", &id),
            ("kyojo-process", "1"),
            ("kyojo-period", "2026-01-01/2026-07-01"),
            ("kyojo-purpose", "kyojo:MedicalCare"),
        ])
        .unwrap();
        assert_eq!(asking.holder, "clinic");
        assert_eq!(asking.path, "/patients/-/medications");
        assert_eq!(asking.query.as_deref(), Some("kind=a"));
        let consent = ConsentId::new(Hash::new([0xab; 32]));
        assert_eq!(asking.reliance, Reliance::Consent { consent, process: 1 });
        assert_eq!(asking.asked.purpose.as_str(), "kyojo:MedicalCare");
        assert!(asking.asked.data_period.is_some());
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        let id = "ab".repeat(32);
        let id = id.as_str();
        for (pairs, named) in [
            (&[][..], "exactly one"),
            (&[("kyojo-consent", "12")][..], "kyojo-consent"),
            (&[("kyojo-consent", id), ("kyojo-ground", "x")][..], "exactly one"),
            (&[("kyojo-consent", id), ("kyojo-consent", id)][..], "one value"),
            (&[("kyojo-consent", id), ("kyojo-process", "-1")][..], "kyojo-process"),
            (&[("kyojo-consent", id), ("kyojo-period", "2026-01-01")][..], "kyojo-period"),
            (&[("kyojo-consent", id), ("kyojo-period", "2026-02-01/2026-01-01")][..], "period"),
            (&[("kyojo-ground", "emergency")][..], "kyojo-person"),
        ] {
            let refusal = read(pairs).unwrap_err();
            assert_eq!(refusal.code, 7201);
            assert!(refusal.detail.contains(named), "{}", refusal.detail);
        }
    }
}
