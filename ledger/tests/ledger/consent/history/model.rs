//! The naive model: what happened, and what each invariant says of an attempt.

use std::collections::{BTreeMap, BTreeSet};

use ledger_types::PartyId;
use ledger_types::consent::Materiality;
use ledger_types::operation::{
    AccessBasis, EndByController, Grant, Operation, ReadAccessLog, ReadRight, Resume, StopOptOut,
    Suspend, Withdraw, WithdrawFor,
};

use super::script::Attempt;
use crate::consent::world::{
    self, AMBULANCE, COUNTER, ask_on, at, care, child, glass, hospital, joint, opt_out, purpose,
    registrar, renew, under_joint, under_opt_out, words,
};
use crate::fixture::{
    Actor, DELTA_MS, HOSPITAL, PHARMACY, START, access, access_id, ask, commitment, consent_id,
    grant_of, notice, subject, text_hash,
};

/// One wrong idea about each invariant, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WrongIdea {
    AnyBasisWillDo,
    AnEndedConsentComesBack,
    WithdrawalCountsFromTheNextBlock,
    WithdrawingIsHarderThanGranting,
    TheLastInstantCounts,
    EditorialNoticesNeedRenewal,
    BreadthFollowsTheVocabulary,
    OptOutCoversSensitiveData,
    OptOutNeedsNoWaiting,
    NewUsersGetOldData,
    GuardiansStayForever,
    ReadingALogIsNotLogged,
}

impl WrongIdea {
    pub(super) const ALL: [Self; 12] = [
        Self::AnyBasisWillDo,
        Self::AnEndedConsentComesBack,
        Self::WithdrawalCountsFromTheNextBlock,
        Self::WithdrawingIsHarderThanGranting,
        Self::TheLastInstantCounts,
        Self::EditorialNoticesNeedRenewal,
        Self::BreadthFollowsTheVocabulary,
        Self::OptOutCoversSensitiveData,
        Self::OptOutNeedsNoWaiting,
        Self::NewUsersGetOldData,
        Self::GuardiansStayForever,
        Self::ReadingALogIsNotLogged,
    ];
}

/// What the model expects of an attempt.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) what: &'static str,
    pub(super) commits: bool,
    pub(super) valid_until: Option<u64>,
    pub(super) is_logged: bool,
}

#[derive(Clone, Debug)]
struct Given {
    is_broad: bool,
    from: u64,
    until: u64,
    limit: Option<u32>,
    uses: u32,
    notice_version: usize,
    by_guardian: bool,
    is_suspended: bool,
    /// The block in which it was ended.
    ended: Option<u32>,
}

pub(super) struct Model {
    idea: Option<WrongIdea>,
    now: u64,
    block: u32,
    /// The guardian's authority ends here.
    boundary: u64,
    /// How much each version of the notice changed, the first one first.
    notices: Vec<Materiality>,
    words: u32,
    consents: BTreeMap<u8, Given>,
    opt_outs: BTreeMap<u32, u64>,
    stopped: BTreeSet<(u32, u8)>,
    /// The users of each version, and the notice's version then.
    joint_uses: Vec<(Vec<PartyId>, usize)>,
    glasses: BTreeMap<u8, u64>,
    counter: u32,
}

impl Model {
    pub(super) fn new(idea: Option<WrongIdea>, boundary: u64) -> Self {
        let first = Given {
            is_broad: false,
            from: START,
            until: START + 3_600_000,
            limit: Some(3),
            uses: 0,
            notice_version: 1,
            by_guardian: false,
            is_suspended: false,
            ended: None,
        };
        Self {
            idea,
            now: 0,
            block: 0,
            boundary,
            notices: vec![Materiality::Material],
            words: 1,
            consents: BTreeMap::from([(1, first)]),
            opt_outs: BTreeMap::new(),
            stopped: BTreeSet::new(),
            joint_uses: Vec::new(),
            glasses: BTreeMap::new(),
            counter: 0,
        }
    }

    pub(super) fn begin_block(&mut self, now: u64) {
        self.now = now;
        self.block += 1;
    }

    fn thinks(&self, idea: WrongIdea) -> bool {
        self.idea == Some(idea)
    }

