//! `counter stop-opt-out`: an objection for somebody, or for the bereaved.

use ledger_types::operation::StopOptOut;

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;
use crate::reading::TAG_PERSON;

/// `counter stop-opt-out`.
#[derive(Debug, Args)]
pub(crate) struct CounterStopArgs {
    /// Whose scheme: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The scheme.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) scheme: u32,
    /// The person: 64 hexadecimal digits from the controller's letter, or a file of `party person`.
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: String,
    /// File with the proof of identity or kinship; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

pub(crate) async fn run(app: &App, args: &CounterStopArgs) -> Result<Reply, Failure> {
    let person = reading::number_or_opening(&args.person, TAG_PERSON)?;
    let evidence = Evidence::of_file("identity or kinship", &args.evidence)?;
    let session = Session::begin(app).await?;
    let (controller, scheme) = (args.party.id(app, &session.client).await?, args.scheme);
    let stop = StopOptOut { controller, scheme, person, evidence: Some(evidence.commitment) };
    Act::new("label-act-stop-opt-out", Operation::StopOptOut(stop))
        .line("label-controller", controller)
        .line("label-scheme", scheme)
        .data(json!({ "party": controller, "scheme": scheme, "person": person }))
        .evidence(None, evidence)
        .by_account(app, &session)
        .await
}
