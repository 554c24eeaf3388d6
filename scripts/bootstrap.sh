#!/usr/bin/env bash
# Checks what building Kyojo needs beside Rust, says what is missing and why, and installs it
# with apt-get. Does nothing where everything is there.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

has_libclang() {
  [ -n "${LIBCLANG_PATH:-}" ] && return 0
  compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null && return 0
  compgen -G '/usr/lib/*/libclang*.so*' >/dev/null
}

if ! has cargo; then
  say "cargo is missing: Kyojo is written in Rust (1.95 or later). Install it from https://rustup.rs,"
  say "then run this again."
  exit 1
fi

missing=()
if ! has c++ && ! has g++; then
  say "A C++ compiler is missing: RocksDB, the store of checkpoints, is built from source."
  missing+=(g++)
fi
if ! has cc && ! has gcc; then
  say "A C compiler and linker are missing: Rust links with them."
  missing+=(gcc libc6-dev)
fi
if ! has clang; then
  say "clang is missing: its headers are needed to read RocksDB's."
  missing+=(clang)
fi
if ! has_libclang; then
  say "libclang is missing: the bindings to RocksDB are made with it."
  missing+=(libclang-dev)
fi
if ! has python3; then
  say "python3 is missing: tests run a second verifier of proofs, written in it."
  missing+=(python3)
fi
[ "${#missing[@]}" -eq 0 ] && exit 0

if ! has apt-get; then
  say "This is no Debian: install the equivalents of ${missing[*]} and run this again."
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  has sudo || { say "Run as root: apt-get install ${missing[*]}"; exit 1; }
  as_root=(sudo)
fi
say "Installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
