"""Read the venue's truth: whole lists, whole rows, and absence only where it is proven."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from connectors.calls import Calls, Confirmed, Failed, Refused, Request
from connectors.model.account import ABSENT, Fate, Payment, RestingOrder, Standing, Trade
from connectors.model.errors import VenueError
from connectors.model.events import ACCEPTED, EXPIRED, OUTCOME_UNKNOWN
from connectors.model.instrument import Instrument
from connectors.socket import Malformed
from runner.engine.clock import Clock
from tests.stage.decode import (
    MS,
    SIDES,
    STATUSES,
    lots_of,
    payment_of,
    signed_lots_of,
    ticks_of,
    trade_of,
    word,
)

ACCOUNT = "stage"
DEADLINE_S = 4.0
LOOKS = 3
BETWEEN_S = 0.7
"""An order is absent when so many looks, this far apart, find it in no list."""
EXPIRES_NS = 6_000_000_000
"""The venue refuses a create that is older: what has not arrived by then never will."""


class Reads:
    """Questions to the venue. `sent_ns` says when an order left, for those of this process;
    `amended_ns` when its last amend did (0: what became of that is known)."""

    def __init__(self, calls: Calls, instruments: Mapping[str, Instrument], clock: Clock) -> None:
        self.sent_ns: dict[int, int] = {}
        self.amended_ns: dict[int, int] = {}
        self._calls = calls
        self._instruments = instruments
        self._clock = clock
        self._born_ns = clock.now_ns()
        self._odd: dict[int, int] = {}
        """Orders with a status that nobody has heard of, and what they have filled."""

    async def standing(self, market: str) -> Standing:
        """Return where a market's account stands. A market that is not listed is not flat."""
        body = await self._asked("positions", {})
        symbol = self._instruments[market].symbol
        for row in _rows(body, "positions"):
            if row.get("market") == symbol:
                return self._standing(market, row, await self._resting(market))
        raise VenueError(f"{market}: expected a position of {symbol}, was none in the list")

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Return all trades with a higher id."""
        of = self._instruments[market]
        found: list[Trade] = []
        more = True
        while more:
            after = found[-1].trade_id if found else trade_id
            body = await self._asked("trades", {"market": of.symbol, "after": after})
            page = [_read(trade_of, of, row) for row in _rows(body, "trades")]
            if any(t.trade_id <= after for t in page):
                raise VenueError(f"{market}: expected trades after {after}, was an earlier one")
            found.extend(page)
            more = bool(page) and bool(body.get("more", True))
        return tuple(found)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Return all funding paid after a moment, which the venue knows in milliseconds."""
        of = self._instruments[market]
        words = {"market": of.symbol, "after": after_ns // MS - 1}
        body = await self._asked("payments", words)
        found = tuple(_read(payment_of, of, row) for row in _rows(body, "payments"))
        return tuple(p for p in found if p.paid_ns > after_ns)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Return what became of an order."""
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(BETWEEN_S)
            fate = await self._look(market, client_id)
            if fate is not None:
                return fate
        if client_id in self._odd:
            return Fate(EXPIRED, self._odd[client_id])
        age_ns = self._clock.now_ns() - self.sent_ns.get(client_id, self._born_ns)
        if age_ns >= EXPIRES_NS:
            return Fate(ABSENT, 0)
        await asyncio.sleep((EXPIRES_NS - age_ns) / 1e9)
        return await self._look(market, client_id) or Fate(ABSENT, 0)

    async def _look(self, market: str, client_id: int) -> Fate | None:
        """Ask for one order, then for it in both lists; None when it is in none."""
        of = self._instruments[market]
        may_change = self._may_change(client_id)
        request = _request("order", {"market": of.symbol, "cid": client_id})
        answer = await self._calls.read(request, 1, DEADLINE_S, _not_found)
        if isinstance(answer, Confirmed):
            fate = _fate(of, answer.body)
            if fate.kind != OUTCOME_UNKNOWN or await self._rests(market, client_id):
                return replace(fate, ticks=0, lots=0) if may_change else fate
            self._odd[client_id] = fate.filled_lots
            return None
        if isinstance(answer, Failed) or answer.text != "not_found":
            raise VenueError(f"{market}: order {client_id}: expected an answer, was {answer}")
        if await self._rests(market, client_id):
            return Fate(OUTCOME_UNKNOWN, 0)
        trades = await self.trades_after(market, 0)
        filled = sum(t.lots for t in trades if t.client_id == client_id)
        return Fate(OUTCOME_UNKNOWN, filled) if filled else None

    def _may_change(self, client_id: int) -> bool:
        """Tell whether an amend may still arrive; of a former process nobody knows what it sent."""
        known_ns = 0 if client_id in self.sent_ns else self._born_ns
        sent_ns = self.amended_ns.get(client_id, known_ns)
        return self._clock.now_ns() - sent_ns < EXPIRES_NS

    async def _rests(self, market: str, client_id: int) -> bool:
        return any(r.client_id == client_id for r in await self._resting(market))

    def _standing(
        self, market: str, row: dict[str, Any], resting: tuple[RestingOrder, ...]
    ) -> Standing:
        of = self._instruments[market]
        tick_lot = of.notional_quote(1, 1)
        try:
            position = signed_lots_of(of, row.get("size"))
            cash = word(row, "cash", str)
            last_client_id, last_trade_id = (
                word(row, "last_cid", int),
                word(row, "last_trade", int),
            )
        except Malformed as error:
            raise VenueError(f"{market}: {error}") from error
        return Standing(
            position,
            int(type(tick_lot)(cash) / tick_lot),
            last_client_id,
            last_trade_id,
            resting,
            ACCOUNT,
        )

    async def _resting(self, market: str) -> tuple[RestingOrder, ...]:
        of = self._instruments[market]
        found: list[RestingOrder] = []
        after, more = 0, True
        while more:
            body = await self._asked("orders", {"market": of.symbol, "after": after})
            rows = _rows(body, "orders")
            for row in rows:
                found.append(_read(_resting_order, of, row))
                after = _read(lambda of, row: word(row, "order", int), of, row)
            more = bool(rows) and bool(body.get("more", True))
        return tuple(found)

    async def _asked(self, what: str, words: dict[str, Any]) -> dict[str, Any]:
        answer = await self._calls.read(_request(what, words), 1, DEADLINE_S)
        if isinstance(answer, Confirmed) and isinstance(answer.body, dict):
            return answer.body
        raise VenueError(f"{what}: expected an answer, was {answer}")


def _request(what: str, words: dict[str, Any]) -> Request:
    return Request("GET", f"https://stage.test/{what}?{urlencode(words)}")


def _not_found(status: int, body: Any) -> Confirmed | Refused:
    if 200 <= status < 300:
        return Confirmed(body)
    return Refused(status, str(body.get("code", "")) if isinstance(body, dict) else "")


def _rows(body: dict[str, Any], key: str) -> list[dict[str, Any]]:
    rows = body.get(key)
    if not isinstance(rows, list):
        raise VenueError(f"expected {key}, was {str(body)[:80]}")
    return rows


def _read(decode: Any, instrument: Instrument, row: dict[str, Any]) -> Any:
    try:
        return decode(instrument, row)
    except (Malformed, KeyError, AttributeError) as error:
        raise VenueError(f"{instrument.symbol}: {error}") from error


def _resting_order(of: Instrument, row: dict[str, Any]) -> RestingOrder:
    return RestingOrder(
        word(row, "cid", int),
        SIDES[word(row, "side", str)],
        ticks_of(of, row.get("price")),
        lots_of(of, row.get("open")),
    )


def _fate(of: Instrument, body: dict[str, Any]) -> Fate:
    """Return a fate; a status that nobody has heard of proves nothing."""
    filled = _read(lambda of, row: lots_of(of, row.get("filled")), of, body)
    kind = STATUSES.get(body.get("status", ""), OUTCOME_UNKNOWN)
    if kind != ACCEPTED:
        return Fate(kind, filled)
    ticks = _read(lambda of, row: ticks_of(of, row.get("price")), of, body)
    lots = _read(lambda of, row: lots_of(of, row.get("size")), of, body)
    return Fate(kind, filled, ticks, lots)
