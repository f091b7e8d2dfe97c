"""What is announced is told with its moment and interval, or not at all."""

import math
from decimal import Decimal

import pytest

from connectors.ccxt.announcing import announced, collateral
from connectors.ccxt.words import OwnWallet, Rates
from connectors.funded import Announced, Collateral
from connectors.margined import Liquidation

TOLD = Rates("BTCUSDT", "1", "1", "0.0001", 1_700_000_000_000, 8)
WALLET = OwnWallet(None, Decimal(500), None, {})


def test_a_rate_is_told_with_the_moment_and_the_interval_that_it_is_for() -> None:
    found = Announced(Decimal("0.0001"), 8 * 3_600_000_000_000, 1_700_000_000_000_000_000)
    assert announced(TOLD) == found


@pytest.mark.parametrize(
    "rates",
    [
        None,
        Rates("X", "1", "1", None, 1, 8),
        Rates("X", "1", "1", "0.0001", None, 8),
        Rates("X", "1", "1", "0.0001", 1, None),
        Rates("X", "1", "1", "", 1, 8),
        Rates("X", "1", "1", "nan", 1, 8),
        Rates("X", "1", "1", "0.0001", 0, 8),
    ],
)
def test_what_is_not_whole_is_not_told(rates: Rates | None) -> None:
    assert announced(rates) is None


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (Liquidation(0, None, 0, None), math.inf),
        (Liquidation(5, 80, 100, 100), 1.0),
        (Liquidation(5, 80, 100, 85), 0.25),
        (Liquidation(-5, 120, 100, 120), 0.0),
    ],
)
def test_what_is_left_of_the_way_to_liquidation(told: Liquidation, left: float) -> None:
    assert collateral(WALLET, told) == Collateral(500.0, left)


@pytest.mark.parametrize(
    ("wallet", "told"),
    [
        (None, Liquidation(0, None, 0, None)),
        (OwnWallet(None, None, None, {}), Liquidation(0, None, 0, None)),
        (WALLET, None),
        (WALLET, Liquidation(5, None, 0, 100)),
        (WALLET, Liquidation(5, 80, 100, None)),
    ],
)
def test_margin_that_is_not_known_is_not_guessed(
    wallet: OwnWallet | None, told: Liquidation | None
) -> None:
    assert collateral(wallet, told) is None
