//! `keygen`: a validator's two keys, from the operating system's generator.

use kyojo_genesis::document::DocumentError;
use kyojo_genesis::localnet::write_key;
use ledger_types::SigningKey;
use rand::RngCore as _;
use serde_json::json;

use crate::args::Keygen;
use crate::output::{Failure, Success};

/// Runs the command.
pub(crate) fn run(arguments: &Keygen) -> Result<Success, Failure> {
    let folder = &arguments.out;
    std::fs::create_dir_all(folder).map_err(|error| DocumentError::io(folder, error))?;
    let paths = [folder.join("consensus.key"), folder.join("network.key")];
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(DocumentError::Exists { path: path.clone() }.into());
    }
    let [consensus, network] = [fresh(), fresh()];
    write_key(&paths[0], &consensus)?;
    write_key(&paths[1], &network)?;
    let (key, network_key) = (consensus.public_key(), network.public_key());
    Ok(Success {
        data: json!({ "key": key, "network_key": network_key, "folder": folder }),
        text: format!("--key {key} --network-key {network_key}"),
        next: Some("kyojo-genesis add-validator --member NUMBER, and the line above".to_owned()),
        ..Success::default()
    })
}

fn fresh() -> SigningKey {
    let mut seed = zeroize::Zeroizing::new([0; 32]);
    rand::rngs::OsRng.fill_bytes(seed.as_mut());
    SigningKey::from_seed(&seed)
}
