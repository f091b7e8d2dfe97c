"""A ledger comes level with Lighter's books, and stays level with what happens there."""

import asyncio
from decimal import Decimal

from connectors.model.events import FILLED
from runner.engine.ledger.entries import Terms
from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.level import level
from runner.engine.outbox import LedgerOutbox
from runner.engine.reconcile import Reconciler
from tests.connectors.lighter.standin import StandIn, beside
from tests.connectors.lighter.test_account import TAKES

FREE = Decimal(0)
ETH = Terms("lighter", "ETH", Decimal("0.0001"), "USDC", Decimal("0.000001"), FREE, FREE)


def test_a_ledger_that_knows_nothing_comes_level_and_follows() -> None:
    async def before(stand: StandIn) -> None:
        stand.trade(2176, **TAKES)
        await asyncio.sleep(1)

    async def act(stand: StandIn) -> None:
        warned: list[str] = []

        def warn(now_ns: int, market: str, text: str) -> None:
            warned.append(text)

        store = Store(None, {"eth": ETH})
        found = await level("eth", stand.venue, store, stand.clock, warn)
        account = found.standing.account
        assert found.open_orders == {}
        assert store.position_lots("eth", account) == found.standing.position_lots == 700
        outbox = LedgerOutbox(
            "eth",
            account,
            stand.venue,
            DirectWriter(store, stand.clock),
            stand.clock,
            warn,
            700,
            store.cursor("eth", account),
        )
        reconciler = Reconciler(outbox, stand.venue, outbox.writer, stand.clock, warn, 0)
        for k in range(6):
            is_ask = k % 2
            price = 310_000 - 20_000 * is_ask
            stand.trade(2176 * (k + 2), **{**TAKES, "Price": price, "IsAsk": is_ask})
            await asyncio.sleep(3)
            assert await reconciler.look() is not None or reconciler.in_doubt <= 1
        await asyncio.sleep(10)
        assert await reconciler.look() is not None
        assert outbox.position_lots == store.position_lots("eth", account) == 700
        told = {row[6] for row in stand.of_account(FILLED)}
        assert len([text for text in warned if "was missing and is booked" in text]) == len(told)
        assert not outbox.is_halted

    beside(act, before=before)
