//! How transactions leave: of each sender one after another, of all senders at once.
//!
//! What a sender does next may rest on what its last transaction did (the vouchers that it has left), so
//! that the next one is made when the receipt of the last was read.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use anyhow::ensure;
use kyojo_tests::engine::{End, Source};
use ledger_types::rejection::RejectionCode;
use ledger_types::{
    Height, Nonce, Operation, Rejection, SigningKey, Timestamp, TransactionId, Unsigned,
};
use node_client::{Network, Signed, VALIDITY};

use super::books::{Books, Deed};

/// What a sender sends.
pub(crate) type Letter = (Vec<Operation>, Deed);

/// Who sends what.
pub(crate) trait Script {
    /// What somebody sends next at this time of the network; nothing any more.
    ///
    /// # Errors
    /// It cannot be made.
    fn next(
        &mut self,
        books: &mut Books,
        by: usize,
        now: Timestamp,
    ) -> anyhow::Result<Option<Letter>>;
}

/// What is known before.
#[derive(Default)]
pub(crate) struct Prepared(BTreeMap<usize, VecDeque<Letter>>);

impl Prepared {
    /// Something that somebody sends, after what it sends before.
    pub(crate) fn add(&mut self, by: usize, operations: Vec<Operation>, deed: Deed) {
        self.0.entry(by).or_default().push_back((operations, deed));
    }

    /// The same, where it moves nothing that the books count.
    pub(crate) fn step(&mut self, by: usize, operations: Vec<Operation>) {
        self.add(by, operations, Deed::Step);
    }

    pub(crate) fn senders(&self) -> Vec<usize> {
        self.0.keys().copied().collect()
    }
}

impl Script for Prepared {
    fn next(&mut self, _: &mut Books, by: usize, _: Timestamp) -> anyhow::Result<Option<Letter>> {
        Ok(self.0.get_mut(&by).and_then(VecDeque::pop_front))
    }
}

/// What was sent and has no receipt.
struct Flying {
    by: usize,
    deed: Deed,
    operations: &'static str,
}

/// See the module.
pub(crate) struct Post<'t, S> {
    books: &'t mut Books,
    script: S,
    network: Network,
    ready: VecDeque<usize>,
    flying: HashMap<TransactionId, Flying>,
    /// Committed in the block whose receipts are being read.
    block: Vec<(TransactionId, Flying)>,
    fault: Option<anyhow::Error>,
    /// What was refused in this run, by rule and what it was.
    pub(crate) refused: BTreeMap<(u16, &'static str), u64>,
}

impl<'t, S: Script> Post<'t, S> {
    pub(crate) fn new(
        books: &'t mut Books,
        network: Network,
        senders: impl IntoIterator<Item = usize>,
        script: S,
    ) -> Self {
        Self {
            books,
            script,
            network,
            ready: senders.into_iter().collect(),
            flying: HashMap::new(),
            block: Vec::new(),
            fault: None,
            refused: BTreeMap::new(),
        }
    }

    /// That everything was made, and what was refused.
    pub(crate) fn done(self) -> anyhow::Result<BTreeMap<(u16, &'static str), u64>> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        ensure!(self.block.is_empty(), "a block's receipts were not read to their end");
        Ok(self.refused)
    }

    fn next(&mut self, by: usize) -> anyhow::Result<Option<Signed>> {
        let now = self.network.clock.now();
        let Some((operations, deed)) = self.script.next(self.books, by, now)? else {
            return Ok(None);
        };
        let name = operations.first().map_or("nothing", Operation::name);
        let genesis = self.network.genesis_hash;
        let holder = &mut self.books.holders[by];
        let unsigned = Unsigned {
            network: genesis.network(),
            account: holder.account,
            nonce: Nonce::new(holder.nonce),
            valid_until: self.network.valid_until(VALIDITY),
            purpose: 0,
            operations,
        };
        holder.nonce += 1;
        let keys: Vec<&SigningKey> = holder.keys.iter().collect();
        let signed = Signed::new(unsigned, &genesis, &keys);
        self.flying.insert(signed.id, Flying { by, deed, operations: name });
        Ok(Some(signed))
    }
}

impl<S: Script> Source for Post<'_, S> {
    fn take(&mut self, most: usize) -> Vec<Signed> {
        let mut bundle = Vec::new();
        while bundle.len() < most && self.fault.is_none() {
            let Some(by) = self.ready.pop_front() else { break };
            match self.next(by) {
                Ok(made) => bundle.extend(made),
                Err(fault) => self.fault = Some(fault),
            }
        }
        bundle
    }

    fn ended(&mut self, id: &TransactionId, end: End, _: Duration) {
        let Some(flying) = self.flying.remove(id) else { return };
        let code = match end {
            End::Committed => {
                self.block.push((*id, flying));
                return;
            }
            End::Rejected(code) => code.get(),
            End::Refused(code) => code,
        };
        if code == too_old() && matches!(flying.deed, Deed::Pay(_)) {
            // The till asks anew: whoever pays tries once more than it planned.
            self.books.sums.made_again += 1;
            self.books.holders[flying.by].plans += 1;
            self.ready.push_back(flying.by);
            return;
        }
        *self.refused.entry((code, flying.operations)).or_default() += 1;
        *self.books.refused.entry(code).or_default() += 1;
        self.ready.push_back(flying.by);
    }

    fn followed(&mut self, height: Height) {
        for (id, flying) in std::mem::take(&mut self.block) {
            self.books.note(&id, height.get(), flying.by, flying.deed);
            self.ready.push_back(flying.by);
        }
    }

    fn has_given_up(&self) -> bool {
        self.fault.is_some()
    }

    fn is_done(&self) -> bool {
        self.ready.is_empty() && self.block.is_empty()
    }
}

/// The rule by which a request is too old to be paid.
fn too_old() -> u16 {
    Rejection::RequestExpired { until: Timestamp::default() }.code().get()
}

/// Says what was refused by name.
pub(crate) fn told(refused: &BTreeMap<(u16, &'static str), u64>) -> String {
    let one = |((code, what), count): (&(u16, &'static str), &u64)| {
        format!("{count} {what}: {code} {}", RejectionCode::new(*code).name())
    };
    refused.iter().map(one).collect::<Vec<_>>().join(", ")
}