    /// The sender and the operation of an attempt.
    pub(super) fn transaction(&mut self, attempt: &Attempt) -> (Actor, Operation) {
        self.counter += 1;
        let id = self.counter;
        let consent = |number: &u8| consent_id(*number);
        let user =
            |by_ambulance: &bool| Actor::party(if *by_ambulance { AMBULANCE } else { PHARMACY });
        let version = u32::try_from(self.notices.len()).unwrap();
        match attempt {
            Attempt::Grant { .. } => (subject(), Operation::Grant(self.grant(attempt, version))),
            Attempt::Withdraw { number, by_counter: true } => {
                let (consent, evidence) = (consent(number), commitment(160));
                let withdraw = WithdrawFor { consent, evidence };
                (Actor::party(COUNTER), Operation::WithdrawFor(withdraw))
            }
            Attempt::Withdraw { number, .. } => {
                (owner(*number), Operation::Withdraw(Withdraw { consent: consent(number) }))
            }
            Attempt::Revoke { number } => {
                let (consent, ground) = (consent(number), commitment(161));
                let end = EndByController { consent, ground };
                (hospital(), Operation::EndByController(end))
            }
            Attempt::Suspend { number } => {
                (owner(*number), Operation::Suspend(Suspend { consent: consent(number) }))
            }
            Attempt::Resume { number } => {
                (owner(*number), Operation::Resume(Resume { consent: consent(number) }))
            }
            Attempt::Renew { number } => {
                let shown = 170 + u8::try_from(id % 80).unwrap();
                (owner(*number), renew(*number, version, shown))
            }
            Attempt::Notice { materiality } => (hospital(), notice(version + 1, *materiality)),
            Attempt::Words => (registrar(), words(2)),
            Attempt::NotifyOptOut { scheme, wait_until } => {
                (hospital(), opt_out(*scheme, *wait_until))
            }
            Attempt::StopOptOut { scheme, person } => (subject(), stop_opt_out(*scheme, *person)),
            Attempt::JointUse { adds_ambulance, is_told } => {
                let next = u32::try_from(self.joint_uses.len()).unwrap() + 1;
                let told = if *is_told { version } else { version + 1 };
                (hospital(), joint(next, told, &users(*adds_ambulance)))
            }
            Attempt::BreakGlass { number } => (Actor::party(AMBULANCE), glass(*number, self.now)),
            Attempt::UnderConsent { number, leaf, purpose: asked, by_ambulance } => {
                let mut basis = access(*number, *leaf);
                basis.purpose = asked.map(|(version, place)| purpose(version, place));
                (user(by_ambulance), ask(id, basis))
            }
            Attempt::UnderOptOut { scheme, person, sensitive } => {
                let basis = under_opt_out(*scheme, *person, *sensitive);
                (Actor::party(PHARMACY), ask_on(id, basis))
            }
            Attempt::UnderJointUse { version, by_ambulance } => {
                (user(by_ambulance), ask_on(id, under_joint(*version)))
            }
            Attempt::UnderGlass { number, by_ambulance } => {
                let basis = AccessBasis::BreakGlass { glass: commitment(*number) };
                (user(by_ambulance), ask_on(id, basis))
            }
            Attempt::ReadLog { number, by_hospital } => {
                let read = access_id(id);
                let right = ReadRight::Consent { consent: consent(number) };
                let read = ReadAccessLog { read, subject: owner(*number).account, right };
                let reader = if *by_hospital { hospital() } else { Actor::party(PHARMACY) };
                (reader, Operation::ReadAccessLog(read))
            }
        }
    }

    fn grant(&self, attempt: &Attempt, version: u32) -> Grant {
        let Attempt::Grant { number, is_broad, limit, from, until } = attempt else {
            panic!("not a grant: {attempt:?}");
        };
        let mut grant = grant_of(*number);
        (grant.notice_version, grant.notice_hash) = (version, text_hash(version));
        (grant.valid_from, grant.expires) = (at(*from), at(*until));
        grant.use_limit = *limit;
        grant.on_behalf_of = (*number > 4).then(|| child().account);
        if *is_broad {
            grant.breadth = care();
        }
        grant
    }

    /// What is expected of an attempt; what it changes is taken note of.
    pub(super) fn expect(&mut self, attempt: &Attempt) -> Expected {
        let (what, commits) = match attempt {
            Attempt::Grant { .. } => ("grant", self.granted(attempt)),
            Attempt::Withdraw { number, .. } => ("withdraw", self.withdrawn(*number)),
            Attempt::Revoke { number } => ("revoke", self.revoked(*number)),
            Attempt::Suspend { number } => ("suspend", self.set_suspended(*number, true)),
            Attempt::Resume { number } => ("resume", self.set_suspended(*number, false)),
            Attempt::Renew { number } => ("renew", self.renewed(*number)),
            Attempt::Notice { materiality } => {
                self.notices.push(*materiality);
                return done("notice");
            }
            Attempt::Words => ("words", self.froze_words()),
            Attempt::NotifyOptOut { scheme, wait_until } => {
                let is_new = !self.opt_outs.contains_key(scheme) && *wait_until > self.now;
                if is_new {
                    self.opt_outs.insert(*scheme, *wait_until);
                }
                ("notify opt-out", is_new)
            }
            Attempt::StopOptOut { scheme, person } => {
                let there = self.opt_outs.contains_key(scheme);
                ("stop opt-out", there && self.stopped.insert((*scheme, *person)))
            }
            Attempt::JointUse { adds_ambulance, is_told } => {
                ("joint use", self.joint_use(*adds_ambulance, *is_told))
            }
            Attempt::BreakGlass { number } => {
                let is_new = !self.glasses.contains_key(number);
                self.glasses.entry(*number).or_insert(self.now + 60_000);
                ("break glass", is_new)
            }
            Attempt::ReadLog { number, by_hospital } => {
                let commits = *by_hospital && self.consents.contains_key(number);
                let is_logged = !self.thinks(WrongIdea::ReadingALogIsNotLogged);
                return Expected { what: "read log", commits, valid_until: None, is_logged };
            }
            access => return self.accessed(access),
        };
        Expected { what, commits, valid_until: None, is_logged: true }
    }

