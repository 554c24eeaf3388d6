//! What of a configuration only shows in combination.

use std::net::IpAddr;

use consent_records::Vocabulary;
use consent_records::vocabulary::{ConceptName, PERSONAL_DATA, PURPOSE};
use ledger_types::AddressPrefix;
use network_clock::LabTime;

use super::{Config, HolderConfig, RecipientConfig};
use crate::filter::Projection;
use crate::route::Pattern;

type Checked = Result<(), (String, String)>;

fn wrong(key: &str, reason: impl Into<String>) -> Checked {
    Err((key.to_owned(), reason.into()))
}

/// Checks everything, the first thing that is wrong is named.
pub(super) fn check(config: &Config) -> Checked {
    if config.network.nodes.is_empty() {
        return wrong("network.nodes", "name at least one node");
    }
    if AddressPrefix::new(&config.network.address_prefix).is_none() {
        return wrong("network.address_prefix", "not a prefix of addresses");
    }
    if let Some(Err(error)) = config.network.lab.as_ref().map(LabTime::try_from) {
        return wrong("network.lab.rate", error.to_string());
    }
    if config.holder.is_none() && config.recipient.is_none() {
        return wrong("holder, recipient", "at least one of the two sections is needed");
    }
    config.holder.as_ref().map_or(Ok(()), holder)?;
    config.recipient.as_ref().map_or(Ok(()), recipient)
}

fn holder(config: &HolderConfig) -> Checked {
    let upstream = &config.upstream;
    if !is_http(&upstream.url) {
        return wrong("holder.upstream.url", "an http or https URL is expected");
    }
    if upstream.credential_header.is_some() != upstream.credential_file.is_some() {
        return wrong("holder.upstream.credential_file", "it goes with credential_header");
    }
    if config.route.is_empty() {
        return wrong("holder.route", "name at least one path");
    }
    for route in &config.route {
        let key = format!("holder.route {}", route.path);
        let pattern = Pattern::read(&route.path).map_err(|reason| (key.clone(), reason))?;
        if !pattern.has_person() && route.person.is_none() {
            return wrong(
                &key,
                "without {person} in the path, `person` must say whose a record is",
            );
        }
        if route.category.is_some() != route.fields.is_empty() {
            return wrong(&key, "either `category` for whole records or `fields`");
        }
        for category in route.category.iter().chain(route.fields.values()) {
            concept(&key, category, PERSONAL_DATA)?;
        }
        let pointers = route.fields.keys().map(String::as_str);
        Projection::of(pointers).map_err(|reason| (key.clone(), reason))?;
        let places = [Some(&route.records), route.period.as_ref(), route.person.as_ref()];
        if let Some(bad) = places.into_iter().flatten().find(|text| !is_pointer(text)) {
            return wrong(&key, format!("`{bad}` is not a JSON pointer"));
        }
    }
    for ground in &config.without_consent {
        for category in &ground.categories {
            concept("holder.without_consent", category, PERSONAL_DATA)?;
        }
    }
    Ok(())
}

fn recipient(config: &RecipientConfig) -> Checked {
    concept("recipient.use.purpose", &config.used.purpose, PURPOSE)?;
    if !may_be_asked(&config.oidc.issuer) {
        return wrong("recipient.oidc.issuer", "https is expected, or http on loopback");
    }
    if config.used.operations.is_empty() {
        return wrong("recipient.use.operations", "name at least one operation");
    }
    let plain = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    for peer in &config.holder {
        if !plain(&peer.name) {
            return wrong("recipient.holder.name", "letters, digits and hyphens are expected");
        }
        if !is_http(&peer.url) {
            return wrong("recipient.holder.url", "an http or https URL is expected");
        }
    }
    match config.ground.iter().find(|ground| !plain(ground.name())) {
        Some(_) => wrong("recipient.ground.name", "letters, digits and hyphens are expected"),
        None => Ok(()),
    }
}

fn concept(key: &str, name: &ConceptName, root: &str) -> Checked {
    if Vocabulary::built_in().is_under(name, root) {
        return Ok(());
    }
    wrong(key, format!("{name} is not under {root} in the vocabulary"))
}

/// Whether a URL may be asked for what is believed: https, or http to this machine itself.
#[must_use]
pub fn may_be_asked(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback =
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => !host.is_empty(),
        "http" => is_loopback,
        _ => false,
    }
}

fn is_http(url: &str) -> bool {
    reqwest::Url::parse(url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}
