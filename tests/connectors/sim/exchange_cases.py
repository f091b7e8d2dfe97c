"""Say in short what goes into an exchange and what is expected to come out of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.model import events as ev
from connectors.model.errors import Refusal
from connectors.sim.exchange import ExchangeTerms
from tests.connectors.sim.exchange_drive import Op, Report

A = 2048
B = 2 * 2048 + 1
C = 3 * 2048 + 2
D = 4 * 2048 + 3
"""Client ids of four orders, each with a slot of its own."""

HONEST = ExchangeTerms()


@dataclass(frozen=True)
class Outcome:
    """The part of a report that a case speaks of."""

    kind: int
    client_id: int
    ticks: int
    lots: int
    code: int


@dataclass(frozen=True)
class Case:
    """A script with what must come of it. Stamps in a script are given, or one apart."""

    name: str
    script: Sequence[Op]
    outcomes: Sequence[Outcome]
    terms: ExchangeTerms = HONEST


def outcome(report: Report) -> Outcome:
    """Return the part of a report that a case speaks of."""
    return Outcome(report.kind, report.client_id, report.ticks, report.lots, report.code)


def bid(ticks: int, lots: int, now_ns: int) -> Op:
    """Display a bid level."""
    return Op(ev.BID, ticks, lots, now_ns)


def ask(ticks: int, lots: int, now_ns: int) -> Op:
    """Display an ask level."""
    return Op(ev.ASK, ticks, lots, now_ns)


def bought(ticks: int, lots: int, now_ns: int) -> Op:
    """Print a trade that took asks."""
    return Op(ev.TRADE_BUY, ticks, lots, now_ns)


def sold(ticks: int, lots: int, now_ns: int) -> Op:
    """Print a trade that took bids."""
    return Op(ev.TRADE_SELL, ticks, lots, now_ns)


def cleared(now_ns: int) -> list[Op]:
    """Clear both sides, as before a snapshot."""
    return [Op(ev.CLEAR_BIDS, 0, 0, now_ns), Op(ev.CLEAR_ASKS, 0, 0, now_ns)]


def market(now_ns: int = 0) -> list[Op]:
    """Display 50 lots at each of 98, 99, 100 and of 101, 102, 103."""
    return [
        *(bid(ticks, 50, now_ns) for ticks in (100, 99, 98)),
        *(ask(ticks, 50, now_ns) for ticks in (101, 102, 103)),
    ]


def accepted(client_id: int, ticks: int, lots: int) -> Outcome:
    """Expect that the exchange takes the order."""
    return Outcome(ev.ACCEPTED, client_id, ticks, lots, 0)


def rejected(client_id: int, ticks: int, lots: int, refusal: Refusal) -> Outcome:
    """Expect that the exchange refuses the order."""
    return Outcome(ev.REJECTED, client_id, ticks, lots, int(refusal))


def made(client_id: int, ticks: int, lots: int) -> Outcome:
    """Expect a fill of the resting order."""
    return Outcome(ev.FILLED, client_id, ticks, lots, ev.MAKER)


def took(client_id: int, ticks: int, lots: int) -> Outcome:
    """Expect a fill of the arriving order."""
    return Outcome(ev.FILLED, client_id, ticks, lots, ev.TAKER)


def cancelled(client_id: int, ticks: int, open_lots: int) -> Outcome:
    """Expect that the order ends at our request."""
    return Outcome(ev.CANCELLED, client_id, ticks, open_lots, 0)


def expired(client_id: int, ticks: int, open_lots: int) -> Outcome:
    """Expect that the exchange ends the order."""
    return Outcome(ev.EXPIRED, client_id, ticks, open_lots, 0)


def not_there(client_id: int) -> Outcome:
    """Expect that the cancel finds no such order."""
    return Outcome(ev.CANCEL_REJECTED, client_id, 0, 0, 0)


def amended(client_id: int, ticks: int, lots: int) -> Outcome:
    """Expect that the order has new terms, its size in all."""
    return Outcome(ev.AMENDED, client_id, ticks, lots, 0)


def not_amended(client_id: int, ticks: int, lots: int, refusal: Refusal) -> Outcome:
    """Expect that the order stays as it is."""
    return Outcome(ev.AMEND_REJECTED, client_id, ticks, lots, int(refusal))
