//! A terminal with a person before it: types, reads what the screen shows, and counts.
//!
//! The program behind it runs on a pseudo-terminal, so that it asks as it asks people. Whatever is
//! typed is held against what any screen has shown before: a number that somebody must type without
//! ever having seen it is counted, unless it is her own (an amount, a password, a date).

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// How long a screen may take to show something.
const SHOWN_WITHIN: Duration = Duration::from_secs(60);
/// The size of the screen.
const SIZE: Winsize = Winsize { ws_row: 50, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };

/// What somebody had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// Lines typed, commands and answers alike.
    pub steps: u64,
    /// Characters typed, each line's end included.
    pub characters_typed: u64,
    /// Numbers and codes typed that were neither shown before nor the person's own.
    pub numbers_no_screen_showed: u64,
}

/// Somebody before a terminal.
#[derive(Debug)]
pub struct Person {
    /// Where the programs are.
    programs: PathBuf,
    /// Where she is.
    folder: PathBuf,
    /// The variables that her programs see; nothing else is in their environment.
    variables: Vec<(String, String)>,
    /// Everything that she has seen.
    seen: String,
    tally: Tally,
}

impl Person {
    /// Somebody with these programs, in a folder, with these variables.
    #[must_use]
    pub fn new(programs: PathBuf, folder: PathBuf, variables: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables = variables.iter().map(owned).collect();
        Self { programs, folder, variables, seen: String::new(), tally: Tally::default() }
    }

    /// Where she is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What she had to do so far.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// She sees what somebody shows her: a sheet, a screen, a code that a camera reads.
    pub fn sees(&mut self, text: &str) {
        self.seen.push_str(text);
        self.seen.push('\n');
    }

    /// Everything that she has seen.
    #[must_use]
    pub fn seen(&self) -> &str {
        &self.seen
    }

    /// Types a command, its words parted by spaces; `own` are the numbers that she knows herself.
    ///
    /// # Errors
    /// Where the program does not start.
    pub fn types(&mut self, line: &str, own: &[&str]) -> anyhow::Result<Session<'_>> {
        self.typed(line, own);
        self.sees(&format!("$ {line}"));
        let mut words = line.split_whitespace();
        let program = words.next().context("an empty line")?;
        let mut command = Command::new(self.programs.join(program));
        command.args(words).current_dir(&self.folder).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Session::start(self, command)
    }

    fn typed(&mut self, line: &str, own: &[&str]) {
        self.tally.steps += 1;
        self.tally.characters_typed += line.chars().count() as u64 + 1;
        let unknown = line.split_whitespace().filter(|word| {
            let is_number = word.chars().any(char::is_numeric);
            is_number && !own.iter().any(|own| word.contains(own)) && !self.seen.contains(word)
        });
        self.tally.numbers_no_screen_showed += unknown.count() as u64;
    }
}

/// What the screen shows of one command.
#[derive(Debug, Default)]
struct Screen {
    text: Mutex<(String, bool)>,
    changed: Condvar,
}

impl Screen {
    fn lock(&self) -> MutexGuard<'_, (String, bool)> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the terminal to its end.
    fn read(&self, mut terminal: File) {
        let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
        // The other side's end is an error on Linux, and the end all the same.
        while let Ok(count @ 1..) = terminal.read(&mut piece) {
            bytes.extend_from_slice(piece.get(..count).unwrap_or_default());
            self.lock().0 = plain(&String::from_utf8_lossy(&bytes));
            self.changed.notify_all();
        }
        self.lock().1 = true;
        self.changed.notify_all();
    }
}

/// A command under way.
#[derive(Debug)]
pub struct Session<'a> {
    person: &'a mut Person,
    child: Child,
    terminal: File,
    screen: Arc<Screen>,
    /// Up to where the screen was read.
    read: usize,
}

impl<'a> Session<'a> {
    fn start(person: &'a mut Person, mut command: Command) -> anyhow::Result<Self> {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&terminal)?;
        unlockpt(&terminal)?;
        tcsetwinsize(&terminal, SIZE)?;
        let side = || -> anyhow::Result<OwnedFd> {
            let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
            Ok(ioctl_tiocgptpeer(&terminal, flags)?)
        };
        command.stdin(Stdio::from(side()?)).stdout(side()?).stderr(side()?);
        let child = command.spawn().with_context(|| format!("{command:?}"))?;
        // Its ends in this process would keep the terminal open after the program's.
        drop(command);
        let (terminal, screen) = (File::from(terminal), Arc::new(Screen::default()));
        let (reading, shown) = (terminal.try_clone()?, Arc::clone(&screen));
        std::thread::spawn(move || shown.read(reading));
        Ok(Self { person, child, terminal, screen, read: 0 })
    }

