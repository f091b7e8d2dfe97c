"""Be the venue of the bench of ccxt: Bybit's stand-in, and when the bytes of each order had come.

`python -m tests.bench.ccxt_venue` prints its port. Stamps are CLOCK_MONOTONIC, which is one count
for all processes of a machine. GET /stamps tells and forgets them. An
account may send a thousand times the usual.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic_ns
from typing import Any

from runner.engine.clock import SystemClock
from tests.venues.bybit.accounts import Key
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.sessions import STREAMS
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.http import Answer, Asked, Plan, said
from tests.venues.common.line import Line
from tests.venues.common.loopback import Doors

PATH = "/stamps"
PLAIN_UID, PLAIN_KEY, PLAIN_SECRET = (
    UID + 1,
    "plainccxtkey000001",
    "plainccxtsecret0000000000000000000001",
)
ORDERS = "/v5/order/"
Stamp = tuple[str, str, int]
"""What was asked (create, amend, cancel), the order's text, and when."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """One connection, whose frames are stamped before they are read."""

    session: Any
    came: list[tuple[int, str, bytes]]

    def hear(self, raw: bytes) -> None:
        """Take a frame."""
        self.came.append((monotonic_ns(), "", raw))
        self.session.hear(raw)

    def alive(self) -> None:
        """Note a ping."""
        self.session.alive()


class Stamping:
    """The venue behind the doors, which stamps what comes before it meets it."""

    def __init__(self, venue: Venue) -> None:
        self.agenda = venue.agenda
        self._venue = venue
        self._came: list[tuple[int, str, bytes]] = []

    def ask(self, asked: Asked) -> Plan:
        """Meet a request, or tell the stamps."""
        if asked.path == PATH:
            rows = [row for came in self._came for row in stamps(*came)]
            self._came.clear()
            return Plan(said(rows))
        if asked.path.startswith(ORDERS) and asked.method == "POST":
            self._came.append((monotonic_ns(), asked.path, asked.raw))
        return self._venue.ask(asked)

    def carry_out(self, asked: Asked) -> Answer:
        """Answer a request that was held back on its way."""
        return self._venue.carry_out(asked)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made."""
        return self._venue.admits(target)

    def connect(self, line: Line) -> Stamped:
        """Open a connection."""
        return Stamped(self._venue.connect(line), self._came)

    def hang_up(self, session: Stamped) -> None:
        """Forget a connection."""
        self._venue.hang_up(session.session)


def stamps(at_ns: int, path: str, raw: bytes) -> Iterator[Stamp]:
    """Yield what each order of a request was asked; nothing for other frames."""
    words = json.loads(raw)
    what = path or str(words.get("op", ""))
    kind = next((kind for kind in ("create", "amend", "cancel") if kind in what), "")
    if kind:
        for text in _texts(words):
            yield kind, text, at_ns


def _texts(words: Any) -> Iterator[str]:
    """Yield every id of a client's, however deep."""
    if isinstance(words, dict):
        if "orderLinkId" in words:
            yield words["orderLinkId"]
        for each in words.values():
            yield from _texts(each)
    elif isinstance(words, list):
        for each in words:
            yield from _texts(each)


async def serve() -> None:
    """Serve until stopped."""
    clock = SystemClock()
    venue = Venue(
        Setup(has_crowd=False, limits=Limits(requests=100_000, order_factor=1_000)), clock.now_ns()
    )
    venue.open_account(UID, keys())
    venue.open_account(PLAIN_UID, {PLAIN_KEY: Key(PLAIN_SECRET)})
    async with Doors(Stamping(venue), clock.now_ns, STREAMS).opened() as port:
        print(port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
