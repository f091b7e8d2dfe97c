"""Read Bybit's stand-in natively, on virtual time and without an account."""

import random

from connectors.ccxt.adapter import CcxtVenue
from connectors.ccxt.budgets import Budgets
from connectors.ccxt.native.bybit_rest import BybitRest
from connectors.ccxt.native.bybit_streams import bybit_manner, bybit_streams
from connectors.ccxt.native.parts import NativeOnly, Read
from connectors.ccxt.network import Network
from tests.connectors.ccxt.bybit_trader import INSTRUMENTS, Trader
from tests.connectors.ccxt.standing import CAPS
from tests.virtual import VirtualClock


async def _nothing() -> None:
    """Hold nothing open."""


def reading(stand: Trader, clock: VirtualClock) -> CcxtVenue:
    """Return the adapter that reads a stand-in natively."""
    network = Network(
        "bybit",
        Budgets(CAPS),
        stand.way,
        stand.way,
        clock,
        random.Random(3),
        lambda now_ns, market, text: stand.told.append(text),
        _nothing,
    )
    streams = bybit_streams(network, "ws://venue", bybit_manner(15.0, 15.0))
    parts = NativeOnly(network, Read(BybitRest(network, "http://venue"), streams), 300.0)
    return CcxtVenue(network, parts, INSTRUMENTS)
