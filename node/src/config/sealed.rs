//! A key's seed at rest under a passphrase: Argon2id makes the key, XChaCha20-Poly1305 seals.
//!
//! One line of text: `kyojo-sealed-key-1 MEMORY_KIB PASSES LANES SALT NONCE CIPHERTEXT`, the last
//! three in hexadecimal. The file's name is sealed with it, so that one key cannot stand in for
//! another.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore as _;
use zeroize::Zeroizing;

use super::secret::Seed;

/// The first word of a sealed file.
pub(super) const MARK: &str = "kyojo-sealed-key-1";
/// More memory, in KiB, more passes and more lanes no file may ask for.
const MOST: Cost = Cost { memory_kib: 1024 * 1024, passes: 64, lanes: 16 };

/// What it costs to try a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    /// Memory, in KiB.
    pub(super) memory_kib: u32,
    /// Passes over it.
    pub(super) passes: u32,
    /// Lanes beside each other.
    pub(super) lanes: u32,
}

impl Cost {
    /// What sealing takes: a tenth of a second or two.
    pub(super) const USUAL: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

    /// The key under a passphrase; `None` where no such cost is taken.
    fn key(self, passphrase: &[u8], salt: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let Self { memory_kib, passes, lanes } = self;
        if memory_kib > MOST.memory_kib || passes > MOST.passes || lanes > MOST.lanes {
            return None;
        }
        let params = Params::new(memory_kib, passes, lanes, Some(32)).ok()?;
        let mut key = Zeroizing::new([0; 32]);
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(passphrase, salt, key.as_mut()).ok()?;
        Some(key)
    }
}

/// Seals the seed of the key with this name; `None` where the cost is none.
pub(super) fn seal(seed: &Seed, name: &str, passphrase: &[u8], cost: Cost) -> Option<String> {
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    rand::rngs::OsRng.fill_bytes(&mut salt);
    rand::rngs::OsRng.fill_bytes(&mut nonce);
    let key = cost.key(passphrase, &salt)?;
    let payload = Payload { msg: seed.as_ref(), aad: name.as_bytes() };
    let cipher = XChaCha20Poly1305::new((&*key).into());
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).ok()?;
    let Cost { memory_kib, passes, lanes } = cost;
    let [salt, nonce, sealed] = [&salt[..], &nonce, &sealed].map(hex::encode);
    Some(format!("{MARK} {memory_kib} {passes} {lanes} {salt} {nonce} {sealed}\n"))
}

/// Opens what [`seal`] made; `None` where the passphrase is another, or anything was changed.
pub(super) fn open(text: &str, name: &str, passphrase: &[u8]) -> Option<Seed> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [MARK, memory_kib, passes, lanes, salt, nonce, sealed] = words.as_slice() else {
        return None;
    };
    let number = |word: &str| word.parse::<u32>().ok();
    let (memory_kib, passes, lanes) = (number(memory_kib)?, number(passes)?, number(lanes)?);
    let key = Cost { memory_kib, passes, lanes }.key(passphrase, &hex::decode(salt).ok()?)?;
    let nonce: [u8; 24] = hex::decode(nonce).ok()?.try_into().ok()?;
    let sealed = hex::decode(sealed).ok()?;
    let payload = Payload { msg: &sealed, aad: name.as_bytes() };
    let cipher = XChaCha20Poly1305::new((&*key).into());
    let opened = Zeroizing::new(cipher.decrypt(XNonce::from_slice(&nonce), payload).ok()?);
    Some(Seed::new(opened.as_slice().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };

    #[test]
    fn a_sealed_key_opens_with_its_passphrase_and_name_alone() {
        let seed = Seed::new([7; 32]);
        let sealed = seal(&seed, "consensus.key", b"correct horse", CHEAP).unwrap();
        assert!(!sealed.contains(&hex::encode([7; 32])));
        assert_eq!(open(&sealed, "consensus.key", b"correct horse"), Some(seed));
        assert_eq!(open(&sealed, "consensus.key", b"correct horsf"), None);
        assert_eq!(open(&sealed, "network.key", b"correct horse"), None);
        let again = seal(&Seed::new([7; 32]), "consensus.key", b"correct horse", CHEAP).unwrap();
        assert_ne!(again, sealed, "salt and nonce are fresh");
    }

    #[test]
    fn a_sealed_key_that_was_changed_or_asks_too_much_does_not_open() {
        let sealed = seal(&Seed::new([7; 32]), "log.key", b"p", CHEAP).unwrap();
        for (word, other) in [(1, "16"), (2, "2"), (1, "4294967295"), (2, "65"), (3, "17")] {
            let mut words: Vec<&str> = sealed.split_ascii_whitespace().collect();
            words[word] = other;
            assert_eq!(open(&words.join(" "), "log.key", b"p"), None, "{word} {other}");
        }
        let mut flipped = sealed.into_bytes();
        let last = flipped.len() - 2;
        flipped[last] = if flipped[last] == b'0' { b'1' } else { b'0' };
        assert_eq!(open(core::str::from_utf8(&flipped).unwrap(), "log.key", b"p"), None);
        assert_eq!(open("", "log.key", b"p"), None);
    }
}
