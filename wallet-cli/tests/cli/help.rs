//! Help texts and completions are pinned; `UPDATE_GOLDEN=1` writes them anew.

use std::path::Path;

use crate::run::Home;

pub(crate) fn pinned(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} differs; UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn help_reads_as_pinned_in_both_languages() {
    let home = Home::new();
    for (name, arguments) in [
        ("help", ["--help"].as_slice()),
        ("help-wallet", &["wallet", "--help"]),
        ("help-wallet-import", &["wallet", "import", "--help"]),
        ("help-send", &["send", "--help"]),
        ("help-consent", &["consent", "--help"]),
        ("help-consent-grant", &["consent", "grant", "--help"]),
        ("help-consent-amend", &["consent", "amend", "--help"]),
        ("help-consent-reconsent-answer", &["consent", "reconsent", "answer", "--help"]),
        ("help-counter", &["counter", "--help"]),
        ("help-counter-grant", &["counter", "grant", "--help"]),
        ("help-party", &["party", "--help"]),
        ("help-party-break-glass", &["party", "break-glass", "--help"]),
        ("help-audit", &["audit", "--help"]),
        ("help-audit-report", &["audit", "report", "--help"]),
        ("help-bank-account-open", &["bank", "account", "open", "--help"]),
        ("help-verify", &["verify", "--help"]),
        ("help-voucher", &["voucher", "--help"]),
        ("help-voucher-buy", &["voucher", "buy", "--help"]),
        ("help-programme", &["programme", "--help"]),
        ("help-lottery", &["lottery", "--help"]),
        ("help-pay", &["pay", "--help"]),
        ("help-merchant", &["merchant", "--help"]),
        ("help-merchant-request", &["merchant", "request", "--help"]),
        ("help-merchant-refund", &["merchant", "refund", "--help"]),
        ("help-merchant-fees", &["merchant", "fees", "--help"]),
        ("help-zone", &["zone", "--help"]),
        ("help-zone-report", &["zone", "report", "--help"]),
        ("help-zone-invoice", &["zone", "invoice", "--help"]),
        ("help-merchant-terminal-add", &["merchant", "terminal", "add", "--help"]),
    ] {
        for lang in ["en", "ja"] {
            let mut all = vec!["--lang", lang];
            all.extend(arguments);
            let outcome = home.ok(&all);
            assert_eq!(outcome.stderr, "", "{name}");
            pinned(&format!("{name}-{lang}.txt"), &outcome.stdout);
        }
    }
}

#[test]
fn completions_name_every_noun_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = home.ok(&["completions", shell]).stdout;
        for noun in ["wallet", "consent", "merchant"] {
            assert!(script.contains(noun), "{shell} lacks {noun}");
        }
    }
}
