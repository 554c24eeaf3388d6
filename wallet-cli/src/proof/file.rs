//! `--proof FILE`: the bundle of what a command shows, for whoever trusts neither wallet nor node.

use std::path::Path;

use bytes::Bytes;
use ledger_proof::bundle::Bundle;
use serde_json::{Value, json};

use crate::app::App;
use crate::client::{Client, ClientError};
use crate::failure::{Exit, Failure};
use crate::output::{Reply, word};
use crate::settings;

/// Writes a bundle that a node answers to a new file.
///
/// The bundle must be one of this network; that it proves anything is for `kyojo verify`, which
/// needs the genesis document.
pub(crate) async fn write(
    client: &Client,
    asked: impl Future<Output = Result<Bytes, ClientError>>,
    to: &Path,
) -> Result<(), Failure> {
    let bytes = asked.await?;
    let strange = |reason: String| Failure::new(Exit::Other, "err-answer").because(reason);
    let bundle = Bundle::from_json(&bytes).map_err(|error| strange(error.to_string()))?;
    if bundle.genesis != client.network().genesis_hash {
        return Err(strange("the bundle is of another network".to_owned()));
    }
    // It says what somebody owns or agreed to, so it is for its owner to pass on.
    settings::write_new(to, &bytes)
}

/// The same where a file was asked for, and only then asked; the reply says where it lies and how it is verified.
pub(crate) async fn attach(
    app: &App,
    mut reply: Reply,
    client: &Client,
    asked: impl Future<Output = Result<Bytes, ClientError>>,
    to: Option<&Path>,
) -> Result<Reply, Failure> {
    let Some(to) = to else { return Ok(reply) };
    write(client, asked, to).await?;
    let path = to.display().to_string();
    if let Value::Object(data) = &mut reply.data {
        data.insert("proof".to_owned(), json!(path));
    }
    reply.text.push('\n');
    reply.text.push_str(&app.text("note-proof-written", &[("path", &path)]));
    reply.next = vec![format!("kyojo verify {} --genesis genesis.json", word(&path))];
    Ok(reply)
}
