//! One attacker: its own address and pace, what it sent, and what became of that.
//!
//! Each has an address of its own, as attackers do: a node counts requests by address.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kyojo_tests::load::{Payer, Signed, sign};
use kyojo_tests::rest::http_client;
use ledger_types::{Inadmissible, Nonce, Operation, TransactionId};
use node_api::body::BulkAnswer;
use node_api::{OCTET_STREAM, Problem, path};
use node_client::bulk_body;
use reqwest::{RequestBuilder, Response};
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};

use crate::stage::Stage;

/// How long an attacker waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whether anything of it may ever come to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Law {
    /// As much of it as the sender's allowance holds.
    Bounded,
    /// Nothing of it.
    Forbidden,
}

/// What an attacker did, and what was said to it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Deeds {
    /// HTTP requests.
    pub(crate) requests: u64,
    /// Transactions in them.
    pub(crate) transactions: u64,
    /// Transactions that a node took in.
    pub(crate) taken: u64,
    /// Requests other than transactions that were answered as they wished.
    pub(crate) answered: u64,
    /// Refusals by stable code.
    pub(crate) refused: BTreeMap<u16, u64>,
    /// Answers without a code, and connections that were closed.
    pub(crate) cut_off: u64,
    /// What must not be in the history as committed.
    #[serde(skip)]
    pub(crate) forbidden: BTreeSet<TransactionId>,
    /// What was allowed and must not have been.
    #[serde(skip)]
    pub(crate) breaches: Vec<String>,
}

/// What a node said of one transaction.
pub(crate) type Verdict = Result<(), u16>;

/// An account with the nonce that it uses next.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) payer: Payer,
    pub(crate) next: u64,
}

impl Sender {
    /// One that has sent so many already.
    pub(crate) fn new(payer: Payer, next: u64) -> Self {
        Self { payer, next }
    }

    /// Signs operations with a nonce so far ahead of the next one.
    pub(crate) fn sign(&self, stage: &Stage, ahead: u64, operations: Vec<Operation>) -> Signed {
        sign(&stage.genesis, &self.payer, self.next.saturating_add(ahead), operations)
    }

    /// Goes on from what was said of transactions with the next nonces, in their order.
    pub(crate) fn learn(&mut self, verdicts: &[Verdict]) {
        let used = Inadmissible::NonceUsed { nonce: Nonce::new(0) }.code();
        let taken = node_api::ApiCode::NonceTaken.number();
        let far =
            Inadmissible::NonceOutOfWindow { nonce: Nonce::new(0), lowest_unused: Nonce::new(0) };
        for verdict in verdicts {
            match verdict {
                Ok(()) => self.next += 1,
                Err(code) if *code == used || *code == taken => self.next += 1,
                // One of those before was dropped: it is found again from below.
                Err(code) if *code == far.code() => {
                    self.next = self.next.saturating_sub(128);
                    return;
                }
                Err(_) => return,
            }
        }
    }
}

/// See the module.
pub(crate) struct Foe {
    pub(crate) stage: Arc<Stage>,
    pub(crate) deeds: Deeds,
    name: &'static str,
    http: reqwest::Client,
    until: Instant,
    ticks: Interval,
    turns: usize,
}

