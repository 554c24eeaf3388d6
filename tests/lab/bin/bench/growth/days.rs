//! What the city does on each of its days: operations planned for the blocks of the day and of
//! those after it.
//!
//! Blocks are an hour apart, so that what one begins another may answer. Everything follows from
//! the seed, and nothing that is planned is refused.

use std::collections::BTreeMap;

use ledger_types::access::Deletion;
use ledger_types::access::holder_commitment;
use ledger_types::consent::{Breadth, Language, Materiality, NoticeContent, Profile};
use ledger_types::operation::{
    AccessBasis, AcknowledgeWithdrawal, AnswerSubjectRequest, BreakGlass, CancelRedeem, Charge,
    ClaimRedeem, ConsentBasis, Discharge, Finding, Grant, Issue, NotifySubject, OpenZoneAccount,
    Pay, PublishNotice, ReadAccessLog, ReadRight, RecordReceipt, RecordUse, Renew, RequestAccess,
    RequestKind, RequestOutcome, RequestRedeem, ReviewBreakGlass, SettleRedeem, SubjectRequest,
    Transfer, Withdraw,
};
use ledger_types::{BankId, ConsentId, Day, Hash, NoticeId, Operation, Timestamp, Yen, merkle};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use super::city::{
    AMBULANCE, AUDITOR, CONTROLLERS, City, HOSPITAL, PHARMACY, Who, ZONE, bank_of, japanese,
};
use super::terms;

/// Between two blocks.
pub(super) const HOUR_MS: u64 = 60 * 60 * 1000;
/// Blocks of a day.
pub(super) const BLOCKS_A_DAY: u64 = 24;

/// How often what happens, as `--help` says it.
const PAYMENTS_A_DAY: usize = 2;
const DAYS_TO_A_CHARGE: u64 = 7;
const DAYS_TO_AN_ISSUE: u64 = 30;
const DAYS_TO_AN_ACCESS: u64 = 30;
/// Of a hundred redeem requests so many are settled; as many are cancelled as lapse.
const SETTLED_OF_100: u32 = 90;
const CANCELLED_OF_100: u32 = 5;
/// Days from a withdrawal until the same person consents again.
const DAYS_TO_RETURN: u64 = 30;
/// Over how many days all renew once a notice changed.
const RENEWAL_DAYS: u64 = 14;

const NOTICE: NoticeId = NoticeId::new(1);
const CHARGE: Yen = Yen::new(30_000);
const ISSUE: Yen = Yen::new(150_000);
const REDEEM: Yen = Yen::new(10_000);
/// How long consents are given for: none ends by itself.
const CONSENT_MS: u64 = 10 * 365 * 24 * HOUR_MS;

/// How often a year, per thousand residents (or consents), happens what happens to few on one day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habits {
    pub redeems: u32,
    pub withdrawals: u32,
    pub requests: u32,
    pub reads: u32,
    pub glasses: u32,
    /// Of so many accesses the recipient's half of one never comes.
    pub one_unmatched_in: u32,
}

impl Habits {
    /// Those of a city, as `--help` says them.
    pub(super) const CITY: Self = Self {
        redeems: 1_000,
        withdrawals: 100,
        requests: 100,
        reads: 200,
        glasses: 10,
        one_unmatched_in: 100,
    };
}

/// An operation of somebody's, with who signs it too.
#[derive(Debug)]
pub(super) struct Act {
    pub who: Who,
    pub cosigner: Option<Who>,
    pub operation: Operation,
}

/// A resident's consent to one controller.
#[derive(Clone, Copy, Debug)]
struct Given {
    /// Which of its consents to this controller.
    number: u32,
    /// Under which version of the notice.
    version: u32,
    is_in_force: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Days<'c> {
    city: &'c City,
    habits: Habits,
    language: Language,
    random: ChaCha20Rng,
    acts: BTreeMap<u64, Vec<Act>>,
    consents: Vec<[Given; CONTROLLERS.len()]>,
    /// Who consents again on which day, and to which of the controllers.
    returning: BTreeMap<u64, Vec<(usize, usize)>>,
    /// What each shop took since it last redeemed.
    takings: Vec<u64>,
    /// The notices' version, and the day on whose evening it changes.
    version: u32,
    changes_on: u64,
    made: u64,
}

