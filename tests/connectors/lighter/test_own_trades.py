"""One read a look tells every market's trades, also one that is shown late."""

import asyncio
from typing import Any

from connectors.lighter.account_reads import AccountReads
from connectors.lighter.own_trades import OwnTrades
from connectors.lighter.rest import Rest
from connectors.lighter.tokens import Tokens
from tests import virtual
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.house import House
from tests.connectors.lighter.test_account_reads import Keys
from tests.virtual import START_NS, VirtualClock

Params = dict[str, str]


class Books:
    """The venue's books of trades; each is shown from a second on."""

    def __init__(self, clock: VirtualClock) -> None:
        self.rows: list[tuple[float, dict[str, Any]]] = []
        house = House(clock)
        house.api.answers["trades"] = self.page
        self.api = house.api
        rest: Rest = house.network.rest
        tokens = Tokens(Keys(), clock)
        self.own = OwnTrades(AccountReads(rest, tokens, said.ACCOUNT))
        self._clock = clock

    def trade(self, trade_id: int, market_id: int, at_s: float, shown_s: float = 0.0) -> None:
        """Add a trade of a moment."""
        ms = START_NS // 1_000_000 + round(at_s * 1000)
        row = said.trade_row(trade_id, market_id=market_id, timestamp=ms, transaction_time=0)
        self.rows.append((max(at_s, shown_s), row))

    def page(self, params: Params) -> dict[str, Any]:
        """Answer a read."""
        now_s = (self._clock.now_ns() - START_NS) / 1e9
        rows = [row for shown_s, row in self.rows if shown_s <= now_s]
        if "market_id" in params:
            rows = [row for row in rows if row["market_id"] == int(params["market_id"])]
        rows.sort(key=lambda row: -row["trade_id"])
        first, size = int(params.get("cursor", 0)), int(params["limit"])
        more = {"next_cursor": str(first + size)} if first + size < len(rows) else {}
        return {"trades": rows[first : first + size], **more}

    async def ids(self, market_id: int, after_id: int) -> list[int]:
        """Return the ids of a market's trades."""
        return [trade.trade_id for trade in await self.own.after(market_id, after_id)]


def test_ten_markets_are_one_read_a_look() -> None:
    async def main(clock: VirtualClock) -> None:
        books = Books(clock)
        for k in range(1, 41):
            books.trade(k, k % 10, 0.0)
        await asyncio.gather(*(books.ids(m, 0) for m in range(10)))
        for look in range(1, 6):
            await asyncio.sleep(2)
            books.trade(100 + look, 3, 2.0 * look)
            books.api.asked.clear()
            found = await asyncio.gather(*(books.ids(m, 0) for m in range(10)))
            assert [len(each) for each in found] == [4, 4, 4, 4 + look, 4, 4, 4, 4, 4, 4]
            assert len(books.api.asked) <= 2

    virtual.run(main)


def test_a_trade_that_is_shown_after_a_later_one_is_told() -> None:
    async def main(clock: VirtualClock) -> None:
        books = Books(clock)
        books.trade(1, 1, 0.0)
        assert await books.ids(1, 0) == [1]
        books.trade(5, 1, 2.0, shown_s=30.0)
        books.trade(6, 1, 2.1)
        await asyncio.sleep(5)
        assert await books.ids(1, 0) == [1, 6]
        await asyncio.sleep(30)
        assert await books.ids(1, 0) == [1, 5, 6]

    virtual.run(main)


def test_a_question_that_goes_further_back_than_before_is_answered_whole() -> None:
    async def main(clock: VirtualClock) -> None:
        books = Books(clock)
        for k in range(1, 251):
            books.trade(k, k % 2, 0.0)
        assert await books.ids(1, 201) == list(range(203, 250, 2))
        assert await books.ids(1, 0) == list(range(1, 250, 2))
        assert await books.ids(0, 0) == list(range(2, 251, 2))
        await asyncio.sleep(100)
        books.trade(300, 0, 100.0)
        assert await books.ids(0, 250) == [300]
        assert await books.ids(1, 0) == list(range(1, 250, 2))

    virtual.run(main)


def test_more_than_a_page_between_two_looks_is_read_to_its_end() -> None:
    async def main(clock: VirtualClock) -> None:
        books = Books(clock)
        books.trade(1, 1, 0.0)
        assert await books.ids(1, 1) == []
        for k in range(2, 500):
            books.trade(k, 1, 10.0)
        await asyncio.sleep(20)
        assert await books.ids(1, 1) == list(range(2, 500))

    virtual.run(main)
