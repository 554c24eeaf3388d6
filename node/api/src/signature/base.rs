//! The signature base (RFC 9421 section 2.5): the exact text that is signed.

use super::Message;

/// The covered components as `Signature-Input` lists them.
pub(super) const fn components(with_digest: bool) -> &'static str {
    if with_digest {
        r#"("@method" "@authority" "@path" "@query" "content-digest")"#
    } else {
        r#"("@method" "@authority" "@path" "@query")"#
    }
}

/// The base of a request; `parameters` is the value of `@signature-params` as it was sent.
pub(super) fn of_message(message: &Message<'_>, digest: Option<&str>, parameters: &str) -> String {
    let authority = authority(message.authority);
    let path = if message.path.is_empty() { "/" } else { message.path };
    let query = format!("?{}", message.query.unwrap_or(""));
    let mut lines = vec![
        ("@method", message.method),
        ("@authority", authority.as_str()),
        ("@path", path),
        ("@query", query.as_str()),
    ];
    lines.extend(digest.map(|digest| ("content-digest", digest)));
    of_lines(&lines, parameters)
}

/// One line a component, then the parameters.
pub(super) fn of_lines(lines: &[(&str, &str)], parameters: &str) -> String {
    let mut base = String::with_capacity(512);
    for (name, value) in lines {
        base.push('"');
        base.push_str(name);
        base.push_str("\": ");
        base.push_str(value);
        base.push('\n');
    }
    base.push_str("\"@signature-params\": ");
    base.push_str(parameters);
    base
}

/// The authority in lower case without a default port (RFC 9421 section 2.2.3).
pub(super) fn authority(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let bare = lower.strip_suffix(":80").or_else(|| lower.strip_suffix(":443"));
    bare.map_or_else(|| lower.clone(), str::to_owned)
}
