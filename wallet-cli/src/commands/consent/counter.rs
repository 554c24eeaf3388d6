//! `consent counter`: a counter may give for you, or no longer.

use ledger_types::operation::RegisterCounter;

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;

/// `consent counter`.
#[derive(Debug, Args)]
pub(crate) struct ConsentCounterArgs {
    /// Towards which controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// Which counter: its number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) counter: PartyRef,
    /// The last day, which counts; a past one ends it at once.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
}

pub(crate) async fn run(app: &App, args: &ConsentCounterArgs) -> Result<Reply, Failure> {
    let until = calendar::read_until(&args.until)?;
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let counter = args.counter.id(app, &people.client).await?;
    let (subject, _) = people.towards(party);
    let register = RegisterCounter { subject, counter, form: None, until };
    Act::new("label-act-register-counter", Operation::RegisterCounter(register))
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(json!({ "party": party, "counter": counter }))
        .by_subject(app, &people, party)
        .await
}
