"""Share between the jobs of a sweep what each would otherwise make again: tapes and the loop."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors.model.instrument import Instrument
from connectors.model.kernel import bound
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.tape import Tape
from runner.modes.compiled import compile_loop
from runner.modes.leads import hear_leads
from runner.modes.market_replay import MarketReplay
from runner.modes.mids import mids_at
from runner.modes.replay_loop import replay
from runner.places import Places
from runner.settings import Settings
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.tapes import tape_source


class Shelf:
    """Tapes by where they lie, and the exact tier's loop. Any thread may call."""

    def __init__(self) -> None:
        self._stopped = False
        self._lock = threading.Lock()
        self._tapes: dict[tuple[TapeSource, Instrument], Tape] = {}
        self._mids: dict[tuple[int, ...], list[int]] = {}
        self._heard: dict[object, dict[str, Tape]] = {}
        self._loops: dict[tuple[str, ...], Callable[..., Any]] = {}
        self._replays: dict[int, MarketReplay] = {}

    def tapes(self, settings: Settings, places: Places) -> dict[str, Tape]:
        """Return the tape of every market; raise DataError before anything else is done."""
        source = tape_source(settings.tape, places.cache / "tapes")
        markets = enabled_markets(settings)
        instruments = {name: instrument_of(m.instrument) for name, m in markets.items()}
        key = tuple((source, n, instruments[n], m.reference.lead) for n, m in markets.items())
        with self._lock:
            if key not in self._heard:
                tapes = {name: self._tape(source, of) for name, of in instruments.items()}
                self._heard[key] = hear_leads(settings, tapes, places.cache / "kernels")
            return self._heard[key]

    def mids(self, tape: Tape, moments_ns: Sequence[int], cache_dir: Path | None) -> list[int]:
        """Return a tape's mid in half ticks at moments, read once."""
        key = (id(tape), moments_ns[0], moments_ns[-1], len(moments_ns))
        with self._lock:
            if key not in self._mids:
                self._mids[key] = mids_at(tape, moments_ns, cache_dir)
            return self._mids[key]

    def loop(self, cache_dir: Path | None) -> Callable[..., Any]:
        """Return the compiled loop for the strategies that are bound."""
        with self._lock:
            if bound() not in self._loops:
                self._loops[bound()] = compile_loop(replay, cache_dir)
            return self._loops[bound()]

    def stop(self) -> None:
        """Let every replay that uses this shelf end its leg, and those to come begin none."""
        self._stopped = True
        for r in list(self._replays.values()):
            r.stopped = True

    @contextmanager
    def watching(self, runs: Sequence[MarketReplay]) -> Iterator[None]:
        """Let `stop` reach replays while the block runs."""
        for r in runs:
            self._replays[id(r)] = r
            r.stopped = self._stopped
        try:
            yield
        finally:
            for r in runs:
                del self._replays[id(r)]

    def _tape(self, source: TapeSource, instrument: Instrument) -> Tape:
        key = (source, instrument)
        if key not in self._tapes:
            self._tapes[key] = read_tape(source, instrument)
        return self._tapes[key]
