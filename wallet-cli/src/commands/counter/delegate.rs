//! `counter delegate`: a guardian's authority over somebody's consents.

use ledger_types::operation::Delegate;
use ledger_types::{AccountId, PublicKey};

use crate::commands::consent::delegate::{Power, powers};
use crate::commands::prelude::*;

use super::register;

/// `counter delegate`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("ward").args(["subject", "subject_key"]).required(true)))]
pub(crate) struct CounterDelegateArgs {
    /// For whom the guardian acts: an address that the ledger knows.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: Option<String>,
    /// For whom, where the ledger does not know them yet: the key of `consent address`.
    #[arg(long, value_name = "KEY")]
    pub(crate) subject_key: Option<PublicKey>,
    /// The guardian's address (kyojo consent address).
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) guardian: String,
    /// What the guardian may do; may be repeated.
    #[arg(long = "power", value_name = "POWER", required = true)]
    pub(crate) powers: Vec<Power>,
    /// The last day, which counts: the day before the birthday that ends it, or earlier.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
    /// File with the proof of guardianship; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

pub(crate) async fn run(app: &App, args: &CounterDelegateArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("guardianship", &args.evidence)?;
    let until = calendar::read_until(&args.until)?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let subject = match (&args.subject_key, &args.subject) {
        (Some(key), _) => AccountId::of_subject(key),
        (None, text) => reading::address(text.as_deref().unwrap_or_default(), prefix)?,
    };
    let guardian = reading::address(&args.guardian, prefix)?;
    let address = subject.to_address(prefix);
    let from = register::soonest(&session).await?;
    let registered = register::by_the_way(&session, subject, evidence.commitment).await?;
    let given = Delegate {
        subject,
        subject_key: args.subject_key,
        guardian,
        powers: powers(&args.powers),
        from,
        until,
        evidence: evidence.commitment,
    };
    Act::new("label-act-delegate", Operation::Delegate(given))
        .line("label-subject", &address)
        .line("label-guardian", &args.guardian)
        .after(registered)
        .line("label-from-day", calendar::show(from))
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(json!({ "subject": address, "guardian": args.guardian }))
        .evidence(None, evidence)
        .by_account(app, &session)
        .await
}
