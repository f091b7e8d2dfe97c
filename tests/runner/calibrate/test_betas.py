"""A signal that moves mid is found with its size; one that does not is refused."""

from dataclasses import replace

import numpy as np

from runner.calibrate.betas import Samples, betas, joint_betas
from runner.calibrate.estimate import Blocks, Estimate, Refused
from runner.calibrate.recording import Recording, Tops
from tests.runner.calibrate.made import START_NS, recording

SECONDS = 2000
BETA_BPS = 0.3


def made(beta_bps: float, seed: int) -> Recording:
    """Return a market whose imbalance of each second moves mid by beta within the next."""
    rng = np.random.default_rng(seed)
    share = rng.uniform(-0.8, 0.8, SECONDS)
    moves = beta_bps * share + rng.normal(0, 0.3, SECONDS)
    mid = 1e7 * np.exp(np.cumsum(np.append(0.0, moves[:-1])) * 1e-4)
    bid = np.round(mid).astype(np.int64)
    bid_lots = np.round(1000 * (1 + share)).astype(np.int64)
    ask_lots = np.round(1000 * (1 - share)).astype(np.int64)
    ns = START_NS + np.arange(SECONDS, dtype=np.int64) * 10**9
    return recording(Tops(ns, bid, bid + 1, bid_lots, ask_lots), SECONDS)


def test_a_true_slope_is_found_within_its_error() -> None:
    market = made(BETA_BPS, 3)
    found = betas(Samples.of(market, 1.0), Blocks.over(market.start_ns, market.end_ns))
    one = next(b for b in found if b.signal == "imbalance" and b.horizon_s == 1.0)
    assert isinstance(one.beta_bps, Estimate)
    assert abs(one.beta_bps.value - BETA_BPS) < 3 * one.beta_bps.error
    assert one.correlation > 0.3


def test_a_signal_without_meaning_is_refused_in_words() -> None:
    market = made(0.0, 8)
    found = betas(Samples.of(market, 1.0), Blocks.over(market.start_ns, market.end_ns))
    refused = [b.beta_bps for b in found if b.signal == "imbalance"]
    for beta in refused:
        assert isinstance(beta, Refused)
        assert "cannot be told from zero" in beta.why


def test_a_signal_that_only_goes_with_another_adds_nothing_beside_it() -> None:
    market = made(BETA_BPS, 3)
    blocks = Blocks.over(market.start_ns, market.end_ns)
    samples = Samples.of(market, 1.0)
    noise = np.random.default_rng(5).normal(0, 0.3, len(samples.ns))
    together = replace(samples, order_flow=samples.imbalance + noise)
    alone = next(b for b in betas(together, blocks) if b.signal == "order_flow")
    assert isinstance(alone.beta_bps, Estimate)
    first, second = joint_betas(together, blocks)
    assert isinstance(first, Estimate)
    assert abs(first.value - BETA_BPS) < 3 * first.error
    assert isinstance(second, Refused)
