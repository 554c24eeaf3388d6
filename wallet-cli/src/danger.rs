//! What stands against the wallet's owner, said before all else: keys that others proposed, guardians
//! that others entered, a freeze, a bank's word that the owner died.
//!
//! Every command passes here. What was found last is said at once, with its date, for whatever the
//! command is; as soon as a wallet is opened and its node is known, its account and each data
//! subject that it is are looked at beside what the command does, and what is new is said before
//! anybody is asked to agree, at the latest before the result. That takes no command more than a
//! second. Where it cannot be looked at nothing is said of it, but with `--verbose`: that it could not.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ledger_types::operation::{AccountStatus, FreezeDirection, KeyLoss};
use ledger_types::{Hash, PartyId, PublicKey};
use network_clock::Clock;
use node_api::Time;
use node_api::body::{AccountBody, AddressKind};
use node_api::query::ByRead;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinSet;

use crate::calendar;
use crate::client::{Client, Reader};
use crate::consents::{Consents, Subjects};
use crate::directory::Directory;
use crate::failure::Failure;
use crate::keystore::file::write_private;
use crate::keystore::mnemonic::Secrets;
use crate::keystore::{Alias, Existing, Header, Wallet};
use crate::output::{Output, Problem, short};
use crate::refusal::is_unknown_reader;
use crate::settings::Folders;

/// How long a command waits at most for what stands against its wallet's owner.
const WAIT_MAX: Duration = Duration::from_secs(1);
/// The most data subjects of one wallet that are looked at.
const SUBJECTS_MAX: usize = 64;

/// What kind of danger it is; the names are stable, and codes in JSON are made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// A bank proposed other keys for the account.
    RecoveryOfAccount,
    /// A counter proposed another key for a data subject.
    RecoveryOfSubject,
    /// The same, where the keys are said to be stolen: they cannot refuse.
    RecoveryStolen,
    /// A counter entered a guardian, who may act later.
    GuardianPending,
    /// A guardian that a counter entered may act now.
    GuardianActing,
    /// No money leaves the account.
    FrozenOut,
    /// None comes in.
    FrozenIn,
    /// Neither.
    FrozenBoth,
    /// The bank marked the account's holder as deceased: its keys act no more.
    AccountDeceased,
    /// The account is closed.
    AccountClosed,
}

impl Kind {
    const fn key(self) -> &'static str {
        match self {
            Self::RecoveryOfAccount => "note-recovery-of-account",
            Self::RecoveryOfSubject => "note-recovery-of-subject",
            Self::RecoveryStolen => "note-recovery-stolen",
            Self::GuardianPending => "note-guardian-pending",
            Self::GuardianActing => "note-guardian-acting",
            Self::FrozenOut => "note-frozen-out",
            Self::FrozenIn => "note-frozen-in",
            Self::FrozenBoth => "note-frozen-both",
            Self::AccountDeceased => "note-account-deceased",
            Self::AccountClosed => "note-account-closed",
        }
    }
}

/// One thing that stands against the wallet's owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Danger {
    kind: Kind,
    /// The account or data subject.
    address: String,
    /// To whom the data subject is known so; none for the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    party: Option<PartyId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guardian: Option<String>,
    /// From here on it takes effect: until then it is best refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Time>,
    /// It is over from here on; none where it does not end by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Time>,
}

/// What was found last, kept for commands that open no wallet or reach no node.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Found {
    at: Time,
    /// Whose wallet it was: another may have got its name since.
    key: PublicKey,
    dangers: Vec<Danger>,
}

/// A danger with the wallet that it concerns.
#[derive(Clone, Debug)]
struct Told {
    wallet: Alias,
    danger: Danger,
    /// When it was found, where that is not now.
    at: Option<Time>,
}

/// Where dangers are said and kept.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) output: Output,
    pub(crate) folders: &'a Folders,
}

