//! What a member of a lottery's committee keeps: 32 bytes for a sealing key, 32 for each secret.
//!
//! Both lie in the wallet's vault, which its secrets open, before anything that follows from them
//! leaves the machine: a dealing whose seed is lost could never be told, and would have to be opened
//! by the others.

use ledger_types::Hash;
use rand::RngCore as _;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

use crate::app::{App, Unlocked};
use crate::consents::{Consents, Seeds};
use crate::failure::{Exit, Failure};
use crate::keystore::Wallet;

/// A seed that lies in the vault.
pub(crate) type Seed = Zeroizing<[u8; 32]>;

/// Under which name a programme's sealing key is kept.
pub(crate) fn sealing_name(programme: impl core::fmt::Display) -> String {
    format!("sealing/{programme}")
}

/// Under which name the secret of a round is kept.
pub(crate) fn secret_name(programme: impl core::fmt::Display, round: u16) -> String {
    format!("secret/{programme}/{round}")
}

/// The seed that is kept under a name, where there is one.
///
/// # Errors
/// [`Failure`] where the vault cannot be read.
pub(crate) fn kept(
    app: &App,
    wallet: &Wallet,
    opened: &Unlocked,
    name: &str,
) -> Result<Option<Seed>, Failure> {
    let vault = Consents::open(&app.settings.folders, &wallet.header.alias, &opened.secrets)?;
    let mut seeds = vault.seeds(&opened.attached.genesis_hash)?;
    let found = seeds.get(name).map(|seed| Zeroizing::new(*seed.as_bytes()));
    wipe(&mut seeds);
    Ok(found)
}

/// The same, or a new one, which is in the vault when this returns.
///
/// # Errors
/// [`Failure`] where the vault cannot be read or written.
pub(crate) fn kept_or_new(
    app: &App,
    wallet: &Wallet,
    opened: &Unlocked,
    name: &str,
) -> Result<Seed, Failure> {
    let vault = Consents::open(&app.settings.folders, &wallet.header.alias, &opened.secrets)?;
    let genesis = &opened.attached.genesis_hash;
    let mut seeds = vault.seeds(genesis)?;
    let seed = match seeds.get(name) {
        Some(seed) => Zeroizing::new(*seed.as_bytes()),
        None => {
            let mut seed = Zeroizing::new([0; 32]);
            OsRng.fill_bytes(seed.as_mut());
            seeds.insert(name.to_owned(), Hash::new(*seed));
            vault.keep_seeds(genesis, &seeds)?;
            seed
        }
    };
    wipe(&mut seeds);
    Ok(seed)
}

fn wipe(seeds: &mut Seeds) {
    for seed in seeds.values_mut() {
        *seed = Hash::ZERO;
    }
}

/// That a seed is not on this machine.
pub(crate) fn lost() -> Failure {
    Failure::new(Exit::NotFound, "err-seed-not-here")
}
