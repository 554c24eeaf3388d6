//! A manual's commands, run as they stand: its machines are folders, each with an address of its own.
//!
//! A step is a block of shell commands under a line `<!-- on: alpha beta -->`, which a reader does
//! not see, and runs on each of these machines in turn. What lies at a fixed place or address in the
//! manual lies elsewhere here, and `systemctl` is a script that starts and stops the one program.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

/// The home of a node in the manual.
const HOME: &str = "/var/lib/kyojo";
/// Where members put what they give each other, and what is carried by hand from one machine to another.
const EXCHANGE: [(&str, &str); 2] = [("/srv/kyojo", "exchange"), ("/srv/machines", "machines")];
/// Where a machine has its backups.
const BACKUPS: &str = "/var/backups";
/// The network of addresses in the manual (RFC 5737).
const ADDRESSES: &str = "192.0.2.";
/// Before a block: who runs it.
const ON: &str = "<!-- on: ";

/// A block of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The heading under which it stands.
    pub heading: String,
    /// The machines on which it runs.
    pub on: Vec<String>,
    /// The commands.
    pub commands: String,
}

/// The steps of a manual, in its order.
///
/// # Errors
/// A step has no block of commands, or a block does not end.
pub fn steps(text: &str) -> anyhow::Result<Vec<Step>> {
    let (mut steps, mut heading) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix('#') {
            title.trim_start_matches('#').trim().clone_into(&mut heading);
        }
        let Some(on) = line.strip_prefix(ON).and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let opens = lines.next();
        ensure!(opens == Some("```sh"), "{heading}: {opens:?} stands after {line:?}");
        let mut commands = String::new();
        loop {
            match lines.next().with_context(|| format!("{heading}: a block does not end"))? {
                "```" => break,
                command => commands.push_str(&format!("{command}\n")),
            }
        }
        let on = on.split_whitespace().map(str::to_owned).collect();
        steps.push(Step { heading: heading.clone(), on, commands });
    }
    Ok(steps)
}

/// The machines of a manual, all of them on this one.
#[derive(Debug)]
pub struct Machines {
    root: tempfile::TempDir,
    programs: PathBuf,
    /// The second and third byte of their addresses: tests beside this one have others.
    net: u16,
}

impl Machines {
    /// Machines that do not do anything yet.
    ///
    /// # Errors
    /// A folder cannot be made.
    pub fn new(programs: PathBuf) -> anyhow::Result<Self> {
        let root = tempfile::Builder::new().prefix("kyojo-manual-").tempdir()?;
        for folder in ["tools", "exchange"] {
            fs::create_dir(root.path().join(folder))?;
        }
        let tool = root.path().join("tools/systemctl");
        fs::write(&tool, SYSTEMCTL)?;
        fs::set_permissions(&tool, Permissions::from_mode(0o755))?;
        let net = u16::try_from(std::process::id() % 0xffff).unwrap_or(1);
        Ok(Self { root, programs, net })
    }

    /// Everything of a machine.
    #[must_use]
    pub fn folder(&self, machine: &str) -> PathBuf {
        self.root.path().join("machines").join(machine)
    }

    /// The home of a machine's node.
    #[must_use]
    pub fn home(&self, machine: &str) -> PathBuf {
        self.folder(machine).join("kyojo")
    }

    /// An address as the manual has it, where it lies here.
    #[must_use]
    pub fn address(&self, last: u8) -> String {
        let [a, b] = self.net.to_be_bytes();
        // 127.0.0.0/24 is everybody's.
        format!("127.{}.{b}.{last}", a.max(1))
    }

