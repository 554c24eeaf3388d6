//! A lab network: one whose genesis says that its time runs faster than real time.
//!
//! Simulated years need it, and no other network has it. A document without this section has the
//! bytes that documents had before there was one: the section is the last thing in the document,
//! and is written only where there is one.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// How many seconds pass in a lab network while one passes outside: 2 to [`LAB_RATE_MAX`].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, Serialize, Deserialize,
)]
#[serde(try_from = "u32", into = "u32")]
pub struct LabRate(u32);

/// The fastest lab: a year in 53 minutes. The longest that a transaction may be valid, a day, is
/// then 8.6 seconds outside, and that is as long as getting one into a block may need.
pub const LAB_RATE_MAX: u32 = 10_000;

/// A number is not the rate of a lab network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rate} is not the rate of a lab network, which is 2 to {LAB_RATE_MAX}")]
pub struct LabRateError {
    /// The number.
    pub rate: u32,
}

impl LabRate {
    /// This rate; none where time would stand still or run as it does outside, for such a network
    /// is no lab, nor where it is past [`LAB_RATE_MAX`].
    #[must_use]
    pub const fn new(rate: u32) -> Option<Self> {
        if rate >= 2 && rate <= LAB_RATE_MAX { Some(Self(rate)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for LabRate {
    type Error = LabRateError;

    fn try_from(rate: u32) -> Result<Self, LabRateError> {
        Self::new(rate).ok_or(LabRateError { rate })
    }
}

impl From<LabRate> for u32 {
    fn from(rate: LabRate) -> Self {
        rate.0
    }
}

impl core::fmt::Display for LabRate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)
    }
}

impl BorshDeserialize for LabRate {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        let rate = u32::deserialize_reader(reader)?;
        Self::try_from(rate).map_err(|error| invalid(&error))
    }
}

/// The section of a genesis document that makes its network a lab.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Lab {
    /// How fast time runs.
    pub rate: LabRate,
    /// The real time at which the network's time is that of genesis.
    pub start: Timestamp,
}

/// Writes the section where there is one, and no byte where there is none.
pub(crate) fn write<W: borsh::io::Write>(lab: &Option<Lab>, to: &mut W) -> borsh::io::Result<()> {
    lab.as_ref().map_or(Ok(()), |lab| BorshSerialize::serialize(lab, to))
}

/// Reads what is left of a document: nothing, or the section.
pub(crate) fn read<R: borsh::io::Read>(from: &mut R) -> borsh::io::Result<Option<Lab>> {
    let mut first = [0];
    if from.read(&mut first)? == 0 {
        return Ok(None);
    }
    Lab::deserialize_reader(&mut borsh::io::Read::chain(first.as_slice(), from)).map(Some)
}

fn invalid(error: &LabRateError) -> borsh::io::Error {
    borsh::io::Error::new(borsh::io::ErrorKind::InvalidData, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> Option<Option<Lab>> {
        let mut rest = bytes;
        let lab = read(&mut rest).ok()?;
        rest.is_empty().then_some(lab)
    }

    #[test]
    fn no_section_has_no_bytes_and_a_section_has_one_form() {
        let mut bytes = Vec::new();
        write(&None, &mut bytes).unwrap();
        assert_eq!((bytes.as_slice(), decoded(&bytes)), ([].as_slice(), Some(None)));
        let lab =
            Lab { rate: LabRate::new(1000).unwrap(), start: Timestamp::from_millis(0x0102_0304) };
        write(&Some(lab), &mut bytes).unwrap();
        assert_eq!(hex::encode(&bytes), "e80300000403020100000000");
        assert_eq!(decoded(&bytes), Some(Some(lab)));
        for end in 1..bytes.len() {
            assert_eq!(decoded(&bytes[..end]), None, "the first {end} bytes");
        }
        bytes.push(0);
        assert_eq!(decoded(&bytes), None, "a byte more");
    }

    #[test]
    fn a_rate_that_makes_no_lab_is_refused_in_both_forms() {
        for (rate, is_one) in
            [(0, false), (1, false), (2, true), (LAB_RATE_MAX, true), (LAB_RATE_MAX + 1, false)]
        {
            let mut bytes = rate.to_le_bytes().to_vec();
            bytes.extend([0; 8]);
            assert_eq!(decoded(&bytes).is_some(), is_one, "{rate} in bytes");
            let json = format!("{{\"rate\":{rate},\"start\":0}}");
            assert_eq!(serde_json::from_str::<Lab>(&json).is_ok(), is_one, "{rate} in JSON");
            assert_eq!(LabRate::new(rate).is_some(), is_one, "{rate}");
        }
    }
}
