"""Send orders to Bybit's stand-in with the adapter, made of settings as a live deploy makes it."""

import asyncio
import os
import sys
from contextlib import suppress
from time import monotonic_ns, process_time_ns

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.ids import Codec
from connectors.model.errors import MmrunnerError, VenueError
from connectors.model.events import ACCEPTED, BUY, CANCELLED
from connectors.model.orders import ID_STRIDE
from runner.engine.clock import SystemClock
from runner.wiring.bybit import bybit_venue
from tests.bench.ccxt_venue import Stamp
from tests.bench.deploy import settings_of
from tests.bench.orders_ours import WITHIN_S, Heard
from tests.venues.bybit.keys import API_KEY, SECRET
from tests.venues.bybit.sandbox import addresses

MARKET = "eth"
TICKS, LOTS = 290_000, 10
"""The same order as ccxt's."""
FAST = tuple(f"venue.{what}_per_s=1000" for what in ("places", "cancels", "amends", "reads"))


class Ours:
    """The adapter at the stand-in of a port: `way` is http or stream."""

    def __init__(self, port: int, way: str) -> None:
        os.environ |= {"BYBIT_SANDBOX_KEY": API_KEY, "BYBIT_SANDBOX_SECRET": SECRET}
        only_http = ("venue.trade_url=null",) if way == "http" else ()
        words = (*addresses(port), *FAST, "venue.requests_per_5s=10000", *only_http)
        settings = settings_of("experiment=bybit_sandbox", *words)
        self.way = way
        self.heard = Heard()
        self._last = 0 if way == "http" else 1_000_000
        self._codec = Codec(settings.markets[MARKET].instrument.symbol)
        self._venue: CcxtVenue = bybit_venue(settings, (MARKET,), SystemClock(), _tell)
        self._run = asyncio.create_task(self._venue.run({MARKET: self.heard}))

    async def until_ready(self) -> None:
        """Return once an order was accepted, over the stream where there is one."""
        for _ in range(round(WITHIN_S / 0.1)):
            await asyncio.sleep(0.1)
            if self._run.done():
                self._run.result()
            with suppress(VenueError):
                await self.one_by_one(1)
                await asyncio.sleep(1.0)
                return
        raise MmrunnerError("bybit: expected an adapter that sends, it never did")

    async def one_by_one(self, orders: int) -> tuple[list[Stamp], float]:
        """Place and cancel orders; return when each was decided, and processor time [us]."""
        decided: list[Stamp] = []
        taken_ns = 0
        for _ in range(orders):
            self._last += 1
            client_id = self._last * ID_STRIDE
            before_ns = process_time_ns()
            decided.append(("create", self._codec.text(client_id), monotonic_ns()))
            self._venue.place(MARKET, client_id, BUY, TICKS, LOTS)
            await self.heard.until(ACCEPTED, client_id)
            taken_ns += process_time_ns() - before_ns
            self._venue.cancel(MARKET, client_id)
            await self.heard.until(CANCELLED, client_id)
        return decided, taken_ns / orders / 1e3

    async def close(self) -> None:
        """End the streams."""
        self._run.cancel()
        with suppress(asyncio.CancelledError):
            await self._run
        self._venue.close()


def _tell(now_ns: int, market: str, text: str) -> None:
    print(f"ccxt: {market} {text}", file=sys.stderr)
