//! `counter`: what a counter enters for people who come to it, with a form or with their identity.

use consent_records::commitment::random_id;
use ledger_types::operation::{
    Delegate, EndDelegation, ExecuteRecovery, ProposeRecovery, StopOptOut, SubjectRequest,
    WithdrawFor,
};
use ledger_types::{AccountId, ConsentId, Operation, PartyId};
use serde_json::{Value, json};

use super::act::Act;
use super::granting::{self, Prepared, Wanted};
use super::reading::{self, TAG_PERSON};
use super::slip::Slip;
use super::transact::{Plan, Sender, Session, done, dry_run};
use super::{guardians, read_hash};
use crate::app::App;
use crate::args::{
    CounterCommand, CounterDelegateArgs, CounterEndDelegationArgs, CounterGrantArgs,
    CounterRecoverCommand, CounterRequestArgs, CounterStopArgs, CounterWithdrawArgs,
    ExecuteRecoveryArgs, ProposeRecoveryArgs, RequestKindCommand,
};
use crate::calendar;
use crate::consents::{Consents, Evidence};
use crate::failure::{Exit, Failure};
use crate::output::Reply;

pub(super) async fn run(app: &App, command: CounterCommand) -> Result<Reply, Failure> {
    match command {
        CounterCommand::Grant(args) => grant(app, *args).await,
        CounterCommand::Withdraw(args) => withdraw(app, &args).await,
        CounterCommand::StopOptOut(args) => stop_opt_out(app, &args).await,
        CounterCommand::Request(command) => request(app, command).await,
        CounterCommand::Delegate(args) => delegate(app, &args).await,
        CounterCommand::EndDelegation(args) => end_delegation(app, &args).await,
        CounterCommand::Recover(CounterRecoverCommand::Propose(args)) => propose(app, &args).await,
        CounterCommand::Recover(CounterRecoverCommand::Execute(args)) => execute(app, &args).await,
    }
}

/// Enters what a person signed on paper. The words on the slip are the person's alone: they are
/// made here, written to the slip, and kept nowhere else.
async fn grant(app: &App, args: CounterGrantArgs) -> Result<Reply, Failure> {
    let form = Evidence::of_file("form", &args.form)?.document();
    let session = Session::begin(app).await?;
    let party = PartyId::new(args.party);
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
    let prepared = prepare(app, &session, &args, subject, form).await?;
    let consent = prepared.grant.consent;
    let address = subject.to_address(&network.address_prefix);
    let mut lines = session.lines(app);
    let of_grant = granting::lines(app, &prepared);
    lines.extend(of_grant.into_iter().map(|(label, value)| (app.text(label, &[]), value)));
    let plan = Plan {
        operations: vec![Operation::Grant(prepared.grant.clone())],
        lines,
        data: json!({ "consent": consent, "party": party, "subject": address,
                      "slip": args.slip }),
        done: "done-counter-granted",
        next: vec![format!("kyojo counter withdraw {} --evidence FILE", consent.get())],
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan));
    }
    app.confirm(&plan.lines)?;
    enter(app, &session, plan, &prepared, slip.as_ref()).await
}

async fn prepare(
    app: &App,
    session: &Session,
    args: &CounterGrantArgs,
    subject: AccountId,
    form: Value,
) -> Result<Prepared, Failure> {
    let wanted = Wanted {
        party: PartyId::new(args.party),
        with: &args.with,
        terms: &args.terms,
        days: args.days,
        use_limit: args.use_limit,
        compensation: args.compensation,
        disaster: args.disaster,
        subject,
        is_for_another: true,
        form: Some(form),
    };
    granting::prepare(app, &session.client, wanted).await
}

/// Writes the slip, keeps the terms, sends; a slip for something refused must not go home.
async fn enter(
    app: &App,
    session: &Session,
    plan: Plan,
    prepared: &Prepared,
    slip: Option<&Slip>,
) -> Result<Reply, Failure> {
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
    let sent = Sender::of(&unlocked).send(app, &session.client, plan.operations).await;
    let receipt = match sent {
        Ok(receipt) => receipt,
        Err(failure) => {
            if let Some(slip) = slip.filter(|_| failure.exit != Exit::Timeout) {
                slip.remove();
            }
            return Err(failure);
        }
    };
    Ok(done(app, &receipt, plan.done, &plan.data, plan.next))
}

