"""Reads of the account are whole or are none; nobody gets an answer older than his question."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from connectors.calls import Reply
from connectors.lighter.adapter import Holder
from connectors.model.account import ABSENT, Fate
from connectors.model.errors import Plan, VenueError
from connectors.model.events import CANCELLED, OUTCOME_UNKNOWN
from connectors.shared import Shared
from tests import virtual
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.house import House, stopped
from tests.virtual import VirtualClock

OURS = {"bid_account_id": said.ACCOUNT, "bid_client_id": 2176}
Params = dict[str, str]


class Keys:
    """A `Signer`."""

    async def auth_token(self, expires_s: int) -> str:
        """Return a token."""
        return f"until {expires_s}"


def position(size: str, sign: int = 1, market_id: int = 1) -> dict[str, Any]:
    row = {"market_id": market_id, "sign": sign, "position": size, "avg_entry_price": "99000.55"}
    return {"symbol": "BTC", **row}


def account(*positions: dict[str, Any], index: int = said.ACCOUNT) -> dict[str, Any]:
    return {"accounts": [{"index": index, "positions": list(positions)}]}


def pages(ids: list[int], most: int = 100) -> Callable[[Params], Any]:
    """Return an answer that pages through trades of ours, the newest first."""
    newest_first = sorted(ids, reverse=True)
    stamps = {k: {"timestamp": said.MS + 1000 * k, "transaction_time": 0} for k in ids}
    rows = [said.trade_row(k, **OURS, **stamps[k]) for k in newest_first]

    def answer(params: Params) -> Any:
        first, size = int(params.get("cursor", 0)), min(most, int(params["limit"]))
        more = {"next_cursor": str(first + size)} if first + size < len(rows) else {}
        return {"trades": rows[first : first + size], **more}

    return answer


def asking(
    act: Callable[[House], Coroutine[Any, Any, None]], **answers: Callable[[Params], Any]
) -> House:
    """Run `act` on a venue whose API answers so; nothing streams."""

    async def main(clock: VirtualClock) -> House:
        house = House(clock, holder=Holder(said.ACCOUNT, Keys()))
        none: dict[str, Callable[[Params], Any]] = {
            "account": lambda params: account(),
            "accountActiveOrders": lambda params: {"orders": []},
            "accountInactiveOrders": lambda params: {"orders": []},
            "accountOrders": lambda params: {"orders": []},
            "trades": pages([]),
        }
        house.api.answers |= none | answers
        await act(house)
        return house

    return virtual.run(main)


def refused(match: str, plan: Plan = Plan.RETRY, **answers: Callable[[Params], Any]) -> None:
    """Expect `standing` to raise."""

    async def act(house: House) -> None:
        with pytest.raises(VenueError, match=match) as caught:
            await house.venue.standing("btc")
        assert caught.value.plan is plan

    asking(act, **answers)


def test_a_position_is_told_with_its_sign_and_what_it_cost() -> None:
    async def act(house: House) -> None:
        standing = await house.venue.standing("btc")
        assert (standing.position_lots, standing.cash_tick_lots) == (-2000, 1_980_011_000)

    asking(act, account=lambda params: account(position("0.02000", -1)))


def test_an_account_that_is_told_without_positions_is_flat() -> None:
    async def act(house: House) -> None:
        standing = await house.venue.standing("btc")
        assert (standing.position_lots, standing.resting) == (0, ())

    house = asking(act)
    assert all(headers == {} or "Authorization" in headers for _, _, headers in house.api.asked)


def test_a_market_that_is_left_out_is_not_flat_where_the_stream_knows_better() -> None:
    async def act(house: House) -> None:
        state = house.venue.account
        assert state is not None
        state.positions["btc"] = 1000
        with pytest.raises(VenueError, match="where the stream has told one of 1000 lots"):
            await house.venue.standing("btc")

    asking(act)


@pytest.mark.parametrize(
    ("answer", "match", "plan"),
    [
        (account(index=9), r"asked for 4321, was \[9\]", Plan.HALT),
        ({"accounts": []}, r"asked for 4321, was \[\]", Plan.HALT),
        ({"accounts": None}, "not as documented", Plan.RETRY),
        (account(position("0.000001")), "off the grid", Plan.RETRY),
        (account(position("nan")), "not as documented", Plan.RETRY),
        (account(position("0.02000", 0)), "without a sign", Plan.RETRY),
        ({"code": 20001, "message": "invalid param"}, "refused with 20001", Plan.HALT),
        ({"code": 29500, "message": "internal"}, "refused with 29500", Plan.RETRY),
        (Reply(200, {}, b"[]"), "without a code", Plan.RETRY),
        (Reply(403, {}, b"<html>"), "refused with 403", Plan.HALT),
        (Reply(200, {}, b"<html>"), "no answer within 20 s", Plan.RETRY),
    ],
)
def test_what_is_no_answer_raises(answer: Any, match: str, plan: Plan) -> None:
    refused(match, plan, account=lambda params: answer)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250, 300])
def test_every_trade_is_read_whatever_the_pages(count: int) -> None:
    async def act(house: House) -> None:
        ids = list(range(1, count + 1))
        trades = await house.venue.trades_after("btc", 0)
        assert [trade.trade_id for trade in trades] == ids
        late = await house.venue.trades_after("btc", 60)
        assert [trade.trade_id for trade in late] == ids[60:]

    asking(act, trades=pages(list(range(1, count + 1))))


def reads_of(house: House, path: str) -> list[Params]:
    return [params for asked, params, _ in house.api.asked if asked == path]


async def look(house: House, *markets: str, after_id: int = 0) -> list[list[int]]:
    """Do what a start does first; return the ids of each market's trades."""
    await asyncio.gather(*(house.venue.standing(market) for market in markets))
    told = await asyncio.gather(*(house.venue.trades_after(m, after_id) for m in markets))
    return [[trade.trade_id for trade in trades] for trades in told]


