//! The common path of every command that puts one operation on the ledger: show, ask, keep the
//! evidence, sign, send, say what was entered.

use ledger_types::{ConsentId, Operation, PartyId};
use serde_json::{Value, json};

use crate::acting::people::People;
use crate::acting::transact::{Plan, Sender, Session, committed, dry_run};
use crate::app::App;
use crate::consents::{Consents, Evidence};
use crate::failure::Failure;
use crate::output::Reply;

/// One operation with all that stands around it.
pub(crate) struct Act {
    operation: Operation,
    what: &'static str,
    lines: Vec<(&'static str, String)>,
    data: Value,
    evidence: Vec<(Option<ConsentId>, Evidence)>,
    next: Vec<String>,
    is_asked: bool,
}

impl Act {
    /// An operation; `what` is the key of the words that say what it does.
    pub(crate) fn new(what: &'static str, operation: Operation) -> Self {
        Self {
            operation,
            what,
            lines: Vec::new(),
            data: json!({}),
            evidence: Vec::new(),
            next: Vec::new(),
            is_asked: true,
        }
    }

    /// A further line that people are shown before they agree.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and references alike")]
    pub(crate) fn line(mut self, label: &'static str, value: impl ToString) -> Self {
        self.lines.push((label, value.to_string()));
        self
    }

    /// What machines learn, beside the receipt.
    pub(crate) fn data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    /// Evidence that is kept before the operation is sent, with the consent that it belongs to.
    pub(crate) fn evidence(mut self, of: Option<ConsentId>, one: Evidence) -> Self {
        self.evidence.push((of, one));
        self
    }

    /// A next useful command.
    pub(crate) fn next(mut self, command: impl Into<String>) -> Self {
        self.next.push(command.into());
        self
    }

    /// Nothing is asked: what protects a person is never harder than what it protects from.
    pub(crate) const fn unasked(mut self) -> Self {
        self.is_asked = false;
        self
    }

    /// Does it with the wallet's own account: a party's, a member's or a citizen's.
    pub(crate) async fn by_account(self, app: &App, session: &Session) -> Result<Reply, Failure> {
        let mut lines = session.lines(app);
        // What is put on the ledger here moves no money: nobody is a debtor.
        if let Some((label, _)) = lines.get_mut(1) {
            *label = app.text("label-you", &[]);
        }
        let (plan, what) = self.plan(app, lines);
        if app.global.dry_run {
            return Ok(dry_run(app, &plan.plan));
        }
        if plan.is_asked {
            app.confirm(&plan.plan.lines)?;
        }
        let unlocked = app.unlock(&session.wallet)?;
        if !plan.evidence.is_empty() {
            let alias = &session.wallet.header.alias;
            let kept = Consents::open(&app.settings.folders, alias, &unlocked.secrets)?;
            keep(&kept, &plan.evidence)?;
        }
        let sender = Sender::of(&unlocked);
        plan.send(app, &sender, &session.client, &what).await
    }

    /// Does it as the data subject that one controller knows.
    pub(crate) async fn by_subject(
        self,
        app: &App,
        people: &People,
        party: PartyId,
    ) -> Result<Reply, Failure> {
        let (plan, what) = self.plan(app, people.lines(app, party));
        if app.global.dry_run {
            return Ok(dry_run(app, &plan.plan));
        }
        if plan.is_asked {
            app.confirm(&plan.plan.lines)?;
        }
        keep(&people.consents, &plan.evidence)?;
        people.remember(party)?;
        let (account, reader) = people.towards(party);
        let sender = Sender::new(account, reader);
        plan.send(app, &sender, &people.client, &what).await
    }

    fn plan(self, app: &App, mut lines: Vec<(String, String)>) -> (Planned, String) {
        let what = app.text(self.what, &[]);
        lines.push((app.text("label-act", &[]), what.clone()));
        lines.extend(self.lines.into_iter().map(|(label, value)| (app.text(label, &[]), value)));
        let plan = Plan {
            operations: vec![self.operation],
            lines,
            data: self.data,
            done: "done-entered",
            next: self.next,
        };
        (Planned { plan, evidence: self.evidence, is_asked: self.is_asked }, what)
    }
}

struct Planned {
    plan: Plan,
    evidence: Vec<(Option<ConsentId>, Evidence)>,
    is_asked: bool,
}

impl Planned {
    async fn send(
        self,
        app: &App,
        sender: &Sender,
        client: &crate::client::Client,
        what: &str,
    ) -> Result<Reply, Failure> {
        let Plan { operations, data, done, next, .. } = self.plan;
        let receipt = sender.send(app, client, operations).await?;
        let (id, height) = (receipt.transaction.to_string(), receipt.height.to_string());
        let variables = [("what", what), ("transaction", &id), ("height", &height)];
        let text = app.text(done, &variables);
        Ok(Reply { next, ..Reply::new(committed(&receipt, &data), text) })
    }
}

fn keep(consents: &Consents, evidence: &[(Option<ConsentId>, Evidence)]) -> Result<(), Failure> {
    evidence.iter().try_for_each(|(of, one)| consents.keep_evidence(*of, one))
}
