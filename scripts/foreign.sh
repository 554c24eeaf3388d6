#!/usr/bin/env bash
# Has the log checked by verifiers that were made elsewhere: the Go project's sumdb packages, PyPI's
# aics-tlog, and the crates signed_note and tlog_tiles, with tampered copies that each must refuse; and
# shops' codes read by PyPI's cemacqr and npm's steplix-emvqr.
#   scripts/foreign.sh [FOLDER]
# FOLDER: a node's log as `kyojo audit log FOLDER` copies it; without one a log of 300 entries is made. What is
# missing is installed: Go, its packages and Node.js with apt-get, the others into folders of their own.
set -euo pipefail
log=
if [ "$#" -gt 0 ]; then log=$(realpath "$1"); fi
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }

scripts/bootstrap.sh
. scripts/build-folder.sh

missing=()
command -v go >/dev/null 2>&1 || missing+=(golang-go)
[ -d /usr/share/gocode/src/golang.org/x/mod/sumdb ] || missing+=(golang-golang-x-mod-dev)
python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
command -v npm >/dev/null 2>&1 || missing+=(nodejs npm)
if [ "${#missing[@]}" -gt 0 ]; then
  say "Installing ${missing[*]}: verifiers of the log that were made elsewhere."
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi

environment="$binaries/foreign-python"
if ! "$environment/bin/python" -c 'import aics_tlog' 2>/dev/null; then
  say "Installing aics-tlog into $environment. It asks for Python 3.12; what is used of it runs on 3.11."
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --ignore-requires-python 'aics-tlog==0.2.1' >&2
fi
if ! "$environment/bin/python" -c 'import cemacqr' 2>/dev/null; then
  "$environment/bin/pip" install --quiet 'cemacqr==0.1.2' >&2
fi
modules="$binaries/foreign-node"
if [ ! -d "$modules/node_modules/steplix-emvqr" ]; then
  npm install --silent --ignore-scripts --prefix "$modules" 'steplix-emvqr@0.2.3' >&2
fi

export KYOJO_FOREIGN=all KYOJO_FOREIGN_PYTHON="$environment/bin/python" KYOJO_FOREIGN_NODE="$modules"
if [ -n "$log" ]; then export KYOJO_LOG_FOLDER="$log"; fi
cargo test --locked --release --workspace --test foreign
cargo test --locked --release --workspace --test shop foreign
