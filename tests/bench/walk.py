"""Be the fixed work that tells how fast this machine is just now.

A walk writes at random places of a ring, as a book does, and branches on what it finds there. It
never changes, so a figure's ratio to it stays comparable between runs and between machines.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from tests.bench.places import kernels

RING = 1 << 16
PYTHON = "fixed walk in Python"
COMPILED = "fixed walk compiled"


def walk(ring: Any, steps: int) -> int:
    """Take so many steps; return the last place."""
    x = 1
    k = 0
    for _ in range(steps):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        k = (x >> 8) & 0xFFFF
        if ring[k] > 3:
            ring[k] = 0
        else:
            ring[k] += 1
    return k


def python_walk(steps: int) -> Callable[[], int]:
    """Return the walk as work for the interpreter."""
    ring = [0] * RING
    return lambda: walk(ring, steps)


def compiled_walk(steps: int) -> Callable[[], int]:
    """Return the walk as compiled work; it releases the GIL."""
    import numpy as np

    compiled = _compiled()
    ring = np.zeros(RING, np.int64)
    return lambda: int(compiled(ring, steps))


@cache
def _compiled() -> Callable[..., int]:
    from runner.modes.compiled import compile_loop

    return compile_loop(walk, kernels())
