#!/usr/bin/env python3
"""Counts a programme of vouchers again, with nothing but Python's standard library.

Written from ledger/PROTOCOL.md, rules 47 to 49, apart from the Rust code: what everybody did is played
again from the journal, lot by lot in the order in which lots are spent, and what comes of it is held
against what the ledger said when the programme was closed.

    programme.py JOURNAL LOTTERY...   exit 0: all of it follows, 1: differences, one a line, 2: not run

The journal has who did what in the order of the blocks (`events`, each with its transaction's identity),
the shops, and what the ledger said (`stated`): the closed programme, the supply before and after, the
coin of each shop. The lotteries are the rounds' files (`kyojo lottery export`); `lottery.py` counts those again.
"""

import json
import sys
from collections import defaultdict

FORMAT = "kyojo/programme-log/1"
KINDS = ("free", "paid")


class Replay:
    """Everybody's vouchers and coin, from nothing, one committed transaction after another."""

    def __init__(self, journal, lotteries, differ):
        self.differ = differ
        stated = journal["stated"]["programme"]
        self.buckets = [
            {
                "rank": bucket["rank"],
                "takes": set(bucket["takes"]),
                "paid": int(bucket["paid"]),
                "free": int(bucket["free"]),
            }
            for bucket in stated["buckets"]
        ]
        self.shops = journal["shops"]
        self.tickets = {one["round"]: one["tickets"] for one in lotteries}
        # What a holder has, by round, bucket and kind.
        self.lots = defaultdict(lambda: defaultdict(int))
        self.coin = defaultdict(int)
        self.sold = defaultdict(int)
        self.sets = defaultdict(int)
        self.of_ticket = defaultdict(int)
        self.used = defaultdict(int)
        self.into_zone = self.out_of_zone = self.paid_out = self.price = 0
        self.owed_to_shops = defaultdict(int)

    def run(self, events):
        for place, event in enumerate(events):
            step = getattr(self, "on_" + event["kind"])
            step(event, f"event {place} ({event['kind']})")

    def on_buy(self, event, where):
        by, round_, sets = event["by"], event["round"], event["sets"]
        price = sets * sum(bucket["paid"] for bucket in self.buckets)
        if price != event["price"]:
            self.differ(f"{where}: {sets} sets cost {price}, not {event['price']}")
        self.price += price
        self.sets[round_] += sets
        self.of_ticket[round_, event["ticket"]] += sets
        for number, bucket in enumerate(self.buckets):
            for kind in KINDS:
                self.lots[by][round_, number, kind] += sets * bucket[kind]
                self.sold[round_, number, kind] += sets * bucket[kind]

    def plan(self, by, shop_class, amount):
        """Rule 48: all lots end together, so by the bucket's rank, free before paid, then by round."""
        usable = [
            (self.buckets[bucket]["rank"], KINDS.index(kind), round_, bucket, kind)
            for (round_, bucket, kind), left in self.lots[by].items()
            if left and shop_class in self.buckets[bucket]["takes"]
        ]
        taken = []
        for _, _, round_, bucket, kind in sorted(usable):
            part = min(amount, self.lots[by][round_, bucket, kind])
            if part:
                taken.append(((round_, bucket, kind), part))
            amount -= part
        return taken

    def on_pay(self, event, where):
        by, shop, amount = event["by"], self.shops[event["shop"]], event["amount"]
        stated = [(bucket, kind, part) for bucket, kind, part in event["lines"]]
        taken = self.plan(by, shop["class"], amount) if stated else []
        lines = defaultdict(int)
        for (round_, bucket, kind), part in taken:
            self.lots[by][round_, bucket, kind] -= part
            self.used[round_, bucket, kind, shop["class"]] += part
            lines[bucket, KINDS.index(kind)] += part
        counted = [(bucket, KINDS[kind], part) for (bucket, kind), part in sorted(lines.items())]
        if counted != stated:
            self.differ(f"{where}: vouchers pay {counted}, not {stated}")
        by_voucher = sum(part for _, part in taken)
        self.coin[by] += event["charge"] - (amount - by_voucher)
        if self.coin[by] < 0:
            self.differ(f"{where}: {by} pays with coin that it has not")
        self.coin[shop["holder"]] += amount
        self.into_zone += event["charge"] + by_voucher

    def on_estate(self, event, where):
        left = self.lots.pop(event["by"], {})
        for lot, amount in left.items():
            self.lots[event["to"]][lot] += amount
        if self.coin[event["by"]] != event["coin"]:
            self.differ(f"{where}: {self.coin[event['by']]} yen of coin were left, not {event['coin']}")
        self.coin[event["by"]] = 0
        self.out_of_zone += event["coin"]

    def on_discharge(self, event, where):
        self.coin[event["by"]] -= event["amount"]
        self.owed_to_shops[event["by"]] += event["amount"]
        self.out_of_zone += event["amount"]
        if self.coin[event["by"]] < 0:
            self.differ(f"{where}: {event['by']} takes out coin that it has not")

    def on_pay_out(self, event, where):
        for shop, amount in event["parts"]:
            self.owed_to_shops[shop] -= amount
            self.paid_out += amount
            if self.owed_to_shops[shop] < 0:
                self.differ(f"{where}: {shop} is paid out more than it took out")

    def check_coin(self, stated):
        """What each shop has in the zone, as the ledger tells the shop itself."""
        for number, (shop, said) in enumerate(zip(self.shops, stated, strict=True)):
            counted = self.coin[shop["holder"]]
            if counted != said:
                self.differ(f"shop {number}: {counted} yen of coin, the ledger says {said}")

    def check_tickets(self):
        """Nobody bought more than its application won, by the draw and by all waves."""
        for (round_, ticket), sets in self.of_ticket.items():
            won = self.tickets.get(round_, [])[ticket - 1 : ticket]
            most = sum(one["granted"] + sum(one["further"]) for one in won)
            if sets > most:
                self.differ(f"round {round_}, ticket {ticket}: {sets} sets were bought, {most} won")

    def check_rounds(self, rounds):
        for stated in rounds:
            round_ = stated["round"]
            if self.sets[round_] != stated["sold"]:
                self.differ(f"round {round_}: {self.sets[round_]} sets are sold")
            for bucket, tally in enumerate(stated["buckets"]):
                for kind in KINDS:
                    self.check_bucket(round_, bucket, kind, tally)

    def check_bucket(self, round_, bucket, kind, tally):
        sold = self.sold[round_, bucket, kind]
        local = self.used[round_, bucket, kind, "local"]
        chain = self.used[round_, bucket, kind, "chain"]
        counted = {
            "sold": sold,
            "used_local": local,
            "used_chain": chain,
            "expired": sum(lots[round_, bucket, kind] for lots in self.lots.values()),
        }
        if counted["expired"] != sold - local - chain:
            self.differ(f"round {round_}, bucket {bucket}, {kind}: lots are not what is left")
        for what, amount in counted.items():
            if amount != int(tally[f"{what}_{kind}"]):
                self.differ(f"round {round_}, bucket {bucket}, {what} {kind}: {amount} yen")


