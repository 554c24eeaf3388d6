#!/usr/bin/env bash
# Has the node's OpenAPI document judged by a validator that was made elsewhere: PyPI's
# openapi-spec-validator, which goes into a virtual environment that is deleted afterwards.
#   scripts/openapi.sh [FILE]
# FILE: another document than node/openapi.json.
set -euo pipefail
document=$(realpath "${1:-$(dirname "$0")/../node/openapi.json}")
say() { printf '%s\n' "$*" >&2; }

if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
  say "Installing python3-venv: the validator goes into an environment of its own."
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends python3-venv >&2
fi

environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT
say "Installing openapi-spec-validator into $environment: a judge of the document that we did not make."
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check \
  'openapi-spec-validator==0.7.2' >&2
"$environment/bin/openapi-spec-validator" --errors all "$document"
