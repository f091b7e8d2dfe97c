"""Compute with our signals what a vector expects, as `vector_checks` does for prices."""

import math
import statistics
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from connectors.model.events import BUY, SELL
from runner.calibrate import log_counts, microprice
from runner.calibrate.realised import realised
from strategies.signals import adx, hawkes, intensity, kyle, markout, vpin
from strategies.signals.adx import PERIOD, Adx
from strategies.signals.hawkes import Hawkes
from strategies.signals.kyle import Kyle
from strategies.signals.volatility import read, sample
from strategies.signals.vpin import Vpin
from tests.support import NOW_NS, new_desk

Inputs = Mapping[str, Any]
SECONDS_A_YEAR = 365 * 86_400
NOT_OFFERED = {
    "adx14": {"adx_textbook_seed", "atr"},
    "liq": {"liq_classic", "price_distance_frac"},
}
"""Figures of other rules that a vector holds beside the ones that are ours."""


def intensities(inputs: Inputs) -> dict[str, Any]:
    """Fit depths by likelihood, or counts by a line."""
    depths, seconds = inputs["depths"], inputs["T"]
    found: dict[str, Any] = {}
    for suffix, cut in (("", 0.0), ("_d0_0_5", 0.5)):
        beyond = [d - cut for d in depths if d >= cut]
        k = intensity.decay_per_bps(statistics.fmean(beyond), math.inf)
        found[f"k{suffix}"] = k
        found[f"A{suffix}"] = intensity.at_mid_per_s(len(beyond) / seconds, k, cut, math.inf)
    if "grid" in inputs:
        grid = inputs["grid"]
        found["counts"] = log_counts.counts_beyond(depths, grid)
        for name, weighted in (("ols", False), ("wls", True)):
            a, k = log_counts.log_count_fit(found["counts"], grid, seconds, weighted)
            found[f"A_{name}"], found[f"k_{name}"] = a, k
    return found


def _bivariate(inputs: Inputs) -> tuple[Hawkes, list[int]]:
    """Return a prepared state and the orders' sides; one process alone is given a twin."""
    state = Hawkes()
    if "alpha_source_target" in inputs:
        state.mu[:], state.beta[:] = inputs["mu"], inputs["beta_target"]
        state.alpha[:] = [x for row in inputs["alpha_source_target"] for x in row]
        sides = inputs["ids"]
    else:
        state.mu[:], state.beta[:] = [inputs["mu"]] * 2, [inputs["beta"]] * 2
        state.alpha[:] = [inputs["alpha"], 0.0, 0.0, inputs["alpha"]]
        sides = [BUY] * len(inputs["times"])
    hawkes.prepare(state)
    return state, sides


def excitations(inputs: Inputs) -> dict[str, Any]:
    """Follow the orders and sum their likelihood from the intensities before each."""
    if "mu" not in inputs:
        return _most_likely(inputs)
    state, sides = _bivariate(inputs)
    watched = sorted(set(sides))
    before, after, compensators = [], [], []
    loglik = compensator = 0.0
    last = 0.0
    hawkes.observe(state, NOW_NS)
    for t, side in [*zip(inputs["times"], sides, strict=True), (inputs["T"], -1)]:
        for j in watched:
            fading = -math.expm1(-state.beta[j] * (t - last)) / state.beta[j]
            compensator += state.mu[j] * (t - last) + state.excitation[j] * fading
        hawkes.observe(state, NOW_NS + round(t * 1e9))
        last = t
        if side >= 0:
            compensators.append(compensator)
            before.append(hawkes.intensity_per_s(state, side))
            loglik += math.log(before[-1])
            hawkes.add_order(state, side, NOW_NS + round(t * 1e9))
            after.append(hawkes.intensity_per_s(state, side))
    at_end = [hawkes.intensity_per_s(state, j) for j in watched]
    single = len(watched) == 1
    return {
        "loglik": loglik - compensator,
        "intensity_before": before,
        "intensity_after": after,
        "compensator_at_events": compensators,
        "compensator_T": compensator,
        "intensity_T": at_end[0] if single else at_end,
        "mean_rate": state.mean[0] if single else list(state.mean),
        "branching": hawkes.spectral_radius(state),
        "spectral_radius": hawkes.spectral_radius(state),
    }


def _most_likely(inputs: Inputs) -> dict[str, float]:
    """Climb the likelihood by steps in the logs of the settings that halve when none helps."""
    names = ("mu", "alpha", "beta")

    def loglik(logs: list[float]) -> float:
        settings = {name: math.exp(x) for name, x in zip(names, logs, strict=True)}
        return float(excitations({**inputs, **settings})["loglik"])

    at, step = [0.0, 0.0, 1.5], 0.5
    best = loglik(at)
    while step > 2e-6:
        tried = [
            [x + step * d for x, d in zip(at, direction, strict=True)] for direction in _DIRECTIONS
        ]
        values = [loglik(logs) for logs in tried]
        top = max(values)
        if top > best:
            best, at = top, tried[values.index(top)]
        else:
            step /= 2
    return {**dict(zip(names, map(math.exp, at), strict=True)), "loglik": best}


