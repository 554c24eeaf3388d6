//! `consent stop-opt-out`: an objection to the use of data under an opt-out scheme.

use ledger_types::operation::StopOptOut;

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;
use crate::reading::TAG_PERSON;

/// `consent stop-opt-out`.
#[derive(Debug, Args)]
pub(crate) struct StopOptOutArgs {
    /// Whose scheme: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme: u32,
    /// The person: 64 hexadecimal digits from the controller's letter, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: String,
}

/// Objecting is never harder than consenting, so nothing is asked.
pub(crate) async fn run(app: &App, args: &StopOptOutArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let person = reading::number_or_opening(&args.person, TAG_PERSON)?;
    let stop = StopOptOut { controller: party, scheme: args.scheme, person, evidence: None };
    Act::new("label-act-stop-opt-out", Operation::StopOptOut(stop))
        .line("label-scheme", args.scheme)
        .data(json!({ "party": party, "scheme": args.scheme, "person": person }))
        .unasked()
        .by_subject(app, &people, party)
        .await
}
