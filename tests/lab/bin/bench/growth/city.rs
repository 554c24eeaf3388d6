//! The city at 1:100: its founding document, and everyone who signs.

use std::collections::BTreeMap;

use anyhow::Context as _;
use ledger_types::allowance::Allowances;
use ledger_types::consent::Language;
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisMember, GenesisMerchant, GenesisParty, GenesisValidator,
    GenesisZone, MemberRole, Parameters, Retention,
};
use ledger_types::operation::{AccountKind, KycLevel, MerchantClass, WeightedKey};
use ledger_types::zone::Publishes;
use ledger_types::{
    AccountId, AddressPrefix, BankId, Genesis, Hash, Lab, LabRate, MemberId, PartyId, PartyRoles,
    Regime, SigningKey, Timestamp, Yen, ZoneId,
};

/// The coin's zone.
pub(super) const ZONE: ZoneId = ZoneId::new(1);
/// Shops at 1:100 of the 507 that took a real coin in a city of 113,000.
const SHOPS: usize = 5;
/// Banks; residents and shops are shared out among them.
pub(super) const BANKS: [BankId; 2] = [BankId::new(1), BankId::new(2)];
/// To whom residents consent: each of them under a pseudonym of its own.
pub(super) const CONTROLLERS: [PartyId; 4] =
    [HOSPITAL, PartyId::new(2), PartyId::new(3), PartyId::new(4)];
/// The first of the controllers, which also holds what is disclosed.
pub(super) const HOSPITAL: PartyId = PartyId::new(1);
/// Asks for accesses.
pub(super) const PHARMACY: PartyId = PartyId::new(5);
/// Breaks glass.
pub(super) const AMBULANCE: PartyId = PartyId::new(6);
/// Reviews.
pub(super) const AUDITOR: PartyId = PartyId::new(7);
/// A day as it begins in UTC: 2026-01-01.
const BEGINS: Timestamp = Timestamp::from_millis(1_767_225_600_000);
/// How many times as fast as real time the lab's clock may be read.
const RATE: u32 = 1_000;
/// What a resident begins with.
const SAVINGS: Yen = Yen::new(1_000_000);
/// What the banks may owe, far above what this city moves.
const BANK_LIMIT: Yen = Yen::new(1_000_000_000_000);
const VALIDATORS: u64 = 4;

/// Who signs a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Resident(usize),
    Shop(usize),
    Bank(BankId),
    Party(PartyId),
    /// A resident as one controller knows it.
    Subject(usize, PartyId),
}

/// An account with its key.
#[derive(Clone, Debug)]
pub(super) struct Signer {
    pub account: AccountId,
    pub key: SigningKey,
}

/// See the module.
#[derive(Debug)]
pub(super) struct City {
    pub genesis: Genesis,
    pub validators: Vec<SigningKey>,
    signers: BTreeMap<Who, Signer>,
    pub residents: usize,
    pub shops: usize,
}

impl City {
    /// A city of so many residents, of which nobody has done anything yet.
    pub(super) fn new(residents: usize, retention: Retention) -> anyhow::Result<Self> {
        let validators: Vec<SigningKey> =
            (0..VALIDATORS).map(|number| seeded(b"validator", number)).collect();
        let mut signers = BTreeMap::new();
        let holders = (0..residents).map(Who::Resident).chain((0..SHOPS).map(Who::Shop));
        let parties = CONTROLLERS.into_iter().chain([PHARMACY, AMBULANCE, AUDITOR]);
        let known = (0..residents)
            .flat_map(|resident| CONTROLLERS.map(|party| Who::Subject(resident, party)));
        let others = BANKS.map(Who::Bank).into_iter().chain(parties.map(Who::Party)).chain(known);
        for who in holders.chain(others) {
            signers.insert(who, signer(who));
        }
        let genesis = genesis(&validators, &signers, retention)?;
        Ok(Self { genesis, validators, signers, residents, shops: SHOPS })
    }

    /// Somebody's account and key.
    pub(super) fn signer(&self, who: Who) -> anyhow::Result<&Signer> {
        self.signers.get(&who).with_context(|| format!("{who:?} is nobody"))
    }

    /// Somebody's account.
    pub(super) fn account(&self, who: Who) -> anyhow::Result<AccountId> {
        Ok(self.signer(who)?.account)
    }
}

/// The bank of a resident or a shop.
pub(super) fn bank_of(number: usize) -> BankId {
    BANKS[number % BANKS.len()]
}

/// The language of all notices.
pub(super) fn japanese() -> anyhow::Result<Language> {
    Language::new("ja").context("two letters are a language")
}

fn seeded(what: &[u8], number: u64) -> SigningKey {
    SigningKey::from_seed(Hash::of(&[b"growth", what, &number.to_be_bytes()]).as_bytes())
}

fn commitment(what: &[u8], number: u64) -> Hash {
    Hash::of(&[b"growth commitment", what, &number.to_be_bytes()])
}

