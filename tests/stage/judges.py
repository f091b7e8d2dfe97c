"""Judge a play from outside: the truth log, the bytes that arrived, and the ledger's file.

Each judge returns what is wrong, a line a finding; nothing is nothing wrong. None of them asks the
runner.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import closing
from decimal import Decimal
from typing import Any

from connectors.model.events import BUY, SELL
from connectors.model.orders import SLOTS
from runner.engine.ledger.states import State
from runner.wiring.markets import instrument_of
from tests import judges as of_ledger
from tests.stage.front import NAMES, on_grid
from tests.stage.process import Played
from tests.stage.truth import (
    FOREIGN,
    OURS,
    Accepted,
    Amended,
    Ended,
    Feed,
    Moment,
    Paid,
    Request,
    Shown,
    Taken,
    Traded,
)

Judge = Callable[[Played], list[str]]
Terms = tuple[int, ...]
"""Side, ticks and lots."""
S = 1_000_000_000
T_STALE_NS = 2 * S
T_PULL_NS = 1 * S
T_ORPHAN_NS = 10 * S
T_KILL_NS = 10 * S
T_STOP_NS = 20 * S
T_FLATTEN_NS = 10 * S
T_PAYMENT_NS = 65 * S
ON_ITS_WAY_NS = 250_000_000
"""A latch is looked at five times a second, and what has left before still arrives."""
SENDS = ("place", "modify")
"""What may add risk."""
BY_HAND = ("cancelled", "canceled")
"""How venues say that somebody asked for the end of an order."""
READING_NS = 1 * S
"""What is learnt by reading is stamped with the moment at which the reading began; a start reads
for longer."""


def opened(played: Played) -> sqlite3.Connection:
    """Return a connection that only reads the ledger."""
    return sqlite3.connect(f"file:{played.ledger}?mode=ro", uri=True)


def rows(played: Played, query: str) -> list[tuple[Any, ...]]:
    """Return what the ledger answers."""
    with closing(opened(played)) as db:
        return db.execute(query).fetchall()


def written_before_sent(played: Played) -> list[str]:
    """I1: when a create arrived, its order was in the ledger's file, committed."""
    return [f"I1 unwritten {market} {i}" for market, i in played.unwritten]


def no_orphan(played: Played) -> list[str]:
    """I2: nothing of ours rests long after the ledger believes it over; foreign orders live."""
    done = {
        (market, i): ns
        for market, i, ns in rows(played, "SELECT market, client_id, done_ns FROM orders")
    }
    found = []
    foreign: set[tuple[str, int]] = set()
    for accepted, ended_ns in _lives(played):
        done_ns = done.get((accepted.market, accepted.client_id))
        if done_ns is not None and ended_ns - done_ns > T_ORPHAN_NS:
            late_s = (ended_ns - done_ns) / S
            found.append(f"I2 orphan {accepted.market} {accepted.client_id} for {late_s:.1f} s")
    for fact in played.truth.facts:
        if isinstance(fact, Accepted) and fact.owner == FOREIGN:
            foreign.add((fact.market, fact.order_id))
        elif isinstance(fact, Ended) and fact.why in BY_HAND:
            if (fact.market, fact.order_id) in foreign:
                found.append(f"I2 foreign order {fact.client_id} was cancelled")
    return found


def no_ghost(played: Played) -> list[str]:
    """I2, at the end: what the ledger believes open rests at the venue, and the other way round."""
    open_rows = rows(played, f"SELECT market, client_id FROM orders WHERE state < {State.DONE}")
    believed = {(market, i) for market, i in open_rows}
    resting = {(o.market, o.client_id) for o in played.truth.now.ours()}
    return [f"I2 ghost {one}" for one in sorted(believed - resting)] + [
        f"I2 not believed open {one}" for one in sorted(resting - believed)
    ]


