//! What every command works with: output, settings, the wallet that was opened, the node in use.

use std::io::{ErrorKind, IsTerminal};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use kyojo_cli::{Given, given};
use ledger_types::{AddressPrefix, Hash, SigningKey};
use network_clock::Clock;
use secrecy::SecretString;
use serde_json::json;
use zeroize::Zeroizing;

use crate::client::{Client, ClientError, Network, Options, Reader};
use crate::danger::{Around, Dangers};
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::global::Global;
use crate::keystore::mnemonic::Secrets;
use crate::keystore::seal::SealError;
use crate::keystore::{Alias, Attachment, Keystore, KeystoreError, Opened, SecretKind, Wallet};
use crate::machine;
use crate::named::{Known, Names, Unread, cached};
use crate::output::{Output, Problem, table};
use crate::settings::Settings;

/// The fewest characters of a new password.
const PASSWORD_CHARS_MIN: usize = 8;
/// How often a password is asked for.
const PASSWORD_TRIES: u32 = 3;
/// How long a node may take to say who it is where nobody said how long to wait. With all else that a
/// command does before, it is under two seconds.
const FIRST_ANSWER: Duration = Duration::from_millis(1200);

/// What a command works with.
pub(crate) struct App {
    pub(crate) output: Output,
    pub(crate) settings: Settings,
    pub(crate) global: Global,
    /// The number of what the command line asks for, whatever the options of every command.
    pub(crate) asked: Hash,
    /// The network of the node, once it was asked.
    network: OnceLock<Network>,
    /// Everybody who is known by name, once somebody asked.
    names: OnceLock<Names>,
    /// What stands against whose wallet it is.
    dangers: Dangers,
    /// Whether somebody said how long to wait.
    is_patient: bool,
    /// The password that was given last, with its wallet's name: nobody types it twice, and a
    /// descriptor is read once.
    given: Mutex<Option<(String, SecretString)>>,
}

/// A wallet that was opened.
pub(crate) struct Unlocked {
    pub(crate) secrets: Secrets,
    pub(crate) attached: Attachment,
}

impl Unlocked {
    /// The wallet as the reader of signed requests.
    pub(crate) fn reader(&self) -> Reader {
        Reader { address: self.attached.address.clone(), key: self.secrets.account_key().clone() }
    }
}

impl App {
    /// What a command works with: `asked` is the number of what is asked for, and whether somebody said
    /// how long to wait.
    pub(crate) fn new(
        output: Output,
        settings: Settings,
        global: Global,
        (asked, is_patient): (Hash, bool),
    ) -> Self {
        let (network, names) = (OnceLock::new(), OnceLock::new());
        let (dangers, given) = (Dangers::default(), Mutex::default());
        Self { output, settings, global, asked, network, names, dangers, is_patient, given }
    }

