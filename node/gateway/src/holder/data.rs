//! What may leave under an access, of whom, and fetching just that.

use consent_records::Vocabulary;
use consent_records::vault::VaultError;
use ledger_types::operation::AccessBasis;
use zeroize::Zeroizing;

use super::Holder;
use super::permitted::{self, Permitted};
use super::requester::Requester;
use crate::code::{Code, Refusal};
use crate::config::RouteConfig;
use crate::disclosure::TAG_PERSON;
use crate::filter::{Filter, Filtered, Projection};
use crate::keep::KeepError;
use crate::route::{Pattern, query};
use crate::scope::{OutOfScope, Scope, under_basis, under_process};
use crate::wire::{BasisOpening, DataRequest};

impl Holder {
    /// The first route of this path.
    pub(super) fn route(&self, path: &str) -> Result<(&RouteConfig, &Pattern), Refusal> {
        let none = || Refusal::new(Code::NoSuchRoute, "no route of this holder has that path");
        let mut routes = self.parts.routes.iter().zip(&self.patterns);
        routes.find(|(_, pattern)| pattern.fits(path)).ok_or_else(none)
    }

    /// What may leave, and whose data it is.
    pub(super) async fn scope(
        &self,
        request: &DataRequest,
        permitted: &Permitted,
        requester: &Requester,
        route: &RouteConfig,
    ) -> Result<(Scope, Zeroizing<String>), Refusal> {
        let (asked, vocabulary) = (&request.asked, Vocabulary::built_in());
        let outside = |error: OutOfScope| Refusal::new(Code::NotCovered, error.to_string());
        match (&permitted.basis, &request.opening) {
            (AccessBasis::Consent(basis), BasisOpening::Consent(opened)) => {
                let process = permitted::opened(basis, opened)?;
                permitted::proved(basis, &asked.purpose)?;
                let recipient = (request.requester, requester.roles);
                let scope = under_process(process, asked, recipient, route, vocabulary);
                let (keep, consent) = (self.parts.keep.clone(), basis.consent);
                let person = tokio::task::spawn_blocking(move || keep.person(&consent)).await;
                let person = person.map_err(|_| Refusal::new(Code::Busy, "the gateway stops"))?;
                let unknown = "the holder knows nobody by that consent";
                let unknown = || Refusal::new(Code::PersonRefused, unknown);
                let person = person.map_err(|error| keep_failed(&error))?.ok_or_else(unknown)?;
                Ok((scope.map_err(outside)?, person))
            }
            (AccessBasis::Consent(_), _) | (_, BasisOpening::Consent(_)) => {
                Err(Refusal::new(Code::OpeningRefused, "the opening is of another basis"))
            }
            (_, BasisOpening::Person(opening)) => {
                let given = permitted.given_out(&self.parts.without_consent, request.requester);
                let unserved = || Refusal::new(Code::BasisNotServed, "not to this requester");
                let given = given.ok_or_else(unserved)?;
                let committed = permitted.person.as_ref();
                let opens =
                    committed.is_some_and(|person| opening.check(TAG_PERSON, person).is_ok());
                if !opens {
                    let detail = "the person's key does not open what the access names";
                    return Err(Refusal::new(Code::OpeningRefused, detail));
                }
                let reaches = permitted.reaches_sensitive();
                let scope = under_basis(&given, reaches, asked, route, vocabulary);
                Ok((scope.map_err(outside)?, Zeroizing::new(opening.document.clone())))
            }
        }
    }

    /// Fetches and filters.
    pub(super) async fn data(
        &self,
        request: &DataRequest,
        (route, pattern): (&RouteConfig, &Pattern),
        scope: &Scope,
        person: &str,
    ) -> Result<Filtered, Refusal> {
        let path = pattern
            .upstream(&request.path, person)
            .ok_or_else(|| Refusal::new(Code::PersonRefused, "the path names somebody else"))?;
        let query = query(&route.query, request.query.as_deref()).map_err(|name| {
            Refusal::new(Code::Malformed, format!("not passed on to the data: {name}"))
        })?;
        let answer = self.parts.upstream.fetch(&format!("{path}{query}")).await?;
        let unreadable = |detail: String| Refusal::new(Code::UpstreamUnreadable, detail);
        let fields = Projection::of(scope.fields.iter().map(String::as_str)).map_err(unreadable)?;
        let filter = Filter {
            records: &route.records,
            fields,
            period: scope.period.and_then(|period| Some((route.period.as_deref()?, period))),
            person: route.person.as_deref().map(|at| (at, person)),
        };
        filter.apply(&answer).map_err(|error| unreadable(error.to_string()))
    }
}

fn keep_failed(error: &KeepError) -> Refusal {
    if let KeepError::Vault(VaultError::Shredded { .. }) = error {
        return Refusal::new(Code::TermsShredded, "what was known of the consent is destroyed");
    }
    tracing::error!(%error, "the vault failed");
    Refusal::new(Code::StoreFailed, "nothing was given out")
}
