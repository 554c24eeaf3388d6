//! The verifier in Python that bundles are verified with too: one rule in both.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::judge::Triple;

const SCRIPT: &str = "import sys
import kyojo_verify as v
for line in sys.stdin:
    key, message, signature = (bytes.fromhex(one) for one in line.split(','))
    print(v.verify_signature(key, message, signature))";

/// What it says of each triple.
fn verdicts(triples: &[Triple]) -> Vec<bool> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify");
    let mut child = Command::new("python3")
        .args(["-B", "-c", SCRIPT])
        .env("PYTHONPATH", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is installed: it runs the second verifier");
    let mut stdin = child.stdin.take().expect("a pipe");
    let line = |one: &Triple| {
        let [key, message] = [hex::encode(one.key), hex::encode(&one.message)];
        format!("{key},{message},{}\n", hex::encode(one.signature))
    };
    let lines: String = triples.iter().map(line).collect();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(lines.as_bytes()).expect("all of it is read"));
        child.wait_with_output().expect("it ends")
    });
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| line == "True").collect()
}

/// Asserts that it says of every triple what the reference says.
pub(crate) fn assert_verdicts(triples: &[Triple]) {
    let said = verdicts(triples);
    assert_eq!(said.len(), triples.len());
    for (triple, said) in triples.iter().zip(said) {
        assert_eq!(said, triple.expected(), "in Python: {triple:02x?}");
    }
}
