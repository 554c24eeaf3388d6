//! What every command that changes the ledger does: show, ask, open the wallet, sign, send, wait.
//!
//! The signed bytes and their openings are on disk before they are sent, and stay there until their
//! outcome is known; what the same command does then is [`crate::acting::order`]'s.

use ledger_types::{
    AccountId, Hash, Nonce, Operation, PartyId, Receipt, SigningKey, Transaction, TransactionId,
    Unsigned,
};
use node_api::ApiCode;
use node_api::query::ByRead;
use serde_json::{Value, json};

use crate::acting::keys;
use crate::acting::order::{Order, Sent, settled};
use crate::app::{App, Unlocked};
use crate::bounds;
use crate::client::{Client, ClientError, Network, Nonces, Reader, Signed, VALIDITY};
use crate::failure::{Exit, Failure};
use crate::keystore::{Attachment, Wallet};
use crate::outbox::{About, Outbox, Record};
use crate::output::{Reply, fields, short};
use crate::refusal;
pub(crate) use crate::refusal::is_unknown_reader;

/// How often a nonce that another program took is replaced.
const ATTEMPTS_MAX: usize = 4;

/// A wallet with a node of its network.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) wallet: Wallet,
    pub(crate) attached: Attachment,
}

/// What a command is about to do.
pub(crate) struct Plan {
    /// What is sent.
    pub(crate) operations: Vec<Operation>,
    /// What people are shown before they agree.
    pub(crate) lines: Vec<(String, String)>,
    /// What machines learn, beside the receipt.
    pub(crate) data: Value,
    /// The key of the text that says it is done.
    pub(crate) done: &'static str,
    /// The next useful commands.
    pub(crate) next: Vec<String>,
}

impl Session {
    pub(crate) async fn begin(app: &App) -> Result<Self, Failure> {
        let wallet = app.wallet(None)?;
        let client = app.client().await?;
        let wallet = match &wallet.header.attached {
            Some(_) => wallet,
            // Nobody need tell it: its key finds the account that a bank has opened meanwhile.
            None => keys::attach_found(app, &client, wallet).await?,
        };
        let attached = app.attachment(&wallet)?;
        app.check_network(&client, &attached)?;
        Ok(Self { client, wallet, attached })
    }

    /// The party that the wallet acts for.
    pub(crate) fn party(&self) -> Result<PartyId, Failure> {
        let alias = &self.wallet.header.alias;
        let none = || Failure::new(Exit::Config, "err-not-a-party").with("wallet", alias);
        self.attached.party.ok_or_else(none)
    }

    /// The first lines of what people are shown: on which network, from which account.
    pub(crate) fn lines(&self, app: &App) -> Vec<(String, String)> {
        of_wallet(app, self.client.network(), &self.wallet)
    }
}

/// On which network, and from which account: a wallet that has none is shown by its key.
pub(crate) fn of_wallet(app: &App, network: &Network, wallet: &Wallet) -> Vec<(String, String)> {
    let header = &wallet.header;
    let attached = header.attached.as_ref();
    let who = attached.map_or_else(|| header.public_key.to_string(), |a| a.address.clone());
    vec![
        (app.text("label-network", &[]), format!("{} {}", network.address_prefix, network.id())),
        (app.text("label-from", &[]), format!("{} ({})", header.alias, short(&who))),
    ]
}

/// What would be sent, for `--dry-run`.
pub(crate) fn dry_run(app: &App, lines: &[(String, String)], data: &Value) -> Reply {
    let data = merged(json!({ "dry_run": true }), data);
    Reply::new(data, format!("{}\n{}", fields(lines), app.text("note-dry-run", &[])))
}

/// The reply after a transaction was committed.
pub(crate) fn done(
    app: &App,
    receipt: &Receipt,
    key: &str,
    data: &Value,
    next: Vec<String>,
) -> Reply {
    let id = receipt.transaction.to_string();
    let height = receipt.height.to_string();
    let text = app.text(key, &[("transaction", &id), ("height", &height)]);
    Reply { next, ..Reply::new(committed(receipt, data), text) }
}

