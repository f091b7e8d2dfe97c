"""Measure a process as it is on cores of its own, where the system lets a bench ask for that."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed(rank: int) -> Iterator[bool]:
    """Let nobody of a lower rank interrupt this thread and what it starts, nor anybody without one;
    tell whether that is so.

    It takes real-time priority (`man 7 sched`), which Linux gives to those who may.
    """
    if sys.platform != "linux":
        yield False
        return
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(rank))
    except PermissionError:
        yield False
        return
    try:
        yield True
    finally:
        os.sched_setscheduler(0, *before)
