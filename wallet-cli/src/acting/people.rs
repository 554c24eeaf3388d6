//! A wallet as the data subject that it is: one key and one address for each controller.
//!
//! Nobody needs an account at a bank for this; the wallet's words are enough.

use std::collections::BTreeSet;

use clap::Args;
use ledger_types::{AccountId, AddressPrefix, ConsentId, Hash, PartyId, SigningKey};
use node_api::body::ConsentBody;
use node_api::query::{ByRead, Page, Right};

use crate::acting::naming::PartyRef;
use crate::acting::{keys, pages};
use crate::app::App;
use crate::client::{Client, Reader};
use crate::consents::{Consents, FoundConsents, Kept, Subjects};
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::keystore::Wallet;
use crate::keystore::mnemonic::Secrets;
use crate::output::short;
use crate::reading::{self, read_hash};

/// A consent of one's own.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConsentName {
    /// The consent: its number, or the beginning of it as `consent ls` shows it.
    pub(crate) consent: String,
    /// The controller, where this wallet does not know the consent.
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Option<PartyRef>,
}

/// The fewest digits by which a consent may be named.
const PREFIX_DIGITS_MIN: usize = 4;

/// How many digits of a consent are shown where it is one of a few.
pub(crate) const SHORT_DIGITS: usize = 8;

/// See the module.
pub(crate) struct People {
    pub(crate) client: Client,
    pub(crate) wallet: Wallet,
    pub(crate) secrets: Secrets,
    pub(crate) consents: Consents,
    pub(crate) directory: Directory,
    subjects: Subjects,
    found: FoundConsents,
}

/// A consent with the controller that it was given to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    pub(crate) consent: ConsentId,
    pub(crate) party: PartyId,
}

impl People {
    pub(crate) async fn begin(app: &App) -> Result<Self, Failure> {
        let wallet = app.wallet(None)?;
        let client = app.client().await?;
        if let Some(attached) = &wallet.header.attached {
            app.check_network(&client, attached)?;
        }
        let secrets = app.secrets(&wallet)?;
        Self::of(app, client, wallet, secrets)
    }

    /// A wallet that was opened, with a node of its network.
    pub(crate) fn of(
        app: &App,
        client: Client,
        wallet: Wallet,
        secrets: Secrets,
    ) -> Result<Self, Failure> {
        let consents = Consents::open(&app.settings.folders, &wallet.header.alias, &secrets)?;
        let directory = app.institutions();
        let genesis = client.network().genesis_hash;
        let (subjects, found) = (consents.subjects(&genesis)?, consents.found(&genesis)?);
        Ok(Self { client, wallet, secrets, consents, directory, subjects, found })
    }

    pub(crate) fn genesis(&self) -> Hash {
        self.client.network().genesis_hash
    }

    pub(crate) fn prefix(&self) -> &AddressPrefix {
        &self.client.network().address_prefix
    }

    /// The wallet as one controller knows it.
    pub(crate) fn towards(&self, party: PartyId) -> (AccountId, Reader) {
        let key = self.secrets.consent_key(&self.genesis(), party);
        let first = AccountId::of_subject(&key.public_key());
        let account = self.subjects.get(&party).copied().unwrap_or(first);
        (account, Reader { address: account.to_address(self.prefix()), key })
    }

    /// The parties that the wallet knows to know it.
    pub(crate) fn parties(&self) -> Result<BTreeSet<PartyId>, Failure> {
        let of_consents = self.consents.known(&self.genesis())?;
        let of_consents = of_consents.into_iter().map(|(_, kept)| kept.party);
        Ok(self.subjects.keys().copied().chain(of_consents).collect())
    }

    /// Keeps in mind that a party knows the wallet, beside the consents that say so.
    pub(crate) fn remember(&self, party: PartyId) -> Result<(), Failure> {
        if self.subjects.contains_key(&party) {
            return Ok(());
        }
        let mut subjects = self.subjects.clone();
        subjects.insert(party, self.towards(party).0);
        self.consents.keep_subjects(&self.genesis(), &subjects)
    }

    /// Keeps in mind which consents are on the ledger alone, so that they are known by the beginnings of
    /// their numbers too.
    pub(crate) fn remember_found(&self, bodies: &[ConsentBody]) -> Result<(), Failure> {
        let kept = self.consents.known(&self.genesis())?;
        let mut found = self.found.clone();
        let lost = bodies.iter().filter(|body| !kept.iter().any(|(id, _)| *id == body.consent));
        found.extend(lost.map(|body| (body.consent, body.controller)));
        if found == self.found {
            return Ok(());
        }
        self.consents.keep_found(&self.genesis(), &found)
    }