    /// Runs a step; gives what each machine said. `own` are the variables that whoever sits there has set.
    ///
    /// # Errors
    /// A command fails; what it said is in the error.
    pub fn run(
        &self,
        step: &Step,
        own: impl Fn(&str) -> Vec<(&'static str, String)>,
    ) -> anyhow::Result<Vec<String>> {
        step.on.iter().map(|machine| self.run_on(machine, step, own(machine))).collect()
    }

    fn run_on(
        &self,
        machine: &str,
        step: &Step,
        own: Vec<(&'static str, String)>,
    ) -> anyhow::Result<String> {
        let folder = self.folder(machine);
        fs::create_dir_all(&folder)?;
        let commands = self.placed(machine, &step.commands);
        let path = |folder: &Path| folder.display().to_string();
        let tools = path(&self.root.path().join("tools"));
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &commands])
            .current_dir(&folder)
            .env_clear()
            .env("PATH", format!("{tools}:{}:/usr/bin:/bin", path(&self.programs)))
            .env("MACHINE", &folder)
            .env("HOME", &folder)
            .envs(own)
            .output()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        ensure!(
            output.status.success(),
            "{} on {machine}: {}\n{commands}\n{said}",
            step.heading,
            output.status
        );
        Ok(said)
    }

    /// Commands with what lies elsewhere here.
    fn placed(&self, machine: &str, commands: &str) -> String {
        let here = self.address(0);
        let addresses = here.strip_suffix('0').unwrap_or(&here);
        let own = [(HOME, self.home(machine)), (BACKUPS, self.folder(machine))];
        let all = EXCHANGE.map(|(from, to)| (from, self.root.path().join(to)));
        own.into_iter()
            .chain(all)
            .fold(commands.replace(ADDRESSES, addresses), |text, (from, to)| {
                text.replace(from, &to.display().to_string())
            })
    }
}

impl Drop for Machines {
    fn drop(&mut self) {
        let machines = fs::read_dir(self.root.path().join("machines"));
        for machine in machines.into_iter().flatten().flatten() {
            let stop = Step {
                heading: "the end".to_owned(),
                on: vec![machine.file_name().to_string_lossy().into_owned()],
                commands: "systemctl stop kyojo-node".to_owned(),
            };
            // A machine without a node has nothing to stop.
            let _ = self.run(&stop, |_| Vec::new());
        }
    }
}

/// Starts and stops the program that the unit of that name would.
const SYSTEMCTL: &str = r#"#!/bin/sh
# systemctl start|stop|enable --now UNIT
set -eu
pid="$MACHINE/pid"
alive() { test -f "$pid" && kill -0 "$(cat "$pid")" 2>/dev/null; }
case "$1" in
start | enable | restart)
    if alive; then exit 0; fi
    kyojo-node start --home "$MACHINE/kyojo" </dev/null >>"$MACHINE/node.log" 2>&1 &
    echo $! >"$pid"
    ;;
stop)
    if alive; then
        kill -TERM "$(cat "$pid")"
        while alive; do sleep 0.05; done
    fi
    rm -f "$pid"
    ;;
*)
    echo "systemctl $1 is not known here" >&2
    exit 1
    ;;
esac
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_what_stands_under_a_line_that_says_where() {
        let text =
            "# A\n## Found\n\nWords.\n\n<!-- on: a b -->\n```sh\none\ntwo\n```\n\n```sh\nno\n```\n";
        let step = Step {
            heading: "Found".to_owned(),
            on: vec!["a".to_owned(), "b".to_owned()],
            commands: "one\ntwo\n".to_owned(),
        };
        assert_eq!(steps(text).unwrap(), [step]);
        assert!(steps("<!-- on: a -->\nwords\n").is_err());
        assert!(steps("<!-- on: a -->\n```sh\nno end\n").is_err());
    }

    #[test]
    fn commands_run_on_each_machine_in_its_own_folder() {
        let machines = Machines::new(PathBuf::from("/bin")).unwrap();
        let commands =
            "echo /var/lib/kyojo 192.0.2.7 >/srv/kyojo/$(basename $PWD)\ncat /srv/kyojo/a";
        let on = vec!["a".to_owned(), "b".to_owned()];
        let step = Step { heading: String::new(), on, commands: commands.to_owned() };
        let said = machines.run(&step, |_| Vec::new()).unwrap();
        let home = machines.home("a").display().to_string();
        assert_eq!(said[1], format!("{home} {}\n", machines.address(7)));
        let fails = Step { commands: "false\necho no".to_owned(), ..step };
        assert!(machines.run(&fails, |_| Vec::new()).is_err());
    }
}