def proven_ends(played: Played) -> list[str]:
    """I3: what ended an order in the ledger is what truly ended it, or that it never was."""
    ends = {(a.market, a.client_id): ns for a, ns in _lives(played)}
    asked = {
        (f.market, f.client_id)
        for f in played.truth.facts
        if isinstance(f, Request) and f.operation == "place"
    }
    starts = {f.ns for f in played.truth.facts if isinstance(f, Moment) and f.what == "start"}
    found = []
    query = f"SELECT market, client_id, evidence, done_ns FROM orders WHERE state = {State.DONE}"
    for market, client_id, evidence, done_ns in rows(played, query):
        key = (market, client_id)
        if key in ends and evidence.startswith(("absent", "rejected", "never")):
            found.append(f"I3 {market} {client_id}: '{evidence}', but it was accepted")
        elif key in ends and ends[key] > done_ns + (
            T_ORPHAN_NS if done_ns in starts else READING_NS
        ):
            found.append(f"I3 {market} {client_id}: '{evidence}' before its end")
        elif key in asked and evidence.startswith("never"):
            found.append(f"I3 {market} {client_id}: '{evidence}', but it was sent")
        elif key not in ends and not evidence.startswith(("absent", "rejected", "never")):
            found.append(f"I3 {market} {client_id}: '{evidence}', but it never was there")
    return found


def every_fill_once(played: Played) -> list[str]:
    """I4: the ledger's fills are the venue's trades, each once."""
    query = "SELECT market, trade_id, client_id, side, ticks, lots FROM fills"
    ours = Counter(rows(played, query))
    theirs = Counter(
        (t.market, t.trade_id, t.client_id, t.side, t.ticks, t.lots) for t in played.truth.trades()
    )
    lost = [f"I4 lost {fill} x{n}" for fill, n in (theirs - ours).items()]
    return lost + [f"I4 invented {fill} x{n}" for fill, n in (ours - theirs).items()]


def positions_agree(played: Played) -> list[str]:
    """I5: fills and adjustments add up to the venue's position."""
    sums: dict[str, int] = defaultdict(int)
    query = "SELECT market, CASE side WHEN ? THEN lots ELSE -lots END FROM fills"
    with closing(opened(played)) as db:
        for market, lots in db.execute(query, (BUY,)):
            sums[market] += lots
        for market, lots in db.execute("SELECT market, lots FROM adjustments"):
            sums[market] += lots
    theirs = played.truth.now.positions
    return [
        f"I5 {market}: ledger {sums[market]}, venue {theirs.get(market, 0)}"
        for market in played.limits
        if sums[market] != theirs.get(market, 0)
    ]


def nothing_adjusted(played: Played) -> list[str]:
    """I5: no position was adjusted where a fill explains it."""
    return [
        f"I5 adjusted {row}" for row in rows(played, "SELECT market, lots, cause FROM adjustments")
    ]


def order_arithmetic(played: Played) -> list[str]:
    """I6: what an order has filled is the sum of its fills, and no more than its size."""
    with closing(opened(played)) as db:
        return of_ledger.arithmetic(db)


def terms_are_proven(played: Played) -> list[str]:
    """I6: an order's size and price in the ledger are the venue's, and an amend ends as it did."""
    changed: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for fact in played.truth.facts:
        if isinstance(fact, Amended):
            changed[fact.market, fact.client_id].append((fact.ticks, fact.lots))
    found = []
    query = "SELECT market, client_id, ticks, lots FROM orders WHERE asked_lots IS NULL"
    meant = rows(played, "SELECT market, client_id, before_ticks, before_lots, number FROM amends")
    first = {(m, i): (ticks, lots) for m, i, ticks, lots, number in meant if number == 0}
    for market, client_id, *terms in rows(played, query):
        key = (market, client_id)
        true = changed[key][-1] if changed[key] else first.get(key, tuple(terms))
        if tuple(terms) != true:
            found.append(f"I6 {market} {client_id}: terms {tuple(terms)}, were {true}")
    query = "SELECT market, client_id, ticks, lots, evidence FROM amends"
    amends = rows(played, query)
    worked = Counter(tuple(amend[:4]) for amend in amends if amend[4].startswith("amended"))
    for market, client_id, ticks, lots, evidence in amends:
        key = (market, client_id)
        is_true = any(t == ticks and n >= lots for t, n in changed[key])
        is_more = changed[key].count((ticks, lots)) > worked[market, client_id, ticks, lots]
        if evidence.startswith(("refused", "never")) and is_more:
            found.append(f"I6 {market} {client_id}: '{evidence}', but it was amended")
        elif evidence.startswith("amended") and not is_true:
            found.append(f"I6 {market} {client_id}: '{evidence}', but it was not")
    return found