def test_the_first_look_at_two_markets_asks_nothing_twice() -> None:
    async def act(house: House) -> None:
        assert await look(house, "btc", "eth") == [[1, 2, 3], []]
        for path in ("orderBookDetails", "account", "accountActiveOrders"):
            assert len(reads_of(house, path)) == 1
        assert ["market_id" in params for params in reads_of(house, "trades")] == [False, False]

    asking(act, trades=pages([1, 2, 3]))


@pytest.mark.parametrize(("after_id", "has_own"), [(0, True), (49, True), (50, True), (51, False)])
def test_a_markets_own_past_is_read_where_the_first_page_does_not_reach(
    after_id: int, has_own: bool
) -> None:
    ids = list(range(1, 151))

    async def act(house: House) -> None:
        assert await look(house, "btc", after_id=after_id) == [ids[after_id:]]
        own = [params for params in reads_of(house, "trades") if "market_id" in params]
        assert bool(own) == has_own

    asking(act, trades=pages(ids))


def test_the_last_trade_of_a_quiet_market_is_asked_for_where_others_fill_the_page() -> None:
    busy, quiet = pages(list(range(2, 151))), said.trade_row(1, market_id=0, **OURS)

    def answer(params: Params) -> Any:
        return {"trades": [quiet]} if params.get("market_id") == "0" else busy(params)

    async def act(house: House) -> None:
        assert (await house.venue.standing("eth")).last_trade_id == 1
        assert (await house.venue.standing("btc")).last_trade_id == 150

    asking(act, trades=answer)


def test_pages_that_end_without_a_word_prove_nothing() -> None:
    def cut(params: Params) -> Any:
        return {"trades": pages(list(range(1, 300)))(params)["trades"]}

    async def act(house: House) -> None:
        with pytest.raises(VenueError, match="no word of others"):
            await house.venue.trades_after("btc", 0)
        late = await house.venue.trades_after("btc", 250)
        assert [trade.trade_id for trade in late] == list(range(251, 300))

    asking(act, trades=cut)


def test_trades_in_another_order_are_refused() -> None:
    rows = [said.trade_row(k, **OURS) for k in (1, 2)]

    async def act(house: House) -> None:
        with pytest.raises(VenueError, match="not in the order"):
            await house.venue.trades_after("btc", 0)

    asking(act, trades=lambda params: {"trades": rows})


