//! A small network: three banks, two zones, and everyone that the operations name.

use ledger_types::access::holder_commitment;
use ledger_types::allowance::Allowances;
use ledger_types::consent::{
    Breadth, DATA_USERS, Language, Materiality, NoticeContent, PartyRoles, Profile, Recipient,
    Regime, TermsLeaf,
};
use ledger_types::genesis::{
    GenesisAccount, GenesisBank, GenesisMember, GenesisMerchant, GenesisParty, GenesisValidator,
    GenesisZone, MemberRole, Parameters, Retention,
};
use ledger_types::merkle;
use ledger_types::operation::{
    AccessBasis, AccountKind, ConsentBasis, Grant, Half, KycLevel, MerchantClass, MerchantProfile,
    Operation, PublishNotice, RecordDisclosures, RecordReceipt, RecordUse, RegisterMerchant,
    RequestAccess, UpdateMerchant, WeightedKey,
};
use ledger_types::zone::Publishes;
use ledger_types::{
    AccountId, AddressPrefix, BankId, ConsentId, Day, Genesis, Hash, MemberId, NoticeId, PartyId,
    SigningKey, Timestamp, Yen, ZoneId,
};

/// Genesis time.
pub(crate) const START: u64 = 1_000_000;
/// Δ of the small network, in milliseconds.
pub(crate) const DELTA_MS: u64 = 60_000;

/// Banks.
pub(crate) const AIZU: BankId = BankId::new(1);
pub(crate) const BANDAI: BankId = BankId::new(2);
pub(crate) const TADAMI: BankId = BankId::new(3);
/// A bank that does not exist.
pub(crate) const NO_BANK: BankId = BankId::new(9);

/// Zones.
pub(crate) const TOWN: ZoneId = ZoneId::new(1);
pub(crate) const HOSPITALS: ZoneId = ZoneId::new(2);
/// A zone that does not exist.
pub(crate) const NO_ZONE: ZoneId = ZoneId::new(9);

/// Parties: a hospital (controller and data holder), a pharmacy (recipient), an auditor.
pub(crate) const HOSPITAL: PartyId = PartyId::new(1);
pub(crate) const PHARMACY: PartyId = PartyId::new(2);
pub(crate) const AUDITOR: PartyId = PartyId::new(3);
/// A party that does not exist.
pub(crate) const NO_PARTY: PartyId = PartyId::new(9);

/// The hospital's notice.
pub(crate) const NOTICE: NoticeId = NoticeId::new(1);

/// Someone who signs: an account and its key.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) account: AccountId,
    pub(crate) key: SigningKey,
}

impl Actor {
    /// The account that the bank opens for holder number `number`, who signs with that seed.
    pub(crate) fn holder(bank: BankId, number: u8) -> Self {
        let account = AccountId::opened_by(bank, &commitment(number));
        Self { account, key: seeded(number) }
    }

    pub(crate) fn bank(bank: BankId) -> Self {
        let number = 100_u8.checked_add(u8::try_from(bank.get()).unwrap()).unwrap();
        Self::holder(bank, number)
    }

    pub(crate) fn party(party: PartyId) -> Self {
        let number = 110_u8.checked_add(u8::try_from(party.get()).unwrap()).unwrap();
        Self { account: AccountId::of_party(party), key: seeded(number) }
    }

    pub(crate) fn subject(number: u8) -> Self {
        let key = seeded(number);
        Self { account: AccountId::of_subject(&key.public_key()), key }
    }
}

/// Holders: Aizu keeps Akari, Chika, Kenji (KYC level K1) and the operators; Bandai keeps Botan
/// and the shop; Tadami keeps Toru.
pub(crate) fn akari() -> Actor {
    Actor::holder(AIZU, 1)
}
pub(crate) fn botan() -> Actor {
    Actor::holder(BANDAI, 2)
}
pub(crate) fn chika() -> Actor {
    Actor::holder(AIZU, 3)
}
pub(crate) fn toru() -> Actor {
    Actor::holder(TADAMI, 4)
}
pub(crate) fn kenji() -> Actor {
    Actor::holder(AIZU, 5)
}
pub(crate) fn shop() -> Actor {
    Actor::holder(BANDAI, 6)
}
pub(crate) fn operator() -> Actor {
    Actor::holder(AIZU, 7)
}
/// Nobody: an account that is not opened.
pub(crate) fn nobody() -> Actor {
    Actor::holder(AIZU, 99)
}
/// Data subjects, unknown to the ledger at first.
pub(crate) fn subject() -> Actor {
    Actor::subject(41)
}
pub(crate) fn other_subject() -> Actor {
    Actor::subject(42)
}

