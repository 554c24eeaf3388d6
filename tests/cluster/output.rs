//! Where the results of every program go: a reader that closes the pipe, a disk that is full.

use std::fs::File;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use kyojo_tests::network::binaries;

const PROGRAMS: [&str; 4] = ["kyojo", "kyojo-gateway", "kyojo-genesis", "kyojo-node"];

fn program(name: &str, arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(binaries()?.join(name));
    command.args(arguments).env_clear().stdin(Stdio::null());
    Ok(command)
}

/// A pipe that nobody reads any more.
fn closed() -> anyhow::Result<Stdio> {
    let (reader, writer) = std::io::pipe()?;
    drop(reader);
    Ok(writer.into())
}

#[test]
fn a_closed_pipe_ends_every_program_quietly() -> anyhow::Result<()> {
    for name in PROGRAMS {
        for arguments in [["--help"], ["--version"]] {
            let output = program(name, &arguments)?.stdout(closed()?).output()?;
            let said = String::from_utf8_lossy(&output.stderr);
            ensure!(output.status.success() && said.is_empty(), "{name} {arguments:?}: {said}");
        }
        let mut mistaken = program(name, &["frobnicate"])?;
        let status = mistaken.stdout(closed()?).stderr(closed()?).status()?;
        ensure!(status.code() == Some(2), "{name}: {status}");
    }
    Ok(())
}

#[test]
fn a_full_standard_output_is_an_error_of_every_program() -> anyhow::Result<()> {
    for name in PROGRAMS {
        for arguments in [["--help"], ["--version"]] {
            let full = File::options().write(true).open("/dev/full").context("/dev/full")?;
            let status = program(name, &arguments)?.stdout(full).stderr(Stdio::null()).status()?;
            ensure!(status.code() == Some(12), "{name} {arguments:?}: {status}");
        }
    }
    Ok(())
}
