//! Histories: an account's operations, newest first, read from the block log by the index's places.
//!
//! A merchant does not learn who pays it: in its history a payer is a pseudonym, the same for each
//! payment of one payer to this merchant and different at every other.

use std::collections::BTreeMap;

use ledger::State;
use ledger_types::operation::{AccessBasis, PayDividend};
use ledger_types::{AccountId, Hash, Height, Operation, Outcome, Timestamp, Transaction, Yen};
use node_api::Address;
use node_api::body::{Direction, HistoryEntry, HistoryKind, OutcomeBody};

use super::cursor::HistoryCursor;
use super::named::named_in;
use super::{Query, QueryError};
use crate::store::{Entry, Place};

const TAG_PAYER: &[u8] = b"kyojo/payer-pseudonym/v1";

/// A page of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The entries, newest first.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; none at the end.
    pub next: Option<HistoryCursor>,
}

impl Query {
    /// Operations that concern an account, newest first, after `cursor`.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn history(
        &self,
        account: &AccountId,
        cursor: Option<HistoryCursor>,
        limit: usize,
    ) -> Result<History, QueryError> {
        // The cursor's own transaction may have operations left, so it is looked at again.
        let before =
            cursor.map(|at| Place { height: at.height, index: at.index.saturating_add(1) });
        let mut loaded = Vec::new();
        let mut times = BTreeMap::new();
        for entry in self.index()?.history(account, before, limit.saturating_add(2))? {
            let Some(transaction) = self.transaction_at(&entry)? else { break };
            let Some(time) = self.time_of(entry.place.height, &mut times)? else { break };
            loaded.push((entry, transaction, time));
        }
        let state = self.state();
        let viewer = Viewer { state: &state, account: *account };
        let mut entries = Vec::new();
        for (entry, transaction, time) in &loaded {
            let place = entry.place;
            let seen = cursor.filter(|at| (at.height, at.index) == (place.height, place.index));
            for entry in viewer.entries(entry, transaction, *time).into_iter().rev() {
                if seen.is_none_or(|at| entry.operation < at.operation) {
                    entries.push(entry);
                }
            }
            if entries.len() > limit {
                break;
            }
        }
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(cursor_of);
        Ok(History { entries, next })
    }

    fn time_of(
        &self,
        height: Height,
        times: &mut BTreeMap<Height, Timestamp>,
    ) -> Result<Option<Timestamp>, QueryError> {
        if let Some(time) = times.get(&height) {
            return Ok(Some(*time));
        }
        let Some(header) = self.header(height)? else { return Ok(None) };
        times.insert(height, header.time);
        Ok(Some(header.time))
    }
}

const fn cursor_of(entry: &HistoryEntry) -> HistoryCursor {
    HistoryCursor { height: entry.height, index: entry.index, operation: entry.operation }
}

/// A payer as one merchant knows it.
fn pseudonym(genesis: &Hash, merchant: &AccountId, payer: &AccountId) -> Hash {
    Hash::of(&[TAG_PAYER, genesis.as_bytes(), merchant.as_bytes(), payer.as_bytes()])
}

/// The account whose history it is.
struct Viewer<'s> {
    state: &'s State,
    account: AccountId,
}