def total(supply, field):
    return sum(int(bank[field]) for bank in supply["banks"])


def differences(journal, lotteries):
    if journal["format"] != FORMAT:
        return [f"the format is not {FORMAT}"]
    found = []
    stated = journal["stated"]
    programme, before, after = stated["programme"], stated["before"], stated["after"]
    for lottery in lotteries:
        if (lottery["genesis"], lottery["programme"]) != (journal["genesis"], programme["programme"]):
            found.append(f"round {lottery['round']} is of another network or programme")
    replay = Replay(journal, lotteries, found.append)
    replay.run(journal["events"])
    replay.check_tickets()
    replay.check_rounds(programme["rounds"])
    replay.check_coin(stated["coin"])
    in_zone = replay.into_zone - replay.out_of_zone
    sums = [
        ("coin in the zone", in_zone, sum(int(zone["total"]) for zone in after["zones"])),
        ("coin of all holders", sum(replay.coin.values()), in_zone),
        ("paid out", replay.paid_out, total(after, "redeemed") - total(before, "redeemed")),
        ("owed", total(after, "liability"), total(before, "liability") - replay.paid_out),
        ("positions", total(after, "position"), 0),
        ("outstanding", int(programme["outstanding"]), 0),
        ("in the escrows", sum(int(one["available"]) for one in programme["escrows"]), 0),
        ("sets sold", sum(replay.sets.values()), programme["sold"]),
    ]
    for what, counted, said in sums:
        if counted != said:
            found.append(f"{what}: {counted}, the ledger says {said}")
    return found


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        files = []
        for argument in arguments:
            with open(argument, encoding="utf-8") as file:
                files.append(json.load(file))
        found = differences(files[0], files[1:])
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        found = [f"not a programme's files: {error!r}"]
    for difference in found:
        print(difference)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
