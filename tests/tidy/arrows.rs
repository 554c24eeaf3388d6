//! Which crate may depend on which, and what may never stand behind some of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::rust::{code, tokens};
use crate::tree::{SourceFile, Tree, Violation};

/// Each crate of the workspace with the crates of the workspace that it may use. The crate of the
/// tests may use everything.
const ARROWS: [(&str, &[&str]); 19] = [
    ("ledger-types", &[]),
    ("public-draw", &["ledger-types"]),
    ("public-names", &["ledger-types"]),
    ("shop-documents", &["ledger-types"]),
    ("ledger-proof", &["ledger-types"]),
    ("ledger", &["ledger-types", "ledger-proof", "public-draw"]),
    // Never behind `ledger`: the state machine has the time of its blocks alone.
    ("network-clock", &["ledger-types"]),
    ("node-api", &["ledger-types", "network-clock"]),
    ("node-client", &["ledger-types", "network-clock", "node-api"]),
    // It stands in for a crate below Malachite, so it knows nothing of Kyojo.
    ("libp2p-scatter", &[]),
    ("node-consensus", &["kyojo-disk", "ledger-types", "libp2p-scatter"]),
    ("kyojo-cli", &[]),
    ("kyojo-disk", &[]),
    (
        "kyojo-node",
        &[
            "kyojo-cli",
            "kyojo-disk",
            "ledger",
            "ledger-proof",
            "ledger-types",
            "network-clock",
            "node-api",
            "node-consensus",
            "public-names",
        ],
    ),
    (
        "kyojo-gateway",
        &[
            "consent-records",
            "kyojo-cli",
            "ledger-types",
            "network-clock",
            "node-api",
            "node-client",
        ],
    ),
    ("consent-records", &["ledger-types"]),
    (
        "kyojo-wallet",
        &[
            "consent-records",
            "kyojo-cli",
            "ledger-proof",
            "ledger-types",
            "network-clock",
            "node-api",
            "node-client",
            "public-draw",
            "public-names",
            "shop-documents",
        ],
    ),
    ("kyojo-genesis", &["kyojo-cli", "ledger", "ledger-types", "network-clock", "public-names"]),
    (TESTS, &[]),
];
const TESTS: &str = "kyojo-tests";

/// All that the pure crates use outside their tests, so that a new dependency is a decision.
const PURE_USES: [(&str, &[&str]); 4] = [
    (
        "ledger",
        &["ledger-types", "ledger-proof", "public-draw", "borsh", "serde", "sha2", "thiserror"],
    ),
    (
        "public-draw",
        &[
            "ledger-types",
            "borsh",
            "curve25519-dalek",
            "hex",
            "serde",
            "sha2",
            "thiserror",
            "zeroize",
        ],
    ),
    (
        "ledger-proof",
        &["ledger-types", "base64", "borsh", "hex", "serde", "serde_json", "thiserror"],
    ),
    (
        "ledger-types",
        &[
            "bech32",
            "borsh",
            "ed25519-dalek",
            "ed25519-zebra",
            "hex",
            "rand",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "zeroize",
        ],
    ),
];

/// The only folder that names Malachite.
const CONSENSUS: &str = "node/consensus/";

