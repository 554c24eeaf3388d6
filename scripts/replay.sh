#!/usr/bin/env bash
# Replays recorded payments through signed transactions on four validators of its own.
#   scripts/replay.sh PATH [options of `kyojo replay`, such as --json or --rate 100]
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
cargo build --locked --release --bin kyojo-node --bin kyojo-genesis --bin kyojo >&2

folder=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
base=${KYOJO_BASE_PORT:-26800}
yen=1000000000000
"$binaries/kyojo-genesis" localnet -n 4 --out "$folder/net" --seed 1 --base-port "$base" \
  --banks 14 --citizens 10 --merchants 2 --issue-allowance $yen --net-debit-cap $yen >&2
for node in 0 1 2 3; do
  "$binaries/kyojo-node" start --home "$folder/net/node$node" >"$folder/node$node.log" 2>&1 &
  pids+=($!)
done
url="http://127.0.0.1:$((base + 2))"
for _ in $(seq 100); do
  if "$binaries/kyojo-node" status --url "$url" >/dev/null 2>&1; then break; fi
  sleep 0.1
done
"$binaries/kyojo" replay "$path" --node "$url" --actors "$folder/net/actors.json" \
  --scale "$scale" "$@"
