//! `audit consent`: what happened to a consent, by a reading that is logged first.

use ledger_types::operation::{ReadAccessLog, ReadRight};

use crate::acting::order::{Asked, Begun, Order};
use crate::commands::audit::account::recorded;
use crate::commands::consent::history::{describe, of_consent};
use crate::commands::prelude::*;
use crate::told::Line;

/// `audit consent`.
#[derive(Debug, Args)]
pub(crate) struct AuditConsentArgs {
    /// The consent.
    pub(crate) consent: String,
    /// Whose it is: the subject's address.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: String,
    /// The audit view; without one, as the consent's controller.
    #[arg(long, value_name = "VIEW")]
    pub(crate) view: Option<String>,
}

/// Writes on the ledger that the log is read, says so, and only then reads it.
pub(crate) async fn run(app: &App, args: &AuditConsentArgs) -> Result<Reply, Failure> {
    let consent = ConsentId::new(read_hash(&args.consent)?);
    let view = args.view.as_deref().map(read_hash).transpose()?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let right = match view {
        Some(view) => ReadRight::View { view, consent: Some(consent) },
        None => ReadRight::Consent { consent },
    };
    let read = dated_id(session.client.network().clock.now());
    let mut lines = session.lines(app);
    lines.push((app.text("label-act", &[]), app.text("label-act-read-log", &[])));
    lines.push((app.text("label-consent", &[]), consent.get().to_string()));
    lines.push((app.text("label-subject", &[]), args.subject.clone()));
    if app.global.dry_run {
        let text = app.text("note-dry-run", &[]);
        return Ok(Reply::new(json!({ "dry_run": true, "consent": consent }), text));
    }
    let operations = vec![Operation::ReadAccessLog(ReadAccessLog { read, subject, right })];
    let asked = Asked { account: session.attached.account, operations, said: None };
    let begun = Order::begin(app, &session.client, asked).await?;
    if let Begun::New(order) = &begun {
        lines.extend(order.lines(app));
        app.confirm(&lines)?;
    }
    let unlocked = app.unlock(&session.wallet)?;
    let sent = match begun {
        Begun::Before(sent) => sent,
        Begun::New(order) => {
            let order = order.answering(json!({ "read": read }), Vec::new());
            Sender::of(&unlocked).send(app, &session.client, &order).await?
        }
    };
    let (read, receipt) = (recorded(&sent)?, sent.receipt);
    let height = receipt.height.to_string();
    let logged = app.text("note-reading-logged", &[("height", &height)]);
    let lines = of_consent(&session.client, &consent, Some(read), &unlocked.reader()).await?;
    let directory = app.institutions();
    let titles = ["label-time", "label-what", "label-transaction"];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|Line { entry, told }| {
            let transaction = entry.transaction.map(|id| id.to_string()).unwrap_or_default();
            let at = calendar::show(entry.time.get());
            vec![at, describe(app, &directory, told), transaction]
        })
        .collect();
    let data = json!({ "consent": consent, "read": read, "transaction": receipt.transaction,
                       "height": receipt.height, "entries": lines });
    let text = format!("{logged}\n\n{}", app.table(&titles, &rows, &[]));
    Ok(Reply::new(data, text)
        .next(format!("kyojo audit prove --consent {} --out FILE", consent.get())))
}
