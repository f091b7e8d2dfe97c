"""Market data: books that join at every depth, the tape, the ticker, candles and descriptions."""

from typing import Any

import pytest

from tests.venues.bybit.client import Client, Talk, opened
from tests.venues.bybit.floor import BTC, crowd_rests, crowd_takes, quiet
from tests.venues.bybit.sessions import LINEAR, SPOT

Levels = dict[str, str]


class Copy:
    """A client's copy of a book, which looks at every rule of the venue's sequence."""

    def __init__(self) -> None:
        self.sides: dict[str, Levels] = {"b": {}, "a": {}}
        self.update_id = 0
        self.seq = 0

    def take(self, frame: dict[str, Any]) -> None:
        """Apply a frame."""
        data = frame["data"]
        if frame["type"] == "snapshot":
            self.sides = {side: dict(data[side]) for side in "ba"}
        else:
            assert data["u"] == self.update_id + 1
            assert data["seq"] > self.seq
            for side in "ba":
                for price, size in data[side]:
                    self._put(self.sides[side], price, size)
        self.update_id, self.seq = data["u"], data["seq"]

    @staticmethod
    def _put(levels: Levels, price: str, size: str) -> None:
        if float(size):
            levels[price] = size
        else:
            del levels[price]

    def levels(self, side: str) -> list[list[str]]:
        """Return a side, the best first."""
        rows = sorted(self.sides[side].items(), key=lambda row: float(row[0]))
        return [list(row) for row in (rows if side == "a" else rows[::-1])]


@pytest.mark.parametrize("depth", [50, 200])
def test_a_copy_made_of_deltas_is_the_venues_book(depth: int) -> None:
    client, copy = opened(), Copy()
    topic = f"orderbook.{depth}.{BTC}"
    client.public.subscribe(topic)
    client.pass_time(5.0)
    client.venue.publisher.flush_book(client.venue.publisher.feed(topic))
    for frame in client.public.frames(topic):
        copy.take(frame)
    read = client.get("/v5/market/orderbook", category="linear", symbol=BTC, limit=depth)
    assert copy.levels("b") == read["result"]["b"]
    assert copy.levels("a") == read["result"]["a"]


def test_who_comes_later_hears_a_snapshot_that_joins_what_follows() -> None:
    client = opened()
    topic = f"orderbook.50.{BTC}"
    client.public.subscribe(topic)
    client.pass_time(1.05)
    late, copy = Talk(client.venue, LINEAR), Copy()
    late.subscribe(topic)
    client.pass_time(1.0)
    for frame in late.frames(topic):
        copy.take(frame)
    assert copy.update_id == client.public.frames(topic)[-1]["data"]["u"]


def test_the_first_level_is_told_whole_and_again_when_it_is_still() -> None:
    client = quiet()
    crowd_rests(client, True, 900_100, 5)
    client.public.subscribe(f"orderbook.1.{BTC}")
    client.pass_time(4.5)
    frames = client.public.frames(f"orderbook.1.{BTC}")
    assert [frame["type"] for frame in frames] == ["snapshot"] * len(frames)
    assert len({frame["data"]["u"] for frame in frames}) == 1
    assert len(frames) >= 2
    crowd_rests(client, True, 900_050, 5)
    client.pass_time(0.02)
    (frame,) = client.public.frames(f"orderbook.1.{BTC}")
    assert frame["data"]["a"] == [["90005.00", "0.005"]]


def test_a_trade_is_on_the_tape_as_the_taker_made_it() -> None:
    client = quiet()
    client.public.subscribe(f"publicTrade.{BTC}")
    client.place("1")
    client.pass_time(0.01)
    crowd_takes(client, True, 899_000, 4)
    (row,) = client.public.rows(f"publicTrade.{BTC}")
    assert (row["S"], row["p"], row["v"], row["s"]) == ("Sell", "89900.00", "0.004", BTC)
    (read,) = client.get("/v5/market/recent-trade", category="linear", symbol=BTC)["result"]["list"]
    assert (read["execId"], read["seq"]) == (row["i"], str(row["seq"]))


def test_a_ticker_is_whole_first_and_then_only_what_changes() -> None:
    client = opened()
    client.public.subscribe(f"tickers.{BTC}")
    client.pass_time(2.0)
    first, *rest = client.public.frames(f"tickers.{BTC}")
    assert (first["type"], first["data"]["fundingRate"]) == ("snapshot", "0.0001")
    assert {frame["type"] for frame in rest} == {"delta"}
    known = first["data"]
    for frame in rest:
        assert all(known[k] != v for k, v in frame["data"].items() if k != "symbol")
        known |= frame["data"]
    read = client.get("/v5/market/tickers", category="linear", symbol=BTC)["result"]["list"][0]
    assert known["nextFundingTime"] == read["nextFundingTime"]
    assert int(read["nextFundingTime"]) % (8 * 3_600_000) == 0