    pub(crate) fn text(&self, key: &str, variables: &[(&'static str, &str)]) -> String {
        self.output.lang.text(key, variables)
    }

    /// The number of something that has versions, with the version.
    #[expect(clippy::needless_pass_by_value, reason = "numbers and references alike")]
    pub(crate) fn versioned(&self, number: impl ToString, version: impl ToString) -> String {
        let (number, version) = (number.to_string(), version.to_string());
        self.text("label-versioned", &[("number", &number), ("version", &version)])
    }

    /// A table under titles of these keys.
    pub(crate) fn table(&self, titles: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
        let titles: Vec<String> = titles.iter().map(|key| self.text(key, &[])).collect();
        table(&titles, rows, right)
    }

    const fn around(&self) -> Around<'_> {
        Around { output: self.output, folders: &self.settings.folders }
    }

    /// Says what was found last against the owner of the wallet in use; of every wallet, where nothing
    /// says which.
    pub(crate) fn recall(&self) {
        let wallets = match self.wallet(None) {
            Ok(wallet) => vec![wallet],
            Err(_) => {
                let kept = self.keystore().ok().and_then(|kept| kept.list().ok());
                kept.unwrap_or_default()
            }
        };
        self.dangers.recall(self.around(), &wallets);
    }

    /// Everything that stands against the wallet's owner and was said, for machines; after it, which
    /// names could not be read.
    pub(crate) fn told(&self) -> Vec<Problem> {
        let mut told = self.dangers.told(self.around());
        let unread = self.names.get().map(|names| names.unread.iter());
        told.extend(unread.into_iter().flatten().map(|one| self.unread(one)));
        told
    }

    /// The wallets of this machine.
    ///
    /// # Errors
    /// [`Failure`] where nothing says where they are kept.
    pub(crate) fn keystore(&self) -> Result<Keystore, Failure> {
        Ok(Keystore::at(self.settings.folders.wallets()?))
    }

    /// The wallet that is named, set as default, or the only one.
    pub(crate) fn wallet(&self, name: Option<&str>) -> Result<Wallet, Failure> {
        let keystore = self.keystore()?;
        if let Some(name) = name.or(self.settings.wallet.as_deref()) {
            let alias = Alias::new(name).ok_or(Failure::new(Exit::Usage, "err-bad-alias"))?;
            return Ok(keystore.read(&alias)?);
        }
        let mut wallets = keystore.list()?;
        match (wallets.pop(), wallets.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(Failure::new(Exit::Config, "err-which-wallet")),
            (None, _) => Err(Failure::new(Exit::NotFound, "err-no-wallet")),
        }
    }

    /// The account that a wallet acts for.
    pub(crate) fn attachment(&self, wallet: &Wallet) -> Result<Attachment, Failure> {
        wallet.header.attached.clone().ok_or_else(|| {
            Failure::new(Exit::Config, "err-not-attached").with("wallet", &wallet.header.alias)
        })
    }

    pub(crate) fn unlock(&self, wallet: &Wallet) -> Result<Unlocked, Failure> {
        let attached = self.attachment(wallet)?;
        Ok(Unlocked { secrets: self.secrets(wallet)?, attached })
    }

    /// The same where something is sent; none where it is only shown.
    pub(crate) fn unlock_to_send(&self, wallet: &Wallet) -> Result<Option<Unlocked>, Failure> {
        if self.global.dry_run { Ok(None) } else { self.unlock(wallet).map(Some) }
    }

    /// The key that signs beside the wallet's own, where one is named: a checker's.
    pub(crate) fn checker_key(&self) -> Result<Option<SigningKey>, Failure> {
        let Some(name) = &self.global.checker else { return Ok(None) };
        let wallet = self.wallet(Some(name))?;
        let password = match &self.global.checker_password_file {
            Some(path) => read_password(path)?,
            None => self.password(name)?,
        };
        Ok(Some(wallet.open(&password)?.secrets().account_key().clone()))
    }

    /// A wallet's secrets, whether or not it has an account at a bank.
    pub(crate) fn secrets(&self, wallet: &Wallet) -> Result<Secrets, Failure> {
        Ok(self.open(wallet)?.0.secrets())
    }

    /// Opens a wallet, and has looked at what stands against its owner. A password that is typed wrong
    /// is asked for again.
    pub(crate) fn open(&self, wallet: &Wallet) -> Result<(Opened, SecretString), Failure> {
        let mut left = PASSWORD_TRIES;
        loop {
            let password = self.password(wallet.header.alias.as_str())?;
            self.output.detail(&self.text("note-opening", &[]));
            left -= 1;
            match wallet.open(&password) {
                Err(KeystoreError::Sealed(SealError::Refused)) if self.is_typing() && left > 0 => {
                    *self.given() = None;
                    self.output.say(&self.text("note-password-wrong", &[]));
                }
                opened => {
                    let opened = opened?;
                    self.dangers.look(self.around(), wallet, &opened.secrets());
                    return Ok((opened, password));
                }
            }
        }
    }

    /// An existing wallet's password: from the file or descriptor that was named, or asked for, once.
    pub(crate) fn password(&self, wallet: &str) -> Result<SecretString, Failure> {
        if let Some((_, password)) = self.given().as_ref().filter(|(of, _)| of == wallet) {
            return Ok(password.clone());
        }
        let password = if let Some(path) = &self.settings.password_file {
            read_password(path)?
        } else {
            self.need_terminal("err-password-needed", Exit::Auth)?;
            dialoguer::Password::new()
                .with_prompt(self.text("ask-password", &[("wallet", wallet)]))
                .report(false)
                .interact()
                .map(SecretString::from)
                .map_err(|_| Failure::new(Exit::Declined, "err-declined"))?
        };
        self.remember_password(wallet, &password);
        Ok(password)
    }

    fn given(&self) -> MutexGuard<'_, Option<(String, SecretString)>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was given once is not asked for again in the same run.
    pub(crate) fn remember_password(&self, wallet: &str, password: &SecretString) {
        *self.given() = Some((wallet.to_owned(), password.clone()));
    }

    /// Whether passwords come from somebody who can be asked again.
    const fn is_typing(&self) -> bool {
        self.settings.password_file.is_none()
    }

    /// A new wallet's password: not too short, and typed twice where it is typed; one that is too short
    /// is asked for again, and nothing else is.
    pub(crate) fn new_password(&self) -> Result<SecretString, Failure> {
        if let Some(path) = &self.settings.password_file {
            return long_enough(read_password(path)?);
        }
        self.need_terminal("err-password-needed", Exit::Auth)?;
        self.output.say(&self.text("note-new-password", &[("least", &password_least())]));
        loop {
            let typed = dialoguer::Password::new()
                .with_prompt(self.text("ask-new-password", &[]))
                .with_confirmation(
                    self.text("ask-password-again", &[]),
                    self.text("note-passwords-differ", &[]),
                )
                .report(false)
                .interact()
                .map(SecretString::from)
                .map_err(|_| Failure::new(Exit::Declined, "err-declined"))?;
            match long_enough(typed) {
                Ok(password) => return Ok(password),
                Err(short) => self.output.say(&short.message(self.output.lang)),
            }
        }
    }

    /// A line that is typed and shown.
    pub(crate) fn line(&self, prompt: String) -> Result<String, Failure> {
        dialoguer::Input::new()
            .with_prompt(prompt)
            .allow_empty(true)
            .interact_text()
            .map_err(|_| Failure::new(Exit::Declined, "err-declined"))
    }

    pub(crate) fn need_terminal(&self, key: &str, exit: Exit) -> Result<(), Failure> {
        if std::io::stdin().is_terminal() { Ok(()) } else { Err(Failure::new(exit, key)) }
    }

    /// Whether somebody is there who is asked to agree.
    pub(crate) fn is_asking(&self) -> bool {
        !self.global.yes && std::io::stdin().is_terminal()
    }

    /// Shows what is about to happen and asks; the answer where nothing is said is No.
    pub(crate) fn confirm(&self, lines: &[(String, String)]) -> Result<(), Failure> {
        if self.is_asking() {
            self.dangers.say(self.around());
        }
        self.output.say(&crate::output::fields(lines));
        if self.global.yes {
            return Ok(());
        }
        self.need_terminal("err-not-confirmed", Exit::Declined)?;
        let agreed = dialoguer::Confirm::new()
            .with_prompt(self.text("ask-proceed", &[]))
            .default(false)
            // What it would repeat is English, whatever the language.
            .report(false)
            .interact()
            .unwrap_or(false);
        if agreed { Ok(()) } else { Err(Failure::new(Exit::Declined, "err-declined")) }
    }

    /// A client of the node in use. Whoever said how long to wait waits so long for it, all others
    /// not two seconds.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        let ca_pem = match &self.settings.ca_file {
            Some(path) => Some(Given::Certificates.bytes(path)?),
            None => None,
        };
        let timeout = Duration::from_secs(self.global.timeout);
        let options = Options { url: self.settings.node.clone(), ca_pem, timeout };
        self.output.detail(&self.text("note-connecting", &[("node", &self.settings.node)]));
        let connected = if self.is_patient {
            Client::connect(&options).await
        } else {
            Client::connect_within(&options, FIRST_ANSWER.min(timeout)).await
        };
        let client = connected.map_err(|error| self.unreached(error))?;
        self.dangers.reached(&client);
        let network = self.network.get_or_init(|| client.network().clone());
        if network.genesis_hash == client.network().genesis_hash
            && let Err(failure) = cached::refresh(&self.settings.folders, &client).await
        {
            let reason = failure.message(self.output.lang);
            self.output.say(&self.text("note-directory-not-taken", &[("reason", &reason)]));
        }
        Ok(client)
    }

    /// The institutions' names: of the list that was taken in, and of the public directory. Whoever
    /// withdraws or refuses something does it without names too.
    pub(crate) fn institutions(&self) -> Directory {
        let public = |known: &Known| known.public_party().map(|party| (party, known.name.clone()));
        let public = self.names().all().iter().filter_map(public);
        // That a list cannot be read was said with the names.
        Directory::of(&self.settings.folders).unwrap_or_default().with_public(public)
    }

    /// Everybody whom this machine knows by name on the network of the node, or of the wallet where
    /// no node was asked yet. Each file of names that cannot be read is said, and counts as none.
    pub(crate) fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let names = self.read_names();
            names.unread.iter().for_each(|one| self.output.warn(&self.unread(one)));
            if names.is_expired {
                self.output.say(&self.text("note-directory-expired", &[]));
            }
            names
        })
    }

    fn read_names(&self) -> Names {
        let attached = || self.wallet(None).ok().and_then(|wallet| wallet.header.attached);
        let (genesis, prefix, clock) = match (self.network.get(), attached) {
            (Some(network), _) => {
                (network.genesis_hash, network.address_prefix.clone(), network.clock.clone())
            }
            (None, attached) => attached().map_or_else(
                || (Hash::ZERO, AddressPrefix::default(), Clock::real()),
                |of| (of.genesis_hash, of.address_prefix, Clock::real()),
            ),
        };
        Names::of(&self.settings.folders, &genesis, &prefix, clock.now())
    }

    /// What people and machines are told of a file of names that cannot be read.
    fn unread(&self, one: &Unread) -> Problem {
        let (lang, file) = (self.output.lang, one.file.display().to_string());
        let reason = one.why.message(lang);
        Problem {
            code: one.key.trim_start_matches("note-").to_owned(),
            message: self.text(one.key, &[("path", &file), ("reason", &reason)]),
            details: json!({ "file": file, "code": one.why.code() }),
        }
    }

    /// No node: what to set is said, and whether anything was.
    fn unreached(&self, error: ClientError) -> Failure {
        let (reason, kind) = match error {
            ClientError::Unreachable { reason, kind, .. }
            | ClientError::Interrupted { reason, kind, .. } => (reason, kind),
            ClientError::TimedOut => (error.to_string(), ErrorKind::TimedOut),
            other => return other.into(),
        };
        let url = &self.settings.node;
        // Where there is no home, its name alone is what can be said.
        let config = self.settings.folders.config_file().unwrap_or(Path::new("config.toml"));
        let (exit, key) = if self.settings.is_node_set {
            (Exit::Unreachable, "err-unreachable")
        } else {
            (Exit::Config, "err-no-node")
        };
        let details = json!({
            "url": url, "reason": reason, "set": ["--node", "KYOJO_NODE", config],
        });
        Failure::new(exit, key)
            .with("url", url)
            .told("reason", move |lang| machine::network_words(lang, kind, &reason))
            .with("config", config.display())
            .details(details)
    }

    /// Refuses to sign for a network that is not the one the wallet's account is on.
    pub(crate) fn check_network(
        &self,
        client: &Client,
        attached: &Attachment,
    ) -> Result<(), Failure> {
        let theirs = client.network().genesis_hash;
        if theirs == attached.genesis_hash {
            return Ok(());
        }
        Err(Failure::new(Exit::Config, "err-other-network")
            .with("ours", attached.genesis_hash)
            .with("theirs", theirs))
    }
}

