//! The built-in consortium of a local network: who takes part, with which keys and balances.
//!
//! Its shape follows published facts of regional coins in Japan (an operator, a city, a university
//! and banks; shops of which some are chains and two fifths bank elsewhere than most citizens).
//! Every name in it is fictitious.

use ledger_types::allowance::Allowances;
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisIssuer, GenesisMember, GenesisMerchant, GenesisParty,
    GenesisValidator, GenesisZone, LotteryTimes, MemberRole, Parameters,
};
use ledger_types::operation::{AccountKind, KycLevel, MerchantClass, WeightedKey};
use ledger_types::zone::{MunicipalityCode, Publishes};
use ledger_types::{
    AccountId, AddressPrefix, BankId, Genesis, Lab, MemberId, PartyId, PartyRoles, Regime,
    SigningKey, Timestamp, Yen, ZoneId,
};
use rand::Rng as _;

mod institutions;

use self::institutions::{Institution, institutions};
use crate::actors::{Actor, ActorRole};
use crate::keys::DevelopmentSeed;
use crate::lab::parameters;

/// What a local network should be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// From which every key follows.
    pub seed: DevelopmentSeed,
    /// How many validators, at least 1.
    pub validators: usize,
    /// How many banks, at least 1 and at most [`BANKS_MAX`].
    pub banks: usize,
    /// How many citizens.
    pub citizens: u32,
    /// How many shops of the zone.
    pub merchants: u32,
    /// The most that each bank may have outstanding; by default twice what it has at genesis, and
    /// at least [`ISSUE_ALLOWANCE_MIN`].
    pub issue_allowance: Option<Yen>,
    /// The most that each bank may owe the others on net.
    pub net_debit_cap: Yen,
    /// How many times the usual allowances each payer has.
    pub allowances_times: u32,
    /// How time runs, where the network is a lab.
    pub lab: Option<Lab>,
    /// The shortest times of lotteries.
    pub lotteries: LotteryTimes,
}

/// The least default of a bank's issue allowance.
pub const ISSUE_ALLOWANCE_MIN: Yen = Yen::new(10_000_000_000);
/// The zone.
pub const ZONE: ZoneId = ZoneId::new(1);
/// The code of 会津若松市, which the zone serves.
const AIZUWAKAMATSU: u32 = 72_028;
/// The prefix of a local network's addresses.
pub const ADDRESS_PREFIX: &str = "kyodev";
/// 2026-01-01T00:00:00+09:00.
const GENESIS_TIME: Timestamp = Timestamp::from_millis(1_767_193_200_000);

/// Codes that no bank in Japan has: the list of 2026 skips 9001–9009 and all after 9900.
const BANK_CODES: [(u16, u16); 2] = [(9001, 9009), (9901, 9989)];
/// How many banks a local network can have.
pub const BANKS_MAX: usize = 9 + 89;
/// The code of the prepaid issuer, of those codes too.
pub const ISSUER: BankId = BankId::new(9991);
/// What the issuer's float has.
const FLOAT_BALANCE: Yen = Yen::new(10_000_000);
/// How many have an account at the issuer.
const PREPAID_CITIZENS: u32 = 5;
/// What each of them has there.
const PREPAID_BALANCE: Yen = Yen::new(5_000);
const BANK_NAMES: [&str; 2] = ["Bandai Demo Bank", "Akabeko Demo Credit Union"];

/// The keys of one validator.
#[derive(Clone, Debug)]
pub struct ValidatorKeys {
    /// Signs votes and proposals.
    pub consensus: SigningKey,
    /// Identifies the node to its peers.
    pub network: SigningKey,
    /// Signs the checkpoints of the audit log that the node serves.
    pub log: SigningKey,
    /// Cosigns checkpoints after finality.
    pub cosignature: SigningKey,
}

/// A consortium: the document and every secret behind it.
#[derive(Clone, Debug)]
pub struct Consortium {
    /// The document.
    pub genesis: Genesis,
    /// Who acts, with their keys; addresses under the document's prefix.
    pub actors: Vec<Actor>,
    /// The validators' keys, in the document's order.
    pub validators: Vec<ValidatorKeys>,
}

/// The codes of the first `count` banks.
#[must_use]
pub fn bank_codes(count: usize) -> Vec<BankId> {
    BANK_CODES.iter().flat_map(|(from, to)| *from..=*to).map(BankId::new).take(count).collect()
}