def never_too_much(played: Played) -> list[str]:
    """I7: at each accepted create or amend, if all that rests on its side trades, it is allowed."""
    found = []
    for fact, state in played.truth.replayed():
        if isinstance(fact, Amended) or (isinstance(fact, Accepted) and fact.owner == OURS):
            worst = state.worst_case_lots(fact.market, fact.side)
            if worst > played.limits[fact.market]:
                allowed = played.limits[fact.market]
                found.append(f"I7 {fact.market} {fact.client_id}: {worst} lots of {allowed}")
    return found


def one_intention_one_order(played: Played) -> list[str]:
    """I8: a slot holds one order at a time, and a client id is sent once."""
    creates = Counter(
        (f.market, f.client_id)
        for f in played.truth.facts
        if isinstance(f, Request) and f.operation == "place"
    )
    found = [f"I8 sent {n} times: {key}" for key, n in creates.items() if n > 1]
    for fact, state in played.truth.replayed():
        if isinstance(fact, Accepted) and fact.owner == OURS:
            slot = fact.client_id % SLOTS
            mates = [o for o in state.ours(fact.market) if o.client_id % SLOTS == slot]
            if len(mates) > 1:
                found.append(f"I8 {fact.market} slot {slot}: {[o.client_id for o in mates]}")
    return found


def silent_after_stop(played: Played) -> list[str]:
    """I10: after a latch or a stop nothing is created but to close, and in time nothing rests."""
    found = []
    asked: Moment | None = None
    is_latched = False
    is_over = False
    for fact, state in played.truth.replayed():
        if isinstance(fact, Moment):
            if fact.what in ("latch", "stop"):
                asked, is_over = fact, False
                is_latched |= fact.what == "latch"
            elif fact.what == "exit 3":
                found += [f"I10 exit 3, and {o} still rests" for o in state.ours()]
            elif fact.what in ("exit 0", "exit 4", "exit 130"):
                found += [f"I10 {fact.what} with {o} resting" for o in state.ours()]
                found += [] if is_over else _late_end(played, asked, fact)
                is_over = True
            if fact.what == "start" and not is_latched:
                asked = None
        elif isinstance(fact, Request) and fact.operation in SENDS and asked is not None:
            may_close = is_latched and played.settings.risk.flatten_on_kill
            if may_close and json.loads(fact.raw).get("reduce_only"):
                found += [f"I10 {o} rests while positions are closed" for o in state.ours()]
            elif fact.ns > asked.ns + ON_ITS_WAY_NS:
                found.append(f"I10 {fact.operation} {fact.client_id} after the {asked.what}")
    return found


def _late_end(played: Played, asked: Moment | None, end: Moment) -> list[str]:
    if asked is None:
        return []
    allowed_ns = T_KILL_NS if asked.what == "latch" else T_STOP_NS
    if asked.what == "latch" and played.settings.risk.flatten_on_kill:
        allowed_ns += T_FLATTEN_NS
    taken_ns = end.ns - asked.ns
    return [f"I10 {asked.what} took {taken_ns / S:.1f} s"] if taken_ns > allowed_ns + S else []


def only_from_fresh(played: Played) -> list[str]:
    """I11: no create from a book that broke long ago, and nothing rests on one for long without a
    cancel on the wire."""
    found = []
    broken: dict[str, int] = {}
    told: set[str] = set()
    asked: set[tuple[str, int]] = set()
    for fact, state in played.truth.replayed():
        if isinstance(fact, Feed):
            if fact.is_sound:
                broken.pop(fact.market, None)
                told.discard(fact.market)
            else:
                broken.setdefault(fact.market, fact.ns)
        elif isinstance(fact, Amended) or (isinstance(fact, Accepted) and fact.owner == OURS):
            since_ns = broken.get(fact.market, fact.ns)
            if fact.ns - since_ns > T_STALE_NS:
                age_s = (fact.ns - since_ns) / S
                found.append(f"I11 {fact.market} {fact.client_id}: book broken for {age_s:.1f} s")
        elif isinstance(fact, Request) and fact.operation == "cancel":
            asked.add((fact.market, fact.client_id))
        elif isinstance(fact, Shown) and fact.market in broken and fact.market not in told:
            old_ns = fact.ns - broken[fact.market]
            if old_ns > T_STALE_NS + T_PULL_NS and _lives_on(played, state, fact, asked):
                told.add(fact.market)
                found.append(f"I11 {fact.market}: quotes rest on a book broken {old_ns / S:.1f} s")
    return found


