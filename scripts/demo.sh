#!/usr/bin/env bash
# Builds Kyojo and shows it at work on this machine: four validators, 2,000 citizens paying at 50
# shops and each other, one validator killed and brought back, every sum checked at the end.
# Further arguments go to `kyojo-demo`, such as --seed 7 or --json.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
cargo build --locked --release --bin kyojo-node --bin kyojo-genesis --bin kyojo --bin kyojo-demo
exec "$binaries/kyojo-demo" "$@"
