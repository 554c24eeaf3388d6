//! The one source of randomness: the operating system's generator.

use rand::RngCore;

/// So many fresh random bytes.
pub(crate) fn fresh<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    bytes
}

/// A number below `bound`, each equally likely; 0 where `bound` is 0.
pub(crate) fn below(bound: usize) -> usize {
    if bound == 0 { 0 } else { rand::Rng::gen_range(&mut rand::rngs::OsRng, 0..bound) }
}