    /// Asks the ledger for each registered party whether it knows the wallet, and keeps the answers.
    ///
    /// The node that is asked learns which keys are one person's: only where somebody wants it.
    pub(crate) async fn search(&mut self) -> Result<(), Failure> {
        let parties = pages::every(async |cursor| {
            self.client.parties(&Page { cursor, limit: pages::LIMIT }).await
        });
        for party in parties.await? {
            let key = self.secrets.consent_key(&self.genesis(), party.party);
            let own = AccountId::of_subject(&key.public_key());
            let found = self.subjects_of(key).await?;
            let found = found.iter().find(|account| **account == own).or(found.first());
            if let Some(account) = found {
                self.subjects.entry(party.party).or_insert(*account);
            }
        }
        self.consents.keep_subjects(&self.genesis(), &self.subjects)
    }

    /// The data subjects that a key alone acts for: anybody may give a subject that is not the
    /// wallet's a key that is.
    async fn subjects_of(&self, key: SigningKey) -> Result<Vec<AccountId>, Failure> {
        let mut found = Vec::new();
        for address in keys::accounts_of(&self.client, &key).await? {
            let reader = Reader { address: address.as_str().to_owned(), key: key.clone() };
            let body = self.client.account(&reader.address, &ByRead::default(), &reader).await?;
            let is_subject = body.money.is_none() && body.party.is_none();
            if is_subject && keys::suffices(&body, &key.public_key()) {
                found.push(reading::address(&reader.address, self.prefix())?);
            }
        }
        Ok(found)
    }

    /// The first lines of what people are shown: on which network, who, towards whom.
    pub(crate) fn lines(&self, app: &App, party: PartyId) -> Vec<(String, String)> {
        let network = self.client.network();
        let (_, reader) = self.towards(party);
        let alias = &self.wallet.header.alias;
        vec![
            (
                app.text("label-network", &[]),
                format!("{} {}", network.address_prefix, network.id()),
            ),
            (app.text("label-you", &[]), format!("{alias} ({})", short(&reader.address))),
            (app.text("label-towards", &[]), self.directory.name(party, app.output.lang)),
        ]
    }

    /// The consent that somebody names, by its number or the beginning of it.
    pub(crate) async fn named(&self, app: &App, name: &ConsentName) -> Result<Named, Failure> {
        let consent = self.consent(&name.consent)?;
        let first = self.consents.revisions(&consent)?.into_iter().next();
        let found = self.found.get(&consent).copied();
        let party = match (first.map(|kept| kept.party).or(found), &name.party) {
            (Some(party), _) => party,
            (None, Some(party)) => party.id(app, &self.client).await?,
            (None, None) => {
                return Err(Failure::new(Exit::NotFound, "err-consent-party-unknown"));
            }
        };
        Ok(Named { consent, party })
    }

    /// The consent of this number, or the one that the wallet knows whose number begins so.
    pub(crate) fn consent(&self, text: &str) -> Result<ConsentId, Failure> {
        let digits = text.len();
        let is_beginning = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_beginning || !(PREFIX_DIGITS_MIN..64).contains(&digits) {
            return read_hash(text).map(ConsentId::new);
        }
        let beginning = text.to_ascii_lowercase();
        let known = self.consents.known(&self.genesis())?;
        let mut found = known
            .iter()
            .map(|(consent, _)| *consent)
            .chain(self.found.keys().copied().filter(|id| !known.iter().any(|(it, _)| it == id)))
            .filter(|consent| consent.get().to_string().starts_with(&beginning));
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => {
                Err(Failure::new(Exit::NotFound, "err-consent-unknown").with("text", text))
            }
            (Some(_), Some(_)) => {
                Err(Failure::new(Exit::Usage, "err-consent-ambiguous").with("text", text))
            }
        }
    }

    /// What the ledger says of a consent.
    pub(crate) async fn body(&self, named: Named) -> Result<ConsentBody, Failure> {
        let (_, reader) = self.towards(named.party);
        Ok(self.client.consent(&named.consent, &Right::default(), &reader).await?)
    }

    /// The revision that counts of a consent that the wallet must know to go on.
    pub(crate) fn kept(&self, body: &ConsentBody) -> Result<Kept, Failure> {
        let current = self.consents.current(&body.consent, &body.terms_root)?;
        current.ok_or_else(|| {
            Failure::new(Exit::NotFound, "err-terms-not-kept").with("consent", body.consent.get())
        })
    }
}

/// The beginning of a consent's number, as lists show it.
pub(crate) fn beginning(consent: &ConsentId) -> String {
    consent.get().to_string().chars().take(SHORT_DIGITS).collect()
}
