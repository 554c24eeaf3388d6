//! Whether the ledger would still permit what it permitted, asked at its tip.

use std::sync::Arc;

use futures::FutureExt as _;
use ledger_types::Timestamp;
use ledger_types::rejection::RejectionCode;
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

/// Whatever an access rests on may end at any block: it is asked about at the tip, with the access,
/// so that the ledger leaves the access's own use out of the count and says all else.
async fn still_stands(
    nodes: &Nodes,
    reader: &Reader,
    permitted: &Permitted,
) -> Result<Timestamp, Refusal> {
    let asked = Check { access: Some(permitted.access), ..Check::of(&permitted.basis) };
    let check = nodes.check(&asked, reader).await.map_err(|error| unreachable(&error))?;
    let delta = nodes.delta_ms().await.map_err(|error| unreachable(&error))?;
    let until = permitted.until.min(judged(&check, delta)?);
    if nodes.clock().now() < until {
        return Ok(until);
    }
    Err(Refusal::new(Code::AccessExpired, "ask the ledger again"))
}

/// Until when a check may be relied on: the earlier of what it says and Δ after its block.
fn judged(check: &CheckBody, delta_ms: u64) -> Result<Timestamp, Refusal> {
    let until = after(check.time.get(), delta_ms);
    match (check.decision, check.code) {
        (Decision::Permit | Decision::PermitWithDuty, _) => {
            Ok(check.valid_until.map_or(until, |valid| valid.get().min(until)))
        }
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
    use ledger_types::access::Duties;
    use ledger_types::{Height, Rejection};

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
    fn whatever_the_ledger_denies_now_is_not_served() {
        let denied = |code| judged(&check(Decision::Deny, Some(code), None), 500);
        // Asked with the access, it says this only of uses beside it: the limit was lowered since.
        let exhausted = Rejection::ConsentUsesExhausted.code();
        assert_eq!(denied(exhausted).unwrap_err().code, exhausted.get());
        let ended = Rejection::ConsentEnded { ended: Height::new(8) }.code();
        assert_eq!(denied(ended).unwrap_err().code, 4014);
        assert!(judged(&check(Decision::Deny, None, None), 500).is_err());
    }
}
