//! Data objects: two digits of identity, two digits of length, as many characters of value.
//!
//! A length counts characters, not bytes (EMV QRCPS-MPM 1.1, 3.2). Within one code or template an
//! identity stands once; the order carries nothing but for the first and the last of a code.

use crate::emv::EmvError;

/// The most characters of a value: what two digits can say.
pub(super) const VALUE_CHARS_MAX: usize = 99;

/// The objects of a code or a template, in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objects(Vec<(u8, String)>);

impl Objects {
    /// Reads them.
    ///
    /// # Errors
    /// [`EmvError`] for what has not this form.
    pub fn read(text: &str) -> Result<Self, EmvError> {
        let all: Vec<char> = text.chars().collect();
        let mut objects = Self::default();
        let mut rest = all.as_slice();
        while !rest.is_empty() {
            let at = all.len() - rest.len();
            let Some((&[a, b, c, d], after)) = rest.split_first_chunk() else {
                return Err(EmvError::CutOff { at });
            };
            let id = two_digits(a, b).ok_or(EmvError::NoNumber { at })?;
            let length = two_digits(c, d).filter(|length| *length > 0);
            let length = length.ok_or(EmvError::BadLength { at })?;
            let split = after.split_at_checked(usize::from(length));
            let (value, after) = split.ok_or(EmvError::CutOff { at })?;
            if objects.get(id).is_some() {
                return Err(EmvError::Repeated { id });
            }
            objects.0.push((id, value.iter().collect()));
            rest = after;
        }
        Ok(objects)
    }

    /// The value of one; none where it is not there.
    #[must_use]
    pub fn get(&self, id: u8) -> Option<&str> {
        self.0.iter().find(|(one, _)| *one == id).map(|(_, value)| value.as_str())
    }

    /// All of them, in the order in which they stand.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u8, &str)> {
        self.0.iter().map(|(id, value)| (*id, value.as_str()))
    }

    /// The same with one more.
    #[must_use]
    pub(super) fn with(mut self, id: u8, value: impl Into<String>) -> Self {
        self.0.push((id, value.into()));
        self
    }

    /// The same with one more, where there is one.
    #[must_use]
    pub(super) fn with_some(self, id: u8, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(id, value),
            None => self,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their text.
    ///
    /// # Errors
    /// [`EmvError::Field`] for a value of no or more than 99 characters.
    pub(super) fn write(&self) -> Result<String, EmvError> {
        let mut text = String::new();
        for (id, value) in &self.0 {
            let length = value.chars().count();
            if !(1..=VALUE_CHARS_MAX).contains(&length) {
                return Err(EmvError::Field { id: *id });
            }
            text.push_str(&format!("{id:02}{length:02}{value}"));
        }
        Ok(text)
    }
}

fn two_digits(tens: char, ones: char) -> Option<u8> {
    let number = tens.to_digit(10)? * 10 + ones.to_digit(10)?;
    u8::try_from(number).ok()
}
