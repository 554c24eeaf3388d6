//! What anybody may send: an operation of any kind whose every field is some value that the state
//! knows, lies near an end, or is neither.
//!
//! Fields are told by their names and forms in JSON, so that a new operation is tried without being
//! told of here.

use ledger::State;
use ledger_types::instant::Time;
use ledger_types::json::Json;
use ledger_types::rejection::Rule;
use ledger_types::transaction::Authorisation;
use ledger_types::{
    AddressPrefix, Hash, Nonce, NonceWindow, Operation, Signature, Timestamp, Transaction, Unsigned,
};
use serde_json::{Map, Value};

use super::past;
use crate::consent::world::{child, hospital, purpose};
use crate::dice::Dice;
use crate::fixture::{
    AIZU, Actor, access, commitment, consent_id, later, seeded, subject, text_hash,
};

/// What fields are filled with.
pub(super) struct Crowd {
    prefix: AddressPrefix,
    senders: Vec<Actor>,
    shapes: Vec<Value>,
    identities: Vec<Hash>,
}

impl Crowd {
    pub(super) fn new(state: &State) -> Self {
        let prefix = state.address_prefix().clone();
        // Of what gets far only when much fits together, more is tried.
        let seldom = |one: &Operation| {
            matches!(
                one,
                Operation::Renew(_)
                    | Operation::ConfirmSettlement(_)
                    | Operation::TransferEstate(_)
            )
        };
        // An issuer, its customer and an amount between what is free and what is allowed.
        let most_seldom = |one: &Operation| one.as_issue().is_some();
        let times = |one: &Operation| match (most_seldom(one), seldom(one)) {
            (true, _) => 24,
            (false, true) => 4,
            (false, false) => 1,
        };
        let samples = Operation::samples();
        let shapes = samples.iter().flat_map(|one| vec![one.in_json(&prefix); times(one)]);
        let shapes = shapes.collect();
        Self { prefix, senders: past::senders(), shapes, identities: past::identities() }
    }

    /// A transaction for the block at `now`; the signatures are not, which others check.
    pub(super) fn transaction(&self, state: &State, now: u64, dice: &mut Dice) -> Transaction {
        let first = self.operation(state, now, dice);
        let sender = self.sender(&first, dice);
        let more = if dice.one_in(6) { dice.below(3) } else { 0 };
        let mut operations = vec![first];
        operations.extend((0..more).map(|_| self.operation(state, now, dice)));
        let mut keys = vec![sender.key.public_key()];
        if matches!(operations.as_slice(), [Operation::Grant(_)]) && dice.one_in(2) {
            keys.push(hospital().key.public_key());
        }
        if sender.account == Actor::bank(AIZU).account {
            keys.push(past::checker().public_key());
        }
        let lowest = state.authority(&sender.account).map_or(NonceWindow::default(), |a| a.window);
        let ahead = if dice.one_in(20) { dice.below(300) } else { dice.below(128) };
        let valid_until = now.saturating_add(1 + dice.below(60_000));
        let unsigned = Unsigned {
            network: state.network(),
            account: sender.account,
            nonce: Nonce::new(lowest.lowest_unused().get().saturating_add(ahead)),
            valid_until: Timestamp::from_millis(valid_until),
            purpose: 0,
            operations,
        };
        let signed = |key| Authorisation { key, signature: Signature::Ed25519([0; 64]) };
        Transaction { unsigned, authorisations: keys.into_iter().map(signed).collect() }
    }

    /// Most often somebody who may send it, by what it is refused for first.
    fn sender(&self, operation: &Operation, dice: &mut Dice) -> Actor {
        let some = match operation.refused().first() {
            _ if dice.one_in(4) => &self.senders[..],
            Some(Rule::NotASubject) if dice.one_in(2) => return subject(),
            Some(Rule::NotASubject) => return child(),
            Some(Rule::NotABank) if dice.one_in(3) => &self.senders[20..22],
            Some(Rule::NotABank) => &self.senders[8..11],
            Some(Rule::UnknownParty | Rule::PartySuspended) => &self.senders[11..18],
            Some(Rule::NotAMoneyAccount) if dice.one_in(3) => &self.senders[22..26],
            Some(Rule::NotAMoneyAccount | Rule::MemberRoleMissing) => &self.senders[..6],
            _ => &self.senders[..],
        };
        dice.of(some).clone()
    }

    fn operation(&self, state: &State, now: u64, dice: &mut Dice) -> Operation {
        loop {
            let mut shape = dice.of(&self.shapes).clone();
            let mut filling = Filling { crowd: self, state, now, dice };
            filling.fill("", &mut shape);
            if let Ok(mut operation) = Operation::from_json(shape, &self.prefix) {
                prove(&mut operation, dice);
                return operation;
            }
        }
    }
}

/// Half of the requests for access name a process that is among the terms, half of the amendments
/// lower the limit of uses and nothing else, and half of the estates are one's that there is.
fn prove(operation: &mut Operation, dice: &mut Dice) {
    use ledger_types::operation::AccessBasis;
    if let Operation::Amend(amend) = operation
        && dice.one_in(2)
    {
        amend.changes.clear();
        (amend.expires, amend.use_limit) = (None, Some(1));
    }
    if let Operation::TransferEstate(estate) = operation
        && dice.one_in(2)
    {
        estate.account = past::departed().account;
    }
    if let Operation::RequestAccess(request) = operation
        && let AccessBasis::Consent(basis) = &mut request.basis
        && dice.one_in(2)
    {
        let consent = basis.consent;
        *basis = access(1, 1);
        basis.consent = consent;
        basis.purpose = dice.one_in(4).then(|| purpose(1, 1));
    }
}

