//! `wallet code`: what to give a bank so that it opens an account.

use crate::client::Client;
use crate::commands::prelude::*;
use crate::commands::wallet::show::WalletName;
use crate::keystore::Wallet;
use crate::opening::OpeningCode;
use crate::picture;

pub(crate) async fn run(app: &App, args: &WalletName) -> Result<Reply, Failure> {
    let wallet = app.wallet(args.name.as_deref())?;
    let client = app.client().await.ok();
    let data = json!({ "name": wallet.header.alias, "public_key": wallet.header.public_key });
    Ok(with(app, Reply::new(data, ""), &wallet, client.as_ref()))
}

/// A reply that ends with the code of a wallet: of the network whose node answers, else of none.
pub(crate) fn with(app: &App, reply: Reply, wallet: &Wallet, client: Option<&Client>) -> Reply {
    let header = &wallet.header;
    let of_wallet = header.attached.as_ref().map(|attached| attached.genesis_hash.network());
    let network = of_wallet.or(client.map(|client| client.network().id()));
    let code = OpeningCode { key: header.public_key, network };
    let Reply { mut data, mut text, .. } = reply;
    data["opening_code"] = json!(code.text());
    data["network"] = json!(network.map(|network| network.to_string()));
    let mut parts = vec![app.text("note-give-code", &[]), code.text()];
    parts.extend(code.picture().map(|picture| picture::drawn(&picture)));
    if network.is_none() {
        parts.push(app.text("note-code-of-no-network", &[]));
    }
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&parts.join("\n\n"));
    Reply { data, text, ..reply }
}
