//! The records with their kinds: each key gives the one kind of record that lies under it.
//!
//! Beside them stand the sums that follow from them: every write goes through the two that keep
//! both in step.

use ledger_types::genesis::MemberRole;
use ledger_types::limits::AGED_PER_BLOCK_MAX;
use ledger_types::record::{
    Access, Account, AccountRecovery, Acknowledgement, Applicant, AskedRequest, AuditView,
    Authority, Bank, BuyerCount, Cancelled, Compensation, Consent, Contact, Counter, CounterDay,
    Cursor, Cycle, Delegation, Deposited, Disclosures, Dividend, Due, EligibilityList, Emergency,
    Entered, Escrow, FeeSchedules, Frozen, Given, Glass, Household, Instrument, JointUse, Kind,
    LeafPlace, LeafUse, LegalBasis, Limits, LogRead, Lots, Member, Merchant, Notice, OpenRedeems,
    OptOut, OptOutStop, Owed, PairPosition, Party, Payment, Payout, PayoutAccount, PayoutTerms,
    Programme, Raise, RecentPayments, Reconsent, ReconsentCount, Record, Recovery, Redeem,
    ReferenceMark, References, RegimeVersion, RevenueShares, Round, Shred, Spending, Subject,
    Tally, Terminal, Ticket, Vocabulary, Zone, ZoneAccount, keys,
};
use ledger_types::{
    AccountId, BankId, ConsentId, Hash, InstrumentId, LegalBasisId, MemberId, NoticeId, PartyId,
    Position, ProgrammeId, Regime, Timestamp, VocabularyId, Yen, ZoneId,
};

use super::sums::Sums;
use super::{RestoreError, State, parts};
use crate::commitment::{Change, Key, Load, Proof, Records, StoredRecord};

/// The records, typed, and what they sum to.
pub(crate) struct Books {
    records: Records<Record>,
    sums: Sums,
}

