"""Give tests the real ccxt class, pointed at a stand-in on loopback and at nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from runner.engine.clock import SystemClock
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import API_KEY, SECRET, UID
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.sessions import STREAMS
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.loopback import Doors

HOST = "127.0.0.1"


@asynccontextmanager
async def standing(*steps: dict[str, Any], **setup: Any) -> AsyncIterator[tuple[Venue, int]]:
    """Open a stand-in on loopback, on the machine's clock; yield it and its port."""
    clock = SystemClock()
    venue = Venue(Setup(script=tuple(step_of(s) for s in steps), **setup), clock.now_ns())
    venue.open_account(UID, keys())
    async with Doors(venue, clock.now_ns, STREAMS).opened() as port:
        yield venue, port


@asynccontextmanager
async def trading(port: int, **options: Any) -> AsyncIterator[Any]:
    """Yield the exchange class with streams, every address of which is the stand-in's."""
    import ccxt.pro

    given = {"apiKey": API_KEY, "secret": SECRET, "enableRateLimit": False, **options}
    exchange = ccxt.pro.bybit(given)
    pointed(exchange, port)
    try:
        yield exchange
    finally:
        await exchange.close()


def pointed(exchange: Any, port: int) -> None:
    """Let every address of an exchange lead to a port of this machine."""
    exchange.options["defaultType"] = "swap"
    exchange.urls["api"] = _local(exchange.urls["api"], port)


def _local(leaf: Any, port: int) -> Any:
    """Keep paths, and put this machine in place of each host."""
    if isinstance(leaf, dict):
        return {name: _local(each, port) for name, each in leaf.items()}
    scheme, _, rest = str(leaf).partition("://")
    local = {"https": "http", "wss": "ws"}.get(scheme, scheme)
    return f"{local}://{HOST}:{port}/{rest.partition('/')[2]}".rstrip("/")
