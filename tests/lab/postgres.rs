//! PostgreSQL's plain double-entry ledger, driven by pgbench on this machine, as the peer to beat.
//!
//! One copy, no signatures, durable commits (`synchronous_commit = on`), the unbatched best of a
//! few client counts. The server is a private one in a temporary folder on a Unix socket.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};

/// Two balance updates, the debtor's only where the money suffices, and a journal entry.
///
/// Rows are locked in order of id, so no two transfers can deadlock.
const TRANSFER: &str = r"
\set debtor random(1, :accounts)
\set creditor 1 + (:debtor + random(0, :accounts - 2)) % :accounts
\set amount random(1, 1000)
BEGIN;
\if :debtor < :creditor
UPDATE account SET balance = balance - :amount WHERE id = :debtor AND balance >= :amount;
UPDATE account SET balance = balance + :amount WHERE id = :creditor;
\else
UPDATE account SET balance = balance + :amount WHERE id = :creditor;
UPDATE account SET balance = balance - :amount WHERE id = :debtor AND balance >= :amount;
\endif
INSERT INTO entry (debtor, creditor, amount) VALUES (:debtor, :creditor, :amount);
COMMIT;
";

/// Transfers a second of the best client count, each run for `seconds`.
///
/// # Errors
/// PostgreSQL's programs are missing (says which package brings them) or fail.
pub fn transfers_per_second(accounts: usize, seconds: u64) -> anyhow::Result<f64> {
    let programs = programs()?;
    let folder = tempfile::Builder::new().prefix("kyojo-pg-").tempdir()?;
    let server = Server::start(&programs, folder.path())?;
    server.sql(
        "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL);
         CREATE TABLE entry (id bigserial PRIMARY KEY, debtor bigint NOT NULL,
             creditor bigint NOT NULL, amount bigint NOT NULL,
             at timestamptz NOT NULL DEFAULT now());",
    )?;
    server.sql(&format!(
        "INSERT INTO account SELECT id, 1000000 FROM generate_series(1, {accounts}) AS id; ANALYZE;"
    ))?;
    let script = folder.path().join("transfer.sql");
    std::fs::write(&script, TRANSFER)?;
    let mut best = 0.0_f64;
    for clients in [8, 16, 32] {
        best = best.max(server.pgbench(&script, accounts, clients, seconds)?);
    }
    Ok(best)
}

fn programs() -> anyhow::Result<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("pgbench").is_file() && bin.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().context(
        "PostgreSQL is not installed: `apt-get install postgresql postgresql-contrib` brings it",
    )
}

struct Server<'a> {
    programs: &'a Path,
    data: PathBuf,
    socket: PathBuf,
}

impl<'a> Server<'a> {
    fn start(programs: &'a Path, folder: &Path) -> anyhow::Result<Self> {
        let server = Self { programs, data: folder.join("data"), socket: folder.to_path_buf() };
        // The server refuses to run as root: its files belong to the package's own user then.
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder))?;
        }
        let data = server.data.to_string_lossy().into_owned();
        server.run("initdb", &["-D", &data, "-U", "kyojo", "-A", "trust", "--no-instructions"])?;
        let socket = server.socket.to_string_lossy().into_owned();
        let options = format!("-c listen_addresses='' -k {socket} -c shared_buffers=512MB");
        let log = folder.join("log").to_string_lossy().into_owned();
        server.run("pg_ctl", &["-D", &data, "-l", &log, "-o", &options, "-w", "start"])?;
        Ok(server)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        run(command.args(arguments).current_dir(&self.socket))
    }

    fn sql(&self, text: &str) -> anyhow::Result<String> {
        let socket = self.socket.to_string_lossy().into_owned();
        self.run("psql", &["-h", &socket, "-U", "kyojo", "-d", "postgres", "-qc", text])
    }

    fn pgbench(
        &self,
        script: &Path,
        accounts: usize,
        clients: u32,
        seconds: u64,
    ) -> anyhow::Result<f64> {
        let socket = self.socket.to_string_lossy().into_owned();
        let script = script.to_string_lossy().into_owned();
        let (clients, seconds) = (clients.to_string(), seconds.to_string());
        let accounts = format!("accounts={accounts}");
        let output = self.run(
            "pgbench",
            &[
                "-h", &socket, "-U", "kyojo", "-n", "-M", "prepared", "-j", "2", "-c", &clients,
                "-T", &seconds, "-D", &accounts, "-f", &script, "postgres",
            ],
        )?;
        let line = output.lines().find_map(|line| line.strip_prefix("tps = "));
        let figure =
            line.and_then(|rest| rest.split(' ').next()).context("pgbench printed no tps")?;
        Ok(figure.parse()?)
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let data = self.data.to_string_lossy().into_owned();
        // Nothing can be done where it does not stop; the folder goes with the temporary one.
        let _ = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]);
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("{command:?} does not start"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    if output.stdout.len() > 1 << 20 {
        bail!("{command:?} printed more than expected");
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
