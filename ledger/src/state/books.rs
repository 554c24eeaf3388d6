//! The records with their kinds: each key gives the one kind of record that lies under it.

use ledger_types::genesis::MemberRole;
use ledger_types::{
    AccountId, BankId, ConsentId, Hash, LegalBasisId, MemberId, NoticeId, PartyId, Regime,
    Timestamp, VocabularyId, ZoneId,
};

use super::{RestoreError, keys};
use crate::commitment::{Change, Key, Load, Proof, Records, StoredRecord};
use crate::record::{
    Access, Account, Acknowledgement, AuditView, Bank, Consent, Contact, CoreReference, Delegation,
    Disclosures, Dividend, Due, Duty, Emergency, Glass, JointUse, LegalBasis, LogRead, Member,
    Merchant, Notice, OpenRedeems, OptOut, OptOutStop, PairPosition, Party, Reconsent,
    ReconsentCount, Record, Recovery, Redeem, RegimeVersion, Shred, Subject, SubjectRequest, Terms,
    Vocabulary, Zone, ZoneAccount,
};

/// The records, typed.
pub(crate) struct Books(Records<Record>);

/// A read and a write of one kind of record.
macro_rules! kinds {
    ($( $read:ident, $write:ident, $kind:ident($record:ty), $key:ident($($name:ident: $type:ty),*); )*) => {
        impl Books {
            $(
                pub(crate) fn $read(&self, $($name: $type),*) -> Option<&$record> {
                    match self.0.get(&keys::$key($($name),*)) {
                        Some(Record::$kind(record)) => Some(record),
                        _ => None,
                    }
                }

                pub(crate) fn $write(&mut self, $($name: $type,)* record: $record) {
                    self.0.put(keys::$key($($name),*), Record::$kind(record.into()));
                }
            )*
        }
    };
}

kinds! {
    account, put_account, Account(Account), account(account: &AccountId);
    subject, put_subject, Subject(Subject), subject(account: &AccountId);
    party_at, put_party, Party(Party), party(account: &AccountId);
    bank, put_bank, Bank(Bank), bank(bank: BankId);
    pair, put_pair, PairPosition(PairPosition), pair_position(lower: BankId, higher: BankId);
    zone, put_zone, Zone(Zone), zone(zone: ZoneId);
    zone_account, put_zone_account, ZoneAccount(ZoneAccount), zone_account(zone: ZoneId, account: &AccountId);
    merchant, put_merchant, Merchant(Merchant), merchant(zone: ZoneId, account: &AccountId);
    redeem, put_redeem, Redeem(Redeem), redeem(redeem: &Hash);
    open_redeems, put_open_redeems, OpenRedeems(OpenRedeems), open_redeems(account: &AccountId);
    core_reference, put_core_reference, CoreReference(CoreReference), core_reference(bank: BankId, reference: &Hash);
    notice, put_notice, Notice(Notice), notice(controller: PartyId, notice: NoticeId);
    consent, put_consent, Consent(Consent), consent(consent: &ConsentId);
    member, put_member, Member(Member), member(member: MemberId);
    vocabulary, put_vocabulary, Vocabulary(Vocabulary), vocabulary(vocabulary: VocabularyId, version: u32);
    legal_basis, put_legal_basis, LegalBasis(LegalBasis), legal_basis(basis: LegalBasisId);
    regime, put_regime, RegimeVersion(RegimeVersion), regime(regime: Regime);
    joint_use, put_joint_use, JointUse(JointUse), joint_use(controller: PartyId, scheme: u32, version: u32);
    opt_out, put_opt_out, OptOut(OptOut), opt_out(controller: PartyId, scheme: u32);
    opt_out_stop, put_opt_out_stop, OptOutStop(OptOutStop), opt_out_stop(controller: PartyId, scheme: u32, person: &Hash);
    terms, put_terms, Terms(Terms), terms(controller: PartyId, terms: u32);
    contact, put_contact, Contact(Contact), contact(subject: &AccountId);
    reconsent, put_reconsent, Reconsent(Reconsent), reconsent(request: &Hash);
    reconsent_count, put_reconsent_count, ReconsentCount(ReconsentCount), reconsent_count(controller: PartyId);
    subject_request, put_subject_request, SubjectRequest(SubjectRequest), subject_request(request: &Hash);
    delegation, put_delegation, Delegation(Delegation), delegation(subject: &AccountId, guardian: &AccountId);
    recovery, put_recovery, Recovery(Recovery), recovery(subject: &AccountId);
    access, put_access, Access(Access), access(access: &Hash);
    disclosures, put_disclosures, Disclosures(Disclosures), disclosures(holder: PartyId, recipient: PartyId, hour: u32);
    acknowledgement, put_acknowledgement, Acknowledgement(Acknowledgement), acknowledgement(consent: &ConsentId);
    glass, put_glass, Glass(Glass), glass(glass: &Hash);
    emergency, put_emergency, Emergency(Emergency), emergency(area: u32);
    dividend, put_dividend, Dividend(Dividend), dividend(controller: PartyId, terms: u32, month: u32, chunk: u32);
    shred, put_shred, Shred(Shred), shred(consent: &ConsentId, party: PartyId);
    audit_view, put_audit_view, AuditView(AuditView), audit_view(view: &Hash);
    log_read, put_log_read, LogRead(LogRead), log_read(read: &Hash);
    due, put_due, Due(Due), due(deadline: Timestamp, duty: &Duty);
}

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
            keys::account_after(1, &repeated.key).unwrap_or(nobody)
        })
    }
}

const _: () = assert!(keys::ACCOUNT == 1, "genesis seals accounts before all other records");

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

    /// Whether a member with this role acts through this account.
    pub(crate) fn has_role(&self, account: &AccountId, role: MemberRole) -> bool {
        self.of_kind(&keys::MEMBER).any(|(_, record)| match record {
            Record::Member(member) => member.account == *account && member.roles.contains(&role),
            _ => false,
        })
    }

    /// Whether a member acts through this account.
    pub(crate) fn is_member(&self, account: &AccountId) -> bool {
        self.of_kind(&keys::MEMBER).any(|(_, record)| match record {
            Record::Member(member) => member.account == *account,
            _ => false,
        })
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

    pub(crate) fn remove_emergency(&mut self, area: u32) {
        self.0.remove(&keys::emergency(area));
    }

    pub(crate) fn remove_due(&mut self, deadline: Timestamp, duty: &Duty) {
        self.0.remove(&keys::due(deadline, duty));
    }

    /// All records of one kind, in order of key.
    pub(crate) fn of_kind(&self, kind: &'static u8) -> impl Iterator<Item = (Key, &Record)> {
        self.0.iter_prefix(core::slice::from_ref(kind))
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
