"""Compute what the vectors of solved models expect, and the certainty equivalents of all rules."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from strategies.desk import Desk
from strategies.pricing.avellaneda_stoikov import price as price_textbook
from strategies.pricing.evolve import add_series, begin, extremes
from strategies.pricing.glft import CLOSED, EXACT, price
from strategies.pricing.terms import CAPPED, PLAIN, SATURATED
from strategies.pricing.value import MOST_CLIPS, UNDER_WAY, ValueFunction
from tests.strategies.certainty import Rule, outcome
from tests.strategies.reference import Model, optimum
from tests.support import NOW_NS, new_desk

Inputs = Mapping[str, Any]
LIMITS = {0.01: 30, 0.1: 20, 0.5: 12, 1.0: 8}
"""Position limits of the comparison, by gamma."""
STEPS = {"A-S": 300, "symmetric avg A-S spread": 3200, "symmetric liq only": 3200}


def physical_desk(model: Model, tau: float = math.inf, **params: Any) -> Desk:
    """Return a desk whose bps are price units, with the terms of a model and a horizon [s]."""
    sigma = model.sigma
    scaled = {
        "unit_bps": sigma,
        "unit_horizon_s": 1.0,
        "gamma": model.gamma * sigma,
        "execution_gamma": model.execution_gamma * sigma,
        "kappa": model.k * sigma,
        "intensity_per_s": model.intensity,
        "risk_horizon_s": 0.0 if tau == math.inf else tau,
        "drift_bps_per_s": model.drift,
        "impact_bps": model.impact,
        "terminal_penalty_bps": model.terminal,
        "order_lots": 10,
        "max_position_lots": 10 * model.clips,
        "method": EXACT,
    }
    desk = new_desk(**{**scaled, **params})
    desk.signals.sigma_live_bps = desk.signals.sigma_reference_bps = 1.0
    return desk


def distances(desk: Desk, clips: float) -> tuple[float, float]:
    """Return bid and ask distance at an inventory, when the value function is solved."""
    quotes = desk.quotes
    quotes.inventory_clips = clips
    price(desk.params, desk.signals, desk.value, quotes, NOW_NS)
    while desk.value.status == UNDER_WAY:
        price(desk.params, desk.signals, desk.value, quotes, NOW_NS)
    price(desk.params, desk.signals, desk.value, quotes, NOW_NS)
    half, shift = quotes.half_spread_bps, quotes.reservation_bps
    return half - shift, half + shift


def glft(inputs: Inputs) -> dict[str, Any]:
    """Price with the closed form at one inventory, or with the value function at all."""
    return _closed(inputs) if "gamma" in inputs else _exact(inputs)


def _exact(inputs: Inputs) -> dict[str, Any]:
    limit = inputs["Q"]
    is_b = inputs.get("model") == "B"
    model = Model(
        gamma=inputs["g"],
        sigma=inputs["sig"],
        intensity=inputs["A"],
        k=inputs["k"],
        clips=limit,
        execution_gamma=0.0 if is_b else inputs["g"],
        drift=inputs.get("mu", 0.0),
        impact=inputs.get("imp", 0.0),
        terminal=inputs.get("aT", 0.0),
    )
    desk = physical_desk(model, inputs["tau"])
    found: dict[str, Any] = {}
    for q in range(-limit, limit + 1):
        bid, ask = distances(desk, q)
        found[str(q)] = {
            "delta_bid": bid if q < limit else None,
            "delta_ask": ask if q > -limit else None,
        }
    return found


def _closed(inputs: Inputs) -> dict[str, Any]:
    gamma = inputs["gamma"]
    model = Model(
        gamma=gamma,
        sigma=inputs["sigma"],
        intensity=inputs["A"],
        k=inputs["k"],
        clips=30,
        execution_gamma=gamma,
        drift=inputs.get("mu", 0.0),
    )
    desk = physical_desk(model, method=CLOSED)
    bid, ask = distances(desk, inputs["q"])
    found = {"delta_bid": bid, "delta_ask": ask, "S": desk.quotes.skew_bps}
    found["eig_delta_bid"], found["eig_delta_ask"] = distances(physical_desk(model), inputs["q"])
    return found


def certainty(inputs: Inputs) -> dict[str, Any]:
    """Compare every rule by its certainty equivalent, mean and deviation."""
    return {str(g): _compared(inputs, g) for g in inputs.get("gammas", LIMITS)}


def _compared(inputs: Inputs, gamma: float) -> dict[str, Any]:
    model = Model(
        gamma=gamma,
        sigma=inputs["sigma"],
        intensity=inputs["A"],
        k=inputs["k"],
        clips=LIMITS[gamma],
        execution_gamma=gamma,
    )
    found: dict[str, Any] = {"optimum": optimum(model, inputs["T"])}
    market = (gamma, model.sigma, model.intensity, model.k, float(inputs["T"]))
    for name, rule in rules(model, float(inputs["T"])).items():
        if name not in inputs.get("rules", (name,)):
            continue
        found[name] = list(outcome(rule(), *market, STEPS.get(name, 150)))
    return found


def rules(model: Model, horizon: float) -> dict[str, Callable[[], Rule]]:
    """Return every rule by its name, anew for each run."""
    average = 0.25 * model.gamma * model.sigma * model.sigma * horizon
    return {
        "exact": lambda: solved(model),
        "glft_eig": lambda: endless(model),
        "glft_closed": lambda: textbook(model, SATURATED, math.inf),
        "tanh": lambda: textbook(model, SATURATED),
        "A-S": lambda: textbook(model, PLAIN),
        "A-S tau capped at 1/(2sqrt(alpha eta))": lambda: textbook(model, CAPPED),
        "symmetric avg A-S spread": lambda: straight(model, model.liquidity + average, 0.0),
        "symmetric liq only": lambda: straight(model, model.liquidity, 0.0),
    }


def straight(model: Model, half: float, skew: float) -> Rule:
    """Return a rule of constant half spread and skew."""
    q = np.arange(-model.clips, model.clips + 1.0)
    bid, ask = half + q * skew, half - q * skew
    bid[-1] = ask[0] = np.inf
    return lambda tau: (bid, ask)


def textbook(model: Model, skew: int, horizon: float = 0.0) -> Rule:
    """Return a rule of Avellaneda and Stoikov's kernel, for the time left or a fixed horizon."""

    def rule(tau: float) -> tuple[Any, Any]:
        desk = physical_desk(model, horizon or tau, skew=skew)
        price_textbook(desk.params, desk.signals, desk.quotes, NOW_NS)
        return straight(model, desk.quotes.half_spread_bps, desk.quotes.skew_bps)(tau)

    return rule