def _lives_on(played: Played, state: Any, shown: Shown, asked: Set[tuple[str, int]]) -> bool:
    """Tell whether orders rest that nobody has asked to cancel, while a process runs that could."""
    if all((o.market, o.client_id) in asked for o in state.ours(shown.market)):
        return False
    runs = [f for f in played.truth.facts if isinstance(f, Moment) and f.ns <= shown.ns]
    started = [f for f in runs if f.what == "start" or f.what.startswith(("exit", "kill -9"))]
    is_up = bool(started) and started[-1].what == "start"
    return is_up and shown.ns - started[-1].ns >= T_ORPHAN_NS


def nothing_invalid(played: Played) -> list[str]:
    """I12: what is sent decodes to what was meant, on the grid, sized, priced and flagged as
    allowed: an order, and the terms that one is amended to."""
    meant = _meant(played)
    found = []
    for fact, state in played.truth.replayed():
        if isinstance(fact, Request) and fact.operation in SENDS:
            wrong = _invalid(played, fact, meant[fact.market, fact.client_id], state)
            found += [f"I12 {fact.market} {fact.client_id}: {text}" for text in wrong]
    return found


def _meant(played: Played) -> dict[tuple[str, int], list[Terms]]:
    """Return the side, ticks and lots that each order was ever meant to have."""
    meant: dict[tuple[str, int], list[Terms]] = defaultdict(list)
    for market, i, *terms in rows(
        played,
        "SELECT market, client_id, side, ticks, lots FROM orders"
        " UNION SELECT a.market, a.client_id, o.side, a.ticks, a.lots"
        " FROM amends a JOIN orders o USING (market, client_id)"
        " UNION SELECT a.market, a.client_id, o.side, a.before_ticks, a.before_lots"
        " FROM amends a JOIN orders o USING (market, client_id)",
    ):
        meant[market, i].append(tuple(terms))
    return meant


def _invalid(played: Played, sent: Request, meant: Sequence[Terms], state: Any) -> Iterator[str]:
    of = instrument_of(played.settings.markets[sent.market].instrument)
    words = json.loads(sent.raw)
    ticks = on_grid(words["price"], of.tick_size)
    lots = on_grid(words["size"], of.lot_size_base)
    if ticks is None or lots is None or ticks <= 0 or lots < max(1, of.min_lots):
        yield f"{words}"
        return
    may_close = words.get("reduce_only", False)
    if of.notional_quote(ticks, lots) < of.min_notional_quote and not may_close:
        yield f"a notional of {of.notional_quote(ticks, lots)}"
    side = NAMES.index(words["side"]) if "side" in words else meant[0][0] if meant else BUY
    if meant and (side, ticks, lots) not in meant:
        yield f"sent {(side, ticks, lots)}, meant {meant}"
    may_take = may_close or played.settings.markets[sent.market].role in ("hedge", "leg")
    if words.get("tif", "post_only") != "post_only" and not may_take:
        yield f"sent as {words['tif']}"
    book = state.books.get(sent.market)
    if book is not None and book.bids and book.asks:
        mid = (book.bids[0][0] + book.asks[0][0]) / 2
        if abs(ticks - mid) > mid * played.settings.risk.collar_bps * 2e-4:
            yield f"{ticks} is far from mid {mid}"
    opposite = [o.ticks for o in state.ours(sent.market) if o.side != side]
    if side == BUY and any(ticks >= t for t in opposite):
        yield "crosses our own ask"
    if side == SELL and any(ticks <= t for t in opposite):
        yield "crosses our own bid"


