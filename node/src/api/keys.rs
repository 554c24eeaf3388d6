//! For whom a key acts: told to the key alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use ledger_types::PublicKey;
use node_api::Address;
use node_api::body::KeyBody;
use node_api::path;
use node_api::query::Page;

use super::Api;
use super::extract::{self, Params, Segments};
use super::failure::Answer;
use super::reader::{SignedParts, ask};
use crate::query::Cursor as _;
use crate::rights::Matter;

/// The accounts for which a key acts.
///
/// A wallet that has its keys and no more finds its accounts again. The request is signed by the key
/// itself, with the key as `keyid`; to anybody else the answer is the same whether the ledger knows
/// the key or not. A page may hold fewer than were asked for: `next` says whether another follows.
#[utoipa::path(
    get, path = path::KEY, tag = "accounts",
    params(
        ("key" = String, Path, description = "`ed25519:` and 64 hexadecimal digits."),
        Page,
    ),
    responses(
        (status = 200, description = "A page of addresses.", body = KeyBody),
        (status = "4XX", description = "Not signed, or not by this key."),
        (status = 501, description = "The node keeps no index."),
    ),
)]
pub(super) async fn key(
    Shared(api): Shared<Arc<Api>>,
    Segments(key): Segments<String>,
    Params(page): Params<Page>,
    signed: SignedParts,
) -> Answer<Json<KeyBody>> {
    let key: PublicKey = {
        let state = api.query.state();
        let reader = signed.key(&state)?;
        let key = extract::parse(&key)?;
        ask(&state, &reader, &Matter::Key(key))?;
        key
    };
    let (cursor, limit) = extract::page(page.cursor.as_deref(), page.limit)?;
    let found = api.indexed(move |query| query.accounts_of(&key, cursor, limit)).await?;
    let state = api.query.state();
    let address = |account| Address::of(account, state.address_prefix());
    let accounts = found.accounts.iter().map(address).collect();
    Ok(Json(KeyBody { key, accounts, next: found.next.map(|cursor| cursor.text()) }))
}
