//! `receipt`: what became of a transaction; one that may be lost is sent again, byte for byte.

use ledger_types::{Receipt, TransactionId, codec};
use node_api::ApiCode;
use node_api::body::ReceiptBody;
use node_api::query::Wait;

use crate::acting::transact::checked;
use crate::client::{Client, Signed};
use crate::commands::prelude::*;
use crate::proof::file;
use crate::unsettled::Pending;

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
    Pending::of(&app.settings.folders).forget(&id);
    let receipt = checked(receipt)?;
    let lines = [
        (app.text("label-transaction", &[]), id.to_string()),
        (app.text("label-outcome", &[]), app.text("label-committed", &[])),
        (app.text("label-height", &[]), receipt.height.to_string()),
    ];
    let reply = Reply::new(json!(ReceiptBody::of(&receipt)), fields(&lines)).next("kyojo history");
    let bundle = client.receipt_bundle(&id);
    file::attach(app, reply, &client, bundle, args.proof.as_deref()).await
}

async fn find(app: &App, client: &Client, id: &TransactionId) -> Result<Receipt, Failure> {
    let error = match client.receipt(id, Wait::default()).await {
        Ok(receipt) => return Ok(receipt),
        Err(error) => error,
    };
    let unknown = error.code() == Some(ApiCode::UnknownTransaction.number());
    let Some(transaction) = Pending::of(&app.settings.folders).read(id).filter(|_| unknown) else {
        return Err(error.into());
    };
    app.output.say(&app.text("note-sending-again", &[]));
    let signed = Signed {
        id: *id,
        account: transaction.unsigned.account,
        nonce: transaction.unsigned.nonce,
        bytes: codec::encode(&transaction).into(),
    };
    Ok(client.submit_and_wait(&signed).await?)
}
