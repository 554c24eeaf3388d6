//! The development accounts of a local network, with their keys.

use std::path::Path;

use anyhow::Context as _;
use kyojo_genesis::actors::{Actor, ActorRole, Actors};
use kyojo_genesis::{accounts_file, keys::DevelopmentSeed};
use ledger_types::{BankId, Genesis, SigningKey};

use crate::load::Payer;

/// Reads `actors.json` of a local network.
///
/// # Errors
/// The file is not there or has another form.
pub fn actors(folder: &Path) -> anyhow::Result<Actors> {
    let path = folder.join("actors.json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Reads `genesis.json` of a local network.
///
/// # Errors
/// The file is not there or has another form.
pub fn genesis(folder: &Path) -> anyhow::Result<Genesis> {
    let path = folder.join("genesis.json");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Those of one role, as payers.
///
/// # Errors
/// A seed in the file is not 64 hexadecimal digits.
pub fn payers(actors: &Actors, role: ActorRole) -> anyhow::Result<Vec<Payer>> {
    actors.actors.iter().filter(|actor| actor.role == role).map(payer).collect()
}

/// One actor as a payer.
///
/// # Errors
/// Its seed is not 64 hexadecimal digits.
pub fn payer(actor: &Actor) -> anyhow::Result<Payer> {
    let mut seed = [0; 32];
    hex::decode_to_slice(&actor.seed, &mut seed).context("a seed is 64 digits")?;
    Ok(Payer { account: actor.account, key: SigningKey::from_seed(&seed) })
}

/// The further accounts of a network's accounts file, as payers, without reading the file.
#[must_use]
pub fn further(genesis: &Genesis, seed: u64, count: usize) -> Vec<Payer> {
    let seed = DevelopmentSeed::new(seed);
    let banks: Vec<BankId> = genesis.banks.iter().map(|bank| bank.bank).collect();
    let make = |index: u64| {
        let account = accounts_file::account_id(seed, &banks, index)?;
        Some(Payer { account, key: accounts_file::key(seed, index) })
    };
    (0..count as u64).map_while(make).collect()
}
