#!/usr/bin/env python3
"""Verifies a Kyojo bundle offline, with nothing but Python's standard library.

Written from ledger/proof/FORMAT.md, apart from the Rust verifier, so that two programs which share
no code must agree. Slow and plain on purpose: every check stands where FORMAT.md names it.

    kyojo_verify.py BUNDLE --trust TRUST     exit 0: proved, 10: refused, 2: not run
"""

import argparse
import base64
import hashlib
import json
import re
import sys

U64_MAX = 2**64 - 1
BUNDLE_BYTES_MAX = 16 * 1024 * 1024


class Refused(Exception):
    """A check failed."""

    def __init__(self, code, detail=""):
        super().__init__(code, detail)
        self.code, self.change, self.claim = code, None, None


def require(condition, code, detail=""):
    if not condition:
        raise Refused(code, detail)


def signed_bytes(tag, genesis, message):
    return bytes([len(tag + genesis)]) + tag + genesis + message


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- Ed25519 under ZIP-215: curve arithmetic in extended coordinates ---

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def point_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_mul(scalar, point):
    result = IDENTITY
    while scalar:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def decompress(encoded):
    """ZIP-215: y may be P or more, and x may be 0 with either sign."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    y %= P
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P != 0:
        x = x * SQRT_MINUS_1 % P
        if (v * x * x - u) % P != 0:
            return None
    if x & 1 != sign:
        x = P - x if x else 0
    return (x, y, 1, x * y % P)


def compress(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify_signature(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % L
    difference = point_add(point_mul(s, BASE), point_mul(k, (P - a[0], a[1], 1, P - a[3])))
    difference = point_add(difference, (P - r[0], r[1], 1, P - r[3]))
    return point_equal(point_mul(8, difference), IDENTITY)


def is_usable_key(key):
    """A canonical point that is not of small order."""
    point = decompress(key)
    if point is None or compress(point) != key:
        return False
    return not point_equal(point_mul(8, point), IDENTITY)


# --- strict JSON, hexadecimal, base64 ---


def no_repeats(pairs):
    names = [name for name, _ in pairs]
    require(len(names) == len(set(names)), "malformed", "repeated field")
    return dict(pairs)


def whole_number(text):
    require(not text.startswith("-"), "malformed", "negative number")
    return int(text)


def no_fraction(_text):
    raise Refused("malformed", "number with a fraction")


def read_json(data):
    require(len(data) <= BUNDLE_BYTES_MAX, "too_large")
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=no_repeats,
            parse_int=whole_number,
            parse_float=no_fraction,
            parse_constant=no_fraction,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", str(error)) from error
    return value


def fields(value, needed, optional=()):
    """The values of an object with exactly these fields; missing optional ones are None."""
    require(isinstance(value, dict), "malformed", "object")
    require(set(value) <= {*needed, *optional}, "malformed", "unknown field")
    require(set(needed) <= set(value), "malformed", "missing field")
    return [value[name] for name in needed] + [value.get(name) for name in optional]


def text_of(value):
    require(isinstance(value, str), "malformed", "text")
    return value


def number_of(value):
    require(type(value) is int and 0 <= value <= U64_MAX, "malformed", "number")
    return value


def list_of(value, most):
    require(isinstance(value, list) and len(value) <= most, "malformed", "list")
    return value


def hex32(value):
    require(re.fullmatch("[0-9a-f]{64}", text_of(value)), "malformed", "hash")
    return bytes.fromhex(value)


def unbase64(text):
    """The bytes, or None where the text is not their one encoding."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def base64_of(value):
    data = unbase64(text_of(value))
    require(data is not None, "malformed", "base64")
    return data


# --- borsh ---


