#!/usr/bin/env python3
"""Adds a zone's monthly report and its merchants' fees up again, with nothing but Python's standard library.

Written from what the interface says of events and of the report (openapi.json), apart from the Rust code.

    zone_report.py FILE    exit 0: they are the sums, 1: differences, one a line, 2: not run

The file: `format` kyojo/zone-month/1, `zone`, `roles` (the addresses of `operator` and `fund`, and `kinds`,
the kind of each other account with a share), `events` (all of one month on the ledger, in order, each with
its `block`, `transaction`, `operation`, the transaction's `purpose` and the `event` as the interface writes
it), the `report`, and `fees` of merchants. Circulation follows from events unless somebody gave its part of a
fee back out of its account at a bank, which is no event of its own.
"""

import json
import sys
from collections import defaultdict

FORMAT = "kyojo/zone-month/1"
ALOUD = 5


def add(sums, key, amount):
    sums[key][0] += 1
    sums[key][1] += amount


class Month:
    """The sums of one zone, from nothing."""

    def __init__(self, zone, roles):
        self.zone, self.roles = zone, roles
        self.counted = defaultdict(lambda: [0, 0])
        self.yen = defaultdict(int)
        self.parts = defaultdict(lambda: [0, 0])
        self.spent = defaultdict(lambda: [0, 0])
        self.shops, self.holders = set(), set()
        self.fees = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
        self.held = 0

    def role(self, account):
        if account == self.roles["fund"]:
            return ("fund", None)
        if account == self.roles["operator"]:
            return ("operator", None)
        return ("other", self.roles["kinds"][account])

    def left(self, account, amount, purpose):
        if account == self.roles["fund"]:
            add(self.spent, purpose, amount)

    def event(self, event, purpose, for_heirs):
        kind, amount = event["type"], int(event.get("amount", 0))
        # What leaves the fund is its own matter, in whatever zone.
        if kind == "paid":
            self.left(event["payer"], amount, purpose)
        if kind == "transferred":
            self.left(event["debtor"], amount, purpose)
        if kind in ("redeem_settled", "payout_completed"):
            self.left(event["account"], amount, purpose)
        if kind == "purchased":
            self.left(event["buyer"], int(event["price"]), purpose)
        step = getattr(self, "on_" + kind, None)
        if step and event.get("zone") == self.zone:
            step(event, amount, for_heirs)

    def on_paid(self, event, amount, _):
        add(self.counted, "payments", amount)
        self.yen["cash"] += int(event["cash"])
        self.shops.add(event["merchant"])
        self.holders.add(event["payer"])

    def on_lots_spent(self, event, _, __):
        for lot in event["spent"]:
            self.yen["vouchers_" + lot["kind"]] += int(lot["amount"])
            self.held += int(lot["amount"])

    def on_lots_returned(self, event, _, __):
        self.held -= sum(int(lot["amount"]) for lot in event["returned"])

    def on_refunded(self, event, amount, _):
        add(self.counted, "refunds", amount)

    def on_voided(self, event, amount, _):
        add(self.counted, "voids", amount)

    def on_charged(self, event, amount, _):
        self.yen["charged"] += amount
        self.held += amount

    def on_discharged(self, event, amount, for_heirs):
        self.yen["for_heirs" if for_heirs else "discharged"] += amount
        self.held -= amount

    def on_fee_charged(self, event, _, __):
        fee = int(event["fee"])
        self.yen["fees"] += fee
        of = self.fees[event["merchant"]][event["version"]]
        of[0] += 1
        of[1] += int(event["gross"])
        of[2] += fee
        for part in event["parts"]:
            self.parts[self.role(part["account"])][0] += int(part["amount"])

    def on_fee_returned(self, event, _, __):
        self.yen["returned"] += int(event["fee"])
        self.fees[event["merchant"]][event["version"]][3] += int(event["fee"])
        for part in event["parts"]:
            self.parts[self.role(part["account"])][1] += int(part["amount"])
        if event.get("fund"):
            self.parts[self.role(event["fund"]["account"])][0] += int(event["fund"]["amount"])

    def report(self):
        def counted(name):
            count, amount = self.counted[name]
            return {"count": count, "amount": str(amount)}

        def aloud(who):
            return len(who) if len(who) >= ALOUD else None

        yen = self.yen
        paid = self.counted["payments"][1]
        back = self.counted["refunds"][1] + self.counted["voids"][1]
        out = yen["discharged"]
        coin = paid - yen["vouchers_paid"] - yen["vouchers_free"]
        return {
            "payments": counted("payments"),
            "refunds": counted("refunds"),
            "voids": counted("voids"),
            "coin": str(coin),
            "vouchers_paid": str(yen["vouchers_paid"]),
            "vouchers_free": str(yen["vouchers_free"]),
            "cash": str(yen["cash"]),
            "fees": fees(yen["fees"], yen["returned"]),
            "charged": str(yen["charged"]),
            "discharged": str(out),
            "for_heirs": str(yen["for_heirs"]),
            "circulation": str(self.held),
            "turns_hundredths": max(0, paid - back) * 100 // out if out else None,
            "merchants_paid": aloud(self.shops),
            "holders_paid": aloud(self.holders),
        }


def fees(charged, returned):
    return {"charged": str(charged), "returned": str(returned), "net": str(charged - returned)}


def differences(document):
    month = Month(document["zone"], document["roles"])

    def place(one):
        return one["block"], one["transaction"], one["operation"]

    estates = {place(one) for one in document["events"] if one["event"]["type"] == "estate_transferred"}
    for one in document["events"]:
        month.event(one["event"], one["purpose"], place(one) in estates)
    said = document["report"]
    for name, expected in month.report().items():
        if said[name] != expected:
            yield f"{name}: {said[name]}, counted {expected}"
    parts = {(one["recipient"], one.get("kind")): [int(one["got"]), int(one["gave_back"])]
             for one in said["recipients"]}
    parts = {who: sums for who, sums in parts.items() if any(sums)}
    if parts != dict(month.parts):
        yield f"recipients: {parts}, counted {dict(month.parts)}"
    spent = {one.get("purpose"): [one["count"], int(one["amount"])] for one in said["fund_spent"]}
    if spent != dict(month.spent):
        yield f"fund_spent: {spent}, counted {dict(month.spent)}"
    for of in document["fees"]:
        found = {one["version"]: [one["payments"], int(one["base"]), int(one["fees"]["charged"]),
                                  int(one["fees"]["returned"])] for one in of["versions"]}
        expected = dict(month.fees[of["merchant"]])
        if found != expected:
            yield f"fees of {of['merchant']}: {found}, counted {expected}"
        whole = [sum(column) for column in zip(*expected.values())] or [0, 0, 0, 0]
        if (of["payments"], int(of["base"])) != tuple(whole[:2]) or of["fees"] != fees(*whole[2:]):
            yield f"fees of {of['merchant']}: not the sum of their versions"


def main():
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            document = json.load(file)
        if document["format"] != FORMAT:
            raise ValueError("format")
        found = list(differences(document))
    except (OSError, IndexError, KeyError, TypeError, ValueError) as error:
        print(f"not run: {error!r}", file=sys.stderr)
        return 2
    for difference in found:
        print(difference)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
