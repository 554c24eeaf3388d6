//! `consent grant`: a consent is checked against the notice that was read, and its terms are kept.

use ledger_types::{AccountId, Nonce, SigningKey};
use node_api::body::TransactionBody;
use node_api::query::ByRead;

use crate::acting::naming::PartyRef;
use crate::acting::order::{Asked, Begun, Order};
use crate::acting::transact::{dry_run, is_unknown_reader};
use crate::agreement::agreed::TermsArgs;
use crate::agreement::granting::{self, Prepared, Wanted};
use crate::agreement::shown::WithNotice;
use crate::app::read_password;
use crate::commands::consent::cosign::COSIGN_VALIDITY;
use crate::commands::prelude::*;

/// `consent grant`.
#[derive(Debug, Args)]
pub(crate) struct GrantArgs {
    /// To whom: the controller's number or name.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: PartyRef,
    /// The notice.
    #[command(flatten)]
    pub(crate) with: WithNotice,
    /// What is agreed.
    #[command(flatten)]
    pub(crate) terms: TermsArgs,
    /// For how many days.
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
    /// How many times it may be used; by default without limit.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) use_limit: Option<u32>,
    /// For whom, where you are the guardian: the subject's address towards this controller.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) on_behalf_of: Option<String>,
    /// The controller's terms of compensation.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) compensation: Option<u32>,
    /// Only while an emergency is declared in this area.
    #[arg(long, value_name = "AREA")]
    pub(crate) disaster: Option<u32>,
    /// Where a first consent goes, for the controller to sign too.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The controller's wallet, where it is on this machine.
    #[arg(long, value_name = "NAME", conflicts_with = "out")]
    pub(crate) controller_wallet: Option<String>,
    /// File with the password of the controller's wallet.
    #[arg(long, value_name = "FILE", requires = "controller_wallet")]
    pub(crate) controller_password_file: Option<PathBuf>,
}

pub(crate) async fn run(app: &App, args: GrantArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let party = args.party.id(app, &people.client).await?;
    let (own, _) = people.towards(party);
    let ward = args.on_behalf_of.as_deref();
    let ward = ward.map(|text| reading::address(text, people.prefix())).transpose()?;
    let prepared = prepare(app, &people, &args, party, ward.unwrap_or(own)).await?;
    let mut lines = people.lines(app, party);
    let of_grant = granting::lines(app, &prepared);
    lines.extend(of_grant.into_iter().map(|(label, value)| (app.text(label, &[]), value)));
    let consent = prepared.grant.consent;
    let mut plan = Plan {
        operations: vec![Operation::Grant(prepared.grant)],
        lines,
        data: json!({ "consent": consent, "party": party }),
        done: "done-consent-granted",
        next: vec![format!("kyojo consent show {}", beginning(&consent))],
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan.lines, &plan.data));
    }
    let asked = Asked { account: own, operations: plan.operations.clone(), said: None };
    let order = match Order::begin(app, &people.client, asked).await? {
        Begun::Before(sent) => return Ok(sent.reply(app, plan.done)),
        Begun::New(order) => order.answering(plan.data.clone(), plan.next.clone()),
    };
    plan.lines.extend(order.lines(app));
    app.confirm(&plan.lines)?;
    people.consents.keep(&consent, &prepared.kept)?;
    people.consents.keep_evidence(Some(consent), &prepared.presentation)?;
    submit(app, &people, (&args, party), plan, &order).await
}

async fn prepare(
    app: &App,
    people: &People,
    args: &GrantArgs,
    party: PartyId,
    subject: AccountId,
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
        is_for_another: args.on_behalf_of.is_some(),
        begins: None,
        form: None,
    };
    granting::prepare(app, &people.client, wanted).await
}

/// Sends the grant: alone, with the controller's key from this machine, or by way of a file.
async fn submit(
    app: &App,
    people: &People,
    (args, party): (&GrantArgs, PartyId),
    plan: Plan,
    order: &Order,
) -> Result<Reply, Failure> {
    let (account_id, reader) = people.towards(party);
    let first = match people.client.account(&reader.address, &ByRead::default(), &reader).await {
        Ok(_) => false,
        Err(error) if is_unknown_reader(&error) => true,
        Err(error) => return Err(error.into()),
    };
    let mut sender = Sender::new(account_id, reader);
    if first {
        if let Some(name) = &args.controller_wallet {
            sender = sender.with_cosigner(controller_key(app, name, args, party)?);
        } else if let Some(path) = &args.out {
            return write_for_cosigning(app, people, &sender, path, plan);
        } else {
            return Err(Failure::new(Exit::Usage, "err-cosignature-needed"));
        }
    }
    Ok(sender.send(app, &people.client, order).await?.reply(app, plan.done))
}

fn controller_key(
    app: &App,
    name: &str,
    args: &GrantArgs,
    party: PartyId,
) -> Result<SigningKey, Failure> {
    let wallet = app.wallet(Some(name))?;
    let attached = app.attachment(&wallet)?;
    if attached.party != Some(party) {
        return Err(Failure::new(Exit::Config, "err-not-the-controller").with("wallet", name));
    }
    let password = match &args.controller_password_file {
        Some(path) => read_password(path)?,
        None => app.password(name)?,
    };
    let source = wallet.open(&password)?;
    Ok(source.secrets().account_key().clone())
}

fn write_for_cosigning(
    app: &App,
    people: &People,
    sender: &Sender,
    path: &std::path::Path,
    plan: Plan,
) -> Result<Reply, Failure> {
    let genesis: Hash = people.genesis();
    let network = people.client.network();
    let mut unsigned = sender.unsigned(network, Nonce::new(0), plan.operations);
    unsigned.valid_until = network.valid_until(COSIGN_VALIDITY);
    let id = unsigned.id(&genesis);
    let transaction = sender.sign_unsigned(unsigned, &genesis);
    let body = TransactionBody::of(&transaction, people.prefix());
    let text =
        serde_json::to_vec_pretty(&body).map_err(|_| Failure::new(Exit::Other, "err-internal"))?;
    settings::write_new(path, &text)?;
    let shown = path.display().to_string();
    let mut data = plan.data;
    data["transaction"] = json!(id);
    data["file"] = json!(path);
    let text = app.text("done-consent-to-cosign", &[("path", &shown)]);
    let shown = word(&shown);
    Ok(Reply::new(data, text).next(format!("kyojo consent cosign {shown} --wallet CONTROLLER")))
}