impl<'c> Days<'c> {
    /// Of so many days, in the middle of which the notices change.
    pub(super) fn new(
        city: &'c City,
        habits: Habits,
        days: u64,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let none = Given { number: 0, version: 1, is_in_force: false };
        Ok(Self {
            city,
            habits,
            language: japanese()?,
            random: ChaCha20Rng::seed_from_u64(seed),
            acts: BTreeMap::new(),
            consents: vec![[none; CONTROLLERS.len()]; city.residents],
            returning: BTreeMap::new(),
            takings: vec![0; city.shops],
            version: 1,
            changes_on: days / 2,
            made: 0,
        })
    }

    /// What is planned for a block.
    pub(super) fn take(&mut self, block: u64) -> Vec<Act> {
        self.acts.remove(&block).unwrap_or_default()
    }

    /// Plans a day; on the first one everybody is enrolled.
    pub(super) fn plan(&mut self, day: u64) -> anyhow::Result<()> {
        if day == 0 {
            self.enrol(day);
        }
        for (resident, controller) in self.returning.remove(&day).unwrap_or_default() {
            self.grant(block(day, 7), resident, controller, None);
        }
        for resident in 0..self.city.residents {
            self.pay(day, resident)?;
            self.money(day, resident)?;
            self.renew(day, resident);
            self.access(day, resident);
            self.seldom(day, resident)?;
        }
        self.shops(day);
        if day == self.changes_on {
            self.version += 1;
            self.notices(block(day, 23));
        }
        Ok(())
    }

    fn act(&mut self, block: u64, who: Who, operation: Operation) {
        let act = Act { who, cosigner: None, operation };
        self.acts.entry(block).or_default().push(act);
    }

    /// A bank claims a request, and settles it in the next block.
    fn paid_out(&mut self, block: u64, bank: BankId, redeem: Hash) {
        let until = self.at(block + 24);
        self.act(block, Who::Bank(bank), ClaimRedeem { redeem, until }.into());
        self.act(block + 1, Who::Bank(bank), SettleRedeem { redeem }.into());
    }

    /// The network's time at a block.
    fn at(&self, block: u64) -> Timestamp {
        time_of(self.city, block)
    }

    /// An identity of the day of a block.
    fn id(&mut self, block: u64) -> Hash {
        let random = self.commitment();
        Day::of(self.at(block)).id(random)
    }

    fn commitment(&mut self) -> Hash {
        self.made += 1;
        Hash::of(&[b"growth", &self.made.to_be_bytes()])
    }

    /// Whether what happens so often a year to one in a thousand happens today.
    fn happens(&mut self, per_thousand_and_year: u32) -> bool {
        self.random.gen_range(0..365_000) < per_thousand_and_year
    }

    /// An hour in which shops are open.
    fn hour(&mut self) -> u64 {
        self.random.gen_range(8..20)
    }

    fn enrol(&mut self, day: u64) {
        self.notices(block(day, 0));
        for resident in 0..self.city.residents {
            let open = Operation::OpenZoneAccount(OpenZoneAccount { zone: ZONE });
            self.act(block(day, 0), Who::Resident(resident), open);
            let charge = Operation::Charge(Charge { zone: ZONE, amount: CHARGE });
            self.act(block(day, 6), Who::Resident(resident), charge);
        }
        for (controller, hour) in (0..CONTROLLERS.len()).zip(1..) {
            for resident in 0..self.city.residents {
                let cosigner = Some(Who::Party(CONTROLLERS[controller]));
                self.grant(block(day, hour), resident, controller, cosigner);
            }
        }
    }