/// The consortium of a plan.
#[must_use]
pub fn consortium(plan: &Plan) -> Consortium {
    let prefix = AddressPrefix::new(ADDRESS_PREFIX).expect("the prefix is lower-case letters");
    let mut builder = Builder {
        seed: plan.seed,
        codes: bank_codes(plan.banks),
        actors: Vec::new(),
        genesis: Genesis {
            name: format!("kyojo-dev-{}", plan.seed.get()),
            address_prefix: prefix,
            time: GENESIS_TIME,
            // A network to try things on: what a counter enters begins at once.
            parameters: Parameters {
                counter_delay_ms: 0,
                allowances: Allowances::INITIAL.times(plan.allowances_times),
                lotteries: plan.lotteries,
                ..parameters(plan.lab)
            },
            members: Vec::new(),
            validators: Vec::new(),
            banks: Vec::new(),
            issuers: Vec::new(),
            accounts: Vec::new(),
            zones: Vec::new(),
            merchants: Vec::new(),
            parties: Vec::new(),
            directory_keys: Vec::new(),
            accounts_file: None,
            lab: plan.lab,
        },
    };
    builder.add_banks(plan.net_debit_cap);
    builder.add_institutions(plan.validators);
    builder.add_parties();
    builder.add_merchants(plan.merchants);
    builder.add_citizens(plan.citizens);
    builder.add_issuer();
    let validators = builder.add_validators(plan.validators);
    Consortium { genesis: builder.genesis, actors: builder.actors, validators }
}

/// The city's key, which signs the network's directories.
#[must_use]
pub fn city_key(seed: DevelopmentSeed) -> SigningKey {
    seed.key("city", 0)
}

/// Gives every bank and issuer its allowance, once everything issued at genesis is known.
pub fn set_allowances(genesis: &mut Genesis, plan: &Plan, issued_by: impl Fn(BankId) -> Yen) {
    let allowance = |code: BankId| {
        let twice = issued_by(code).get().saturating_mul(2);
        plan.issue_allowance.unwrap_or(Yen::new(twice).max(ISSUE_ALLOWANCE_MIN))
    };
    for bank in &mut genesis.banks {
        bank.issue_allowance = allowance(bank.bank);
    }
    for issuer in &mut genesis.issuers {
        issuer.issue_allowance = allowance(issuer.issuer);
    }
}

struct Builder {
    seed: DevelopmentSeed,
    codes: Vec<BankId>,
    genesis: Genesis,
    actors: Vec<Actor>,
}

impl Builder {
    /// Three fifths at the first bank, the rest spread over the others.
    fn bank_for(&self, index: u32) -> BankId {
        let [first, others @ ..] = self.codes.as_slice() else { return BankId::new(0) };
        if index % 5 < 3 || others.is_empty() {
            return *first;
        }
        others[index as usize % others.len()]
    }

    fn actor(&mut self, name: String, role: ActorRole, account: AccountId, key: &SigningKey) {
        self.actors.push(Actor {
            name,
            role,
            address: account.to_address(&self.genesis.address_prefix),
            account,
            bank: None,
            seed: hex::encode(key.seed().as_ref()),
            member: None,
            party: None,
        });
    }

    fn add_banks(&mut self, net_debit_cap: Yen) {
        for (index, bank) in self.codes.clone().into_iter().enumerate() {
            let key = self.seed.key("bank", u64::from(bank.get()));
            let commitment = self.seed.digest("bank-holder", u64::from(bank.get()));
            let account = AccountId::opened_by(bank, &commitment);
            let name = BANK_NAMES
                .get(index)
                .map_or_else(|| format!("Demo Bank {bank}"), |n| (*n).to_owned());
            let member = self.next_member();
            self.genesis.banks.push(GenesisBank {
                bank,
                name: name.clone(),
                account,
                keys: vec![only(&key)],
                threshold: 1,
                issue_allowance: ISSUE_ALLOWANCE_MIN,
                net_debit_cap,
            });
            let roles = vec![MemberRole::Bank];
            self.genesis.members.push(GenesisMember { member, name, roles, account });
            self.actor(format!("bank-{bank}"), ActorRole::Bank, account, &key);
            self.mark_last(Some(bank), Some(member));
        }
    }