impl Foe {
    /// The `number`th, who acts so often a second until an instant.
    pub(crate) fn new(
        stage: &Arc<Stage>,
        name: &'static str,
        number: u8,
        per_second: u32,
        until: Instant,
    ) -> anyhow::Result<Self> {
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, 1, number));
        let http = http_client().timeout(PATIENCE).local_address(address).build()?;
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / per_second.max(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (stage, deeds) = (Arc::clone(stage), Deeds::default());
        Ok(Self { stage, deeds, name, http, until, ticks, turns: 0 })
    }

    /// Waits for its turn and gives its number; none once the attack is over.
    pub(crate) async fn turn(&mut self) -> Option<usize> {
        self.ticks.tick().await;
        self.turns += 1;
        (Instant::now() < self.until).then_some(self.turns - 1)
    }

    /// The API of the node whose turn it is, or of so many after it.
    pub(crate) fn url(&self, offset: usize) -> String {
        let urls = &self.stage.urls;
        urls[(self.turns + offset) % urls.len()].clone()
    }

    /// Signs with the sender's next nonce and hands it to a node.
    pub(crate) async fn act(&mut self, sender: &mut Sender, operations: Vec<Operation>, law: Law) {
        let signed = sender.sign(&self.stage, 0, operations);
        let verdict = self.submit(&signed, law).await;
        sender.learn(&[verdict]);
    }

    /// Hands one transaction to the node whose turn it is.
    pub(crate) async fn submit(&mut self, signed: &Signed, law: Law) -> Verdict {
        self.note(std::slice::from_ref(signed), law);
        let request = self.http.post(format!("{}{}", self.url(0), path::submit()));
        let request = request.header("content-type", OCTET_STREAM).body(signed.bytes.clone());
        let verdict = match self.answer(request).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(code)) => Err(code),
            None => Err(0),
        };
        self.deeds.taken += u64::from(verdict.is_ok());
        verdict
    }

    /// Hands many to the node whose turn it is, in one request.
    pub(crate) async fn bulk(&mut self, signed: &[Signed], law: Law) -> Vec<Verdict> {
        self.bulks(vec![signed.to_vec()], law).await.pop().unwrap_or_default()
    }

    /// Hands a bundle to each node from the one whose turn it is, all at the same time.
    pub(crate) async fn bulks(&mut self, bundles: Vec<Vec<Signed>>, law: Law) -> Vec<Vec<Verdict>> {
        let mut asked = JoinSet::new();
        let mut verdicts: Vec<Vec<Verdict>> = Vec::with_capacity(bundles.len());
        for (place, bundle) in bundles.iter().enumerate() {
            self.note(bundle, law);
            verdicts.push(vec![Err(0); bundle.len()]);
            let request = self.http.post(format!("{}{}", self.url(place), path::submit_bulk()));
            let request = request.header("content-type", OCTET_STREAM).body(bulk_body(bundle));
            asked.spawn(async move { (place, request.send().await) });
            self.deeds.requests += 1;
        }
        while let Some(Ok((place, response))) = asked.join_next().await {
            let said = self.hear(response).await.and_then(Result::ok);
            let answer = said.and_then(|body| serde_json::from_slice::<BulkAnswer>(&body).ok());
            let Some(answer) = answer else { continue };
            verdicts[place].fill(Ok(()));
            self.deeds.taken += u64::from(answer.accepted);
            for refused in answer.refused {
                *self.deeds.refused.entry(refused.code).or_default() += 1;
                if let Some(verdict) = verdicts[place].get_mut(refused.index as usize) {
                    *verdict = Err(refused.code);
                }
            }
        }
        verdicts
    }

    /// Sends a request of any kind; whatever it answers with success is a breach where that is
    /// forbidden.
    pub(crate) async fn ask(&mut self, request: RequestBuilder, what: &str, law: Law) {
        let Some(Ok(_)) = self.answer(request).await else { return };
        self.deeds.answered += 1;
        if law == Law::Forbidden {
            self.deeds.breaches.push(format!("{}: {what}", self.name));
        }
    }

    /// The client with this attacker's address.
    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    fn note(&mut self, signed: &[Signed], law: Law) {
        self.deeds.transactions += signed.len() as u64;
        if law == Law::Forbidden {
            self.deeds.forbidden.extend(signed.iter().map(|one| one.id));
        }
    }

    async fn answer(&mut self, request: RequestBuilder) -> Option<Result<Vec<u8>, u16>> {
        self.deeds.requests += 1;
        let response = request.send().await;
        self.hear(response).await
    }

    /// The body of a good answer, or a refusal's code; none where it has none.
    async fn hear(
        &mut self,
        response: Result<Response, reqwest::Error>,
    ) -> Option<Result<Vec<u8>, u16>> {
        let heard = match response {
            Ok(response) => {
                let is_good = response.status().is_success();
                response.bytes().await.ok().map(|body| (is_good, body))
            }
            Err(_) => None,
        };
        match heard {
            Some((true, body)) => return Some(Ok(body.to_vec())),
            Some((false, body)) => {
                if let Ok(problem) = serde_json::from_slice::<Problem>(&body) {
                    *self.deeds.refused.entry(problem.code).or_default() += 1;
                    return Some(Err(problem.code));
                }
            }
            None => {}
        }
        self.deeds.cut_off += 1;
        None
    }
}

#[cfg(test)]
mod tests {
    use ledger_types::{AccountId, SigningKey};

    use super::*;

    #[test]
    fn a_sender_goes_on_behind_what_was_taken_and_back_where_one_was_dropped() {
        let payer =
            Payer { account: AccountId::new([1; 20]), key: SigningKey::from_seed(&[1; 32]) };
        let (used, taken, far, over) = (1007, 7008, 1008, 7011);
        let cases: [(&[Verdict], u64); 5] = [
            (&[Ok(()), Err(used), Err(taken)], 203),
            (&[Ok(()), Err(over), Ok(())], 201),
            (&[Err(0)], 200),
            (&[Err(far), Ok(())], 72),
            (&[], 200),
        ];
        for (verdicts, next) in cases {
            let mut sender = Sender::new(payer.clone(), 200);
            sender.learn(verdicts);
            assert_eq!(sender.next, next, "{verdicts:?}");
        }
    }
}
