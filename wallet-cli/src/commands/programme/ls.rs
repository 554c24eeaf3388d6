//! `programme ls`: the voucher programmes, as anybody sees them.

use node_api::body::{ProgrammeBody, RoundStanding};

use crate::commands::prelude::*;

pub(crate) async fn run(app: &App) -> Result<Reply, Failure> {
    let client = app.client().await?;
    let programmes = client.programmes().await?;
    if programmes.programmes.is_empty() {
        return Ok(Reply::new(json!(programmes), app.text("note-no-programmes", &[])));
    }
    let titles = [
        "label-number",
        "label-name",
        "label-price-of-set",
        "label-worth-of-set",
        "label-when",
        "label-standing",
    ];
    let row = |one: &ProgrammeBody| {
        vec![
            one.programme.to_string(),
            one.name.clone(),
            amount::show(one.price),
            amount::show(one.face),
            calendar::show_end(app.output.lang, one.use_until.get()),
            app.text(standing(one), &[]),
        ]
    };
    let rows: Vec<Vec<String>> = programmes.programmes.iter().map(row).collect();
    let text = app.table(&titles, &rows, &[2, 3]);
    let first = programmes.programmes.first().map(|one| one.programme.to_string());
    let next = format!("kyojo programme show {}", first.unwrap_or_default());
    Ok(Reply::new(json!(programmes), text).next(next))
}

/// What can be done with it now.
fn standing(programme: &ProgrammeBody) -> &'static str {
    if programme.closed.is_some() {
        return "label-programme-closed";
    }
    let last = programme.rounds.last().map(|round| round.standing);
    last.map_or("label-round-none", round_key)
}

/// Where a round stands, in words.
pub(super) const fn round_key(standing: RoundStanding) -> &'static str {
    match standing {
        RoundStanding::Announced => "label-round-announced",
        RoundStanding::Applying => "label-round-applying",
        RoundStanding::Drawing => "label-round-drawing",
        RoundStanding::Selling => "label-round-selling",
        RoundStanding::Over => "label-round-over",
    }
}
