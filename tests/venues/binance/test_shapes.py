"""What the stand-in says has the words and types of recorded messages, and ours reads both."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.ccxt.binance_words import BinanceWords
from connectors.ccxt.names import Names
from connectors.ccxt.words import OwnFill, OwnOrder, OwnPosition
from connectors.model.events import FILLED, LIQUIDATION, SELL
from tests.recordings import recorded
from tests.venues.binance.client import Client, opened
from tests.venues.bybit.test_shapes import missing

OTHERS = frozenset({"W", "cp", "AP", "cr", "pP", "si", "ss", "wt", "ot", "sp", "gtd", "pm", "er"})
"""Words of orders of other kinds, or of nothing that a client of limit orders is told."""


@pytest.fixture(scope="module")
def client() -> Client:
    """Give the tests one client, which has a position and trades."""
    client = opened()
    client.place("1", price="90500.0", timeInForce="IOC")
    return client


@pytest.fixture(scope="module")
def events(client: Client) -> dict[str, Any]:
    """Give the last event by its name."""
    frames = [json.loads(frame) for frame in client.line.take()]
    return {frame["e"]: frame for frame in frames}


def example(place: str, name: str) -> Any:
    """Return a recorded message."""
    folder: Path = recorded("payloads") / "nautilus" / "binance" / "futures"
    return json.loads((folder / place / f"{name}.json").read_text())


def lacking(ours: Any, theirs: Any) -> list[str]:
    return [
        each for each in missing(ours, theirs) if each.split(" ")[0].split(".")[-1] not in OTHERS
    ]


def test_events_have_the_words_of_recorded_ones(events: dict[str, Any]) -> None:
    theirs = example("user_data_json", "order_update_trade")
    assert lacking(events["ORDER_TRADE_UPDATE"], theirs) == []
    assert lacking(events["ACCOUNT_UPDATE"], example("user_data_json", "account_update")) == []


def test_recorded_events_are_read() -> None:
    words = BinanceWords(Names())
    said = words.private_word(example("user_data_json", "order_update_trade"))
    assert isinstance(said, list)
    assert [type(each) for each in said] == [OwnOrder, OwnFill]
    new = words.private_word(example("user_data_json", "order_update_new"))
    assert isinstance(new, list)
    assert [type(each) for each in new] == [OwnOrder]


@pytest.mark.parametrize("name", ["order_update_calculated", "order_update_adl"])
def test_recorded_liquidations_are_of_no_order_of_ours(name: str) -> None:
    said = BinanceWords(Names()).private_word(example("user_data_json", name))
    assert isinstance(said, list)
    (fill,) = said
    assert isinstance(fill, OwnFill)
    assert (fill.role, fill.client_text) == (LIQUIDATION, "")


def test_recorded_positions_are_read_with_their_mode() -> None:
    told = example("user_data_json", "account_update")
    said = BinanceWords(Names()).private_word(told)
    assert isinstance(said, list)
    held = [each for each in said if isinstance(each, OwnPosition)]
    assert [each.is_one_way for each in held] == [True, False, False]
    assert [each.size for each in held] == ["0", "20", "-10"]


def test_what_is_over_is_read_as_over(events: dict[str, Any]) -> None:
    said = BinanceWords(Names()).private_word(events["ORDER_TRADE_UPDATE"])
    assert isinstance(said, list)
    order = said[0]
    assert isinstance(order, OwnOrder)
    assert order.kind == FILLED
    assert order.side != SELL
