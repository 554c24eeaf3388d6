#!/usr/bin/env bash
# Counts lines of Rust without comments and blanks, by crate and in sum: outside tests and the lab
# (what is delivered), tests, and the lab (what under tests/ makes load or plays a part). What
# belongs where is defined in tests/tidy/count.rs. Arguments: [--json] [FOLDER], else this checkout.
#
# At 63d04d6: 85,135 lines, 28,416 of them tests, so 56,719 outside tests; 3,548 of those are the
# lab, which leaves 53,171.
set -euo pipefail
here="$PWD"
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
cargo build --locked --quiet --release --workspace --bin kyojo-count
arguments=()
folder="$PWD"
for argument in "$@"; do
  case "$argument" in
    -*) arguments+=("$argument") ;;
    *) folder="$(cd "$here" && realpath "$argument")" ;;
  esac
done
exec "$binaries/kyojo-count" "${arguments[@]}" "$folder"
