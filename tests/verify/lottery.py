#!/usr/bin/env python3
"""Counts a round of a voucher lottery again, with nothing but Python's standard library.

Written from ledger/draw/FORMAT.md, apart from the Rust code, so that two programs which share no code
must agree: the roots of the lists, every proof of every dealing, the secrets by what was revealed or
opened, the seed, the order, what the draw gave and how unclaimed sets were given on.

    lottery.py LOTTERY      exit 0: all of it follows, 1: differences, one a line, 2: not run
"""

import hashlib
import json
import sys

FORMAT = "kyojo/lottery/1"
MEMBERS_MAX = 16
COMMITTERS = range(3, 17)
U16_MAX = 2**16 - 1


class Differs(Exception):
    """A check failed, and what follows from it cannot be counted."""


def require(condition, what):
    if not condition:
        raise Differs(what)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sha512(*parts):
    return hashlib.sha512(b"".join(parts)).digest()


# --- ristretto255 (RFC 9496), over edwards25519 in extended coordinates ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)


def is_negative(number):
    return number % P & 1 == 1


def absolute(number):
    number %= P
    return P - number if number & 1 else number


def sqrt_ratio_m1(u, v):
    """RFC 9496, 4.2: whether u/v is a square, and a root of it or of SQRT_M1 · u/v."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    if check == -u % P or check == -u * SQRT_M1 % P:
        r = r * SQRT_M1 % P
    return check in (u % P, -u % P), absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio_m1(1, -1 - D)[1]
# The root of a·d − 1 that RFC 9496 names is the one that is negative there.
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
assert SQRT_AD_MINUS_ONE**2 % P == (-D - 1) % P


def point_add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_mul(scalar, point):
    result = IDENTITY
    for bit in bin(scalar)[2:]:
        result = point_add(result, result)
        if bit == "1":
            result = point_add(result, point)
    return result


def decode(encoded):
    """RFC 9496, 4.3.1: the point of its one encoding, or None."""
    s = int.from_bytes(encoded, "little")
    if s >= P or s & 1:
        return None
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    was_square, inverse = sqrt_ratio_m1(1, v * u2 * u2)
    den_x = inverse * u2 % P
    den_y = inverse * den_x * v % P
    x = absolute(2 * s * den_x)
    y = u1 * den_y % P
    t = x * y % P
    if not was_square or is_negative(t) or y == 0:
        return None
    return (x, y, 1, t)


def encode(point):
    """RFC 9496, 4.3.2."""
    x, y, z, t = point
    u1 = (z + y) * (z - y) % P
    u2 = x * y % P
    _, inverse = sqrt_ratio_m1(1, u1 * u2 * u2)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inverse = den1 * den2 * t % P
    if is_negative(t * z_inverse):
        x, y, den = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        den = den2
    if is_negative(x * z_inverse):
        y = -y % P
    return absolute(den * (z - y)).to_bytes(32, "little")


def elligator(number):
    """RFC 9496, 4.3.4, the map of one field element."""
    r = SQRT_M1 * number * number % P
    u = (r + 1) * (1 - D * D) % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio_m1(u, v)
    c = -1
    if not was_square:
        s, c = -absolute(s * number) % P, r
    n = (c * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return (w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def point_of_hash(sixty_four):
    halves = [int.from_bytes(half, "little") for half in (sixty_four[:32], sixty_four[32:])]
    return point_add(*(elligator(half % 2**255) for half in halves))


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))
GENERATOR = point_of_hash(sha512(b"kyojo/sharing/generator/1"))


def sound_point(encoded, what):
    point = decode(encoded)
    require(point is not None and any(encoded), f"{what} is not sound")
    return point


def sound_scalar(encoded, what):
    scalar = int.from_bytes(encoded, "little")
    require(scalar < ORDER, f"{what} is not sound")
    return scalar


# --- The file's values ---


def thirty_two(text):
    value = bytes.fromhex(text)
    require(len(value) == 32, f"{text} is not 32 bytes")
    return value


def number(value, bytes_of_it):
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 256**bytes_of_it
    require(fits, f"{value} is not a number of {bytes_of_it} bytes")
    return value


def big_endian(value, bytes_of_it):
    return number(value, bytes_of_it).to_bytes(bytes_of_it, "big")


# --- Lists ---


def tree_root(entries):
    """RFC 6962, 2.1."""
    if not entries:
        return sha256()
    if len(entries) == 1:
        return sha256(b"\x00", entries[0])
    split = 1 << (len(entries) - 1).bit_length() - 1
    return sha256(b"\x01", tree_root(entries[:split]), tree_root(entries[split:]))


# --- Dealings ---


def proof_holds(proof, statement, place, pairs):
    challenge = sound_scalar(thirty_two(proof["challenge"]), "a challenge")
    response = sound_scalar(thirty_two(proof["response"]), "a response")
    firsts = [
        encode(point_add(point_mul(response, base), point_mul(challenge, image)))
        for base, image in pairs
    ]
    again = sha512(b"kyojo/sharing/challenge/1", statement, bytes([place]), *firsts)
    return int.from_bytes(again, "little") % ORDER == challenge


def check_dealing(dealing, context, members, threshold):
    commitments = [thirty_two(one) for one in dealing["commitments"]]
    sealed = [thirty_two(share["sealed"]) for share in dealing["shares"]]
    require(1 <= len(members) <= MEMBERS_MAX, "no sound number of members")
    require(1 <= threshold <= len(members), "no sound threshold")
    keys = [sound_point(member, "a sealing key") for member in members]
    require(len(set(members)) == len(members), "a sealing key stands twice")
    require(len(commitments) == threshold, "the number of commitments is not the threshold")
    require(len(sealed) == len(members), "not one share for each member")
    coefficients = [sound_point(one, "a commitment") for one in commitments]
    counts = bytes([threshold, len(members)])
    terms = sha512(b"kyojo/sharing/terms/1", context, counts, *members)
    statement = sha512(b"kyojo/sharing/dealing/1", terms, *commitments, *sealed)
    for place, (share, key) in enumerate(zip(dealing["shares"], keys), 1):
        image = sound_point(sealed[place - 1], f"the share of member {place}")
        committed = IDENTITY
        for coefficient in reversed(coefficients):
            committed = point_add(point_mul(place, committed), coefficient)
        pairs = [(BASE, committed), (key, image)]
        holds = proof_holds(share["proof"], statement, place, pairs)
        require(holds, f"the share of member {place} is not what is committed to")
    return commitments, sealed


def check_opened(opened, context, members, sealed):
    place = number(opened["member"], 1)
    require(1 <= place <= len(members), f"{place} is no member")
    key, dealt = members[place - 1], sealed[place - 1]
    point = thirty_two(opened["share"]["opened"])
    share = sound_point(point, f"what member {place} opened")
    statement = sha512(b"kyojo/sharing/opening/1", context, bytes([place]), key, dealt, point)
    pairs = [(GENERATOR, decode(key)), (share, decode(dealt))]
    holds = proof_holds(opened["share"]["proof"], statement, place, pairs)
    require(holds, f"the share of member {place} does not open to this")
    return place, share


def combine(threshold, shares):
    places = [place for place, _ in shares]
    require(len(shares) >= threshold, "too few opened shares")
    require(len(set(places)) == len(places), "an opened share stands twice")
    secret = IDENTITY
    for place, share in shares:
        weight = 1
        for other in places:
            if other != place:
                weight = weight * other * pow(other - place, -1, ORDER) % ORDER
        secret = point_add(secret, point_mul(weight, share))
    return secret


def secret_of(deposit, context, members, threshold):
    commitments, sealed = check_dealing(deposit["dealing"], context, members, threshold)
    shares = [check_opened(one, context, members, sealed) for one in deposit["opened"]]
    if deposit["revealed"] is None:
        return encode(combine(threshold, shares))
    scalar = sound_scalar(thirty_two(deposit["revealed"]), "what was revealed")
    require(encode(point_mul(scalar, BASE)) == commitments[0], "revealed is not committed to")
    return encode(point_mul(scalar, GENERATOR))


# --- Order and allocation: given one after another, and only then compared with the few numbers ---


def allocate(allocation, sets, asked):
    """What each of the tickets in order gets."""
    if allocation == "whole":
        return in_turn(sets, asked)
    require(allocation == "equal_first", f"unknown allocation {allocation}")
    granted, left = [0] * len(asked), sets
    while True:
        wanting = [place for place, most in enumerate(asked) if granted[place] < most]
        for place in wanting[:left]:
            granted[place] += 1
        if len(wanting) >= left or not wanting:
            return granted
        left -= len(wanting)


def in_turn(sets, wanted):
    granted = []
    for most in wanted:
        granted.append(min(most, sets))
        sets -= granted[-1]
    return granted


def most_of(outcome, key):
    cut = thirty_two(outcome["cut"])
    place = "before" if key < cut else "at" if key == cut else "after"
    return outcome[place]


def check_draw(lottery, seed, differ):
    lists = [entry["leaves"] for entry in lottery["lists"]]
    used, keyed = set(), []
    for place, ticket in enumerate(lottery["tickets"]):
        leaves = [(number(leaf["list"], 1), number(leaf["index"], 4)) for leaf in ticket["leaves"]]
        listed = all(one < len(lists) and at < len(lists[one]) for one, at in leaves)
        own = len(set(leaves)) == len(leaves) and not used.intersection(leaves)
        if not leaves or not listed or not own:
            differ(f"ticket {place} has no leaves of its own")
        require(leaves, "a ticket without a place in the order")
        used.update(leaves)
        lowest = big_endian(min(leaves)[0], 1) + big_endian(min(leaves)[1], 4)
        keyed.append((sha256(b"kyojo/order/1", seed, lowest), place, ticket))
    keyed.sort(key=lambda one: one[0])
    require(len({key for key, _, _ in keyed}) == len(keyed), "two tickets have one key")
    asked = [number(ticket["asked"], 2) for _, _, ticket in keyed]
    granted = allocate(lottery["allocation"], number(lottery["sets"], 4), asked)
    outcome = lottery["outcome"]
    if outcome["given"] != sum(granted):
        differ("the outcome of the draw is another")
    for (key, place, ticket), wanted, given in zip(keyed, asked, granted):
        if given != ticket["granted"] or len(ticket["further"]) != len(lottery["further"]):
            differ(f"ticket {place} was given another number of sets")
        if given != min(wanted, most_of(outcome, key)):
            differ(f"the outcome says something else of ticket {place}")
    for number_of_it, stated in enumerate(lottery["further"]):
        check_award(number_of_it, stated, keyed, granted, differ)


def check_award(award, stated, keyed, granted, differ):
    """Unclaimed sets go to the next in the same order; adds to `granted` what they got."""
    wants = []
    for (_, _, ticket), given in zip(keyed, granted):
        has_lapsed = ticket["lapsed"] is not None and ticket["lapsed"] <= award
        wants.append(0 if has_lapsed else ticket["asked"] - given)
    extras = in_turn(number(stated["left"], 4), wants)
    limits = {"before": U16_MAX, **stated["award"]}
    if limits["given"] != sum(extras):
        differ(f"award {award} of unclaimed sets is another")
    for at, ((key, place, ticket), wanted, extra) in enumerate(zip(keyed, wants, extras)):
        if ticket["further"][award : award + 1] != [extra]:
            differ(f"ticket {place} was given another number of sets by award {award}")
        if extra != min(wanted, most_of(limits, key)):
            differ(f"award {award} says something else of ticket {place}")
        granted[at] += extra


def differences(lottery):
    found = []
    if lottery["format"] != FORMAT:
        return [f"the format is not {FORMAT}"]
    for place, entry in enumerate(lottery["lists"]):
        if tree_root([thirty_two(leaf) for leaf in entry["leaves"]]) != thirty_two(entry["root"]):
            found.append(f"list {place} has another root")
    genesis = thirty_two(lottery["genesis"])
    members = [thirty_two(one) for one in lottery["members"]]
    programme, of_it = big_endian(lottery["programme"], 4), big_endian(lottery["round"], 1)
    context = sha256(b"kyojo/lottery-round/1", genesis, programme, of_it)
    threshold, seed = number(lottery["threshold"], 1), thirty_two(lottery["seed"])
    secrets = []
    deposited = [place for place, one in enumerate(lottery["deposits"]) if one is not None]
    if len(deposited) not in COMMITTERS or len(lottery["deposits"]) not in COMMITTERS:
        return [*found, "too few or too many committers"]
    for place in deposited:
        deposit = lottery["deposits"][place]
        own = sha256(b"kyojo/lottery-committer/1", context, bytes([place]))
        try:
            secrets.append(secret_of(deposit, own, members, threshold))
        except Differs as differs:
            found.append(f"committer {place}: {differs}")
    if len(secrets) == len(deposited):
        if sha256(b"kyojo/lottery-seed/1", context, *secrets) != seed:
            found.append("the seed is not the hash of the secrets")
    try:
        check_draw(lottery, seed, found.append)
    except Differs as differs:
        found.append(str(differs))
    return found


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            lottery = json.load(file)
        found = differences(lottery)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError, Differs) as error:
        found = [f"not a lottery's file: {error!r}"]
    for difference in found:
        print(difference)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
