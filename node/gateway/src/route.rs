//! Paths of the data API: what a request's path means, and how it is put together again upstream.
//!
//! A request's segments are letters, digits and `-._~` alone, so nothing in them can mean another
//! path upstream. Where a route has `{person}`, the request may write `-` for the consent's person
//! or the person's own key; the gateway puts in the key that it has on record, and no other.

use axum::http::uri::PathAndQuery;

/// What stands for "the person of the consent" in a request's path.
pub const PERSON: &str = "-";
const SEGMENT_BYTES_MAX: usize = 256;
const SEGMENTS_MAX: usize = 16;
const QUERY_BYTES_MAX: usize = 1024;

/// A route's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Fixed(String),
    Person,
    Any,
}

impl Pattern {
    /// Reads `/patients/{person}/items/{item}`.
    ///
    /// # Errors
    /// A sentence that says what is expected.
    pub fn read(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('/').ok_or("a path begins with /")?;
        let segments: Result<Vec<Segment>, String> = rest.split('/').map(Segment::read).collect();
        let segments = segments?;
        let persons = segments.iter().filter(|segment| **segment == Segment::Person).count();
        if persons > 1 || segments.len() > SEGMENTS_MAX {
            return Err(format!("at most one {{person}} and {SEGMENTS_MAX} segments"));
        }
        Ok(Self { segments })
    }

    /// Whether a segment is the person's key.
    #[must_use]
    pub fn has_person(&self) -> bool {
        self.segments.contains(&Segment::Person)
    }

    /// Whether a request's path is one of this route's.
    #[must_use]
    pub fn fits(&self, path: &str) -> bool {
        let Some(asked) = segments(path) else { return false };
        asked.len() == self.segments.len()
            && asked.iter().zip(&self.segments).all(|(asked, segment)| match segment {
                Segment::Fixed(fixed) => asked == fixed,
                Segment::Person | Segment::Any => true,
            })
    }

    /// The path upstream for a person; none where the request names somebody else.
    #[must_use]
    pub fn upstream(&self, path: &str, person: &str) -> Option<String> {
        let mut made = String::new();
        for (asked, segment) in segments(path)?.iter().zip(&self.segments) {
            made.push('/');
            match segment {
                Segment::Person if *asked == PERSON || *asked == person => {
                    made.push_str(&escaped(person)?);
                }
                Segment::Person => return None,
                Segment::Fixed(_) | Segment::Any => made.push_str(asked),
            }
        }
        Some(made)
    }
}

impl Segment {
    fn read(text: &str) -> Result<Self, String> {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some("person") => Ok(Self::Person),
            Some(_) => Ok(Self::Any),
            None if is_plain(text) => Ok(Self::Fixed(text.to_owned())),
            None => Err(format!("`{text}` is no segment: letters, digits and -._~, or {{name}}")),
        }
    }
}

/// The segments of a request's path; none where one of them could mean something else.
fn segments(path: &str) -> Option<Vec<&str>> {
    let segments: Vec<&str> = path.strip_prefix('/')?.split('/').take(SEGMENTS_MAX + 1).collect();
    let all = segments.len() <= SEGMENTS_MAX && segments.iter().all(|segment| is_plain(segment));
    all.then_some(segments)
}

fn is_plain(segment: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (1..=SEGMENT_BYTES_MAX).contains(&segment.len())
        && !matches!(segment, "." | "..")
        && segment.bytes().all(unreserved)
}

/// A key as one segment: everything that is not unreserved is percent-encoded (RFC 3986 2.1). None
/// where no spelling keeps it one: `..` means the segment above even when it is encoded.
fn escaped(key: &str) -> Option<String> {
    if matches!(key, "" | "." | "..") {
        return None;
    }
    let mut text = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(text)
}

/// The query that goes upstream: a request's own, where every parameter is one of `known`, which
/// the route passes on, each once.
///
/// # Errors
/// The name of the first parameter that is not.
pub fn query(known: &[String], asked: Option<&str>) -> Result<String, String> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(String::new()) };
    // What is no query of a URL is none of ours either: quotes, spaces, fragments.
    let is_query = format!("/?{asked}").parse::<PathAndQuery>().is_ok();
    if asked.len() > QUERY_BYTES_MAX || !is_query || asked.contains('#') {
        return Err("the query itself".to_owned());
    }
    let mut seen = Vec::new();
    for pair in asked.split('&') {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        if seen.contains(&name) || !known.iter().any(|one| one == name) {
            return Err(name.chars().take(64).collect());
        }
        seen.push(name);
    }
    Ok(format!("?{asked}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_in_a_path_is_the_one_on_record_and_no_other() {
        let pattern = Pattern::read("/patients/{person}/items/{item}").unwrap();
        assert!(pattern.has_person() && pattern.fits("/patients/-/items/7"));
        assert_eq!(
            pattern.upstream("/patients/-/items/7", "P/..").as_deref(),
            Some("/patients/P%2F../items/7")
        );
        assert_eq!(
            pattern.upstream("/patients/42/items/7", "42").as_deref(),
            Some("/patients/42/items/7")
        );
        assert_eq!(pattern.upstream("/patients/43/items/7", "42"), None);
        for bad in ["", ".", ".."] {
            assert_eq!(pattern.upstream("/patients/-/items/7", bad), None, "{bad}");
        }
    }

    #[test]
    fn a_path_that_could_mean_another_fits_nothing() {
        let pattern = Pattern::read("/patients/{person}").unwrap();
        for bad in [
            "/patients/..",
            "/patients/.",
            "/patients/",
            "/patients/%2e",
            "/patients/a%2Fb",
            "patients/1",
            "/patients/1/",
            "/patients/1/2",
            "//1",
            "/patients/a b",
        ] {
            assert!(!pattern.fits(bad), "{bad}");
        }
        assert!(
            Pattern::read("patients").is_err() && Pattern::read("/a/{person}/{person}").is_err()
        );
        assert!(Pattern::read("/a b").is_err() && Pattern::read("/../b").is_err());
    }

    #[test]
    fn only_parameters_of_the_route_are_passed_on_each_once() {
        let known = ["kind", "from"].map(ToOwned::to_owned);
        assert_eq!(query(&known, None), Ok(String::new()));
        assert_eq!(query(&known, Some("kind=a&from=2026")), Ok("?kind=a&from=2026".to_owned()));
        for bad in ["all=1", "kind=a&kind=b", "kind=a&all", "kind=a#x", "kind= a"] {
            assert!(query(&known, Some(bad)).is_err(), "{bad}");
        }
    }
}
