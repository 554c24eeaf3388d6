//! Who may read what: one decision, which every route and every stream asks.
//!
//! [`decide`] says of a [`Reader`], a [`Matter`] and the state how much is shown. It is pure: it
//! reads no store, knows no clock but the ledger's time, and logs nothing; whoever asks it logs the
//! reads of those who audit. What is taken out of an answer that is shown in part is taken out
//! where the answer is made.
//!
//! An access that left the state is given to it by whoever asks: nobody gains or loses a right by that.
//!
//! What concerns someone is read by those whom it concerns, and whether it exists is nobody else's
//! matter either. A subject's log is its own, an account its holder's and its bank's: anybody else
//! reads it only once the ledger has recorded that read, so that whom it concerns sees it there. An
//! auditor names the view by which it reads, which must be in force now.
//!
//! The whole of it, readers by things to read, is the table in `table.rs`; a matter that is not in
//! it does not compile, and the table holds for every route.

mod consent;
mod matter;
mod money;
mod oversight;
mod reader;
#[cfg(test)]
mod table;

use ledger::State;
use ledger_types::{PartyId, PublicKey};
use node_api::ApiCode;

pub use matter::{Concerned, Kind, Matter, OneMerchant, OnePayment, Open, ReportOf};
pub use reader::{Accesses, Named, Reader, Signer};

/// How long a recorded read may be used, in milliseconds of block time: long enough to page through
/// a log, short enough that one record is not a standing permission.
pub const READ_VALID_MS: u64 = 10 * 60 * 1000;

/// Whether something is shown to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// So much of it is.
    Granted(Extent, Ground),
    /// Nothing of it is.
    Refused(Refusal),
}

/// How much of something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    All,
    /// What concerns a subject and this controller; what concerns others is theirs.
    AsTo(PartyId),
    /// All of it, but for the people whom it names.
    WithoutPeople,
    /// All of it, but that who pays a merchant is a pseudonym to this merchant.
    WithPseudonyms,
    /// Of a transaction these operations, each by the bit of its place.
    Operations(u64),
    /// That it exists and what became of it.
    WithoutContent,
}

/// By which right someone reads; the first of those that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// Everybody may.
    Open,
    /// It is the reader's own, or the reader takes part in it.
    Own,
    /// The reader's bank keeps the account.
    Custodian,
    /// The reader audits; such a read is logged by whoever asks for the decision.
    Audit,
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: ApiCode,
    /// What the reader lacks.
    pub detail: &'static str,
}

/// A right, or why there is none.
type Judged<T> = Result<T, Refusal>;

/// Decides how much of a matter is shown to a reader; `accesses` are those that the reader or the
/// matter names, where the state may have let them go.
#[must_use]
pub fn decide(
    reader: &Reader,
    matter: &Matter<'_>,
    state: &State,
    accesses: &Accesses,
) -> Decision {
    if let Matter::Merchants(zone) | Matter::Merchant(OneMerchant { zone, .. }) = matter
        && money::are_merchants_public(state, *zone)
    {
        return Decision::Granted(Extent::All, Ground::Open);
    }
    if let Matter::Report(of) = matter
        && of.is_over
        && money::is_report_public(state, of.zone)
    {
        return Decision::Granted(Extent::All, Ground::Open);
    }
    match reader {
        Reader::Nobody => to_unnamed(None, matter),
        Reader::Key(key) => to_unnamed(Some(key), matter),
        Reader::Signed { by, named } => {
            let judged = Asking { state, accesses, by, named }.judge(matter);
            judged.map_or_else(Decision::Refused, |(extent, ground)| {
                Decision::Granted(extent, ground)
            })
        }
    }
}

