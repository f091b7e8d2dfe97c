"""Kernels are compiled once, for their loops to link; the loop alone is executable."""

import gc
from typing import Any

import numpy as np
import pytest
from numba.core.errors import TypingError
from numba.core.event import RecordingListener, install_listener

from connectors.model.record import record_of
from connectors.sim.random import Random, exponential, normal, seed_random, uniform
from runner.modes.compiled import compile_loop

DRAWS = 1_000


def fill(random, column):  # type: ignore[no-untyped-def]
    for k in range(len(column)):
        column[k] = uniform(random) + exponential(random) + normal(random)


def add(random, column):  # type: ignore[no-untyped-def]
    total = 0.0
    for k in range(len(column)):
        column[k] = exponential(random)
        total += column[k] + uniform(random)
    return total


def unknown(random, column):  # type: ignore[no-untyped-def]
    return uniform(random) + column.no_such_field


def seeded() -> Random:
    random = Random()
    seed_random(random, 7, 0)
    return random


def compiled_names(loop: Any, *arguments: Any) -> list[str]:
    """Return the name of each function that numba compiles in a call."""
    listener = RecordingListener()
    with install_listener("numba:compile", listener):
        loop(*arguments)
    events = [event for _, event in listener.buffer if event.is_start]
    return [event.data["dispatcher"].py_func.__name__ for event in events]


def test_the_next_loop_links_what_the_first_one_compiled() -> None:
    column = np.zeros(DRAWS)
    first = compiled_names(compile_loop(fill, None), record_of(seeded()), column)
    second = compiled_names(compile_loop(add, None), record_of(seeded()), column)
    # What another test's loop has compiled in this process before is linked here too.
    assert {"fill"} <= set(first) <= {"fill", "uniform", "exponential", "normal"}
    assert second == ["add"]


@pytest.mark.parametrize("loop", [fill, add])
def test_loops_that_share_kernels_give_what_the_interpreter_gives(loop: Any) -> None:
    plain, column = [0.0] * DRAWS, np.zeros(DRAWS)
    random, record = seeded(), record_of(seeded())
    assert compile_loop(loop, None)(record, column) == loop(random, plain)
    assert column.tolist() == plain
    assert (int(record.a), int(record.b)) == (random.a, random.b)


def test_a_kernel_leaves_nothing_behind_that_could_be_called_from_outside() -> None:
    loop = compile_loop(fill, None)
    loop(record_of(seeded()), np.zeros(DRAWS))
    (overload,) = loop.overloads.values()
    names = [function.name for function in overload.library.get_defined_functions()]
    assert len([name for name in names if "cpython" in name or "cfunc" in name]) == 2
    assert all("fill" in name for name in names if "cpython" in name or "cfunc" in name)


def test_garbage_is_collected_again_after_a_compilation_whether_it_failed_or_not() -> None:
    with pytest.raises(TypingError, match="no_such_field"):
        compile_loop(unknown, None)(record_of(seeded()), np.zeros(DRAWS))
    assert gc.isenabled()
    compile_loop(fill, None)(record_of(seeded()), np.zeros(DRAWS))
    assert gc.isenabled()
