//! What every command works with: output, settings, the wallet that was opened, the node in use.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use ledger_types::{AddressPrefix, Hash, SigningKey};
use network_clock::Clock;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::client::{Client, Network, Options, Reader};
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::global::Global;
use crate::keystore::mnemonic::Secrets;
use crate::keystore::{Alias, Attachment, Keystore, SecretKind, Wallet};
use crate::named::{Known, Names, cached};
use crate::output::{Output, table};
use crate::settings::{self, Settings};

/// The fewest characters of a new password.
const PASSWORD_CHARS_MIN: usize = 8;
/// The most bytes of a password file.
const PASSWORD_BYTES_MAX: usize = 4096;

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
    pub(crate) const fn new(
        output: Output,
        settings: Settings,
        global: Global,
        asked: Hash,
    ) -> Self {
        let (network, names) = (OnceLock::new(), OnceLock::new());
        Self { output, settings, global, asked, network, names }
    }

    pub(crate) fn text(&self, key: &str, variables: &[(&'static str, &str)]) -> String {
        self.output.lang.text(key, variables)
    }

    /// A table under titles of these keys.
    pub(crate) fn table(&self, titles: &[&str], rows: &[Vec<String>], right: &[usize]) -> String {
        let titles: Vec<String> = titles.iter().map(|key| self.text(key, &[])).collect();
        table(&titles, rows, right)
    }

    pub(crate) fn keystore(&self) -> Keystore {
        Keystore::at(self.settings.folders.wallets())
    }

    /// The wallet that is named, set as default, or the only one.
    pub(crate) fn wallet(&self, name: Option<&str>) -> Result<Wallet, Failure> {
        let keystore = self.keystore();
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
        let password = self.password(wallet.header.alias.as_str())?;
        self.output.detail(&self.text("note-opening", &[]));
        let source = wallet.open(&password)?;
        Ok(source.secrets())
    }

    /// An existing wallet's password: from the file or descriptor that was named, or asked for.
    pub(crate) fn password(&self, wallet: &str) -> Result<SecretString, Failure> {
        if let Some(path) = &self.settings.password_file {
            return read_password(path);
        }
        self.need_terminal("err-password-needed", Exit::Auth)?;
        let prompt = self.text("ask-password", &[("wallet", wallet)]);
        dialoguer::Password::new()
            .with_prompt(prompt)
            .interact()
            .map(SecretString::from)
            .map_err(|_| Failure::new(Exit::Declined, "err-declined"))
    }

    /// A new wallet's password: not too short, and typed twice where it is typed.
    pub(crate) fn new_password(&self) -> Result<SecretString, Failure> {
        let password = if let Some(path) = &self.settings.password_file {
            read_password(path)?
        } else {
            self.need_terminal("err-password-needed", Exit::Auth)?;
            dialoguer::Password::new()
                .with_prompt(self.text("ask-new-password", &[]))
                .with_confirmation(
                    self.text("ask-password-again", &[]),
                    self.text("note-passwords-differ", &[]),
                )
                .interact()
                .map(SecretString::from)
                .map_err(|_| Failure::new(Exit::Declined, "err-declined"))?
        };
        let length = secrecy::ExposeSecret::expose_secret(&password).chars().count();
        if length < PASSWORD_CHARS_MIN {
            return Err(
                Failure::new(Exit::Auth, "err-password-short").with("least", PASSWORD_CHARS_MIN)
            );
        }
        Ok(password)
    }

    pub(crate) fn need_terminal(&self, key: &str, exit: Exit) -> Result<(), Failure> {
        if std::io::stdin().is_terminal() { Ok(()) } else { Err(Failure::new(exit, key)) }
    }

    /// Shows what is about to happen and asks; the answer where nothing is said is No.
    pub(crate) fn confirm(&self, lines: &[(String, String)]) -> Result<(), Failure> {
        self.output.say(&crate::output::fields(lines));
        if self.global.yes {
            return Ok(());
        }
        self.need_terminal("err-not-confirmed", Exit::Declined)?;
        let agreed = dialoguer::Confirm::new()
            .with_prompt(self.text("ask-proceed", &[]))
            .default(false)
            .interact()
            .unwrap_or(false);
        if agreed { Ok(()) } else { Err(Failure::new(Exit::Declined, "err-declined")) }
    }

    /// A client of the node in use.
    pub(crate) async fn client(&self) -> Result<Client, Failure> {
        let ca_pem = match &self.settings.ca_file {
            Some(path) => Some(settings::read(path)?),
            None => None,
        };
        let timeout = Duration::from_secs(self.global.timeout);
        let options = Options { url: self.settings.node.clone(), ca_pem, timeout };
        self.output.detail(&self.text("note-connecting", &[("node", &self.settings.node)]));
        let client = Client::connect(&options).await?;
        let network = self.network.get_or_init(|| client.network().clone());
        if network.genesis_hash == client.network().genesis_hash
            && let Err(failure) = cached::refresh(&self.settings.folders, &client).await
        {
            let reason = failure.message(self.output.lang);
            self.output.say(&self.text("note-directory-not-taken", &[("reason", &reason)]));
        }
        Ok(client)
    }

    /// The institutions' names: of the list that was taken in, and of the public directory.
    pub(crate) fn institutions(&self) -> Result<Directory, Failure> {
        let public = |known: &Known| known.public_party().map(|party| (party, known.name.clone()));
        let public = self.names()?.all().iter().filter_map(public);
        Ok(Directory::of(&self.settings.folders)?.with_public(public))
    }

    /// Everybody whom this machine knows by name on the network of the node, or of the wallet where
    /// no node was asked yet.
    pub(crate) fn names(&self) -> Result<&Names, Failure> {
        if let Some(names) = self.names.get() {
            return Ok(names);
        }
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
        let names = Names::of(&self.settings.folders, &genesis, &prefix, clock.now())?;
        if names.is_expired {
            self.output.say(&self.text("note-directory-expired", &[]));
        }
        Ok(self.names.get_or_init(|| names))
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
    use std::io::Read;
    let failed = |error: std::io::Error| settings::file_failure(path, &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(PASSWORD_BYTES_MAX));
    file.take(PASSWORD_BYTES_MAX as u64).read_to_end(&mut bytes).map_err(failed)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::new(Exit::Config, "err-not-text").with("path", path.display()))?;
    Ok(Zeroizing::new(text.to_owned()))
}
