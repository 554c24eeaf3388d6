//! What a state takes in memory: a process of its own rebuilds it from its records and says by how
//! much its anonymous memory grew.
//!
//! In the process that made the state it could not be told: the database's buffers lie there too,
//! and what was freed is taken again without growing. Nothing else lies in the other process.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, ensure};
use borsh::{BorshDeserialize, BorshSerialize};
use kyojo_tests::measure::anonymous_bytes;
use ledger::{State, StoredRecord};
use ledger_types::Genesis;

const GENESIS: &str = "genesis";
const TIP: &str = "tip";
const RECORDS: &str = "records";

/// Weighs a state, in a folder that is there and empty.
pub(super) fn weigh(state: &State, genesis: &Genesis, folder: &Path) -> anyhow::Result<u64> {
    write(state, genesis, folder)?;
    let program = std::env::current_exe()?;
    let output = Command::new(program).arg("--weigh").arg(folder).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)?.trim().parse().context("a number of bytes")
}

fn write(state: &State, genesis: &Genesis, folder: &Path) -> anyhow::Result<()> {
    std::fs::write(folder.join(GENESIS), borsh::to_vec(genesis)?)?;
    std::fs::write(folder.join(TIP), state.tip_bytes())?;
    let mut records = BufWriter::new(File::create(folder.join(RECORDS))?);
    for StoredRecord { slot, key, value } in state.records() {
        (slot, key, value).serialize(&mut records)?;
    }
    records.flush()?;
    Ok(())
}

/// What the other process does and prints.
pub(crate) fn weighed(folder: &Path) -> ExitCode {
    match grown(folder) {
        Ok(bytes) => {
            println!("{bytes}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// By how much the memory of this process grows by the state in a folder.
fn grown(folder: &Path) -> anyhow::Result<u64> {
    let genesis: Genesis = borsh::from_slice(&std::fs::read(folder.join(GENESIS))?)?;
    let tip = std::fs::read(folder.join(TIP))?;
    let mut records = BufReader::new(File::open(folder.join(RECORDS))?);
    let before = anonymous_bytes()?;
    let records = std::iter::from_fn(|| {
        let (slot, key, value) = BorshDeserialize::deserialize_reader(&mut records).ok()?;
        Some(StoredRecord { slot, key, value })
    });
    let state = State::restore(&genesis, &tip, records)?;
    let after = anonymous_bytes()?;
    // It lives until it was weighed.
    ensure!(state.record_count() > 0, "a state without records");
    Ok(after.saturating_sub(before))
}
