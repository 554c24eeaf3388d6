//! What a node gives the others before its network begins: its public keys and where it is.
//!
//! One small file of each goes round once: into the genesis document, which takes the keys, and to
//! every other node, which takes the addresses. It holds no secret.

use serde::{Deserialize, Serialize};

use crate::key::PublicKey;

/// The most bytes that a card's file may have.
pub const CARD_BYTES_MAX: usize = 16 * 1024;

/// Which form a card has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardForm {
    /// The first.
    #[serde(rename = "kyojo-node/1")]
    One,
}

/// A node's card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeCard {
    /// Its form.
    pub form: CardForm,
    /// The name of the member that runs the node, as genesis has it.
    pub name: String,
    /// Its network key: peers know it by this.
    pub network_key: PublicKey,
    /// The keys of a validator; an observer has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validator: Option<ValidatorKeys>,
    /// Where it is reached for consensus: a multiaddress that ends in `/p2p/<peer id>`.
    pub consensus: String,
    /// Where it is reached for transactions.
    pub gossip: String,
}

/// The further keys of a validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorKeys {
    /// Its consensus key.
    pub key: PublicKey,
    /// Its log key.
    pub log_key: PublicKey,
    /// Its cosignature key.
    pub cosignature_key: PublicKey,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;

    #[test]
    fn a_card_is_the_same_after_its_text_and_another_form_is_refused() {
        let key = |number: u8| SigningKey::from_seed(&[number; 32]).public_key();
        let keys = ValidatorKeys { key: key(1), log_key: key(2), cosignature_key: key(3) };
        let card = |validator| NodeCard {
            form: CardForm::One,
            name: "Company A".to_owned(),
            network_key: key(4),
            validator,
            consensus: "/ip4/192.0.2.1/tcp/26600/p2p/12D3".to_owned(),
            gossip: "/ip4/192.0.2.1/tcp/26601/p2p/12D3".to_owned(),
        };
        for card in [card(Some(keys)), card(None)] {
            let text = serde_json::to_string(&card).unwrap();
            assert!(text.starts_with("{\"form\":\"kyojo-node/1\""), "{text}");
            assert_eq!(serde_json::from_str::<NodeCard>(&text).unwrap(), card);
            let other = text.replace("kyojo-node/1", "kyojo-node/2");
            assert!(serde_json::from_str::<NodeCard>(&other).is_err());
            let more = text.replace("\"name\"", "\"more\":1,\"name\"");
            assert!(serde_json::from_str::<NodeCard>(&more).is_err());
        }
    }
}
