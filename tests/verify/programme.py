#!/usr/bin/env python3
"""Counts a programme of vouchers again, with nothing but Python's standard library.

Written from ledger/PROTOCOL.md, rules 46 to 51, apart from the Rust code: what everybody did is played
again from the journal, lot by lot in the order in which lots are spent and come back, each fee and who has
which part of it, and what comes of it is held against what the ledger said when the programme was closed.

    programme.py JOURNAL LOTTERY...   exit 0: all of it follows, 1: differences, one a line, 2: not run

The journal has who did what in the order of the blocks (`events`, each with its transaction's identity),
the shops, who shares their fees, when use and refunds ended, the times of the blocks in which something was
given back, and what the ledger said (`stated`): the programme before it was closed and then, the supply
before and after, the zone with its fees, the coin of each shop and of who shares fees, and the payments of
which something was given back. All of it is in one fiscal year. The lotteries are the rounds' files (`kyojo
lottery export`); `lottery.py` counts those again.
"""

import json
import sys
from collections import defaultdict

FORMAT = "kyojo/programme-log/2"
KINDS = ("free", "paid")
ALL = 10_000
DAY_MS = 24 * 3_600_000
JAPAN_MS = 9 * 3_600_000


class Fees:
    """Rule 46: what a payment costs its shop, and who gets it."""

    def __init__(self, zone, recipients):
        schedules, shares = ([one for one in zone[of] if one["in_force"]] for of in ("fees", "shares"))
        self.rate = self.minimum = 0
        self.cap, self.shares, self.fund = None, [], None
        if schedules:
            self.rate, self.minimum = schedules[0]["rate"], int(schedules[0]["minimum"])
            cap = schedules[0]["tiers"][0]["yearly_cap"]
            self.cap = None if cap is None else int(cap)
            self.shares = [(recipients[one["account"]], one["share"]) for one in shares[0]["shares"]]
            self.fund = recipients[shares[0]["fund"]]

    def room(self, charged):
        return None if self.cap is None else max(0, self.cap - charged)

    def fee(self, gross, room):
        fee = max(gross * self.rate // ALL, min(self.minimum, gross))
        return fee if room is None else min(fee, room)

    def parts(self, fee):
        """Each share rounded down, and the fund's the rest."""
        parts = [(who, fee * share // ALL) for who, share in self.shares]
        return parts + [(self.fund, fee - sum(part for _, part in parts))] if fee else []


class Sale:
    """A payment that answered a request, as long as something of it can be given back."""

    def __init__(self, by, shop, amount, taken, room):
        self.by, self.shop, self.amount, self.room = by, shop, amount, room
        # In the order in which it was spent: coin last.
        self.taken = taken
        self.refunded, self.voided = 0, False

    def left(self):
        return 0 if self.voided else self.amount - self.refunded

    def back(self, amount):
        """Rule 51: the next yen from the last lot on, then coin."""
        skipped, lots = self.refunded, []
        for lot, part in reversed(self.taken):
            gone = min(skipped, part)
            skipped -= gone
            part = min(part - gone, amount)
            amount -= part
            if part:
                lots.append((lot, part))
        return lots, amount


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
        self.ended = defaultdict(int)
        self.fees = Fees(journal["stated"]["zone"], journal["recipients"])
        self.charged = defaultdict(int)
        self.sales = {}
        self.ends, self.times = journal["ends"], journal["times"]
        self.paid_at = {one["payment"]["payment"]: one["time"] for one in journal["stated"]["payments"]}
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

    def eligible(self, event, where):
        """Rule 50: what of a payment vouchers may pay."""
        request = event.get("request")
        if request is None:
            return event["amount"]
        if request["number"] in self.sales:
            self.differ(f"{where}: the request was paid before")
        if event["amount"] + request["cash"] != request["amount"]:
            self.differ(f"{where}: {request['amount']} yen were asked, and others paid")
        if request["eligible"] > request["amount"]:
            self.differ(f"{where}: more is eligible than was asked")
        return min(event["amount"], request["eligible"])

    def on_pay(self, event, where):
        by, shop, amount = event["by"], self.shops[event["shop"]], event["amount"]
        stated = [(bucket, kind, part) for bucket, kind, part in event["lines"]]
        eligible = self.eligible(event, where)
        taken = self.plan(by, shop["class"], eligible) if stated else []
        lines = defaultdict(int)
        for (round_, bucket, kind), part in taken:
            self.lots[by][round_, bucket, kind] -= part
            self.used[round_, bucket, kind, shop["class"]] += part
            lines[bucket, KINDS.index(kind)] += part
        counted = [(bucket, KINDS[kind], part) for (bucket, kind), part in sorted(lines.items())]
        if counted != stated:
            self.differ(f"{where}: vouchers pay {counted}, not {stated}")
        by_voucher = sum(part for _, part in taken)
        if sum(part for _, _, part in stated) > eligible:
            self.differ(f"{where}: vouchers pay more than is eligible")
        self.coin[by] += event["charge"] - (amount - by_voucher)
        if self.coin[by] < 0:
            self.differ(f"{where}: {by} pays with coin that it has not")
        room = self.fees.room(self.charged[event["shop"]])
        fee = self.fees.fee(amount, room)
        if fee != event["fee"]:
            self.differ(f"{where}: the fee is {fee}, not {event['fee']}")
        self.charged[event["shop"]] += fee
        for who, part in self.fees.parts(fee):
            self.coin[who] += part
        self.coin[shop["holder"]] += amount - fee
        self.into_zone += event["charge"] + by_voucher
        if "request" in event:
            number = event["request"]["number"]
            self.sales[number] = Sale(by, event["shop"], amount, taken, room)

    def on_refund(self, event, where):
        sale = self.sales[event["number"]]
        if not 0 < event["amount"] <= sale.left():
            self.differ(f"{where}: {sale.left()} yen are left of the payment")
        self.give_back(sale, event, where)
        sale.refunded += event["amount"]

    def on_void(self, event, where):
        sale = self.sales[event["number"]]
        days = [(at + JAPAN_MS) // DAY_MS for at in (self.paid_at[event["number"]], self.now(event))]
        if sale.refunded or sale.voided or event["amount"] != sale.amount or days[0] != days[1]:
            self.differ(f"{where}: not all of a payment of the day")
        self.give_back(sale, event, where)
        sale.voided = True

    def now(self, event):
        return self.times[str(event["height"])]

    def give_back(self, sale, event, where):
        """Rule 51: lots from the last one on, then coin; and the fee that is not due any more."""
        shop, now, amount = self.shops[sale.shop], self.now(event), event["amount"]
        lots, coin = sale.back(amount)
        counted = [[*lot, part] for lot, part in lots]
        if merged(event["returned"]) != merged(counted) or event["coin"] != coin:
            self.differ(f"{where}: {counted} and {coin} yen of coin come back")
        for (round_, bucket, kind), part in lots:
            self.out_of_zone += part
            if now >= self.ends["refunds"]:
                continue
            self.used[round_, bucket, kind, shop["class"]] -= part
            if now >= self.ends["use"]:
                self.ended[round_, bucket, kind] += part
            else:
                self.lots[sale.by][round_, bucket, kind] += part
        left = sale.left()
        before, after = (self.fees.fee(gross, sale.room) for gross in (left, left - amount))
        fee = before - after
        if fee != event["fee"]:
            self.differ(f"{where}: {fee} yen of the fee come back, not {event['fee']}")
        for sign, of in ((-1, before), (1, after)):
            for who, part in self.fees.parts(of):
                self.coin[who] += sign * part
        self.charged[sale.shop] -= fee
        self.coin[sale.by] += coin
        self.coin[shop["holder"]] -= amount - fee
        if self.coin[shop["holder"]] < 0:
            self.differ(f"{where}: the shop gives back coin that it has not")

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

    def check_shared(self, stated):
        """What each who shares fees has of them in the zone."""
        for who, said in stated.items():
            if self.coin[int(who)] != said:
                self.differ(f"holder {who}: {self.coin[int(who)]} yen of fees, the ledger says {said}")

    def check_payments(self, stated):
        """What the ledger tells shops of payments of which something was given back."""
        given_back = {number for number, sale in self.sales.items() if sale.left() != sale.amount}
        said = {one["payment"]["payment"]: one["payment"] for one in stated}
        if said.keys() != given_back:
            self.differ(f"{len(given_back)} payments were given back, the ledger has {len(said)}")
        for number in said.keys() & given_back:
            sale, payment = self.sales[number], said[number]
            lots = [
                [one["round"], one["bucket"], one["kind"], int(one["amount"])]
                for one in payment["vouchers"]
            ]
            taken = [[*lot, part] for lot, part in sale.taken]
            fee = self.fees.fee(sale.left(), sale.room)
            amounts = {
                "amount": sale.amount,
                "coin": sale.amount - sum(part for _, part in sale.taken),
                "refunded": sale.refunded,
                "left": sale.left(),
                "fee": fee,
            }
            for what, amount in amounts.items():
                if int(payment[what]) != amount:
                    self.differ(f"payment {number}: {what} {amount}, the ledger says {payment[what]}")
            if merged(lots) != merged(taken) or payment["voided"] != sale.voided:
                self.differ(f"payment {number}: other vouchers or another standing")

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
            "expired": sum(lots[round_, bucket, kind] for lots in self.lots.values())
            + self.ended[round_, bucket, kind],
        }
        if counted["expired"] != sold - local - chain:
            self.differ(f"round {round_}, bucket {bucket}, {kind}: lots are not what is left")
        for what, amount in counted.items():
            if amount != int(tally[f"{what}_{kind}"]):
                self.differ(f"round {round_}, bucket {bucket}, {what} {kind}: {amount} yen")


def merged(parts):
    """Parts of rounds, buckets and kinds, each once."""
    sums = defaultdict(int)
    for round_, bucket, kind, part in parts:
        sums[round_, bucket, kind] += part
    return dict(sums)


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
    replay.check_shared(stated["shared"])
    replay.check_payments(stated["payments"])
    used = sum(replay.used.values())
    pledged = sum(int(one["available"]) for one in stated["open"]["escrows"])
    in_zone = replay.into_zone - replay.out_of_zone
    sums = [
        ("coin in the zone", in_zone, sum(int(zone["total"]) for zone in after["zones"])),
        ("coin of all holders", sum(replay.coin.values()), in_zone),
        ("paid out", replay.paid_out, total(after, "redeemed") - total(before, "redeemed")),
        ("owed", total(after, "liability"), total(before, "liability") - replay.paid_out),
        ("positions", total(after, "position"), 0),
        ("outstanding", int(programme["outstanding"]), 0),
        ("in the escrows when refunds were over", journal["funded"] + replay.price - used, pledged),
        ("left in the escrows", sum(int(one["available"]) for one in programme["escrows"]), 0),
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