/// What somebody sees who does not say for whom it asks: nobody, or whoever holds a key.
fn to_unnamed(by: Option<&PublicKey>, matter: &Matter<'_>) -> Decision {
    match matter {
        Matter::Open(open) => open.decision(),
        Matter::Transaction(_) if by.is_none() => {
            Decision::Granted(Extent::WithoutContent, Ground::Open)
        }
        Matter::Key(key) if by == Some(key) => Decision::Granted(Extent::All, Ground::Own),
        Matter::Key(_) if by.is_some() => Decision::Refused(ONLY_BY_THIS_KEY),
        Matter::Transaction(_)
        | Matter::Account(_)
        | Matter::History(_)
        | Matter::AccountBundle(_)
        | Matter::Tickets(_)
        | Matter::Reference(_)
        | Matter::Key(_)
        | Matter::Merchants(_)
        | Matter::Merchant(_)
        | Matter::Terminals(_)
        | Matter::Report(_)
        | Matter::MerchantFees(_)
        | Matter::Payment(_)
        | Matter::Consents(_)
        | Matter::Consent(_)
        | Matter::ConsentBundle(_)
        | Matter::ConsentLog(_)
        | Matter::SubjectLog(_)
        | Matter::PartyLog(_)
        | Matter::Duties(_)
        | Matter::Preview
        | Matter::Access(_)
        | Matter::AccessBundle(_)
        | Matter::Request(_)
        | Matter::Glass(_)
        | Matter::AuditView(_) => {
            Decision::Refused(if by.is_some() { NOT_BY_A_KEY } else { NOT_SIGNED })
        }
    }
}

/// Nobody reads what concerns someone.
const NOT_SIGNED: Refusal =
    Refusal { code: ApiCode::SignatureMissing, detail: "the header signature-input is missing" };

/// Whether anybody knows a key is no one else's matter: the refusal does not depend on it.
const ONLY_BY_THIS_KEY: Refusal = not_entitled("for whom a key acts is read with it as keyid");

/// A key without an address reads nothing but for whom it acts.
pub const NOT_BY_A_KEY: Refusal =
    Refusal { code: ApiCode::SignatureMalformed, detail: "keyid: this is read with an address" };

impl Open {
    /// How much of it is shown: all of it, to everybody. It depends on no reader and no state, so
    /// that one who serves it may ask once and for all.
    #[must_use]
    pub const fn decision(self) -> Decision {
        Decision::Granted(Extent::All, Ground::Open)
    }
}

/// A reader that has signed, at a state.
struct Asking<'a> {
    state: &'a State,
    accesses: &'a Accesses,
    by: &'a Signer,
    named: &'a Named,
}

impl Asking<'_> {
    fn judge(&self, matter: &Matter<'_>) -> Judged<(Extent, Ground)> {
        let all = |ground| (Extent::All, ground);
        match matter {
            Matter::Open(_) => Ok(all(Ground::Open)),
            Matter::Account(account)
            | Matter::AccountBundle(account)
            | Matter::Tickets(account) => self.account(account).map(all),
            Matter::History(account) => self.history(account),
            Matter::Reference(bank) => self.reference(*bank).map(all),
            Matter::Key(_) => Err(ONLY_BY_THIS_KEY),
            Matter::Transaction(concerned) => self.transaction(*concerned),
            Matter::Merchants(zone) => self.merchants(*zone).map(all),
            Matter::Merchant(one) => self.merchant(one).map(all),
            Matter::Terminals(OneMerchant { account, .. }) => self.account(account).map(all),
            Matter::Report(of) => self.report(of.zone).map(all),
            Matter::MerchantFees(one) => self.merchant_fees(one).map(all),
            Matter::Payment(one) => self.payment(*one),
            Matter::Consents(subject) => self.consents(subject),
            Matter::Consent(id) | Matter::ConsentBundle(id) => self.consent(id).map(all),
            Matter::ConsentLog(id) => self.consent_log(id),
            Matter::SubjectLog(subject) => self.subject_log(subject),
            Matter::PartyLog(party) => self.party_log(*party),
            Matter::Duties(party) => self.of_party(*party).map(all),
            Matter::Preview => self.preview().map(all),
            Matter::Access(id) | Matter::AccessBundle(id) => self.access(id).map(all),
            Matter::Request(id) => self.request(id).map(all),
            Matter::Glass(id) => self.glass(id).map(all),
            Matter::AuditView(id) => self.audit_view(id).map(all),
        }
    }
}

/// That something is not the reader's to read.
const fn not_entitled(detail: &'static str) -> Refusal {
    Refusal { code: ApiCode::NotEntitled, detail }
}