/// A new password that has characters enough.
fn long_enough(password: SecretString) -> Result<SecretString, Failure> {
    let length = secrecy::ExposeSecret::expose_secret(&password).chars().count();
    if length < PASSWORD_CHARS_MIN {
        let short = Failure::new(Exit::Auth, "err-password-short");
        return Err(short.with("least", PASSWORD_CHARS_MIN));
    }
    Ok(password)
}

fn password_least() -> String {
    PASSWORD_CHARS_MIN.to_string()
}

/// What kind of secret a wallet holds, for people.
pub(crate) const fn kind_key(kind: SecretKind) -> &'static str {
    match kind {
        SecretKind::WordsJa => "label-kind-words-ja",
        SecretKind::WordsEn => "label-kind-words-en",
        SecretKind::Seed => "label-kind-seed",
    }
}

/// Reads the first line of a small file that holds a secret.
pub(crate) fn read_password(path: &Path) -> Result<SecretString, Failure> {
    let text = read_secret(path)?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::new(Exit::Auth, "err-password-empty").with("path", path.display()));
    }
    Ok(SecretString::from(line))
}

/// Reads a small file that holds a secret; errors never repeat its content.
pub(crate) fn read_secret(path: &Path) -> Result<Zeroizing<String>, Failure> {
    Ok(given::secret(path)?)
}