    fn granted(&mut self, attempt: &Attempt) -> bool {
        let Attempt::Grant { number, is_broad, limit, from, until } = attempt else {
            return false;
        };
        // 2: an identity is used once; a wrong idea lets an ended one be used again.
        let before = self.consents.get(number);
        let comes_back = self.thinks(WrongIdea::AnEndedConsentComesBack);
        let is_free = before.is_none_or(|before| comes_back && before.ended.is_some());
        // 11: a guardian's authority ends at the boundary.
        let by_guardian = *number > 4;
        let may = !by_guardian || self.is_guarded();
        if !is_free || !may || from >= until || *until <= self.now {
            return false;
        }
        let given = Given {
            is_broad: *is_broad,
            from: *from,
            until: *until,
            limit: *limit,
            uses: 0,
            notice_version: self.notices.len(),
            by_guardian,
            is_suspended: false,
            ended: None,
        };
        self.consents.insert(*number, given);
        true
    }

    fn is_guarded(&self) -> bool {
        self.now < self.boundary || self.thinks(WrongIdea::GuardiansStayForever)
    }

    /// 4: nothing but that it exists and goes on, or has expired, stands in the way.
    fn withdrawn(&mut self, number: u8) -> bool {
        let (block, now) = (self.block, self.now);
        let harder = self.thinks(WrongIdea::WithdrawingIsHarderThanGranting);
        let Some(given) = self.consents.get_mut(&number) else { return false };
        if given.ended.is_some() || (harder && (given.is_suspended || given.until <= now)) {
            return false;
        }
        given.ended = Some(block);
        true
    }

    fn revoked(&mut self, number: u8) -> bool {
        let block = self.block;
        let Some(given) = self.consents.get_mut(&number) else { return false };
        let goes_on = given.ended.is_none();
        given.ended = given.ended.or(Some(block));
        goes_on
    }

    /// A consent that has not ended and whose time is not over.
    fn ongoing(&mut self, number: u8) -> Option<&mut Given> {
        let now = self.now;
        self.consents.get_mut(&number).filter(|given| given.ended.is_none() && now < given.until)
    }

    fn set_suspended(&mut self, number: u8, suspended: bool) -> bool {
        let Some(given) = self.ongoing(number) else { return false };
        core::mem::replace(&mut given.is_suspended, suspended) != suspended
    }

    fn renewed(&mut self, number: u8) -> bool {
        let version = self.notices.len();
        let Some(given) = self.ongoing(number) else { return false };
        given.notice_version = version;
        given.by_guardian = false;
        true
    }

    fn froze_words(&mut self) -> bool {
        core::mem::replace(&mut self.words, 2) == 1
    }

    /// 10: a new user needs a newer notice than the version before's.
    fn joint_use(&mut self, adds_ambulance: bool, is_told: bool) -> bool {
        let (users, version) = (users(adds_ambulance), self.notices.len());
        let adds_untold = self.joint_uses.last().is_some_and(|(before, told)| {
            users.iter().any(|user| !before.contains(user)) && version <= *told
        });
        if !is_told || adds_untold {
            return false;
        }
        self.joint_uses.push((users, version));
        true
    }

    fn accessed(&mut self, attempt: &Attempt) -> Expected {
        let until_delta = self.now + DELTA_MS;
        let (what, ends) = match attempt {
            Attempt::UnderConsent { number, leaf, purpose, .. } => {
                ("under consent", self.under_consent(*number, *leaf, *purpose))
            }
            Attempt::UnderOptOut { scheme, person, sensitive } => {
                ("under opt-out", self.under_opt_out(*scheme, *person, *sensitive))
            }
            Attempt::UnderJointUse { version, by_ambulance } => {
                ("under joint use", self.under_joint_use(*version, *by_ambulance))
            }
            Attempt::UnderGlass { number, by_ambulance } => {
                let until = self.glasses.get(number).copied();
                ("under glass", until.filter(|until| *by_ambulance && self.now < *until))
            }
            other => panic!("no access: {other:?}"),
        };
        let valid_until = ends.map(|ends| ends.min(until_delta));
        Expected { what, commits: ends.is_some(), valid_until, is_logged: true }
    }

