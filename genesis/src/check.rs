//! Every fault of a document, with its place and how to mend it; never only the first.
//!
//! The last word is the ledger's: [`State::from_genesis`] is called, so a document that it refuses
//! is never found sound, whatever the rules here have overlooked. A document that it accepts is
//! refused by founding rules alone, each of which says so ([`Rule::Founding`]).

mod issuers;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};

use ledger::{GENESIS_NAME_BYTES_MAX, GenesisError, State};
use ledger_types::genesis::{GenesisAccount, MemberRole};
use ledger_types::limits::{KEYS_MAX, VALIDATORS_MAX, ZONES_MAX};
use ledger_types::operation::{AccountKind, KycLevel, WeightedKey};
use ledger_types::record::CustodianKind;
use ledger_types::{AccountId, BankId, Genesis, PublicKey, ValidatorSet, Yen};

pub use crate::finding::{Finding, Rule};

/// Checks a whole document and the further accounts that it names, in their file's order.
///
/// An empty answer means that a network can start from it.
#[must_use]
pub fn check(genesis: &Genesis, further: impl IntoIterator<Item = GenesisAccount>) -> Vec<Finding> {
    let mut check = Check::new(genesis);
    check.general();
    check.banks();
    check.issuers();
    check.accounts();
    let refused = check.further(further);
    check.sums();
    check.floats();
    check.members();
    check.validators();
    check.zones();
    check.parties();
    if let Some(error) = refused {
        check.refused(&error);
    }
    check.findings
}

/// How many findings are told; past that the document is beyond mending by hand.
const FINDINGS_MAX: usize = 100;

struct Check<'a> {
    genesis: &'a Genesis,
    custodians: BTreeMap<BankId, CustodianKind>,
    accounts: BTreeMap<AccountId, (AccountKind, KycLevel)>,
    /// Accounts that issuers keep, their own among them.
    at_issuer: BTreeSet<AccountId>,
    issued: BTreeMap<BankId, Option<Yen>>,
    registrable: BTreeSet<PublicKey>,
    findings: Vec<Finding>,
}

impl<'a> Check<'a> {
    fn new(genesis: &'a Genesis) -> Self {
        Self {
            genesis,
            custodians: issuers::custodians(genesis),
            accounts: BTreeMap::new(),
            at_issuer: genesis.issuers.iter().map(|issuer| issuer.account).collect(),
            issued: BTreeMap::new(),
            registrable: BTreeSet::new(),
            findings: Vec::new(),
        }
    }

