"""Money: what plain ccxt adds, rounds or counts otherwise, and what leaves here for the same."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import ccxt
import pytest

from connectors.calls import Reply, Request
from connectors.ccxt.commands import Command
from connectors.ccxt.outgoing import COSTLY
from connectors.model.events import ACCEPTED, BUY, CANCELLED, IOC, POST_ONLY
from tests import virtual
from tests.connectors.ccxt.capture import Captured
from tests.connectors.ccxt.hyperliquid_trader import TERMS, Trader, trading
from tests.connectors.ccxt.standing import NEAR
from tests.connectors.ccxt.test_dialects import MARKETS, created
from tests.connectors.ccxt.traps.plain import plain
from tests.venues.common.http import Asked, Plan
from tests.virtual import VirtualClock


class Listening:
    """A way that keeps what is sent, and answers well of everything."""

    def __init__(self) -> None:
        self.sent: list[Request] = []

    async def send(self, request: Request) -> Reply:
        """Keep it."""
        self.sent.append(request)
        oid = {"resting": {"oid": 1}}
        hyperliquid = {"type": "order", "data": {"statuses": [oid]}}
        said = {"code": "0", "data": [{"sCode": "0"}], "status": "ok", "response": hyperliquid}
        return Reply(200, {}, json.dumps(said).encode())


async def sent_by_plain(clock: VirtualClock, venue: str, amount: float, price: float) -> list[Any]:
    """Return the bodies that an order through plain ccxt makes, as its manual has it."""
    ours = Captured(clock, *MARKETS[venue])
    way = Listening()
    keys = {"apiKey": "key", "secret": "s" * 32, "password": "word"}
    name = type(ours.exchange).__mro__[2].__name__
    exchange = plain(name, way, **keys, enableRateLimit=False)
    exchange.walletAddress, exchange.privateKey = "0x" + "11" * 20, "0x" + "22" * 32
    exchange.options |= {"uta": False}
    exchange.set_markets(list(ours.exchange.markets.values()))
    # What it makes of our answers does not matter here.
    with suppress(LookupError, TypeError, ccxt.BaseError):
        await exchange.create_order(
            ours.market.unified, "limit", "buy", amount, price, {"postOnly": True}
        )
    await exchange.close()
    return [json.loads(request.body) for request in way.sent]


def bodies(venue: str, amount: float, price: float) -> list[Any]:
    """Return them, on virtual time."""
    return virtual.run(lambda clock: sent_by_plain(clock, venue, amount, price))


def test_plain_ccxt_counts_sizes_in_contracts_where_base_was_meant() -> None:
    (orders,) = bodies("okx", 3.0, 60_000.1)
    assert orders[0]["sz"] == "3"


def test_sizes_are_base_here_and_leave_as_contracts() -> None:
    words = created("okx", BUY, POST_ONLY)[1]
    assert words["sz"] == "3"

    async def main(clock: VirtualClock) -> Any:
        captured = Captured(clock, *MARKETS["okx"])
        return captured.market.instrument.size_base(3), captured.market.units.lots("3")

    base, lots = virtual.run(main)
    assert (str(base), lots) == ("0.03", 3)


def test_plain_ccxt_approves_a_builder_and_pays_it_on_every_order() -> None:
    sent = bodies("hyperliquid", 0.003, 60_000)
    kinds = [each["action"]["type"] for each in sent if "action" in each]
    assert "approveBuilderFee" in kinds
    assert any("builder" in each["action"] for each in sent if "action" in each)


def test_nobody_is_approved_and_nobody_is_paid_here() -> None:
    place, words = created("hyperliquid", BUY, POST_ONLY, 60_000)
    assert place == "POST /exchange"
    assert words["action"].keys() == {"type", "orders", "grouping"}


def test_no_request_of_a_live_session_names_a_builder_or_a_referrer() -> None:
    sent: list[bytes] = []

    async def listen(stand: Trader) -> None:
        answer = stand.there.ask

        def ask(asked: Asked) -> Plan:
            sent.append(asked.raw)
            return answer(asked)  # type: ignore[no-any-return]

        stand.there.ask = ask

    async def act(stand: Trader) -> None:
        order = stand.place(1)
        stand.place(2, NEAR, IOC)
        await asyncio.sleep(1)
        stand.venue.cancel("eth", order)
        await asyncio.sleep(1)
        assert stand.heard(order) == [ACCEPTED, CANCELLED]

    trading(act, before=listen, terms=replace(TERMS, leverage=3))
    actions = [body["action"] for body in map(json.loads, sent) if "action" in body]
    assert {each["type"] for each in actions} == {"updateLeverage", "order", "cancelByCloid"}
    assert not [raw for raw in sent for words in COSTLY if words in raw]
    for each in actions:
        assert each["type"] != "order" or each.keys() == {"type", "orders", "grouping"}


def test_plain_ccxt_sends_a_leverage_of_one_whatever_the_account_has() -> None:
    (order,) = bodies("kucoin_futures", 3, 60_000.1)
    assert order["leverage"] == 1


def test_the_leverage_that_was_chosen_is_sent_here() -> None:
    assert created("kucoin_futures", BUY, POST_ONLY)[1]["leverage"] == 5


@pytest.mark.parametrize(("asked", "sent"), [(60_000.06, "60000.1"), (60_000.04, "60000")])
def test_plain_ccxt_rounds_a_bid_to_the_nearest_tick_and_so_up(asked: float, sent: str) -> None:
    (orders,) = bodies("okx", 3.0, asked)
    assert orders[0]["px"] == sent


def test_a_price_that_would_be_rounded_is_not_sent_here() -> None:
    async def main(clock: VirtualClock) -> Any:
        captured = Captured(clock, *MARKETS["okx"])
        market = captured.exchange.markets["BTC/USDT:USDT"]
        market["precision"]["price"] = 0.5
        command = Command("btc", 2176, BUY, 600_001, 3, POST_ONLY)
        await asyncio.sleep(0)
        await captured.writes.create(captured.market, command)
        return captured.http.sent

    assert virtual.run(main) == []
