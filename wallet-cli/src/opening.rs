//! Opening codes: what somebody gives a bank, as text or as a picture, so that it opens an account.
//!
//! A code is bech32m under `kyojokey`, told from every address by its length and its beginning: a
//! version, the network (zeros where the wallet knows of none yet), and the public key. Nothing in
//! it is personal, and who reads it on the way can do nothing with it. In capitals it is the same
//! code, as in pictures, which need fewer squares for them.

use bech32::{Bech32m, Hrp};
use ledger_types::{NetworkId, PublicKey};

use crate::picture;

/// How every code begins, before the `1` that parts it from the rest.
const HRP: &str = "kyojokey";
/// The version of the form that follows.
const VERSION: u8 = 1;
/// The type of an ed25519 key, as on the wire.
const ED25519: u8 = 0;
/// Stands where a wallet knows of no network yet.
const NO_NETWORK: NetworkId = NetworkId::new([0; 4]);

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpeningCode {
    /// The key that is to act for the account.
    pub(crate) key: PublicKey,
    /// On which network, where the wallet knew.
    pub(crate) network: Option<NetworkId>,
}

/// Why a text is no opening code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CodeError {
    /// A letter is wrong, missing or too many.
    #[error("a letter is wrong, missing or too many")]
    Letters,
    /// It is something else, or of a later version.
    #[error("it is no opening code")]
    Other,
    /// No account can act by its key.
    #[error("its key is none that an account may have")]
    Key,
}

impl OpeningCode {
    /// The code as people give it: small letters and digits.
    pub(crate) fn text(&self) -> String {
        let network = self.network.unwrap_or(NO_NETWORK);
        let tag = [self.key.tag()];
        let parts: [&[u8]; 4] = [&[VERSION], network.as_bytes(), &tag, self.key.as_bytes()];
        encode(&parts.concat())
    }

    /// Reads a code in small letters or in capitals; blanks and breaks in it are no part of it.
    ///
    /// # Errors
    /// [`CodeError`] says what is wrong.
    pub(crate) fn read(text: &str) -> Result<Self, CodeError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (hrp, bytes) = bech32::decode(&text).map_err(|_| CodeError::Letters)?;
        if hrp.to_lowercase() != HRP {
            return Err(CodeError::Other);
        }
        // One text a code: neither another checksum nor bits that are left over count.
        if encode(&bytes) != text.to_lowercase() {
            return Err(CodeError::Letters);
        }
        let [VERSION, n0, n1, n2, n3, ED25519, key @ ..] = bytes.as_slice() else {
            return Err(CodeError::Other);
        };
        let key = PublicKey::Ed25519(key.try_into().map_err(|_| CodeError::Other)?);
        if !key.is_registrable() {
            return Err(CodeError::Key);
        }
        let network = NetworkId::new([*n0, *n1, *n2, *n3]);
        Ok(Self { key, network: (network != NO_NETWORK).then_some(network) })
    }

    /// The code as a picture of characters, light on dark; none where it cannot be drawn.
    pub(crate) fn picture(&self) -> Option<String> {
        picture::of(&self.text().to_uppercase())
    }
}

fn encode(bytes: &[u8]) -> String {
    let hrp = Hrp::parse(HRP).expect("eight small letters");
    bech32::encode::<Bech32m>(hrp, bytes).expect("short enough for a checksum")
}

#[cfg(test)]
mod tests {
    use ledger_types::SigningKey;

    use super::*;

    fn code(network: Option<NetworkId>) -> OpeningCode {
        OpeningCode { key: SigningKey::from_seed(&[7; 32]).public_key(), network }
    }

    const AIZU: NetworkId = NetworkId::new([0xa1, 0x2b, 0x03, 0x04]);

    #[test]
    fn a_code_carries_the_key_and_the_network_and_reads_back_however_it_is_written() {
        for network in [Some(AIZU), None] {
            let code = code(network);
            let text = code.text();
            assert!(text.starts_with("kyojokey1") && text.len() == 76, "{text}");
            let broken = format!(" {}\n{} ", &text[..30], &text[30..]);
            for form in [text.clone(), text.to_uppercase(), broken] {
                assert_eq!(OpeningCode::read(&form), Ok(code), "{form}");
            }
        }
    }

    #[test]
    fn one_wrong_letter_is_seen_wherever_it_is() {
        let text = code(Some(AIZU)).text();
        for place in 0..text.len() {
            let mut wrong = text.clone().into_bytes();
            wrong[place] = if wrong[place] == b'q' { b'p' } else { b'q' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert!(OpeningCode::read(&wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "kyojokey1", &text[1..], &text[..75], &format!("{text}q")] {
            assert!(OpeningCode::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_or_a_later_version_is_no_code_of_this_one() {
        let prefix = ledger_types::AddressPrefix::new("aizu").unwrap();
        let address = ledger_types::AccountId::new([7; 20]).to_address(&prefix);
        assert_eq!(OpeningCode::read(&address), Err(CodeError::Other));
        let key = code(None).key;
        let parts: [&[u8]; 3] = [&[2, 0, 0, 0, 0], &[0], key.as_bytes()];
        assert_eq!(OpeningCode::read(&encode(&parts.concat())), Err(CodeError::Other));
        let parts: [&[u8]; 2] = [&[VERSION, 0, 0, 0, 0, ED25519], &[0; 32]];
        assert_eq!(OpeningCode::read(&encode(&parts.concat())), Err(CodeError::Key));
    }

    #[test]
    fn the_picture_fits_a_terminal_of_80_columns() {
        let picture = code(Some(AIZU)).picture().unwrap();
        let widest = picture.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 48 && picture.lines().count() <= 24, "{widest}\n{picture}");
    }
}
