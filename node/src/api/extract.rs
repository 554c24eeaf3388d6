//! Parts of requests, each with its numbered failure and its bound.

use std::str::FromStr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Query as QueryString};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use ledger_types::id::ParseAddressError;
use ledger_types::{
    AccountId, AddressPrefix, BankId, ConsentId, Hash, Height, LegalBasisId, NoticeId, PartyId,
    ProgrammeId, Regime, TransactionId, VocabularyId, ZoneId,
};
use node_api::query::Page;
use node_api::{ApiCode, Month, OCTET_STREAM, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, WAIT_MS_MAX};
use serde::de::DeserializeOwned;

use super::failure::{Answer, Failure};
use crate::query::{AccountCursor, Cursor};

/// How much of a refused body is read.
const DISCARDED_BYTES_MAX: usize = 1024 * 1024;
/// How long a body may take to arrive.
const BODY_SECONDS_MAX: u64 = 30;

/// What stands in a path, read from its text: decimal digits for a number, 64 hexadecimal ones for
/// a hash.
pub(super) trait InPath: Sized {
    /// As the router gives it.
    type Text: DeserializeOwned + Send;

    /// Reads it.
    fn read(text: Self::Text) -> Answer<Self>;
}

macro_rules! in_path {
    ($($kind:ty = |$text:ident: $of:ty| $read:expr;)+) => { $(
        impl InPath for $kind {
            type Text = $of;

            fn read($text: $of) -> Answer<Self> {
                $read
            }
        }
    )+ };
}

in_path! {
    String = |text: String| Ok(text);
    Regime = |regime: Regime| Ok(regime);
    Hash = |text: String| parse(&text);
    ConsentId = |text: String| parse(&text).map(Self::new);
    TransactionId = |text: String| parse(&text).map(Self::new);
    BankId = |text: String| number(&text).map(Self::new);
    PartyId = |text: String| number(&text).map(Self::new);
    NoticeId = |text: String| number(&text).map(Self::new);
    ZoneId = |text: String| number(&text).map(Self::new);
    ProgrammeId = |text: String| number(&text).map(Self::new);
    LegalBasisId = |text: String| number(&text).map(Self::new);
    VocabularyId = |text: String| number(&text).map(Self::new);
    Month = |text: String| parse(&text);
    u16 = |text: String| number(&text);
    u32 = |text: String| number(&text);
    u64 = |text: String| number(&text);
}

impl<A: InPath, B: InPath> InPath for (A, B) {
    type Text = (A::Text, B::Text);

    fn read((a, b): Self::Text) -> Answer<Self> {
        Ok((A::read(a)?, B::read(b)?))
    }
}

impl<A: InPath, B: InPath, C: InPath> InPath for (A, B, C) {
    type Text = (A::Text, B::Text, C::Text);

    fn read((a, b, c): Self::Text) -> Answer<Self> {
        Ok((A::read(a)?, B::read(b)?, C::read(c)?))
    }
}

/// One segment of the path, or several.
pub(super) struct Segments<T>(pub(super) T);

impl<T: InPath, S: Send + Sync> FromRequestParts<S> for Segments<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        match Path::<T::Text>::from_request_parts(parts, state).await {
            Ok(Path(text)) => T::read(text).map(Self),
            Err(error) => Err(Failure::new(ApiCode::MalformedRequest, error.body_text())),
        }
    }
}

/// The query string.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        match QueryString::<T>::from_request_parts(parts, state).await {
            Ok(QueryString(value)) => Ok(Self(value)),
            Err(error) => Err(Failure::new(ApiCode::MalformedRequest, error.body_text())),
        }
    }
}

/// A value from its text in the path.
pub(super) fn parse<T: FromStr<Err: core::fmt::Display>>(text: &str) -> Answer<T> {
    text.parse().map_err(|error: T::Err| {
        Failure::new(ApiCode::MalformedRequest, format!("{text:?} in the path: {error}"))
    })
}

/// A number from its text in the path: decimal digits, one spelling each.
pub(super) fn number<T: FromStr>(text: &str) -> Answer<T> {
    let plain = text == "0" || !text.starts_with('0');
    let digits = plain && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if digits { text.parse().ok() } else { None };
    number.ok_or_else(|| {
        let detail = format!("{text:?} in the path is not a number that it may be");
        Failure::new(ApiCode::MalformedRequest, detail)
    })
}

/// A height from its text in the path; `latest` is the tip.
pub(super) fn height(text: &str, tip: Height) -> Answer<Height> {
    if text == "latest" { Ok(tip) } else { number(text).map(Height::new) }
}

