//! How it ended: for people on standard error, for programs on standard output, and as exit code.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};

use super::consent::ConsentReport;
use super::network::MissingProgram;
use super::progress::yen;

/// How the result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One envelope on standard output.
    Json,
}

/// What the verification at the end of a scenario found, and what led there.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub(super) scenario: &'static str,
    pub(super) seed: u64,
    pub(super) validators: usize,
    pub(super) height: u64,
    pub(super) transactions_made: u64,
    pub(super) committed: u64,
    pub(super) payments: u64,
    pub(super) rejected: u64,
    /// Transactions without a receipt: lost, if any.
    pub(super) without_receipt: usize,
    /// Every node says that its sums hold, and the liability is what this counted.
    pub(super) conserved: bool,
    /// What the banks owe, as the ledger says.
    pub(super) liability_yen: u64,
    /// What they must owe: genesis and what was issued since.
    pub(super) expected_yen: u64,
    /// Every node has the same block at the same height.
    pub(super) same_history: bool,
    pub(super) finality_ms_p50: f64,
    pub(super) finality_ms_p99: f64,
    pub(super) outage: Option<Outage>,
    pub(super) consent: Option<ConsentReport>,
    pub(super) seconds: f64,
}

/// What happened while a validator was dead.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Outage {
    pub(super) node: usize,
    pub(super) blocks_meanwhile: u64,
    pub(super) payments_meanwhile: u64,
    pub(super) finality_ms_p50: f64,
    pub(super) back_after_seconds: f64,
}

impl Report {
    /// Whether everything that was checked holds.
    pub(super) fn holds(&self) -> bool {
        let counted = self.liability_yen == self.expected_yen;
        let consent = self.consent.as_ref().is_none_or(|consent| consent.adds_up);
        self.conserved && counted && self.same_history && self.without_receipt == 0 && consent
    }
}

/// How it ended.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The scenario was played to its end.
    Played(Box<Report>),
    /// The command ended with this code.
    Command(u8),
    /// Stopped by hand, as it has to be without a scenario.
    Stopped,
    /// Stopped by hand before the scenario's end.
    Interrupted,
}

impl Outcome {
    /// Whether nothing went wrong, so that nothing need be looked into.
    pub(super) fn is_as_it_should_be(&self) -> bool {
        match self {
            Self::Played(report) => report.holds(),
            Self::Command(code) => *code == 0,
            Self::Stopped | Self::Interrupted => true,
        }
    }
}

/// Tells the outcome and chooses the exit code.
pub(super) fn tell(format: Format, outcome: anyhow::Result<Outcome>) -> ExitCode {
    match outcome {
        Ok(Outcome::Played(report)) => tell_report(format, &report),
        Ok(Outcome::Command(code)) => ExitCode::from(code),
        Ok(Outcome::Stopped) => {
            print(format, true, &json!({ "stopped": true }), &[]);
            ExitCode::SUCCESS
        }
        Ok(Outcome::Interrupted) => fail(format, 130, "Interrupted", "stopped before the end"),
        Err(error) => {
            let (exit, code) = match error.downcast_ref::<MissingProgram>() {
                Some(_) => (5, "MissingProgram"),
                None => (1, "Failed"),
            };
            fail(format, exit, code, &format!("{error:#}"))
        }
    }
}

fn tell_report(format: Format, report: &Report) -> ExitCode {
    let data = serde_json::to_value(report).unwrap_or(Value::Null);
    if report.holds() {
        if format == Format::Text {
            println!("{}", text(report));
        }
        print(format, true, &data, &[]);
        return ExitCode::SUCCESS;
    }
    let error = json!({ "code": "CheckFailed", "message": text(report), "details": {} });
    print(format, false, &data, &[error]);
    if format == Format::Text {
        eprintln!("error: a check failed\n{}", text(report));
    }
    ExitCode::from(10)
}

fn fail(format: Format, exit: u8, code: &str, message: &str) -> ExitCode {
    if format == Format::Text {
        eprintln!("error: {message}");
    }
    let error = json!({ "code": code, "message": message, "details": {} });
    print(format, false, &Value::Null, &[error]);
    ExitCode::from(exit)
}

fn print(format: Format, success: bool, data: &Value, errors: &[Value]) {
    if format == Format::Json {
        let envelope = json!({
            "schema_version": 1,
            "success": success,
            "data": data,
            "errors": errors,
            "warnings": [],
        });
        println!("{envelope}");
    }
}

fn text(report: &Report) -> String {
    let yes = |holds: bool| if holds { "yes" } else { "NO" };
    let mut lines = vec![
        format!("blocks              {}", report.height),
        format!("payments committed  {} of {} transactions", report.payments, report.committed),
        format!("rejected            {}", report.rejected),
        format!("without a receipt   {}", report.without_receipt),
        format!(
            "finality            p50 {:.1} ms, p99 {:.1} ms",
            report.finality_ms_p50, report.finality_ms_p99
        ),
    ];
    if let Some(outage) = &report.outage {
        lines.push(format!(
            "without node {}      {} blocks and {} payments, p50 {:.1} ms; back after {:.1} s",
            outage.node,
            outage.blocks_meanwhile,
            outage.payments_meanwhile,
            outage.finality_ms_p50,
            outage.back_after_seconds
        ));
    }
    if let Some(consent) = &report.consent {
        lines.push(format!(
            "consent             {} given; {} uses permitted, {} recorded alike by both sides, {} refused",
            consent.given, consent.permitted, consent.matched, consent.refused
        ));
        lines.push(format!(
            "auditor's count     {}",
            if consent.adds_up { "adds up" } else { "DOES NOT ADD UP" }
        ));
    }
    lines.push(format!("same on every node  {}", yes(report.same_history)));
    lines.push(format!(
        "money conserved     {}: banks owe {}, issued in all {}",
        yes(report.conserved && report.liability_yen == report.expected_yen),
        yen(report.liability_yen),
        yen(report.expected_yen)
    ));
    lines.push(format!("took                {:.1} s", report.seconds));
    lines.join("\n")
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
