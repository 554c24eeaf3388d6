//! `consent revoke`, `suspend` and `amend`: whatever gives less than before, by the subject alone.

use consent_records::terms::{Recipient, Terms};
use consent_records::vocabulary::Vocabulary;
use ledger_types::Operation;
use ledger_types::consent::LeafChange;
use ledger_types::limits::LEAF_CHANGES_MAX;
use ledger_types::operation::{Amend, Suspend, Withdraw, WithdrawFor};
use serde_json::json;

use crate::app::App;
use crate::args::{AmendArgs, ConsentName, RevokeArgs};
use crate::calendar;
use crate::commands::act::Act;
use crate::commands::agreed::of_terms;
use crate::commands::people::{People, beginning};
use crate::commands::reading;
use crate::commands::transact::{Plan, Sender, done, dry_run};
use crate::consents::{Evidence, Kept};
use crate::failure::{Exit, Failure};
use crate::output::Reply;

/// Ends a consent in one step: withdrawing is never harder than granting, so nothing is asked.
pub(super) async fn revoke(app: &App, args: &RevokeArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(&args.name)?;
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
    let plan = Plan {
        operations: vec![Operation::Withdraw(Withdraw { consent })],
        lines: vec![(app.text("label-revoke", &[]), consent.get().to_string())],
        data,
        done: "done-consent-revoked",
        next: vec!["kyojo consent ls".to_owned()],
    };
    if app.global.dry_run {
        return Ok(dry_run(app, &plan));
    }
    let (account, reader) = people.towards(party);
    let receipt = Sender::new(account, reader).send(app, &people.client, plan.operations).await?;
    Ok(done(app, &receipt, plan.done, &plan.data, plan.next))
}

/// Sets a consent aside; like a withdrawal it is never harder than granting.
pub(super) async fn suspend(app: &App, name: &ConsentName) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(name)?;
    let consent = named.consent;
    Act::new("label-act-suspend", Operation::Suspend(Suspend { consent }))
        .line("label-consent", consent.get())
        .data(json!({ "consent": consent, "party": named.party }))
        .next(format!("kyojo consent resume {}", beginning(&consent)))
        .unasked()
        .by_subject(app, &people, named.party)
        .await
}

pub(super) async fn amend(app: &App, args: &AmendArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(&args.name)?;
    let consent = named.consent;
    let expires = args.until.as_deref().map(calendar::read_time).transpose()?;
    let mut changes = Vec::new();
    let mut kept: Option<Kept> = None;
    if !args.take_out.is_empty() || !args.recipients.is_empty() {
        let body = people.body(named).await?;
        let mut before = people.kept(&body)?;
        changes = changed(&mut before.terms, args)?;
        kept = Some(before);
    }
    let mut act = Act::new(
        "label-act-amend",
        Operation::Amend(Amend { consent, changes, expires, use_limit: args.use_limit }),
    )
    .line("label-consent", consent.get());
    for number in &args.take_out {
        act = act.line("label-take-out", number);
    }
    for change in &args.recipients {
        act = act.line("label-recipients", change);
    }
    if let Some(expires) = expires {
        act = act.line("label-until", calendar::show(expires));
    }
    let act = act
        .data(json!({ "consent": consent, "party": named.party }))
        .next(format!("kyojo consent show {}", beginning(&consent)));
    if let Some(kept) = kept.filter(|_| !app.global.dry_run) {
        people.consents.keep(&consent, &kept)?;
    }
    act.by_subject(app, &people, named.party).await
}

/// Makes the changes, numbers of processes being those that the person saw.
fn changed(terms: &mut Terms, args: &AmendArgs) -> Result<Vec<LeafChange>, Failure> {
    let mut changes = Vec::new();
    for text in &args.recipients {
        let (number, recipients) = recipients(text)?;
        let position = position(number)?;
        let change = terms.change_recipients(position, recipients, Vocabulary::built_in());
        changes.push(change.map_err(|error| of_terms(&error))?);
    }
    let mut taken_out = args.take_out.clone();
    taken_out.sort_unstable();
    taken_out.dedup();
    // From the last on, so that the numbers of those before stay what they were.
    for number in taken_out.into_iter().rev() {
        let change = terms.take_out(position(number)?);
        changes.push(change.map_err(|error| of_terms(&error))?);
    }
    if changes.len() > LEAF_CHANGES_MAX {
        return Err(
            Failure::new(Exit::Usage, "err-too-many-changes").with("most", LEAF_CHANGES_MAX)
        );
    }
    Ok(changes)
}

fn position(number: usize) -> Result<usize, Failure> {
    number
        .checked_sub(1)
        .ok_or_else(|| Failure::new(Exit::Usage, "err-terms-no-process").with("number", number))
}

/// Reads `1=2,emergency`.
fn recipients(text: &str) -> Result<(usize, Vec<Recipient>), Failure> {
    let bad = || Failure::new(Exit::Usage, "err-bad-recipients").with("text", text);
    let (number, who) = text.split_once('=').ok_or_else(bad)?;
    let number = number.trim().parse().map_err(|_| bad())?;
    let who = who.split([',', '、']).map(reading::recipient).collect::<Result<_, _>>()?;
    Ok((number, who))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_read_with_the_number_of_their_process() {
        let (number, who) = recipients("2=3、emergency").unwrap();
        assert_eq!((number, who.len()), (2, 2));
        for text in ["", "2", "x=3", "2=nobody"] {
            assert!(recipients(text).is_err(), "{text}");
        }
        assert!(position(0).is_err());
    }
}
