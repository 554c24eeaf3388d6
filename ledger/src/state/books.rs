//! The records with their kinds: each key gives the one kind of record that lies under it.

use ledger_types::genesis::MemberRole;
use ledger_types::record::{
    Access, Account, AccountRecovery, Acknowledgement, AskedRequest, AuditView, Authority, Bank,
    Compensation, Consent, Contact, CoreReference, Counter, CounterDay, Delegation, Disclosures,
    Dividend, Due, Duty, Emergency, Entered, Frozen, Glass, JointUse, Kind, LegalBasis, LogRead,
    Member, Merchant, Notice, OpenRedeems, OptOut, OptOutStop, PairPosition, Party, Reconsent,
    ReconsentCount, Record, Recovery, Redeem, RegimeVersion, Shred, Subject, Vocabulary, Zone,
    ZoneAccount, keys,
};
use ledger_types::{
    AccountId, BankId, ConsentId, Hash, LegalBasisId, MemberId, NoticeId, PartyId, Regime,
    Timestamp, VocabularyId, ZoneId,
};

use super::{RestoreError, State, parts};
use crate::commitment::{Change, Key, Load, Proof, Records, StoredRecord};

/// The records, typed.
pub(crate) struct Books(Records<Record>);

/// Each kind's read and write, from the table of records; reads are anybody's.
macro_rules! kinds {
    ($( $(#[doc = $doc:literal])* $number:literal $kind:ident($type:ty as $held:ty) $read:ident $write:ident $key:ident($($name:ident: $part:ty),*) $class:ident; )*) => {
        impl Books {
            $(
                pub(crate) fn $read(&self, $($name: $part),*) -> Option<&$type> {
                    self.0.get(&keys::$key($($name),*)).and_then(Kind::of)
                }

                pub(crate) fn $write(&mut self, $($name: $part,)* record: $type) {
                    self.0.put(keys::$key($($name),*), Record::$kind(record.into()));
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
        self.0.seal().map(Books).map_err(|repeated| {
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
        Ok(Self(records))
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

    pub(crate) fn remove_open_redeems(&mut self, account: &AccountId) {
        self.0.remove(&keys::open_redeems(account));
    }

    pub(crate) fn remove_recovery(&mut self, subject: &AccountId) {
        self.0.remove(&keys::recovery(subject));
    }

    pub(crate) fn remove_account_recovery(&mut self, account: &AccountId) {
        self.0.remove(&keys::account_recovery(account));
    }

    pub(crate) fn remove_entered(&mut self, consent: &ConsentId) {
        self.0.remove(&keys::entered(consent));
    }

    pub(crate) fn remove_frozen(&mut self, account: &AccountId) {
        self.0.remove(&keys::frozen(account));
    }

    pub(crate) fn remove_emergency(&mut self, area: u32) {
        self.0.remove(&keys::emergency(area));
    }

    pub(crate) fn remove_due(&mut self, deadline: Timestamp, duty: &Duty) {
        self.0.remove(&keys::due(deadline, duty));
    }

    /// All records of one kind, in order of key.
    pub(crate) fn of_kind<K: Kind + 'static>(&self) -> impl Iterator<Item = (Key, &K)> {
        let all = self.0.iter_prefix(const { &[K::NUMBER] });
        all.filter_map(|(key, record)| Some((key, K::of(record)?)))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (Key, &Record)> {
        self.0.iter()
    }

    pub(crate) fn record(&self, key: &Key) -> Option<&Record> {
        self.0.get(key)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn begin(&mut self) {
        self.0.begin();
    }

    pub(crate) fn keep(&mut self) {
        self.0.keep();
    }

    pub(crate) fn rollback(&mut self) {
        self.0.rollback();
    }

    pub(crate) fn seal(&mut self) -> Vec<Change> {
        self.0.seal()
    }

    pub(crate) fn root(&self) -> Hash {
        self.0.root()
    }

    pub(crate) fn prove(&self, key: &Key) -> Proof {
        self.0.prove(key)
    }

    pub(crate) fn stored(&self) -> impl Iterator<Item = StoredRecord> {
        self.0.stored()
    }
}