    /// As many companies as it takes for every validator to be another member's, at least two.
    fn add_institutions(&mut self, validators: usize) {
        let fixed = institutions();
        let companies = validators.saturating_sub(self.codes.len() + VALIDATING).max(2);
        let companies = (1..=companies).map(Institution::company);
        for institution in fixed.into_iter().chain(companies) {
            let member = self.next_member();
            let key = self.seed.key(&institution.name, 0);
            let holder = Holder { kind: institution.kind, kyc_level: KycLevel::KB };
            let account = self.add_account(&institution.name, 0, holder, &key, Yen::new(1_000_000));
            self.genesis.members.push(GenesisMember {
                member,
                name: institution.public_name,
                roles: vec![institution.member],
                account,
            });
            self.actor(institution.name, institution.actor, account, &key);
            let bank = self.codes.first().copied();
            self.mark_last(bank, Some(member));
            if institution.member == MemberRole::City {
                self.genesis.directory_keys.push(key.public_key());
            }
            if institution.member == MemberRole::ZoneOperator {
                self.genesis.zones.push(GenesisZone {
                    zone: ZONE,
                    name: "Akabeko Coin (demonstration)".to_owned(),
                    operator: account,
                    areas: MunicipalityCode::new(AIZUWAKAMATSU).into_iter().collect(),
                    publishes: Publishes::MERCHANTS,
                });
            }
        }
    }

