//! Amounts as people write and read them: `1,200円`, `¥1,200`, `1200`; never a fraction.

use ledger_types::{Position, Yen};

/// The amount as people see it.
#[must_use]
pub(crate) fn show(amount: Yen) -> String {
    format!("{}円", grouped(amount.get()))
}

/// A signed amount as people see it.
#[must_use]
pub(crate) fn show_position(position: Position) -> String {
    let sign = if position.get() < 0 { "-" } else { "" };
    format!("{sign}{}円", grouped(position.get().unsigned_abs()))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Reads an amount: digits, with or without commas at the thousands, `円` or `¥`.
///
/// # Errors
/// [`AmountError`] for anything else; an ambiguous amount is never guessed.
pub(crate) fn read(text: &str) -> Result<Yen, AmountError> {
    let bare = text.trim();
    let bare = bare.strip_suffix('円').unwrap_or(bare);
    let bare = bare.strip_prefix('¥').or_else(|| bare.strip_prefix('￥')).unwrap_or(bare);
    let digits: String = bare
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
            '，' => ',',
            _ => c,
        })
        .collect();
    let groups_fit = digits.split(',').enumerate().all(|(index, group)| match index {
        0 => !digits.contains(',') || (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    });
    if !groups_fit {
        return Err(AmountError);
    }
    digits.replace(',', "").parse().map_err(|_| AmountError)
}

/// The text is not an amount of whole yen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an amount is a whole number of yen, such as 1200 or 1,200円")]
pub(crate) struct AmountError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_with_thousands() {
        for (number, text) in [
            (0, "0円"),
            (999, "999円"),
            (1_200, "1,200円"),
            (1_234_567, "1,234,567円"),
            (u64::MAX, "18,446,744,073,709,551,615円"),
        ] {
            assert_eq!(show(Yen::new(number)), text);
        }
        assert_eq!(show_position(Position::new(-1_200)), "-1,200円");
    }

    #[test]
    fn what_people_write_is_read_and_nothing_is_guessed() {
        for text in ["1200", "1,200", "1,200円", "¥1,200", " 1200円 ", "１，２００円"] {
            assert_eq!(read(text), Ok(Yen::new(1_200)), "{text}");
        }
        for text in [
            "",
            "円",
            "-1",
            "+1",
            "1.5",
            "12,00",
            "1,20",
            ",200",
            "01",
            "1e3",
            "1 200",
            "18446744073709551616",
        ] {
            assert_eq!(read(text), Err(AmountError), "{text}");
        }
    }
}
