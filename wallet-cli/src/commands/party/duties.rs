//! `party duties`: what must be done by when, the most urgent first, with the command that does it.

use ledger_types::PartyId;
use node_api::body::{DutyBody, DutyName, DutyPage};
use serde_json::json;

use super::own;
use crate::app::App;
use crate::args::DutiesArgs;
use crate::calendar;
use crate::commands::read_hash;
use crate::commands::transact::Session;
use crate::failure::Failure;
use crate::output::{Reply, table};
use crate::refusal;

pub(super) async fn run(app: &App, args: &DutiesArgs) -> Result<Reply, Failure> {
    let view = args.view.as_deref().map(read_hash).transpose()?;
    let session = Session::begin(app).await?;
    let party = args.party.map_or_else(|| own(&session), |party| Ok(PartyId::new(party)))?;
    let unlocked = app.unlock(&session.wallet)?;
    let view = view.map(|view| format!("&view={view}")).unwrap_or_default();
    let mut duties: Vec<DutyBody> = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/parties/{party}/duties?limit=200{view}{cursor}");
        let page: DutyPage = session
            .client
            .get(&path, Some(&unlocked.reader()))
            .await
            .map_err(|error| refusal::of_client(&error))?;
        duties.extend(page.duties);
        match page.next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    if duties.is_empty() {
        let text = app.text("note-no-duties", &[]);
        return Ok(Reply::new(json!({ "party": party, "duties": [] }), text));
    }
    let titles = ["label-answer-before", "label-standing", "label-what", "label-command"]
        .map(|key| app.text(key, &[]));
    let rows: Vec<Vec<String>> = duties
        .iter()
        .map(|duty| {
            let standing = if duty.overdue.is_some() { "label-overdue" } else { "label-open" };
            vec![
                calendar::show(duty.deadline.get()),
                app.text(standing, &[]),
                app.text(duty_key(duty.duty), &[]),
                if duty.owed_by == Some(party) { command(duty) } else { String::new() },
            ]
        })
        .collect();
    Ok(Reply::new(json!({ "party": party, "duties": duties }), table(&titles, &rows, &[])))
}

pub(in crate::commands) const fn duty_key(duty: DutyName) -> &'static str {
    match duty {
        DutyName::Acknowledge => "label-duty-acknowledge",
        DutyName::Answer => "label-duty-answer",
        DutyName::Match => "label-duty-match",
        DutyName::MatchHour => "label-duty-match-hour",
        DutyName::Review => "label-duty-review",
        DutyName::Notify => "label-duty-notify",
    }
}

/// The command that does it.
fn command(duty: &DutyBody) -> String {
    let id = |id: Option<ledger_types::Hash>| id.map(|id| id.to_string()).unwrap_or_default();
    let consent = id(duty.consent.map(ledger_types::ConsentId::get));
    match duty.duty {
        DutyName::Acknowledge => format!("kyojo party acknowledge {consent}"),
        DutyName::Answer => format!("kyojo party answer {}", id(duty.request)),
        DutyName::Match if duty.recipient == duty.owed_by => {
            format!("kyojo party record receipt {}", id(duty.access))
        }
        DutyName::Match => format!("kyojo party record use {}", id(duty.access)),
        DutyName::MatchHour => "kyojo party record hourly".to_owned(),
        DutyName::Review => format!("kyojo party review {}", id(duty.glass)),
        DutyName::Notify => format!("kyojo party notify {}", id(duty.glass)),
    }
}
