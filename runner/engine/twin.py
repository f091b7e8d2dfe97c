"""Let a market's paper twin have what the live one gets: the same batches, with a state of its own.

The live market comes first, and nothing of the twin reaches it. A twin that fails is dropped with
one line.
"""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from connectors.model.events import AccountRows, MarketRows
from connectors.venue import Sink
from runner.engine.supervisor import attempt, tell
from runner.engine.warnings import Warn
from runner.engine.worker import Worker
from strategies import reasons as why


class Market(Protocol):
    """A simulated market that is driven by batches."""

    def take(self, rows: MarketRows, now_ns: int) -> None: ...
    def lose(self, now_ns: int) -> None: ...


@dataclass(slots=True)
class Twin:
    """A worker on paper, and the simulated market that it trades. `is_over`: it has failed."""

    worker: Worker
    market: Market
    is_over: bool = False

    def on_batch(self, rows: MarketRows, now_ns: int) -> None:
        """Let the exchange, and then the worker, have a batch."""
        self.market.take(rows, now_ns)

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Want nothing while a stream is broken, as the live one does."""
        if not is_whole:
            self.market.lose(now_ns)
        self.worker.hold(why.LINK_DOWN, not is_whole, now_ns)


class Beside:
    """A market's sink, and its twin behind it."""

    def __init__(self, live: Sink, twin: Twin, warn: Warn) -> None:
        self._live = live
        self._twin = twin
        self._warn = warn

    def on_batch(self, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        """Let the live market have a batch, then the twin its market rows."""
        self._live.on_batch(rows, account, now_ns)
        if not self._twin.is_over:
            attempt(partial(self._twin.on_batch, rows, now_ns), partial(self._drop, now_ns))

    def on_link(self, is_whole: bool, now_ns: int) -> None:
        """Let both hear of the stream."""
        self._live.on_link(is_whole, now_ns)
        if not self._twin.is_over:
            attempt(partial(self._twin.on_link, is_whole, now_ns), partial(self._drop, now_ns))

    def _drop(self, now_ns: int, error: Exception) -> None:
        self._twin.is_over = True
        name = self._twin.worker.market.name
        tell(self._warn, now_ns, name, "the paper twin failed and is dropped", error)


def beside(live: Sink, twin: Twin | None, warn: Warn) -> Sink:
    """Return a sink for both, or the live one where there is no twin."""
    return live if twin is None else Beside(live, twin, warn)