def test_only_the_linear_category_lists_markets() -> None:
    client = opened()
    for category, listed in (("linear", 2), ("spot", 0), ("inverse", 0), ("option", 0)):
        answer = client.get("/v5/market/instruments-info", category=category)
        assert len(answer["result"]["list"]) == listed
    assert client.get("/v5/market/instruments-info", category="swap")["retCode"] == 10001
    late = client.get("/v5/market/instruments-info", category="linear", status="PreLaunch")
    assert late["result"]["list"] == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["orderbook.7.BTCUSDT"], "error:handler not found,topic:orderbook.7.BTCUSDT"),
        (["publicTrade.XRPUSDT"], "error:handler not found,topic:publicTrade.XRPUSDT"),
        (["order"], "error:handler not found,topic:order"),
        (["tickers.ETHUSDT", "tickers.BTCUSDT"], "error:already subscribed,topic:tickers.BTCUSDT"),
        ([], "error:request,args is empty"),
        (["x" * 22_000], "error:args is too long"),
    ],
)
def test_a_subscription_is_refused_as_a_whole(args: list[str], message: str) -> None:
    client = quiet()
    client.public.subscribe("tickers.BTCUSDT")
    client.public.frames()
    client.public.hear(op="subscribe", args=args, req_id="9")
    (reply,) = client.public.frames()
    assert (reply["success"], reply["ret_msg"], reply["req_id"]) == (False, message, "9")
    assert client.public.session.topics == {"tickers.BTCUSDT"}


def test_other_categories_have_a_door_and_no_topics() -> None:
    client = quiet()
    talk = Talk(client.venue, SPOT)
    talk.subscribe("tickers.BTCUSDT")
    assert talk.frames()[0]["success"] is False


def test_pings_are_answered_in_each_streams_own_way() -> None:
    client = quiet()
    client.public.hear(op="ping", req_id="1")
    (pong,) = client.public.frames()
    assert (pong["ret_msg"], pong["op"], pong["req_id"]) == ("pong", "ping", "1")
    client.private.hear(op="ping", req_id="2")
    (pong,) = client.private.frames()
    assert (pong["op"], pong["req_id"]) == ("pong", "2")
    client.trade.hear(op="ping", reqId="3")
    (pong,) = client.trade.frames()
    assert (pong["op"], pong["reqId"], pong["retCode"]) == ("pong", "3", 0)


def test_a_connection_that_is_silent_for_too_long_is_closed() -> None:
    client: Client = quiet()
    asked = Talk(client.venue, "/v5/private?max_active_time=30s")
    for _ in range(7):
        client.pass_time(10.0)
        client.public.hear(op="ping")
    assert asked.line.closing is not None
    assert (client.public.line.closing, client.private.line.closing) == (None, None)
    client.pass_time(601.0)
    assert client.private.line.closing is not None


def test_candles_add_up_to_the_day() -> None:
    client = opened()
    client.pass_time(150.0)
    answer = client.get("/v5/market/kline", category="linear", symbol=BTC, interval="1")
    rows = answer["result"]["list"]
    assert [int(row[0]) % 60_000 for row in rows] == [0] * len(rows)
    floor = client.venue.exchange.floors[BTC]
    assert sum(float(row[5]) for row in rows) == pytest.approx(floor.traded_lots / 1_000)
    assert all(float(row[3]) <= float(row[4]) <= float(row[2]) for row in rows)


def test_a_level_comes_into_view_when_one_before_it_goes() -> None:
    client, copy = quiet(), Copy()
    for step in range(60):
        crowd_rests(client, True, 900_100 + 10 * step, 5)
    topic = f"orderbook.50.{BTC}"
    client.public.subscribe(topic)
    for step in range(5):
        crowd_takes(client, False, 900_100 + 10 * step, 5)
        client.pass_time(0.03)
    for frame in client.public.frames(topic):
        copy.take(frame)
        assert len(copy.sides["a"]) == 50
    read = client.get("/v5/market/orderbook", category="linear", symbol=BTC, limit=50)
    assert copy.levels("a") == read["result"]["a"]
