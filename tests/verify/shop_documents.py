#!/usr/bin/env python3
"""Reads what shops, their banks and their accountants exchange, from FORMAT.md of the crate alone.

    shop_documents.py code FILE [--genesis HEX --key HEX]
    shop_documents.py transfers FILE
    shop_documents.py payout-account FILE
    shop_documents.py takings FILE
    shop_documents.py invoice FILE [--of INVOICE [--after RETURN …]]

It prints what stands in the file as JSON and exits with 0, or says what is wrong and exits with 10.
It needs Python 3.11 and nothing else; it shares no code with the crate.
"""

import argparse
import csv
import hashlib
import json
import sys
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import kyojo_verify as verify

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
IDENTIFIER = "JP.KYOJO"


class Wrong(Exception):
    """The file is not what it says."""


def require(condition, reason):
    if not condition:
        raise Wrong(reason)


# Codes


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


def objects(text):
    found = {}
    while text:
        head, text = text[:4], text[4:]
        require(len(head) == 4 and head.isascii() and head.isdigit(), "no object")
        length = int(head[2:])
        require(0 < length <= len(text) and head[:2] not in found, "length or repetition")
        found[head[:2]], text = text[:length], text[length:]
    return found


def unbase45(text):
    out = bytearray()
    for at in range(0, len(text), 3):
        part = text[at : at + 3]
        number = sum(BASE45.index(c) * 45**place for place, c in enumerate(part))
        out += number.to_bytes({3: 2, 2: 1}[len(part)], "big")
    return bytes(out)


def ours(all_objects, first, last):
    inner = [objects(all_objects[f"{tag}"]) for tag in range(first, last + 1) if f"{tag}" in all_objects]
    return [one["01"] for one in inner if one.get("00") == IDENTIFIER]


def number(data, at, size):
    return int.from_bytes(data[at : at + size], "little")


def read_code(data, genesis, key):
    require(len(data) <= 512, "more than 512 bytes")
    found = objects(data.decode())
    tags = list(found)
    require(tags[0] == "00" and found["00"] == "01" and tags[-1] == "63", "first or last object")
    require(found["63"] == f"{crc16(data[:-4]):04X}", "checksum")
    require(found["53"] == "392" and found["58"] == "JP", "currency or country")
    (place,) = ours(found, 26, 51)
    place = unbase45(place)
    require(len(place) == 26, "place")
    said = {"network": place[:4].hex(), "zone": number(place, 4, 2), "shop": place[6:].hex(),
            "amount": found.get("54"), "name": found["59"], "city": found["60"],
            "category": found["52"]}
    if "64" in found:
        said["japanese"] = objects(found["64"])
    rest = "".join(ours(found, 80, 99))
    require((found.get("01") == "12") == bool(rest), "use")
    if rest:
        said["request"] = read_request(place, int(found["54"]), unbase45(rest), genesis, key)
    return said


def read_request(place, amount, rest, genesis, key):
    data = place + amount.to_bytes(4, "little") + rest
    count = number(data, 52, 4)
    require(count <= 8 and len(data) == 56 + 5 * count + 47 + 65, "length of the request")
    exceptions = [(data[at], number(data, at + 1, 4)) for at in range(56, 56 + 5 * count, 5)]
    require(exceptions == sorted(set(exceptions)), "exceptions")
    at = 56 + 5 * count
    signed, signature = data[: at + 47], data[at + 47 :]
    require(data[at] in (0, 1), "whether cash is taken")
    require(signature[0] == 0 and genesis and genesis[:4] == place[:4], "signature or network")
    message = verify.signed_bytes(b"kyojo/payment-request/v1", genesis, signed)
    require(verify.verify_signature(key, message, signature[1:]), "signature")
    return {"terminal": number(data, 30, 2), "nonce": data[32:48].hex(),
            "eligible": number(data, 48, 4), "exceptions": exceptions,
            "takes_cash": data[at] == 1, "tax_lines": data[at + 1 : at + 33].hex(),
            "fee_schedule": number(data, at + 33, 4), "made": number(data, at + 37, 8),
            "seconds": number(data, at + 45, 2)}


# Transfers


def cut(line, widths):
    fields, at = [], 0
    for width in widths:
        fields.append(line[at : at + width])
        at += width
    require(at == 120, "widths")
    return fields


