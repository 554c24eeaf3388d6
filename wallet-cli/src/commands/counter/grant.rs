//! `counter grant`: what a person signed on paper, and the slip to take home.

use ledger_types::AccountId;
use serde_json::Value;

use crate::acting::naming::PartyRef;
use crate::acting::order::{self, Asked, Begun, Order, Sent};
use crate::acting::transact::dry_run;
use crate::agreement::agreed::TermsArgs;
use crate::agreement::granting::{self, Prepared, Wanted};
use crate::agreement::shown::WithNotice;
use crate::agreement::slip::Slip;
use crate::commands::prelude::*;
use crate::consents::Consents;

use super::register;

/// `counter grant`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("person").args(["slip", "subject"]).required(true)))]
pub(crate) struct CounterGrantArgs {
    /// To whom: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The notice that was read to the person.
    #[command(flatten)]
    pub(crate) with: WithNotice,
    /// What is agreed.
    #[command(flatten)]
    pub(crate) terms: TermsArgs,
    /// The signed form, scanned; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) form: PathBuf,
    /// For somebody new: the new file for the slip, with words that are theirs alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) slip: Option<PathBuf>,
    /// For somebody with a slip: the address on it.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) subject: Option<String>,
    /// For how many days.
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// How many times it may be used; by default without limit.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) use_limit: Option<u32>,
    /// The controller's terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) compensation: Option<u32>,
    /// Only while an emergency is declared in this area.
    #[arg(long, value_name = "AREA")]
    pub(crate) disaster: Option<u32>,
}

/// Enters what a person signed on paper. The words on the slip are the person's alone: they are
/// made here, written to the slip, and kept nowhere else.
pub(crate) async fn run(app: &App, args: CounterGrantArgs) -> Result<Reply, Failure> {
    let form = Evidence::of_file("form", &args.form)?.document();
    let session = Session::begin(app).await?;
    let party = args.party.id(app, &session.client).await?;
    if let Some(sent) = sent_before(app, &session, &args).await? {
        return Ok(sent.reply(app, "done-counter-granted"));
    }
    let network = session.client.network();
    let slip = args.slip.as_deref().map(|path| Slip::new(app, path)).transpose()?;
    let subject = match (&slip, &args.subject) {
        (Some(slip), _) => slip.account(&network.genesis_hash, party),
        (None, Some(text)) => reading::address(text, &network.address_prefix)?,
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "err-usage-missing")
                .with("argument", "--slip, --subject"));
        }
    };
    let prepared = prepare(app, &session, (&args, party), subject, form).await?;
    let consent = prepared.grant.consent;
    let address = subject.to_address(&network.address_prefix);
    let mut lines = session.lines(app);
    let of_grant = granting::lines(app, &prepared);
    lines.extend(of_grant.into_iter().map(|(label, value)| (app.text(label, &[]), value)));
    let mut plan = Plan {
        operations: vec![
            register::by_the_way(&session, subject, prepared.presentation.commitment).await?,
            Operation::Grant(prepared.grant.clone()),
        ],
        lines,
        data: json!({ "consent": consent, "party": party, "subject": address,
                      "slip": args.slip }),
        done: "done-counter-granted",
        next: vec![format!("kyojo counter withdraw {} --evidence FILE", consent.get())],
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan.lines, &plan.data));
    }
    let (account, operations) = (session.attached.account, plan.operations.clone());
    let asked = Asked { account, operations, said: None };
    let order = match Order::begin(app, &session.client, asked).await? {
        Begun::Before(sent) => return Ok(sent.reply(app, plan.done)),
        Begun::New(order) => order.answering(plan.data, plan.next),
    };
    plan.lines.extend(order.lines(app));
    app.confirm(&plan.lines)?;
    let sent = enter(app, &session, &order, &prepared, slip.as_ref()).await?;
    Ok(sent.reply(app, plan.done))
}

/// The same that was sent before, which is looked for before the slip, for that is written already.
async fn sent_before(
    app: &App,
    session: &Session,
    args: &CounterGrantArgs,
) -> Result<Option<Sent>, Failure> {
    if app.global.dry_run {
        return Ok(None);
    }
    let (genesis, account) = (&session.attached.genesis_hash, &session.attached.account);
    let intent = order::intent_of_command(app, genesis, account, &["register_counter", "grant"]);
    let earlier = order::sent_before(app, &session.client, &intent).await;
    let never_came = match &earlier {
        Ok(earlier) => earlier.is_gone,
        Err(failure) => matches!(failure.exit, Exit::Refused | Exit::Balance),
    };
    if let Some(slip) = args.slip.as_ref().filter(|_| never_came) {
        // Where it cannot be removed, the counter is told that it is there.
        let _ = std::fs::remove_file(slip);
    }
    Ok(earlier?.sent)
}

async fn prepare(
    app: &App,
    session: &Session,
    (args, party): (&CounterGrantArgs, PartyId),
    subject: AccountId,
    form: Value,
) -> Result<Prepared, Failure> {
    let wanted = Wanted {
        party,
        with: &args.with,
        terms: &args.terms,
        days: args.days,
        use_limit: args.use_limit,
        compensation: args.compensation,
        disaster: args.disaster,
        subject,
        is_for_another: true,
        begins: Some(register::soonest(session).await?),
        form: Some(form),
    };
    granting::prepare(app, &session.client, wanted).await
}

/// Writes the slip, keeps the terms, sends; a slip for something refused must not go home.
async fn enter(
    app: &App,
    session: &Session,
    order: &Order,
    prepared: &Prepared,
    slip: Option<&Slip>,
) -> Result<Sent, Failure> {
    let unlocked = app.unlock(&session.wallet)?;
    let consent = prepared.grant.consent;
    let alias = &session.wallet.header.alias;
    let consents = Consents::open(&app.settings.folders, alias, &unlocked.secrets)?;
    consents.keep(&consent, &prepared.kept)?;
    consents.keep_evidence(Some(consent), &prepared.presentation)?;
    drop(consents);
    if let Some(slip) = slip {
        slip.write(app, prepared, &session.client.network().address_prefix)?;
    }
    let sent = Sender::of(&unlocked).send(app, &session.client, order).await;
    sent.inspect_err(|failure| {
        if let Some(slip) = slip.filter(|_| failure.exit != Exit::Timeout) {
            slip.remove();
        }
    })
}
