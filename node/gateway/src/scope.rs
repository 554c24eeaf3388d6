//! What may leave of a route's answer: the fields whose categories an agreement covers.

use consent_records::Vocabulary;
use consent_records::terms::{DataPeriod, Mismatch, Process, Request};
use consent_records::vocabulary::ConceptName;
use ledger_types::{PartyId, PartyRoles};

use crate::config::RouteConfig;
use crate::wire::Asked;

/// What an access may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// JSON pointers into a record, in order.
    pub fields: Vec<String>,
    /// The days that data may be from; none is every day.
    pub period: Option<DataPeriod>,
}

/// Why nothing may leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfScope {
    /// The terms do not cover the request.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// The terms name a period and the route does not say what a record's day is.
    #[error("only some days were agreed, and the data does not say of which day it is")]
    NoDays,
    /// The categories of the route are none that is given out on that basis.
    #[error("no category of this path is given out on that basis")]
    NoCategory,
}

/// Under a consent: the fields of which the opened process covers the request.
///
/// Where the request names no period, the process's own is meant. Whether the recipient belongs to a
/// joint use the ledger alone knows: it permitted this very process to it.
///
/// # Errors
/// [`OutOfScope`]: the first mismatch where no field is covered.
pub fn under_process(
    process: &Process,
    asked: &Asked,
    recipient: (PartyId, PartyRoles),
    route: &RouteConfig,
    vocabulary: &Vocabulary,
) -> Result<Scope, OutOfScope> {
    let period = asked.data_period.or(process.data_period);
    let mut fields = Vec::new();
    let mut mismatch = None;
    for (pointer, category) in categories(route) {
        let request = Request {
            category: category.clone(),
            purpose: asked.purpose.clone(),
            recipient: recipient.0,
            recipient_roles: recipient.1,
            is_joint_user: true,
            operations: asked.operations.clone(),
            retention_days: asked.retention_days,
            region: asked.region.clone(),
            data_period: period,
        };
        match process.covers(&request, vocabulary) {
            Ok(()) => fields.push(pointer),
            Err(found) => drop(mismatch.get_or_insert(found)),
        }
    }
    match mismatch {
        Some(mismatch) if fields.is_empty() => Err(mismatch.into()),
        _ if fields.is_empty() => Err(OutOfScope::NoCategory),
        _ => with_days(fields, period, route),
    }
}

/// Without a consent: the fields whose categories the holder gives out on that basis; none that is
/// sensitive where the basis does not reach so far.
///
/// # Errors
/// [`OutOfScope`].
pub fn under_basis(
    given_out: &[ConceptName],
    reaches_sensitive: bool,
    asked: &Asked,
    route: &RouteConfig,
    vocabulary: &Vocabulary,
) -> Result<Scope, OutOfScope> {
    let is_given = |category: &ConceptName| {
        given_out.iter().any(|broad| vocabulary.is_within(category, broad))
            && (reaches_sensitive || !vocabulary.sensitivity(category).is_sensitive())
    };
    let fields: Vec<String> = categories(route)
        .filter(|(_, category)| is_given(category))
        .map(|(pointer, _)| pointer)
        .collect();
    if fields.is_empty() {
        return Err(OutOfScope::NoCategory);
    }
    with_days(fields, asked.data_period, route)
}

fn with_days(
    fields: Vec<String>,
    period: Option<DataPeriod>,
    route: &RouteConfig,
) -> Result<Scope, OutOfScope> {
    if period.is_some() && route.period.is_none() {
        return Err(OutOfScope::NoDays);
    }
    Ok(Scope { fields, period })
}

/// The route's fields with their categories; the whole record where it has one category.
fn categories(route: &RouteConfig) -> impl Iterator<Item = (String, &ConceptName)> {
    let whole = route.category.iter().map(|category| (String::new(), category));
    whole.chain(route.fields.iter().map(|(pointer, category)| (pointer.clone(), category)))
}

#[cfg(test)]
mod tests {
    use consent_records::format::Version;
    use consent_records::terms::{Processing, Recipient, Region};

    use super::*;

    fn name(text: &str) -> ConceptName {
        ConceptName::new(text).unwrap()
    }

    fn period(from: &str, until: &str) -> DataPeriod {
        DataPeriod { from: from.parse().unwrap(), until: until.parse().unwrap() }
    }

