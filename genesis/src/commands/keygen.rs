//! `keygen`: a validator's four keys, from the operating system's generator.

use kyojo_cli::{Failure, Reply};
use kyojo_genesis::document::DocumentError;
use kyojo_genesis::localnet::write_key;
use ledger_types::SigningKey;
use rand::RngCore as _;
use serde_json::json;

use crate::args::Keygen;

/// Runs the command.
pub(crate) fn run(arguments: &Keygen) -> Result<Reply, Failure> {
    let folder = &arguments.out;
    std::fs::create_dir_all(folder).map_err(|error| DocumentError::io(folder, error))?;
    let names = ["consensus.key", "network.key", "log.key", "cosignature.key"];
    let paths = names.map(|name| folder.join(name));
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(DocumentError::Exists { path: path.clone() }.into());
    }
    let keys = names.map(|_| fresh());
    for (path, key) in paths.iter().zip(&keys) {
        write_key(path, key)?;
    }
    let [key, network_key, log_key, cosignature_key] = keys.map(|key| key.public_key());
    Ok(Reply {
        data: json!({
            "key": key,
            "network_key": network_key,
            "log_key": log_key,
            "cosignature_key": cosignature_key,
            "folder": folder,
        }),
        text: format!(
            "--key {key} --network-key {network_key} --log-key {log_key} \
             --cosignature-key {cosignature_key}"
        ),
        next: vec!["kyojo-genesis add-validator --member NUMBER, and the line above".to_owned()],
        ..Reply::default()
    })
}

fn fresh() -> SigningKey {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    rand::rngs::OsRng.fill_bytes(seed.as_mut());
    SigningKey::from_seed(&seed)
}
