//! `consent delegate`: a guardian may act for somebody.

use ledger_types::operation::{Delegate, GuardianPowers};

use crate::acting::naming::PartyRef;
use crate::commands::prelude::*;

/// What a guardian may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Power {
    /// Consent.
    Grant,
    /// Withdraw.
    Withdraw,
    /// Answer requests for renewal.
    Respond,
    /// Read the consents and the log.
    Read,
}

/// `consent delegate`.
#[derive(Debug, Args)]
pub(crate) struct ConsentDelegateArgs {
    /// Towards which controller.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The guardian's address (kyojo consent address).
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) guardian: String,
    /// What the guardian may do; may be repeated.
    #[arg(long = "power", value_name = "POWER", required = true)]
    pub(crate) powers: Vec<Power>,
    /// The last day, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
    /// File with the proof of it; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

pub(crate) async fn run(app: &App, args: &ConsentDelegateArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("guardianship", &args.evidence)?;
    let until = calendar::read_until(&args.until)?;
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let (subject, _) = people.towards(party);
    let guardian = reading::address(&args.guardian, people.prefix())?;
    let given = Delegate {
        subject,
        subject_key: None,
        guardian,
        powers: powers(&args.powers),
        from: people.client.status().await?.time.get(),
        until,
        evidence: evidence.commitment,
    };
    Act::new("label-act-delegate", Operation::Delegate(given))
        .line("label-guardian", &args.guardian)
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(json!({ "party": party, "guardian": args.guardian }))
        .evidence(None, evidence)
        .by_subject(app, &people, party)
        .await
}

/// The set of the powers that were named.
pub(crate) fn powers(named: &[Power]) -> GuardianPowers {
    named.iter().fold(GuardianPowers::default(), |powers, power| {
        powers.with(match power {
            Power::Grant => GuardianPowers::GRANT,
            Power::Withdraw => GuardianPowers::WITHDRAW,
            Power::Respond => GuardianPowers::RESPOND,
            Power::Read => GuardianPowers::READ,
        })
    })
}