    fn notices(&mut self, block: u64) {
        for party in CONTROLLERS {
            let content_hash = text(self.version);
            let publish = PublishNotice {
                notice: NOTICE,
                version: self.version,
                materiality: Materiality::Material,
                contents: vec![NoticeContent { language: self.language, content_hash }],
                media_hashes: vec![],
            };
            self.act(block, Who::Party(party), Operation::PublishNotice(publish));
        }
    }

    fn grant(&mut self, block: u64, resident: usize, controller: usize, cosigner: Option<Who>) {
        let version = self.version;
        let given = &mut self.consents[resident][controller];
        *given = Given { number: given.number + 1, version, is_in_force: true };
        let consent = self.consent(resident, controller);
        let (from, party) = (self.at(block), CONTROLLERS[controller]);
        let grant = Grant {
            consent,
            controller: party,
            terms_root: merkle::root(&terms::leaves(&consent)),
            notice: NOTICE,
            notice_version: version,
            language: self.language,
            notice_hash: text(version),
            presentation_commitment: self.commitment(),
            valid_from: from,
            expires: Timestamp::from_millis(from.as_millis() + CONSENT_MS),
            use_limit: None,
            breadth: Breadth::Specific,
            compensation: None,
            on_behalf_of: None,
            profile: Profile::Ordinary,
        };
        let who = Who::Subject(resident, party);
        let act = Act { who, cosigner, operation: Operation::Grant(grant) };
        self.acts.entry(block).or_default().push(act);
    }

    /// The identity of a resident's last consent to a controller.
    fn consent(&self, resident: usize, controller: usize) -> ConsentId {
        let number = self.consents[resident][controller].number;
        let (who, party) = ((resident as u64).to_be_bytes(), CONTROLLERS[controller].get());
        ConsentId::new(Hash::of(&[b"consent", &who, &party.to_be_bytes(), &number.to_be_bytes()]))
    }

    /// At shops, and to another resident.
    fn pay(&mut self, day: u64, resident: usize) -> anyhow::Result<()> {
        for _ in 0..PAYMENTS_A_DAY {
            let shop = self.random.gen_range(0..self.city.shops);
            let amount = self.random.gen_range(200..=2_000);
            self.takings[shop] += amount;
            let merchant = self.city.account(Who::Shop(shop))?;
            let amount = Yen::new(amount);
            let pay = Operation::Pay(Pay {
                zone: ZONE,
                merchant,
                amount,
                charge: None,
                vouchers: None,
                reference: None,
                request: None,
                again: true,
            });
            let hour = self.hour();
            self.act(block(day, hour), Who::Resident(resident), pay);
        }
        let step = self.random.gen_range(1..self.city.residents);
        let to = self.city.account(Who::Resident((resident + step) % self.city.residents))?;
        let amount = Yen::new(self.random.gen_range(200..=2_000));
        let transfer = Operation::Transfer(Transfer { to, amount, reference: None });
        let hour = self.hour();
        self.act(block(day, hour), Who::Resident(resident), transfer);
        Ok(())
    }

    /// What comes in from the bank, and what goes into the coin's zone.
    fn money(&mut self, day: u64, resident: usize) -> anyhow::Result<()> {
        let turn = day + resident as u64;
        if turn.is_multiple_of(DAYS_TO_AN_ISSUE) {
            let account = self.city.account(Who::Resident(resident))?;
            let core_banking_ref = self.commitment();
            let issue = Operation::Issue(Issue { account, amount: ISSUE, core_banking_ref });
            self.act(block(day, 5), Who::Bank(bank_of(resident)), issue);
        }
        if day > 0 && turn.is_multiple_of(DAYS_TO_A_CHARGE) {
            let charge = Operation::Charge(Charge { zone: ZONE, amount: CHARGE });
            self.act(block(day, 7), Who::Resident(resident), charge);
        }
        Ok(())
    }