def kana(field):
    text = field.decode("shift_jis").rstrip(" ")
    allowed = set("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()-./\\｢｣")
    require(set(text) <= allowed and not text.startswith(" "), f"kana: {text}")
    return text


def digits(field):
    require(field.isdigit(), "digits")
    return field.decode()


def read_transfers(data):
    width = next(w for w, end in ((122, b"\r\n"), (121, b"\n"), (120, b"")) if data[120:w] == end)
    require(len(data) % width == 0, "length of the file")
    end = data[120:width]
    lines = [data[at : at + width] for at in range(0, len(data), width)]
    require(all(line[120:] == end and not set(line[:120]) & set(b"\r\n") for line in lines), "ends")
    head, *rows, trailer, last = [line[:120] for line in lines]
    h = cut(head, [1, 2, 1, 10, 40, 4, 4, 15, 3, 15, 1, 7, 17])
    require(h[:3] == [b"1", b"21", b"0"] and not h[12].strip(), "header")
    transfers = []
    for row in rows:
        r = cut(row, [1, 4, 15, 3, 15, 4, 1, 7, 30, 10, 1, 20, 1, 1, 7])
        require(r[0] == b"2" and r[5] == b"0000" and r[6] in b"1249", "data")
        require(r[10] == b"0" and r[12] == b"7" and not r[14].strip(), "data")
        require(r[13] == (b"Y" if r[11].strip() else b" "), "message")
        transfers.append({"bank": digits(r[1]), "branch": digits(r[3]), "kind": digits(r[6]),
                          "number": digits(r[7]), "name": kana(r[8]),
                          "amount": int(digits(r[9])), "message": kana(r[11])})
    t = cut(trailer, [1, 6, 12, 101])
    total = sum(one["amount"] for one in transfers)
    require(t[0] == b"8" and not t[3].strip() and last == b"9" + b" " * 119, "trailer or end")
    require((int(t[1]), int(t[2])) == (len(transfers), total), "totals")
    return {"client": {"code": digits(h[3]), "name": kana(h[4]), "bank": digits(h[6]),
                       "branch": digits(h[8]), "kind": digits(h[10]), "number": digits(h[11])},
            "day": digits(h[5]), "transfers": transfers}


# Payout accounts

def read_payout_account(data):
    given = json.loads(data)
    said = given["destination"]
    members = ["format", "bank", "branch", "kind", "number", "name"]
    require(set(said) == set(members) and all(isinstance(one, str) for one in said.values()), "members")
    require(said["format"] == "kyojo-payout-account/1", "format")
    for member, count in (("bank", 4), ("branch", 3), ("number", 7)):
        require(len(digits(said[member].encode())) == count, member)
    require(said["kind"] in ("1", "2", "4", "9"), "kind")
    name = said["name"].encode("shift_jis")
    require(1 <= len(name) <= 30 and kana(name) == said["name"], "name")
    said = {member: said[member] for member in members}
    document = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    opened = hashlib.sha256(b"kyojo/payout-account/v1" + bytes.fromhex(given["salt"]) + document)
    require(opened.hexdigest() == given["commitment"], "commitment")
    return said


# Takings


def read_takings(data):
    if data.startswith(b"\xef\xbb\xbf"):
        text = data.decode("utf-8-sig")
    else:
        text = data.decode("cp932")
    require(text.endswith("\r\n"), "lines end with CR LF")
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    require(all(len(row) == 14 for row in rows), "14 columns")
    for row in rows:
        require(not any(cell[:1] and cell[0] in "=+-@＝＋－＠\t\r" for cell in row), "a formula")
    return {"columns": rows[0], "rows": [[cell.removeprefix("'") for cell in row] for row in rows[1:]]}


# Invoices

KINDS = {"standard": 10, "reduced": 8, "zero": 0, "exempt": 0}
FIRST_RATES = "2019-10-01"
ROUND = {"floor": floor, "ceiling": ceil, "nearest": lambda x: floor(x + Fraction(1, 2))}


def bases(sale):
    sums = {kind: 0 for kind in KINDS}
    for line in sale["lines"]:
        sums[line["tax"]] += int(line["unit_price"]) * line["quantity"]
    own = sum(int(one["amount"]) for one in sale["discounts"] if one["borne_by"] == "shop")
    whole = sum(sums.values())
    exact = {kind: Fraction(own * part, whole or 1) for kind, part in sums.items()}
    shares = {kind: floor(share) for kind, share in exact.items()}
    order = sorted(KINDS, key=lambda kind: shares[kind] - exact[kind])
    for kind in order[: own - sum(shares.values())]:
        shares[kind] += 1
    return {kind: sums[kind] - shares[kind] for kind in KINDS}, shares


