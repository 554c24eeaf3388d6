//! The state at height 0: what the genesis document and its file of further accounts say.

mod accounts;
mod check;
mod floats;

pub use check::GENESIS_NAME_BYTES_MAX;
use ledger_types::consent::{PartyId, PartyStatus};
use ledger_types::genesis::{
    GenesisAccount, GenesisMerchant, GenesisParty, GenesisZone, ShortLotteryTime, ShortRetention,
};
use ledger_types::limits::ZONES_MAX;
use ledger_types::merkle::{self, Frontier};
use ledger_types::{
    AccountId, BankId, Genesis, Hash, Height, MemberId, Rotation, ValidatorSet, Yen, ZoneId,
    refuse_if,
};

use ledger_types::zone::Publishes;

use crate::record::{
    Authority, CustodianKind, Member, Merchant, MerchantProfile, Party, Zone, ZoneAccount,
};
use crate::state::{Books, Fixed, State, Tip};
use crate::zone::are_areas;

/// Why a genesis document makes no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    /// A name is empty or longer than 256 bytes.
    #[error("a name is empty or longer than 256 bytes: {name:?}")]
    BadName {
        /// The name.
        name: String,
    },
    /// An account's limit is nothing: that would be a freeze without ground or end.
    #[error("a limit of parameters.limits is 0")]
    LimitOfNothing,
    /// A member's number is used twice.
    #[error("member {member} is named twice")]
    MemberRepeated {
        /// The member.
        member: MemberId,
    },
    /// A member's roles are not in ascending order, each once.
    #[error("the roles of member {member} are not in order, each once")]
    RolesNotInOrder {
        /// The member.
        member: MemberId,
    },
    /// A validator's member is not named.
    #[error("validator's member {member} is not a member")]
    UnknownMember {
        /// The member.
        member: MemberId,
    },
    /// The validators do not make a set: none, too many, a key twice, or bad powers.
    #[error("the validators do not make a set")]
    BadValidatorSet,
    /// A key of a validator is weak, not canonical, or used twice.
    #[error("validator key {key} is weak, not canonical, or used twice")]
    BadValidatorKey {
        /// The key, as text.
        key: String,
    },
    /// A bank's code is used twice.
    #[error("bank {bank} is named twice")]
    BankRepeated {
        /// The bank.
        bank: BankId,
    },
    /// An account is named twice.
    #[error("account {account:?} is named twice")]
    AccountRepeated {
        /// The account.
        account: AccountId,
    },
    /// An account is needed that is not named.
    #[error("account {account:?} is not named")]
    UnknownAccount {
        /// The account.
        account: AccountId,
    },
    /// An account's custodian is not named.
    #[error("bank {bank} is not named")]
    UnknownBank {
        /// The bank.
        bank: BankId,
    },
    /// An account of an issuer is no citizen's.
    #[error("account {account:?} is at a prepaid issuer, which keeps accounts of citizens alone")]
    CitizensOnly {
        /// The account.
        account: AccountId,
    },
    /// A float is not listed, or not of kind issuer and level KB at a bank, or another issuer's too.
    #[error("the float {float:?} of issuer {issuer} is not one issuer's KB account at a bank")]
    BadFloat {
        /// The issuer.
        issuer: BankId,
        /// The float.
        float: AccountId,
    },
    /// A float has less than what its issuer's accounts hold.
    #[error("the float of issuer {issuer} has {balance} yen, its accounts hold {liability}")]
    FloatTooSmall {
        /// The issuer.
        issuer: BankId,
        /// What the float has.
        balance: Yen,
        /// What the issuer owes.
        liability: Yen,
    },
    /// A merchant's account is an issuer's: its customer's, or its float.
    #[error("merchant {account:?} is a float or kept by a prepaid issuer")]
    MerchantRefused {
        /// The account.
        account: AccountId,
    },
    /// A bank's own account is listed among the accounts.
    #[error("account {account:?} has kind bank, which only banks' own accounts have")]
    KindRefused {
        /// The account.
        account: AccountId,
    },
    /// Keys, weights or a threshold do not make a usable set.
    #[error("the keys, weights or threshold of {owner} do not make a usable set")]
    BadKeySet {
        /// Whose.
        owner: String,
    },
    /// An account holds yen that its KYC level does not allow at its custodian.
    #[error("account {account:?} may hold no yen there at its KYC level")]
    KycLevelTooLow {
        /// The account.
        account: AccountId,
    },
    /// Balances pass the range of amounts, at one bank or in all.
    #[error("the balances at bank {bank}, or in all with those of it, pass the range of amounts")]
    AmountOverflow {
        /// The bank at which they do.
        bank: BankId,
    },
    /// Balances pass a bank's issue allowance.
    #[error("{issued} yen are issued by bank {bank}, more than its allowance")]
    IssueAllowanceExceeded {
        /// The bank.
        bank: BankId,
        /// What its accounts hold.
        issued: Yen,
    },
    /// There are more zones than a network has at most, 256.
    #[error("there are {count} zones, a network has at most {ZONES_MAX}")]
    TooManyZones {
        /// How many.
        count: usize,
    },
    /// A zone's number is used twice.
    #[error("zone {zone} is named twice")]
    ZoneRepeated {
        /// The zone.
        zone: ZoneId,
    },
    /// A zone's areas are not in order, each once, or what it publishes has no meaning.
    #[error(
        "the areas of zone {zone} are not in order, each once, or what it publishes is nothing"
    )]
    BadZone {
        /// The zone.
        zone: ZoneId,
    },
    /// A merchant's zone is not named.
    #[error("zone {zone} is not named")]
    UnknownZone {
        /// The zone.
        zone: ZoneId,
    },
    /// A merchant is named twice in a zone.
    #[error("merchant {account:?} is named twice in zone {zone}")]
    MerchantRepeated {
        /// The zone.
        zone: ZoneId,
        /// The merchant.
        account: AccountId,
    },
    /// A party's number is used twice.
    #[error("party {party} is named twice")]
    PartyRepeated {
        /// The party.
        party: PartyId,
    },
    /// A party's roles are none, or have no meaning.
    #[error("the roles of party {party} are none, or have no meaning")]
    BadPartyRoles {
        /// The party.
        party: PartyId,
    },
    /// A party's corporate number has a wrong check digit.
    #[error("the corporate number of party {party} has a wrong check digit")]
    BadCorporateNumber {
        /// The party.
        party: PartyId,
    },
    /// Records would be kept too short.
    #[error(transparent)]
    RetentionTooShort(#[from] ShortRetention),
    /// What was won could be bought, or secrets told, too shortly for a network that is no lab.
    #[error(transparent)]
    LotteryTimeTooShort(#[from] ShortLotteryTime),
    /// The keys that sign directories are weak, not canonical, or not in ascending order, each once.
    #[error("directory key {key} is weak, not canonical, or out of order")]
    BadDirectoryKey {
        /// The key.
        key: String,
    },
    /// The file of further accounts is not the one that the document names.
    #[error("the further accounts hash to {found:?}, the document names {expected:?}")]
    AccountsFileMismatch {
        /// What the document names.
        expected: Option<Hash>,
        /// What the accounts given hash to; none where there were none.
        found: Option<Hash>,
    },
}

impl State {
    /// The state at height 0. `further` are the accounts of the file that the document names, in
    /// the file's order.
    ///
    /// # Errors
    /// [`GenesisError`] where the document contradicts itself or the file is not its own.
    pub fn from_genesis(
        genesis: &Genesis,
        further: impl IntoIterator<Item = GenesisAccount>,
    ) -> Result<Self, GenesisError> {
        check::names_and_members(genesis)?;
        check::retention(genesis)?;
        check::limits(genesis)?;
        check::lotteries(genesis)?;
        check::zones(genesis)?;
        check::directory_keys(genesis)?;
        let validators = check::validators(genesis)?;
        let mut books = accounts::enter(genesis, further)?;
        floats::check(&books, genesis)?;
        enter_members(&mut books, genesis)?;
        genesis.zones.iter().try_for_each(|zone| enter_zone(&mut books, zone))?;
        let mut merchants = genesis.merchants.iter();
        merchants.try_for_each(|merchant| enter_merchant(&mut books, genesis, merchant))?;
        genesis.parties.iter().try_for_each(|party| enter_party(&mut books, party))?;
        let _changes = books.seal();
        let fixed = Fixed::of(genesis);
        let tip = tip_at_genesis(genesis, fixed.genesis_hash, validators);
        Ok(Self { fixed, tip, books })
    }
}

fn tip_at_genesis(genesis: &Genesis, genesis_hash: Hash, validators: ValidatorSet) -> Tip {
    Tip {
        genesis_hash,
        height: Height::GENESIS,
        time: genesis.time,
        header_hash: genesis_hash,
        receipts_root: merkle::root(&[]),
        audit_log: Frontier::default(),
        validators,
        rotation: Rotation::default(),
        rotation_before: Rotation::default(),
    }
}

fn enter_members(books: &mut Books, genesis: &Genesis) -> Result<(), GenesisError> {
    for entry in &genesis.members {
        let account = entry.account;
        refuse_if(books.account(&account).is_none(), GenesisError::UnknownAccount { account })?;
        let record = Member { name: entry.name.clone(), roles: entry.roles.clone(), account };
        books.put_member(entry.member, record);
    }
    Ok(())
}

fn enter_zone(books: &mut Books, entry: &GenesisZone) -> Result<(), GenesisError> {
    let GenesisZone { zone, name, operator, areas, publishes } = entry;
    refuse_if(books.zone(*zone).is_some(), GenesisError::ZoneRepeated { zone: *zone })?;
    if books.account(operator).is_none() {
        return Err(GenesisError::UnknownAccount { account: *operator });
    }
    let is_public = Publishes::from_bits(publishes.bits()).is_some();
    refuse_if(!is_public || !are_areas(areas), GenesisError::BadZone { zone: *zone })?;
    let record = Zone {
        name: name.clone(),
        operator: *operator,
        areas: areas.clone(),
        publishes: *publishes,
        total: Yen::ZERO,
    };
    books.put_zone(*zone, record);
    Ok(())
}

fn enter_merchant(
    books: &mut Books,
    genesis: &Genesis,
    entry: &GenesisMerchant,
) -> Result<(), GenesisError> {
    let GenesisMerchant { zone, account, class } = *entry;
    refuse_if(books.zone(zone).is_none(), GenesisError::UnknownZone { zone })?;
    let record = books.account(&account).ok_or(GenesisError::UnknownAccount { account })?;
    let kind = books.bank(record.custodian).map_or(CustodianKind::Bank, |bank| bank.kind);
    let holds = kind.lets_hold(record.kyc_level);
    refuse_if(!holds, GenesisError::KycLevelTooLow { account })?;
    let is_float = floats::is_one(genesis, &account);
    refuse_if(!kind.is_bank() || is_float, GenesisError::MerchantRefused { account })?;
    if books.merchant(zone, &account).is_some() {
        return Err(GenesisError::MerchantRepeated { zone, account });
    }
    let record = Merchant::new(class, 0, MerchantProfile::default(), Height::GENESIS);
    books.put_merchant(zone, &account, record);
    books.put_zone_account(zone, &account, ZoneAccount { balance: Yen::ZERO });
    Ok(())
}

fn enter_party(books: &mut Books, entry: &GenesisParty) -> Result<(), GenesisError> {
    let GenesisParty { party, roles, regime, corporate_number, keys, threshold } = entry;
    let account = AccountId::of_party(*party);
    refuse_if(books.party_at(&account).is_some(), GenesisError::PartyRepeated { party: *party })?;
    refuse_if(!crate::registry::are_usable(*roles), GenesisError::BadPartyRoles { party: *party })?;
    if corporate_number.is_some_and(|number| !number.is_valid()) {
        return Err(GenesisError::BadCorporateNumber { party: *party });
    }
    let authority = Authority::new(keys, *threshold)
        .ok_or_else(|| GenesisError::BadKeySet { owner: format!("party {party}") })?;
    let record = Party {
        party: *party,
        roles: *roles,
        regime: *regime,
        corporate_number: *corporate_number,
        status: PartyStatus::Active,
        overdue_reviews: 0,
        authority,
    };
    books.put_party(&account, record);
    Ok(())
}
