#!/usr/bin/env bash
# Kills validators at random under load on a network of its own, then checks that no acknowledged
# payment was lost. Arguments go to `kyojo-crash`, such as --seconds 300 --seed 7.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
cargo build --locked --release --workspace --bins
exec "$binaries/kyojo-crash" "$@"
