//! Decimal amounts, scaled to whole yen exactly or not at all.

/// The most digits after the point.
const FRACTION_DIGITS_MAX: usize = 18;

/// Why an amount cannot be scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ScaleError {
    /// Not digits with at most one point.
    #[error("the amount is not a decimal number without a sign")]
    NotDecimal,
    /// Not whole after scaling.
    #[error("the amount times the scale is not whole; choose a larger --scale")]
    NotWhole,
    /// Too large to be kept.
    #[error("the amount times the scale is too large")]
    TooLarge,
}

/// `text` times `scale`, where that is a whole number.
///
/// # Errors
/// [`ScaleError`] where it is not, or `text` is not a decimal number.
pub(crate) fn scaled(text: &str, scale: u64) -> Result<u64, ScaleError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let point_without_digits = text.contains('.') && fraction.is_empty();
    if whole.is_empty() || !digits(whole) || !digits(fraction) || point_without_digits {
        return Err(ScaleError::NotDecimal);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > FRACTION_DIGITS_MAX {
        return Err(ScaleError::NotWhole);
    }
    let number = |text: &str| text.parse::<u128>().map_err(|_| ScaleError::TooLarge);
    let unit = 10_u128.pow(u32::try_from(fraction.len()).map_err(|_| ScaleError::NotWhole)?);
    let units = number(whole)?
        .checked_mul(unit)
        .zip(if fraction.is_empty() { Some(0) } else { number(fraction).ok() })
        .and_then(|(whole, fraction)| whole.checked_add(fraction))
        .and_then(|units| units.checked_mul(u128::from(scale)))
        .ok_or(ScaleError::TooLarge)?;
    if units % unit != 0 {
        return Err(ScaleError::NotWhole);
    }
    u64::try_from(units / unit).map_err(|_| ScaleError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_scaled_exactly() {
        for (text, scale, yen) in [
            ("2452.00", 100, 245_200),
            ("2452.00", 1, 2_452),
            ("3372.70", 100, 337_270),
            ("3372.70", 10, 33_727),
            ("0.01", 100, 1),
            ("0.00", 1, 0),
            ("7", 1, 7),
            ("0.125", 8, 1),
            ("90071992547409.93", 100, 9_007_199_254_740_993),
            ("18446744073709551615", 1, u64::MAX),
        ] {
            assert_eq!(scaled(text, scale), Ok(yen), "{text} × {scale}");
        }
    }

    #[test]
    fn what_would_need_rounding_or_guessing_is_refused() {
        for (text, scale, error) in [
            ("3372.70", 1, ScaleError::NotWhole),
            ("0.001", 100, ScaleError::NotWhole),
            ("0.0000000000000000001", 1_000_000, ScaleError::NotWhole),
            ("18446744073709551616", 1, ScaleError::TooLarge),
            ("184467440737095516.16", 100, ScaleError::TooLarge),
            ("340282366920938463463374607431768211456", 1, ScaleError::TooLarge),
            ("", 1, ScaleError::NotDecimal),
            ("-1", 1, ScaleError::NotDecimal),
            ("+1", 1, ScaleError::NotDecimal),
            ("1e3", 1, ScaleError::NotDecimal),
            ("1.", 1, ScaleError::NotDecimal),
            (".5", 2, ScaleError::NotDecimal),
            ("1,5", 1, ScaleError::NotDecimal),
            ("1.2.3", 1, ScaleError::NotDecimal),
            (" 1", 1, ScaleError::NotDecimal),
        ] {
            assert_eq!(scaled(text, scale), Err(error), "{text} × {scale}");
        }
    }
}
