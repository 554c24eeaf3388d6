//! Whether the ledger would still permit what it permitted, asked at its tip.

use std::sync::Arc;

use futures::FutureExt as _;
use ledger_types::operation::AccessBasis;
use ledger_types::rejection::RejectionCode;
use ledger_types::{Rejection, Timestamp};
use network_clock::after;
use node_api::body::{CheckBody, Decision};
use node_api::query::Check;
use node_client::{ClientError, Reader};

use super::permitted::Permitted;
use super::{Holder, Recheck};
use crate::code::{Code, Refusal};
use crate::nodes::Nodes;

impl Holder {
    /// Asks whether an access still stands, as often as it is called: until when that may be relied
    /// on, or why no more.
    pub(super) fn recheck(&self, permitted: &Permitted) -> Recheck {
        let nodes = self.parts.nodes.clone();
        let reader = self.parts.signer.reader().clone();
        let permitted = Arc::new(permitted.clone());
        Arc::new(move || {
            let (nodes, reader) = (nodes.clone(), reader.clone());
            let permitted = Arc::clone(&permitted);
            async move { still_stands(&nodes, &reader, &permitted).await }.boxed()
        })
    }
}

/// What rests on a consent or on nobody's objection may end at any block, and is asked about at the
/// tip. Joint use, the law and broken glass are decided for their requester alone and stand for as
/// long as the committed decision does.
async fn still_stands(
    nodes: &Nodes,
    reader: &Reader,
    permitted: &Permitted,
) -> Result<Timestamp, Refusal> {
    let until = match &permitted.basis {
        AccessBasis::Consent(_) | AccessBasis::OptOut { .. } => {
            let check = nodes.check(&Check::of(&permitted.basis), reader).await;
            let check = check.map_err(|error| unreachable(&error))?;
            let delta = nodes.delta_ms().await.map_err(|error| unreachable(&error))?;
            permitted.until.min(judged(&check, delta)?)
        }
        AccessBasis::JointUse { .. }
        | AccessBasis::Exemption { .. }
        | AccessBasis::BreakGlass { .. } => permitted.until,
    };
    if nodes.clock().now() < until {
        return Ok(until);
    }
    Err(Refusal::new(Code::AccessExpired, "ask the ledger again"))
}

/// Until when a check may be relied on: the earlier of what it says and Δ after its block.
///
/// That the consent's uses are used up is no denial here: the access itself was the last of them.
fn judged(check: &CheckBody, delta_ms: u64) -> Result<Timestamp, Refusal> {
    let until = after(check.time.get(), delta_ms);
    match (check.decision, check.code) {
        (Decision::Permit | Decision::PermitWithDuty, _) => {
            Ok(check.valid_until.map_or(until, |valid| valid.get().min(until)))
        }
        (Decision::Deny, Some(code)) if code == Rejection::ConsentUsesExhausted.code() => Ok(until),
        (Decision::Deny, code) => {
            let code = code.unwrap_or(RejectionCode::new(0));
            Err(Refusal::denied(code, check.detail.as_deref()))
        }
    }
}

/// No node gives a decision that can be relied on.
pub(super) fn unreachable(error: &ClientError) -> Refusal {
    tracing::warn!(%error, "no node gives a fresh decision");
    Refusal::new(Code::NoFreshDecision, "no node answers, or none with a current block")
}

#[cfg(test)]
mod tests {
    use ledger_types::Height;
    use ledger_types::access::Duties;

    use super::*;

    fn check(decision: Decision, code: Option<RejectionCode>, valid: Option<u64>) -> CheckBody {
        CheckBody {
            decision,
            code,
            name: None,
            detail: None,
            height: Height::new(9),
            time: Timestamp::from_millis(1_000).into(),
            duties: Duties::default(),
            valid_until: valid.map(|millis| Timestamp::from_millis(millis).into()),
        }
    }

    #[test]
    fn a_decision_is_relied_on_until_its_own_end_or_delta_whichever_is_earlier() {
        let until = |valid| judged(&check(Decision::Permit, None, valid), 500).unwrap().as_millis();
        assert_eq!(until(Some(1_200)), 1_200);
        assert_eq!(until(Some(9_999)), 1_500);
        assert_eq!(until(None), 1_500);
    }

    #[test]
    fn the_last_use_may_be_served_and_an_ended_consent_may_not() {
        let denied = |code| judged(&check(Decision::Deny, Some(code), None), 500);
        assert!(denied(Rejection::ConsentUsesExhausted.code()).is_ok());
        let ended = Rejection::ConsentEnded { ended: Height::new(8) }.code();
        assert_eq!(denied(ended).unwrap_err().code, 4014);
        assert!(judged(&check(Decision::Deny, None, None), 500).is_err());
    }
}