impl Around<'_> {
    fn text(self, key: &str, variables: &[(&'static str, &str)]) -> String {
        self.output.lang.text(key, variables)
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Dangers(Mutex<Looking>);

#[derive(Default)]
struct Looking {
    client: Option<Client>,
    begun: Option<Begun>,
    /// One wallet is looked at in a run.
    is_looked: bool,
    told: Vec<Told>,
}

/// A look that was begun, and not ended yet.
struct Begun {
    wallet: Alias,
    key: PublicKey,
    place: PathBuf,
    since: Instant,
    answer: Receiver<Looked>,
}

/// What came of a look.
struct Looked {
    at: Time,
    dangers: Vec<Danger>,
    /// Whether everything answered.
    is_whole: bool,
}

/// Somebody who is looked at.
struct Watched {
    party: Option<PartyId>,
    reader: Reader,
}

impl Dangers {
    fn inner(&self) -> MutexGuard<'_, Looking> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what was found last against the owners of wallets.
    pub(crate) fn recall(&self, around: Around<'_>, wallets: &[Wallet]) {
        let told = wallets.iter().flat_map(|wallet| recalled(around, &wallet.header));
        let told: Vec<Told> = told.collect();
        told.iter().for_each(|one| around.output.warn(&one.problem(around)));
        self.inner().told = told;
    }

    /// The node is known from here on.
    pub(crate) fn reached(&self, client: &Client) {
        self.inner().client = Some(client.clone());
    }

    /// Begins to look at what stands against a wallet that was opened; the first one of a run, which
    /// is the one that acts.
    pub(crate) fn look(&self, around: Around<'_>, wallet: &Wallet, secrets: &Secrets) {
        let mut inner = self.inner();
        let Some(client) = inner.client.clone() else { return };
        let genesis = client.network().genesis_hash;
        let is_here = wallet.header.attached.as_ref().is_none_or(|a| a.genesis_hash == genesis);
        if inner.is_looked || !is_here {
            return;
        }
        let alias = wallet.header.alias.clone();
        let Ok(place) = place(around, &alias) else { return };
        let subjects = subjects(around, wallet, secrets, &genesis);
        let is_known = subjects.as_ref().is_some_and(|all| all.len() <= SUBJECTS_MAX);
        let watched = watched(wallet, secrets, &client, subjects.unwrap_or_default());
        let (answered, answer) = channel();
        tokio::spawn(async move {
            let looked = look_at(client, watched).await;
            // Nobody listens any more where the command ended meanwhile.
            let _ = answered.send(Looked { is_whole: looked.is_whole && is_known, ..looked });
        });
        inner.is_looked = true;
        let (key, since) = (wallet.header.public_key, Instant::now());
        inner.begun = Some(Begun { wallet: alias, key, place, since, answer });
    }

    /// Waits for what was begun and says what was not said before.
    pub(crate) fn say(&self, around: Around<'_>) {
        let mut inner = self.inner();
        let Some(begun) = inner.begun.take() else { return };
        let Begun { wallet, key, place, since, answer } = begun;
        let looked = answer.recv_timeout(WAIT_MAX.saturating_sub(since.elapsed())).ok();
        let is_whole = looked.as_ref().is_some_and(|looked| looked.is_whole);
        if !is_whole {
            around.output.detail(&around.text("note-not-looked", &[]));
        }
        if let Some(looked) = looked {
            keep(&place, key, &looked);
            let before = std::mem::take(&mut inner.told);
            for danger in &looked.dangers {
                let told = Told { wallet: wallet.clone(), danger: danger.clone(), at: None };
                if !before.iter().any(|one| one.wallet == wallet && one.danger == *danger) {
                    around.output.warn(&told.problem(around));
                }
                inner.told.push(told);
            }
            let stays = |one: &Told| {
                one.wallet != wallet || !looked.is_whole && !looked.dangers.contains(&one.danger)
            };
            inner.told.extend(before.into_iter().filter(stays));
        }
    }

    /// Everything that was said, for machines.
    pub(crate) fn told(&self, around: Around<'_>) -> Vec<Problem> {
        self.say(around);
        self.inner().told.iter().map(|told| told.problem(around)).collect()
    }
}

fn place(around: Around<'_>, wallet: &Alias) -> Result<PathBuf, Failure> {
    Ok(around.folders.data()?.join("dangers").join(format!("{wallet}.json")))
}

/// What was found last against one wallet's owner, and is not over.
fn recalled(around: Around<'_>, wallet: &Header) -> Vec<Told> {
    let kept = place(around, &wallet.alias).ok().and_then(|place| std::fs::read(place).ok());
    let found: Option<Found> = serde_json::from_slice(&kept.unwrap_or_default()).ok();
    let Some(Found { at, dangers, .. }) = found.filter(|found| found.key == wallet.public_key)
    else {
        return Vec::new();
    };
    // No network is known yet; a lab's time is never behind the real one.
    let now = Clock::real().now();
    let told =
        dangers.into_iter().filter(|danger| danger.until.is_none_or(|until| now < until.get()));
    told.map(|danger| Told { wallet: wallet.alias.clone(), danger, at: Some(at) }).collect()
}

/// Keeps what was found for later commands; where not all answered, what was kept stays.
fn keep(place: &std::path::Path, key: PublicKey, looked: &Looked) {
    if !looked.is_whole || (looked.dangers.is_empty() && !place.exists()) {
        return;
    }
    let found = Found { at: looked.at, key, dangers: looked.dangers.clone() };
    let bytes = serde_json::to_vec(&found).unwrap_or_default();
    // What cannot be kept is looked at again.
    let _ = write_private(place, &bytes, Existing::Replace);
}

/// The wallet's account and each data subject that it is.
fn watched(
    wallet: &Wallet,
    secrets: &Secrets,
    client: &Client,
    subjects: Subjects,
) -> Vec<Watched> {
    let network = client.network();
    let key = secrets.account_key();
    let account = wallet.header.attached.as_ref().map(|attached| {
        let reader = Reader { address: attached.address.clone(), key: key.clone() };
        Watched { party: None, reader }
    });
    let subjects = subjects.into_iter().take(SUBJECTS_MAX).map(|(party, subject)| {
        let key = secrets.consent_key(&network.genesis_hash, party);
        let reader = Reader { address: subject.to_address(&network.address_prefix), key };
        Watched { party: Some(party), reader }
    });
    account.into_iter().chain(subjects).collect()
}

/// Which data subjects the wallet is, where its vault can be read; one that is not there is not made
/// for it.
fn subjects(
    around: Around<'_>,
    wallet: &Wallet,
    secrets: &Secrets,
    genesis: &Hash,
) -> Option<Subjects> {
    let (folders, alias) = (around.folders, &wallet.header.alias);
    if !Consents::folder(folders, alias).ok()?.is_dir() {
        return Some(Subjects::new());
    }
    Consents::open(folders, alias, secrets).ok()?.subjects(genesis).ok()
}

/// Looks at all of them at once.
async fn look_at(client: Client, watched: Vec<Watched>) -> Looked {
    let mut reads = JoinSet::new();
    for Watched { party, reader } in watched {
        let client = client.clone();
        reads.spawn(async move {
            match client.account(&reader.address, &ByRead::default(), &reader).await {
                Ok(body) => Some(of_account(&body, party, &client)),
                // The ledger does not know this data subject, so that nothing stands against it.
                Err(error) if is_unknown_reader(&error) => Some(Vec::new()),
                Err(_) => None,
            }
        });
    }
    let (mut dangers, mut is_whole) = (Vec::new(), true);
    let every = async {
        while let Some(read) = reads.join_next().await {
            match read.ok().flatten() {
                Some(found) => dangers.extend(found),
                None => is_whole = false,
            }
        }
    };
    is_whole = tokio::time::timeout(WAIT_MAX, every).await.is_ok() && is_whole;
    dangers.sort_by(|a, b| (a.kind, a.party, &a.guardian).cmp(&(b.kind, b.party, &b.guardian)));
    Looked { at: client.network().clock.now().into(), dangers, is_whole }
}

/// What stands against one account or data subject.
fn of_account(body: &AccountBody, party: Option<PartyId>, client: &Client) -> Vec<Danger> {
    let now = client.network().clock.now();
    let of = |kind, guardian: Option<&str>, from, until| Danger {
        kind,
        address: body.address.as_str().to_owned(),
        party,
        guardian: guardian.map(str::to_owned),
        from,
        until,
    };
    let recovery = body.recovery.as_ref().map(|one| {
        let kind = match (one.loss, body.standing) {
            (KeyLoss::Stolen, _) => Kind::RecoveryStolen,
            (KeyLoss::Lost, AddressKind::Subject) => Kind::RecoveryOfSubject,
            (KeyLoss::Lost, AddressKind::Account | AddressKind::Party) => Kind::RecoveryOfAccount,
        };
        of(kind, None, Some(one.executable_from), Some(one.lapses))
    });
    // Whom the subject itself made its guardian, it knows.
    let entered = body.guardians.iter().flatten().filter(|one| one.counter.is_some());
    let guardians = entered.map(|one| {
        let is_pending = now < one.from.get();
        let kind = if is_pending { Kind::GuardianPending } else { Kind::GuardianActing };
        of(kind, Some(one.guardian.as_str()), is_pending.then_some(one.from), Some(one.until))
    });
    let frozen = body.money.as_ref().and_then(|money| money.frozen.as_ref()).map(|frozen| {
        let kind = match frozen.direction {
            FreezeDirection::Out => Kind::FrozenOut,
            FreezeDirection::In => Kind::FrozenIn,
            FreezeDirection::Both => Kind::FrozenBoth,
        };
        of(kind, None, None, Some(frozen.until))
    });
    let status = body.money.as_ref().and_then(|money| match money.status {
        AccountStatus::Open => None,
        AccountStatus::Deceased => Some(of(Kind::AccountDeceased, None, None, None)),
        AccountStatus::Closed => Some(of(Kind::AccountClosed, None, None, None)),
    });
    recovery.into_iter().chain(guardians).chain(frozen).chain(status).collect()
}

impl Told {
    /// The command that refuses it, where there is one.
    fn refusal(&self) -> Option<String> {
        let Self { wallet, danger, .. } = self;
        let party = danger.party.unwrap_or(PartyId::new(0));
        match danger.kind {
            Kind::RecoveryOfAccount => Some(format!("kyojo wallet veto --wallet {wallet}")),
            Kind::RecoveryOfSubject => {
                Some(format!("kyojo consent recover veto --party {party} --wallet {wallet}"))
            }
            Kind::GuardianPending | Kind::GuardianActing => {
                let guardian = danger.guardian.as_deref().unwrap_or_default();
                Some(format!(
                    "kyojo consent end-delegation --party {party} --guardian {guardian} \
                     --wallet {wallet}"
                ))
            }
            Kind::RecoveryStolen
            | Kind::FrozenOut
            | Kind::FrozenIn
            | Kind::FrozenBoth
            | Kind::AccountDeceased
            | Kind::AccountClosed => None,
        }
    }

    /// What people and machines are told of it.
    fn problem(&self, around: Around<'_>) -> Problem {
        let danger = &self.danger;
        let lang = around.output.lang;
        let directory = Directory::of(around.folders).unwrap_or_default();
        let who = danger.party.map(|party| directory.name(party, lang)).unwrap_or_default();
        let guardian = danger.guardian.as_deref().map(short).unwrap_or_default();
        let from = danger.from.map(|from| calendar::show(from.get())).unwrap_or_default();
        let until = danger.until.map(|until| calendar::show(until.get())).unwrap_or_default();
        let refusal = self.refusal();
        let variables = [
            ("who", who.as_str()),
            ("guardian", &guardian),
            ("from", &from),
            ("until", &until),
            ("command", refusal.as_deref().unwrap_or_default()),
        ];
        let mut message = around.text(danger.kind.key(), &variables);
        if let Some(at) = self.at {
            let at = calendar::show(at.get());
            message.push_str(&format!(" {}", around.text("note-as-looked", &[("at", &at)])));
        }
        let mut details = json!(danger);
        details["wallet"] = json!(self.wallet);
        details["refuse_with"] = json!(refusal);
        details["looked_at"] = json!(self.at);
        let code = danger.kind.key().trim_start_matches("note-");
        Problem { code: code.to_owned(), message, details }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Codes are what programs know dangers by: none changes, and no two are one.
    #[test]
    fn every_danger_has_a_code_of_its_own_that_stays() {
        let kinds = [
            Kind::RecoveryOfAccount,
            Kind::RecoveryOfSubject,
            Kind::RecoveryStolen,
            Kind::GuardianPending,
            Kind::GuardianActing,
            Kind::FrozenOut,
            Kind::FrozenIn,
            Kind::FrozenBoth,
            Kind::AccountDeceased,
            Kind::AccountClosed,
        ];
        let codes: BTreeSet<&str> = kinds.iter().map(|kind| kind.key()).collect();
        let pinned = [
            "note-account-closed",
            "note-account-deceased",
            "note-frozen-both",
            "note-frozen-in",
            "note-frozen-out",
            "note-guardian-acting",
            "note-guardian-pending",
            "note-recovery-of-account",
            "note-recovery-of-subject",
            "note-recovery-stolen",
        ];
        assert!(codes.into_iter().eq(pinned));
    }
}