    fn add_parties(&mut self) {
        let holding = PartyRoles::CONTROLLER.with(PartyRoles::DATA_HOLDER);
        let (public, private) = (Regime::PublicBody, Regime::Private);
        let parties = [
            ("party-city-health", holding, public),
            ("party-clinic", holding.with(PartyRoles::EMERGENCY), private),
            ("party-pharmacy", PartyRoles::RECIPIENT.with(PartyRoles::DATA_HOLDER), private),
            (
                "party-university-research",
                PartyRoles::RECIPIENT.with(PartyRoles::JOINT_USER),
                Regime::HospitalOrUniversity,
            ),
            ("party-processor", PartyRoles::PROCESSOR, private),
            ("party-auditor", PartyRoles::AUDITOR, private),
            ("party-ambulance", PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY), public),
            ("party-purchase-data", holding, private),
            ("party-shop-analytics", PartyRoles::RECIPIENT, private),
            ("party-city-counter", PartyRoles::COUNTER, public),
        ];
        for (number, (name, roles, regime)) in (1..).zip(parties) {
            let party = PartyId::new(number);
            let key = self.seed.key("party", u64::from(number));
            let keys = vec![only(&key)];
            self.genesis.parties.push(GenesisParty {
                party,
                roles,
                regime,
                corporate_number: None,
                keys,
                threshold: 1,
            });
            let account = AccountId::of_party(party);
            self.actor(name.to_owned(), ActorRole::Party, account, &key);
            if let Some(actor) = self.actors.last_mut() {
                actor.party = Some(party);
            }
        }
    }

    /// Of ten shops, seven are locally owned and three belong to a chain.
    fn add_merchants(&mut self, count: u32) {
        for index in 0..count {
            let key = self.seed.key("merchant", u64::from(index));
            let holder = Holder { kind: AccountKind::Merchant, kyc_level: KycLevel::KB };
            let account = self.add_account("merchant", index, holder, &key, Yen::ZERO);
            let class = if index % 10 < 7 { MerchantClass::Local } else { MerchantClass::Chain };
            self.genesis.merchants.push(GenesisMerchant { zone: ZONE, account, class });
            self.actor(format!("shop-{:03}", index + 1), ActorRole::Merchant, account, &key);
            self.mark_last(Some(self.bank_for(index)), None);
        }
    }

    /// Each holds 20,000 to 100,000 yen in whole thousands.
    fn add_citizens(&mut self, count: u32) {
        let mut balances = self.seed.generator("balances", 0);
        for index in 0..count {
            let key = self.seed.key("citizen", u64::from(index));
            let holder = Holder { kind: AccountKind::Citizen, kyc_level: KycLevel::K2 };
            let balance = Yen::new(1_000 * balances.gen_range(20..=100_u64));
            let account = self.add_account("citizen", index, holder, &key, balance);
            self.actor(format!("citizen-{:04}", index + 1), ActorRole::Citizen, account, &key);
            self.mark_last(Some(self.bank_for(index)), None);
        }
    }

    /// A prepaid issuer with its float at the first bank, and a few people of level K1 who have
    /// prepaid value.
    fn add_issuer(&mut self) {
        let key = self.seed.key("issuer", 0);
        let commitment = self.seed.digest("issuer-holder", 0);
        let account = AccountId::opened_by(ISSUER, &commitment);
        let float_key = self.seed.key("float", 0);
        let holder = Holder { kind: AccountKind::Issuer, kyc_level: KycLevel::KB };
        let float = self.add_account("float", 0, holder, &float_key, FLOAT_BALANCE);
        self.genesis.issuers.push(GenesisIssuer {
            issuer: ISSUER,
            name: "Aizu Demo Prepaid".to_owned(),
            account,
            keys: vec![only(&key)],
            threshold: 1,
            issue_allowance: ISSUE_ALLOWANCE_MIN,
            float,
        });
        self.actor(format!("issuer-{ISSUER}"), ActorRole::Issuer, account, &key);
        self.mark_last(Some(ISSUER), None);
        self.actor(format!("issuer-{ISSUER}-float"), ActorRole::Issuer, float, &float_key);
        self.mark_last(Some(self.bank_for(0)), None);
        for index in 0..PREPAID_CITIZENS {
            let key = self.seed.key("prepaid", u64::from(index));
            let holder = Holder { kind: AccountKind::Citizen, kyc_level: KycLevel::K1 };
            let account = self.add_at(ISSUER, "prepaid", index, holder, &key, PREPAID_BALANCE);
            let name = format!("prepaid-{:04}", index + 1);
            self.actor(name, ActorRole::PrepaidCitizen, account, &key);
            self.mark_last(Some(ISSUER), None);
        }
    }

    /// Validators belong to the banks, the city, the university, then operators and companies.
    fn add_validators(&mut self, count: usize) -> Vec<ValidatorKeys> {
        let fit = |member: &&GenesisMember| !member.roles.contains(&MemberRole::Auditor);
        let members: Vec<MemberId> =
            self.genesis.members.iter().filter(fit).map(|member| member.member).collect();
        let mut validators = Vec::with_capacity(count);
        for (index, member) in (0..).zip(members.into_iter().take(count)) {
            let consensus = self.seed.key("consensus", index);
            let network = self.seed.key("network", index);
            let log = self.seed.key("log", index);
            let cosignature = self.seed.key("cosignature", index);
            self.genesis.validators.push(GenesisValidator {
                member,
                key: consensus.public_key(),
                power: 1,
                network_key: network.public_key(),
                log_key: log.public_key(),
                cosignature_key: cosignature.public_key(),
            });
            validators.push(ValidatorKeys { consensus, network, log, cosignature });
        }
        validators
    }

    fn add_account(
        &mut self,
        label: &str,
        index: u32,
        holder: Holder,
        key: &SigningKey,
        balance: Yen,
    ) -> AccountId {
        self.add_at(self.bank_for(index), label, index, holder, key, balance)
    }

    fn add_at(
        &mut self,
        custodian: BankId,
        label: &str,
        index: u32,
        holder: Holder,
        key: &SigningKey,
        balance: Yen,
    ) -> AccountId {
        let holder_commitment = self.seed.digest(&format!("{label}-holder"), u64::from(index));
        let account = AccountId::opened_by(custodian, &holder_commitment);
        self.genesis.accounts.push(GenesisAccount {
            account,
            custodian,
            holder_commitment,
            kind: holder.kind,
            kyc_level: holder.kyc_level,
            keys: vec![only(key)],
            threshold: 1,
            balance,
        });
        account
    }

    fn next_member(&self) -> MemberId {
        let next = u16::try_from(self.genesis.members.len() + 1);
        MemberId::new(next.expect("banks, institutions and validators are a few hundred at most"))
    }

    fn mark_last(&mut self, bank: Option<BankId>, member: Option<MemberId>) {
        if let Some(actor) = self.actors.last_mut() {
            actor.bank = bank;
            actor.member = member;
        }
    }
}

/// How many of [`institutions`] may run a validator: all but the auditor.
const VALIDATING: usize = 5;

/// What an account's holder is.
#[derive(Clone, Copy)]
struct Holder {
    kind: AccountKind,
    kyc_level: KycLevel,
}

/// A single key with all the weight.
fn only(key: &SigningKey) -> WeightedKey {
    WeightedKey::plain(key.public_key(), 1)
}