    fn process() -> Process {
        Process {
            version: Version,
            vocabulary: Vocabulary::built_in().hash(),
            category: name("kyojo:MedicationRecord"),
            purpose: name("kyojo:MedicalCare"),
            excludes: vec![],
            recipient: Recipient::Party(PartyId::new(3)),
            operations: vec![Processing::Consult, Processing::Use],
            retention_days: 30,
            region: Region::new("JP-07").unwrap(),
            data_period: Some(period("2026-01-01", "2027-01-01")),
            sensitive: true,
        }
    }

    fn asked() -> Asked {
        Asked {
            purpose: name("kyojo:Dispensing"),
            operations: vec![Processing::Consult],
            retention_days: 1,
            region: Region::new("JP-07-202").unwrap(),
            data_period: None,
        }
    }

    fn route(text: &str) -> RouteConfig {
        toml::from_str(&format!("path = \"/a/{{person}}\"\n{text}")).unwrap()
    }

    fn two_fields() -> RouteConfig {
        route(
            "period = \"/day\"\n[fields]\n\"/drug\" = \"kyojo:MedicationRecord\"\n\
               \"/notes\" = \"kyojo:MedicalRecord\"",
        )
    }

    fn decide(asked: &Asked, recipient: u32, route: &RouteConfig) -> Result<Scope, OutOfScope> {
        let recipient = (PartyId::new(recipient), PartyRoles::RECIPIENT);
        under_process(&process(), asked, recipient, route, Vocabulary::built_in())
    }

    #[test]
    fn fields_of_the_agreed_category_leave_and_no_others() {
        let scope = decide(&asked(), 3, &two_fields()).unwrap();
        assert_eq!(scope.fields, ["/drug"]);
        assert_eq!(
            scope.period,
            process().data_period,
            "the terms' own period where none is asked"
        );
        let narrower = Asked { data_period: Some(period("2026-03-01", "2026-04-01")), ..asked() };
        assert_eq!(decide(&narrower, 3, &two_fields()).unwrap().period, narrower.data_period);
    }

    #[test]
    fn whatever_goes_beyond_the_terms_is_refused_with_its_reason() {
        let wide = Asked { data_period: Some(period("2025-12-31", "2026-02-01")), ..asked() };
        assert_eq!(decide(&wide, 3, &two_fields()), Err(Mismatch::DataPeriod.into()));
        let long = Asked { retention_days: 31, ..asked() };
        assert_eq!(decide(&long, 3, &two_fields()), Err(Mismatch::Retention { asked: 31 }.into()));
        let sale = Asked { purpose: name("dpv:Marketing"), ..asked() };
        assert!(matches!(
            decide(&sale, 3, &two_fields()),
            Err(OutOfScope::Mismatch(Mismatch::Purpose { .. }))
        ));
        let operations = vec![Processing::Consult, Processing::Share];
        let share = Asked { operations, ..asked() };
        assert!(matches!(
            decide(&share, 3, &two_fields()),
            Err(OutOfScope::Mismatch(Mismatch::Operation { .. }))
        ));
        let abroad = Asked { region: Region::new("US").unwrap(), ..asked() };
        assert!(matches!(
            decide(&abroad, 3, &two_fields()),
            Err(OutOfScope::Mismatch(Mismatch::Region { .. }))
        ));
        assert!(matches!(
            decide(&asked(), 4, &two_fields()),
            Err(OutOfScope::Mismatch(Mismatch::Recipient { .. }))
        ));
    }

    #[test]
    fn a_period_that_cannot_be_told_from_the_data_is_refused() {
        let without = route("category = \"kyojo:MedicationRecord\"");
        assert_eq!(decide(&asked(), 3, &without), Err(OutOfScope::NoDays));
    }

    #[test]
    fn a_basis_that_does_not_reach_sensitive_data_gets_none() {
        let given = [name("kyojo:MedicationRecord")];
        let route = two_fields();
        let under =
            |reaches| under_basis(&given, reaches, &asked(), &route, Vocabulary::built_in());
        assert_eq!(under(true).unwrap().fields, ["/drug"]);
        assert_eq!(under(false), Err(OutOfScope::NoCategory));
    }
}
