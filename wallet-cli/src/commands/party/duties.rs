//! `party duties`: what must be done by when, the most urgent first, with the command that does it.

use ledger_types::oversight::DutyKind;
use node_api::body::DutyBody;
use node_api::query::OfParty;

use crate::acting::naming::PartyRef;
use crate::acting::pages;
use crate::client::{Client, Reader};
use crate::commands::prelude::*;

/// `party duties`.
#[derive(Debug, Args)]
pub(crate) struct DutiesArgs {
    /// Whose, where it is not the wallet's own party: for auditors.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Option<PartyRef>,
    /// The audit view, where they are another party's.
    #[arg(long, value_name = "VIEW", requires = "party")]
    pub(crate) view: Option<String>,
}

pub(crate) async fn run(app: &App, args: &DutiesArgs) -> Result<Reply, Failure> {
    let view = args.view.as_deref().map(read_hash).transpose()?;
    let session = Session::begin(app).await?;
    let party = match &args.party {
        Some(party) => party.id(app, &session.client).await?,
        None => session.party()?,
    };
    let unlocked = app.unlock(&session.wallet)?;
    let duties = of(&session.client, party, view, &unlocked.reader()).await?;
    if duties.is_empty() {
        let text = app.text("note-no-duties", &[]);
        return Ok(Reply::new(json!({ "party": party, "duties": [] }), text));
    }
    let titles = ["label-answer-before", "label-standing", "label-what", "label-command"];
    let rows: Vec<Vec<String>> = duties
        .iter()
        .map(|duty| {
            let standing = if duty.overdue.is_some() { "label-overdue" } else { "label-open" };
            vec![
                calendar::show_end(app.output.lang, duty.deadline.get()),
                app.text(standing, &[]),
                app.text(duty_key(duty.duty), &[]),
                if duty.owed_by == Some(party) { command(duty) } else { String::new() },
            ]
        })
        .collect();
    Ok(Reply::new(json!({ "party": party, "duties": duties }), app.table(&titles, &rows, &[])))
}

/// Everything that a party owes and waits for, by its own right or by an audit view.
pub(crate) async fn of(
    client: &Client,
    party: PartyId,
    view: Option<Hash>,
    reader: &Reader,
) -> Result<Vec<DutyBody>, Failure> {
    pages::every(async |cursor| {
        client.duties(party, &OfParty { view, cursor, limit: pages::LIMIT }, reader).await
    })
    .await
}

pub(crate) const fn duty_key(duty: DutyKind) -> &'static str {
    match duty {
        DutyKind::Acknowledge => "label-duty-acknowledge",
        DutyKind::Answer => "label-duty-answer",
        DutyKind::Match => "label-duty-match",
        DutyKind::MatchHour => "label-duty-match-hour",
        DutyKind::Review => "label-duty-review",
        DutyKind::Notify => "label-duty-notify",
    }
}

/// The command that does it.
fn command(duty: &DutyBody) -> String {
    let id = |id: Option<ledger_types::Hash>| id.map(|id| id.to_string()).unwrap_or_default();
    let consent = id(duty.consent.map(ledger_types::ConsentId::get));
    match duty.duty {
        DutyKind::Acknowledge => format!("kyojo party acknowledge {consent}"),
        DutyKind::Answer => format!("kyojo party answer {}", id(duty.request)),
        DutyKind::Match if duty.recipient == duty.owed_by => {
            format!("kyojo party record receipt {}", id(duty.access))
        }
        DutyKind::Match => {
            let file = duty.access.as_ref().map(reading::access_file).unwrap_or_default();
            format!("kyojo party record use {file}")
        }
        DutyKind::MatchHour => "kyojo party record hourly".to_owned(),
        DutyKind::Review => format!("kyojo party review {}", id(duty.glass)),
        DutyKind::Notify => format!("kyojo party notify {}", id(duty.glass)),
    }
}
