//! `consent amend`: less than before, by the subject alone.

use consent_records::terms::{Recipient, Terms};
use consent_records::vocabulary::Vocabulary;
use ledger_types::consent::LeafChange;
use ledger_types::limits::LEAF_CHANGES_MAX;
use ledger_types::operation::Amend;

use crate::acting::naming;
use crate::agreement::agreed::of_terms;
use crate::commands::prelude::*;
use crate::consents::Kept;

/// `consent amend`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("change").multiple(true).required(true)
    .args(["take_out", "recipient", "until", "use_limit"])))]
pub(crate) struct AmendArgs {
    /// The consent.
    #[command(flatten)]
    pub(crate) name: ConsentName,
    /// Take this process out: its number in `consent show`; may be repeated.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) take_out: Vec<usize>,
    /// Give a process to another recipient: its number, =, and who, such as 1=emergency; may be
    /// repeated.
    #[arg(long = "recipient", id = "recipient", value_name = "NUMBER=WHO")]
    pub(crate) recipients: Vec<String>,
    /// End it earlier: its last day, such as 2027/3/31, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// Allow fewer uses.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) use_limit: Option<u32>,
}

pub(crate) async fn run(app: &App, args: &AmendArgs) -> Result<Reply, Failure> {
    let people = People::begin(app).await?;
    let named = people.named(app, &args.name).await?;
    let consent = named.consent;
    let expires = args.until.as_deref().map(calendar::read_until).transpose()?;
    let mut changes = Vec::new();
    let mut kept: Option<Kept> = None;
    if !args.take_out.is_empty() || !args.recipients.is_empty() {
        let body = people.body(named).await?;
        let mut before = people.kept(&body)?;
        let recipients = naming::recipients(app, &args.recipients, people.prefix())?;
        changes = changed(&mut before.terms, &recipients, &args.take_out)?;
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
        act = act.line("label-until", calendar::show_end(app.output.lang, expires));
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
fn changed(
    terms: &mut Terms,
    recipients: &[String],
    taken_out: &[usize],
) -> Result<Vec<LeafChange>, Failure> {
    let mut changes = Vec::new();
    for text in recipients {
        let (number, recipient) = recipient(text)?;
        let position = position(number)?;
        let change = terms.change_recipient(position, recipient, Vocabulary::built_in());
        changes.push(change.map_err(|error| of_terms(&error))?);
    }
    let mut taken_out = taken_out.to_vec();
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

/// Reads `1=emergency`.
fn recipient(text: &str) -> Result<(usize, Recipient), Failure> {
    let bad = || Failure::new(Exit::Usage, "err-bad-recipients").with("text", text);
    let (number, who) = text.split_once('=').ok_or_else(bad)?;
    let number = number.trim().parse().map_err(|_| bad())?;
    Ok((number, reading::recipient(who)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_read_with_the_number_of_its_process() {
        assert_eq!(recipient("2=3").unwrap(), (2, Recipient::Party(PartyId::new(3))));
        // A process is for one: another one would be another process, and that is more.
        for text in ["", "2", "x=3", "2=nobody", "2=3,emergency", "2=3、emergency"] {
            assert!(recipient(text).is_err(), "{text}");
        }
        assert!(position(0).is_err());
    }
}