/// Each kind's read and write, from the table of records; reads are anybody's.
macro_rules! kinds {
    ($( $(#[doc = $doc:literal])* $number:literal $kind:ident($type:ty as $held:ty) $read:ident $write:ident $key:ident($($name:ident: $part:ty),*) $class:ident; )*) => {
        impl Books {
            $(
                pub(crate) fn $read(&self, $($name: $part),*) -> Option<&$type> {
                    self.records.get(&keys::$key($($name),*)).and_then(Kind::of)
                }

                pub(crate) fn $write(&mut self, $($name: $part,)* record: $type) {
                    self.write(keys::$key($($name),*), Record::$kind(record.into()));
                }
            )*
        }

        impl State {
            $(
                $(#[doc = $doc])*
                #[must_use]
                pub fn $read(&self, $($name: $part),*) -> Option<&$type> {
                    self.books.$read($($name),*)
                }
            )*
        }
    };
}

ledger_types::records!(kinds);

/// Accounts that are gathered to become the first records of a state.
pub(crate) struct Accounts(Load<Record>);

impl Accounts {
    pub(crate) fn new() -> Self {
        Self(Load::new())
    }

    pub(crate) fn add(&mut self, account: &AccountId, record: Account) {
        self.0.add(&keys::account(account), Record::Account(record));
    }

    /// The books with these accounts alone, or the account that is there twice.
    ///
    /// What is sealed later gets later slots. Accounts are of the first kind, so that these are the
    /// slots that sealing all at once would give.
    pub(crate) fn seal(self) -> Result<Books, AccountId> {
        let nobody = AccountId::new([0; 20]);
        self.0.seal().map(Books::over).map_err(|repeated| {
            // Every key here is an account's.
            parts::account_after(1, &repeated.key).unwrap_or(nobody)
        })
    }
}

const _: () = assert!(Account::NUMBER == 1, "genesis seals accounts before all other records");

impl Books {
    pub(crate) fn restore(
        records: impl IntoIterator<Item = StoredRecord>,
    ) -> Result<Self, RestoreError> {
        let records = Records::<Record>::restore(records).map_err(RestoreError::Records)?;
        for (key, record) in records.iter() {
            if key.as_bytes().first() != Some(&record.kind()) {
                return Err(RestoreError::MisplacedRecord { key, kind: record.kind() });
            }
        }
        Ok(Self::over(records))
    }

    /// The books of these records, summed anew.
    fn over(records: Records<Record>) -> Self {
        let sums = Sums::over(&records);
        Self { records, sums }
    }

    fn write(&mut self, key: Key, record: Record) {
        self.sums.moved(&self.records, &key, Some(&record));
        self.records.put(key, record);
    }

    fn erase(&mut self, key: &Key) {
        self.sums.moved(&self.records, key, None);
        self.records.remove(key);
    }

    /// What banks owe holders and what lies in zones, as of the writes so far.
    pub(crate) const fn sums(&self) -> &Sums {
        &self.sums
    }

    /// The same, made anew from the records. Reads every account.
    pub(crate) fn summed_anew(&self) -> Sums {
        Sums::over(&self.records)
    }

    pub(crate) fn party(&self, party: PartyId) -> Option<&Party> {
        self.party_at(&AccountId::of_party(party))
    }

    /// By which authority an account acts: that of an account that can hold money first, then of a
    /// data subject, then of a party.
    pub(crate) fn authority(&self, account: &AccountId) -> Option<&Authority> {
        let of_account = || self.account(account).map(|record| &record.authority);
        let of_subject = || self.subject(account).map(|record| &record.authority);
        let of_party = || self.party_at(account).map(|record| &record.authority);
        of_account().or_else(of_subject).or_else(of_party)
    }

    /// Whether a member with this role acts through this account.
    pub(crate) fn has_role(&self, account: &AccountId, role: MemberRole) -> bool {
        let mut members = self.of_kind::<Member>();
        members.any(|(_, member)| member.account == *account && member.roles.contains(&role))
    }

    /// Whether a member acts through this account.
    pub(crate) fn is_member(&self, account: &AccountId) -> bool {
        self.of_kind::<Member>().any(|(_, member)| member.account == *account)
    }

    /// The bank whose own account this is.
    pub(crate) fn bank_of(&self, account: &AccountId) -> Option<BankId> {
        let custodian = self.account(account)?.custodian;
        (self.bank(custodian)?.account == *account).then_some(custodian)
    }

    /// What banks owe each other, by pair, the lower code first: positive is owed to the lower.
    pub(crate) fn positions(&self) -> impl Iterator<Item = ((BankId, BankId), Position)> {
        self.of_kind::<PairPosition>().filter_map(|(key, pair)| {
            let (lower, higher) = (parts::number(&key)?, parts::number_at(&key, 3)?);
            Some(((BankId::new(lower), BankId::new(higher)), pair.position))
        })
    }

    /// The zones, by number: few, and a walk over them costs a read for each.
    pub(crate) fn zone_ids(&self) -> impl Iterator<Item = ZoneId> + '_ {
        self.of_kind::<Zone>().filter_map(|(key, _)| parts::number(&key).map(ZoneId::new))
    }

    /// The sub-accounts of an account with what is in them, in order of zone.
    pub(crate) fn sub_accounts(&self, account: &AccountId) -> Vec<(ZoneId, Yen)> {
        let held = |zone| Some((zone, self.zone_account(zone, account)?.balance));
        self.zone_ids().filter_map(held).collect()
    }

    /// Whether an account is a merchant of any zone.
    pub(crate) fn is_merchant(&self, account: &AccountId) -> bool {
        self.zone_ids().any(|zone| self.merchant(zone, account).is_some())
    }

    /// Whether an account is a merchant of any zone at an instant, and has not left it.
    pub(crate) fn is_merchant_at(&self, account: &AccountId, now: Timestamp) -> bool {
        let merchant = |zone| self.merchant(zone, account);
        self.zone_ids().any(|zone| merchant(zone).is_some_and(|one| !one.has_left(now)))
    }

    /// Whether an identity was used for a redeem request or a payout: both are held in one list.
    pub(crate) fn is_requested(&self, id: &Hash) -> bool {
        self.redeem(id).is_some() || self.payout(id).is_some()
    }

    /// The merchants of a zone.
    pub(crate) fn merchants_of(&self, zone: ZoneId) -> impl Iterator<Item = &Merchant> {
        let first = keys::merchant(zone, &AccountId::new([0; 20]));
        let all = self.of_kind_from::<Merchant>(&first);
        let is_there = move |key: &Key| parts::number(key) == Some(zone.get());
        all.take_while(move |(key, _)| is_there(key)).map(|(_, merchant)| merchant)
    }

    /// Whether a zone has any merchant.
    pub(crate) fn has_merchants(&self, zone: ZoneId) -> bool {
        self.merchants_of(zone).next().is_some()
    }

    /// Whether an account sponsors a programme that is not closed: few, as zones are.
    pub(crate) fn is_sponsor(&self, account: &AccountId) -> bool {
        let mut programmes = self.of_kind::<Programme>().map(|(_, programme)| programme);
        programmes.any(|programme| programme.closed.is_none() && programme.sponsor == *account)
    }

    /// The run of references in which a mark of a bank lies, or would, and up to which mark it goes.
    pub(crate) fn references_around(
        &self,
        bank: BankId,
        mark: &ReferenceMark,
    ) -> Option<(ReferenceMark, &References)> {
        let (key, run) = self.of_kind_from(&keys::references(bank, mark)).next()?;
        let is_of_bank = parts::number(&key) == Some(bank.get());
        is_of_bank.then(|| Some((parts::reference_mark(&key)?, run)))?
    }

    pub(crate) fn remove_payout_account(&mut self, account: &AccountId) {
        self.erase(&keys::payout_account(account));
    }

    pub(crate) fn remove_open_redeems(&mut self, account: &AccountId) {
        self.erase(&keys::open_redeems(account));
    }

    pub(crate) fn remove_recovery(&mut self, subject: &AccountId) {
        self.erase(&keys::recovery(subject));
    }

    pub(crate) fn remove_account_recovery(&mut self, account: &AccountId) {
        self.erase(&keys::account_recovery(account));
    }

    pub(crate) fn remove_entered(&mut self, consent: &ConsentId) {
        self.erase(&keys::entered(consent));
    }

    pub(crate) fn remove_frozen(&mut self, account: &AccountId) {
        self.erase(&keys::frozen(account));
    }

    pub(crate) fn remove_own_limits(&mut self, account: &AccountId) {
        self.erase(&keys::limits(account));
    }

    pub(crate) fn remove_spending(&mut self, account: &AccountId) {
        self.erase(&keys::spending(account));
    }

    pub(crate) fn remove_zone_account(&mut self, zone: ZoneId, account: &AccountId) {
        self.erase(&keys::zone_account(zone, account));
    }

    pub(crate) fn remove_lots(&mut self, zone: ZoneId, account: &AccountId) {
        self.erase(&keys::lots(zone, account));
    }

    pub(crate) fn remove_recent(&mut self, zone: ZoneId, account: &AccountId) {
        self.erase(&keys::recent(zone, account));
    }

    pub(crate) fn remove_escrow(&mut self, account: &AccountId) {
        self.erase(&keys::escrow(account));
    }

    pub(crate) fn remove_raise(&mut self, account: &AccountId) {
        self.erase(&keys::raise(account));
    }

    pub(crate) fn remove_given(&mut self, account: &AccountId) {
        self.erase(&keys::given(account));
    }

    pub(crate) fn remove_emergency(&mut self, area: u32) {
        self.erase(&keys::emergency(area));
    }

    pub(crate) fn remove_due(&mut self, owed: &Owed) {
        self.erase(&keys::due(owed));
    }

    /// Takes out a record that ended long enough ago.
    pub(crate) fn remove_aged(&mut self, key: &Key) {
        self.erase(key);
    }

    /// Notes where a walk through a kind stopped. A full turn may leave more behind it; else the next
    /// block begins anew.
    pub(crate) fn go_on_after(&mut self, kind: u32, last: Option<Key>, looked_at: usize) {
        match last.filter(|_| looked_at == AGED_PER_BLOCK_MAX) {
            Some(from) => self.put_cursor(kind, 0, Cursor { from }),
            None => self.forget_cursor(kind, 0),
        }
    }

    /// Forgets where a walk stopped, if it did.
    pub(crate) fn forget_cursor(&mut self, of: u32, part: u32) {
        if self.cursor(of, part).is_some() {
            self.erase(&keys::cursor(of, part));
        }
    }

    /// All records of one kind, in order of key.
    pub(crate) fn of_kind<K: Kind + 'static>(&self) -> impl Iterator<Item = (Key, &K)> {
        let all = self.records.iter_prefix(const { &[K::NUMBER] });
        all.filter_map(|(key, record)| Some((key, K::of(record)?)))
    }

    /// The records of one kind from a key on, in order of key.
    pub(crate) fn of_kind_from<K: Kind + 'static>(
        &self,
        from: &Key,
    ) -> impl Iterator<Item = (Key, &K)> + use<'_, K> {
        let all = self.records.range(from, const { &[K::NUMBER] });
        all.filter_map(|(key, record)| Some((key, K::of(record)?)))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (Key, &Record)> {
        self.records.iter()
    }

    pub(crate) fn record(&self, key: &Key) -> Option<&Record> {
        self.records.get(key)
    }

    pub(crate) fn count(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn begin(&mut self) {
        self.records.begin();
        self.sums.begin();
    }

    pub(crate) fn keep(&mut self) {
        self.records.keep();
        self.sums.keep();
    }

    pub(crate) fn rollback(&mut self) {
        self.records.rollback();
        self.sums.rollback();
    }

    pub(crate) fn seal(&mut self) -> Vec<Change> {
        self.records.seal()
    }

    pub(crate) fn root(&self) -> Hash {
        self.records.root()
    }

    pub(crate) fn prove(&self, key: &Key) -> Proof {
        self.records.prove(key)
    }

    pub(crate) fn stored(&self) -> impl Iterator<Item = StoredRecord> {
        self.records.stored()
    }
}
