//! `receipt`: what became of a transaction; one that may be lost is sent again, byte for byte.

use ledger_types::{Receipt, TransactionId, codec};
use node_api::ApiCode;
use node_api::body::ReceiptBody;
use node_api::query::Wait;
use serde_json::json;

use super::transact::checked;
use super::{proof_file, read_hash};
use crate::app::App;
use crate::args::ReceiptArgs;
use crate::client::{Client, Signed};
use crate::failure::Failure;
use crate::output::{Reply, fields};
use crate::vault::Pending;

pub(super) async fn run(app: &App, args: ReceiptArgs) -> Result<Reply, Failure> {
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
    proof_file::attach(app, reply, &client, bundle, args.proof.as_deref()).await
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
