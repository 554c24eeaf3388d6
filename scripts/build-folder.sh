# Sourced by the other scripts: chooses the folder of build results.
#
# CARGO_TARGET_DIR where it is set; else one kept outside the checkout, where somebody made one, so
# that a fresh checkout need not build every dependency again; else cargo's own, target/.
# shellcheck shell=bash
kept="${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/kyojo/target"
if [ -z "${CARGO_TARGET_DIR:-}" ] && [ -d "$kept" ] && [ -w "$kept" ]; then
  export CARGO_TARGET_DIR="$kept"
fi
binaries="${CARGO_TARGET_DIR:-$PWD/target}/release"
