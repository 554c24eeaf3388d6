//! The common path of every command that puts one operation on the ledger: show, ask, keep the
//! evidence, sign, send, say what was entered.

use std::path::PathBuf;

use ledger_types::{ConsentId, Operation, PartyId};
use serde_json::{Value, json};

use crate::acting::people::People;
use crate::acting::transact::{Sender, Session, committed, dry_run};
use crate::app::App;
use crate::client::Client;
use crate::consents::{Consents, Evidence};
use crate::failure::Failure;
use crate::output::Reply;
use crate::settings;

/// One operation with all that stands around it.
pub(crate) struct Act {
    operation: Operation,
    before: Option<Operation>,
    what: Option<&'static str>,
    done: &'static str,
    lines: Vec<(&'static str, String)>,
    data: Value,
    evidence: Vec<(Option<ConsentId>, Evidence)>,
    files: Vec<(PathBuf, Vec<u8>)>,
    next: Vec<String>,
    is_asked: bool,
}

impl Act {
    /// An operation; `what` is the key of the words that say what it does.
    pub(crate) fn new(what: &'static str, operation: Operation) -> Self {
        Self { what: Some(what), ..Self::ending(operation, "done-entered") }
    }

    /// An operation that its lines tell of; `done` is the key of the text at its end.
    pub(crate) fn ending(operation: Operation, done: &'static str) -> Self {
        Self {
            operation,
            before: None,
            what: None,
            done,
            lines: Vec::new(),
            data: json!({}),
            evidence: Vec::new(),
            files: Vec::new(),
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

    /// Another operation that goes before it in the same transaction.
    pub(crate) fn after(mut self, before: Operation) -> Self {
        self.before = Some(before);
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

    /// A new file that is written before the operation is sent.
    pub(crate) fn file(mut self, path: PathBuf, bytes: Vec<u8>) -> Self {
        self.files.push((path, bytes));
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
        // Where no money is moved nobody is a debtor.
        if let (Some(_), Some((label, _))) = (self.what, lines.get_mut(1)) {
            *label = app.text("label-you", &[]);
        }
        if let Some(reply) = self.agreed(app, lines)? {
            return Ok(reply);
        }
        let unlocked = app.unlock(&session.wallet)?;
        if !self.evidence.is_empty() {
            let alias = &session.wallet.header.alias;
            keep(
                &Consents::open(&app.settings.folders, alias, &unlocked.secrets)?,
                &self.evidence,
            )?;
        }
        let mut sender = Sender::of(&unlocked);
        if let Some(key) = app.checker_key()? {
            sender = sender.with_cosigner(key);
        }
        self.send(app, &sender, &session.client).await
    }

    /// Does it as the data subject that one controller knows.
    pub(crate) async fn by_subject(
        self,
        app: &App,
        people: &People,
        party: PartyId,
    ) -> Result<Reply, Failure> {
        if let Some(reply) = self.agreed(app, people.lines(app, party))? {
            return Ok(reply);
        }
        keep(&people.consents, &self.evidence)?;
        people.remember(party)?;
        let (account, reader) = people.towards(party);
        self.send(app, &Sender::new(account, reader), &people.client).await
    }

    /// Shows what is about to be done and asks; the reply, where nothing is to be sent.
    fn agreed(
        &self,
        app: &App,
        mut lines: Vec<(String, String)>,
    ) -> Result<Option<Reply>, Failure> {
        lines.extend(self.what.map(|what| (app.text("label-act", &[]), app.text(what, &[]))));
        lines.extend(self.lines.iter().map(|(key, value)| (app.text(key, &[]), value.clone())));
        if app.global.dry_run {
            return Ok(Some(dry_run(app, &lines, &self.data)));
        }
        if self.is_asked {
            app.confirm(&lines)?;
        }
        Ok(None)
    }

    async fn send(self, app: &App, sender: &Sender, client: &Client) -> Result<Reply, Failure> {
        self.files.iter().try_for_each(|(path, bytes)| settings::write_new(path, bytes))?;
        let operations = self.before.into_iter().chain([self.operation]).collect();
        let receipt = sender.send(app, client, operations).await?;
        let what = self.what.map(|what| app.text(what, &[])).unwrap_or_default();
        let (id, height) = (receipt.transaction.to_string(), receipt.height.to_string());
        let variables = [("what", what.as_str()), ("transaction", &id), ("height", &height)];
        let text = app.text(self.done, &variables);
        Ok(Reply { next: self.next, ..Reply::new(committed(&receipt, &self.data), text) })
    }
}

fn keep(consents: &Consents, evidence: &[(Option<ConsentId>, Evidence)]) -> Result<(), Failure> {
    evidence.iter().try_for_each(|(of, one)| consents.keep_evidence(*of, one))
}
