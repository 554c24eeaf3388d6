//! Ratios in basis points, always of something whole and always rounded down.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::json::plain;
use crate::yen::Yen;

/// A ratio in ten-thousandths, from none to all: 0 to 10,000. Nothing else can be made, nor decoded.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, serde::Serialize,
)]
#[serde(transparent)]
pub struct BasisPoints(u16);

/// All of it, in basis points.
const ALL: u16 = 10_000;

impl BasisPoints {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const ALL: Self = Self(ALL);
    /// 2 %.
    pub const TWO_PERCENT: Self = Self(200);

    /// So many ten-thousandths, or `None` past all.
    #[must_use]
    pub const fn new(points: u16) -> Option<Self> {
        if points <= ALL { Some(Self(points)) } else { None }
    }

    /// The ten-thousandths.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// This part of an amount, rounded down.
    #[must_use]
    pub fn of(self, amount: Yen) -> Yen {
        let part = u128::from(amount.get()) * u128::from(self.0) / u128::from(ALL);
        // A part never passes the whole.
        u64::try_from(part).map_or(amount, Yen::new)
    }

    /// What is left of all; `None` where these are more than all together.
    #[must_use]
    pub fn rest(several: impl IntoIterator<Item = Self>) -> Option<Self> {
        several.into_iter().try_fold(ALL, |left, one| left.checked_sub(one.0)).map(Self)
    }
}

impl core::fmt::Display for BasisPoints {
    /// As per cent: `2%`, `0.5%`, `1.25%`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (whole, part) = (self.0 / 100, self.0 % 100);
        match part {
            0 => write!(f, "{whole}%"),
            part if part.is_multiple_of(10) => write!(f, "{whole}.{}%", part / 10),
            part => write!(f, "{whole}.{part:02}%"),
        }
    }
}

impl BorshDeserialize for BasisPoints {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        let malformed = || borsh::io::Error::new(borsh::io::ErrorKind::InvalidData, "past all");
        Self::new(u16::deserialize_reader(reader)?).ok_or_else(malformed)
    }
}

impl<'de> serde::Deserialize<'de> for BasisPoints {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = <u16 as serde::Deserialize>::deserialize(deserializer)?;
        Self::new(points).ok_or_else(|| serde::de::Error::custom("basis points are 0 to 10000"))
    }
}

plain! {
    BasisPoints: "BasisPoints" {
        "type": "integer", "minimum": 0, "maximum": 10_000,
        "description": "A ratio in ten-thousandths: 200 is 2 %."
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_rounded_down_and_never_passes_the_whole() {
        let bps = |points| BasisPoints::new(points).unwrap();
        assert_eq!(bps(200).of(Yen::new(149)), Yen::new(2));
        assert_eq!(bps(200).of(Yen::new(49)), Yen::ZERO);
        assert_eq!(BasisPoints::ALL.of(Yen::new(u64::MAX)), Yen::new(u64::MAX));
        assert_eq!(BasisPoints::new(10_001), None);
        assert_eq!(BasisPoints::rest([bps(6000), bps(4000)]), Some(BasisPoints::ZERO));
        assert_eq!(BasisPoints::rest([bps(6000), bps(4001)]), None);
        let shown = [0, 200, 50, 125, 5].map(|points| bps(points).to_string());
        assert_eq!(shown, ["0%", "2%", "0.5%", "1.25%", "0.05%"]);
    }
}
