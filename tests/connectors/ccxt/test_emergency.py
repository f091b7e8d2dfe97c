"""What cancels everything from another thread, over real sockets to a stand-in on loopback."""

import random

import pytest

from connectors.ccxt.budgets import Budgets
from connectors.ccxt.bybit import Bybit, Terms
from connectors.ccxt.library import Keys
from connectors.ccxt.network import Network
from connectors.model.errors import VenueError
from runner.engine.clock import SystemClock
from tests.connectors.ccxt.bybit_trader import BTC, CAPS, ETH
from tests.connectors.ccxt.loopback import served
from tests.venues.bybit.keys import API_KEY, SECRET
from tests.venues.bybit.venue import Setup


def parts(port: int, secret: str) -> Bybit:
    here = f"127.0.0.1:{port}"
    terms = Terms(f"http://{here}", f"ws://{here}", f"ws://{here}", None, None, 15.0, 15.0, 300.0)
    network = Network(
        "bybit",
        Budgets(CAPS),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        SystemClock(),
        random.Random(1),
        lambda now_ns, market, text: None,
        None,  # type: ignore[arg-type]
    )
    return Bybit(network, terms, Keys(API_KEY, secret))


def test_every_market_is_cancelled_or_a_person_is_told() -> None:
    with served(Setup(has_crowd=False)) as port:
        parts(port, SECRET).emergency((BTC, ETH))()
        with pytest.raises(VenueError, match="cancel them by hand"):
            parts(port, "wrong").emergency((BTC,))()
    with pytest.raises(VenueError, match="BTCUSDT: ConnectionRefusedError"):
        parts(port, SECRET).emergency((BTC,))()