def taxed(sale, kind, base):
    included = sale["prices"] == "included"
    percent = KINDS[kind]
    tax = ROUND[sale["rounding"]](Fraction(base * percent, 100 + percent if included else 100))
    return (base - tax, tax, base) if included else (base, tax, base + tax)


def rate(kind, discount, amounts):
    net, tax, gross = map(str, amounts)
    return {"tax": kind, "percent": KINDS[kind], "discount": str(discount), "net": net,
            "tax_yen": tax, "gross": gross}


def check_number(number):
    require(len(number) == 14 and number[0] == "T" and number[1:].isdigit(), "T number")
    weighed = sum(int(d) * (1 + place % 2) for place, d in enumerate(reversed(number[2:])))
    require(int(number[1]) == 9 - weighed % 9, "check digit")


def read_sale(data):
    document = json.loads(data)
    require(document["format"] == "kyojo-invoice/1", "format")
    sale = document["sale"]
    check_number(sale["issuer"]["number"])
    # Days are written so that they compare as texts; the rates are those of the whole period.
    require(FIRST_RATES <= sale.get("from", sale["date"]) <= sale["date"], "days")
    left, shares = bases(sale)
    kinds = [kind for kind in KINDS if any(line["tax"] == kind for line in sale["lines"])]
    rates = [rate(kind, shares[kind], taxed(sale, kind, left[kind])) for kind in kinds]
    total = sum(int(one["gross"]) for one in rates)
    others = sum(int(one["amount"]) for one in sale["discounts"] if one["borne_by"] == "other")
    totals = {"rates": rates, "total": str(total), "borne_by_others": str(others),
              "to_pay": str(total - others)}
    require(document["totals"] == totals, "totals")
    return sale, left, document


def read_return(data, of, after):
    sale, left, _ = read_sale(of)
    for earlier in after:
        for line in json.loads(earlier)["return"]["lines"]:
            left[line["tax"]] -= int(line["unit_price"]) * line["quantity"]
    document = json.loads(data)
    said = document["return"]
    require(document["format"] == "kyojo-return-invoice/1", "format")
    require(document["issuer"] == sale["issuer"], "issuer")
    require((said["of_number"], said["of_date"]) == (sale["number"], sale["date"]), "sale")
    rest = dict(left)
    for line in said["lines"]:
        rest[line["tax"]] -= int(line["unit_price"]) * line["quantity"]
    require(min(rest.values()) >= 0, "more than is left")
    rates = []
    for kind in (kind for kind in KINDS if any(line["tax"] == kind for line in said["lines"])):
        before, now = taxed(sale, kind, left[kind]), taxed(sale, kind, rest[kind])
        rates.append(rate(kind, 0, [a - b for a, b in zip(before, now)]))
    require(document["rates"] == rates, "rates")
    require(document["total"] == str(sum(int(one["gross"]) for one in rates)), "total")
    return document


def read(arguments):
    data = arguments.file.read_bytes()
    if arguments.kind == "code":
        return read_code(data, arguments.genesis, arguments.key)
    if arguments.kind == "transfers":
        return read_transfers(data)
    if arguments.kind == "payout-account":
        return read_payout_account(data)
    if arguments.kind == "takings":
        return read_takings(data)
    if arguments.of:
        return read_return(data, arguments.of.read_bytes(), [one.read_bytes() for one in arguments.after])
    return read_sale(data)[2]


def main():
    parser = argparse.ArgumentParser(description="Reads a document of a shop.")
    parser.add_argument("kind", choices=["code", "transfers", "payout-account", "takings", "invoice"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--genesis", type=bytes.fromhex)
    parser.add_argument("--key", type=bytes.fromhex)
    parser.add_argument("--of", type=Path)
    parser.add_argument("--after", type=Path, nargs="*", default=[])
    try:
        json.dump(read(parser.parse_args()), sys.stdout)
    except (Wrong, ValueError, KeyError, IndexError, StopIteration, OverflowError) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        sys.exit(10)


if __name__ == "__main__":
    main()
