//! The strict reading of a code.

use ledger_types::codec;

use crate::base45;
use crate::emv::crc::crc;
use crate::emv::{
    Additional, Asked, CODE_BYTES_MAX, CRC_BEGINS, Category, DYNAMIC, EmvError, FORMAT, IDENTIFIER,
    JAPAN, JAPANESE, Japanese, Latin, MerchantCode, Objects, STATIC, Wide, YEN, id, parts,
};
use crate::request::{PLACE_BYTES, ShopPlace, ShopYen, SignedRequest};

/// Additional data whose value is to be asked of the payer.
const ASKED_OF_THE_PAYER: &str = "***";

pub(super) fn code(text: &str) -> Result<MerchantCode, EmvError> {
    if text.len() > CODE_BYTES_MAX {
        return Err(EmvError::TooLong { length: text.len() });
    }
    let objects = Objects::read(text)?;
    check_frame(text, &objects)?;
    let category = required(&objects, id::CATEGORY, category)?;
    let currency = required(&objects, id::CURRENCY, digits::<3>)?;
    let country = required(&objects, id::COUNTRY, letters)?;
    let name = required(&objects, id::NAME, Latin::new)?;
    let city = required(&objects, id::CITY, Latin::new)?;
    let amount = optional(&objects, id::AMOUNT, amount)?;
    if let Some((id, _)) = objects.iter().find(|(id, _)| id::SURCHARGES.contains(id)) {
        return Err(EmvError::Surcharge { id });
    }
    let japanese = japanese(&objects)?;
    let additional = additional(&objects)?;
    if currency != YEN || country != JAPAN {
        return Err(EmvError::Abroad);
    }
    let asked = asked(&objects, amount)?;
    Ok(MerchantCode { asked, category, name, city, japanese, additional })
}

/// First the format, last a checksum over all before it.
fn check_frame(text: &str, objects: &Objects) -> Result<(), EmvError> {
    let first = objects.iter().next();
    let last = objects.iter().next_back();
    let Some((id::CRC, found)) = last.filter(|_| first == Some((id::FORMAT, FORMAT))) else {
        return Err(EmvError::Order);
    };
    let before = text.strip_suffix(found).filter(|before| before.ends_with(CRC_BEGINS));
    let before = before.ok_or(EmvError::Field { id: id::CRC })?;
    let expected = format!("{:04X}", crc(before.as_bytes()));
    if expected == found {
        Ok(())
    } else {
        Err(EmvError::Checksum { expected, found: found.to_owned() })
    }
}

fn optional<'a, T>(
    objects: &'a Objects,
    id: u8,
    read: impl Fn(&'a str) -> Option<T>,
) -> Result<Option<T>, EmvError> {
    let Some(value) = objects.get(id) else { return Ok(None) };
    read(value).map(Some).ok_or(EmvError::Field { id })
}

fn required<'a, T>(
    objects: &'a Objects,
    id: u8,
    read: impl Fn(&'a str) -> Option<T>,
) -> Result<T, EmvError> {
    optional(objects, id, read)?.ok_or(EmvError::Missing { id })
}

fn digits<const LENGTH: usize>(text: &str) -> Option<&str> {
    let fits = text.len() == LENGTH && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(text)
}

fn letters(text: &str) -> Option<&str> {
    let fits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    fits.then_some(text)
}

fn category(text: &str) -> Option<Category> {
    Category::new(digits::<4>(text)?.parse().ok()?)
}

/// Whole yen, one form of each amount, never 0.
fn amount(text: &str) -> Option<ShopYen> {
    let amount = text.parse().ok().and_then(ShopYen::new)?;
    (!amount.get().is_zero()).then_some(amount)
}

fn japanese(objects: &Objects) -> Result<Option<Japanese>, EmvError> {
    let Some(template) = objects.get(id::LANGUAGE) else { return Ok(None) };
    let inner = Objects::read(template)?;
    let wrong = || EmvError::Field { id: id::LANGUAGE };
    let language = inner.get(0).ok_or_else(wrong)?;
    let name = inner.get(1).and_then(Wide::new).ok_or_else(wrong)?;
    let city = match inner.get(2) {
        None => None,
        Some(city) => Some(Wide::new(city).ok_or_else(wrong)?),
    };
    let is_japanese = language.eq_ignore_ascii_case(JAPANESE);
    Ok(is_japanese.then_some(Japanese { name, city }))
}

fn additional(objects: &Objects) -> Result<Additional, EmvError> {
    let Some(template) = objects.get(id::ADDITIONAL) else { return Ok(Additional::default()) };
    let inner = Objects::read(template)?;
    let of = |id| match inner.get(id) {
        None | Some(ASKED_OF_THE_PAYER) => Ok(None),
        Some(text) => {
            Latin::new(text).map(Some).ok_or(EmvError::Field { id: self::id::ADDITIONAL })
        }
    };
    Ok(Additional { bill: of(1)?, store: of(3)?, reference: of(5)?, terminal: of(7)? })
}

fn asked(objects: &Objects, amount: Option<ShopYen>) -> Result<Asked, EmvError> {
    let accounts = templates(objects, &id::ACCOUNTS)?;
    let [place] = accounts.as_slice() else {
        return Err(if accounts.is_empty() { EmvError::NotOurs } else { EmvError::Use });
    };
    let bad_place = EmvError::Field { id: *id::ACCOUNTS.start() };
    let bytes = base45::decode(place).ok_or(bad_place.clone())?;
    let place: ShopPlace = codec::decode(&bytes, PLACE_BYTES).map_err(|_| bad_place)?;
    let rests = templates(objects, &id::UNRESERVED)?;
    match (objects.get(id::INITIATION), amount, rests.is_empty()) {
        (None | Some(STATIC), amount, true) => Ok(Asked::Static { place, amount }),
        (Some(DYNAMIC), Some(amount), false) => {
            let rest = rests.concat();
            // One way of parting it: all templates but the last are full.
            if parts(&rest) != rests {
                return Err(EmvError::Use);
            }
            Ok(Asked::Dynamic(Box::new(SignedRequest::of_parts(&place, amount, &rest)?)))
        }
        (None | Some(STATIC | DYNAMIC), _, _) => Err(EmvError::Use),
        (Some(_), _, _) => Err(EmvError::Field { id: id::INITIATION }),
    }
}

/// What our templates of a range carry, in ascending order of their numbers.
fn templates(
    objects: &Objects,
    range: &core::ops::RangeInclusive<u8>,
) -> Result<Vec<String>, EmvError> {
    let mut found = Vec::new();
    for id in range.clone() {
        let Some(template) = objects.get(id) else { continue };
        // Others' templates are others' business, whatever is in them.
        let Ok(inner) = Objects::read(template) else { continue };
        if inner.get(0).is_some_and(|of| of.eq_ignore_ascii_case(IDENTIFIER)) {
            found.push(inner.get(1).ok_or(EmvError::Field { id })?.to_owned());
        }
    }
    Ok(found)
}
