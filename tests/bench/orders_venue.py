"""Be the venue of the bench of orders: the stand-in, and when each request's bytes had come.

`python -m tests.bench.orders_venue` prints its port. The stamps are CLOCK_MONOTONIC, which is one
count for all processes of a machine. GET /stamps tells and forgets them, GET /hush lets the streams
of an account fall silent. Signatures are not looked at: one costs the stand-in's plain Python 6 ms,
in which the next request could not be stamped.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic_ns
from typing import Any

from runner.engine.clock import SystemClock
from tests.venues.common.http import Answer, Asked, Plan, said
from tests.venues.common.line import Line
from tests.venues.common.loopback import Doors
from tests.venues.lighter.gateway import SENDS
from tests.venues.lighter.keys import ACCOUNT, publics
from tests.venues.lighter.limits import Limits
from tests.venues.lighter.session import SENDS as STREAMED
from tests.venues.lighter.session import Session
from tests.venues.lighter.transactions import batch
from tests.venues.lighter.venue import Setup, Venue

PATH = "/stamps"
HUSH = "/hush"
CHAIN_ID = 300
OURS, THEIRS, AHEAD, HUSHED = range(ACCOUNT, ACCOUNT + 4)
"""An account for each client, so that none hears of another's orders."""
Came = tuple[int, bytes | dict[str, str]]


@dataclass(frozen=True, slots=True)
class Stamped:
    """One connection, whose frames are stamped before they are read."""

    session: Session
    came: list[Came]

    def hear(self, raw: bytes) -> None:
        """Take a frame."""
        self.came.append((monotonic_ns(), raw))
        self.session.hear(raw)

    def alive(self) -> None:
        """Note a ping."""
        self.session.alive()


class Stamping:
    """The venue behind the doors, which stamps what comes before it meets it."""

    def __init__(self, venue: Venue) -> None:
        self.agenda = venue.agenda
        self._venue = venue
        self._came: list[Came] = []

    def ask(self, asked: Asked) -> Plan:
        """Meet a request, or tell the stamps."""
        if asked.path == PATH:
            rows = [row for came in self._came for row in stamps(came)]
            self._came.clear()
            return Plan(said(rows))
        if asked.path == HUSH:
            self._hush(f"/{asked.words['account']}")
            return Plan(said([]))
        if asked.path.rpartition("/")[2] in SENDS:
            self._came.append((monotonic_ns(), dict(asked.words)))
        return self._venue.ask(asked)

    def _hush(self, account: str) -> None:
        """Have nobody hear of an account any more."""
        for channel, listeners in self._venue.publisher.listeners.items():
            if channel.endswith(account):
                listeners.clear()

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


def stamps(came: Came) -> list[tuple[str, int, int]]:
    """Return kind, order and moment of each transaction in a request; nothing for other frames."""
    now_ns, what = came
    words: dict[str, Any] = what if isinstance(what, dict) else _sent(what)
    if not words:
        return []
    return [(tx.kind.name, tx.client_index, now_ns) for tx in batch(words)]


def _sent(raw: bytes) -> dict[str, Any]:
    """Return a frame's transactions in the words of HTTP."""
    frame = json.loads(raw)
    if frame.get("type") not in STREAMED:
        return {}
    data = dict(frame["data"])
    if "tx_info" in data:
        data["tx_info"] = json.dumps(data["tx_info"])
    return data


async def serve() -> None:
    """Serve until stopped."""
    clock = SystemClock()
    limits = Limits(has_rates=False)
    setup = Setup(chain_id=CHAIN_ID, verify="none", has_crowd=False, limits=limits)
    venue = Venue(setup, clock.now_ns())
    for account in (OURS, THEIRS, AHEAD, HUSHED):
        venue.open_account(account, publics())
    async with Doors(Stamping(venue), clock.now_ns).opened() as port:
        print(port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