class Reader:
    def __init__(self, data, most, code="malformed"):
        self.data, self.at, self.code = data, 0, code
        require(len(data) <= most, code, "too many bytes")

    def take(self, count):
        require(self.at + count <= len(self.data), self.code, "bytes end early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "little")

    def tag(self, below):
        value = self.number(1)
        require(value < below, self.code, "tag")
        return value

    def option(self, read):
        return read() if self.tag(2) else None

    def items(self, read):
        return [read() for _ in range(self.number(4))]

    def key(self):
        self.tag(1)
        return self.take(32)

    def signature(self):
        self.tag(1)
        return self.take(64)

    def end(self):
        require(self.at == len(self.data), self.code, "bytes left over")


def read_borsh(data, most, read, code="malformed"):
    reader = Reader(data, most, code)
    value = read(reader)
    reader.end()
    return value


def address_of(key):
    return sha256(b"kyojo/validator/v1", b"\0", key)[:20]


class ValidatorSet:
    def __init__(self, data):
        pairs = read_borsh(data, 65536, lambda r: r.items(lambda: (r.key(), r.number(8))))
        self.keys = {address_of(key): key for key, _ in pairs}
        self.powers = {address_of(key): power for key, power in pairs}
        self.total = sum(power for _, power in pairs)
        self.hash = sha256(b"kyojo/validators/v1", data)
        addresses = [address_of(key) for key, _ in pairs]
        sound = 1 <= len(pairs) <= 128 and addresses == sorted(set(addresses))
        sound = sound and all(power > 0 for _, power in pairs) and self.total < U64_MAX // 3
        require(sound, "malformed", "validator set")


class Decided:
    """A header and its certificate."""

    def __init__(self, header, certificate):
        self.hash = sha256(b"kyojo/header/v1", header)
        read_borsh(header, 65536, self.read_header)
        read_borsh(certificate, 65536, self.read_certificate)

    def read_header(self, r):
        self.network, self.height, self.time = r.take(4), r.number(8), r.number(8)
        r.take(20 + 32 + 32)
        self.state_root, _receipts, self.audit_log_root = r.take(32), r.take(32), r.take(32)
        r.take(32)
        self.validators_hash = r.take(32)
        r.take(32)

    def read_certificate(self, r):
        self.certified_height, self.round, self.block = r.number(8), r.number(4), r.take(32)
        self.signatures = r.items(lambda: (r.take(20), r.signature()))

    def check(self, validators, genesis):
        require(self.network == genesis[:4], "wrong_network")
        require(self.validators_hash == validators.hash, "set_mismatch")
        same = self.certified_height == self.height and self.block == self.hash
        require(same, "certificate_mismatch")
        signers = [address for address, _ in self.signatures]
        known = signers == sorted(set(signers)) and all(s in validators.keys for s in signers)
        require(known, "certificate_invalid", "signers")
        power = sum(validators.powers[s] for s in signers)
        require(power * 3 > validators.total * 2, "certificate_invalid", "quorum")
        vote = b"\1" + self.height.to_bytes(8, "little")
        vote += self.round.to_bytes(4, "little") + b"\1" + self.block
        for address, signature in self.signatures:
            message = signed_bytes(b"kyojo/vote/v1", genesis, vote + address)
            good = verify_signature(validators.keys[address], message, signature)
            require(good, "certificate_invalid", "signature")


# --- the log: notes, checkpoints, policies, Merkle paths ---

SPACES = {0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}


def is_name(text):
    if not 1 <= len(text.encode()) <= 255 or "+" in text:
        return False
    return all(ord(c) >= 0x20 and ord(c) not in SPACES for c in text)


def decimal(text, most):
    good = re.fullmatch("0|[1-9][0-9]{0,19}", text) is not None and int(text) <= most
    return int(text) if good else None


class VerifierKey:
    """`name+id+base64(type ‖ key)`; raises ValueError where the text is none."""

    def __init__(self, text, kind):
        name, key_id, encoded = text.split("+", 2)
        data = unbase64(encoded)
        if not is_name(name) or data is None or len(data) != 33 or data[0] != kind:
            raise ValueError(text)
        self.name, self.kind, self.key = name, kind, data[1:]
        self.id = sha256(name.encode(), b"\n", data)[:4]
        if self.id.hex() != key_id or not is_usable_key(self.key):
            raise ValueError(text)

    def check(self, text, signature):
        """Whether the bytes sign the note's text, and the time of a cosignature."""
        if self.kind == 1:
            return verify_signature(self.key, text.encode(), signature), None
        time = int.from_bytes(signature[:8], "big")
        message = f"cosignature/v1\ntime {time}\n{text}".encode()
        good = len(signature) == 72 and time < 2**63
        return good and verify_signature(self.key, message, signature[8:]), time


class Policy:
    def __init__(self, text):
        """Raises ValueError where the text is no policy."""
        self.logs, self.witnesses, self.groups = [], [], {}
        self.quorum, quorums, grouped = None, 0, set()
        bad_byte = any(c == "\x7f" or (c < " " and c not in "\n\t") for c in text)
        if len(text.encode()) > 256 * 1024 or bad_byte or not text.endswith("\n"):
            raise ValueError("policy")
        for line in text[:-1].split("\n"):
            words = [word for word in re.split("[ \t]", line) if word]
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "log" and len(words) in (2, 3):
                self.add_key(self.logs, VerifierKey(words[1], 1))
            elif words[0] == "witness" and len(words) in (3, 4):
                self.define(words[1])
                self.add_key(self.witnesses, VerifierKey(words[2], 4))
                self.groups[words[1]] = len(self.witnesses) - 1
            elif words[0] == "group" and len(words) >= 3:
                members = words[3:]
                fresh = len(set(members)) == len(members) and not grouped & set(members)
                if not fresh or not set(members) <= set(self.groups):
                    raise ValueError(line)
                count = {"any": 1, "all": len(members)}.get(words[2])
                count = decimal(words[2], U64_MAX) if count is None else count
                if count is None or not 1 <= count <= len(members):
                    raise ValueError(line)
                self.define(words[1])
                grouped |= set(members)
                self.groups[words[1]] = (count, members)
            elif words[0] == "quorum" and len(words) == 2:
                if words[1] != "none" and words[1] not in self.groups:
                    raise ValueError(line)
                self.quorum, quorums = words[1], quorums + 1
            else:
                raise ValueError(line)
        if quorums != 1:
            raise ValueError("quorum")
        names = {place: name for name, place in self.groups.items() if isinstance(place, int)}
        self.names = [names[place] for place in range(len(self.witnesses))]

    @staticmethod
    def add_key(keys, key):
        if any(other.key == key.key for other in keys):
            raise ValueError("repeated key")
        keys.append(key)

    def define(self, name):
        if name == "none" or name in self.groups:
            raise ValueError(name)

    def is_quorum(self, cosigned):
        def has(name):
            member = self.groups[name]
            if isinstance(member, int):
                return member in cosigned
            return sum(has(inner) for inner in member[1]) >= member[0]

        return self.quorum == "none" or has(self.quorum)


class Checkpoint:
    def __init__(self, note):
        bad_byte = any(c < " " and c != "\n" for c in note)
        require(len(note.encode()) <= 65536 and not bad_byte, "malformed", "note")
        text, found, lines = note.rpartition("\n\n")
        require(found and text and lines.endswith("\n"), "malformed", "note")
        self.text, self.signatures = text + "\n", []
        for line in lines[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ ]*) (.*)", line)
            data = unbase64(match[2]) if match else None
            good = match and is_name(match[1]) and data is not None and len(data) > 4
            require(good and len(self.signatures) < 256, "malformed", "signature line")
            self.signatures.append((match[1], data[:4], data[4:]))
        lines = self.text.split("\n")
        require(len(lines) == 4 and is_name(lines[0]), "malformed", "checkpoint")
        self.origin, self.size, self.root = lines[0], decimal(lines[1], 2**63 - 1), unbase64(lines[2])
        good = self.size is not None and self.root is not None and len(self.root) == 32
        require(good, "malformed", "checkpoint")

    def judge(self, policy):
        """The times of the cosignatures by their witnesses' places."""
        logs = [key for key in policy.logs if key.name == self.origin]
        require(logs, "log_unknown")
        signed, self.times = False, {}
        for name, key_id, signature in self.signatures:
            keys = [(None, key) for key in logs] + list(enumerate(policy.witnesses))
            for place, key in keys:
                if (key.name, key.id) != (name, key_id):
                    continue
                good, time = key.check(self.text, signature)
                require(good, "note_signature_invalid", name)
                if place is None:
                    signed = True
                else:
                    self.times[place] = max(time, self.times.get(place, 0))
        require(signed, "log_signature_missing")
        require(policy.is_quorum(set(self.times)), "no_quorum")


