//! Where data may be processed: a country, a prefecture or a municipality.

use serde::{Deserialize, Serialize};

/// A place: ISO 3166-1 country (`JP`), with an ISO 3166-2 subdivision (`JP-07`), with a code inside
/// it (`JP-07-202`, the last three digits of 全国地方公共団体コード without its check digit).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

impl Region {
    /// Reads a region.
    ///
    /// # Errors
    /// [`RegionError`] where the text is in another form.
    pub fn new(text: &str) -> Result<Self, RegionError> {
        let parts: Vec<&str> = text.split('-').collect();
        let country = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_uppercase());
        let code = |part: &&str| {
            (1..=3).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        };
        match parts.split_first() {
            Some((first, rest)) if country(first) && rest.len() <= 2 && rest.iter().all(code) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(RegionError),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this region is `wider` itself or lies in it.
    #[must_use]
    pub fn is_within(&self, wider: &Self) -> bool {
        match self.0.strip_prefix(&wider.0) {
            Some(rest) => rest.is_empty() || rest.starts_with('-'),
            None => false,
        }
    }
}

impl TryFrom<String> for Region {
    type Error = RegionError;

    fn try_from(text: String) -> Result<Self, RegionError> {
        Self::new(&text)
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.0
    }
}

/// The text names no region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a region is like JP, JP-07 or JP-07-202")]
pub struct RegionError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_lies_in_itself_and_in_what_surrounds_it() {
        let [japan, fukushima, city, other] =
            ["JP", "JP-07", "JP-07-202", "JP-0"].map(|text| Region::new(text).unwrap());
        assert!(city.is_within(&city) && city.is_within(&fukushima) && city.is_within(&japan));
        assert!(!japan.is_within(&city) && !fukushima.is_within(&other) && !other.is_within(&city));
        for bad in ["", "jp", "JPN", "JP-", "JP-07-202-1", "JP-0700", "JP 07"] {
            assert_eq!(Region::new(bad), Err(RegionError), "{bad}");
        }
    }
}
