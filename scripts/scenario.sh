#!/usr/bin/env bash
# Plays an acceptance scenario on four validators of its own; proofs go to a new folder.
#   scripts/scenario.sh aizu-premium [--small] [--json] [--out DIR]
#   scripts/scenario.sh consent [--json] [--out DIR]
#   scripts/scenario.sh day [--json]
#   scripts/scenario.sh first-day [--json]
#   scripts/scenario.sh shop-day [--json]
#   scripts/scenario.sh operator [--json]
# What its foreign verifiers need is installed by scripts/foreign.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
cargo build --locked --release --workspace --bins
exec "$binaries/kyojo-scenario" "$@"
