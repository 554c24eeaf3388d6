//! What happened: lists of places in the index, read newest first, with what stands at each.
//!
//! An event that follows from an operation is made again from the block that holds it; a rejected
//! transaction shows what was asked. Histories and logs are read by this one piece of code.

use std::collections::BTreeMap;

use ledger::State;
use ledger_types::event::List;
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    AccountId, BankId, Event, Hash, Height, Operation, Receipt, Timestamp, Transaction,
    TransactionId,
};
use node_api::body::{HistoryEntry, OutcomeBody};

use super::cursor::PlaceCursor;
use super::log::Shown;
use super::{Query, QueryError};
use crate::store::{Item, Place, Source};

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What stands on it, newest first.
    pub entries: Vec<T>,
    /// Where the next page begins; none at the end.
    pub next: Option<PlaceCursor>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Happening {
    /// Where it stands among all that happened.
    pub(super) height: Height,
    /// The block's time.
    pub(super) time: Timestamp,
    /// The transaction's place in the block, and its identity; none where consensus itself raised it.
    pub(super) transaction: Option<(u32, TransactionId)>,
    /// The operation's place in the transaction.
    pub(super) operation: u16,
    /// What happened.
    pub(super) what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// An event.
    Told(Event),
    /// Nothing: an operation broke a rule.
    Rejected { code: RejectionCode, asked: Operation },
}

