//! `consent history` and `consent who-used`: what happened, in sentences, newest first.

use ledger_types::{ConsentId, Hash, PartyId};
use node_api::body::{BasisName, LogEntry, LogKind};
use node_api::query::Log;
use serde_json::json;

use crate::app::App;
use crate::args::{ConsentName, WhoUsedArgs};
use crate::calendar;
use crate::client::{Client, Reader};
use crate::commands::pages;
use crate::commands::people::{People, beginning};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::output::{Reply, table};

pub(super) async fn history(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(name)?;
    let (_, reader) = people.towards(named.party);
    let entries = of_consent(&people.client, &named.consent, None, &reader).await?;
    let text = told(app, &people.directory, &entries);
    let short = beginning(&named.consent);
    Ok(Reply::new(json!({ "consent": named.consent, "entries": entries }), text)
        .next(format!("kyojo consent show {short}")))
}

/// Everything about one consent, newest first: by a recorded read where it is not the reader's own.
pub(in crate::commands) async fn of_consent(
    client: &Client,
    consent: &ConsentId,
    read: Option<Hash>,
    reader: &Reader,
) -> Result<Vec<LogEntry>, Failure> {
    pages::every(async |cursor| {
        client.consent_log(consent, &Log { read, cursor, limit: pages::LIMIT }, reader).await
    })
    .await
}

/// A table of when and what.
fn told(app: &App, directory: &Directory, entries: &[LogEntry]) -> String {
    if entries.is_empty() {
        return app.text("note-no-history", &[]);
    }
    let titles = ["label-time", "label-what"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| vec![calendar::show(entry.time.get()), describe(app, directory, entry)])
        .collect();
    table(&titles, &rows, &[])
}

pub(super) async fn who_used(app: &App, args: &WhoUsedArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let mut entries = match &args.consent {
        Some(consent) => {
            let name = ConsentName { consent: consent.clone(), party: args.party };
            let named = people.named(&name)?;
            let (_, reader) = people.towards(named.party);
            of_consent(&people.client, &named.consent, None, &reader).await?
        }
        None => of_everything(&people, args.party).await?,
    };
    entries.retain(|entry| is_about_use(entry.kind));
    let text = if entries.is_empty() {
        app.text("note-nobody-used", &[])
    } else {
        uses(app, &people.directory, &entries)
    };
    Ok(Reply::new(json!({ "entries": entries }), text).next("kyojo consent ls"))
}

/// The whole log of every address that the wallet has.
async fn of_everything(people: &People, party: Option<u32>) -> Result<Vec<LogEntry>, Failure> {
    let known = people.consents.known(&people.genesis())?;
    let mut parties: Vec<PartyId> = known.iter().map(|(_, kept)| kept.party).collect();
    if let Some(party) = party {
        parties = vec![PartyId::new(party)];
    }
    parties.sort();
    parties.dedup();
    let mut entries = Vec::new();
    for party in parties {
        let (_, reader) = people.towards(party);
        let of_address = pages::every(async |cursor| {
            let asked = Log { read: None, cursor, limit: pages::LIMIT };
            people.client.subject_log(&reader.address, &asked, &reader).await
        });
        entries.extend(of_address.await?);
    }
    entries.sort_by_key(|entry| core::cmp::Reverse(entry.height));
    Ok(entries)
}

const fn is_about_use(kind: LogKind) -> bool {
    matches!(
        kind,
        LogKind::AccessPermitted
            | LogKind::HalfRecorded
            | LogKind::LogRead
            | LogKind::GlassBroken
            | LogKind::GlassReviewed
            | LogKind::SubjectNotified
    )
}

fn uses(app: &App, directory: &Directory, entries: &[LogEntry]) -> String {
    let titles =
        ["label-time", "label-who", "label-what", "label-ground"].map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let who = entry.party.map(|party| directory.name(party, app.output.lang));
            vec![
                calendar::show(entry.time.get()),
                who.unwrap_or_default(),
                app.text(log_key(entry.kind), &[]),
                entry.basis.map(|basis| app.text(basis_key(basis), &[])).unwrap_or_default(),
            ]
        })
        .collect();
    table(&titles, &rows, &[])
}

