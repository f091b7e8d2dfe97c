from dataclasses import replace
from decimal import Decimal

import pytest

from runner.watch.cells import age, cells_of, reasons, totals
from tests.runner.watch.views import BTC, ETH


def test_cells_are_short_and_money_has_equal_decimals() -> None:
    btc, eth = cells_of([BTC, ETH])
    assert btc == (
        "btc", "100000.15", "99995.2", "100004.9", "\u22121.25", "0.51", "+0.1234", "1,204",
        "\u22120.41/+0.12", "87%", "0.0s",
    )  # fmt: skip
    assert (eth[2], eth[6], *eth[8:]) == ("\u2013", "\u22120.0231", "\u2013", "\u2013", "\u2013")


def test_the_unusual_reason_comes_first() -> None:
    assert reasons(("kept", "size_skew")) == "size skew, kept"
    assert reasons(()) == "\u2013"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0s"), (9.96, "10.0s"), (12.4, "12s"), (600.0, "10m")]
)
def test_age(seconds: float, text: str) -> None:
    assert age(seconds) == text


def test_totals_stay_in_their_currency() -> None:
    other = replace(ETH, quote="USDC")
    assert totals([BTC, ETH]) == {"USDT": Decimal("0.1003")}
    assert totals([BTC, other]) == {"USDT": BTC.net_quote, "USDC": ETH.net_quote}
    assert totals([BTC, replace(ETH, net_quote=None), BTC]) == {"USDT": None}