/// What machines learn of a committed transaction, with what the command adds.
pub(crate) fn committed(receipt: &Receipt, data: &Value) -> Value {
    let of_receipt = json!({
        "transaction": receipt.transaction,
        "outcome": "committed",
        "height": receipt.height,
        "index": receipt.index,
    });
    merged(of_receipt, data)
}

pub(crate) fn merged(mut data: Value, more: &Value) -> Value {
    if let (Some(data), Some(more)) = (data.as_object_mut(), more.as_object()) {
        data.extend(more.clone());
    }
    data
}

/// Who sends: an account and the keys that sign for it.
pub(crate) struct Sender {
    account: AccountId,
    reader: Reader,
    /// The key that signs; the reader's own where it is none.
    signer: Option<SigningKey>,
    cosigners: Vec<SigningKey>,
}

impl Sender {
    pub(crate) fn of(unlocked: &Unlocked) -> Self {
        Self::new(unlocked.attached.account, unlocked.reader())
    }

    pub(crate) const fn new(account: AccountId, reader: Reader) -> Self {
        Self { account, reader, signer: None, cosigners: Vec::new() }
    }

    /// The same where this key signs in the place of the account's own, as a terminal's may.
    pub(crate) fn signed_by(self, key: SigningKey) -> Self {
        Self { signer: Some(key), ..self }
    }

    /// The same with a further key that signs beside the account's own.
    pub(crate) fn with_cosigner(mut self, key: SigningKey) -> Self {
        self.cosigners.push(key);
        self
    }

    /// Signs, keeps, sends and waits; a rejection is a failure.
    pub(crate) async fn send(
        &self,
        app: &App,
        client: &Client,
        order: &Order,
    ) -> Result<Sent, Failure> {
        let outbox = Outbox::of(&app.settings.folders)?;
        let mut lost: Vec<Nonce> = Vec::new();
        loop {
            let nonces = self.nonces(client).await?;
            let record = self.keep(app, client, &outbox, order, (nonces, &lost))?;
            let id = record.transaction.to_string();
            app.output.detail(&app.text("note-sending", &[("transaction", &id)]));
            match client.submit_and_wait(&record.signed()?).await {
                Ok(receipt) => {
                    return match settled(client, &outbox, &record, receipt) {
                        Err(refused) => {
                            let lang = app.output.lang;
                            Err(bounds::explained(refused, lang, client, &self.reader).await)
                        }
                        sent => sent,
                    };
                }
                // Another program took the nonce first, and this transaction was kept nowhere.
                Err(error) if lost_nonce(&error) && lost.len() < ATTEMPTS_MAX => {
                    outbox.forget(&record);
                    lost.push(record.nonce()?);
                }
                Err(error) => {
                    if !matches!(error, ClientError::OutcomeUnknown { .. }) {
                        outbox.forget(&record);
                    }
                    return Err(error.into());
                }
            }
        }
    }

    /// Signs with a free nonce and writes it down, while no other process does the same.
    fn keep(
        &self,
        app: &App,
        client: &Client,
        outbox: &Outbox,
        order: &Order,
        (mut nonces, lost): (Nonces, &[Nonce]),
    ) -> Result<Record, Failure> {
        let _turn = outbox.turn()?;
        if order.is_another_under_way(outbox, client)? {
            return Err(Failure::new(Exit::Declined, "err-sent-meanwhile"));
        }
        let network = client.network();
        let of = (outbox, &network.genesis_hash);
        let nonce = self.free_nonce(app, of, &mut nonces, lost)?;
        let signed = self.sign(network, nonce, order.operations.clone());
        let about = About {
            genesis: network.genesis_hash,
            intent: order.intent,
            signed_at: network.clock.now(),
            data: order.data.clone(),
            next: order.next.clone(),
        };
        outbox.keep(&signed, about, order.opening.as_ref())
    }