/// One entry in words, with the party that it is about.
pub(in crate::commands) fn describe(app: &App, directory: &Directory, entry: &LogEntry) -> String {
    let mut text = app.text(log_key(entry.kind), &[]);
    let mut more = Vec::new();
    more.extend(entry.party.map(|party| directory.name(party, app.output.lang)));
    more.extend(entry.basis.map(|basis| app.text(basis_key(basis), &[])));
    let instants = [("label-until", entry.until), ("label-deadline", entry.deadline)];
    more.extend(instants.iter().filter_map(|(key, at)| {
        at.map(|at| format!("{} {}", app.text(key, &[]), calendar::show(at.get())))
    }));
    if !more.is_empty() {
        text.push_str(&format!(" ({})", more.join(&app.text("label-list-comma", &[]))));
    }
    text
}

pub(in crate::commands) const fn basis_key(basis: BasisName) -> &'static str {
    match basis {
        BasisName::Consent => "label-basis-consent",
        BasisName::OptOut => "label-basis-opt-out",
        BasisName::JointUse => "label-basis-joint-use",
        BasisName::Exemption => "label-basis-exemption",
        BasisName::BreakGlass => "label-basis-break-glass",
    }
}

const fn log_key(kind: LogKind) -> &'static str {
    match kind {
        LogKind::Given => "label-log-given",
        LogKind::Amended => "label-log-amended",
        LogKind::Widened => "label-log-widened",
        LogKind::Renewed => "label-log-renewed",
        LogKind::Deferred => "label-log-deferred",
        LogKind::Suspended => "label-log-suspended",
        LogKind::Resumed => "label-log-resumed",
        LogKind::Withdrawn => "label-log-withdrawn",
        LogKind::Revoked => "label-log-revoked",
        LogKind::Invalidated => "label-log-invalidated",
        LogKind::Refused => "label-log-refused",
        LogKind::ReconsentRequested => "label-log-reconsent-requested",
        LogKind::ContactRegistered => "label-log-contact-registered",
        LogKind::OptOutStopped => "label-log-opt-out-stopped",
        LogKind::SubjectRequested => "label-log-subject-requested",
        LogKind::SubjectRequestAnswered => "label-log-subject-request-answered",
        LogKind::DelegationGiven => "label-log-delegation-given",
        LogKind::DelegationEnded => "label-log-delegation-ended",
        LogKind::RecoveryProposed => "label-log-recovery-proposed",
        LogKind::RecoveryExecuted => "label-log-recovery-executed",
        LogKind::RecoveryVetoed => "label-log-recovery-vetoed",
        LogKind::AccessPermitted => "label-log-access-permitted",
        LogKind::HalfRecorded => "label-log-half-recorded",
        LogKind::DisclosuresRecorded => "label-log-disclosures-recorded",
        LogKind::EndAcknowledged => "label-log-end-acknowledged",
        LogKind::ShredAcknowledged => "label-log-shred-acknowledged",
        LogKind::GlassBroken => "label-log-glass-broken",
        LogKind::GlassReviewed => "label-log-glass-reviewed",
        LogKind::SubjectNotified => "label-log-subject-notified",
        LogKind::DividendPaid => "label-log-dividend-paid",
        LogKind::PartyRegistered => "label-log-party-registered",
        LogKind::PartyUpdated => "label-log-party-updated",
        LogKind::NoticePublished => "label-log-notice-published",
        LogKind::JointUsePublished => "label-log-joint-use-published",
        LogKind::OptOutNotified => "label-log-opt-out-notified",
        LogKind::TermsPublished => "label-log-terms-published",
        LogKind::ViewGranted => "label-log-view-granted",
        LogKind::ViewEnded => "label-log-view-ended",
        LogKind::LogRead => "label-log-log-read",
        LogKind::Overdue => "label-log-overdue",
    }
}
