"""Watch a session from another thread, as configured."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from runner.engine.clock import Clock
from runner.engine.hang import HangWatch
from runner.engine.session import Session
from runner.settings import Settings


def hang_watch(
    settings: Settings, clock: Clock, session: Session
) -> AbstractContextManager[object]:
    """Return the thread that ends this process should its loop hang."""
    most_s = settings.risk.max_hang_s
    if most_s is None:
        return nullcontext()
    cancels = [venue.cancel_all_out_of_loop for venue in session.venues.values()]
    watch = HangWatch(
        most_ns=int(most_s * 1e9),
        clock=clock,
        latch=session.latch,
        cancels=[cancel for cancel in cancels if cancel is not None],
        out=sys.stderr,
        leave=os._exit,
        knows=lambda: session.killed,
    )
    session.beat = watch.beat
    return watch