    /// Waits until the screen ends with one of these, as it does where an answer is waited for, and
    /// gives which; none where the program ends first.
    ///
    /// # Errors
    /// Where it takes too long; what the screen shows is in the error.
    pub fn asked(&mut self, prompts: &[&str]) -> anyhow::Result<Option<usize>> {
        let until = Instant::now() + SHOWN_WITHIN;
        let mut shown = self.screen.lock();
        loop {
            let new = shown.0.get(self.read..).unwrap_or_default().trim_end();
            let which = prompts.iter().position(|prompt| new.ends_with(prompt.trim_end()));
            if which.is_some() || shown.1 {
                return Ok(which);
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                bail!("none of {prompts:?} is asked; the screen shows:\n{}", shown.0);
            }
            let waited = self.screen.changed.wait_timeout(shown, left);
            shown = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What the screen has shown so far.
    #[must_use]
    pub fn shown(&self) -> String {
        self.screen.lock().0.clone()
    }

    /// Types an answer; `own` are the numbers in it that she knows herself.
    ///
    /// # Errors
    /// The terminal's.
    pub fn answers(&mut self, line: &str, own: &[&str]) -> anyhow::Result<()> {
        let shown = self.screen.lock().0.clone();
        self.person.sees(&shown);
        self.read = shown.len();
        self.person.typed(line, own);
        Ok(self.terminal.write_all(format!("{line}\n").as_bytes())?)
    }

    /// Types what nobody is to see, once the terminal shows it no more: a program that is about to hide
    /// what is typed forgets what came before.
    ///
    /// # Errors
    /// The terminal's, or where it goes on showing what is typed.
    pub fn answers_unseen(&mut self, secret: &str) -> anyhow::Result<()> {
        let until = Instant::now() + SHOWN_WITHIN;
        while tcgetattr(&self.terminal)?.local_modes.contains(LocalModes::ECHO) {
            ensure!(Instant::now() < until, "the terminal goes on showing what is typed");
            std::thread::park_timeout(Duration::from_millis(5));
        }
        self.answers(secret, &[secret])
    }

    /// Waits for the program's end; gives how it ended and everything that its screen showed.
    ///
    /// # Errors
    /// Where it does not end in time.
    pub fn ends(mut self) -> anyhow::Result<(ExitStatus, String)> {
        let until = Instant::now() + SHOWN_WITHIN;
        let mut shown = self.screen.lock();
        while !shown.1 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let text = shown.0.clone();
                drop(shown);
                let _ = self.child.kill();
                bail!("the program does not end; the screen shows:\n{text}");
            }
            let waited = self.screen.changed.wait_timeout(shown, left);
            shown = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        let text = shown.0.clone();
        drop(shown);
        self.person.sees(&text);
        Ok((self.child.wait()?, text))
    }
}

/// A screen's text without what moves the cursor or colours letters.
fn plain(shown: &str) -> String {
    let (mut text, mut letters) = (String::new(), shown.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                if letters.next() == Some('[') {
                    letters.by_ref().find(|end| ('@'..='~').contains(end));
                }
            }
            '\r' => {}
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(folder: &Path) -> Person {
        let variables = [("PATH", "/bin:/usr/bin")];
        Person::new(PathBuf::from("/bin"), folder.to_owned(), &variables)
    }

    #[test]
    fn a_program_asks_and_hears_as_at_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let text = "test -t 0 && test -t 1 && printf 'name? ' && read n && echo hi $n";
        std::fs::write(folder.path().join("ask"), text).unwrap();
        let mut person = person(folder.path());
        let mut session = person.types("sh ask", &[]).unwrap();
        assert_eq!(session.asked(&["age? ", "name? "]).unwrap(), Some(1));
        session.answers("花子", &[]).unwrap();
        assert_eq!(session.asked(&["name? "]).unwrap(), None);
        let (status, text) = session.ends().unwrap();
        assert!(status.success() && text.ends_with("hi 花子\n"), "{text}");
        assert_eq!(person.tally().steps, 2);
        assert_eq!(person.tally().numbers_no_screen_showed, 0);
    }

    #[test]
    fn a_number_that_no_screen_showed_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let mut person = person(folder.path());
        person.types("echo 42 7", &["7"]).unwrap().ends().unwrap();
        assert_eq!(person.tally().numbers_no_screen_showed, 1);
        person.types("echo 42", &[]).unwrap().ends().unwrap();
        assert_eq!(person.tally().numbers_no_screen_showed, 1, "it was shown meanwhile");
        assert_eq!(person.tally().characters_typed, 18);
    }
}