impl Query {
    /// What concerns an account, newest first, after `cursor`: events, and what it sent in vain. It
    /// reaches as far back as blocks are stored.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn history(
        &self,
        account: &AccountId,
        shown: Shown,
        cursor: Option<PlaceCursor>,
        limit: usize,
    ) -> Result<Page<HistoryEntry>, QueryError> {
        let sources = self.sources(account);
        let page = self.happened(&sources, Some(account), cursor, limit)?;
        let state = self.state();
        let entries = page.entries.into_iter();
        let entries = entries.filter_map(|happening| entry(&state, happening, shown)).collect();
        Ok(Page { entries, next: page.next })
    }

    /// What a bank used a core banking reference for.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn reference(
        &self,
        bank: BankId,
        reference: &Hash,
    ) -> Result<Option<HistoryEntry>, QueryError> {
        let Some((height, time, told)) = self.index()?.reference(bank, reference)? else {
            return Ok(None);
        };
        let (transaction, operation) = (told.transaction, told.operation);
        let what = What::Told(told.event);
        let happening = Happening { height, time, transaction, operation, what };
        Ok(entry(&self.state(), happening, Shown::All))
    }

    /// The lists that make an account's history: its own, and what is told alike to all who hold one
    /// at its bank, since it was opened, or in a zone of its.
    fn sources(&self, account: &AccountId) -> Vec<Source> {
        let earliest = self.earliest();
        let all = |list| Source { first: earliest, ..Source::all(list) };
        let mut sources = vec![all(List::Account(*account))];
        let state = self.state();
        let Some(record) = state.account(account) else { return sources };
        let first = record.opened.max(earliest);
        sources.push(Source { first, ..Source::all(List::Bank(record.custodian)) });
        let zones = state.zones().map(|(zone, _)| zone);
        let own = zones.filter(|zone| state.zone_account(*zone, account).is_some());
        sources.extend(own.map(|zone| all(List::Zone(zone))));
        sources
    }

    /// What stands in these lists after `cursor`, newest first, as `reader`, whose list it is, may
    /// know it. What needs a block that is not stored any more is passed over.
    pub(super) fn happened(
        &self,
        sources: &[Source],
        reader: Option<&AccountId>,
        cursor: Option<PlaceCursor>,
        limit: usize,
    ) -> Result<Page<Happening>, QueryError> {
        let before = cursor.map(|PlaceCursor(place)| place);
        let mut found = self.index()?.list(sources, before, limit.saturating_add(1))?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(place, _)| PlaceCursor(*place));
        let mut blocks = Blocks::default();
        let mut entries = Vec::with_capacity(found.len());
        for (place, item) in found {
            let Some(mut happening) = self.happening(place, item, &mut blocks)? else { continue };
            if let (What::Told(event), Some(reader)) = (&mut happening.what, reader) {
                event.mask(reader, &self.genesis);
            }
            entries.push(happening);
        }
        Ok(Page { entries, next })
    }

    /// What stands at a place; `None` where its block is not stored any more.
    fn happening(
        &self,
        place: Place,
        item: Item,
        blocks: &mut Blocks,
    ) -> Result<Option<Happening>, QueryError> {
        let height = place.height;
        let (offset, operation, code) = match item {
            Item::Kept { time, told } => {
                let (transaction, operation) = (told.transaction, told.operation);
                let what = What::Told(told.event);
                return Ok(Some(Happening { height, time, transaction, operation, what }));
            }
            Item::Follows { offset, operation } => (offset, operation, None),
            Item::Rejected { offset, code, operation } => (offset, operation, Some(code)),
        };
        let corrupt = || QueryError::Corrupt { height };
        let Some(found) = self.found_at(height, offset, blocks)? else { return Ok(None) };
        let operations = &found.content.unsigned.operations;
        let asked = operations.get(usize::from(operation)).ok_or_else(corrupt)?;
        let what = match code {
            Some(code) => What::Rejected { code, asked: asked.clone() },
            None => {
                let sender = found.content.unsigned.account;
                What::Told(asked.follows(sender).ok_or_else(corrupt)?)
            }
        };
        let transaction = Some((found.index, found.id));
        Ok(Some(Happening { height, time: found.time, transaction, operation, what }))
    }

    /// A transaction with what is known of it; `None` where its block is not stored any more.
    fn found_at<'b>(
        &self,
        height: Height,
        offset: u32,
        blocks: &'b mut Blocks,
    ) -> Result<Option<&'b Found>, QueryError> {
        if !blocks.found.contains_key(&(height, offset)) {
            let Some(time) = self.time_of(height, blocks)? else { return Ok(None) };
            let Some(content) = self.transaction_at(height, offset)? else { return Ok(None) };
            let id = content.id(&self.genesis);
            let receipt = self.index()?.receipt(&id)?;
            let (receipt, _) = receipt.ok_or(QueryError::Corrupt { height })?;
            let found = Found { time, index: receipt.index, id, content };
            blocks.found.insert((height, offset), found);
        }
        Ok(blocks.found.get(&(height, offset)))
    }

    fn time_of(
        &self,
        height: Height,
        blocks: &mut Blocks,
    ) -> Result<Option<Timestamp>, QueryError> {
        if let Some(time) = blocks.times.get(&height) {
            return Ok(Some(*time));
        }
        let Some(header) = self.header(height)? else { return Ok(None) };
        blocks.times.insert(height, header.time);
        Ok(Some(header.time))
    }

    /// Of each operation of a transaction, who is told all that it did; nobody is of what was not
    /// committed. A merchant that is paid inside a zone does not know the payer, and who is paid one
    /// of many dividends does not know the others.
    ///
    /// # Errors
    /// [`QueryError`] where the store fails or keeps no index.
    pub fn told_of(
        &self,
        transaction: &Transaction,
        receipt: Option<&Receipt>,
    ) -> Result<Vec<Vec<AccountId>>, QueryError> {
        let sender = transaction.unsigned.account;
        let mut told = Vec::new();
        let Some(receipt) = receipt.filter(|receipt| receipt.is_committed()) else {
            return Ok(told);
        };
        let kept = self.index()?.kept_of(receipt.height, receipt.index)?;
        for (operation, number) in transaction.unsigned.operations.iter().zip(0_u16..) {
            let own = kept.iter().filter(|told| told.operation == number);
            let mut events: Vec<Event> = own.map(|told| told.event.clone()).collect();
            events.extend(operation.follows(sender));
            told.push(told_all(&events, &self.genesis));
        }
        Ok(told)
    }
}

