//! The second verifier, in Python: run once over many bundles, compared with this one on each.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ledger_proof::bundle::{Bundle, BundleError, Check, TrustRoot, verify};
use serde_json::{Value, json};

use crate::samples::{folder, samples};
use crate::world::trust;

fn program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify/kyojo_verify.py")
}

/// What this verifier says, in the words of the other.
pub(crate) fn ours(bytes: &[u8], trust: &TrustRoot) -> Value {
    let judged = Bundle::from_json(bytes).and_then(|bundle| verify(&bundle, trust));
    match judged {
        Ok(verified) => json!({ "ok": true, "verified": verified }),
        Err(BundleError { code, at, .. }) => {
            let (change, claim) = match at {
                Check::Whole => (None, None),
                Check::Change(index) => (Some(index), None),
                Check::Claim(index) => (None, Some(index)),
            };
            json!({ "ok": false, "code": code.as_str(), "change": change, "claim": claim })
        }
    }
}

/// What the other says of documents of one line each, under one trust root.
pub(crate) fn theirs(documents: &[Vec<u8>], trust: &TrustRoot) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trust.json");
    std::fs::write(&file, trust.to_json()).unwrap();
    let mut child = Command::new("python3")
        .arg(program())
        .args(["-", "--trust"])
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed: it runs the second verifier");
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<u8> =
        documents.iter().flat_map(|one| [one.as_slice(), b"\n"].concat()).collect();
    let output = std::thread::scope(|scope| {
        let writer = scope.spawn(move || stdin.write_all(&lines));
        let output = child.wait_with_output();
        writer.join().expect("writing does not panic").map(|()| output)
    });
    let output = output.unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), documents.len());
    answers
}

/// The document on one line: newlines stand only between its parts.
pub(crate) fn one_line(bundle: &Bundle) -> Vec<u8> {
    bundle.to_json().replace('\n', "").into_bytes()
}

#[test]
fn both_verifiers_say_the_same_of_every_sample() {
    for (name, _) in samples() {
        let run = Command::new("python3")
            .arg(program())
            .arg(folder().join(format!("{name}.json")))
            .arg("--trust")
            .arg(folder().join("trust.json"))
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
        let answer: Value = serde_json::from_slice(&run.stdout).unwrap();
        let pinned = std::fs::read(folder().join(format!("{name}.verified.json"))).unwrap();
        let pinned: Value = serde_json::from_slice(&pinned).unwrap();
        assert_eq!(answer, json!({ "ok": true, "verified": pinned }), "{name}");
    }
}

#[test]
fn a_refused_bundle_exits_with_10() {
    let folder = folder();
    let run = Command::new("python3")
        .arg(program())
        .args([folder.join("trust.json"), "--trust".into(), folder.join("trust.json")])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(10));
    let answer: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(answer["code"], "unknown_format");
    let missing = Command::new("python3")
        .arg(program())
        .args(["no such file", "--trust"])
        .arg(folder.join("trust.json"))
        .output()
        .unwrap();
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn signatures_on_the_edge_of_the_rule_are_judged_alike() {
    // Canonical and other encodings of points of small order, as keys and as R, with S = 0: valid
    // under ZIP-215, and no two common libraries agree on all of them.
    let script = format!(
        "import sys; sys.path.insert(0, {:?})\nimport kyojo_verify as v\n\
         for line in sys.stdin:\n a, r = line.split()\n \
         print(v.verify_signature(bytes.fromhex(a), b'Zcash', bytes.fromhex(r) + bytes(32)))",
        program().parent().unwrap()
    );
    let points = edge_points();
    let pairs: Vec<(&String, &String)> =
        points.iter().flat_map(|a| points.iter().map(move |r| (a, r))).collect();
    let input: String = pairs.iter().map(|(a, r)| format!("{a} {r}\n")).collect();
    let mut child = Command::new("python3")
        .args(["-B", "-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let verdicts: Vec<bool> = output.lines().map(|line| line == "True").collect();
    let expected: Vec<bool> = pairs.iter().map(|(a, r)| zip215(a, r)).collect();
    assert_eq!(verdicts, expected);
    assert_eq!(expected.iter().filter(|good| **good).count(), 14 * 14);
}

fn zip215(key: &str, r: &str) -> bool {
    let bytes = |text: &str| <[u8; 32]>::try_from(hex::decode(text).unwrap()).unwrap();
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&bytes(r));
    let key = ledger_types::PublicKey::Ed25519(bytes(key));
    let signature = ledger_types::Signature::Ed25519(signature);
    ledger_types::verify::verify(&key, b"Zcash", &signature)
}

/// The 8 canonical encodings of points of small order, 6 that are not canonical, and one encoding
/// that is no point.
fn edge_points() -> Vec<String> {
    let zeros = |first: &str, last: &str| format!("{first}{}{last}", "00".repeat(30));
    let effs = |first: &str, last: &str| format!("{first}{}{last}", "ff".repeat(30));
    let order8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03";
    let other8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc";
    vec![
        zeros("01", "00"),
        effs("ec", "7f"),
        zeros("00", "00"),
        zeros("00", "80"),
        format!("{order8}7a"),
        format!("{order8}fa"),
        format!("{other8}05"),
        format!("{other8}85"),
        zeros("01", "80"),
        effs("ec", "ff"),
        effs("ee", "7f"),
        effs("ee", "ff"),
        effs("ed", "7f"),
        effs("ed", "ff"),
        zeros("02", "00"),
    ]
}

#[test]
fn the_trust_root_decides_what_counts() {
    let everything = samples().pop().map(|(_, bundle)| one_line(&bundle)).unwrap();
    for change in [
        |trust: &mut TrustRoot| trust.genesis = ledger_types::Hash::ZERO,
        |trust: &mut TrustRoot| trust.validators = None,
        |trust: &mut TrustRoot| trust.policy = None,
    ] {
        let mut trust = trust();
        change(&mut trust);
        let said = ours(&everything, &trust);
        assert_eq!(said["ok"], false);
        assert_eq!(theirs(std::slice::from_ref(&everything), &trust), [said]);
    }
}
