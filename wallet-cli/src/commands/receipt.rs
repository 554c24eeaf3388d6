//! `receipt`: what became of a transaction; one that may be lost is sent again, byte for byte.

use ledger_types::{Receipt, TransactionId};
use node_api::ApiCode;
use node_api::body::ReceiptBody;
use node_api::query::Wait;

use crate::acting::order::{Fate, resolve, settled};
use crate::acting::transact::checked;
use crate::client::Client;
use crate::commands::prelude::*;
use crate::outbox::Outbox;
use crate::proof::file;

/// `receipt`.
#[derive(Debug, Args)]
pub(crate) struct ReceiptArgs {
    /// The transaction.
    pub(crate) transaction: String,
    /// Write a proof of it to a new file.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
}

pub(crate) async fn run(app: &App, args: ReceiptArgs) -> Result<Reply, Failure> {
    let id = TransactionId::new(read_hash(&args.transaction)?);
    let client = app.client().await?;
    let receipt = find(app, &client, &id).await?;
    let lines = [
        (app.text("label-transaction", &[]), id.to_string()),
        (app.text("label-outcome", &[]), app.text("label-committed", &[])),
        (app.text("label-height", &[]), receipt.height.to_string()),
    ];
    let reply = Reply::new(json!(ReceiptBody::of(&receipt)), fields(&lines)).next("kyojo history");
    let bundle = client.receipt_bundle(&id);
    file::attach(app, reply, &client, bundle, args.proof.as_deref()).await
}

/// What became of it; one that this wallet sent and the node does not know is sent again.
async fn find(app: &App, client: &Client, id: &TransactionId) -> Result<Receipt, Failure> {
    let outbox = Outbox::of(&app.settings.folders);
    let error = match client.receipt(id, Wait::default()).await {
        Ok(receipt) => {
            return match outbox.find(id)? {
                Some(record) => Ok(settled(client, &outbox, &record, receipt)?.receipt),
                None => checked(receipt),
            };
        }
        Err(error) => error,
    };
    let codes = [ApiCode::UnknownTransaction, ApiCode::IndexDisabled];
    let unknown = error.code().is_some_and(|code| codes.iter().any(|it| it.number() == code));
    let Some(record) = outbox.find(id)?.filter(|_| unknown) else {
        return Err(error.into());
    };
    app.output.say(&app.text("note-sending-again", &[]));
    match resolve(client, &record).await? {
        Fate::Known(receipt) => Ok(settled(client, &outbox, &record, receipt)?.receipt),
        Fate::Gone => {
            outbox.forget(&record);
            Err(Failure::new(Exit::NotFound, "err-cannot-come").with("transaction", id))
        }
    }
}
