//! A terminal's request in a code, as its payer answers it: whether it is the shop's, and still good.
//!
//! A signature that does not hold ends it at once. What only time or the shop changed is told where
//! nothing was sent yet: a payment whose outcome is not known is looked for all the same.

use ledger_types::operation::AnsweredRequest;
use ledger_types::zone::RequestTerms;
use ledger_types::{Hash, Timestamp, Yen, ZoneId};
use node_api::ApiCode;
use serde_json::{Value, json};
use shop_documents::SignedRequest;

use crate::acting::act::Act;
use crate::acting::numbers;
use crate::acting::payee::Payee;
use crate::acting::transact::Session;
use crate::failure::{Exit, Failure};
use crate::{amount, calendar};

/// How far a terminal's clock may be ahead.
const EARLY_MS: u64 = ledger_types::limits::REQUEST_EARLY_MS;

/// A request that its terminal signed.
pub(super) struct Answering {
    answered: AnsweredRequest,
    number: Hash,
    /// How much is paid on the ledger.
    pub(super) paid: Yen,
    /// Why the ledger would not take it now.
    pub(super) in_vain: Option<Failure>,
}

impl Answering {
    /// Verifies the request by the key that the node tells of its terminal.
    ///
    /// # Errors
    /// [`Failure`] where the shop has no such terminal, its key did not sign, or so much cannot be paid in
    /// cash.
    pub(super) async fn verified(
        session: &Session,
        zone: ZoneId,
        payee: &Payee,
        signed: &SignedRequest,
        cash: Yen,
    ) -> Result<Self, Failure> {
        let (client, request) = (&session.client, signed.request());
        let terms = &request.terms;
        let found = client.terminal(zone, &payee.address, terms.terminal).await;
        let terminal = found.map_err(|error| {
            let none = [ApiCode::TerminalNotFound, ApiCode::MerchantNotFound];
            if none.iter().any(|code| error.code() == Some(code.number())) {
                return Failure::new(Exit::Verification, "err-request-not-of-shop");
            }
            error.into()
        })?;
        let holds = signed.verify(&session.attached.genesis_hash, &terminal.key);
        holds.map_err(|error| {
            Failure::new(Exit::Verification, "err-request-not-of-shop").because(error)
        })?;
        let asked = request.amount.get();
        let paid = asked.checked_sub(cash).filter(|paid| !paid.is_zero());
        if !cash.is_zero() && !terms.takes_cash {
            return Err(Failure::new(Exit::Usage, "err-no-cash"));
        }
        let paid = paid.ok_or_else(|| {
            Failure::new(Exit::Usage, "err-all-cash").with("amount", amount::show(asked))
        })?;
        let late = unusable(terms, terminal.asks, client.network().clock.now());
        let (key, signature) = (terminal.key, *signed.signature());
        let answered = AnsweredRequest { terms: terms.clone(), key, signature, cash };
        Ok(Self { answered, number: request.id(), paid, in_vain: late })
    }

    pub(super) const fn terms(&self) -> &RequestTerms {
        &self.answered.terms
    }

    pub(super) fn answered(&self) -> AnsweredRequest {
        self.answered.clone()
    }

    /// What people are shown of it.
    pub(super) fn shown(&self, act: Act) -> Act {
        let terms = self.terms();
        let mut act = act
            .line("label-terminal", terms.terminal)
            .line("label-payment-number", numbers::shown(&self.number))
            .line("label-pay-until", calendar::show_second(terms.expires()));
        if !self.answered.cash.is_zero() {
            act = act.line("label-in-cash", amount::show(self.answered.cash));
        }
        act
    }

    /// The same for machines.
    pub(super) fn add_to(&self, data: &mut Value) {
        data["payment"] = json!(self.number);
        data["terminal"] = json!(self.terms().terminal);
        data["expires"] = json!(node_api::Time::from(self.terms().expires()));
        data["cash"] = json!(self.answered.cash);
    }
}

/// Why a request cannot be paid now.
fn unusable(terms: &RequestTerms, asks: bool, now: Timestamp) -> Option<Failure> {
    let latest = now.checked_add_millis(EARLY_MS);
    let is_early = latest.is_some_and(|latest| terms.made > latest);
    if now >= terms.expires() || is_early {
        let late = Failure::new(Exit::Refused, "err-request-expired");
        return Some(late.with("until", calendar::show_second(terms.expires())));
    }
    (!asks).then(|| Failure::new(Exit::Refused, "code-3091"))
}
