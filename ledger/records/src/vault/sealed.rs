//! The form of a sealed file: `KYV` ‖ version ‖ nonce ‖ XChaCha20-Poly1305 ciphertext.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ledger_types::ConsentId;
use zeroize::Zeroizing;

use crate::entropy;

const TAG: &[u8] = b"kyojo/vault/v1";
const HEAD: [u8; 4] = *b"KYV\x01";
const NONCE_BYTES: usize = 24;
/// The label of a consent's key; no entry has it.
pub(super) const KEY: &str = "key";

/// Seals bytes to one place of one consent under a fresh nonce.
pub(super) fn seal(key: &[u8; 32], consent: &ConsentId, label: &str, bytes: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = entropy::fresh();
    let aad = associated(consent, label);
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: bytes, aad: &aad })
        .expect("a megabyte is far below what the cipher can take");
    [&HEAD[..], &nonce, &ciphertext].concat()
}

/// Opens what [`seal`] made for the same place; none where key, place or a byte is another.
pub(super) fn open(
    key: &[u8; 32],
    consent: &ConsentId,
    label: &str,
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, ciphertext) = sealed.strip_prefix(&HEAD)?.split_at_checked(NONCE_BYTES)?;
    let aad = associated(consent, label);
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: ciphertext, aad: &aad })
        .map(Zeroizing::new)
        .ok()
}

fn associated(consent: &ConsentId, label: &str) -> Vec<u8> {
    [TAG, &HEAD, consent.get().as_bytes(), label.as_bytes()].concat()
}
