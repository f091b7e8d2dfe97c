"""Pricing models that packages bring are called by their number, interpreted and compiled."""

import math
from collections.abc import Iterator

import pytest

from connectors.model.kernel import kernel
from connectors.model.record import record_of
from runner.modes.compiled import compile_loop
from strategies.desk import Params, Quotes, Signals
from strategies.pricing import choice
from strategies.pricing.value import ValueFunction


@kernel
def fixed_price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    quotes.reservation_bps = 0.0
    quotes.half_spread_bps = params.own[0]
    quotes.skew_bps = 0.0


@kernel
def doubled_price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    quotes.reservation_bps = 1.0
    quotes.half_spread_bps = 2.0 * params.own[0]
    quotes.skew_bps = 0.0


def half_of(params: Params, signals: Signals, value: ValueFunction, quotes: Quotes) -> float:
    choice.price(params, signals, value, quotes, 0)
    return quotes.half_spread_bps


@pytest.fixture
def brought() -> Iterator[None]:
    choice.bring([fixed_price, doubled_price])
    yield
    choice.bring([])


def params_of(model: int) -> Params:
    params = Params()
    params.model = model
    params.own[0] = 7.0
    return params


@pytest.mark.parametrize(("model", "half"), [(0, 7.0), (1, 14.0)])
def test_a_number_calls_its_model_in_both_worlds(brought: None, model: int, half: float) -> None:
    params = params_of(choice.BROUGHT + model)
    assert half_of(params, Signals(), ValueFunction(), Quotes()) == half
    compiled = compile_loop(half_of, None)
    states = (params, Signals(), ValueFunction(), Quotes())
    assert compiled(*(record_of(state) for state in states)) == half


def test_a_number_of_no_model_gives_no_price() -> None:
    assert math.isnan(half_of(params_of(choice.BROUGHT), Signals(), ValueFunction(), Quotes()))