/// A crate with beginnings of crate names that must not stand behind it, directly or through others.
const NEVER_BEHIND: [(&str, &[&str]); 10] = [
    ("public-draw", &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum"]),
    ("public-names", &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum"]),
    ("shop-documents", &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum"]),
    ("ledger-types", &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum"]),
    (
        "ledger-proof",
        &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum", "ledger-evm"],
    ),
    ("ledger", &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum"]),
    (
        "consent-records",
        &["tokio", "libp2p", "rocksdb", "librocksdb", "reqwest", "axum", "arc-malachitebft"],
    ),
    (
        "kyojo-wallet",
        &[
            "arc-malachitebft",
            "libp2p",
            "rocksdb",
            "librocksdb",
            "revm",
            "ledger-evm",
            "node-consensus",
        ],
    ),
    // It keeps a store, but takes no part in consensus and runs no state machine.
    (
        "kyojo-gateway",
        &["arc-malachitebft", "libp2p", "node-consensus", "kyojo-node", "ledger-evm", "revm"],
    ),
    ("kyojo-genesis", &["arc-malachitebft", "libp2p", "rocksdb", "librocksdb", "kyojo-node"]),
];

/// Every dependency inside the workspace lies along an arrow.
pub(crate) fn arrows(tree: &Tree) -> Vec<Violation> {
    let crates: Vec<Crate> = tree.manifests().filter_map(Crate::read).collect();
    let names: BTreeSet<&str> = crates.iter().map(|one| one.name.as_str()).collect();
    let mut violations = Vec::new();
    for one in &crates {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == one.name) else {
            let what = format!("crate {} has no place among the arrows", one.name);
            violations.push(at(&one.path, &what));
            continue;
        };
        violations.extend(unexpected_uses(one));
        for used in &one.uses {
            let inside = names.contains(used.as_str()) && *used != one.name;
            if inside && one.name != TESTS && !allowed.contains(&used.as_str()) {
                let what = format!("{} must not depend on {used}", one.name);
                violations.push(at(&one.path, &what));
            }
        }
    }
    violations
}

fn unexpected_uses(one: &Crate) -> Vec<Violation> {
    let Some((_, expected)) = PURE_USES.iter().find(|(name, _)| *name == one.name) else {
        return Vec::new();
    };
    let unexpected =
        one.uses_outside_tests.iter().filter(|used| !expected.contains(&used.as_str()));
    unexpected.map(|used| at(&one.path, &format!("{} uses {used}", one.name))).collect()
}

/// Malachite is named in one folder alone, in code and in manifests.
pub(crate) fn malachite(tree: &Tree) -> Vec<Violation> {
    let names_it = |word: &str| word.to_lowercase().contains("malachite");
    let mut violations = Vec::new();
    for file in tree.rust().filter(|file| !is_consensus_or_rule(&file.path)) {
        for token in tokens(&code(&file.text)).iter().filter(|token| names_it(&token.text)) {
            let (path, what) = (file.path.clone(), format!("`{}` outside {CONSENSUS}", token.text));
            violations.push(Violation { path, line: token.line, what });
        }
    }
    for one in tree.manifests().filter_map(Crate::read) {
        if !one.path.starts_with(CONSENSUS) && one.uses.iter().any(|used| names_it(used)) {
            violations.push(at(&one.path, "depends on Malachite itself"));
        }
    }
    violations
}

/// This file names it too, to forbid it.
fn is_consensus_or_rule(path: &str) -> bool {
    path.starts_with(CONSENSUS) || path.starts_with("tests/tidy/")
}

/// What is locked behind each crate holds none of what must not be there.
pub(crate) fn closures(tree: &Tree) -> Vec<Violation> {
    let Some(lock) = tree.get("Cargo.lock") else {
        return vec![at("Cargo.lock", "is missing")];
    };
    let graph = locked(&lock.text);
    let mut violations = Vec::new();
    for (name, never) in NEVER_BEHIND {
        let behind = reachable(&graph, name);
        if behind.is_empty() {
            violations.push(at("Cargo.lock", &format!("{name} is not locked")));
        }
        for found in behind.iter().filter(|found| never.iter().any(|n| found.starts_with(n))) {
            violations.push(at("Cargo.lock", &format!("{found} stands behind {name}")));
        }
    }
    violations
}

/// The validator and the gateway, and the folder of which they know nothing.
const SERVERS: &str = "node/";
const WALLET: &str = "wallet-cli/";

/// Nothing under `node/` reaches into the wallet, be it by a crate's name or by a path.
pub(crate) fn servers(tree: &Tree) -> Vec<Violation> {
    let crates: Vec<Crate> = tree.manifests().filter_map(Crate::read).collect();
    let wallet: BTreeSet<&str> = crates
        .iter()
        .filter(|one| one.path.starts_with(WALLET))
        .map(|one| one.name.as_str())
        .collect();
    let mut violations = Vec::new();
    for one in crates.iter().filter(|one| one.path.starts_with(SERVERS)) {
        let used = one.uses.iter().filter(|used| wallet.contains(used.as_str()));
        violations.extend(used.map(|used| at(&one.path, &format!("uses {used} of {WALLET}"))));
    }
    let reads = |file: &&SourceFile| file.path.ends_with(".rs") || file.path.ends_with(".toml");
    let servers = tree.files.iter().filter(|file| file.path.starts_with(SERVERS)).filter(reads);
    for file in servers {
        for (index, _) in file.text.lines().enumerate().filter(|(_, line)| line.contains(WALLET)) {
            let what = format!("names a file of {WALLET}");
            violations.push(Violation { path: file.path.clone(), line: index + 1, what });
        }
    }
    violations
}

struct Crate {
    path: String,
    name: String,
    uses: BTreeSet<String>,
    uses_outside_tests: BTreeSet<String>,
}

impl Crate {
    /// The crate of a manifest; none where it is the workspace's alone.
    fn read(file: &SourceFile) -> Option<Self> {
        let manifest: toml::Table = file.text.parse().ok()?;
        let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
        let targets = manifest.get("target").and_then(toml::Value::as_table);
        let targets = targets.into_iter().flat_map(toml::Table::values);
        let tables: Vec<_> = targets.filter_map(toml::Value::as_table).chain([&manifest]).collect();
        let collect =
            |kinds: &[&str]| tables.iter().flat_map(|table| listed(table, kinds)).collect();
        let uses_outside_tests = collect(&["dependencies", "build-dependencies"]);
        let uses = collect(&["dependencies", "build-dependencies", "dev-dependencies"]);
        Some(Self { path: file.path.clone(), name, uses, uses_outside_tests })
    }
}

/// Dependencies of these kinds under their true names (`package` renames one).
fn listed(table: &toml::Table, kinds: &[&str]) -> Vec<String> {
    let mut names = Vec::new();
    for kind in kinds {
        let listed = table.get(*kind).and_then(toml::Value::as_table);
        for (name, value) in listed.into_iter().flatten() {
            let renamed = value.get("package").and_then(toml::Value::as_str);
            names.push(renamed.unwrap_or(name).to_owned());
        }
    }
    names
}

/// Names in a lock file with the names that they depend on.
fn locked(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let lock: toml::Table = text.parse().unwrap_or_default();
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages.into_iter().flatten() {
        let Some(name) = package.get("name").and_then(toml::Value::as_str) else { continue };
        let listed = package.get("dependencies").and_then(toml::Value::as_array);
        let uses = listed.into_iter().flatten().filter_map(toml::Value::as_str);
        // "name", or "name version" where several versions are locked.
        let uses = uses.filter_map(|entry| entry.split(' ').next()).map(ToOwned::to_owned);
        graph.entry(name.to_owned()).or_default().extend(uses);
    }
    graph
}

/// Everything behind a name, itself included; empty where the name is not there.
fn reachable(graph: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(name) = open.pop() {
        let Some(uses) = graph.get(&name) else { continue };
        if seen.insert(name) {
            open.extend(uses.iter().cloned());
        }
    }
    seen
}

fn at(path: &str, what: &str) -> Violation {
    Violation { path: path.to_owned(), line: 0, what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n{rest}\n")
    }

    fn count(ledger: &str) -> usize {
        let ledger = manifest("ledger", ledger);
        let node = manifest("kyojo-node", "[dependencies]\nledger.workspace = true");
        let types = manifest("ledger-types", "");
        let files = [
            ("ledger/Cargo.toml", ledger.as_str()),
            ("node/Cargo.toml", &node),
            ("ledger/types/Cargo.toml", &types),
            ("Cargo.toml", "[workspace]\nmembers = []"),
        ];
        arrows(&Tree::of(&files)).len()
    }

    #[test]
    fn a_dependency_against_the_arrows_is_found_in_every_spelling() {
        assert_eq!(count("[dependencies]\nledger-types.workspace = true\nserde = \"1\""), 0);
        for bad in [
            "[dependencies]\nkyojo-node.workspace = true",
            "[dependencies.kyojo-node]\npath = \"../node\"",
            "[dev-dependencies]\nkyojo-node = { path = \"../node\" }",
            "[build-dependencies]\nkyojo-node.workspace = true",
            "[dependencies]\nharmless = { path = \"../node\", package = \"kyojo-node\" }",
            "[target.'cfg(unix)'.dependencies]\nkyojo-node.workspace = true",
        ] {
            assert!(count(bad) >= 1, "{bad}");
        }
    }

    #[test]
    fn a_new_dependency_of_a_pure_crate_is_found_but_not_of_its_tests() {
        assert_eq!(count("[dependencies]\nlog = \"0.4\""), 1);
        assert_eq!(count("[dependencies]\nserde = { version = \"1\", package = \"log\" }"), 1);
        assert_eq!(count("[dev-dependencies]\nproptest = \"1\""), 0);
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        let tree = Tree::of(&[("x/Cargo.toml", &manifest("kyojo-extra", ""))]);
        assert_eq!(arrows(&tree).len(), 1);
    }

    #[test]
    fn malachite_outside_its_folder_is_found_but_not_talk_of_it() {
        let code = "use arc_malachitebft_app::Value;";
        assert_eq!(malachite(&Tree::of(&[("node/src/chain.rs", code)])).len(), 1);
        assert_eq!(malachite(&Tree::of(&[("node/consensus/src/lib.rs", code)])), []);
        assert_eq!(malachite(&Tree::of(&[("node/src/chain.rs", "// as Malachite says")])), []);
        let uses = manifest("kyojo-node", "[dependencies]\narc-malachitebft-app = \"=0.8.2\"");
        assert_eq!(malachite(&Tree::of(&[("node/Cargo.toml", &uses)])).len(), 1);
    }

    #[test]
    fn a_server_that_reaches_into_the_wallet_is_found_by_crate_and_by_path() {
        let of = |gateway: &str, code: &str| {
            let gateway = manifest("kyojo-gateway", gateway);
            let files = [
                ("node/gateway/Cargo.toml", gateway.as_str()),
                ("node/gateway/src/lib.rs", code),
                ("wallet-cli/words/Cargo.toml", &manifest("words", "")),
                ("wallet-cli/src/lib.rs", "use words::Word; // wallet-cli/words"),
            ];
            servers(&Tree::of(&files)).len()
        };
        assert_eq!(of("[dependencies]\nserde = \"1\"", "use serde::Serialize;"), 0);
        assert_eq!(of("[dev-dependencies]\nwords.workspace = true", ""), 1);
        assert_eq!(of("[dependencies]\nother = { path = \"../../wallet-cli/words\" }", ""), 1);
        assert_eq!(of("", "include_str!(\"../../../wallet-cli/locales/en/main.ftl\");"), 1);
    }

    #[test]
    fn what_stands_behind_a_crate_is_found_through_others() {
        let package = |name: &str, uses: &str| {
            format!("[[package]]\nname = \"{name}\"\ndependencies = [{uses}]\n")
        };
        let sound = [
            "ledger-types",
            "ledger-proof",
            "ledger",
            "consent-records",
            "kyojo-gateway",
            "kyojo-genesis",
            "public-draw",
            "public-names",
            "shop-documents",
        ]
        .map(|name| package(name, ""));
        let wallet = package("kyojo-wallet", "\"innocent 1.0.0\"");
        let bad = package("innocent", "\"librocksdb-sys\"") + &package("librocksdb-sys", "");
        let text = sound.concat() + &wallet + &bad;
        let found = closures(&Tree::of(&[("Cargo.lock", &text)]));
        assert_eq!(found, [at("Cargo.lock", "librocksdb-sys stands behind kyojo-wallet")]);
        let text = sound.concat() + &wallet + &package("innocent", "");
        assert_eq!(closures(&Tree::of(&[("Cargo.lock", &text)])), []);
        assert_eq!(closures(&Tree::of(&[("Cargo.lock", "")])).len(), NEVER_BEHIND.len());
    }
}
