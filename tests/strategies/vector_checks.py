"""Compute with our kernels what a vector expects: one function a family, by the vector's inputs.

Formulas in price units are checked by scaling (theory 6.2): with U = sigma and h = 1, gamma and
kappa become gamma * U and k * U, and offsets in bps are offsets in price.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from strategies.desk import Desk
from strategies.hedge_band import Terms, proportional_band
from strategies.inventory import inventory_clips, target_lots
from strategies.pricing.avellaneda_stoikov import price
from strategies.pricing.terms import PLAIN, SATURATED
from strategies.signals.volatility import read, sample
from strategies.units import unit_bps
from tests.strategies.as_markov import Market, Rule, outcome
from tests.strategies.funding.checks import basis, break_even
from tests.strategies.glft_checks import certainty, glft
from tests.strategies.margin_checks import liquidation
from tests.support import NOW_NS, new_desk

Inputs = Mapping[str, Any]
Found = dict[str, Any]
SECONDS_A_YEAR = 365 * 86_400
ALMOST_NO_TIME_S = 1e-12
"""A risk horizon of 0 means without end, so that no time at all is asked for as this."""


def scaled_desk(inputs: Inputs, **params: Any) -> Desk:
    """Return a desk whose bps are price units and whose gamma and kappa are those of the inputs."""
    sigma = float(inputs["sigma"])
    scaled = {
        "unit_bps": sigma,
        "unit_horizon_s": 1.0,
        "gamma": inputs["gamma"] * sigma,
        "kappa": inputs["k"] * sigma,
        "risk_horizon_s": max(float(inputs.get("tau", 1.0)), ALMOST_NO_TIME_S),
        "skew": PLAIN,
    }
    desk = new_desk(**{**scaled, **params})
    desk.signals.sigma_live_bps = desk.signals.sigma_reference_bps = 1.0
    return desk


def priced(desk: Desk, clips: float, now_ns: int = NOW_NS) -> tuple[float, float]:
    """Return reservation offset and half spread for an inventory."""
    desk.quotes.inventory_clips = clips
    price(desk.params, desk.signals, desk.quotes, now_ns)
    return desk.quotes.reservation_bps, desk.quotes.half_spread_bps


def quote(inputs: Inputs) -> Found:
    """Price one moment with the formula of the paper."""
    shift, half = priced(scaled_desk(inputs), inputs.get("q", 0))
    mid = inputs.get("s", 0)
    return {
        "reservation": mid + shift,
        "spread": 2 * half,
        "bid": mid + shift - half,
        "ask": mid + shift + half,
    }


def session(inputs: Inputs, moments: list[float]) -> list[Rule]:
    """Price the given moments of one session."""
    desk = scaled_desk(
        inputs, risk_horizon_s=0.0, session_ns=round(inputs["T"] * 1e9), session_start_ns=NOW_NS
    )
    rules = []
    for moment in moments:
        shift, half = priced(desk, 1.0, NOW_NS + round(moment * 1e9))
        rules.append(Rule(half, -shift))
    return rules


def average_spread(inputs: Inputs) -> Found:
    """Average the spread over a session."""
    steps = round(inputs["T"] / inputs["dt"])
    left = session(inputs, [k * inputs["dt"] for k in range(steps)])
    middle = session(inputs, [(k + 0.5) * inputs["dt"] for k in range(steps)])
    return {
        "left_riemann": 2 * math.fsum(rule.half for rule in left) / steps,
        "integral": 2 * math.fsum(rule.half for rule in middle) / steps,
    }


def simulated(inputs: Inputs) -> Found:
    """Run the whole experiment of the paper with the quotes of our kernels."""
    steps = round(inputs["T"] / inputs["dt"])
    rules = session(inputs, [k * inputs["dt"] for k in range(steps)])
    if inputs["strategy"] == "symmetric":
        rules = [Rule(average_spread(inputs)["integral"] / 2, 0.0)] * steps
    linear = inputs["fill"] == "linear"
    return outcome(Market(inputs["sigma"], inputs["A"], inputs["k"], inputs["dt"], linear), rules)


def avellaneda_stoikov(inputs: Inputs) -> Found:
    """Choose by what the inputs ask for."""
    if "strategy" in inputs:
        return simulated(inputs)
    return average_spread(inputs) if "dt" in inputs else quote(inputs)


def saturated(inputs: Inputs) -> Found:
    """Price with the finite-horizon closed form."""
    desk = scaled_desk(inputs, skew=SATURATED, intensity_per_s=inputs["A"])
    shift, half = priced(desk, inputs["q"])
    skew = desk.quotes.skew_bps
    desk.params.risk_horizon_s = 0.0
    priced(desk, 0.0)
    limit = desk.quotes.skew_bps
    return {
        "delta_bid": half - shift,
        "delta_ask": half + shift,
        "exact_bid": half - shift,
        "exact_ask": half + shift,
        "skew": skew,
        "tau_c": inputs["tau"] / math.atanh(skew / limit),
    }


def units(inputs: Inputs) -> Found:
    """Price in bps, seconds and clips from dimensionless knobs."""
    sigma_bps = 1e4 * inputs["sigma_ann"] / math.sqrt(SECONDS_A_YEAR)
    desk = new_desk(
        skew=PLAIN,
        gamma=float(inputs["gamma"]),
        kappa=float(inputs["kappa"]),
        unit_horizon_s=float(inputs["risk_horizon_s"]),
        risk_horizon_s=inputs["f"] * float(inputs["risk_horizon_s"]),
        max_ratio=100.0,
    )
    desk.signals.sigma_reference_bps = sigma_bps
    desk.signals.sigma_live_bps = inputs["rho"] * sigma_bps
    shift, half = priced(desk, inputs["q_lots"])
    unit = unit_bps(desk.params, desk.signals)
    return {
        "sigma_bps": sigma_bps,
        "U_bps": unit,
        "gamma_phys": desk.params.gamma / unit,
        "kappa_phys": desk.params.kappa / unit,
        "shift_bps": shift,
        "half_bps": half,
        "bid_bps": shift - half,
        "ask_bps": shift + half,
    }


def annualisation(inputs: Inputs) -> Found:
    """Read the estimate from a market that moves by exactly the given volatility a year."""
    desk = new_desk(warmup_s=0.0, live_tau_s=1e15, reference_tau_s=1e15)
    gap_s = SECONDS_A_YEAR // 100
    for k in range(5):
        mid = 1e6 * math.exp((k % 2) * inputs["sigma_ann"] / 10)
        sample(desk.volatility, desk.params, mid, NOW_NS + k * gap_s * 10**9)
    read(desk.volatility, desk.params, desk.signals)
    sigma_bps = desk.signals.sigma_reference_bps
    over = {}
    for name, horizon_s in (("one_min_bps", 60), ("one_hour_bps", 3600), ("one_day", 86_400)):
        desk.params.unit_horizon_s = float(horizon_s)
        over[name] = unit_bps(desk.params, desk.signals)
    return {
        "bps_per_sqrt_s": sigma_bps,
        "sigma_per_sqrt_s": sigma_bps * 1e-4,
        "sqrt_sec": inputs["sigma_ann"] / (sigma_bps * 1e-4),
        "sec_per_year": (inputs["sigma_ann"] / (sigma_bps * 1e-4)) ** 2,
        **over,
        "one_day": over["one_day"] * 1e-4,
    }


def inventory(inputs: Inputs) -> Found:
    """Measure a wallet's distance from its target, in orders and as a share of the wallet."""
    lot, tick = inputs["order_size"], 0.01
    desk = new_desk(target_base_frac=inputs["target_pct"], order_lots=1)
    desk.orders.position_lots = round(inputs["base"] / lot)
    desk.orders.cash_tick_lots = round(inputs["quote"] / lot / tick)
    target = target_lots(desk.params, desk.orders, inputs["mid"] / tick)
    clips = inventory_clips(desk.params, desk.orders, target)
    return {"q_lots": clips, "q_norm": clips * inputs["target_pct"] / target}


def band(inputs: Inputs) -> Found:
    """Solve the band of proportional costs."""
    terms = Terms(
        gamma_per_bps_clip=inputs["gamma"],
        sigma_bps=inputs["sigma"],
        basis_bps=0.0,
        cost_bps=inputs["eps_bps"],
        fixed_cost_bps_clips=0.0,
        fills_per_s=inputs["fills_per_side"],
        skew_per_clip=0.0,
        limit_clips=1,
    )
    return {"h": proportional_band(terms)}


FAMILIES: Mapping[str, Callable[[Inputs], Found]] = {
    "as": avellaneda_stoikov,
    "ce": certainty,
    "glft": glft,
    "tanh": saturated,
    "units": units,
    "annualisation": annualisation,
    "norm": inventory,
    "hedge": band,
    "liq": liquidation,
    "funding": break_even,
    "basis": basis,
}
LATER = frozenset(
    {
        "almgren",
        "whalley",
    }
)
"""Families of the theory whose code is not written yet."""