def endless(model: Model) -> Rule:
    """Return the rule of the ground state."""
    desk = physical_desk(model)
    bid, ask = np.array([distances(desk, q) for q in range(-model.clips, model.clips + 1)]).T
    bid[-1] = ask[0] = np.inf
    return lambda tau: (bid, ask)


def solved(model: Model) -> Rule:
    """Return the optimal rule; its moments are to be asked for in order of time left."""
    value, now = ValueFunction(), [0.0]
    limit = model.clips

    def start() -> None:
        value.clips, value.risk, value.arrivals = limit, model.alpha, model.eta
        value.horizon = now[0] = 0.0
        begin(value)

    def rule(tau: float) -> tuple[Any, Any]:
        if tau < now[0] or now[0] == 0.0:
            start()
        parts = math.ceil((tau - now[0]) * 2000)
        for _ in range(parts):
            add_series(value, extremes(value)[0], (tau - now[0]) / parts)
        now[0] = tau
        logs = np.log(value.weights[MOST_CLIPS - limit : MOST_CLIPS + limit + 1]) / model.k
        edge = np.full(1, np.inf)
        fall = logs[:-1] - logs[1:]
        return (
            np.concatenate((model.liquidity + fall, edge)),
            np.concatenate((edge, model.liquidity - fall)),
        )

    return rule
