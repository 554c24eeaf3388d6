//! Cursors: where a page ends, as text that means nothing to clients and is checked when it returns.

use ledger_types::{AccountId, ConsentId, Hash, Height};

use crate::store::{Owed, Place};

/// A place between two entries.
pub trait Cursor: Sized {
    /// The text that a page's `next` holds.
    fn text(&self) -> String;
    /// Reads what [`Cursor::text`] gave; nothing else.
    fn parse(text: &str) -> Option<Self>;
}

/// The last consent that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentCursor(pub ConsentId);

impl Cursor for ConsentCursor {
    fn text(&self) -> String {
        self.0.get().to_string()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        decode(text, &mut bytes)?;
        Some(Self(ConsentId::new(Hash::new(bytes))))
    }
}

/// The last of several things that a hash names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCursor(pub Hash);

impl Cursor for HashCursor {
    fn text(&self) -> String {
        self.0.to_string()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        decode(text, &mut bytes)?;
        Some(Self(Hash::new(bytes)))
    }
}

/// The last place of a history or a log that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceCursor(pub Place);

impl Cursor for PlaceCursor {
    fn text(&self) -> String {
        format!("{:016x}{:08x}", self.0.height.get(), self.0.place)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 12];
        decode(text, &mut bytes)?;
        let (height, place) = bytes.split_first_chunk::<8>()?;
        Some(Self(Place {
            height: Height::new(u64::from_be_bytes(*height)),
            place: u32::from_be_bytes(place.try_into().ok()?),
        }))
    }
}

/// The last duty that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyCursor(pub Owed);

impl Cursor for DutyCursor {
    fn text(&self) -> String {
        hex::encode(self.0.place())
    }

    fn parse(text: &str) -> Option<Self> {
        // An instant, and the largest duty: one byte of kind and 32 of identity.
        if text.len() > 2 * (8 + 33) || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        Owed::at(&hex::decode(text).ok()?).map(Self)
    }
}

/// The last account that was given: a merchant's, or one of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountCursor(pub AccountId);

impl Cursor for AccountCursor {
    fn text(&self) -> String {
        hex::encode(self.0.as_bytes())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 20];
        decode(text, &mut bytes)?;
        Some(Self(AccountId::new(bytes)))
    }
}

/// The last application that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketCursor(pub u32);

impl Cursor for TicketCursor {
    fn text(&self) -> String {
        format!("{:08x}", self.0)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 4];
        decode(text, &mut bytes)?;
        Some(Self(u32::from_be_bytes(bytes)))
    }
}

/// Lower-case digits of exactly these bytes.
fn decode(text: &str, bytes: &mut [u8]) -> Option<()> {
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    if lower { hex::decode_to_slice(text, bytes).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use ledger_types::Timestamp;
    use ledger_types::oversight::Duty;

    use super::*;

    #[test]
    fn cursors_are_read_as_they_were_given_and_nothing_else_is() {
        let consent = ConsentCursor(ConsentId::new(Hash::new([0xab; 32])));
        assert_eq!(ConsentCursor::parse(&consent.text()), Some(consent));
        assert_eq!(ConsentCursor::parse(&consent.text().to_uppercase()), None);
        let place = PlaceCursor(Place { height: Height::new(3), place: u32::MAX });
        assert_eq!(PlaceCursor::parse(&place.text()), Some(place));
        let (deadline, duty) = (Timestamp::from_millis(5), Duty::Answer(Hash::new([0xab; 32])));
        let owed = DutyCursor(Owed { deadline, duty });
        assert_eq!(DutyCursor::parse(&owed.text()), Some(owed));
        assert_eq!(DutyCursor::parse(&owed.text().to_uppercase()), None);
        assert_eq!(DutyCursor::parse(&format!("{}00", owed.text())), None);
        let account = AccountCursor(AccountId::new([1; 20]));
        assert_eq!(AccountCursor::parse(&account.text()), Some(account));
        let ticket = TicketCursor(0x1abc);
        assert_eq!(
            (ticket.text().as_str(), TicketCursor::parse(&ticket.text())),
            ("00001abc", Some(ticket))
        );
        for text in ["", "0", "zz", "00000000000000000000000000000", "é"] {
            assert_eq!(ConsentCursor::parse(text), None, "{text}");
            assert_eq!(AccountCursor::parse(text), None, "{text}");
            assert_eq!(PlaceCursor::parse(text), None, "{text}");
            assert_eq!(DutyCursor::parse(text), None, "{text}");
            assert_eq!(TicketCursor::parse(text), None, "{text}");
        }
    }
}
