//! `consent revoke`: the end of a consent, at once, by its subject or a guardian.

use ledger_types::operation::{Withdraw, WithdrawFor};

use crate::acting::order::{Asked, Begun, Order};
use crate::acting::transact::dry_run;
use crate::commands::prelude::*;

/// `consent revoke`.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// As the subject's guardian: file with the proof of it; only a salted hash is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) as_guardian: Option<PathBuf>,
}

/// Ends a consent in one step: withdrawing is never harder than granting, so nothing is asked.
pub(crate) async fn run(app: &App, args: &RevokeArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
    let (consent, party) = (named.consent, named.party);
    let data = json!({ "consent": consent, "party": party });
    if let Some(path) = &args.as_guardian {
        let evidence = Evidence::of_file("guardianship", path)?;
        let withdraw = WithdrawFor { consent, evidence: evidence.commitment };
        return Act::new("label-act-withdraw-for", Operation::WithdrawFor(withdraw))
            .line("label-consent", consent.get())
            .data(data)
            .evidence(Some(consent), evidence)
            .next("kyojo consent ls")
            .unasked()
            .by_subject(app, &people, party)
            .await;
    }
    let next = vec!["kyojo consent ls".to_owned()];
    if app.global.dry_run {
        let lines = [(app.text("label-revoke", &[]), consent.get().to_string())];
        return Ok(dry_run(app, &lines, &data));
    }
    let (account, reader) = people.towards(party);
    let operations = vec![Operation::Withdraw(Withdraw { consent })];
    let asked = Asked { account, operations, said: None };
    let sent = match Order::begin(app, &people.client, asked).await? {
        Begun::Before(sent) => sent,
        Begun::New(order) => {
            let order = order.answering(data, next);
            Sender::new(account, reader).send(app, &people.client, &order).await?
        }
    };
    Ok(sent.reply(app, "done-consent-revoked"))
}