    /// Signs for a nonce.
    pub(crate) fn sign(
        &self,
        network: &Network,
        nonce: Nonce,
        operations: Vec<Operation>,
    ) -> Signed {
        let unsigned = self.unsigned(network, nonce, operations);
        Signed::new(unsigned, &network.genesis_hash, &self.keys())
    }

    /// Signs what [`Sender::unsigned`] made.
    pub(crate) fn sign_unsigned(&self, unsigned: Unsigned, genesis: &Hash) -> Transaction {
        unsigned.sign(genesis, &self.keys())
    }

    fn keys(&self) -> Vec<&SigningKey> {
        let signer = self.signer.as_ref().unwrap_or(&self.reader.key);
        std::iter::once(signer).chain(&self.cosigners).collect()
    }

    /// What would be signed for a nonce.
    pub(crate) fn unsigned(
        &self,
        network: &Network,
        nonce: Nonce,
        operations: Vec<Operation>,
    ) -> Unsigned {
        Unsigned {
            network: network.id(),
            account: self.account,
            nonce,
            valid_until: network.valid_until(VALIDITY),
            purpose: 0,
            operations,
        }
    }

    /// The nonces that the ledger has not used yet.
    async fn nonces(&self, client: &Client) -> Result<Nonces, Failure> {
        match client.account(&self.reader.address, &ByRead::default(), &self.reader).await {
            Ok(account) => {
                Nonces::from_account(&account).ok_or(Failure::new(Exit::Other, "err-internal"))
            }
            // A new data subject: nothing is known of it and its first nonce is 0.
            Err(error) if is_unknown_reader(&error) => Ok(Nonces::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// The nonces that neither the ledger nor a transaction of the wallet holds.
    pub(crate) async fn free_nonces(
        &self,
        client: &Client,
        outbox: &Outbox,
    ) -> Result<Nonces, Failure> {
        let mut nonces = self.nonces(client).await?;
        let genesis = client.network().genesis_hash;
        let mut held = Vec::new();
        for record in outbox.open()?.iter().filter(|it| it.is_of(&genesis, &self.account)) {
            held.push(record.nonce()?);
        }
        let taken: Vec<Nonce> = std::iter::from_fn(|| nonces.take()).collect();
        for nonce in taken.into_iter().filter(|nonce| !held.contains(nonce)) {
            nonces.give_back(nonce);
        }
        Ok(nonces)
    }

    /// The first that no other transaction of the wallet holds.
    fn free_nonce(
        &self,
        app: &App,
        (outbox, genesis): (&Outbox, &Hash),
        nonces: &mut Nonces,
        lost: &[Nonce],
    ) -> Result<Nonce, Failure> {
        let mut held: Vec<(Nonce, TransactionId)> = Vec::new();
        for record in outbox.open()?.iter().filter(|record| record.is_of(genesis, &self.account)) {
            held.push((record.nonce()?, record.transaction));
        }
        loop {
            let nonce = nonces.take().ok_or(Failure::new(Exit::Refused, "err-window-full"))?;
            if lost.contains(&nonce) {
                continue;
            }
            match held.iter().find(|(taken, _)| *taken == nonce) {
                None => return Ok(nonce),
                Some((_, id)) => {
                    let id = id.to_string();
                    app.output.say(&app.text("note-unsettled", &[("transaction", &id)]));
                }
            }
        }
    }
}

/// A committed receipt, or the failure of a rejected one.
pub(crate) fn checked(receipt: Receipt) -> Result<Receipt, Failure> {
    refusal::of_receipt(&receipt).map_or(Ok(receipt), Err)
}

/// Whether the nonce is another transaction's.
pub(crate) fn lost_nonce(error: &ClientError) -> bool {
    let taken = ApiCode::NonceTaken.number();
    error.code().is_some_and(|code| matches!(code, 1007 | 1012) || code == taken)
}
