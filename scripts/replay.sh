#!/usr/bin/env bash
# Replays recorded payments through signed transactions on a network of its own, and checks them.
#   scripts/replay.sh FILES…      account.asc, order.asc, trans*.asc[.gz], or CSV debtor,creditor,amount
# Options of `kyojo replay` may follow a --, such as: scripts/replay.sh payments.csv -- --rate 100
set -euo pipefail
if [ "$#" -eq 0 ]; then
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
fi
files=()
while [ "$#" -gt 0 ] && [ "$1" != "--" ]; do
  files+=("$(realpath "$1")")
  shift
done
[ "${1:-}" = "--" ] && shift
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
. scripts/build-folder.sh
cargo build --locked --release --bin kyojo-node --bin kyojo-genesis --bin kyojo
KYOJO="$binaries/kyojo" exec "$binaries/kyojo-node" dev -- \
  sh -c '"$KYOJO" replay "$@" --actors "$KYOJO_ACTORS"' replay "${files[@]}" "$@"
