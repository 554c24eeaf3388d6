//! Wallets from making to restoring.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::run::{Home, SEED};

#[test]
fn a_wallet_restored_from_its_words_has_the_same_key() {
    for words in ["ja", "en"] {
        let home = Home::new();
        let (_, made) = home.json(&["wallet", "new", "花子", "--yes", "--words", words]);
        home.ok(&["wallet", "backup", "花子", "--out", "words.txt"]);
        let text = std::fs::read_to_string(home.path("words.txt")).unwrap();
        assert_eq!(text.trim_end().contains('\u{3000}'), words == "ja");
        let mode = home.path("words.txt").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let restored = home.json(&["wallet", "import", "restored", "--words-file", "words.txt"]).1;
        assert_eq!(restored["data"]["public_key"], made["data"]["public_key"]);
        assert_eq!(home.json(&["wallet", "ls"]).1["data"]["wallets"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_wallet_is_never_replaced_without_force() {
    let home = Home::new();
    home.ok(&["wallet", "new", "a", "--yes"]);
    let before = std::fs::read(home.path("wallets/a.json")).unwrap();
    let (exit, envelope) = home.json(&["wallet", "new", "a", "--yes"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (3, &json!("wallet-exists")));
    assert_eq!(std::fs::read(home.path("wallets/a.json")).unwrap(), before);
    home.ok(&["wallet", "new", "a", "--yes", "--force"]);
    assert_ne!(std::fs::read(home.path("wallets/a.json")).unwrap(), before);
}

#[test]
fn address_and_name_are_read_without_the_password_and_changes_to_them_are_seen() {
    let home = Home::with_wallet(&"11".repeat(32), "aizu1x", &"07".repeat(20));
    std::fs::remove_file(home.path("password")).unwrap();
    let shown = home.json(&["wallet", "show"]).1;
    assert_eq!(shown["data"]["address"], "aizu1x");
    assert_eq!(shown["data"]["secret"], "seed");

    std::fs::write(home.path("password"), "correct horse battery").unwrap();
    let path = home.path("wallets/hanako.json");
    let changed = std::fs::read_to_string(&path).unwrap().replace("aizu1x", "aizu1y");
    assert!(!changed.contains(SEED), "the seed is not in the file");
    std::fs::write(&path, changed).unwrap();
    let (exit, envelope) = home.json(&["wallet", "backup", "--out", "w.txt"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (4, &json!("wrong-password")));
}

#[test]
fn the_wallet_in_use_is_named_set_or_the_only_one() {
    let home = Home::new();
    let code = |arguments: &[&str]| {
        let (exit, envelope) = home.json(arguments);
        (exit, envelope["errors"][0]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(code(&["wallet", "show"]), (5, "no-wallet".to_owned()));
    home.ok(&["wallet", "new", "a", "--yes"]);
    assert_eq!(home.json(&["wallet", "show"]).1["data"]["name"], "a");
    home.ok(&["wallet", "new", "b", "--yes"]);
    assert_eq!(code(&["wallet", "show"]), (3, "which-wallet".to_owned()));
    home.ok(&["wallet", "use", "b"]);
    assert_eq!(home.json(&["wallet", "show"]).1["data"]["name"], "b");
    assert_eq!(home.json(&["wallet", "show", "--wallet", "a"]).1["data"]["name"], "a");
}

#[test]
fn words_are_shown_on_a_terminal_or_not_at_all() {
    let home = Home::new();
    let (exit, envelope) = home.json(&["wallet", "new", "a"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (11, &json!("words-need-terminal")));
    home.ok(&["wallet", "new", "a", "--yes"]);
    let (exit, envelope) = home.json(&["wallet", "backup", "a"]);
    assert_eq!((exit, &envelope["errors"][0]["code"]), (11, &json!("backup-needs-terminal")));
}

#[test]
fn a_password_comes_by_a_file_descriptor_too() {
    let home = Home::new();
    let script = format!(
        "exec '{}' wallet new a --yes --json --password-fd 7 7<password",
        env!("CARGO_BIN_EXE_kyojo")
    );
    let made = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .env("KYOJO_HOME", home.root())
        .current_dir(home.root())
        .status()
        .unwrap();
    assert!(made.success());
    home.ok(&["wallet", "backup", "a", "--out", "words.txt"]);
}
