"""Reads a code that a shop shows with PyPI's cemacqr (Apache-2.0), which reads EMV QRCPS 1.1.

shop.py FILE prints its objects as JSON, templates as objects of their own. It exits with 0 where the
code is well-formed and its checksum fits, with 1 and a reason where not.
"""

import json
import sys
from pathlib import Path

from cemacqr import parse_payload

TEMPLATES = [*range(26, 52), 62, 64, *range(80, 100)]


def main():
    code = parse_payload(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if not code.crc_ok:
        sys.exit("the checksum does not fit")
    templates = {f"{tag:02}" for tag in TEMPLATES} & set(code.tags)
    found = {tag: code.template(tag) if tag in templates else code.get(tag) for tag in code.tags}
    json.dump(found, sys.stdout)


main()