    /// Shops take out each evening what they took, and have it the next morning.
    fn shops(&mut self, day: u64) {
        for shop in 0..self.city.shops {
            let amount = Yen::new(std::mem::take(&mut self.takings[shop]));
            let who = Who::Shop(shop);
            let discharge = Operation::Discharge(Discharge { zone: ZONE, amount });
            self.act(block(day, 21), who, discharge);
            let redeem = self.id(block(day, 22));
            let request = Operation::RequestRedeem(RequestRedeem { redeem, amount });
            self.act(block(day, 22), who, request);
            self.paid_out(block(day + 1, 9), bank_of(shop), redeem);
        }
    }

    /// Agrees to the notices that changed, some people each day.
    fn renew(&mut self, day: u64, resident: usize) {
        let turn = self.changes_on + 1 + resident as u64 % RENEWAL_DAYS;
        if self.version == 1 || day != turn {
            return;
        }
        for (controller, _) in CONTROLLERS.iter().enumerate() {
            let given = &mut self.consents[resident][controller];
            if !given.is_in_force || given.version == self.version {
                continue;
            }
            given.version = self.version;
            let renew = Renew {
                consent: self.consent(resident, controller),
                notice_version: self.version,
                language: self.language,
                notice_hash: text(self.version),
                presentation_commitment: self.commitment(),
            };
            let who = Who::Subject(resident, CONTROLLERS[controller]);
            self.act(block(day, 6), who, Operation::Renew(renew));
        }
    }

    /// The pharmacy sees what the hospital prescribed; both keep their half.
    fn access(&mut self, day: u64, resident: usize) {
        let turn = day + resident as u64 * 7;
        let given = self.consents[resident][0];
        let allows = given.is_in_force && given.version == self.version;
        if !turn.is_multiple_of(DAYS_TO_AN_ACCESS) || !allows {
            return;
        }
        let hour = self.hour();
        let access = self.id(block(day, hour));
        let consent = self.consent(resident, 0);
        let basis = AccessBasis::Consent(ConsentBasis {
            consent,
            leaf: terms::leaf(&consent),
            leaf_index: 0,
            path: merkle::inclusion_path(&terms::leaves(&consent), 0),
            purpose: None,
        });
        let disclosure = self.commitment();
        let salt = self.commitment();
        let holder = holder_commitment(HOSPITAL, &salt);
        let ask = Operation::RequestAccess(RequestAccess { access, basis, holder });
        self.act(block(day, hour), Who::Party(PHARMACY), ask);
        let used = Operation::RecordUse(RecordUse { access, disclosure, salt });
        self.act(block(day, hour + 1), Who::Party(HOSPITAL), used);
        if self.random.gen_range(0..self.habits.one_unmatched_in) > 0 {
            let received = Operation::RecordReceipt(RecordReceipt { access, disclosure });
            self.act(block(day, hour + 2), Who::Party(PHARMACY), received);
        }
    }

    /// What happens to few on one day.
    fn seldom(&mut self, day: u64, resident: usize) -> anyhow::Result<()> {
        let Habits { redeems, withdrawals, requests, reads, glasses, .. } = self.habits;
        if self.happens(redeems) {
            self.redeem(day, resident);
        }
        for (controller, _) in CONTROLLERS.iter().enumerate() {
            if self.consents[resident][controller].is_in_force && self.happens(withdrawals) {
                self.withdraw(day, resident, controller);
            }
        }
        if self.happens(requests) {
            self.request(day, resident);
        }
        if self.happens(reads) {
            self.read(day, resident)?;
        }
        if self.happens(glasses) {
            self.glass(day);
        }
        Ok(())
    }

    /// Out of the network: settled the next day, or cancelled, or it lapses.
    fn redeem(&mut self, day: u64, resident: usize) {
        let redeem = self.id(block(day, 10));
        let request = Operation::RequestRedeem(RequestRedeem { redeem, amount: REDEEM });
        self.act(block(day, 10), Who::Resident(resident), request);
        let drawn = self.random.gen_range(0..100);
        if drawn < SETTLED_OF_100 {
            self.paid_out(block(day + 1, 9), bank_of(resident), redeem);
        } else if drawn < SETTLED_OF_100 + CANCELLED_OF_100 {
            let cancel = Operation::CancelRedeem(CancelRedeem { redeem });
            self.act(block(day, 12), Who::Resident(resident), cancel);
        }
    }

