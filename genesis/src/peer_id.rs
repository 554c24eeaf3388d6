//! Peer identities of libp2p, as addresses carry them after `/p2p/`.
//!
//! An ed25519 peer identity is the identity multihash of the protobuf-encoded public key
//! (<https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md>), in base58btc.

use ledger_types::PublicKey;

/// Multihash code 0 (identity), length 36; protobuf key type 1 (ed25519), 32 bytes.
const PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The peer identity of a network key.
#[must_use]
pub fn peer_id(key: &PublicKey) -> String {
    let mut bytes = PREFIX.to_vec();
    bytes.extend_from_slice(key.as_bytes());
    base58(&bytes)
}

/// The network key of a peer identity; `None` where it is none of an ed25519 key.
#[must_use]
pub fn key_of(peer_id: &str) -> Option<PublicKey> {
    let bytes = from_base58(peer_id)?;
    let key = bytes.strip_prefix(&PREFIX)?;
    key.try_into().ok().map(PublicKey::Ed25519)
}

/// What [`base58`] writes; `None` for other text, and for more than an identity has.
fn from_base58(text: &str) -> Option<Vec<u8>> {
    /// Digits of 58 bytes of identity, and some more.
    const DIGITS_MAX: usize = 80;
    if text.len() > DIGITS_MAX {
        return None;
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len());
    for digit in text.bytes() {
        let mut carry = u32::try_from(ALPHABET.iter().position(|other| *other == digit)?).ok()?;
        for byte in &mut bytes {
            carry += u32::from(*byte) * 58;
            *byte = u8::try_from(carry % 256).ok()?;
            carry /= 256;
        }
        while carry > 0 {
            bytes.push(u8::try_from(carry % 256).ok()?);
            carry /= 256;
        }
    }
    let zeros = text.bytes().take_while(|digit| *digit == b'1').map(|_| 0_u8);
    Some(zeros.chain(bytes.into_iter().rev()).collect())
}

/// Base58 in Bitcoin's alphabet; leading zero bytes become leading ones.
fn base58(bytes: &[u8]) -> String {
    let mut digits: Vec<u8> = Vec::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) * 256;
            *digit = u8::try_from(carry % 58).expect("a remainder of 58 fits in a byte");
            carry /= 58;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 58).expect("a remainder of 58 fits in a byte"));
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).map(|_| 0_u8);
    let all = zeros.chain(digits.into_iter().rev());
    all.map(|digit| char::from(ALPHABET[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base58_agrees_with_the_published_vectors() {
        // draft-msporny-base58-03, section 5.
        assert_eq!(base58(b"Hello World!"), "2NEpo7TZRRrLZSi2U");
        assert_eq!(base58(&[0, 0, 0x28, 0x7f, 0xb4, 0xcd]), "11233QC4");
    }

    #[test]
    fn a_peer_id_is_the_specifications_encoding_of_the_key() {
        // The ed25519 key of the specification's test vectors.
        let digits = "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
        let key: PublicKey = format!("ed25519:{digits}").parse().unwrap();
        // Worked out with other software from the specification's encoding.
        let id = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
        assert_eq!(peer_id(&key), id);
        assert_eq!(key_of(id), Some(key));
        for other in
            ["", "12D3KooW", "0OIl", &format!("{id}1"), "QmNLei78zWmzUdbeRB3CiUfAizWUrbeeZh"]
        {
            assert_eq!(key_of(other), None, "{other}");
        }
    }
}
