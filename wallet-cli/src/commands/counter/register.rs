//! `counter register` and `counter hasten`: whom the counter serves, and what cannot wait.

use ledger_types::operation::{Hasten, RegisterCounter, Urgent};
use ledger_types::{AccountId, Timestamp};

use crate::client::VALIDITY;
use crate::commands::prelude::*;

/// `counter register`.
#[derive(Debug, Args)]
pub(crate) struct RegisterArgs {
    /// Who is served: the address on the slip.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
    /// The form that the person signed; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) form: PathBuf,
    /// The last day, which counts, at most 365 days ahead.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
}

/// `counter hasten`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").args(["consent", "subject"]).required(true)))]
pub(crate) struct HastenArgs {
    /// The consent: its number on the slip.
    pub(crate) consent: Option<String>,
    /// For whom the guardian acts.
    #[arg(long, value_name = "ADDRESS", requires = "guardian")]
    pub(crate) subject: Option<String>,
    /// The guardian.
    #[arg(long, value_name = "ADDRESS", requires = "subject")]
    pub(crate) guardian: Option<String>,
    /// File with the reason why it cannot wait; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: PathBuf,
}

/// How long a form that came with something else registers its counter, in milliseconds (30 days).
const BY_THE_WAY_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// What registers the counter by a form that the person signed for something else, which the same
/// transaction enters.
pub(crate) async fn by_the_way(
    session: &Session,
    subject: AccountId,
    form: Hash,
) -> Result<Operation, Failure> {
    let counter = session.party()?;
    let now = session.client.status().await?.time.get();
    let until = now.checked_add_millis(BY_THE_WAY_MS).unwrap_or(now);
    let form = Some(form);
    Ok(Operation::RegisterCounter(RegisterCounter { subject, counter, form, until }))
}

/// When what a counter enters now may begin: after the network's delay, whenever within its time
/// the transaction is committed.
pub(crate) async fn soonest(session: &Session) -> Result<Timestamp, Failure> {
    let status = session.client.status().await?;
    let latest = session.client.network().valid_until(VALIDITY);
    Ok(match status.counter_delay_ms {
        0 => status.time.get(),
        delay => latest.checked_add_millis(delay).unwrap_or(latest),
    })
}

pub(crate) async fn run(app: &App, args: &RegisterArgs) -> Result<Reply, Failure> {
    let form = Evidence::of_file("form", &args.form)?;
    let until = calendar::read_until(&args.until)?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let (counter, commitment) = (session.party()?, Some(form.commitment));
    let register = RegisterCounter { subject, counter, form: commitment, until };
    Act::new("label-act-register-counter", Operation::RegisterCounter(register))
        .line("label-subject", &args.subject)
        .line("label-until", calendar::show_end(app.output.lang, until))
        .data(json!({ "subject": args.subject, "counter": counter }))
        .evidence(None, form)
        .by_account(app, &session)
        .await
}

pub(crate) async fn hasten(app: &App, args: &HastenArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("urgency", &args.evidence)?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let urgent = match (&args.consent, &args.subject, &args.guardian) {
        (None, Some(subject), Some(guardian)) => Urgent::Delegation {
            subject: reading::address(subject, prefix)?,
            guardian: reading::address(guardian, prefix)?,
        },
        (consent, ..) => {
            let consent = read_hash(consent.as_deref().unwrap_or_default())?;
            Urgent::Consent { consent: ConsentId::new(consent) }
        }
    };
    let hasten = Hasten { urgent, ground: evidence.commitment };
    Act::new("label-act-hasten", Operation::Hasten(hasten))
        .data(json!({ "consent": args.consent, "subject": args.subject,
                      "guardian": args.guardian }))
        .evidence(None, evidence)
        .by_account(app, &session)
        .await
}
