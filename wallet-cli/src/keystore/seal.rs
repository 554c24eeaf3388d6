//! Secrets at rest: Argon2id turns a password into a key, XChaCha20-Poly1305 keeps the secret.
//!
//! The parameters travel with the ciphertext (RFC 9106; draft-irtf-cfrg-xchacha), so that later
//! versions can raise them. What stands beside the ciphertext in clear is authenticated with it:
//! a file whose address or parameters were changed does not open.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Memory that opening a secret takes, in KiB, unless the file says otherwise.
pub(crate) const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
pub(crate) const ITERATIONS: u32 = 3;
/// Lanes computed beside each other.
pub(crate) const LANES: u32 = 1;
/// The most memory that a file may ask for: a forged file must not exhaust the machine.
pub(crate) const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// The most passes that a file may ask for.
pub(crate) const ITERATIONS_MAX: u32 = 64;
/// The most lanes that a file may ask for.
pub(crate) const LANES_MAX: u32 = 16;

const KDF_NAME: &str = "argon2id";
const CIPHER_NAME: &str = "xchacha20poly1305";

/// How a password becomes a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyDerivation {
    name: String,
    version: u32,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
    #[serde(with = "hex::serde")]
    salt: [u8; 16],
}

impl KeyDerivation {
    /// The defaults of this version under a fresh salt.
    #[must_use]
    pub(crate) fn fresh() -> Self {
        Self::with_cost(MEMORY_KIB, ITERATIONS, LANES)
    }

    fn with_cost(memory_kib: u32, iterations: u32, lanes: u32) -> Self {
        let mut salt = [0; 16];
        rand::rngs::OsRng.fill_bytes(&mut salt);
        let version = Version::V0x13.into();
        Self { name: KDF_NAME.to_owned(), version, memory_kib, iterations, lanes, salt }
    }

    fn key(&self, password: &SecretString) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let within = self.name == KDF_NAME
            && self.version == u32::from(Version::V0x13)
            && self.memory_kib <= MEMORY_KIB_MAX
            && self.iterations <= ITERATIONS_MAX
            && self.lanes <= LANES_MAX;
        if !within {
            return Err(SealError::Parameters);
        }
        let params = Params::new(self.memory_kib, self.iterations, self.lanes, Some(32))
            .map_err(|_| SealError::Parameters)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.expose_secret().as_bytes(), &self.salt, key.as_mut())
            .map_err(|_| SealError::Parameters)?;
        Ok(key)
    }
}

/// A ciphertext with its nonce and tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ciphertext {
    cipher: String,
    #[serde(with = "hex::serde")]
    nonce: [u8; 24],
    #[serde(with = "hex::serde")]
    ciphertext: Vec<u8>,
}

/// Encrypts `secret` under `password`, binding `associated` to it.
///
/// # Errors
/// [`SealError`] where the parameters are not usable.
pub(crate) fn seal(
    secret: &[u8],
    password: &SecretString,
    derivation: &KeyDerivation,
    associated: &[u8],
) -> Result<Ciphertext, SealError> {
    let key = derivation.key(password)?;
    seal_with_key(secret, &key, associated)
}

/// Decrypts what [`seal`] made.
///
/// # Errors
/// [`SealError::Refused`] where the password is wrong or anything was changed.
pub(crate) fn open(
    sealed: &Ciphertext,
    password: &SecretString,
    derivation: &KeyDerivation,
    associated: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let key = derivation.key(password)?;
    open_with_key(sealed, &key, associated)
}

/// Encrypts `secret` under a 32-byte key, binding `associated` to it.
///
/// # Errors
/// [`SealError::Parameters`] where the cipher refuses the length.
pub(crate) fn seal_with_key(
    secret: &[u8],
    key: &[u8; 32],
    associated: &[u8],
) -> Result<Ciphertext, SealError> {
    let mut nonce = [0; 24];
    rand::rngs::OsRng.fill_bytes(&mut nonce);
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: secret, aad: associated })
        .map_err(|_| SealError::Parameters)?;
    Ok(Ciphertext { cipher: CIPHER_NAME.to_owned(), nonce, ciphertext })
}

/// Decrypts what [`seal_with_key`] made.
///
/// # Errors
/// [`SealError::Refused`] where the key is another or anything was changed.
pub(crate) fn open_with_key(
    sealed: &Ciphertext,
    key: &[u8; 32],
    associated: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    if sealed.cipher != CIPHER_NAME {
        return Err(SealError::Parameters);
    }
    XChaCha20Poly1305::new(key.into())
        .decrypt(
            XNonce::from_slice(&sealed.nonce),
            Payload { msg: &sealed.ciphertext, aad: associated },
        )
        .map(Zeroizing::new)
        .map_err(|_| SealError::Refused)
}

/// Why a secret could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    /// The password is wrong, or the file was changed: authenticated encryption cannot tell which.
    #[error("the password is wrong, or the file was changed")]
    Refused,
    /// The file names a method or a cost that this version does not accept.
    #[error("the file asks for a method or a cost that this version does not accept")]
    Parameters,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> KeyDerivation {
        KeyDerivation::with_cost(64, 1, 1)
    }

    #[test]
    fn a_secret_opens_with_its_password_only() {
        let derivation = cheap();
        let sealed = seal(b"seed", &"right".into(), &derivation, b"header").unwrap();
        let opened = open(&sealed, &"right".into(), &derivation, b"header").unwrap();
        assert_eq!(opened.as_slice(), b"seed");
        let wrong = open(&sealed, &"wrong".into(), &derivation, b"header");
        assert_eq!(wrong, Err(SealError::Refused));
    }

    #[test]
    fn a_changed_header_parameter_or_byte_does_not_open() {
        let derivation = cheap();
        let sealed = seal(b"seed", &"right".into(), &derivation, b"header").unwrap();
        let other_header = open(&sealed, &"right".into(), &derivation, b"Header");
        assert_eq!(other_header, Err(SealError::Refused));
        let weaker = KeyDerivation { iterations: 2, ..derivation.clone() };
        assert_eq!(open(&sealed, &"right".into(), &weaker, b"header"), Err(SealError::Refused));
        for index in 0..sealed.ciphertext.len() {
            let mut changed = sealed.clone();
            changed.ciphertext[index] ^= 1;
            let opened = open(&changed, &"right".into(), &derivation, b"header");
            assert_eq!(opened, Err(SealError::Refused), "byte {index}");
        }
    }

    #[test]
    fn costs_beyond_the_limits_are_refused_before_any_work() {
        let greedy = KeyDerivation { memory_kib: MEMORY_KIB_MAX + 1, ..cheap() };
        let sealed = seal(b"seed", &"right".into(), &greedy, b"");
        assert_eq!(sealed, Err(SealError::Parameters));
    }

    #[test]
    fn the_defaults_are_what_the_documentation_says() {
        let derivation = KeyDerivation::fresh();
        assert_eq!(
            (derivation.memory_kib, derivation.iterations, derivation.lanes),
            (64 * 1024, 3, 1)
        );
        assert_ne!(derivation.salt, KeyDerivation::fresh().salt, "each file has its own salt");
    }
}
