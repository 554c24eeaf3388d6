#!/usr/bin/env bash
# Has clients do what the ledger and its nodes forbid, against four validators of its own that take
# 100 payments a second meanwhile; fails where a payment is lost or late, or memory grows.
# Arguments go to `kyojo-hostile`, such as --json --seconds 300 --seed 7.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
cargo build --locked --release --workspace --bins
exec "$binaries/kyojo-hostile" "$@"
