#!/usr/bin/env bash
# Replays recorded payments through signed transactions on four validators of its own.
#   scripts/replay.sh PATH [options of `kyojo-replay`, such as --json or --rate 100]
# PATH: a folder of PKDD'99 files (amounts in hundredths: --scale 100), or a CSV of
# debtor,creditor,amount in whole yen.
set -euo pipefail
if [ "$#" -eq 0 ] || [ ! -e "$1" ]; then
  sed -n '2,5s/^# //p' "$0" >&2
  exit 2
fi
path=$(realpath "$1")
shift
scale=1
if [ -d "$path" ]; then scale=100; fi
cd "$(dirname "$0")/.."
scripts/bootstrap.sh >&2
. scripts/build-folder.sh
cargo build --locked --release --bin kyojo-node --bin kyojo-genesis --bin kyojo-replay >&2
exec "$binaries/kyojo-replay" "$path" --scale "$scale" "$@"
