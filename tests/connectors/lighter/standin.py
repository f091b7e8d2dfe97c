"""Connect the adapter to the stand-in on virtual time: an account that somebody else trades."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from connectors.calls import Calls, Patience
from connectors.lighter.adapter import Holder, LighterVenue
from connectors.lighter.budgets import Budgets
from connectors.lighter.network import Network
from connectors.lighter.rest import Rest
from connectors.model.instrument import Instrument
from tests import virtual
from tests.connectors.lighter.house import TERMS, Sinks, stopped
from tests.connectors.lighter.market_files import BTC, ETH
from tests.venues.common.memory import Within
from tests.venues.lighter.client import Client
from tests.venues.lighter.keys import ACCOUNT, publics
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.venue import Setup, Venue
from tests.virtual import VirtualClock

INSTRUMENTS = {"btc": BTC, "eth": ETH}


class Keys:
    """A `Signer` whose signatures nobody looks at."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    async def auth_token(self, expires_s: int) -> str:
        """Return a token."""
        self.asked.append(expires_s)
        return f"{expires_s}:{ACCOUNT}:4:00"


class StandIn:
    """The stand-in, the adapter at it, and a client that trades the same account."""

    def __init__(self, clock: VirtualClock, *steps: dict[str, Any], **setup: Any) -> None:
        self.instruments: Mapping[str, Instrument] = setup.pop("instruments", INSTRUMENTS)
        script = tuple(step_of(step) for step in steps)
        self.clock = clock
        self.there = Venue(Setup(**{"verify": "none", **setup, "script": script}), clock.now_ns())
        self.there.open_account(ACCOUNT, publics())
        self.way = Within(self.there, clock.now_ns)
        self.client = Client(self.there)
        self.told: list[str] = []
        self.keys = Keys()
        budgets, rng = Budgets(TERMS.caps), random.Random(3)
        rest = Rest("http://venue", Calls(self.way, budgets.reads, clock, rng, Patience()))
        self.network = Network(
            TERMS, budgets, rest, self.way, clock, rng, self._hear, self._nothing_to_close
        )
        self.venue = LighterVenue(self.network, self.instruments, Holder(ACCOUNT, self.keys))
        self.sinks = {name: Sinks() for name in self.instruments}

    def trade(self, client_index: int, **fields: int) -> None:
        """Send an order to the stand-in's ETH market as somebody else with the same key would."""
        self.way.advance()
        assert self.client.place(client_index, **fields)["code"] == 200

    def cancel(self, client_index: int) -> None:
        """Cancel it."""
        self.way.advance()
        assert self.client.cancel(client_index)["code"] == 200

    def of_account(self, kind: int) -> list[tuple[int, ...]]:
        """Return the account rows of ETH of a kind."""
        return [row for row in self.sinks["eth"].account if row[0] == kind]

    def _hear(self, now_ns: int, market: str, text: str) -> None:
        self.told.append(f"{market}: {text}")

    async def _nothing_to_close(self) -> None:
        """Keep nothing open: requests pass in memory."""


Act = Callable[[StandIn], Coroutine[Any, Any, None]]


async def nothing(stand: StandIn) -> None:
    """Do nothing."""


def beside(act: Act, *steps: dict[str, Any], before: Act = nothing, **setup: Any) -> StandIn:
    """Run the adapter at a stand-in beside `act`, and `before` it `before`; return both."""

    async def main(clock: VirtualClock) -> StandIn:
        stand = StandIn(clock, *steps, **setup)
        keeper = asyncio.create_task(stand.way.keep_time())
        await before(stand)
        task = asyncio.create_task(stand.venue.run(stand.sinks))
        await asyncio.sleep(1)
        await act(stand)
        await stopped(task)
        keeper.cancel()
        return stand

    return virtual.run(main)