def node_hash(left, right):
    return sha256(b"\1", left, right)


def is_included(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2."""
    if index >= size:
        return False
    first, last, carried = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            carried = node_hash(sibling, carried)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            carried = node_hash(carried, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and carried == root


def is_on_fixed_path(leaf, index, path, root):
    for sibling in path:
        leaf = node_hash(sibling, leaf) if index & 1 else node_hash(leaf, sibling)
        index >>= 1
    return index == 0 and leaf == root


class LogEntry:
    def __init__(self, value):
        index, entry, path = fields(value, ("index", "entry", "path"))
        self.index, self.entry = number_of(index), base64_of(entry)
        self.path = [hex32(one) for one in list_of(path, 63)]
        read_borsh(self.entry, 256, self.read)

    def read(self, r):
        self.is_commit = r.tag(2) == 1
        if self.is_commit:
            self.height, self.time, self.state_root = r.number(8), r.number(8), r.take(32)
            r.take(32 + 8)
        else:
            self.transaction, self.height, self.place = r.take(32), r.number(8), r.number(4)
            rejected = r.tag(2)
            self.rejection = [r.number(2), r.number(2)] if rejected else None


class StateProof:
    def __init__(self, data):
        read_borsh(data, 131072, self.read)

    def read(self, r):
        def key():
            length = r.number(1)
            require(1 <= length <= 48, "malformed", "key")
            return r.take(length)

        self.slot = r.number(4)
        self.is_present = r.tag(2) == 0
        self.before = None if self.is_present else r.option(key)
        self.next = r.option(key)
        self.value = r.take(r.number(4)) if self.is_present else None
        self.value_hash = sha256(self.value) if self.is_present else r.take(32)
        self.path = [r.take(32) for _ in range(32)]

    def value_under(self, root, key):
        name = key
        if not self.is_present:
            in_gap = (self.before is None or self.before < key) and (
                self.next is None or self.next > key
            )
            require(in_gap, "state_not_in_gap")
            name = self.before or b""
        after = self.next or b""
        lengths = bytes([len(name)]), bytes([len(after)])
        leaf = sha256(b"\0", lengths[0], name, lengths[1], after, self.value_hash)
        require(is_on_fixed_path(leaf, self.slot, self.path, root), "state_root_mismatch")
        return self.value


# --- decisions ---


class Purpose:
    """A concept of a vocabulary and its path to the vocabulary's root."""

    def __init__(self, r):
        start = r.at
        _number, self.enter, self.exit = r.number(4), r.number(4), r.number(4)
        self.sensitive, _iri = r.tag(2) == 1, r.take(32)
        self.leaf = sha256(b"\0", r.data[start : r.at])
        self.path = r.items(lambda: r.take(32))
        require(len(self.path) <= 32, "malformed", "purpose")

    def lies_within(self, breadth, frozen):
        purposes, excludes = breadth
        root, nodes = frozen
        known = self.enter <= self.exit < nodes
        known = known and is_included(self.leaf, self.enter, nodes, self.path, root)
        within = purposes[0] <= self.enter and self.exit <= purposes[1]
        excluded = any(self.enter <= last and first <= self.exit for first, last in excludes)
        return known and within and not excluded


ROLES = "controller joint_user recipient processor data_holder auditor emergency counter".split()


class Recipient:
    """Who a process is for, as its leaf says it and as the process in clear has to."""

    def __init__(self, r):
        kind = r.tag(3)
        self.party = r.number(4) if kind == 0 else None
        self.roles = r.number(2) if kind == 1 else 0
        self.joint_use = (r.number(4), r.number(4)) if kind == 2 else None
        if kind == 0:
            self.form = {"type": "party", "party": self.party}
        elif kind == 1:
            names = [name for bit, name in enumerate(ROLES) if self.roles >> bit & 1]
            self.form = {"type": "roles", "roles": names}
        else:
            scheme, version = self.joint_use
            self.form = {"type": "joint_use", "scheme": scheme, "version": version}

    def includes(self, number, roles, users):
        return number == self.party or bool(roles & self.roles) or number in users


class Request:
    def __init__(self, data):
        self.data = data
        read_borsh(data, 4096, self.read)

    def read(self, r):
        self.requester, self.holder, self.consent = r.number(4), r.number(4), r.take(32)
        start = r.at
        self.sensitive, self.recipient = r.tag(2) == 1, Recipient(r)
        self.commitment = r.take(32)
        self.leaf = sha256(b"\0", r.data[start : r.at])
        self.index, self.path = r.number(4), r.items(lambda: r.take(32))
        self.purpose = r.option(lambda: Purpose(r))
        self.time = r.number(8)
        self.signed = r.data[: r.at]
        self.signatures = r.items(lambda: (r.key(), r.signature()))
        keys = [key for key, _ in self.signatures]
        counted = len(self.path) <= 16 and 1 <= len(keys) <= 8 and len(set(keys)) == len(keys)
        require(counted, "malformed", "request")


def read_record(data, kind):
    """The record's fields; None where it is of another kind."""

    def read(r):
        found, code = r.number(1), r.code
        if found == 3:
            fields_of = {"number": r.number(4), "roles": r.number(2)}
            r.tag(3)
            r.option(lambda: r.number(8))
            fields_of |= {"suspended": r.tag(2) == 1, "overdue": r.number(4)}
            fields_of |= {"keys": r.items(lambda: (r.key(), (r.number(2), r.tag(3))))}
            fields_of |= {"threshold": r.number(2)}
            r.take(8 + 16 + 8)
        elif found == 12:
            r.number(4)
            r.tag(3)
            fields_of = r.number(4)
            r.items(lambda: r.take(34))
            r.items(lambda: r.take(32))
            r.take(8)
        elif found == 13:
            r.take(20)
            fields_of = {"controller": r.number(4), "terms_root": r.take(32)}
            fields_of |= {"notice": r.number(4), "version": r.number(4)}
            r.take(2 + 32)
            fields_of |= {"valid_from": r.number(8), "expires": r.number(8)}
            fields_of |= {"limit": r.option(lambda: r.number(4)), "uses": r.number(4)}
            interval = lambda: (r.number(4), r.number(4))
            broad = r.tag(2) == 1 and r.take(8) is not None
            fields_of["breadth"] = (interval(), r.items(interval)) if broad else None
            fields_of["frozen"] = r.option(lambda: (r.take(32), r.number(4)))
            r.option(lambda: r.number(4))
            fields_of["area"] = r.option(lambda: r.number(4))
            fields_of["guardian_until"] = r.option(lambda: r.take(20) and r.number(8))
            r.take(4 + 4)
            fields_of["status"] = r.tag(6)
            r.take(8)
            fields_of["ended"] = r.option(lambda: r.number(8))
        elif found == 18:
            fields_of = r.items(lambda: r.number(4))
            r.take(32 + 32 + 4 + 4 + 4 + 8)
        else:
            raise Refused(code, "kind of record")
        return found, fields_of

    if data is None:
        return None
    found, value = read_borsh(data, 65536, read, "record_unknown")
    return value if found == kind else None


def depth(value):
    """How deep lists and objects lie in each other."""
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0


def read_process(text):
    """The object that a process in clear is; None where it is none."""

    def number(digits):
        # What a double cannot hold is no number to most readers, nor is -0 the integer 0.
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise ValueError(digits)
        return int(digits) if re.fullmatch("0|-?[1-9][0-9]*", digits) else value

    def constant(name):
        raise ValueError(name)

    try:
        value = json.loads(text, parse_int=number, parse_float=number, parse_constant=constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and depth(value) <= 127 else None


class Decision:
    def __init__(self, request, commit, party, consent, notice, joint_use, opening):
        self.request, self.commit = Request(base64_of(request)), LogEntry(commit)
        is_for_one = self.request.recipient.joint_use is not None
        require((joint_use is not None) == is_for_one, "malformed", "joint_use")
        self.joint_use = StateProof(base64_of(joint_use)) if is_for_one else None
        proofs = [StateProof(base64_of(one)) for one in (party, consent, notice)]
        self.party, self.consent, self.notice = proofs
        self.opening = None
        if opening is not None:
            process, salt = fields(opening, ("process", "salt"))
            self.opening = (text_of(process), hex32(salt))

    def judge(self, frame):
        request, now, delta = self.request, frame.trust["now_ms"], frame.trust["delta"]
        require(now is not None, "time_missing")
        frame.check_commit(self.commit)
        require(self.commit.index + 1 == frame.checkpoint.size, "commit_not_last")
        times = frame.checkpoint.times.items()
        fresh = {place for place, time in times if abs(time * 1000 - now) <= delta}
        require(frame.policy.is_quorum(fresh), "checkpoint_stale")
        require(abs(self.commit.time - now) <= delta, "commit_stale")
        require(abs(request.time - now) <= delta, "request_stale")
        require(frame.trust["holder"] in (None, request.holder), "not_this_holder")
        root = self.commit.state_root
        party = self.check_requester(root, frame.trust["genesis"])
        consent = read_record(self.consent.value_under(root, b"\x0d" + request.consent), 13)
        require(consent is not None, "consent_unknown")
        require(consent["status"] in (0, 2) and consent["ended"] is None, "consent_ended")
        require(consent["expires"] > now, "consent_expired")
        require(consent["valid_from"] <= now, "consent_not_yet_valid")
        require(consent["status"] == 0, "consent_suspended")
        notice_key = consent["controller"].to_bytes(4, "big") + consent["notice"].to_bytes(4, "big")
        last_material = read_record(self.notice.value_under(root, b"\x0c" + notice_key), 12)
        require(last_material is not None, "notice_unknown")
        until = [] if consent["guardian_until"] is None else [consent["guardian_until"]]
        current = consent["version"] >= last_material and all(end > now for end in until)
        require(current, "consent_renewal_due")
        require(consent["area"] is None, "emergency_unproved")
        users = self.joint_users(root, consent["controller"])
        on_path = is_on_fixed_path(request.leaf, request.index, request.path, consent["terms_root"])
        require(on_path, "not_in_terms")
        included = request.recipient.includes(party["number"], party["roles"], users)
        require(included, "not_the_recipient")
        self.check_purpose(consent)
        # Without a limit it allows as many uses as can be counted.
        limit = 2**32 - 1 if consent["limit"] is None else consent["limit"]
        require(consent["uses"] < limit, "consent_uses_exhausted")
        self.check_opening()
        return {
            "kind": "decision",
            "consent": request.consent.hex(),
            "requester": request.requester,
            "holder": request.holder,
            "height": self.commit.height,
            "process_commitment": request.commitment.hex(),
            "sensitive": request.sensitive,
            "process": self.opening[0] if self.opening else None,
            "valid_until": min(consent["expires"], self.commit.time + delta, *until),
        }

    def check_requester(self, root, genesis):
        request = self.request
        account = sha256(b"kyojo/party/v1", request.requester.to_bytes(4, "big"))[:20]
        party = read_record(self.party.value_under(root, b"\x03" + account), 3)
        require(party is not None, "requester_unknown")
        require(not party["suspended"], "requester_suspended")
        is_user = party["number"] == request.requester and party["roles"] & 31
        require(is_user, "role_missing")
        require(party["overdue"] == 0, "review_overdue")
        weights = dict(reversed(party["keys"]))
        known = all(key in weights for key, _ in request.signatures)
        require(known, "request_unauthorised")
        weight = sum(weights[key][0] for key, _ in request.signatures)
        require(weight >= party["threshold"], "request_unauthorised")
        if any(role for _, role in weights.values()):
            roles = {weights[key][1] for key, _ in request.signatures}
            require({1, 2} <= roles, "request_unauthorised")
        message = signed_bytes(b"kyojo/access-request/v1", genesis, request.signed)
        for key, signature in request.signatures:
            require(verify_signature(key, message, signature), "request_signature_invalid")
        return party

    def joint_users(self, root, controller):
        """Who uses data jointly by the scheme and version that the leaf names."""
        if self.joint_use is None:
            return []
        numbers = (controller, *self.request.recipient.joint_use)
        key = b"\x12" + b"".join(number.to_bytes(4, "big") for number in numbers)
        return read_record(self.joint_use.value_under(root, key), 18) or []

    def check_purpose(self, consent):
        purpose, breadth, frozen = self.request.purpose, consent["breadth"], consent["frozen"]
        if breadth is None:
            require(purpose is None, "purpose_not_covered")
            return
        require(purpose is not None and frozen is not None, "purpose_not_covered")
        require(purpose.lies_within(breadth, frozen), "purpose_not_covered")
        require(self.request.sensitive or not purpose.sensitive, "purpose_not_covered")

    def check_opening(self):
        if self.opening is None:
            return
        process, salt = self.opening
        commitment = sha256(b"kyojo/terms/v1", salt, process.encode())
        require(commitment == self.request.commitment, "opening_mismatch")
        said = read_process(process)
        require(said is not None, "opening_mismatch")
        same = said.get("sensitive") is self.request.sensitive
        # As texts: Python takes 1.0 and true for 1.
        form = json.dumps(self.request.recipient.form, sort_keys=True)
        same = same and json.dumps(said.get("recipient"), sort_keys=True) == form
        require(same, "opening_mismatch")


# --- the document ---


def read_trust(data):
    value = read_json(data)
    require(isinstance(value, dict) and value.get("format") == "kyojo-trust/1", "unknown_format")
    needed = ("format", "genesis", "decision_validity_ms")
    optional = ("validators", "policy", "now_ms", "holder")
    _, genesis, delta, validators, policy, now, holder = fields(value, needed, optional)
    trust = {"genesis": hex32(genesis), "delta": number_of(delta), "validators": None}
    if validators is not None:
        height, set_hash = fields(validators, ("height", "hash"))
        trust["validators"] = (number_of(height), hex32(set_hash))
    trust["policy"] = None if policy is None else text_of(policy)
    trust["now_ms"] = None if now is None else number_of(now)
    trust["holder"] = None if holder is None else number_of(holder)
    require(holder is None or holder < 2**32, "malformed", "holder")
    return trust


def read_decided(value):
    header, certificate = fields(value, ("header", "certificate"))
    return Decided(base64_of(header), base64_of(certificate))


def read_claim(value):
    require(isinstance(value, dict) and isinstance(value.get("kind"), str), "malformed", "claim")
    kind = value["kind"]
    if kind == "receipt":
        return kind, LogEntry(fields(value, ("kind", "receipt"))[1])
    if kind == "header":
        return kind, read_decided(fields(value, ("kind", "decided"))[1])
    if kind == "state":
        _, key, proof, commit, decided = fields(value, ("kind", "key", "proof"), ("commit", "decided"))
        require((commit is None) != (decided is None), "malformed", "anchor")
        commit = None if commit is None else LogEntry(commit)
        decided = None if decided is None else read_decided(decided)
        key = base64_of(key)
        require(1 <= len(key) <= 48, "malformed", "key")
        return kind, (commit, decided, key, StateProof(base64_of(proof)))
    if kind == "decision":
        needed = ("kind", "request", "commit", "party", "consent", "notice")
        return kind, Decision(*fields(value, needed, ("joint_use", "opening"))[1:])
    raise Refused("malformed", "kind of claim")


class Bundle:
    def __init__(self, data):
        value = read_json(data)
        require(isinstance(value, dict) and isinstance(value.get("format"), str), "malformed")
        require(value["format"] == "kyojo-bundle/2", "unknown_format")
        needed, optional = ("format", "genesis", "changes", "claims"), ("validators", "log")
        _, genesis, changes, claims, validators, log = fields(value, needed, optional)
        self.genesis, self.validators, self.policy, self.checkpoint = hex32(genesis), None, None, None
        if validators is not None:
            height, one = fields(validators, ("height", "set"))
            self.validators = (number_of(height), ValidatorSet(base64_of(one)))
        self.changes = []
        for change in list_of(changes, 1024):
            header, certificate, one = map(base64_of, fields(change, ("header", "certificate", "set")))
            self.changes.append((Decided(header, certificate), ValidatorSet(one)))
        if log is not None:
            policy, checkpoint = fields(log, ("policy", "checkpoint"))
            self.policy, self.checkpoint = text_of(policy), Checkpoint(text_of(checkpoint))
        self.claims = [read_claim(claim) for claim in list_of(claims, 1024)]


class Frame:
    """What of a bundle holds before its claims are looked at."""

    def __init__(self, bundle, trust):
        self.trust, self.sets, self.policy, self.checkpoint = trust, [], None, None
        require(bundle.genesis == trust["genesis"], "wrong_genesis")
        self.check_validators(bundle)
        if bundle.checkpoint is not None:
            require(bundle.policy == trust["policy"], "policy_untrusted")
            try:
                self.policy = Policy(bundle.policy)
            except ValueError as error:
                raise Refused("malformed", str(error)) from error
            self.checkpoint = bundle.checkpoint
            self.checkpoint.judge(self.policy)

    def check_validators(self, bundle):
        if bundle.validators is None:
            require(not bundle.changes, "validators_missing")
            return
        height, validators = bundle.validators
        require(self.trust["validators"] == (height, validators.hash), "validators_untrusted")
        self.sets.append((height, validators))
        for index, (decided, after) in enumerate(bundle.changes):
            try:
                self.check_change(decided, after)
            except Refused as refused:
                refused.change = index
                raise

    def check_change(self, decided, after):
        height, before = self.sets[-1]
        require(decided.height > height, "change_out_of_order")
        decided.check(after, self.trust["genesis"])
        power = sum(before.powers.get(address, 0) for address, _ in decided.signatures)
        require(power * 3 > before.total, "change_not_vouched")
        self.sets.append((decided.height, after))

    def check_included(self, entry):
        require(self.checkpoint is not None, "log_missing")
        leaf = sha256(b"\0", entry.entry)
        head = self.checkpoint
        require(is_included(leaf, entry.index, head.size, entry.path, head.root), "not_in_log")

    def check_commit(self, entry):
        require(entry.is_commit, "wrong_entry_kind")
        self.check_included(entry)

    def check_header(self, decided):
        require(self.sets, "validators_missing")
        in_force = [one for height, one in self.sets if height <= decided.height]
        require(in_force, "header_before_trust")
        decided.check(in_force[-1], self.trust["genesis"])

    def receipt(self, entry):
        require(not entry.is_commit, "wrong_entry_kind")
        self.check_included(entry)
        return {
            "kind": "receipt",
            "log_index": entry.index,
            "transaction": entry.transaction.hex(),
            "height": entry.height,
            "index": entry.place,
            "committed": entry.rejection is None,
            "rejection": entry.rejection,
        }

    def state(self, claim):
        commit, decided, key, proof = claim
        if commit is not None:
            self.check_commit(commit)
            height, time, root = commit.height, commit.time, commit.state_root
        else:
            self.check_header(decided)
            require(decided.height > 0, "header_before_trust")
            height, time, root = decided.height - 1, None, decided.state_root
        value = proof.value_under(root, key)
        return {
            "kind": "state",
            "height": height,
            "time": time,
            "state_root": root.hex(),
            "key": key.hex(),
            "value": None if value is None else value.hex(),
        }

    def header(self, decided):
        self.check_header(decided)
        return {
            "kind": "header",
            "height": decided.height,
            "time": decided.time,
            "hash": decided.hash.hex(),
            "state_root": decided.state_root.hex(),
            "audit_log_root": decided.audit_log_root.hex(),
        }

    def decision(self, claim):
        return claim.judge(self)


def verify(bundle_bytes, trust):
    bundle = Bundle(bundle_bytes)
    frame = Frame(bundle, trust)
    checkpoint = None
    if frame.checkpoint is not None:
        head, names = frame.checkpoint, frame.policy.names
        witnesses = [[names[place], time] for place, time in sorted(head.times.items())]
        checkpoint = {"origin": head.origin, "size": head.size}
        checkpoint |= {"root": head.root.hex(), "witnesses": witnesses}
    proved = []
    for index, (kind, claim) in enumerate(bundle.claims):
        try:
            proved.append(getattr(frame, kind)(claim))
        except Refused as refused:
            refused.claim = index
            raise
    return {"genesis": bundle.genesis.hex(), "checkpoint": checkpoint, "proved": proved}


def judge(bundle_bytes, trust):
    try:
        return {"ok": True, "verified": verify(bundle_bytes, trust)}
    except Refused as refused:
        answer = {"ok": False, "code": refused.code}
        return answer | {"change": refused.change, "claim": refused.claim}


def main():
    parser = argparse.ArgumentParser(description="Verifies a Kyojo bundle offline.")
    parser.add_argument("bundle", help="the bundle; - reads one bundle a line from standard input")
    parser.add_argument("--trust", required=True, help="the trust root")
    arguments = parser.parse_args()
    try:
        with open(arguments.trust, "rb") as file:
            trust = read_trust(file.read())
        if arguments.bundle == "-":
            for line in sys.stdin.buffer:
                print(json.dumps(judge(line.rstrip(b"\n"), trust)), flush=True)
            return 0
        with open(arguments.bundle, "rb") as file:
            answer = judge(file.read(), trust)
    except (OSError, Refused) as error:
        print(f"kyojo_verify: {error}", file=sys.stderr)
        return 2
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0 if answer["ok"] else 10


if __name__ == "__main__":
    sys.exit(main())
