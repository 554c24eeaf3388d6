//! The consent log: what a node keeps of the ledger's events, and to whose logs each belongs.
//!
//! Events are no part of the state and lie in no block, so they are kept when a block is committed,
//! while the state that names their consents, subjects and deadlines is at hand. An entry is small
//! and says nothing that is not on the ledger; it outlives the pruning of its block.

mod duty;
mod entry;
mod event;

use borsh::{BorshDeserialize, BorshSerialize};
use ledger::record::{BasisKind, Duty};
use ledger::{Applied, CONSENSUS_PLACE, State};
use ledger_types::operation::{Finding, Half, ReadRight, RequestKind, RequestOutcome};
use ledger_types::{
    AccountId, Block, ConsentId, Hash, NoticeId, PartyId, Timestamp, TransactionId,
};
use node_api::body::LogKind;

pub use entry::entry;
pub(crate) use entry::{basis_name, obligations};

/// What is kept of an event.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Item {
    /// The block's time.
    pub time: Timestamp,
    /// The transaction; none where consensus itself raised it.
    pub transaction: Option<TransactionId>,
    /// The number of its [`LogKind`].
    pub kind: u8,
    /// What it says, each kind of part at most once.
    pub parts: Vec<Part>,
}

/// Something that an entry says. Numbers never change, and parts are only added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Part {
    /// The consent.
    Consent(ConsentId) = 0,
    /// The subject.
    Subject(AccountId) = 1,
    /// The party that it is about.
    Party(PartyId) = 2,
    /// Another party.
    Counterparty(PartyId) = 3,
    /// Who did it.
    By(AccountId) = 4,
    /// The access.
    Access(Hash) = 5,
    /// What it rests on.
    Basis(BasisKind) = 6,
    /// The bits of what a permit obliges to.
    Duties(u8) = 7,
    /// Until when.
    Until(Timestamp) = 8,
    /// By when.
    Deadline(Timestamp) = 9,
    /// Which half.
    Half(Half) = 10,
    /// How halves stand to each other: 0 waiting, 1 matched, 2 mismatched.
    Pairing(u8) = 11,
    /// An hour since the epoch.
    Hour(u32) = 12,
    /// A request for renewal, or a subject's.
    Request(Hash) = 13,
    /// What a subject asks.
    RequestKind(RequestKind) = 14,
    /// What came of it.
    Outcome(RequestOutcome) = 15,
    /// The notice.
    Notice(NoticeId) = 16,
    /// A version.
    Version(u32) = 17,
    /// A scheme, or terms.
    Scheme(u32) = 18,
    /// A broken glass.
    Glass(Hash) = 19,
    /// What a review found.
    Finding(Finding) = 20,
    /// An audit view.
    View(Hash) = 21,
    /// A recorded read.
    Read(Hash) = 22,
    /// By which right.
    Right(ReadRight) = 23,
    /// What was owed, without what it is about: the number of the duty's kind.
    Duty(u8) = 24,
}

/// A log that an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// A data subject's.
    Subject(AccountId),
    /// A consent's.
    Consent(ConsentId),
    /// A party's.
    Party(PartyId),
    /// The requests for renewal of a controller's notice.
    Reconsents(PartyId, NoticeId),
    /// The entry that permitted an access: one alone.
    Access(Hash),
}

/// Something that became owed, or is owed no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyChange {
    /// In whose list it stands; none for the list of every review that waits.
    pub party: Option<PartyId>,
    /// By when.
    pub deadline: Timestamp,
    /// What.
    pub duty: Duty,
    /// Whether it begins.
    pub begins: bool,
}

/// An event with everything that the index enters of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// What is kept.
    pub item: Item,
    /// Which logs it belongs to, each once, in order.
    pub lists: Vec<List>,
    /// What became owed by it, or is owed no more.
    pub duties: Vec<DutyChange>,
}

/// What the consent log gains by a block, in order: what consensus raised at its start comes first.
/// `state` is the one that the block left.
#[must_use]
pub fn of_block(state: &State, block: &Block, applied: &Applied) -> Vec<Logged> {
    let raised = applied.events.iter().filter(|(place, _)| *place == CONSENSUS_PLACE);
    let sent = applied.events.iter().filter(|(place, _)| *place != CONSENSUS_PLACE);
    let logged = raised.chain(sent).filter_map(|(place, event)| {
        let draft = event::draft(state, event)?;
        let place = usize::try_from(*place).ok();
        let transaction = place.and_then(|place| applied.receipts.get(place));
        let sender = place.and_then(|place| block.body.transactions.get(place));
        let sender = sender.map(|transaction| transaction.unsigned.account);
        let Draft { kind, parts, mut lists } = draft.sent_by(state, sender);
        lists.sort_unstable();
        lists.dedup();
        let transaction = transaction.map(|receipt| receipt.transaction);
        let item = Item { time: block.header.time, transaction, kind: kind.number(), parts };
        Some(Logged { item, lists, duties: duty::changes(state, event) })
    });
    logged.collect()
}

/// An entry in the making.
struct Draft {
    kind: LogKind,
    parts: Vec<Part>,
    lists: Vec<List>,
}

impl Draft {
    const fn new(kind: LogKind) -> Self {
        Self { kind, parts: Vec::new(), lists: Vec::new() }
    }

    /// With something that it says.
    fn with(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// With the consent, in whose log it is.
    fn consent(mut self, consent: ConsentId) -> Self {
        self.lists.push(List::Consent(consent));
        self.with(Part::Consent(consent))
    }

    /// With the subject, in whose log it is.
    fn subject(mut self, subject: AccountId) -> Self {
        self.lists.push(List::Subject(subject));
        self.with(Part::Subject(subject))
    }

    /// With the party that it is about, in whose log it is.
    fn party(mut self, party: PartyId) -> Self {
        self.lists.push(List::Party(party));
        self.with(Part::Party(party))
    }

    /// With another party, in whose log it is.
    fn counterparty(mut self, party: PartyId) -> Self {
        self.lists.push(List::Party(party));
        self.with(Part::Counterparty(party))
    }

    /// In another log, without saying so.
    fn also(mut self, lists: impl IntoIterator<Item = List>) -> Self {
        self.lists.extend(lists);
        self
    }

    /// With who sent it, in whose log it is, where somebody may act on a subject's behalf.
    fn sent_by(self, state: &State, sender: Option<AccountId>) -> Self {
        let on_behalf = matches!(self.kind, LogKind::Given | LogKind::SubjectRequested);
        let Some(sender) = sender.filter(|_| on_behalf) else { return self };
        if self.parts.contains(&Part::Subject(sender)) {
            return self;
        }
        let party = state.party_at(&sender).map(|party| List::Party(party.party));
        let subject = state.subject(&sender).map(|_| List::Subject(sender));
        self.with(Part::By(sender)).also(party).also(subject)
    }

    /// With the consent and the subject of an access, in the log of the consent's controller too.
    fn of_access(self, state: &State, access: &Hash) -> Self {
        let record = state.access(access);
        let consent = record.and_then(|record| record.consent);
        let subject = record.and_then(|record| record.subject);
        let draft = self.with(Part::Access(*access)).controller_of(state, consent);
        let draft = consent.into_iter().fold(draft, Self::consent);
        subject.into_iter().fold(draft, Self::subject)
    }

    /// In the log of a consent's controller.
    fn controller_of(self, state: &State, consent: Option<ConsentId>) -> Self {
        let record = consent.and_then(|consent| state.consent(&consent));
        let controller = record.map(|record| List::Party(record.controller));
        self.also(controller)
    }
}
