//! Published vectors, judged by ZIP-215 and not by the rule that their authors had in mind.
//!
//! They are not part of the project: they are looked for beside it, and their absence is said.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::judge::{Triple, assert_verdict};
use crate::python;

/// The vectors in a file, or `None` with a message where there is no such file.
///
/// The message goes around the test harness, which would keep it to itself.
fn read(file: &str) -> Option<Value> {
    let beside = |above: &Path| above.join("shared/data/vectors").join(file);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(path) = manifest.ancestors().map(beside).find(|path| path.is_file()) else {
        let message = format!("SKIPPED: no shared/data/vectors/{file} beside the project\n");
        std::io::stderr().write_all(message.as_bytes()).expect("standard error takes a line");
        return None;
    };
    let text = std::fs::read_to_string(&path).expect("the vectors are readable");
    Some(serde_json::from_str(&text).expect("the vectors are JSON"))
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().expect("a text")).expect("hexadecimal digits")
}

/// A triple, or `None` where the key or the signature does not have its length.
fn triple(key: &Value, message: &Value, signature: &Value) -> Option<Triple> {
    let key = bytes(key).try_into().ok()?;
    let signature = bytes(signature).try_into().ok()?;
    Some(Triple { key, message: bytes(message), signature })
}

#[test]
fn wycheproof_is_judged_by_zip_215() {
    let Some(file) = read("wycheproof-ed25519.json") else { return };
    let mut judged = Vec::new();
    let mut differing = Vec::new();
    for group in file["testGroups"].as_array().expect("groups") {
        for test in group["tests"].as_array().expect("tests") {
            let number = test["tcId"].as_u64().expect("a number");
            let published = test["result"] == "valid";
            let Some(triple) = triple(&group["publicKey"]["pk"], &test["msg"], &test["sig"]) else {
                assert!(!published, "test {number} has an impossible length and is valid");
                continue;
            };
            let verdict = triple.expected();
            assert_verdict(&triple, verdict, &format!("Wycheproof test {number}"));
            if verdict != published {
                differing.push(number);
            }
            judged.push(triple);
        }
    }
    assert_eq!(judged.len(), 139);
    python::assert_verdicts(&judged);
    // 151: R is the identity with the sign of x set, which RFC 8032 refuses and ZIP-215 accepts.
    assert_eq!(differing, [151], "where ZIP-215 and the published verdict differ");
}

#[test]
fn speccheck_is_judged_by_zip_215() {
    let Some(file) = read("ed25519-speccheck.json") else { return };
    let read = |case: &Value| {
        triple(&case["pub_key"], &case["message"], &case["signature"]).expect("32 and 64 bytes")
    };
    let triples: Vec<Triple> = file.as_array().expect("cases").iter().map(read).collect();
    for (number, triple) in triples.iter().enumerate() {
        assert_verdict(triple, triple.expected(), &format!("speccheck case {number}"));
    }
    python::assert_verdicts(&triples);
    let verdicts: Vec<bool> = triples.iter().map(Triple::expected).collect();
    // The row of ZIP-215 in "Taming the many EdDSAs" (Chalkias and others, 2020), table 5.
    let [yes, no] = [true, false];
    assert_eq!(verdicts, [yes, yes, yes, yes, yes, yes, no, no, no, yes, yes, yes]);
}

#[test]
fn cctv_is_judged_by_zip_215() {
    let Some(file) = read("cctv-ed25519.json") else { return };
    let mut judged = Vec::new();
    let mut held = 0;
    for case in file.as_array().expect("cases") {
        let message = Value::from(hex::encode(case["msg"].as_str().expect("a text")));
        let triple = triple(&case["key"], &message, &case["sig"]).expect("32 and 64 bytes");
        // Such a signature is right only if k is taken over another form of A or R than was sent.
        // Where A is of small order, 8·k·A is the identity whatever k is.
        let has = |flag: &str| {
            let mut flags = case["flags"].as_array().into_iter().flatten();
            flags.any(|one| one.as_str() == Some(flag))
        };
        let expected = !has("reencoded_k") || has("low_order_A");
        assert_verdict(&triple, expected, &format!("CCTV case {}", case["number"]));
        held += usize::from(expected);
        judged.push(triple);
    }
    assert_eq!((judged.len(), held), (914, 826));
    python::assert_verdicts(&judged);
}
