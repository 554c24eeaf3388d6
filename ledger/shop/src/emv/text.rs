//! Texts of a code, bounded, with nothing in them that is not seen.

/// 1 to `MAX` printable ASCII characters, no space at an end: the specification's format `ans`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latin<const MAX: usize>(String);

/// 1 to `MAX` characters of any writing: the specification's format `S`. No control, and none that
/// turns the direction of writing, joins or hides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wide<const MAX: usize>(String);

impl<const MAX: usize> Latin<MAX> {
    /// The text; none where it may not stand there.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_seen = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        fits::<MAX>(text, is_seen).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Wide<MAX> {
    /// The text; none where it may not stand there.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        fits::<MAX>(text, text.chars().all(is_seen)).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn fits<const MAX: usize>(text: &str, is_seen: bool) -> bool {
    let is_tidy = !text.starts_with(' ') && !text.ends_with(' ');
    is_seen && is_tidy && (1..=MAX).contains(&text.chars().count())
}

/// Not one of Unicode's controls, separators of lines, signs of direction, joiners or tags.
fn is_seen(c: char) -> bool {
    let is_hidden = matches!(
        u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F
            | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
    );
    !c.is_control() && !is_hidden
}