struct Filling<'a> {
    crowd: &'a Crowd,
    state: &'a State,
    now: u64,
    dice: &'a mut Dice,
}

impl Filling<'_> {
    fn fill(&mut self, name: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => self.fields(fields),
            Value::Array(values) => {
                match self.dice.below(12) {
                    0 => values.extend_from_within(..),
                    1 | 2 => values.clear(),
                    _ => {}
                }
                values.iter_mut().for_each(|value| self.fill(name, value));
            }
            Value::String(text) => {
                if let Some(filled) = self.text(name, text) {
                    *text = filled;
                }
            }
            Value::Number(number) => {
                let is_long = name.ends_with("_ms");
                let before = number.as_u64().unwrap_or_default();
                let most = if is_long { u64::MAX } else { u64::from(u32::MAX) };
                *value = Value::from(self.number(name, before).min(most));
            }
            Value::Bool(whether) => *whether = self.dice.one_in(2),
            Value::Null => {}
        }
    }

    fn fields(&mut self, fields: &mut Map<String, Value>) {
        for (name, value) in fields.iter_mut() {
            if name != "type" && !self.dice.one_in(16) {
                self.fill(name, value);
            }
        }
    }

    fn text(&mut self, name: &str, text: &str) -> Option<String> {
        let dice = &mut *self.dice;
        if text.starts_with(self.crowd.prefix.as_str()) {
            let sender = match name {
                "subject" | "on_behalf_of" | "guardian" if dice.one_in(2) => subject(),
                "subject" | "on_behalf_of" | "guardian" if dice.one_in(2) => child(),
                _ => dice.of(&self.crowd.senders).clone(),
            };
            return sender.account.to_json(&self.crowd.prefix)?.as_str().map(str::to_owned);
        }
        if text.starts_with("ed25519:") {
            let seed = 1 + dice.small(120);
            return Some(seeded(seed).public_key().to_string());
        }
        if text.len() == 64 {
            return Some(self.identity(name).to_string());
        }
        if text.ends_with('Z') && text.contains('T') {
            return Some(Time::new(Timestamp::from_millis(self.instant())).to_string());
        }
        let is_amount = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_amount.then(|| self.amount().to_string())
    }

    fn identity(&mut self, name: &str) -> Hash {
        let dice = &mut *self.dice;
        if name == "notice_hash" {
            return text_hash(1 + u32::from(dice.small(2)));
        }
        if matches!(name, "redeem" | "request" | "access" | "glass" | "read") && dice.one_in(2) {
            return later(self.now, dice.small(250));
        }
        if dice.one_in(3) {
            return commitment(dice.small(250));
        }
        match name {
            "consent" => consent_id(1 + dice.small(9)).get(),
            "presentation_commitment" => Hash::of(&[&dice.next().to_be_bytes()]),
            _ => *dice.of(&self.crowd.identities),
        }
    }

    fn instant(&mut self) -> u64 {
        let dice = &mut *self.dice;
        match dice.below(5) {
            0 => self.now.saturating_sub(dice.below(3)),
            1 => u64::MAX - dice.below(3),
            2 => self.now.saturating_add(dice.below(400 * 24 * 3_600_000)),
            _ => self.now.saturating_add(1 + dice.below(1000)),
        }
    }

    fn amount(&mut self) -> u64 {
        let dice = &mut *self.dice;
        let record = self.state.account(&dice.of(&self.crowd.senders).account);
        let balance = record.map_or(0, |record| record.balance.get());
        match dice.below(6) {
            0 => u64::MAX - dice.below(3),
            1 => balance.saturating_sub(dice.below(3)),
            2 => u64::MAX - balance,
            3 => balance / 2,
            _ => dice.below(60),
        }
    }

    fn number(&mut self, name: &str, before: u64) -> u64 {
        let dice = &mut *self.dice;
        let of_party = ["controller", "party", "counterparty", "auditor", "responsible", "users"];
        match name {
            _ if dice.one_in(12) => u64::MAX - dice.below(3),
            "controller" if !dice.one_in(3) => 1,
            name if of_party.contains(&name) || name == "propagated_to" => 1 + dice.below(7),
            "notice_version" => self.version(),
            "version" if dice.one_in(2) => self.version(),
            "version" => u64::from(u32::MAX) - dice.below(5),
            "notice" | "terms" | "vocabulary" => 1,
            "basis" | "scheme" | "zone" => 1 + dice.below(2),
            "bank" => 1 + dice.below(6),
            "area" => 7,
            "cycle" => 1 + dice.below(2),
            "hour" => (self.now / 3_600_000).saturating_sub(dice.below(4)),
            "month" | "statute_date" | "count" | "leaf_index" | "index" | "weight" => before,
            _ if dice.one_in(2) => before,
            _ => dice.below(4),
        }
    }

    /// The notice's current version, or the next.
    fn version(&mut self) -> u64 {
        let notice = self.state.notice(crate::fixture::HOSPITAL, crate::fixture::NOTICE);
        let current = notice.map_or(0, |notice| u64::from(notice.version));
        current + self.dice.below(2)
    }
}
