//! Municipalities by their code (全国地方公共団体コード): five digits and one that checks them.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::json::plain;
use crate::newtype::serde_by_text;

/// The code of a prefecture or municipality, as the Ministry of Internal Affairs and Communications
/// assigns it: 会津若松市 is `072028`.
///
/// Every value has a check digit that holds: one that has not cannot be made, nor decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize)]
pub struct MunicipalityCode(u32);

/// One more than the largest number of six digits.
const SIX_DIGITS: u32 = 1_000_000;
/// How many prefectures there are: the first two digits are one's number.
const PREFECTURES: u32 = 47;

impl MunicipalityCode {
    /// The code with these six digits, or `None` where the last does not check the others or the
    /// first two are no prefecture's.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        let prefecture = number / 10_000;
        let is_code = number < SIX_DIGITS && prefecture >= 1 && prefecture <= PREFECTURES;
        if is_code && number % 10 == check_digit(number / 10) { Some(Self(number)) } else { None }
    }

    /// The six digits as a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The check digit of the first five: the last digit of 11 − (Σ n-th digit × (7 − n)) mod 11 (the
/// ministry's table of codes, 検査数字).
const fn check_digit(five: u32) -> u32 {
    let (mut rest, mut weight, mut sum) = (five, 2, 0);
    while rest > 0 {
        sum += rest % 10 * weight;
        rest /= 10;
        weight += 1;
    }
    (11 - sum % 11) % 10
}

impl BorshDeserialize for MunicipalityCode {
    fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
        let malformed = || borsh::io::Error::new(borsh::io::ErrorKind::InvalidData, "no code");
        Self::new(u32::deserialize_reader(reader)?).ok_or_else(malformed)
    }
}

impl core::fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl core::str::FromStr for MunicipalityCode {
    type Err = ParseMunicipalityError;

    /// Six digits, and nothing else.
    fn from_str(text: &str) -> Result<Self, ParseMunicipalityError> {
        let is_plain = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if is_plain { text.parse().ok() } else { None };
        number.and_then(Self::new).ok_or(ParseMunicipalityError)
    }
}

serde_by_text!(MunicipalityCode);

/// The text is not a municipality's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a municipality's code has six digits, of which the last checks the others: 072028")]
pub struct ParseMunicipalityError;

plain! {
    MunicipalityCode: "Municipality" {
        "type": "string", "pattern": "^(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{4}$", "examples": ["072028"],
        "description": "A municipality's code (全国地方公共団体コード): six digits, the last checks the others."
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    #[test]
    fn a_municipalitys_code_is_checked_by_its_last_digit() {
        // From the ministry's table: 札幌市, 会津若松市, 福島市, 東京都千代田区, 大阪市, 那覇市.
        for known in ["011002", "072028", "072010", "131016", "271004", "472018"] {
            let code: MunicipalityCode = known.parse().unwrap();
            assert_eq!(code.to_string(), known);
            let last = code.get() % 10;
            let others = (0..10).filter(|digit| *digit != last);
            assert!(
                others.map(|d| code.get() - last + d).all(|n| MunicipalityCode::new(n).is_none())
            );
        }
        for wrong in
            ["", "72028", "0720288", "０７２０２８", "07202a", "+72028", "000000", "482018"]
        {
            assert_eq!(wrong.parse::<MunicipalityCode>(), Err(ParseMunicipalityError), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_code_does_not_decode() {
        let decode = |number: u32| codec::decode::<MunicipalityCode>(&codec::encode(&number), 4);
        assert_eq!(decode(72_028).unwrap().get(), 72_028);
        assert!([0, 72_027, 999_999, u32::MAX].into_iter().all(|number| decode(number).is_err()));
    }
}
