//! `apply`: one decided block, the only way that state changes.

use ledger_types::allowance::{Allowance, Allowances};
use ledger_types::event::Happened;
use ledger_types::record::Subject;
use ledger_types::{
    AccountId, Block, Enveloped, Hash, Header, Height, Receipt, Timestamp, Transaction,
};

use crate::admission::new_subject;
use crate::audit::Receipts;
use crate::block::{check_certificate_names_parent, check_header};
use crate::commitment::Change;
use crate::dispatch::run;
use crate::execution::{Execution, Sender};
use crate::expiry;
use crate::fault::Fault;
use crate::oversight::due;
use crate::payer::{Cost, Purse};
use crate::programme;
use crate::raise::of_account;
use crate::raise::{self, Standing};
use crate::record::Authority;
use crate::state::{Books, State};

/// What a block did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The block's height.
    pub height: Height,
    /// The block's hash.
    pub header_hash: Hash,
    /// One receipt a transaction, in order.
    pub receipts: Vec<Receipt>,
    /// What happened, in order: what consensus itself raised, then what committed operations did.
    pub events: Vec<Happened>,
    /// What became of records, in order of key, each once.
    pub changes: Vec<Change>,
    /// The root of the records afterwards.
    pub state_root: Hash,
    /// The root over the receipts.
    pub receipts_root: Hash,
    /// The root of the audit log afterwards.
    pub audit_log_root: Hash,
}

/// Applies a block that was validated and decided.
///
/// First records that ended long ago leave, and the dues that have passed at the block's time are
/// raised, whether or not the block holds transactions. Then for each transaction in order: its nonce
/// is used and its payer charged, then its operations run, all or nothing. Then the records are
/// sealed, the audit log grows, and the rotation moves on.
///
/// # Errors
/// [`Fault`] where the block does not follow the tip (nothing changed), was never validated, or
/// the books contradict themselves. After the latter two the state must not be used any more.
pub fn apply(state: &mut State, block: &Block) -> Result<Applied, Fault> {
    let Block { header, body } = block;
    let height = header.height;
    check_header(state, header)
        .and_then(|()| {
            check_certificate_names_parent(state, header, body.parent_certificate.as_ref())
        })
        .map_err(|source| Fault::NotNext { height, source })?;
    let (receipts, events) = run_transactions(state, header, &body.transactions)?;
    let changes = state.books.seal();
    move_rotation(state, block);
    move_tip(state, header, &receipts);
    Ok(Applied {
        height,
        header_hash: state.header_hash(),
        receipts,
        events,
        changes,
        state_root: state.state_root(),
        receipts_root: state.receipts_root(),
        audit_log_root: state.audit_log_root(),
    })
}

type Results = (Vec<Receipt>, Vec<Happened>);

fn run_transactions(
    state: &mut State,
    header: &Header,
    txs: &[Enveloped],
) -> Result<Results, Fault> {
    let State { fixed, books, .. } = state;
    let Header { height, time, .. } = *header;
    let mut receipts = Vec::with_capacity(txs.len());
    let mut events = Vec::with_capacity(txs.len());
    // By the parent's state, as the block was judged, whatever the block itself changes.
    let costs: Vec<Cost> = txs.iter().map(|tx| Cost::of(books, &tx.unsigned, time)).collect();
    expiry::run(books, &fixed.parameters.retention, time);
    programme::sweep(books);
    raise::run(books, &fixed.parameters.allowances, time);
    due::raise(books, height, time, &mut events)?;
    for ((tx, cost), index) in txs.iter().zip(&costs).zip(0_u32..) {
        let not_admitted = || Fault::NotAdmitted { height, index };
        let deduction = Deduction { cost, allowances: &fixed.parameters.allowances, time };
        let sender = use_nonce(books, tx, &deduction).ok_or_else(not_admitted)?;
        deduction.charge_sponsor(books).ok_or_else(not_admitted)?;
        let execution = Execution {
            books,
            parameters: &fixed.parameters,
            genesis_hash: &fixed.genesis_hash,
            height,
            time,
            sender,
            events: &mut events,
            signed: &tx.authorisations,
            is_alone: tx.unsigned.operations.len() == 1,
            transaction: index,
            operation: 0,
        };
        let outcome = run(execution, &tx.unsigned.operations)?;
        let transaction = tx.id(&fixed.genesis_hash);
        receipts.push(Receipt { transaction, height, index, outcome });
    }
    Ok((receipts, events))
}