pub(crate) fn seeded(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// A commitment, or an identity of the network's first day.
pub(crate) fn commitment(number: u8) -> Hash {
    later(START, number)
}

/// An identity of the day of this instant.
pub(crate) fn later(millis: u64, number: u8) -> Hash {
    Day::of(Timestamp::from_millis(millis)).id(Hash::new([number; 32]))
}

pub(crate) fn yen(amount: u64) -> Yen {
    Yen::new(amount)
}

pub(crate) fn keys_of(actor: &Actor) -> Vec<WeightedKey> {
    vec![WeightedKey::plain(actor.key.public_key(), 1)]
}

pub(crate) fn validator_keys(count: u8) -> Vec<SigningKey> {
    (0..count).map(|number| seeded(200 + number)).collect()
}

fn account(actor: &Actor, number: u8, bank: BankId, kyc_level: KycLevel) -> GenesisAccount {
    GenesisAccount {
        account: actor.account,
        custodian: bank,
        holder_commitment: commitment(number),
        kind: AccountKind::Citizen,
        kyc_level,
        keys: keys_of(actor),
        threshold: 1,
        balance: Yen::ZERO,
    }
}

fn accounts() -> Vec<GenesisAccount> {
    let mut all = vec![
        account(&akari(), 1, AIZU, KycLevel::K2),
        account(&botan(), 2, BANDAI, KycLevel::K2),
        account(&chika(), 3, AIZU, KycLevel::K2),
        account(&toru(), 4, TADAMI, KycLevel::K2),
        account(&kenji(), 5, AIZU, KycLevel::K1),
        account(&shop(), 6, BANDAI, KycLevel::KB),
        account(&operator(), 7, AIZU, KycLevel::KB),
    ];
    for (entry, balance) in all.iter_mut().zip([100, 100, 100, 100, 0, 0, 0]) {
        entry.balance = yen(balance);
    }
    all[5].kind = AccountKind::Merchant;
    all[6].kind = AccountKind::Operator;
    all
}

fn bank(bank: BankId) -> GenesisBank {
    let actor = Actor::bank(bank);
    GenesisBank {
        bank,
        name: format!("bank {bank}"),
        account: actor.account,
        keys: keys_of(&actor),
        threshold: 1,
        issue_allowance: yen(500),
        net_debit_cap: yen(150),
    }
}

fn party(party: PartyId, roles: PartyRoles) -> GenesisParty {
    GenesisParty {
        party,
        roles,
        regime: Regime::Private,
        corporate_number: None,
        keys: keys_of(&Actor::party(party)),
        threshold: 1,
    }
}

/// The small network with so many validators.
pub(crate) fn genesis_with(validators: u8) -> Genesis {
    let member = |number, role, account| GenesisMember {
        member: MemberId::new(number),
        name: format!("member {number}"),
        roles: vec![role],
        account,
    };
    let validator = |(number, key): (u8, SigningKey)| GenesisValidator {
        member: MemberId::new(1),
        key: key.public_key(),
        power: 1,
        network_key: seeded(230 + number).public_key(),
        log_key: seeded(210 + number).public_key(),
        cosignature_key: seeded(220 + number).public_key(),
    };
    Genesis {
        name: "small".to_owned(),
        address_prefix: AddressPrefix::new("small").unwrap(),
        time: Timestamp::from_millis(START),
        parameters: Parameters {
            drift_ms_max: 500,
            decision_validity_ms: DELTA_MS,
            gather_ms_max: 100,
            retention: Retention::USUAL,
            counter_delay_ms: 0,
            counter_acts_per_day: 1000,
            allowances: Allowances::INITIAL.times(1_000),
            limits: ledger_types::genesis::LevelLimits::USUAL,
            lotteries: ledger_types::genesis::LotteryTimes::USUAL,
        },
        members: vec![
            member(1, MemberRole::Bank, Actor::bank(AIZU).account),
            member(2, MemberRole::SettlementOperator, operator().account),
            member(3, MemberRole::Registrar, operator().account),
            member(40, MemberRole::ZoneOperator, operator().account),
        ],
        validators: (0..validators).zip(validator_keys(validators)).map(validator).collect(),
        banks: vec![bank(AIZU), bank(BANDAI), bank(TADAMI)],
        issuers: Vec::new(),
        accounts: accounts(),
        zones: vec![zone(TOWN, "town"), zone(HOSPITALS, "hospitals")],
        merchants: vec![GenesisMerchant {
            zone: TOWN,
            account: shop().account,
            class: MerchantClass::Local,
        }],
        parties: vec![
            party(HOSPITAL, PartyRoles::CONTROLLER.with(PartyRoles::DATA_HOLDER)),
            party(PHARMACY, PartyRoles::RECIPIENT),
            party(AUDITOR, PartyRoles::AUDITOR),
        ],
        directory_keys: Vec::new(),
        accounts_file: None,
        lab: None,
    }
}

fn zone(zone: ZoneId, name: &str) -> GenesisZone {
    let (name, operator) = (name.to_owned(), operator().account);
    GenesisZone { zone, name, operator, areas: vec![], publishes: Publishes::default() }
}

/// The registration of a merchant of whom nothing more is said.
pub(crate) fn registers(
    zone: ZoneId,
    merchant: AccountId,
    class: MerchantClass,
    tier: u16,
) -> Operation {
    let profile = MerchantProfile::default();
    Operation::RegisterMerchant(RegisterMerchant { zone, merchant, class, tier, profile })
}

/// The same where it is there.
pub(crate) fn updates(
    zone: ZoneId,
    merchant: AccountId,
    class: MerchantClass,
    tier: u16,
) -> Operation {
    let profile = MerchantProfile::default();
    Operation::UpdateMerchant(UpdateMerchant { zone, merchant, class, tier, profile })
}

pub(crate) fn genesis() -> Genesis {
    genesis_with(1)
}

/// The text of the notice's version in Japanese, by its hash.
pub(crate) fn text_hash(version: u32) -> Hash {
    Hash::of(&[b"notice", &version.to_be_bytes()])
}

pub(crate) fn japanese() -> Language {
    Language::new("ja").unwrap()
}

pub(crate) fn notice(version: u32, materiality: Materiality) -> Operation {
    let contents = vec![NoticeContent { language: japanese(), content_hash: text_hash(version) }];
    Operation::PublishNotice(PublishNotice {
        notice: NOTICE,
        version,
        materiality,
        contents,
        media_hashes: vec![],
    })
}

/// The leaves of the terms that subjects agree to: four processes, the last for the hospital alone.
pub(crate) fn terms() -> Vec<TermsLeaf> {
    let leaf = |n| {
        let anyone = Recipient::Roles(DATA_USERS);
        let recipient = if n == 3 { Recipient::Party(HOSPITAL) } else { anyone };
        TermsLeaf { sensitive: n == 0, recipient, commitment: commitment(60 + n) }
    };
    (0..4_u8).map(leaf).collect()
}

fn leaf_hashes() -> Vec<Hash> {
    terms().iter().map(TermsLeaf::hash).collect()
}

pub(crate) fn consent_id(number: u8) -> ConsentId {
    ConsentId::new(commitment(number))
}

/// Consent number `number` to the hospital under version 1 of its notice, in force for 1 h from
/// genesis on.
pub(crate) fn grant_of(number: u8) -> Grant {
    Grant {
        consent: consent_id(number),
        controller: HOSPITAL,
        terms_root: merkle::root(&leaf_hashes()),
        notice: NOTICE,
        notice_version: 1,
        language: japanese(),
        notice_hash: text_hash(1),
        presentation_commitment: commitment(70),
        valid_from: Timestamp::from_millis(START),
        expires: Timestamp::from_millis(START + 3_600_000),
        use_limit: Some(3),
        breadth: Breadth::Specific,
        compensation: None,
        on_behalf_of: None,
        profile: Profile::Ordinary,
    }
}

/// Process `leaf` of consent `number`.
pub(crate) fn access(number: u8, leaf: u32) -> ConsentBasis {
    let index = usize::try_from(leaf).unwrap();
    ConsentBasis {
        consent: consent_id(number),
        leaf: terms()[index],
        leaf_index: leaf,
        path: merkle::inclusion_path(&leaf_hashes(), index),
        purpose: None,
    }
}

/// The identity of access number `id`.
pub(crate) fn access_id(id: u32) -> Hash {
    Day::of(Timestamp::from_millis(START)).id(Hash::of(&[b"access", &id.to_be_bytes()]))
}

/// Access number `id`: a request for a process of a consent.
pub(crate) fn ask(id: u32, basis: ConsentBasis) -> Operation {
    Operation::RequestAccess(asked_on(access_id(id), AccessBasis::Consent(basis)))
}

/// A request of the hospital, which alone can open that.
pub(crate) fn asked_on(access: Hash, basis: AccessBasis) -> RequestAccess {
    let holder = holder_commitment(HOSPITAL, &holder_salt(&access));
    RequestAccess { access, basis, holder }
}

/// What opens an access's commitment to its data holder.
pub(crate) fn holder_salt(access: &Hash) -> Hash {
    Hash::of(&[b"holder", access.as_bytes()])
}

/// A data holder's half of the record of access number `id`.
pub(crate) fn used(id: u32, disclosure: u8) -> Operation {
    let access = access_id(id);
    let (disclosure, salt) = (commitment(disclosure), holder_salt(&access));
    Operation::RecordUse(RecordUse { access, disclosure, salt })
}

/// The requester's half.
pub(crate) fn received(id: u32, disclosure: u8) -> Operation {
    let (access, disclosure) = (access_id(id), commitment(disclosure));
    Operation::RecordReceipt(RecordReceipt { access, disclosure })
}

/// An hour's disclosures between the hospital and somebody, shown to have had access number `id`.
pub(crate) fn hourly(
    id: u32,
    half: Half,
    counterparty: PartyId,
    hour: u32,
    count: u32,
) -> RecordDisclosures {
    let access = access_id(id);
    let (root, salt) = (commitment(110), holder_salt(&access));
    RecordDisclosures { half, counterparty, hour, root, count, access, salt }
}
