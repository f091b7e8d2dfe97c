"""Know where benches keep their results, and what they make once and use again."""

import os
from pathlib import Path

from runner.places import home_of, outputs

CHECKOUT = Path(__file__).resolve().parents[2]
BASELINES = Path(__file__).resolve().parent / "baselines"


def results() -> Path:
    """Return the directory of the measured figures."""
    return outputs(home_of(os.environ, CHECKOUT)) / "bench"


def cache() -> Path:
    """Return the directory of generated tapes, and of the home in which deploys are started."""
    return outputs(home_of(os.environ, CHECKOUT)) / "cache" / "bench"


def kernels() -> Path:
    """Return the directory of compiled kernels, the one that replays use."""
    return outputs(home_of(os.environ, CHECKOUT)) / "cache" / "kernels"