/// What a transaction takes, and when.
struct Deduction<'a> {
    cost: &'a Cost,
    allowances: &'a Allowances,
    time: Timestamp,
}

impl Deduction<'_> {
    fn add_to(
        &self,
        books: &mut Books,
        payer: &AccountId,
        authority: &mut Authority,
        kind: Allowance,
    ) {
        let Standing { means, used } = raise::settle(books, payer, kind, authority.used, self.time);
        authority.used = used.after(means.allowance, self.time, self.cost.weight);
    }

    /// Charges the sender, where nobody else pays.
    fn charge_sender(
        &self,
        books: &mut Books,
        account: &AccountId,
        authority: &mut Authority,
        kind: Allowance,
    ) {
        if self.cost.sponsor.is_none() {
            self.add_to(books, account, authority, kind);
        }
    }

    /// Charges the data subject that sends, where nobody else pays.
    fn charge_subject(&self, books: &mut Books, account: &AccountId, record: &mut Subject) {
        match self.cost.purse {
            Purse::Allowance => {
                let kind = self.allowances.subject;
                self.charge_sender(books, account, &mut record.authority, kind);
            }
            Purse::Objections => {
                record.objected = record.objected.after(self.time, self.cost.weight.units);
            }
        }
    }

    /// Charges whoever else pays.
    fn charge_sponsor(&self, books: &mut Books) -> Option<()> {
        let Some(sponsor) = self.cost.sponsor else { return Some(()) };
        let payer = AccountId::of_party(sponsor);
        let mut record = books.party_at(&payer)?.clone();
        self.add_to(books, &payer, &mut record.authority, self.allowances.institution);
        books.put_party(&payer, record);
        Some(())
    }
}

/// Finds the sender, uses the transaction's nonce and charges it; a new data subject's record
/// begins here.
///
/// `None` where the block cannot have been validated.
fn use_nonce(books: &mut Books, tx: &Transaction, deduction: &Deduction<'_>) -> Option<Sender> {
    let (account, nonce) = (tx.unsigned.account, tx.unsigned.nonce);
    let allowances = deduction.allowances;
    if let Some(record) = books.account(&account) {
        let mut record = record.clone();
        record.authority.window = record.authority.window.after_use(nonce)?;
        let kind = of_account(record.kind, allowances);
        deduction.charge_sender(books, &account, &mut record.authority, kind);
        books.put_account(&account, record);
        return Some(Sender::Account(account));
    }
    if let Some(record) = books.subject(&account) {
        let mut record = record.clone();
        record.authority.window = record.authority.window.after_use(nonce)?;
        deduction.charge_subject(books, &account, &mut record);
        books.put_subject(&account, record);
        return Some(Sender::Subject(account));
    }
    if let Some(record) = books.party_at(&account) {
        let mut record = record.clone();
        record.authority.window = record.authority.window.after_use(nonce)?;
        let kind = allowances.institution;
        deduction.charge_sender(books, &account, &mut record.authority, kind);
        let party = record.party;
        books.put_party(&account, record);
        return Some(Sender::Party(party));
    }
    let mut authority = new_subject(tx)?;
    authority.window = authority.window.after_use(nonce)?;
    books.put_subject(&account, Subject::new(authority));
    Some(Sender::Subject(account))
}

/// The certificate of the parent says which turns were missed at the parent's height; blame follows
/// the rotation that was in force there (protocol rule 17).
fn move_rotation(state: &mut State, block: &Block) {
    let (tip, time) = (&mut state.tip, block.header.time);
    let next = match &block.body.parent_certificate {
        Some(certificate) => tip.rotation.after_under(
            &tip.rotation_before,
            &tip.validators,
            certificate.height,
            certificate.round,
            time,
        ),
        None => tip.rotation.clone().at(time),
    };
    tip.rotation_before = core::mem::replace(&mut tip.rotation, next);
}

fn move_tip(state: &mut State, header: &Header, receipts: &[Receipt]) {
    let state_root = state.books.root();
    let receipts = Receipts::of(receipts);
    let tip = &mut state.tip;
    tip.height = header.height;
    tip.time = header.time;
    tip.header_hash = header.hash();
    tip.receipts_root = receipts.root();
    receipts.append_to(&mut tip.audit_log, header, state_root);
}