def test_an_end_that_the_stream_has_told_stays_whatever_a_late_read_says() -> None:
    open_again = {"orders": [said.order_row(2176)]}

    async def act(house: House) -> None:
        task = house.start()
        await asyncio.sleep(1)
        account_peer = house.account_peers[-1]
        account_peer.say(said.orders("update", said.order_row(2176, "canceled")))
        await asyncio.sleep(1)
        assert await house.venue.order_fate("btc", 2176) == Fate(CANCELLED, 0)
        account_peer.say(said.orders("update", said.order_row(4352)))
        house.api.answers["accountOrders"] = lambda params: {"orders": []}
        await asyncio.sleep(700)
        assert await house.venue.order_fate("btc", 4352) == Fate(OUTCOME_UNKNOWN, 0)
        told = [await house.venue.order_fate("btc", 6528) for _ in range(3)]
        assert told[-1] == Fate(ABSENT, 0)
        await stopped(task)

    asking(act, accountOrders=lambda params: open_again)


def test_orders_that_are_asked_about_together_are_one_read() -> None:
    async def act(house: House) -> None:
        asks = [house.venue.order_fate("btc", 2176 * k) for k in range(1, 12)]
        await asyncio.gather(*asks)
        reads = [params for path, params, _ in house.api.asked if path == "accountOrders"]
        assert len(reads) == 1
        named = {word for params in reads for word in params["client_order_indexes"].split(",")}
        assert named == {str(2176 * k) for k in range(1, 12)}

    asking(act)


def test_an_answer_is_shared_only_by_those_who_asked_before_it_began() -> None:
    begun: list[int] = []

    async def read() -> int:
        begun.append(len(begun))
        await asyncio.sleep(1)
        return len(begun)

    async def main(clock: VirtualClock) -> list[int]:
        shared = Shared(read)
        first = asyncio.create_task(shared.ask())
        await asyncio.sleep(0.5)
        others = [asyncio.create_task(shared.ask()) for _ in range(5)]
        return [await first, *(await asyncio.gather(*others))]

    assert virtual.run(main) == [1, 2, 2, 2, 2, 2]


def test_those_who_ask_at_one_moment_share_this_read_and_the_next() -> None:
    reads: list[str] = []

    async def read(name: str) -> None:
        reads.append(name)
        await asyncio.sleep(1)

    async def main(clock: VirtualClock) -> None:
        one, two = Shared(lambda: read("one")), Shared(lambda: read("two"))

        async def look() -> None:
            await one.ask()
            await two.ask()

        await asyncio.gather(*(look() for _ in range(5)))

    virtual.run(main)
    assert reads == ["one", "two"]


def test_a_read_that_fails_or_is_given_up_leaves_its_place_to_those_who_wait() -> None:
    reads: list[str] = []

    async def read() -> str:
        reads.append("read")
        await asyncio.sleep(1)
        if len(reads) == 1:
            raise VenueError("no answer")
        return "answer"

    async def main(clock: VirtualClock) -> list[object]:
        shared = Shared(read)
        asks = [asyncio.create_task(shared.ask()) for _ in range(4)]
        await asyncio.sleep(1.5)
        asks[1].cancel()
        return await asyncio.gather(*asks, return_exceptions=True)

    first, given_up, *others = virtual.run(main)
    assert isinstance(first, VenueError)
    assert isinstance(given_up, asyncio.CancelledError)
    assert others == ["answer", "answer"]


def test_ids_of_others_do_not_push_ours_up() -> None:
    rows = [said.order_row(2176, "canceled"), said.order_row(1 << 47, "canceled")]

    async def act(house: House) -> None:
        assert (await house.venue.standing("btc")).last_client_id == 2176
        await house.venue.standing("btc")
        asked = [path for path, _, _ in house.api.asked]
        assert asked.count("accountInactiveOrders") == 1

    asking(act, accountInactiveOrders=lambda params: {"orders": rows})