impl Viewer<'_> {
    /// The entries of one transaction, in the order of its operations.
    fn entries(
        &self,
        entry: &Entry,
        transaction: &Transaction,
        time: Timestamp,
    ) -> Vec<HistoryEntry> {
        let (outcome, code) = match entry.outcome {
            Outcome::Committed => (OutcomeBody::Committed, None),
            Outcome::Rejected { code, .. } => (OutcomeBody::Rejected, Some(code)),
        };
        let base = HistoryEntry {
            height: entry.place.height,
            time: time.into(),
            index: entry.place.index,
            transaction: transaction.id(&self.state.genesis_hash()),
            operation: 0,
            outcome,
            code,
            name: code.map(|code| code.name().to_owned()),
            kind: HistoryKind::Opened,
            direction: None,
            amount: None,
            counterparty: None,
            payer_pseudonym: None,
            zone: None,
            reference: None,
            redeem: None,
            consent: None,
            party: None,
        };
        let sender = transaction.unsigned.account;
        let operations = transaction.unsigned.operations.iter().zip(0_u16..);
        let seen = operations.filter_map(|(operation, number)| {
            let base = HistoryEntry { operation: number, ..base.clone() };
            self.money(operation, sender, &base).or_else(|| self.other(operation, sender, &base))
        });
        seen.collect()
    }

    fn address(&self, account: &AccountId) -> Option<Address> {
        Some(Address::of(account, self.state.address_prefix()))
    }

    fn is_viewer(&self, account: &AccountId) -> bool {
        self.account == *account
    }

    /// An operation on money in the Financial Zone, where the account takes part in it.
    fn money(
        &self,
        operation: &Operation,
        sender: AccountId,
        base: &HistoryEntry,
    ) -> Option<HistoryEntry> {
        let entry = |kind, direction, amount: Yen| HistoryEntry {
            kind,
            direction: Some(direction),
            amount: Some(amount),
            ..base.clone()
        };
        let sends = self.is_viewer(&sender);
        match operation {
            Operation::OpenAccount(open) => {
                let custodian = self.state.bank_of(&sender);
                let opened =
                    custodian.map(|bank| AccountId::opened_by(bank, &open.holder_commitment));
                let is_opened = opened.is_some_and(|account| self.is_viewer(&account));
                let counterparty = if sends { opened } else { Some(sender) };
                (sends || is_opened).then(|| HistoryEntry {
                    counterparty: counterparty.and_then(|account| self.address(&account)),
                    ..base.clone()
                })
            }
            Operation::Issue(issue) if sends || self.is_viewer(&issue.account) => {
                let to_holder = self.is_viewer(&issue.account);
                let direction = if to_holder { Direction::In } else { Direction::Out };
                let counterparty = if to_holder { sender } else { issue.account };
                Some(HistoryEntry {
                    counterparty: self.address(&counterparty),
                    ..entry(HistoryKind::Issued, direction, issue.amount)
                })
            }
            Operation::RequestRedeem(request) if sends => Some(HistoryEntry {
                redeem: Some(request.redeem),
                ..entry(HistoryKind::RedeemRequested, Direction::Out, request.amount)
            }),
            Operation::RequestRedeem(request) if self.is_bank_of(&sender) => Some(HistoryEntry {
                redeem: Some(request.redeem),
                counterparty: self.address(&sender),
                ..entry(HistoryKind::RedeemRequested, Direction::In, request.amount)
            }),
            Operation::SettleRedeem(settle) => {
                self.redeem(&settle.redeem, sends, HistoryKind::RedeemSettled, base)
            }
            Operation::CancelRedeem(cancel) => {
                self.redeem(&cancel.redeem, sends, HistoryKind::RedeemCancelled, base)
            }
            Operation::Transfer(transfer) if sends || self.is_viewer(&transfer.to) => {
                let direction = if sends { Direction::Out } else { Direction::In };
                let counterparty = if sends { transfer.to } else { sender };
                Some(HistoryEntry {
                    counterparty: self.address(&counterparty),
                    reference: transfer.reference,
                    ..entry(HistoryKind::Transferred, direction, transfer.amount)
                })
            }
            Operation::SetNetDebitCap(set) if sends => Some(HistoryEntry {
                direction: None,
                ..entry(HistoryKind::NetDebitCapSet, Direction::Out, set.cap)
            }),
            _ => None,
        }
    }

    /// Whether the history is that of the bank that keeps this account.
    fn is_bank_of(&self, account: &AccountId) -> bool {
        let custodian = self.state.account(account).map(|record| record.custodian);
        let bank = custodian.and_then(|custodian| self.state.bank(custodian));
        bank.is_some_and(|bank| self.is_viewer(&bank.account))
    }

    /// The end of a redeem request: its holder's, its bank's, and its sender's.
    fn redeem(
        &self,
        redeem: &Hash,
        sends: bool,
        kind: HistoryKind,
        base: &HistoryEntry,
    ) -> Option<HistoryEntry> {
        let request = self.state.redeem(redeem);
        let holds = request.is_some_and(|request| self.is_viewer(&request.account));
        let keeps = request.is_some_and(|request| self.is_bank_of(&request.account));
        (sends || holds || keeps).then(|| HistoryEntry {
            kind,
            amount: request.map(|request| request.amount),
            redeem: Some(*redeem),
            counterparty: request.filter(|_| !holds).and_then(|r| self.address(&r.account)),
            ..base.clone()
        })
    }

    /// An operation of zones or consent, where the account takes part in it.
    fn other(
        &self,
        operation: &Operation,
        sender: AccountId,
        base: &HistoryEntry,
    ) -> Option<HistoryEntry> {
        let sends = self.is_viewer(&sender);
        let in_zone = |kind, zone| HistoryEntry { kind, zone: Some(zone), ..base.clone() };
        match operation {
            Operation::RegisterMerchant(register) => {
                let (kind, zone) = (HistoryKind::MerchantRegistered, register.zone);
                (sends || self.is_viewer(&register.merchant)).then(|| HistoryEntry {
                    counterparty: self.address(&register.merchant).filter(|_| sends),
                    ..in_zone(kind, zone)
                })
            }
            Operation::OpenZoneAccount(open) if sends => {
                Some(in_zone(HistoryKind::ZoneAccountOpened, open.zone))
            }
            Operation::Charge(charge) if sends => Some(HistoryEntry {
                direction: Some(Direction::Out),
                amount: Some(charge.amount),
                ..in_zone(HistoryKind::Charged, charge.zone)
            }),
            Operation::Discharge(discharge) if sends => Some(HistoryEntry {
                direction: Some(Direction::In),
                amount: Some(discharge.amount),
                ..in_zone(HistoryKind::Discharged, discharge.zone)
            }),
            Operation::Pay(pay) if sends || self.is_viewer(&pay.merchant) => {
                let genesis = self.state.genesis_hash();
                let payer = pseudonym(&genesis, &pay.merchant, &sender);
                Some(HistoryEntry {
                    direction: Some(if sends { Direction::Out } else { Direction::In }),
                    amount: Some(pay.amount),
                    counterparty: self.address(&pay.merchant).filter(|_| sends),
                    payer_pseudonym: Some(payer).filter(|_| !sends),
                    reference: pay.reference,
                    ..in_zone(HistoryKind::Paid, pay.zone)
                })
            }
            _ => self.consent(operation, sends, base),
        }
    }

    fn consent(
        &self,
        operation: &Operation,
        sends: bool,
        base: &HistoryEntry,
    ) -> Option<HistoryEntry> {
        let acts_as = |party| self.is_viewer(&AccountId::of_party(party));
        match operation {
            Operation::RegisterParty(register) if sends || acts_as(register.party) => {
                let kind = HistoryKind::PartyRegistered;
                Some(HistoryEntry { kind, party: Some(register.party), ..base.clone() })
            }
            Operation::PublishNotice(_) if sends => {
                Some(HistoryEntry { kind: HistoryKind::NoticePublished, ..base.clone() })
            }
            Operation::Grant(grant) if sends || acts_as(grant.controller) => Some(HistoryEntry {
                kind: HistoryKind::ConsentGranted,
                consent: Some(grant.consent),
                party: Some(grant.controller),
                ..base.clone()
            }),
            Operation::Withdraw(withdraw) => {
                let consent = self.state.consent(&withdraw.consent);
                let controller = consent.map(|consent| consent.controller);
                (sends || controller.is_some_and(acts_as)).then(|| HistoryEntry {
                    kind: HistoryKind::ConsentWithdrawn,
                    consent: Some(withdraw.consent),
                    party: controller,
                    ..base.clone()
                })
            }
            Operation::RequestAccess(request) => {
                let named = named_in(self.state, operation);
                let consent = match &request.basis {
                    AccessBasis::Consent(asked) => Some(asked.consent),
                    _ => None,
                };
                (sends || named.iter().any(|account| self.is_viewer(account))).then(|| {
                    let kind = HistoryKind::AccessRequested;
                    HistoryEntry { kind, consent, ..base.clone() }
                })
            }
            Operation::PayDividend(pay) => self.dividend(pay, sends, base),
            other => {
                let named = named_in(self.state, other);
                (sends || named.iter().any(|account| self.is_viewer(account)))
                    .then(|| HistoryEntry { kind: HistoryKind::ConsentChanged, ..base.clone() })
            }
        }
    }

    /// What a bulk of dividends paid in all, for its payer, or to the account.
    fn dividend(
        &self,
        pay: &PayDividend,
        sends: bool,
        base: &HistoryEntry,
    ) -> Option<HistoryEntry> {
        let own = pay.rows.iter().filter(|row| sends || self.is_viewer(&row.to));
        let sum = own.map(|row| row.amount).try_fold(Yen::ZERO, Yen::checked_add)?;
        (sends || !sum.is_zero()).then(|| HistoryEntry {
            kind: HistoryKind::DividendPaid,
            direction: Some(if sends { Direction::Out } else { Direction::In }),
            amount: Some(sum),
            party: Some(pay.controller),
            ..base.clone()
        })
    }
}