    /// Until when a consent permits, where it does.
    fn under_consent(
        &mut self,
        number: u8,
        leaf: u32,
        purpose: Option<(u32, usize)>,
    ) -> Option<u64> {
        // 1: the one basis that is named, and no other.
        let any = self.thinks(WrongIdea::AnyBasisWillDo);
        let other = self.opt_outs.values().any(|from| *from <= self.now);
        // The last process is for the hospital, which does not ask here.
        let given = self.consents.get(&number).filter(|_| leaf != 3);
        let ends = given.and_then(|given| self.in_force(given, purpose));
        if ends.is_some() {
            self.consents.get_mut(&number).unwrap().uses += 1;
        }
        ends.or((any && other).then_some(u64::MAX))
    }

    fn in_force(&self, given: &Given, purpose: Option<(u32, usize)>) -> Option<u64> {
        // 3: an end counts at once, within its block too.
        let next_block = self.thinks(WrongIdea::WithdrawalCountsFromTheNextBlock);
        let ended = given.ended.is_some_and(|block| !next_block || block < self.block);
        // 5: by block time, the last instant excluded.
        let last_counts = self.thinks(WrongIdea::TheLastInstantCounts);
        let expired = given.until < self.now + u64::from(!last_counts);
        // 6: a material notice makes it due for renewal, another does not.
        let editorial_counts = self.thinks(WrongIdea::EditorialNoticesNeedRenewal);
        let mut since = self.notices.iter().skip(given.notice_version);
        let is_due = since.any(|how| editorial_counts || *how == Materiality::Material);
        // 11: what a guardian gave is due for renewal from the boundary on.
        let grown_up = given.by_guardian && !self.is_guarded();
        let used_up = given.limit.is_some_and(|limit| given.uses >= limit);
        let begun = given.from <= self.now;
        let covered = self.is_covered(given, purpose);
        if ended || expired || !begun || given.is_suspended || is_due || grown_up || used_up {
            return None;
        }
        let boundary = if given.by_guardian { self.boundary } else { u64::MAX };
        covered.then_some(given.until.min(boundary))
    }

    /// 7: treatment and research of the words as they were frozen; billing is left out.
    fn is_covered(&self, given: &Given, purpose: Option<(u32, usize)>) -> bool {
        let follows = self.thinks(WrongIdea::BreadthFollowsTheVocabulary);
        let frozen = if follows { self.words } else { 1 };
        match purpose {
            None => !given.is_broad,
            Some((version, place)) => given.is_broad && version == frozen && place != 3,
        }
    }

    fn under_opt_out(&self, scheme: u32, person: u8, sensitive: bool) -> Option<u64> {
        // 8 and 9.
        let covers = !sensitive || self.thinks(WrongIdea::OptOutCoversSensitiveData);
        let no_wait = self.thinks(WrongIdea::OptOutNeedsNoWaiting);
        let waited = self.opt_outs.get(&scheme).is_some_and(|from| no_wait || *from <= self.now);
        let objected = self.stopped.contains(&(scheme, person));
        (covers && waited && !objected).then_some(u64::MAX)
    }

    /// 10: who used the data jointly when it was collected, and nobody who came later.
    fn under_joint_use(&self, version: u32, by_ambulance: bool) -> Option<u64> {
        let user = if by_ambulance { AMBULANCE } else { PHARMACY };
        let place = usize::try_from(version).unwrap() - 1;
        let (then, _) = self.joint_uses.get(place)?;
        let (last, _) = self.joint_uses.last()?;
        let later = self.thinks(WrongIdea::NewUsersGetOldData) && last.contains(&user);
        (then.contains(&user) || later).then_some(u64::MAX)
    }
}

fn done(what: &'static str) -> Expected {
    Expected { what, commits: true, valid_until: None, is_logged: true }
}

fn owner(number: u8) -> Actor {
    if number > 4 { world::child() } else { subject() }
}

fn users(adds_ambulance: bool) -> Vec<PartyId> {
    if adds_ambulance { vec![PHARMACY, AMBULANCE] } else { vec![PHARMACY] }
}

fn stop_opt_out(scheme: u32, person: u8) -> Operation {
    let (controller, person) = (HOSPITAL, commitment(person));
    Operation::StopOptOut(StopOptOut { controller, scheme, person, evidence: None })
}
