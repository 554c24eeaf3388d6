//! A folder of the log, checked by verifiers that were made elsewhere, and tampered copies of it.
//!
//! The crates `signed_note` and `tlog_tiles` check it always. The Go project's `sumdb` packages and
//! PyPI's `aics-tlog` do where they are installed; `scripts/foreign.sh` installs them and demands
//! them. `KYOJO_LOG_FOLDER` names a folder of a node's log to check in place of a made one.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is a failed test")]

#[path = "../formats/fixture.rs"]
mod fixture;
mod folder;
mod rust;

use std::path::{Path, PathBuf};
use std::process::Command;

use folder::{Tampering, copy_tampered, write_log};

/// What checks a folder: its name, and whether the folder holds.
type Judge = (&'static str, Box<dyn Fn(&Path) -> Result<(), String>>);

/// `KYOJO_FOREIGN=all` demands every verifier; else those that are missing are named and left out.
fn is_demanded() -> bool {
    std::env::var_os("KYOJO_FOREIGN").is_some_and(|value| value == "all")
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/foreign")
}

/// Where Debian puts the sources of `golang-golang-x-mod-dev`.
const GO_PATH: &str = "/usr/share/gocode";

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

fn go(folder: &Path) -> Result<Judge, String> {
    if !Path::new(GO_PATH).join("src/golang.org/x/mod/sumdb").exists() {
        return Err("golang-golang-x-mod-dev is not installed".to_owned());
    }
    let program = folder.join("log-go");
    run(Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(sources().join("log.go"))
        .env("GO111MODULE", "off")
        .env("GOPATH", GO_PATH)
        .env("GOCACHE", folder.join("go-cache"))
        .env("GOFLAGS", ""))?;
    Ok(("go sumdb", Box::new(move |log| run(Command::new(&program).arg(log)))))
}

fn python() -> Result<Judge, String> {
    let python = std::env::var_os("KYOJO_FOREIGN_PYTHON").unwrap_or_else(|| "python3".into());
    run(Command::new(&python).args(["-c", "import aics_tlog"]))
        .map_err(|_| format!("aics-tlog is not installed for {}", python.display()))?;
    let script = sources().join("log.py");
    Ok(("aics-tlog", Box::new(move |log| run(Command::new(&python).arg(&script).arg(log)))))
}

fn judges(folder: &Path) -> Vec<Judge> {
    let mut judges: Vec<Judge> = vec![("signed_note and tlog_tiles", Box::new(rust::check))];
    for judge in [go(folder), python()] {
        match judge {
            Ok(judge) => judges.push(judge),
            Err(missing) => {
                assert!(!is_demanded(), "{missing}");
                eprintln!("left out: {missing} (scripts/foreign.sh installs it)");
            }
        }
    }
    judges
}

#[test]
fn every_verifier_accepts_the_log_and_refuses_each_tampered_copy() {
    let scratch = tempfile::tempdir().unwrap();
    let good = match std::env::var_os("KYOJO_LOG_FOLDER") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let folder = scratch.path().join("good");
            write_log(&folder, 300);
            folder
        }
    };
    let judges = judges(scratch.path());
    for (name, judge) in &judges {
        assert_eq!(judge(&good), Ok(()), "{name} refuses the log");
    }
    let mut tampered = 0;
    for tampering in Tampering::ALL {
        let copy = scratch.path().join(format!("{tampering:?}"));
        if !copy_tampered(&good, &copy, tampering) {
            continue;
        }
        for (name, judge) in &judges {
            let refused = judge(&copy);
            assert!(refused.is_err(), "{name} accepts {tampering:?}");
            tampered += 1;
        }
    }
    report(&judges, tampered);
}

/// For whoever asked for a report by `KYOJO_FOREIGN_REPORT`: every copy counted here was refused.
fn report(judges: &[Judge], tampered: usize) {
    let Some(path) = std::env::var_os("KYOJO_FOREIGN_REPORT") else { return };
    let names: Vec<&str> = judges.iter().map(|(name, _)| *name).collect();
    let report = serde_json::json!({
        "verifiers": names, "tampered": tampered, "refused": tampered,
    });
    std::fs::write(path, report.to_string()).unwrap();
}