    fn fault(&mut self, code: &'static str, place: String, problem: String, remedy: &'static str) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding::new(code, place, problem, remedy));
        }
    }

    fn banks(&mut self) {
        let genesis = self.genesis;
        if genesis.banks.is_empty() {
            let problem = "no bank keeps accounts".to_owned();
            self.fault("no_banks", "banks".to_owned(), problem, "add one: add-bank");
        }
        let mut seen = BTreeSet::new();
        for (index, bank) in genesis.banks.iter().enumerate() {
            let place = format!("banks[{index}]");
            self.code(&place, "bank", bank.bank, !seen.insert(bank.bank));
            self.name(format!("{place}.name"), &bank.name);
            self.keys(&place, &bank.keys, bank.threshold);
            self.new_account(&place, bank.account, AccountKind::Bank, KycLevel::KB);
        }
    }

    fn accounts(&mut self) {
        for (index, account) in self.genesis.accounts.iter().enumerate() {
            self.account(|| format!("accounts[{index}]"), account);
        }
    }

    /// Checks the accounts of the file while the ledger reads them, and those that it leaves; gives
    /// why the ledger refuses the document, where it does.
    fn further(
        &mut self,
        further: impl IntoIterator<Item = GenesisAccount>,
    ) -> Option<GenesisError> {
        let genesis = self.genesis;
        let mut checked = further.into_iter().enumerate().map(|(index, account)| {
            self.account(|| format!("accounts.bin[{index}]"), &account);
            account
        });
        let refused = State::from_genesis(genesis, checked.by_ref()).err();
        checked.for_each(drop);
        refused
    }

    /// What the ledger refuses and no rule here has told.
    fn refused(&mut self, error: &GenesisError) {
        if self.findings.iter().any(|finding| finding.rule == Rule::Ledger) {
            return;
        }
        let (code, place) = match error {
            GenesisError::AccountsFileMismatch { .. } => ("accounts_file_hash", "accounts_file"),
            _ => ("refused_by_ledger", "genesis"),
        };
        // Never crowded out by founding rules: without it the document could pass for usable.
        self.findings.truncate(FINDINGS_MAX - 1);
        self.fault(code, place.to_owned(), error.to_string(), "correct what it names");
    }

    fn account(&mut self, place: impl Fn() -> String, account: &GenesisAccount) {
        let kind = self.custodian(account.custodian);
        if !self.custodians.contains_key(&account.custodian) {
            let problem = format!("its custodian {} is not a bank here", account.custodian);
            self.fault("unknown_custodian", place(), problem, "name a listed bank, or add-bank");
        }
        if !kind.is_bank() {
            self.at_issuer.insert(account.account);
        }
        let is_citizen = account.kind == AccountKind::Citizen && account.kyc_level != KycLevel::KB;
        if !kind.is_bank() && !is_citizen {
            let problem = "a prepaid issuer keeps accounts of citizens alone".to_owned();
            self.fault("citizens_only", place(), problem, "name a bank as its custodian");
        }
        if account.kind == AccountKind::Bank {
            self.fault(
                "bank_among_accounts",
                place(),
                "an account of kind bank is listed".to_owned(),
                "list a bank under banks: it brings its own account",
            );
        }
        if !kind.lets_hold(account.kyc_level) && !account.balance.is_zero() {
            let problem = format!("KYC level {:?} may not hold yen there", account.kyc_level);
            let remedy = "use K2 or KB at a bank, K1 or K2 at an issuer, or balance \"0\"";
            self.fault("deposit_not_allowed", place(), problem, remedy);
        }
        let expected = AccountId::opened_by(account.custodian, &account.holder_commitment);
        if account.account != expected {
            let problem = format!("custodian and holder commitment make account {expected:?}");
            self.fault("account_mismatch", place(), problem, "use that identity");
        }
        self.keys(&place, &account.keys, account.threshold);
        self.new_account(&place, account.account, account.kind, account.kyc_level);
        let sum = self.issued.entry(account.custodian).or_insert(Some(Yen::ZERO));
        *sum = sum.and_then(|sum| sum.checked_add(account.balance));
    }

    /// What each bank issued at genesis must fit, be allowed, and add up to a number that fits.
    fn sums(&mut self) {
        let genesis = self.genesis;
        let banks = genesis.banks.iter().map(|bank| (bank.bank, bank.issue_allowance));
        let issuers = genesis.issuers.iter().map(|one| (one.issuer, one.issue_allowance));
        let banks = (0..).zip(banks).map(|(index, bank)| (format!("banks[{index}]"), bank));
        let issuers = (0..).zip(issuers).map(|(index, one)| (format!("issuers[{index}]"), one));
        for (place, (code, allowance)) in banks.chain(issuers) {
            let place = format!("{place}.issue_allowance");
            let issued = self.issued.get(&code).copied().unwrap_or(Some(Yen::ZERO));
            let Some(issued) = issued else {
                let problem = format!("balances kept by bank {code} overflow");
                self.fault("sum_overflow", place, problem, "lower the balances");
                continue;
            };
            if issued > allowance {
                let problem = format!("{issued} yen are issued at genesis, {allowance} allowed");
                self.fault("over_allowance", place, problem, "raise the allowance");
            }
        }
        let mut sums = self.issued.values().copied();
        let total = sums.try_fold(Yen::ZERO, |sum, issued| sum.checked_add(issued?));
        if total.is_none_or(|total| i64::try_from(total.get()).is_err()) {
            self.fault(
                "supply_overflow",
                "accounts".to_owned(),
                "all balances together are over 2^63 - 1 yen, which no position can hold"
                    .to_owned(),
                "lower the balances",
            );
        }
    }

    fn members(&mut self) {
        let genesis = self.genesis;
        let mut seen = BTreeSet::new();
        for (index, member) in genesis.members.iter().enumerate() {
            let place = format!("members[{index}]");
            if !seen.insert(member.member) {
                let problem = format!("member {} is listed twice", member.member);
                self.fault("repeated_member", place.clone(), problem, "renumber one of them");
            }
            self.name(format!("{place}.name"), &member.name);
            let ascending = member.roles.iter().zip(member.roles.iter().skip(1));
            if member.roles.is_empty() {
                let problem = "a member without a role could do nothing".to_owned();
                self.fault("no_roles", format!("{place}.roles"), problem, "give it one or more");
            }
            if ascending.into_iter().any(|(one, next)| one >= next) {
                self.fault(
                    "bad_roles",
                    format!("{place}.roles"),
                    "the roles are not in ascending order, each once".to_owned(),
                    "order: bank, city, zone_operator, settlement_operator, registrar, \
                     university, company, auditor",
                );
            }
            let place = format!("{place}.account");
            let kind = self.known_account(&place, member.account).map(|(kind, _)| kind);
            let is_bank = member.roles.contains(&MemberRole::Bank);
            if kind.is_some_and(|kind| is_bank != (kind == AccountKind::Bank)) {
                let problem = "role bank and a bank's own account go together".to_owned();
                self.fault("bank_role", place, problem, "correct the roles or the account");
            }
        }
        self.offices();
    }

    /// A settlement operator and a registrar, without whom caps and parties stay as they are.
    fn offices(&mut self) {
        for (role, name) in [
            (MemberRole::SettlementOperator, "settlement_operator"),
            (MemberRole::Registrar, "registrar"),
        ] {
            let holders = self.genesis.members.iter().filter(|m| m.roles.contains(&role)).count();
            if holders != 1 {
                let problem = format!("{holders} members have role {name}");
                self.fault("office", "members".to_owned(), problem, "give it to exactly one");
            }
        }
    }

    fn validators(&mut self) {
        let genesis = self.genesis;
        let mut keys = BTreeSet::new();
        for (index, validator) in genesis.validators.iter().enumerate() {
            let place = format!("validators[{index}]");
            if !genesis.members.iter().any(|member| member.member == validator.member) {
                let problem = format!("member {} is not listed", validator.member);
                self.fault("unknown_member", format!("{place}.member"), problem, "add-member");
            }
            for (field, key) in [
                ("key", validator.key),
                ("network_key", validator.network_key),
                ("log_key", validator.log_key),
                ("cosignature_key", validator.cosignature_key),
            ] {
                self.key(&format!("{place}.{field}"), key);
                if !keys.insert(key) {
                    let problem = "another key of a validator is the same".to_owned();
                    let place = format!("{place}.{field}");
                    self.fault("repeated_key", place, problem, "make a key of its own: keygen");
                }
            }
            if validator.power == 0 {
                let place = format!("{place}.power");
                let problem = "a validator without power has no vote".to_owned();
                self.fault("zero_power", place, problem, "use 1 or more");
            }
        }
        let count = genesis.validators.len();
        if !(1..=VALIDATORS_MAX).contains(&count) {
            let problem = format!("{count} validators, a network has 1 to {VALIDATORS_MAX}");
            self.fault("validator_count", "validators".to_owned(), problem, "add-validator");
        } else if self.findings.is_empty() && validator_set(genesis).is_none() {
            let problem = "all voting power together is too large".to_owned();
            self.fault("power_overflow", "validators".to_owned(), problem, "use small powers");
        }
    }

    fn zones(&mut self) {
        let genesis = self.genesis;
        let count = genesis.zones.len();
        if count > ZONES_MAX {
            let problem = format!("{count} zones, a network has at most {ZONES_MAX}");
            self.fault("many_zones", "zones".to_owned(), problem, "remove those past that");
        }
        let mut zones = BTreeSet::new();
        for (index, zone) in genesis.zones.iter().enumerate() {
            let place = format!("zones[{index}]");
            if !zones.insert(zone.zone) {
                let problem = format!("zone {} is listed twice", zone.zone);
                self.fault("repeated_zone", place.clone(), problem, "renumber one of them");
            }
            self.name(format!("{place}.name"), &zone.name);
            self.known_account(&format!("{place}.operator"), zone.operator);
        }
        let mut seen = BTreeSet::new();
        for (index, merchant) in genesis.merchants.iter().enumerate() {
            let place = format!("merchants[{index}]");
            if !zones.contains(&merchant.zone) {
                let problem = format!("zone {} is not listed", merchant.zone);
                self.fault("unknown_zone", format!("{place}.zone"), problem, "add-zone");
            }
            if !seen.insert((merchant.zone, merchant.account)) {
                let problem = "the merchant is in the zone already".to_owned();
                self.fault("repeated_merchant", place.clone(), problem, "remove one of them");
            }
            let place = format!("{place}.account");
            let known = self.known_account(&place, merchant.account);
            if known.is_some_and(|(_, level)| !CustodianKind::Bank.lets_hold(level)) {
                let problem = "a merchant's KYC level must allow deposits".to_owned();
                self.fault("deposit_not_allowed", place.clone(), problem, "use K2 or KB");
            }
            let is_float = genesis.issuers.iter().any(|one| one.float == merchant.account);
            if is_float || self.at_issuer.contains(&merchant.account) {
                let problem = "a float or an issuer's customer is no merchant".to_owned();
                self.fault("merchant_at_issuer", place, problem, "name an account at a bank");
            }
        }
    }

    fn parties(&mut self) {
        let genesis = self.genesis;
        let mut seen = BTreeSet::new();
        for (index, party) in genesis.parties.iter().enumerate() {
            let place = format!("parties[{index}]");
            if !seen.insert(party.party) {
                let problem = format!("party {} is listed twice", party.party);
                self.fault("repeated_party", place.clone(), problem, "renumber one of them");
            }
            let bits = party.roles.bits();
            if bits == 0 || ledger_types::PartyRoles::from_bits(bits).is_none() {
                let problem = format!("{bits} is not a set of party roles");
                self.fault("bad_party_roles", format!("{place}.roles"), problem, "use 1 to 127");
            }
            self.keys(&place, &party.keys, party.threshold);
        }
    }

    fn name(&mut self, place: String, name: &str) {
        let (code, problem) = match name.len() {
            0 => ("empty_name", "the name is empty".to_owned()),
            length if length > GENESIS_NAME_BYTES_MAX => {
                let most = GENESIS_NAME_BYTES_MAX;
                ("long_name", format!("the name has {length} bytes, at most {most} are kept"))
            }
            _ if name.trim().is_empty() => {
                ("blank_name", "nobody could read a name of blanks".to_owned())
            }
            _ => return,
        };
        self.fault(code, place, problem, "give its public name");
    }

    fn new_account(
        &mut self,
        place: &impl PathInDocument,
        account: AccountId,
        kind: AccountKind,
        kyc_level: KycLevel,
    ) {
        if self.accounts.insert(account, (kind, kyc_level)).is_some() {
            let problem = format!("account {account:?} is there already");
            self.fault("repeated_account", place.path(), problem, "remove one of them");
        }
    }

    fn known_account(
        &mut self,
        place: &str,
        account: AccountId,
    ) -> Option<(AccountKind, KycLevel)> {
        let known = self.accounts.get(&account).copied();
        if known.is_none() {
            let problem = format!("account {account:?} is not listed");
            self.fault("unknown_account", place.to_owned(), problem, "list it, or correct it");
        }
        known
    }

    fn keys(&mut self, place: &impl PathInDocument, keys: &[WeightedKey], threshold: u16) {
        if !(1..=KEYS_MAX).contains(&keys.len()) {
            let problem = format!("{} keys, an account has 1 to {KEYS_MAX}", keys.len());
            self.fault("key_count", format!("{}.keys", place.path()), problem, "correct the list");
        }
        let weight: u64 = keys.iter().map(|entry| u64::from(entry.weight)).sum();
        for (index, entry) in keys.iter().enumerate().take(KEYS_MAX) {
            if !self.registrable.contains(&entry.key) {
                self.key(&format!("{}.keys[{index}].key", place.path()), entry.key);
            }
            let repeated = keys.iter().take(index).any(|other| other.key == entry.key);
            if entry.weight == 0 || repeated {
                let place = format!("{}.keys[{index}]", place.path());
                let problem = "the key is repeated or has no weight".to_owned();
                self.fault("bad_weight", place, problem, "list each once, with weight 1 or more");
            }
        }
        if threshold == 0 || u64::from(threshold) > weight {
            let place = format!("{}.threshold", place.path());
            let problem = format!("threshold {threshold} with keys that weigh {weight} in all");
            self.fault("bad_threshold", place, problem, "use 1 to the sum of weights");
        }
    }

    fn key(&mut self, place: &str, key: PublicKey) {
        if key.is_registrable() {
            self.registrable.insert(key);
        } else {
            let problem = format!("{key} is of small order or not canonical");
            self.fault(
                "bad_key",
                place.to_owned(),
                problem,
                "make a key with a sound tool: keygen",
            );
        }
    }
}

/// A path into the document, made only when a fault is told: most accounts have none.
trait PathInDocument {
    fn path(&self) -> String;
}

impl<F: Fn() -> String> PathInDocument for F {
    fn path(&self) -> String {
        self()
    }
}

impl PathInDocument for String {
    fn path(&self) -> String {
        self.clone()
    }
}

/// The document's validators as a set; `None` where they do not make one.
#[must_use]
pub fn validator_set(genesis: &Genesis) -> Option<ValidatorSet> {
    let validators = genesis.validators.iter();
    let each = validators.map(|v| ledger_types::Validator { key: v.key, power: v.power });
    ValidatorSet::new(each.collect())
}
