"""Make optuna's samplers and distributions from our words."""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from runner.search.space import Choice, Domain, Space
from runner.settings.search import Search

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.trial import FrozenTrial

MISSES = "misses"
"""Attribute of a trial: by how many fills it falls short, so that samplers learn to avoid it."""


def distributions_of(space: Space) -> Mapping[str, "BaseDistribution"]:
    """Return a space as optuna takes it."""
    return {key: _distribution(domain) for key, domain in space.items()}


def sampler_of(search: Search, index: int, threads: int) -> "BaseSampler":
    """Return the sampler of one trial, the `index`-th that the study did not lose.

    It depends on what the study holds and on the index alone, so a study that is taken up again
    goes on as if it had never been stopped.
    """
    from optuna import samplers

    seed = _seed(search.seed, index)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # constraints are called experimental
        match search.sampler:
            case "random":
                return samplers.RandomSampler(seed=seed)
            case "cmaes":
                return samplers.CmaEsSampler(seed=seed, warn_independent_sampling=False)
            case "nsga2":
                return samplers.NSGAIISampler(seed=seed, constraints_func=_misses)
            case "tpe":
                return samplers.TPESampler(
                    seed=seed, constant_liar=threads > 1, constraints_func=_misses
                )


def _distribution(domain: Domain) -> "BaseDistribution":
    from optuna import distributions as d

    if isinstance(domain, Choice):
        return d.CategoricalDistribution(domain.texts)
    if domain.is_whole:
        low, high, step = round(domain.low), round(domain.high), round(domain.step or 1)
        return d.IntDistribution(low, high, log=domain.is_log, step=step)
    return d.FloatDistribution(domain.low, domain.high, log=domain.is_log, step=domain.step)


def _seed(seed: int, index: int) -> int:
    """Return a seed that has nothing to do with that of the trial before."""
    digest = hashlib.sha256(f"{seed} {index}".encode()).digest()
    return int.from_bytes(digest[:4], "big")


def _misses(trial: "FrozenTrial") -> Sequence[float]:
    return (float(trial.user_attrs.get(MISSES, 0)),)
