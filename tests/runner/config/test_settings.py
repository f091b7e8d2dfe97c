"""The schema takes no value that cannot be meant, whatever the key."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf
from pydantic import ValidationError

from connectors.model import orders
from runner.config.compose import Composed
from runner.settings import Settings, config_hash
from runner.settings.cron import Cron
from runner.settings.deploy import MARKETS
from runner.settings.fields import Exact, Real, Whole

Compose = Callable[..., Composed]
BAD_NUMBERS = (float("nan"), float("inf"), -float("inf"), "abc", True, [1], {"a": 1}, 1e300, -1e300)
MAY_BE_NULL = (
    *("min_feed_latency_ms", "max_fills_per_min", "max_losing_trades", "volatility_ratio_max"),
    *("jump_sigmas", "sweep_sigmas", "max_quiet_s", "max_loop_lag_s", "max_hang_s"),
    *("max_daily_loss_quote", "max_drawdown_quote", "max_notional_per_day_quote", "max_crashes"),
    *("max_gross_notional_quote", "max_net_notional_quote", "max_market_share_frac"),
    *("max_open_orders", "USD", "USDC", "USDT"),
    *("adverse_bps", "max_bps", "silence_s", "max_basis_bps", "min_margin_frac"),
    *("max_unhedged_quote", "depeg_bps", "tolerance_quote"),
)
MAPPINGS = (("schedule", "jobs"), ("rates",))
"""Blocks whose keys a person names."""


def plain_of(composed: Composed) -> dict[str, Any]:
    plain = OmegaConf.to_container(composed.config, resolve=False)
    assert isinstance(plain, dict)
    return {
        key: OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value
        for key, value in composed.config.items()
        if key != "hydra"
    }


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    else:
        yield path, value


def is_number(value: Any) -> bool:
    if isinstance(value, str):
        return value.replace(".", "").isdigit()
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def with_value(plain: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(plain))
    block = copy
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = value
    return copy


def test_every_number_refuses_what_is_none(composed: Compose) -> None:
    plain = plain_of(composed("market=btc"))
    numbers = [path for path, value in leaves(plain) if is_number(value)]
    assert len(numbers) > 60
    for path in numbers:
        for bad in BAD_NUMBERS if path[-1] in MAY_BE_NULL else (*BAD_NUMBERS, None):
            with pytest.raises(ValidationError):
                Settings.model_validate(with_value(plain, path, bad))


def test_every_key_is_needed_and_no_other_is_known(composed: Compose) -> None:
    plain = plain_of(composed("market=btc"))
    for path, _ in leaves(plain):
        copy = with_value(plain, path, None)
        block = copy
        for key in path[:-1]:
            block = block[key]
        del block[path[-1]]
        is_named = path[:2] in MAPPINGS or path[:1] in MAPPINGS
        if not is_named:
            with pytest.raises(ValidationError):
                Settings.model_validate(copy)
        with pytest.raises(ValidationError):
            Settings.model_validate(with_value(plain, (*path[:-1], f"{path[-1]}x"), 1))


def test_settings_cannot_be_changed(composed: Compose) -> None:
    settings = composed().settings
    with pytest.raises(ValidationError):
        settings.gamma = 0.3  # type: ignore[misc]
    with pytest.raises(ValidationError):
        settings.markets["btc"].strategy.name = "x"  # type: ignore[misc]


@given(st.one_of(st.floats(), st.integers(), st.decimals(), st.text(), st.booleans(), st.none()))
def test_a_range_takes_exactly_what_lies_in_it(value: Any) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    for field, fits in (
        (Real(0.01, 1), number and 0.01 <= value <= 1),
        (Real(0, 5, above=True), number and 0 < value <= 5),
        (Whole(-3, 8), isinstance(value, int) and number and -3 <= value <= 8),
    ):
        if fits:
            assert field.check(value) == value
        else:
            with pytest.raises(ValueError, match=r"^$"):
                field.check(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-10, max_value=10))
def test_a_decimal_keeps_every_digit(value: Decimal) -> None:
    field = Exact(-5, 5)
    if -5 <= value <= 5:
        assert field.check(str(value)) == value
    else:
        with pytest.raises(ValueError, match=r"^$"):
            field.check(str(value))


def test_a_float_is_the_decimal_that_was_written() -> None:
    assert str(Exact(0, 1).check(0.1)) == "0.1"
    assert Exact(0, 1).check(1e-08) == Decimal("0.00000001")
    assert Exact(0.1, 1).check("0.1") == Decimal("0.1")


@pytest.mark.parametrize(
    "line", ["* * * * *", "*/5 8-18 * * mon-fri", "0,30 0 1 1-6/2 sun", "59 23 31 12 mon,wed"]
)
def test_cron_lines(line: str) -> None:
    assert Cron().check(line) == line


@pytest.mark.parametrize(
    "line",
    [
        *("", 5, "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *"),
        *("* * * * 0", "* * * * 1-5", "5-1 * * * *", "*/0 * * * *", "*/61 * * * *", "a * * * *"),
    ],
)
def test_cron_lines_without_meaning(line: object) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        Cron().check(line)


def test_the_hash_tells_settings_apart_and_nothing_else(composed: Compose) -> None:
    def digest(*words: str) -> str:
        return config_hash(composed(*words).settings)

    assert digest("gamma=0.3", "kappa=2") == digest("kappa=2.0", "gamma=0.30")
    assert digest("venue.maker_fee_bps=1") == digest("venue.maker_fee_bps='1.00'")
    assert digest("gamma=0.3") != digest("gamma=0.31")
    assert digest("market=btc") != digest("market=eth")
    replay = ("mode=replay", "tape=csv")
    assert digest(*replay, "tape.path=a") == digest(*replay, "tape.path=/b", "hydra.run.dir=x")
    assert digest("explain=config") == digest()


def test_a_deploy_has_no_more_markets_than_its_order_ids_tell_apart() -> None:
    assert MARKETS == orders.MARKETS
