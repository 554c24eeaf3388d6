#!/usr/bin/env bash
# Every check and every test. The last line is the test runner's own count.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
export CARGO_TERM_COLOR=never

step() { printf '== %s\n' "$*" >&2; }

step "form: cargo fmt"
cargo fmt --all --check

step "lints: clippy, warnings denied"
cargo clippy --locked --release --workspace --all-targets -- -D warnings

step "programs that the tests start"
cargo build --locked --release --workspace --bins
export KYOJO_BIN_DIR="$binaries"

step "examples in the documentation"
cargo test --locked --release --workspace --doc --quiet

step "tests"
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --locked --release --workspace
else
  echo "cargo-nextest is not installed: cargo test runs the same tests, one program at a time." >&2
  cargo test --locked --release --workspace --all-targets -- --test-threads=1
fi
