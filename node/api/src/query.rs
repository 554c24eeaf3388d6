//! Query strings, as the node reads them and clients write them.

use ledger_types::{ConsentId, Hash};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::text::{Address, schema};

/// How long to wait for a receipt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wait {
    /// Wait this long for the receipt, in milliseconds: 0 to 30000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(maximum = 30000)]
    pub wait_ms: Option<u32>,
}

/// Which page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

/// Whose consents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Consents {
    /// The subject's implicit account.
    pub subject: Address,
    /// `next` of the page before; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// How many entries at most: 1 to 200, 50 where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
}

/// A use to decide on: one leaf of a consent's terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Check {
    /// The consent relied on.
    #[param(value_type = schema::Hex32)]
    pub consent: ConsentId,
    /// Whether the process concerns sensitive data.
    pub sensitive: bool,
    /// The process's salted commitment.
    #[param(value_type = schema::Hex32)]
    pub commitment: Hash,
    /// The leaf's place among the terms.
    pub leaf_index: u32,
    /// The leaf's path to the root, bottom first: at most 16 hashes with commas between.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
}

impl Check {
    /// The path's hashes, or `None` where the text is not at most 16 of them.
    #[must_use]
    pub fn hashes(&self) -> Option<Vec<Hash>> {
        if self.path.is_empty() {
            return Some(Vec::new());
        }
        let most = ledger_types::limits::TERMS_PATH_MAX;
        let hashes: Option<Vec<Hash>> =
            self.path.split(',').take(most + 1).map(|text| text.parse().ok()).collect();
        hashes.filter(|hashes| hashes.len() <= most)
    }

    /// The text of a path.
    #[must_use]
    pub fn path_text(hashes: &[Hash]) -> String {
        hashes.iter().map(Hash::to_string).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_at_most_sixteen_hashes() {
        let check = |path: String| Check {
            consent: ConsentId::new(Hash::ZERO),
            sensitive: false,
            commitment: Hash::ZERO,
            leaf_index: 0,
            path,
        };
        let hashes = vec![Hash::new([1; 32]); 16];
        assert_eq!(check(Check::path_text(&hashes)).hashes(), Some(hashes.clone()));
        assert_eq!(check(String::new()).hashes(), Some(Vec::new()));
        assert_eq!(check(Check::path_text(&[Hash::ZERO; 17])).hashes(), None);
        assert_eq!(check(",".to_owned()).hashes(), None);
        assert_eq!(check("12".to_owned()).hashes(), None);
    }
}
