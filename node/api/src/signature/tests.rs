//! Vectors, round trips, and every way in which a signed read must be refused.

use ledger_types::verify::verify;

use super::*;

const NOW: u64 = 1_767_225_600;
const READER: &str = "aizu1reader";
const GENESIS: Hash = Hash::new([0x5a; 32]);
const TAG: &str = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn read() -> Message<'static> {
    Message {
        genesis: &GENESIS,
        method: "GET",
        authority: "127.0.0.1:26602",
        path: "/v1/accounts/aizu1reader/history",
        query: Some("limit=10"),
        body: b"",
    }
}

fn unverified(
    message: &Message<'_>,
    headers: &Headers,
    now: u64,
) -> Result<Unverified, SignatureError> {
    let Headers { signature_input, signature, content_digest } = headers;
    Unverified::read(
        message,
        Some(signature_input),
        Some(signature),
        content_digest.as_deref(),
        Moment::at(now),
    )
}

fn check(message: &Message<'_>, headers: &Headers, now: u64) -> Result<(), SignatureError> {
    unverified(message, headers, now)?.verify([&key().public_key()])
}

/// RFC 9421 appendix B.2.6, with the key of appendix B.1.4.
#[test]
fn the_base_and_the_signature_are_those_of_the_rfc() {
    let parameters = concat!(
        r#"("date" "@method" "@path" "@authority" "content-type" "content-length")"#,
        r#";created=1618884473;keyid="test-key-ed25519""#
    );
    let base = base::of_lines(
        &[
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ],
        parameters,
    );
    let mut public = [0; 32];
    let digits = "26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb";
    hex::decode_to_slice(digits, &mut public).unwrap();
    let mut seed = [0; 32];
    let digits = "9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5";
    hex::decode_to_slice(digits, &mut seed).unwrap();
    let text = concat!(
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5W",
        "PpBKRCw==:"
    );
    let signature = parse::signature(text, "sig-b26").unwrap();
    assert!(verify(&PublicKey::Ed25519(public), base.as_bytes(), &signature));
    let signer = SigningKey::from_seed(&seed);
    assert_eq!(signer.public_key(), PublicKey::Ed25519(public));
    assert_eq!(signer.sign(base.as_bytes()), signature);
}

