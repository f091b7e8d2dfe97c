"""Time work in turns with its peer, so that both meet the same machine."""

import gc
from collections.abc import Callable, Sequence
from time import perf_counter

Work = Callable[[], object]

QUIET_FRAC = 0.25


def seconds(work: Work) -> float:
    """Return how long one call takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def in_turns(rounds: int, *works: Work) -> list[float]:
    """Call every work once a round, and return the seconds of each one's quickest round.

    Whoever else uses the machine only ever adds time, and for seconds on end, so that a median of a
    few rounds tells of them. The first call of each is not counted: it fills caches, or compiles.
    """
    for work in works:
        work()
    gc.collect()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, taken, strict=True):
            times.append(seconds(work))
    return [min(times) for times in taken]


def quantile(values: Sequence[float], quantile_frac: float) -> float:
    """Return the value that a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(int(quantile_frac * len(ordered)), len(ordered) - 1)]


def quiet_quantile(blocks: Sequence[Sequence[float]], quantile_frac: float) -> float:
    """Return the quantile of single calls as it is in the quiet times of a shared machine.

    It is taken in each block of calls; a quarter of the blocks have less than what is returned.
    """
    return quantile([quantile(block, quantile_frac) for block in blocks], QUIET_FRAC)