fn signer(who: Who) -> Signer {
    let holder = |what: &[u8], number: usize| {
        let number = number as u64;
        let opened = bank_of(usize::try_from(number).unwrap_or(0));
        (AccountId::opened_by(opened, &commitment(what, number)), seeded(what, number))
    };
    let (account, key) = match who {
        Who::Resident(number) => holder(b"resident", number),
        Who::Shop(number) => holder(b"shop", number),
        Who::Bank(bank) => {
            let number = u64::from(bank.get());
            (AccountId::opened_by(bank, &commitment(b"bank", number)), seeded(b"bank", number))
        }
        Who::Party(party) => (AccountId::of_party(party), seeded(b"party", u64::from(party.get()))),
        Who::Subject(resident, party) => {
            let what = [b"subject".as_slice(), &party.get().to_be_bytes()].concat();
            let key = seeded(&what, resident as u64);
            (AccountId::of_subject(&key.public_key()), key)
        }
    };
    Signer { account, key }
}

fn sole(key: &SigningKey) -> Vec<WeightedKey> {
    vec![WeightedKey::plain(key.public_key(), 1)]
}

fn genesis(
    validators: &[SigningKey],
    signers: &BTreeMap<Who, Signer>,
    retention: Retention,
) -> anyhow::Result<Genesis> {
    let of = |who: Who| signers.get(&who).context("everyone signs");
    let operator = of(Who::Bank(BANKS[0]))?.account;
    Ok(Genesis {
        name: "growth".to_owned(),
        address_prefix: AddressPrefix::new("growth").context("letters are a prefix")?,
        time: BEGINS,
        parameters: Parameters {
            drift_ms_max: 500,
            decision_validity_ms: 60_000,
            retention,
            gather_ms_max: 100,
            counter_delay_ms: 0,
            counter_acts_per_day: 1_000,
            allowances: Allowances::INITIAL,
            limits: ledger_types::genesis::LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        },
        members: vec![GenesisMember {
            member: MemberId::new(1),
            name: "bank".to_owned(),
            roles: vec![MemberRole::Bank],
            account: operator,
        }],
        validators: (0..).zip(validators).map(|(number, key)| validator(number, key)).collect(),
        banks: BANKS
            .map(|id| Ok(bank(id, of(Who::Bank(id))?)))
            .into_iter()
            .collect::<anyhow::Result<_>>()?,
        accounts: signers.iter().filter_map(|(who, signer)| holder(*who, signer)).collect(),
        zones: vec![GenesisZone {
            zone: ZONE,
            name: "coin".to_owned(),
            operator,
            areas: vec![],
            publishes: Publishes::default(),
        }],
        merchants: signers.iter().filter_map(|(who, signer)| merchant(*who, signer)).collect(),
        parties: signers.iter().filter_map(|(who, signer)| party(*who, signer)).collect(),
        directory_keys: Vec::new(),
        issuers: Vec::new(),
        accounts_file: None,
        lab: Some(Lab { rate: LabRate::new(RATE).context("a lab's rate")?, start: BEGINS }),
    })
}

fn validator(number: u64, key: &SigningKey) -> GenesisValidator {
    GenesisValidator {
        member: MemberId::new(1),
        key: key.public_key(),
        power: 1,
        network_key: seeded(b"network", number).public_key(),
        log_key: seeded(b"log", number).public_key(),
        cosignature_key: seeded(b"cosignature", number).public_key(),
    }
}

fn bank(bank: BankId, signer: &Signer) -> GenesisBank {
    GenesisBank {
        bank,
        name: format!("bank {bank}"),
        account: signer.account,
        keys: sole(&signer.key),
        threshold: 1,
        issue_allowance: BANK_LIMIT,
        net_debit_cap: BANK_LIMIT,
    }
}

/// The money account of a resident or a shop.
fn holder(who: Who, signer: &Signer) -> Option<GenesisAccount> {
    let (what, number, kind, kyc_level, balance) = match who {
        Who::Resident(number) => {
            (b"resident".as_slice(), number, AccountKind::Citizen, KycLevel::K2, SAVINGS)
        }
        Who::Shop(number) => {
            (b"shop".as_slice(), number, AccountKind::Merchant, KycLevel::KB, Yen::ZERO)
        }
        Who::Bank(_) | Who::Party(_) | Who::Subject(..) => return None,
    };
    Some(GenesisAccount {
        account: signer.account,
        custodian: bank_of(number),
        holder_commitment: commitment(what, number as u64),
        kind,
        kyc_level,
        keys: sole(&signer.key),
        threshold: 1,
        balance,
    })
}

fn merchant(who: Who, signer: &Signer) -> Option<GenesisMerchant> {
    let is_shop = matches!(who, Who::Shop(_));
    let merchant =
        GenesisMerchant { zone: ZONE, account: signer.account, class: MerchantClass::Local };
    is_shop.then_some(merchant)
}

fn party(who: Who, signer: &Signer) -> Option<GenesisParty> {
    let Who::Party(party) = who else { return None };
    let roles = match party {
        HOSPITAL => PartyRoles::CONTROLLER.with(PartyRoles::DATA_HOLDER),
        PHARMACY => PartyRoles::RECIPIENT,
        AMBULANCE => PartyRoles::RECIPIENT.with(PartyRoles::EMERGENCY),
        AUDITOR => PartyRoles::AUDITOR,
        _ => PartyRoles::CONTROLLER,
    };
    Some(GenesisParty {
        party,
        roles,
        regime: Regime::Private,
        corporate_number: None,
        keys: sole(&signer.key),
        threshold: 1,
    })
}
