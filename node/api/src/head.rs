//! What the head of a request must be, for everybody who serves HTTP/1.1: one host, a bounded size.
//!
//! The library beneath serves what names no host, or two (RFC 9112, section 3.2, asks for 400), and
//! reads more than it was told to where much arrives at once. So its own bound lies above
//! [`HEAD_BYTES_MAX`], and what lies between is answered with a problem.

/// The most bytes of a request's head: its first line and its fields, as HTTP/1.1 writes them with
/// one space where space is optional, and the empty line at the end.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How many bytes the library beneath reads in search of a head's end, before it answers 431 by
/// itself, without a problem, and closes.
pub const HEAD_BYTES_READ: usize = HEAD_BYTES_MAX + 16 * 1024;
/// The most fields of a head; more are answered with a bare 431.
pub const HEAD_FIELDS_MAX: usize = 100;

/// What is wrong with a request's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadFault {
    /// HTTP/1.1, and no field `Host`.
    #[error("the request has no field Host")]
    NoHost,
    /// More than one field `Host`.
    #[error("the request has {0} fields Host")]
    ManyHosts(usize),
    /// A value that is no host and port.
    #[error("the field Host names no host")]
    NotAHost,
    /// More bytes than a head may have.
    #[error("the head has {0} bytes, it may have {HEAD_BYTES_MAX}")]
    TooLarge(usize),
}

/// Looks at a request's head.
///
/// `has_host` says whether its version asks for a host (HTTP/1.1, not 1.0), `line` is the length of
/// its first line without its end, `fields` are its fields with their names in small letters.
///
/// # Errors
/// [`HeadFault`] is what to refuse it for.
pub fn check<'h>(
    has_host: bool,
    line: usize,
    fields: impl Iterator<Item = (&'h str, &'h [u8])>,
) -> Result<(), HeadFault> {
    let (mut bytes, mut hosts, mut is_host) = (line + 4, 0, true);
    for (name, value) in fields {
        bytes += name.len() + value.len() + 4;
        if name == "host" {
            hosts += 1;
            is_host &= names_a_host(value);
        }
    }
    match hosts {
        _ if bytes > HEAD_BYTES_MAX => Err(HeadFault::TooLarge(bytes)),
        0 if has_host => Err(HeadFault::NoHost),
        0 => Ok(()),
        1 if is_host => Ok(()),
        1 => Err(HeadFault::NotAHost),
        hosts => Err(HeadFault::ManyHosts(hosts)),
    }
}

/// Whether a value may be host and port (RFC 3986, section 3.2): nothing else ends or separates
/// parts of a URL, and an empty one is what a target without an authority has.
fn names_a_host(value: &[u8]) -> bool {
    let may_be = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(byte);
    value.iter().all(may_be)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(has_host: bool, fields: &[(&str, &str)]) -> Result<(), HeadFault> {
        let fields = fields.iter().map(|(name, value)| (*name, value.as_bytes()));
        check(has_host, "GET / HTTP/1.1".len(), fields)
    }

    #[test]
    fn a_request_names_its_host_once() {
        assert_eq!(checked(true, &[("host", "n:1")]), Ok(()));
        assert_eq!(checked(true, &[("host", "[::1]:26602")]), Ok(()));
        assert_eq!(checked(true, &[("accept", "*/*")]), Err(HeadFault::NoHost));
        assert_eq!(checked(false, &[]), Ok(()), "HTTP/1.0 knows no such field");
        let two = [("host", "n:1"), ("host", "n:1")];
        for has_host in [true, false] {
            assert_eq!(checked(has_host, &two), Err(HeadFault::ManyHosts(2)));
        }
        for bad in ["a b", "user@n", "http://n", "n/x", "日本"] {
            assert_eq!(checked(true, &[("host", bad)]), Err(HeadFault::NotAHost), "{bad}");
        }
    }

    #[test]
    fn a_head_may_have_as_many_bytes_as_the_limit_says() {
        // "GET / HTTP/1.1\r\nhost: n\r\na: …\r\n\r\n"
        let rest = "GET / HTTP/1.1\r\nhost: n\r\na: \r\n\r\n".len();
        let fits = "x".repeat(HEAD_BYTES_MAX - rest);
        assert_eq!(checked(true, &[("host", "n"), ("a", &fits)]), Ok(()));
        let longer = format!("{fits}x");
        let refused = checked(true, &[("host", "n"), ("a", &longer)]);
        assert_eq!(refused, Err(HeadFault::TooLarge(HEAD_BYTES_MAX + 1)));
    }
}