/// What a history says. Money is told whole to whoever may read an account's history.
fn entry(state: &State, happening: Happening, shown: Shown) -> Option<HistoryEntry> {
    let (outcome, code, event, asked) = match happening.what {
        What::Told(event) if event.is_of_consent() => {
            (OutcomeBody::Committed, None, Some(shown.of(state, event)?), None)
        }
        What::Told(event) => (OutcomeBody::Committed, None, Some(event), None),
        What::Rejected { code, asked } => (OutcomeBody::Rejected, Some(code), None, Some(asked)),
    };
    let prefix = state.address_prefix();
    Some(HistoryEntry {
        height: happening.height,
        time: happening.time.into(),
        index: happening.transaction.map(|(index, _)| index),
        transaction: happening.transaction.map(|(_, id)| id),
        operation: happening.operation,
        outcome,
        code,
        name: code.map(|code| code.name().to_owned()),
        event: event.map(|event| event.in_json(prefix)),
        asked: asked.map(|asked| asked.in_json(prefix)),
    })
}

/// What was read of blocks for one page.
#[derive(Default)]
struct Blocks {
    times: BTreeMap<Height, Timestamp>,
    found: BTreeMap<(Height, u32), Found>,
}

/// A transaction, where it stands and when.
struct Found {
    time: Timestamp,
    index: u32,
    id: TransactionId,
    content: Transaction,
}

/// Those in whose lists all of these events are, with nobody masked.
fn told_all(events: &[Event], genesis: &Hash) -> Vec<AccountId> {
    let knows = |account: &AccountId, event: &Event| {
        let mut masked = event.clone();
        masked.mask(account, genesis);
        masked == *event && event.enters().contains(&List::Account(*account))
    };
    let first = events.first().map(Event::enters).unwrap_or_default();
    let accounts = first.into_iter().filter_map(|list| match list {
        List::Account(account) => Some(account),
        List::Consent(_)
        | List::Reconsents(..)
        | List::Access(_)
        | List::Bank(_)
        | List::Zone(_) => None,
    });
    accounts.filter(|account| events.iter().all(|event| knows(account, event))).collect()
}

#[cfg(test)]
mod tests {
    use ledger_types::event::{DividendPaid, Paid, Transferred};
    use ledger_types::{PartyId, Yen, ZoneId};

    use super::*;

    const PAYER: AccountId = AccountId::new([1; 20]);
    const SHOP: AccountId = AccountId::new([2; 20]);

    #[test]
    fn content_is_of_those_who_are_told_all_that_an_operation_did() {
        let paid = |to| {
            let amount = Yen::new(5);
            Event::from(Transferred { debtor: PAYER, creditor: to, amount, reference: None })
        };
        assert_eq!(told_all(&[paid(SHOP)], &Hash::ZERO), [PAYER, SHOP]);
        // A bulk of dividends: each is told of its own payment, and of nobody else's.
        let other = AccountId::new([3; 20]);
        let (controller, terms, month, chunk, rows) = (PartyId::new(1), 1, 202_611, 0, 2);
        let bulk = DividendPaid { controller, terms, month, chunk, rows };
        assert_eq!(told_all(&[paid(SHOP), paid(other), bulk.into()], &Hash::ZERO), []);
        let (zone, payer) = (ZoneId::new(1), PAYER.into());
        let in_zone = Paid {
            zone,
            payer,
            merchant: SHOP,
            amount: Yen::new(5),
            cash: Yen::ZERO,
            request: None,
            terminal: None,
            reference: None,
        };
        assert_eq!(told_all(&[in_zone.into()], &Hash::ZERO), [PAYER]);
        assert_eq!(told_all(&[], &Hash::ZERO), []);
    }
}