def inside_budget(played: Played) -> list[str]:
    """I13: silence where the venue asked for it, and refusals are not repeated like mad."""
    found = []
    for silence in played.silences:
        early = [
            f
            for f in played.truth.facts
            if isinstance(f, Request)
            and silence.start_ns + 20_000_000 < f.ns < silence.end_ns
            and (silence.operations is None or f.operation in silence.operations)
        ]
        if early:
            found.append(f"I13 {len(early)} requests in a silence, the first {early[0].operation}")
    refused: dict[tuple[str, int], int] = defaultdict(int)
    for fact in played.truth.facts:
        if type(fact).__name__ == "Refused":
            refused[fact.market, fact.ns // (60 * S)] += 1
    return found + [f"I13 {n} refusals a minute in {m}" for (m, _), n in refused.items() if n > 150]


def fees_as_told(played: Played) -> list[str]:
    """I18: what a trade cost is in the ledger as the venue told it, in its currency."""
    told = {(t.market, t.trade_id): (t.fee, t.currency) for t in played.truth.trades()}
    for fact in played.truth.facts:
        if type(fact).__name__ == "Charged":
            told[fact.market, fact.trade_id] = (fact.fee, fact.currency)
    found = []
    for market, trade_id, fee, currency in rows(
        played, "SELECT market, trade_id, fee, fee_ccy FROM fills"
    ):
        expected, in_currency = told.get((market, trade_id), (None, ""))
        if expected is None:
            continue
        is_right = fee is not None and abs(Decimal(fee) - expected) <= played.fee_unit
        if not is_right or currency != in_currency:
            found.append(
                f"I18 {market} trade {trade_id}: {fee} {currency}, was {expected} {in_currency}"
            )
    return found


def funding_as_told(played: Played) -> list[str]:
    """I18: what was paid is in the ledger once, as the venue tells it by now."""
    told: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for fact in played.truth.facts:
        if isinstance(fact, Paid) and fact.what == "funding":
            told[fact.market, str(fact.payment_id)] = (fact.ns, fact.amount)
    booked: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for market, payment_id, amount in rows(
        played, "SELECT market, payment_id, amount FROM funding"
    ):
        booked[market, payment_id.partition("#")[0]] += Decimal(amount)
    found = [f"I18 invented payment {key}" for key in booked.keys() - told.keys()]
    until_ns = _ran_until_ns(played) - T_PAYMENT_NS
    for key, (ns, amount) in told.items():
        if ns < until_ns and booked.get(key) != amount:
            found.append(f"I18 payment {key}: {booked.get(key)}, was {amount}")
    return found


def _ran_until_ns(played: Played) -> int:
    """Return until when anybody could book what was paid."""
    moments = [fact for fact in played.truth.facts if isinstance(fact, Moment)]
    starts = [k for k, moment in enumerate(moments) if moment.what == "start"]
    after = moments[starts[-1] + 1 :] if starts else []
    ends = [moment.ns for moment in after if moment.what.startswith(("stop", "exit", "kill -9"))]
    return min([played.end_ns, *ends])


def _lives(played: Played) -> Iterator[tuple[Accepted, int]]:
    """Yield each accepted order of ours and when it left the book (the end: it has not)."""
    open_lots: dict[tuple[str, int], int] = {}
    accepted: dict[tuple[str, int], Accepted] = {}
    for fact in played.truth.facts:
        match fact:
            case Accepted() if fact.owner == OURS:
                accepted[fact.market, fact.order_id] = fact
                open_lots[fact.market, fact.order_id] = fact.lots
            case Amended() if (fact.market, fact.order_id) in accepted:
                open_lots[fact.market, fact.order_id] = fact.open_lots
                if not fact.open_lots:
                    yield accepted.pop((fact.market, fact.order_id)), fact.ns
            case Traded() if (fact.market, fact.order_id) in accepted and fact.kind == "order":
                key = (fact.market, fact.order_id)
                open_lots[key] -= fact.lots
                if open_lots[key] <= 0:
                    yield accepted.pop(key), fact.ns
            case Ended() if (fact.market, fact.order_id) in accepted:
                yield accepted.pop((fact.market, fact.order_id)), fact.ns
            case Taken() | _:
                pass
    for left in accepted.values():
        yield left, played.end_ns + T_ORPHAN_NS * 10


ALWAYS: tuple[Judge, ...] = (
    written_before_sent,
    no_orphan,
    no_ghost,
    proven_ends,
    every_fill_once,
    positions_agree,
    nothing_adjusted,
    order_arithmetic,
    terms_are_proven,
    never_too_much,
    one_intention_one_order,
    silent_after_stop,
    only_from_fresh,
    nothing_invalid,
    inside_budget,
    fees_as_told,
    funding_as_told,
)


def findings(played: Played, *leave_out: str) -> list[str]:
    """Return what every judge finds, but those that are named."""
    return [line for judge in ALWAYS if judge.__name__ not in leave_out for line in judge(played)]
