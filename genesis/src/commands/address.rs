//! `address`: a key, a peer id, an address of a node or an account in every form that it has.

use std::path::Path;

use kyojo_cli::{Exit, Failure, Reply};
use kyojo_genesis::document;
use kyojo_genesis::peer_id::{key_of, peer_id};
use ledger_types::{AccountId, AddressPrefix, PublicKey};
use serde_json::{Map, Value};

use crate::args::Address;

/// Runs the command.
pub(crate) fn run(arguments: &Address) -> Result<Reply, Failure> {
    let forms = forms(arguments)?;
    let lines = forms.iter().map(|(name, value)| format!("{name:<9} {value}"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let data: Map<String, Value> =
        forms.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    Ok(Reply::new(data.into(), text))
}

type Forms = Vec<(&'static str, String)>;

fn forms(arguments: &Address) -> Result<Forms, Failure> {
    let text = arguments.text.trim();
    if let Some((place, id)) = text.rsplit_once("/p2p/") {
        let key = key_of(id).ok_or_else(|| unknown("what follows /p2p/ is no peer id"))?;
        return Ok([vec![("at", place.to_owned())], of_key(&key)].concat());
    }
    if let Some(key) = key_of(text).or_else(|| text.parse().ok()) {
        return Ok(of_key(&key));
    }
    if text.starts_with('/') {
        return Err(unknown("the address of a node ends in /p2p/ and its peer id"));
    }
    if let Some(key) = digits::<32>(text) {
        return Ok(of_key(&PublicKey::Ed25519(key)));
    }
    if let Some(account) = digits::<20>(text) {
        let hex = hex::encode(account);
        let account = serde_json::from_value(Value::from(hex)).map_err(Failure::other)?;
        return Ok(of_account(&account, &prefix(arguments)?));
    }
    let prefix = match text.rsplit_once('1') {
        Some((own, _)) => AddressPrefix::new(own).ok_or_else(|| unknown(FORMS))?,
        None => return Err(unknown(FORMS)),
    };
    let account = AccountId::from_address(text, &prefix);
    let account = account.map_err(|error| unknown(&error.to_string()))?;
    Ok(of_account(&account, &prefix))
}

const FORMS: &str = "expected: ed25519:… or 64 digits (a key), 12D3KooW… (a peer id), /ip4/…/p2p/… (a \
                     node's address), 40 digits or an address such as aizu1… (an account)";

fn of_key(key: &PublicKey) -> Forms {
    vec![("key", key.to_string()), ("hex", hex::encode(key.as_bytes())), ("peer_id", peer_id(key))]
}

fn of_account(account: &AccountId, prefix: &AddressPrefix) -> Forms {
    vec![("account", account.to_address(prefix)), ("hex", format!("{account:?}"))]
}

fn digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// The prefix that is given, or that of the document.
fn prefix(arguments: &Address) -> Result<AddressPrefix, Failure> {
    if let Some(prefix) = &arguments.prefix {
        return AddressPrefix::new(prefix)
            .ok_or_else(|| unknown("--prefix: 1 to 16 small letters"));
    }
    if Path::new(&arguments.file).exists() {
        return Ok(document::read(&arguments.file)?.address_prefix);
    }
    Err(unknown("an account's digits need --prefix, or the document with --file"))
}

fn unknown(reason: &str) -> Failure {
    Failure::new(Exit::Usage, "usage", reason)
}