/// An account from its address.
pub(super) fn account(text: &str, prefix: &AddressPrefix) -> Answer<AccountId> {
    AccountId::from_address(text, prefix).map_err(|error| {
        let code = match error {
            ParseAddressError::Length { .. } => ApiCode::BadAddressLength,
            ParseAddressError::Checksum | ParseAddressError::Prefix { .. } => ApiCode::BadAddress,
        };
        Failure::new(code, error.to_string())
    })
}

/// Where a page begins, and its size.
pub(super) fn page<T: Cursor>(
    seen: Option<&str>,
    asked: Option<u16>,
) -> Answer<(Option<T>, usize)> {
    let limit = limit(asked)?;
    Ok((cursor(seen)?, limit))
}

/// A page's size.
fn limit(asked: Option<u16>) -> Answer<usize> {
    let limit = asked.unwrap_or(PAGE_LIMIT_DEFAULT);
    if !(1..=PAGE_LIMIT_MAX).contains(&limit) {
        let detail = format!("limit is 1 to {PAGE_LIMIT_MAX}");
        return Err(Failure::new(ApiCode::OutOfRange, detail));
    }
    Ok(usize::from(limit))
}

/// Where a page begins.
fn cursor<T: Cursor>(text: Option<&str>) -> Answer<Option<T>> {
    let Some(text) = text else { return Ok(None) };
    let bad = || Failure::new(ApiCode::BadCursor, "a cursor is `next` of the page before");
    T::parse(text).map(Some).ok_or_else(bad)
}

/// What a page holds, in order of account, and where the next one begins.
type ByAccount<T> = (Vec<(AccountId, T)>, Option<String>);

/// A page of what comes in order of account.
pub(super) fn page_by_account<T>(
    all: impl Iterator<Item = (AccountId, T)>,
    page: &Page,
) -> Answer<ByAccount<T>> {
    let (after, limit) = self::page::<AccountCursor>(page.cursor.as_deref(), page.limit)?;
    let rest = all.filter(|(account, _)| after.is_none_or(|AccountCursor(last)| *account > last));
    let mut found: Vec<_> = rest.take(limit + 1).collect();
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more).map(|(account, _)| AccountCursor(*account).text());
    Ok((found, last))
}

/// How long to wait for a receipt.
pub(super) fn wait(asked: Option<u32>) -> Answer<Option<Duration>> {
    match asked {
        Some(0) | None => Ok(None),
        Some(millis) if millis <= WAIT_MS_MAX => Ok(Some(Duration::from_millis(u64::from(millis)))),
        Some(_) => {
            let detail = format!("wait_ms is 0 to {WAIT_MS_MAX}");
            Err(Failure::new(ApiCode::OutOfRange, detail))
        }
    }
}

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`.
    Json,
    /// `application/octet-stream`.
    Octets,
}

/// The body's media type; parameters such as a charset are left aside.
pub(super) fn media(headers: &HeaderMap) -> Answer<Media> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.unwrap_or("").split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case("application/json") {
        Ok(Media::Json)
    } else if essence.eq_ignore_ascii_case(OCTET_STREAM) {
        Ok(Media::Octets)
    } else {
        let detail = format!("{essence:?} is not supported here");
        Err(Failure::new(ApiCode::UnsupportedMediaType, detail))
    }
}

/// Whether the client asks for octets before anything else.
pub(super) fn accepts_octets(headers: &HeaderMap) -> bool {
    let value = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let first = value.unwrap_or("").split([',', ';']).next().unwrap_or("").trim();
    first.eq_ignore_ascii_case(OCTET_STREAM)
}

/// Reads a body that is refused, up to a bound, and keeps nothing: where a connection is closed with
/// bytes unread, the client may lose the answer with it.
async fn discard(body: Body) {
    let mut body = Limited::new(body, DISCARDED_BYTES_MAX);
    let reading = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whoever sends longer than that is answered at once.
    let _ = tokio::time::timeout(Duration::from_secs(1), reading).await;
}

/// Reads a body of at most `most` bytes within [`BODY_SECONDS_MAX`].
pub(super) async fn body(headers: &HeaderMap, body: Body, most: usize) -> Answer<Bytes> {
    let too_large =
        || Failure::new(ApiCode::BodyTooLarge, format!("the body may have {most} bytes"));
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|text| text.parse::<usize>().ok()).is_some_and(|length| length > most) {
        discard(body).await;
        return Err(too_large());
    }
    let collected = Limited::new(body, most).collect();
    match tokio::time::timeout(Duration::from_secs(BODY_SECONDS_MAX), collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(Failure::new(ApiCode::MalformedRequest, "the body did not arrive whole")),
        Err(_) => Err(Failure::new(ApiCode::RequestTimeout, "the body took too long to arrive")),
    }
}