    fn withdraw(&mut self, day: u64, resident: usize, controller: usize) {
        let (consent, party) = (self.consent(resident, controller), CONTROLLERS[controller]);
        self.consents[resident][controller].is_in_force = false;
        let withdraw = Operation::Withdraw(Withdraw { consent });
        self.act(block(day, 23), Who::Subject(resident, party), withdraw);
        let acknowledge = AcknowledgeWithdrawal {
            consent,
            stopped_at: self.at(block(day, 23)),
            deletion: Deletion::Done,
            propagated_to: vec![],
        };
        let acknowledge = Operation::AcknowledgeWithdrawal(acknowledge);
        self.act(block(day + 1, 10), Who::Party(party), acknowledge);
        self.returning.entry(day + DAYS_TO_RETURN).or_default().push((resident, controller));
    }

    fn request(&mut self, day: u64, resident: usize) {
        let controller = CONTROLLERS[self.random.gen_range(0..CONTROLLERS.len())];
        let request = self.id(block(day, 11));
        let asked = SubjectRequest {
            request,
            controller,
            kind: RequestKind::Access,
            commitment: self.commitment(),
            on_behalf_of: None,
        };
        let who = Who::Subject(resident, controller);
        self.act(block(day, 11), who, Operation::SubjectRequest(asked));
        let (outcome, commitment) = (RequestOutcome::Done, self.commitment());
        let answer = AnswerSubjectRequest { request, outcome, commitment };
        let answer = Operation::AnswerSubjectRequest(answer);
        self.act(block(day + 5, 11), Who::Party(controller), answer);
    }

    /// The hospital reads who used a resident's data.
    fn read(&mut self, day: u64, resident: usize) -> anyhow::Result<()> {
        let read = self.id(block(day, 13));
        let right = ReadRight::Consent { consent: self.consent(resident, 0) };
        let subject = self.city.account(Who::Subject(resident, HOSPITAL))?;
        let read = Operation::ReadAccessLog(ReadAccessLog { read, subject, right });
        self.act(block(day, 13), Who::Party(HOSPITAL), read);
        Ok(())
    }

    /// Broken, reviewed by another organisation, and the person told.
    fn glass(&mut self, day: u64) {
        let glass = self.id(block(day, 14));
        let broken = BreakGlass {
            glass,
            person: self.commitment(),
            scope: self.commitment(),
            ground: self.commitment(),
            opened: self.at(block(day, 13)),
            duration_ms: 2 * HOUR_MS,
        };
        self.act(block(day, 14), Who::Party(AMBULANCE), Operation::BreakGlass(broken));
        let (finding, commitment) = (Finding::Justified, self.commitment());
        let review = Operation::ReviewBreakGlass(ReviewBreakGlass { glass, finding, commitment });
        self.act(block(day + 2, 14), Who::Party(AUDITOR), review);
        let told = NotifySubject { glass, evidence: self.commitment() };
        self.act(block(day + 3, 14), Who::Party(AMBULANCE), Operation::NotifySubject(told));
    }
}

/// The block at an hour of a day; the first one is an hour after genesis.
fn block(day: u64, hour: u64) -> u64 {
    day * BLOCKS_A_DAY + hour + 1
}

/// The network's time at a block.
pub(super) fn time_of(city: &City, block: u64) -> Timestamp {
    Timestamp::from_millis(city.genesis.time.as_millis() + block * HOUR_MS)
}

/// The text of a version of the notices, by its hash.
fn text(version: u32) -> Hash {
    Hash::of(&[b"notice", &version.to_be_bytes()])
}