_DIRECTIONS = [
    (a, b, c) for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1) if (a, b, c) != (0, 0, 0)
]


def variances(inputs: Inputs) -> dict[str, float]:
    """Measure realised variance every way."""
    r = realised(inputs["log_price"], inputs["K"])
    return {
        "rv": r.rv,
        "avg_subgrid": r.sparse_rv,
        "nbar": r.sparse_count,
        "tsrv": r.tsrv,
        "tsrv_adj": r.tsrv_adjusted,
        "noise_var": r.noise,
        "bv": r.bipower,
        "medrv": r.med_rv,
        "minrv": r.min_rv,
    }


def fixed_rate_error(inputs: Inputs) -> dict[str, list[float]]:
    """Scale our estimate, right at any rate, as if every sample took a fifth of a second."""
    found = []
    for rate_hz in inputs["rate_hz"]:
        desk = new_desk(warmup_s=0.0, live_tau_s=1e9, reference_tau_s=1e9, sample_ns=1)
        move = inputs["true_sigma"] / math.sqrt(SECONDS_A_YEAR * rate_hz)
        for k in range(50):
            now_ns = NOW_NS + k * 10**9 // rate_hz
            sample(desk.volatility, desk.params, 1e6 * math.exp(move * (k % 2)), now_ns)
        read(desk.volatility, desk.params, desk.signals)
        per_sample = desk.signals.sigma_live_bps * 1e-4 / math.sqrt(rate_hz)
        found.append(per_sample * math.sqrt(18_000 * 24 * 365))
    return {"seed_estimate": found}


def chained(inputs: Inputs) -> dict[str, Any]:
    """Solve the micro-price's chain."""
    matrices = [np.asarray(inputs[name], float) for name in ("Q", "R1", "K", "R2")]
    first, onward = microprice.adjustments(*matrices)
    total = microprice.summed(first, onward)
    return {"G1": first.tolist(), "B": onward.tolist(), "G6": total.tolist()}


def impact(inputs: Inputs) -> dict[str, float]:
    """Regress moves on volume with nothing fading."""
    state = Kyle()
    for x, y in zip(inputs["signed_volume"], inputs["dmid"], strict=True):
        kyle.add_bucket(state, x, y, 1.0)
    return {
        "lam": kyle.slope(state),
        "intercept": kyle.intercept(state),
        "se": kyle.slope_error(state),
        "r2": kyle.fit_frac(state),
        "lam_no_intercept": kyle.slope_through_zero(state),
    }


def one_sidedness(inputs: Inputs) -> dict[str, Any]:
    """Fill whole buckets whose buys are known, and guess them from price changes."""
    size = inputs["bucket"]
    state = Vpin()
    state.bucket_lots = size
    for bought in inputs["signed_buys"]:
        vpin.add_trade(state, BUY, bought)
        vpin.add_trade(state, SELL, size - bought)
    deviation = inputs["sd_ddof1"]
    guessed = [size * vpin.bought_frac(change, deviation) for change in inputs["dP"]]
    apart = math.fsum(abs(2 * bought - size) for bought in guessed)
    return {
        "vb": guessed,
        "vpin_bulk": apart / (size * len(guessed)),
        "vpin_signed": vpin.read(state),
    }


def markouts(inputs: Inputs) -> dict[str, float]:
    """Take a fill apart."""
    side = BUY if inputs["side"] > 0 else SELL
    price, mid_0, mid_h = (float(inputs[name]) for name in ("px", "mid0", "mid_h"))
    return {
        "effective": markout.effective_bps(side, price, mid_0),
        "realized": markout.realised_bps(side, price, mid_0, mid_h),
        "mid_to_mid": markout.mid_to_mid_bps(side, mid_0, mid_h),
    }


def directional(inputs: Inputs) -> dict[str, list[float | None]]:
    """Follow bars; nothing is said before the first index."""
    state = Adx()
    found: dict[str, list[float | None]] = {"adx": [], "plus_di": [], "minus_di": []}
    for high, low, close in zip(inputs["high"], inputs["low"], inputs["close"], strict=True):
        adx.add_bar(state, high, low, close)
        has_di = state.count > PERIOD
        found["adx"].append(state.value if state.dx_count >= PERIOD else None)
        found["plus_di"].append(adx.directional_index(state, BUY) if has_di else None)
        found["minus_di"].append(adx.directional_index(state, SELL) if has_di else None)
    return found


SIGNAL_FAMILIES: Mapping[str, Callable[[Inputs], Mapping[str, Any]]] = {
    "adx14": directional,
    "hawkes": excitations,
    "intensity": intensities,
    "kyle": impact,
    "markout": markouts,
    "microprice": chained,
    "rv": variances,
    "seed": fixed_rate_error,
    "vpin": one_sidedness,
}
