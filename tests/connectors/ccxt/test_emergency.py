"""What cancels everything from another thread, over real sockets to a stand-in on loopback."""

import random
from decimal import Decimal

import pytest

from connectors.ccxt import account_parts
from connectors.ccxt.binance import BinanceUsdm
from connectors.ccxt.budgets import Budgets
from connectors.ccxt.bybit import Bybit, Terms
from connectors.ccxt.kucoin import Kucoin
from connectors.ccxt.kucoin_rescue import KucoinRescue
from connectors.ccxt.library import Keys
from connectors.ccxt.network import Network
from connectors.ccxt.okx import Okx
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms as BinanceTerms
from connectors.model.errors import VenueError
from runner.engine.clock import SystemClock
from tests.connectors.ccxt.bybit_trader import BTC, ETH
from tests.connectors.ccxt.kucoin_trader import BTC as KUCOIN_BTC
from tests.connectors.ccxt.loopback import served, served_by
from tests.connectors.ccxt.okx_trader import BTC as OKX_BTC
from tests.connectors.ccxt.standing import CAPS
from tests.venues.binance import client as binance_client
from tests.venues.binance import keys as binance_keys
from tests.venues.binance import sessions
from tests.venues.binance import venue as binance
from tests.venues.bybit.keys import API_KEY, SECRET
from tests.venues.bybit.venue import Setup
from tests.venues.kucoin import client as kucoin_client
from tests.venues.kucoin import keys as kucoin_keys
from tests.venues.kucoin import sessions as kucoin_sessions
from tests.venues.kucoin import venue as kucoin
from tests.venues.okx import client as okx_client
from tests.venues.okx import keys as okx_keys
from tests.venues.okx import sessions as okx_sessions
from tests.venues.okx import venue as okx


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


def binance_parts(port: int, secret: str) -> BinanceUsdm:
    here = f"127.0.0.1:{port}"
    where = PublicTerms("binanceusdm", f"http://{here}", f"ws://{here}", 30.0, 15.0, 300.0)
    network = Network(
        "binance_usdm",
        Budgets(CAPS),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        SystemClock(),
        random.Random(1),
        lambda now_ns, market, text: None,
        None,  # type: ignore[arg-type]
    )
    keys = Keys(binance_keys.API_KEY, secret)
    terms = BinanceTerms(Decimal(2), Decimal(5))
    return BinanceUsdm(account_parts.Setup(network, where, lambda *_: (), keys, terms, sends=False))


def test_binances_orders_are_cancelled_by_a_signed_request_a_market() -> None:
    made: list[binance.Venue] = []

    def venue(now_ns: int) -> binance.Venue:
        made.append(binance.Venue(binance.Setup(has_crowd=False), now_ns))
        made[0].open_account(binance_keys.UID, binance_client.keys())
        binance_client.Client(made[0]).place("resting")
        return made[0]

    with served_by(venue, sessions.STREAMS) as port:
        account = made[0].exchange.accounts[binance_keys.UID]
        assert len(account.live_orders()) == 1
        binance_parts(port, binance_keys.SECRET).emergency((BTC, ETH))()
        assert account.live_orders() == []
        with pytest.raises(VenueError, match="-1022"):
            binance_parts(port, "wrong").emergency((BTC,))()


def okx_parts(port: int, secret: str) -> Okx:
    here = f"127.0.0.1:{port}"
    where = PublicTerms("okx", f"http://{here}", f"ws://{here}", 30.0, 15.0, 300.0)
    network = Network(
        "okx_demo",
        Budgets(CAPS),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        SystemClock(),
        random.Random(1),
        lambda now_ns, market, text: None,
        None,  # type: ignore[arg-type]
    )
    keys = Keys(okx_keys.API_KEY, secret, okx_keys.PASSPHRASE)
    terms = BinanceTerms(Decimal(2), Decimal(5), "cross")
    return Okx(
        account_parts.Setup(network, where, lambda *_: (), keys, terms, sends=False), is_demo=True
    )


def test_okxs_orders_are_listed_and_cancelled_until_none_is_left() -> None:
    made: list[okx.Venue] = []

    def venue(now_ns: int) -> okx.Venue:
        made.append(okx.Venue(okx.Setup(has_crowd=False, orders_per_2s=None), now_ns))
        made[0].open_account(okx_keys.UID, okx_client.keys())
        client = okx_client.Client(made[0])
        for number in range(25):
            client.place(f"resting{number}")
        return made[0]

    with served_by(venue, okx_sessions.STREAMS) as port:
        account = made[0].exchange.accounts[okx_keys.UID]
        assert len(account.live_orders()) == 25
        okx_parts(port, okx_keys.SECRET).emergency((OKX_BTC,))()
        assert account.live_orders() == []
        with pytest.raises(VenueError, match="50113"):
            okx_parts(port, "wrong").emergency((OKX_BTC,))()
    with pytest.raises(VenueError, match="BTC-USDT-SWAP: ConnectionRefusedError"):
        okx_parts(port, okx_keys.SECRET).emergency((OKX_BTC,))()


def kucoin_parts(port: int, secret: str) -> Kucoin:
    here = f"127.0.0.1:{port}"
    where = PublicTerms("kucoinfutures", f"http://{here}", f"ws://{here}", 30.0, 10.0, 300.0)
    network = Network(
        "kucoin_futures",
        Budgets(CAPS),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        SystemClock(),
        random.Random(1),
        lambda now_ns, market, text: None,
        None,  # type: ignore[arg-type]
    )
    keys = Keys(kucoin_keys.API_KEY, secret, kucoin_keys.PASSPHRASE)
    terms = BinanceTerms(Decimal(2), Decimal(6), "cross", 5)
    return Kucoin(account_parts.Setup(network, where, lambda *_: (), keys, terms, sends=False))


def kucoin_rescue_at(port: int) -> KucoinRescue:
    words = (kucoin_keys.API_KEY, kucoin_keys.SECRET, kucoin_keys.PASSPHRASE)
    return KucoinRescue("kucoin_futures", f"http://127.0.0.1:{port}", *words, [KUCOIN_BTC.symbol])


def test_kucoins_orders_are_cancelled_by_a_signed_request_a_market() -> None:
    made: list[kucoin.Venue] = []

    def venue(now_ns: int) -> kucoin.Venue:
        made.append(kucoin.Venue(kucoin.Setup(has_crowd=False, skew_ms=60_000), now_ns))
        made[0].open_account(kucoin_keys.UID, kucoin_client.keys())
        kucoin_client.Client(made[0]).place("resting")
        return made[0]

    with served_by(venue, kucoin_sessions.STREAMS) as port:
        account = made[0].exchange.accounts[kucoin_keys.UID]
        assert len(account.live_orders()) == 1
        kucoin_parts(port, kucoin_keys.SECRET).emergency((KUCOIN_BTC,))()
        assert any(not kucoin_rescue_at(port).resting() for _ in range(500)), "it is carried out"
        kucoin_parts(port, kucoin_keys.SECRET).emergency((KUCOIN_BTC,))()
        assert account.live_orders() == []
        with pytest.raises(VenueError, match="400004"):
            kucoin_parts(port, "wrong").emergency((KUCOIN_BTC,))()
