//! The common path of every command that puts one operation on the ledger: show, ask, keep the
//! evidence, sign, send, say what was entered.

use std::path::PathBuf;

use ledger_types::{AccountId, ConsentId, Operation, PartyId, SigningKey};
use serde_json::{Value, json};

use crate::acting::order::{Asked, Begun, Order, Sent};
use crate::acting::people::People;
use crate::acting::transact::{Sender, Session, dry_run};
use crate::app::{App, Unlocked};
use crate::client::Client;
use crate::consents::{Consents, Evidence};
use crate::failure::{Exit, Failure};
use crate::outbox::Opening;
use crate::output::Reply;
use crate::settings;

/// One operation with all that stands around it.
pub(crate) struct Act {
    operation: Operation,
    before: Vec<Operation>,
    what: Option<&'static str>,
    done: &'static str,
    lines: Vec<(&'static str, String)>,
    data: Value,
    evidence: Vec<(Option<ConsentId>, Evidence)>,
    files: Vec<(PathBuf, Vec<u8>)>,
    next: Vec<String>,
    /// What only a salted commitment leaves, with what opens it.
    private: Option<(String, Opening)>,
    is_asked: bool,
    /// The terminal's key that signs in the place of the account's own.
    signer: Option<SigningKey>,
    /// Why it would be in vain, unless it was sent before.
    in_vain: Option<Failure>,
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
            before: Vec::new(),
            what: None,
            done,
            lines: Vec::new(),
            data: json!({}),
            evidence: Vec::new(),
            files: Vec::new(),
            next: Vec::new(),
            private: None,
            is_asked: true,
            signer: None,
            in_vain: None,
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
        self.before.push(before);
        self
    }

    /// Another operation that goes after it in the same transaction.
    pub(crate) fn with(mut self, next: Operation) -> Self {
        self.before.push(core::mem::replace(&mut self.operation, next));
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

    /// What was said that only a salted commitment leaves; what opens it is kept before it is sent.
    pub(crate) fn private(mut self, said: impl Into<String>, opening: Opening) -> Self {
        self.private = Some((said.into(), opening));
        self
    }

    /// A terminal's key signs, where there is one, in the place of the account's own.
    pub(crate) fn signed_by(mut self, terminal: Option<SigningKey>) -> Self {
        self.signer = terminal;
        self
    }

    /// It would be in vain for this reason: nothing is sent, unless the same was sent before.
    pub(crate) fn in_vain(mut self, why: Option<Failure>) -> Self {
        self.in_vain = why;
        self
    }

    /// Nothing is asked: what protects a person is never harder than what it protects from.
    pub(crate) const fn unasked(mut self) -> Self {
        self.is_asked = false;
        self
    }

    /// Does it with the wallet's own account: a party's, a member's or a citizen's.
    pub(crate) async fn by_account(self, app: &App, session: &Session) -> Result<Reply, Failure> {
        self.by_opened(app, session, None).await
    }

    /// The same with a wallet that may be open already, so that the password is asked once.
    pub(crate) async fn by_opened(
        self,
        app: &App,
        session: &Session,
        opened: Option<&Unlocked>,
    ) -> Result<Reply, Failure> {
        let mut lines = session.lines(app);
        // Where no money is moved nobody is a debtor.
        if let (Some(_), Some((label, _))) = (self.what, lines.get_mut(1)) {
            *label = app.text("label-you", &[]);
        }
        let (client, account) = (&session.client, session.attached.account);
        // Whoever is asked to agree is told first what stands against them, which takes an open wallet.
        let is_asked = self.is_asked && app.is_asking() && !app.global.dry_run;
        let is_early = is_asked && opened.is_none();
        let early = is_early.then(|| app.unlock(&session.wallet)).transpose()?;
        let order = match self.agreed(app, client, account, lines).await? {
            Agreed::Replied(reply) => return Ok(reply),
            Agreed::Order(order) => order,
        };
        let newly = match (opened, early) {
            (None, None) => Some(app.unlock(&session.wallet)?),
            (_, early) => early,
        };
        let Some(unlocked) = opened.or(newly.as_ref()) else {
            return Err(Failure::new(Exit::Other, "err-internal"));
        };
        self.write_files()?;
        if !self.evidence.is_empty() {
            let alias = &session.wallet.header.alias;
            keep(
                &Consents::open(&app.settings.folders, alias, &unlocked.secrets)?,
                &self.evidence,
            )?;
        }
        let mut sender = Sender::of(unlocked);
        if let Some(key) = &self.signer {
            sender = sender.signed_by(key.clone());
        } else if let Some(key) = app.checker_key()? {
            sender = sender.with_cosigner(key);
        }
        Ok(self.replied(app, sender.send(app, client, &order).await?))
    }

    /// Does it as the data subject that one controller knows.
    pub(crate) async fn by_subject(
        self,
        app: &App,
        people: &People,
        party: PartyId,
    ) -> Result<Reply, Failure> {
        let (account, reader) = people.towards(party);
        let lines = people.lines(app, party);
        let order = match self.agreed(app, &people.client, account, lines).await? {
            Agreed::Replied(reply) => return Ok(reply),
            Agreed::Order(order) => order,
        };
        self.write_files()?;
        keep(&people.consents, &self.evidence)?;
        people.remember(party)?;
        let sent = Sender::new(account, reader).send(app, &people.client, &order).await?;
        Ok(self.replied(app, sent))
    }

    /// Shows what is about to be done and asks, unless it was sent before or nothing is to be sent.
    async fn agreed(
        &self,
        app: &App,
        client: &Client,
        account: AccountId,
        mut lines: Vec<(String, String)>,
    ) -> Result<Agreed, Failure> {
        lines.extend(self.what.map(|what| (app.text("label-act", &[]), app.text(what, &[]))));
        lines.extend(self.lines.iter().map(|(key, value)| (app.text(key, &[]), value.clone())));
        if app.global.dry_run {
            return Ok(Agreed::Replied(dry_run(app, &lines, &self.data)));
        }
        let operations = self.before.iter().chain([&self.operation]).cloned().collect();
        let said = self.private.as_ref().map(|(said, _)| said.clone());
        let order = match Order::begin(app, client, Asked { account, operations, said }).await? {
            Begun::Before(sent) => return Ok(Agreed::Replied(self.replied(app, sent))),
            Begun::New(order) => order.answering(self.data.clone(), self.next.clone()),
        };
        if let Some(why) = &self.in_vain {
            return Err(why.clone());
        }
        lines.extend(order.lines(app));
        if self.is_asked {
            app.confirm(&lines)?;
        }
        let opening = self.private.as_ref().map(|(_, opening)| opening.clone());
        Ok(Agreed::Order(order.opening(opening)))
    }

    /// What was sent before has its files already.
    fn write_files(&self) -> Result<(), Failure> {
        self.files.iter().try_for_each(|(path, bytes)| settings::write_new(path, bytes))
    }

    fn replied(&self, app: &App, sent: Sent) -> Reply {
        let what = self.what.map(|what| app.text(what, &[])).unwrap_or_default();
        sent.reply_of(app, self.done, &what)
    }
}

/// What follows from showing and asking.
enum Agreed {
    /// It is to be signed and sent.
    Order(Order),
    /// Nothing more is to be sent.
    Replied(Reply),
}

fn keep(consents: &Consents, evidence: &[(Option<ConsentId>, Evidence)]) -> Result<(), Failure> {
    evidence.iter().try_for_each(|(of, one)| consents.keep_evidence(*of, one))
}