async fn withdraw(app: &App, args: &CounterWithdrawArgs) -> Result<Reply, Failure> {
    let consent = ConsentId::new(read_hash(&args.consent)?);
    let evidence = Evidence::of_file("identity", &args.evidence)?;
    let session = Session::begin(app).await?;
    let withdraw = WithdrawFor { consent, evidence: evidence.commitment };
    Act::new("label-act-withdraw-for", Operation::WithdrawFor(withdraw))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent }))
        .evidence(Some(consent), evidence)
        .by_account(app, &session)
        .await
}

async fn stop_opt_out(app: &App, args: &CounterStopArgs) -> Result<Reply, Failure> {
    let person = reading::number_or_opening(&args.person, TAG_PERSON)?;
    let evidence = Evidence::of_file("identity or kinship", &args.evidence)?;
    let session = Session::begin(app).await?;
    let (controller, scheme) = (PartyId::new(args.party), args.scheme);
    let stop = StopOptOut { controller, scheme, person, evidence: Some(evidence.commitment) };
    Act::new("label-act-stop-opt-out", Operation::StopOptOut(stop))
        .line("label-controller", controller)
        .line("label-scheme", scheme)
        .data(json!({ "party": controller, "scheme": scheme, "person": person }))
        .evidence(None, evidence)
        .by_account(app, &session)
        .await
}

async fn request(
    app: &App,
    command: RequestKindCommand<CounterRequestArgs>,
) -> Result<Reply, Failure> {
    let (kind, what, args) = command.parts();
    let content = Evidence::of_file("request", &args.file)?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let (request, controller) = (random_id(), PartyId::new(args.party));
    let commitment = content.commitment;
    let ask = SubjectRequest { request, controller, kind, commitment, on_behalf_of: Some(subject) };
    Act::new(what, Operation::SubjectRequest(ask))
        .line("label-request", request)
        .line("label-controller", controller)
        .data(json!({ "request": request, "party": controller, "kind": kind,
                      "subject": args.subject }))
        .evidence(None, content)
        .by_account(app, &session)
        .await
}

async fn delegate(app: &App, args: &CounterDelegateArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("guardianship", &args.evidence)?;
    let until = calendar::read_time(&args.until)?;
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let subject = match (&args.subject_key, &args.subject) {
        (Some(key), _) => AccountId::of_subject(key),
        (None, text) => reading::address(text.as_deref().unwrap_or_default(), prefix)?,
    };
    let guardian = reading::address(&args.guardian, prefix)?;
    let address = subject.to_address(prefix);
    let given = Delegate {
        subject,
        subject_key: args.subject_key,
        guardian,
        powers: guardians::powers(&args.powers),
        until,
        evidence: evidence.commitment,
    };
    Act::new("label-act-delegate", Operation::Delegate(given))
        .line("label-subject", &address)
        .line("label-guardian", &args.guardian)
        .line("label-until", calendar::show(until))
        .data(json!({ "subject": address, "guardian": args.guardian }))
        .evidence(None, evidence)
        .by_account(app, &session)
        .await
}

async fn end_delegation(app: &App, args: &CounterEndDelegationArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let prefix = &session.attached.address_prefix;
    let subject = reading::address(&args.subject, prefix)?;
    let guardian = reading::address(&args.guardian, prefix)?;
    let end = EndDelegation { subject, guardian };
    Act::new("label-act-end-delegation", Operation::EndDelegation(end))
        .line("label-subject", &args.subject)
        .line("label-guardian", &args.guardian)
        .data(json!({ "subject": args.subject, "guardian": args.guardian }))
        .by_account(app, &session)
        .await
}

async fn propose(app: &App, args: &ProposeRecoveryArgs) -> Result<Reply, Failure> {
    let evidence = Evidence::of_file("identity", &args.evidence)?;
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let proposed = ProposeRecovery { subject, key: args.key, evidence: evidence.commitment };
    Act::new("label-act-propose-recovery", Operation::ProposeRecovery(proposed))
        .line("label-subject", &args.subject)
        .line("label-public-key", args.key)
        .data(json!({ "subject": args.subject, "key": args.key }))
        .evidence(None, evidence)
        .next(format!("kyojo counter recover execute --subject {}", args.subject))
        .by_account(app, &session)
        .await
}

async fn execute(app: &App, args: &ExecuteRecoveryArgs) -> Result<Reply, Failure> {
    let session = Session::begin(app).await?;
    let subject = reading::address(&args.subject, &session.attached.address_prefix)?;
    let executed = ExecuteRecovery { subject };
    Act::new("label-act-execute-recovery", Operation::ExecuteRecovery(executed))
        .line("label-subject", &args.subject)
        .data(json!({ "subject": args.subject }))
        .by_account(app, &session)
        .await
}