/// RFC 9421 section 2.2 examples of derived components, and RFC 9530 appendix B.
#[test]
fn components_are_derived_as_the_rfcs_say() {
    let message = Message {
        genesis: &GENESIS,
        method: "POST",
        authority: "WWW.Example.com:443",
        path: "/path",
        query: Some("param=value&foo=bar&baz=bat%2Dman"),
        body: b"",
    };
    let expected = "\"@method\": POST\n\"@authority\": www.example.com\n\"@path\": /path\n\
                    \"@query\": ?param=value&foo=bar&baz=bat%2Dman\n\"@signature-params\": ()";
    assert_eq!(base::of_message(&message, None, "()"), expected);
    let bare = Message { query: None, path: "", ..message };
    assert!(base::of_message(&bare, None, "()").contains("\"@path\": /\n\"@query\": ?\n"));
    let digest = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    assert_eq!(digest_of(br#"{"hello": "world"}"#), digest);
}

#[test]
fn what_was_signed_is_read() {
    let headers = sign(&read(), READER, &key(), Moment::at(NOW));
    assert_eq!(headers.content_digest, None);
    let found = unverified(&read(), &headers, NOW + 59).unwrap();
    assert_eq!(found.reader(), READER);
    assert_eq!(found.verify([&key().public_key()]), Ok(()));
    let other = SigningKey::from_seed(&[8; 32]).public_key();
    assert_eq!(found.verify([&other, &key().public_key()]), Ok(()));
    assert_eq!(found.verify([&other]), Err(SignatureError::Invalid));
    assert_eq!(found.verify([]), Err(SignatureError::Invalid));
}

#[test]
fn a_body_is_bound_by_its_digest() {
    let message = Message { method: "POST", body: b"{}", ..read() };
    let headers = sign(&message, READER, &key(), Moment::at(NOW));
    assert_eq!(check(&message, &headers, NOW), Ok(()));
    let swapped = Message { body: b"[]", ..message };
    assert_eq!(check(&swapped, &headers, NOW), Err(SignatureError::DigestMismatch));
    let without = Headers { content_digest: None, ..headers };
    let missing = SignatureError::Missing { header: CONTENT_DIGEST };
    assert_eq!(check(&message, &without, NOW), Err(missing));
}

#[test]
fn a_body_that_was_not_signed_is_refused() {
    let headers = sign(&read(), READER, &key(), Moment::at(NOW));
    let smuggled = Message { body: b"{}", ..read() };
    assert!(matches!(check(&smuggled, &headers, NOW), Err(SignatureError::Malformed { .. })));
}

#[test]
fn another_request_is_not_covered() {
    let headers = sign(&read(), READER, &key(), Moment::at(NOW));
    for other in [
        Message { method: "POST", ..read() },
        Message { authority: "127.0.0.1:26612", ..read() },
        Message { path: "/v1/accounts/aizu1other/history", ..read() },
        Message { query: Some("limit=11"), ..read() },
        Message { query: None, ..read() },
    ] {
        assert_eq!(check(&other, &headers, NOW), Err(SignatureError::Invalid), "{other:?}");
    }
}

#[test]
fn a_signature_for_another_network_is_refused() {
    let elsewhere = Hash::new([0x5b; 32]);
    let headers = sign(&Message { genesis: &elsewhere, ..read() }, READER, &key(), Moment::at(NOW));
    let other = Err(SignatureError::OtherNetwork { ours: GENESIS });
    assert_eq!(check(&read(), &headers, NOW), other);
    // Whoever writes another tag over it has another text than was signed.
    let tag = elsewhere.to_string();
    let signature_input = headers.signature_input.replace(&tag, TAG);
    let relabelled = Headers { signature_input, ..headers };
    assert_eq!(check(&read(), &relabelled, NOW), Err(SignatureError::Invalid));
}

#[test]
fn a_node_is_asked_by_a_name_that_it_has() {
    let names = ["127.0.0.1:26602".to_owned(), "Node.Example:443".to_owned()];
    for (authority, is_one) in [
        ("127.0.0.1:26602", true),
        ("node.example", true),
        ("NODE.example:443", true),
        ("127.0.0.1:26612", false),
        ("node.example:8443", false),
        ("other.example", false),
        ("", false),
    ] {
        assert_eq!(is_named(authority, &names).is_ok(), is_one, "{authority}");
    }
    assert!(is_named("127.0.0.1:26602", &[]).is_err(), "who has no name is asked by none");
}

#[test]
fn a_signature_lives_a_minute() {
    let headers = sign(&read(), READER, &key(), Moment::at(NOW));
    for (now, current) in [
        (NOW - 61, false),
        (NOW - 60, true),
        (NOW, true),
        (NOW + 59, true),
        (NOW + 60, false),
        (0, false),
        (u64::MAX, false),
    ] {
        assert_eq!(check(&read(), &headers, now).is_ok(), current, "{now}");
    }
}

#[test]
fn in_a_lab_a_signature_lives_a_real_minute() {
    let in_lab = |seconds| Moment { seconds, per_real_second: 1000 };
    let headers = sign(&read(), READER, &key(), in_lab(NOW));
    let read_at = |now| {
        let (input, made) = (&headers.signature_input, &headers.signature);
        Unverified::read(&read(), Some(input), Some(made), None, now).is_ok()
    };
    let at = [NOW - 60_001, NOW - 60_000, NOW + 59_999, NOW + 60_000];
    assert_eq!(at.map(|now| read_at(in_lab(now))), [false, true, true, false]);
    assert!(!read_at(Moment::at(NOW)), "such a life is refused outside of labs");
}

#[test]
fn parameters_may_come_in_another_order() {
    let parameters = format!(
        r#"("@method" "@authority" "@path" "@query");alg="ed25519";tag="{TAG}";keyid="{READER}";{}"#,
        "expires=1767225610;created=1767225600"
    );
    let base = base::of_message(&read(), None, &parameters);
    let signature = STANDARD.encode(key().sign(base.as_bytes()).as_bytes());
    let headers = Headers {
        signature_input: format!("sig1={parameters}"),
        signature: format!("sig1=:{signature}:"),
        content_digest: None,
    };
    assert_eq!(check(&read(), &headers, NOW), Ok(()));
}

#[test]
fn every_other_form_of_the_input_is_refused() {
    let good = sign(&read(), READER, &key(), Moment::at(NOW));
    let covered = r#"("@method" "@authority" "@path" "@query")"#;
    let rest = format!(
        r#"created=1767225600;expires=1767225660;keyid="aizu1reader";alg="ed25519";tag="{TAG}""#
    );
    assert_eq!(good.signature_input, format!("reader={covered};{rest}"));
    let long = "a".repeat(600);
    for input in [
        String::new(),
        "reader".to_owned(),
        "reader=".to_owned(),
        format!("{covered};{rest}"),
        format!("Reader={covered};{rest}"),
        format!("reader={covered}; {rest}"),
        format!(" reader={covered};{rest}"),
        format!("reader={covered};{rest} "),
        format!("reader={covered};{rest};"),
        format!("reader={covered};{rest};nonce=\"1\""),
        format!("reader={covered};{rest};created=1767225600"),
        format!("reader={covered};{rest}, other={covered};{rest}"),
        format!("reader=();{rest}"),
        format!(r#"reader=("@method" "@path" "@authority" "@query");{rest}"#),
        format!(r#"reader=("@method" "@authority" "@path");{rest}"#),
        format!(r#"reader=("@method" "@authority" "@path" "@query" "date");{rest}"#),
        format!(r#"reader=("@method" "@authority" "@path" "@query";req);{rest}"#),
        format!("reader={covered}"),
        format!("reader={covered};{}", rest.replace("ed25519", "hmac-sha256")),
        format!("reader={covered};{}", rest.replace(r#";alg="ed25519""#, "")),
        format!("reader={covered};{}", rest.replace("created=1767225600;", "")),
        format!("reader={covered};{}", rest.replace(&format!(r#";tag="{TAG}""#), "")),
        format!("reader={covered};{rest};tag=\"{TAG}\""),
        format!("reader={covered};{}", rest.replace("=1767225660", "=1767225661")),
        format!("reader={covered};{}", rest.replace("=1767225660", "=1767225600")),
        format!("reader={covered};{}", rest.replace("=1767225660", "=1767225599")),
        format!("reader={covered};{}", rest.replace("=1767225600", "=01767225600")),
        format!("reader={covered};{}", rest.replace("=1767225600", "=+1767225600")),
        format!("reader={covered};{}", rest.replace("=1767225600", "=\"1767225600\"")),
        format!("reader={covered};{}", rest.replace("=1767225600", "=1767225600.0")),
        format!("reader={covered};{}", rest.replace("aizu1reader", "")),
        format!("reader={covered};{}", rest.replace("aizu1reader", "aizu1\\\"reader")),
        format!("reader={covered};{}", rest.replace("aizu1reader", &long)),
    ] {
        let headers = Headers { signature_input: input.clone(), ..good.clone() };
        let refused = check(&read(), &headers, NOW);
        assert!(matches!(refused, Err(SignatureError::Malformed { .. })), "{input}: {refused:?}");
    }
}

#[test]
fn every_other_form_of_the_signature_is_refused() {
    let good = sign(&read(), READER, &key(), Moment::at(NOW));
    let encoded = good.signature.strip_prefix("reader=:").unwrap().strip_suffix(':').unwrap();
    for signature in [
        String::new(),
        encoded.to_owned(),
        format!("reader={encoded}"),
        format!("other=:{encoded}:"),
        format!("reader=:{encoded}"),
        format!("reader=:{encoded}:;a=1"),
        format!("reader=:{encoded}:, reader=:{encoded}:"),
        format!("reader=:{}:", encoded.trim_end_matches('=')),
        format!("reader=: {encoded}:"),
        format!("reader=:{}:", STANDARD.encode([0; 63])),
        format!("reader=:{}:", STANDARD.encode([0; 65])),
    ] {
        let headers = Headers { signature: signature.clone(), ..good.clone() };
        let refused = check(&read(), &headers, NOW);
        assert!(matches!(refused, Err(SignatureError::Malformed { .. })), "{signature}");
    }
}

#[test]
fn missing_headers_are_named() {
    let good = sign(&read(), READER, &key(), Moment::at(NOW));
    let input = Some(good.signature_input.as_str());
    let none = Unverified::read(&read(), None, None, None, Moment::at(NOW)).unwrap_err();
    assert_eq!(none, SignatureError::Missing { header: SIGNATURE_INPUT });
    let half = Unverified::read(&read(), input, None, None, Moment::at(NOW)).unwrap_err();
    assert_eq!(half, SignatureError::Missing { header: SIGNATURE });
}
