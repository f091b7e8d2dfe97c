import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.ids import FOREIGN, Alphabet, Codec, stamp_ms, stamped_id

OURS = st.integers(1, FOREIGN - 1)
ALPHABETS = st.sampled_from(Alphabet)
SYMBOLS = st.sampled_from(["BTCUSDT", "ETHUSDT", "XBTUSDTM", "BTC-USDT-SWAP"])

RULES = {
    "bybit": (Alphabet.TEXT, r"[0-9a-zA-Z_-]{1,36}"),
    "binance": (Alphabet.TEXT, r"[.A-Z:/a-z0-9_-]{1,36}"),
    "okx": (Alphabet.TEXT, r"[0-9a-zA-Z]{1,32}"),
    "kucoin": (Alphabet.TEXT, r"[0-9a-zA-Z_-]{1,40}"),
    "mexc": (Alphabet.TEXT, r"[0-9a-zA-Z_-]{1,32}"),
    "hyperliquid": (Alphabet.HEX_128, r"0x[0-9a-f]{32}"),
}


@given(OURS, SYMBOLS, ALPHABETS)
def test_an_id_comes_back_from_its_text(client_id: int, symbol: str, alphabet: Alphabet) -> None:
    codec = Codec(symbol, alphabet)
    assert codec.number(codec.text(client_id)) == client_id


@pytest.mark.parametrize("venue", RULES)
@given(client_id=OURS)
def test_a_text_keeps_the_venues_rule(venue: str, client_id: int) -> None:
    alphabet, rule = RULES[venue]
    assert re.fullmatch(rule, Codec("BTCUSDT", alphabet).text(client_id))


@given(st.text(max_size=40), ALPHABETS)
def test_no_text_of_others_is_taken_for_ours(text: str, alphabet: Alphabet) -> None:
    codec = Codec("BTCUSDT", alphabet)
    number = codec.number(text)
    assert number is None or codec.text(number) == text


@given(OURS)
def test_an_id_of_another_market_is_not_ours(client_id: int) -> None:
    assert Codec("BTCUSDT").number(Codec("ETHUSDT").text(client_id)) is None


def test_an_order_of_somebody_else_gets_an_id_that_none_of_ours_can_have() -> None:
    codec = Codec("BTCUSDT")
    assert codec.known("by-hand", "1a2b") >= FOREIGN
    assert codec.known("", "1a2b") == codec.known(None, "1a2b") != codec.known(None, "1a2c")


@pytest.mark.parametrize("wrong", [0, -1, FOREIGN])
def test_what_is_no_id_of_ours_has_no_text(wrong: int) -> None:
    with pytest.raises(ValueError, match="expected a client id"):
        Codec("BTCUSDT").text(wrong)


@given(st.integers(0, (1 << 41) - 2), st.text(max_size=40), st.text(max_size=40))
def test_stamped_ids_grow_with_time_and_fit_a_column(ms: int, one: str, other: str) -> None:
    assert stamped_id(ms, one) < stamped_id(ms + 1, other) < 1 << 63
    assert stamp_ms(stamped_id(ms, one)) == ms


def test_a_trade_has_one_id_whoever_tells_it_and_two_of_a_moment_have_two() -> None:
    assert stamped_id(5, "7e2ae69c") == stamped_id(5, "7e2ae69c") != stamped_id(5, "7e2ae69d")
