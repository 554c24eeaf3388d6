//! Versions of documents: a reader takes the one version it knows and no other.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version `NUMBER` of a document, written as a bare number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version<const NUMBER: u32>;

impl<const NUMBER: u32> Serialize for Version<NUMBER> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(NUMBER)
    }
}

impl<'de, const NUMBER: u32> Deserialize<'de> for Version<NUMBER> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = u32::deserialize(deserializer)?;
        if found == NUMBER {
            return Ok(Self);
        }
        let text = format!("version {found} is not known here, only {NUMBER}");
        Err(serde::de::Error::custom(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_known_version_reads() {
        assert_eq!(serde_json::to_string(&Version::<3>).unwrap(), "3");
        assert!(serde_json::from_str::<Version<3>>("3").is_ok());
        for other in ["2", "4", "\"3\"", "3.0", "null"] {
            assert!(serde_json::from_str::<Version<3>>(other).is_err(), "{other}");
        }
    }
}
