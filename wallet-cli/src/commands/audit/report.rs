//! `audit report`: what a party did between two days, counted, and checked that it adds up.
//!
//! Every total is counted apart from the parts that it is made of, and what the log says is held
//! against what the ledger's list of duties says now. Where anything does not add up, the report says
//! what, and the command fails.

use ledger_types::Timestamp;
use node_api::body::LogEntry;
use node_api::query::OfParty;

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::commands::party::duties;
use crate::commands::prelude::*;
use crate::report::{Entry, Report, count};
use crate::told::strange;

/// `audit report`.
#[derive(Debug, Args)]
pub(crate) struct AuditReportArgs {
    /// The party.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// From this day on, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: String,
    /// To this day, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: String,
    /// The audit view; the party itself needs none.
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
    let party = args.party.id(app, &session.client).await?;
    let reader = app.unlock(&session.wallet)?.reader();
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

fn told(
    app: &App,
    (args, party): (&AuditReportArgs, PartyId),
    (from, to): (Timestamp, Timestamp),
    report: &Report,
) -> Result<Reply, Failure> {
    let name = app.institutions()?.name(party, app.output.lang);
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
