//! What the verification at the end found, and what led there.

use kyojo_tests::progress::yen;
use serde::Serialize;

use crate::consent::ConsentReport;

/// What the verification at the end of a scenario found, and what led there.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) scenario: &'static str,
    pub(crate) seed: u64,
    pub(crate) validators: usize,
    pub(crate) height: u64,
    pub(crate) transactions_made: u64,
    pub(crate) committed: u64,
    pub(crate) payments: u64,
    pub(crate) rejected: u64,
    /// Transactions without a receipt: lost, if any.
    pub(crate) without_receipt: usize,
    /// Every node says that its sums hold, and the liability is what this counted.
    pub(crate) conserved: bool,
    /// What the banks owe, as the ledger says.
    pub(crate) liability_yen: u64,
    /// What they must owe: genesis and what was issued since.
    pub(crate) expected_yen: u64,
    /// Every node has the same block at the same height.
    pub(crate) same_history: bool,
    pub(crate) finality_ms_p50: f64,
    pub(crate) finality_ms_p99: f64,
    pub(crate) outage: Option<Outage>,
    pub(crate) consent: Option<ConsentReport>,
    pub(crate) seconds: f64,
}

/// What happened while a validator was dead.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outage {
    pub(crate) node: usize,
    pub(crate) blocks_meanwhile: u64,
    pub(crate) payments_meanwhile: u64,
    pub(crate) finality_ms_p50: f64,
    pub(crate) back_after_seconds: f64,
}

impl Report {
    /// Whether everything that was checked holds.
    pub(crate) fn holds(&self) -> bool {
        let counted = self.liability_yen == self.expected_yen;
        let consent = self.consent.as_ref().is_none_or(|consent| consent.adds_up);
        self.conserved && counted && self.same_history && self.without_receipt == 0 && consent
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let yes = |holds: bool| if holds { "yes" } else { "NO" };
        let mut lines = vec![
            format!("blocks              {}", self.height),
            format!("payments committed  {} of {} transactions", self.payments, self.committed),
            format!("rejected            {}", self.rejected),
            format!("without a receipt   {}", self.without_receipt),
            format!(
                "finality            p50 {:.1} ms, p99 {:.1} ms",
                self.finality_ms_p50, self.finality_ms_p99
            ),
        ];
        if let Some(outage) = &self.outage {
            lines.push(format!(
                "without node {}      {} blocks and {} payments, p50 {:.1} ms; back after {:.1} s",
                outage.node,
                outage.blocks_meanwhile,
                outage.payments_meanwhile,
                outage.finality_ms_p50,
                outage.back_after_seconds
            ));
        }
        if let Some(consent) = &self.consent {
            lines.push(format!(
                "consent             {} given; {} uses permitted, {} recorded alike by both sides, {} refused",
                consent.given, consent.permitted, consent.matched, consent.refused
            ));
            lines.push(format!(
                "auditor's count     {}",
                if consent.adds_up { "adds up" } else { "DOES NOT ADD UP" }
            ));
        }
        lines.push(format!("same on every node  {}", yes(self.same_history)));
        lines.push(format!(
            "money conserved     {}: banks owe {}, issued in all {}",
            yes(self.conserved && self.liability_yen == self.expected_yen),
            yen(self.liability_yen),
            yen(self.expected_yen)
        ));
        lines.push(format!("took                {:.1} s", self.seconds));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Report {
        Report {
            scenario: "demo",
            seed: 1,
            validators: 4,
            height: 10,
            transactions_made: 5,
            committed: 5,
            payments: 3,
            rejected: 0,
            without_receipt: 0,
            conserved: true,
            liability_yen: 7,
            expected_yen: 7,
            same_history: true,
            finality_ms_p50: 1.0,
            finality_ms_p99: 2.0,
            outage: None,
            consent: None,
            seconds: 1.0,
        }
    }

    #[test]
    fn a_report_holds_only_where_every_check_does() {
        assert!(sound().holds());
        assert!(!Report { conserved: false, ..sound() }.holds());
        assert!(!Report { liability_yen: 8, ..sound() }.holds());
        assert!(!Report { same_history: false, ..sound() }.holds());
        assert!(!Report { without_receipt: 1, ..sound() }.holds());
        let miscounted = ConsentReport { adds_up: false, ..ConsentReport::default() };
        assert!(!Report { consent: Some(miscounted), ..sound() }.holds());
    }
}
