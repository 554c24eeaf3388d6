//! `audit report`: what a party did between two days, counted, and checked that it adds up.
//!
//! Every total is counted apart from the parts that it is made of, and what the log says is held
//! against what the ledger's list of duties says now. Where anything does not add up, the report says
//! what, and the command fails.

use ledger_types::event::{AuditViewEnded, AuditViewGranted};
use ledger_types::{Event, Timestamp};
use node_api::body::LogEntry;
use node_api::query::OfParty;

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::client::{Client, Reader};
use crate::commands::party::duties;
use crate::commands::prelude::*;
use crate::report::{Entry, Report, count};
use crate::told::strange;

/// `audit report`.
#[derive(Debug, Args)]
pub(crate) struct AuditReportArgs {
    /// The party; by default the wallet's own.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Option<PartyRef>,
    /// From this day on, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: String,
    /// To this day, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: String,
    /// The audit view; by default the latest that allows it. The party itself needs none.
    #[arg(long, value_name = "VIEW")]
    pub(crate) view: Option<String>,
}

pub(crate) async fn run(app: &App, args: &AuditReportArgs) -> Result<Reply, Failure> {
    let (from, to) = (calendar::read_from(&args.from)?, calendar::read_until(&args.to)?);
    let view = args.view.as_deref().map(read_hash).transpose()?;
    if from >= to {
        return Err(Failure::new(Exit::Usage, "err-empty-period")
            .with("from", &args.from)
            .with("to", &args.to));
    }
    let session = Session::begin(app).await?;
    let own = session.attached.party;
    let party = match &args.party {
        Some(party) => party.id(app, &session.client).await?,
        None => session.party()?,
    };
    let reader = app.unlock(&session.wallet)?.reader();
    let view = match (view, own) {
        (None, Some(own)) if own != party => view_of(&session.client, own, party, &reader).await?,
        (view, _) => view,
    };
    let log = pages::every(async |cursor| {
        let asked = OfParty { view, cursor, limit: pages::LIMIT };
        session.client.party_log(party, &asked, &reader).await
    })
    .await?;
    let prefix = &session.client.network().address_prefix;
    let read = |entry: &LogEntry| -> Result<Entry, Failure> {
        Ok((entry.time.get(), entry.event(prefix).map_err(strange)?))
    };
    let log = log.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let duties = duties::of(&session.client, party, view, &reader).await?;
    let report = count(party, &log, &duties, (from, to));
    told(app, (args, party), (from, to), &report)
}

/// The latest view by which an auditing party may read what another did, where it has one: its own
/// log says who lets it read.
async fn view_of(
    client: &Client,
    auditor: PartyId,
    party: PartyId,
    reader: &Reader,
) -> Result<Option<Hash>, Failure> {
    let log = pages::every(async |cursor| {
        let asked = OfParty { view: None, cursor, limit: pages::LIMIT };
        client.party_log(auditor, &asked, reader).await
    })
    .await?;
    let prefix = &client.network().address_prefix;
    let events = log.iter().map(|entry| entry.event(prefix).map_err(strange));
    let events = events.collect::<Result<Vec<Event>, _>>()?;
    Ok(latest_view(&events, auditor, party, client.network().clock.now()))
}

/// The first of these events, the newest first, that lets an auditor read what a party did.
fn latest_view(events: &[Event], auditor: PartyId, party: PartyId, now: Timestamp) -> Option<Hash> {
    let ended: Vec<Hash> =
        events.iter().filter_map(AuditViewEnded::of).map(|ended| ended.view).collect();
    let granted = events.iter().filter_map(AuditViewGranted::of);
    let covers = granted.filter(|granted| {
        let is_about_it = granted.controller.is_none_or(|controller| controller == party);
        granted.auditor == auditor
            && granted.subject.is_none()
            && is_about_it
            && now < granted.until
            && !ended.contains(&granted.view)
    });
    covers.map(|granted| granted.view).next()
}

fn told(
    app: &App,
    (args, party): (&AuditReportArgs, PartyId),
    (from, to): (Timestamp, Timestamp),
    report: &Report,
) -> Result<Reply, Failure> {
    let name = app.institutions().name(party, app.output.lang);
    let head = fields(&[
        (app.text("label-party", &[]), name),
        (
            app.text("label-period", &[]),
            format!("{} – {}", calendar::show(from), calendar::show_end(app.output.lang, to)),
        ),
    ]);
    let titles = ["label-what", "label-count"];
    let rows: Vec<Vec<String>> = report
        .lines()
        .iter()
        .map(|(key, depth, count)| {
            vec![format!("{}{}", "  ".repeat(*depth), app.text(key, &[])), count.to_string()]
        })
        .collect();
    let text = format!("{head}\n\n{}", app.table(&titles, &rows, &[1]));
    let data = json!({ "party": party, "from": args.from, "to": args.to,
                       "adds_up": report.faults.is_empty(), "report": report });
    if report.faults.is_empty() {
        let sound = app.text("note-report-adds-up", &[]);
        return Ok(Reply::new(data, format!("{text}\n\n{sound}")));
    }
    app.output.say(&text);
    let faults: Vec<String> = report
        .faults
        .iter()
        .map(|fault| {
            let (one, other) = (fault.one.to_string(), fault.other.to_string());
            app.text(fault.rule.key(), &[("one", &one), ("other", &other)])
        })
        .collect();
    Err(Failure::new(Exit::Verification, "err-report-does-not-add-up")
        .with("faults", faults.join(" / "))
        .details(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_auditor_reads_by_the_latest_view_in_force_that_is_about_the_party() {
        let (auditor, clinic, school) = (PartyId::new(6), PartyId::new(2), PartyId::new(8));
        let view = |byte: u8| Hash::new([byte; 32]);
        let granted = |byte, controller, until| {
            Event::AuditViewGranted(AuditViewGranted {
                view: view(byte),
                auditor,
                subject: None,
                controller,
                until: Timestamp::from_millis(until),
            })
        };
        let ended = Event::AuditViewEnded(AuditViewEnded {
            view: view(3),
            auditor,
            subject: None,
            controller: None,
        });
        let events = [
            ended,
            granted(5, Some(school), 100),
            granted(4, None, 10),
            granted(3, None, 100),
            granted(2, Some(clinic), 100),
            granted(1, None, 100),
        ];
        let by = |party| latest_view(&events, auditor, party, Timestamp::from_millis(50));
        assert_eq!(by(clinic), Some(view(2)));
        assert_eq!(by(school), Some(view(5)));
        assert_eq!(by(PartyId::new(3)), Some(view(1)));
        assert_eq!(latest_view(&events, clinic, school, Timestamp::from_millis(50)), None);
    }
}
