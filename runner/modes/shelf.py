"""Share between the jobs of a sweep what each would otherwise make again: tapes and loops."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from connectors.model.instrument import Instrument
from connectors.model.kernel import bound
from connectors.tape.readers import read_tape, tape_key
from connectors.tape.source import TapeSource
from connectors.tape.span import cut
from connectors.tape.tape import Tape
from runner.modes.agendas import hear_schedule
from runner.modes.compiled import compile_loop
from runner.modes.leads import hear_leads
from runner.modes.market_replay import MarketReplay, first_mid_half_ticks
from runner.modes.mids import mids_at
from runner.modes.replay_loop import replay
from runner.modes.screen_loop import screen
from runner.modes.view import Timing, View, open_view
from runner.places import Places
from runner.settings import Settings
from runner.settings.fields import canonical
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.tapes import tape_source

Span = tuple[int | None, int | None]
"""From and to before which moment of a tape, in ns; None is its own end."""


class Shelf:
    """Tapes by where they lie, what is made of them, and loops. Any thread may call."""

    def __init__(self) -> None:
        self.stopped = False
        self._lock = threading.RLock()
        self._tapes: dict[tuple[TapeSource, Instrument], Tape] = {}
        self._parts: dict[tuple[TapeSource, Instrument, Span], Tape] = {}
        self._mids: dict[tuple[int, ...], list[int]] = {}
        self._heard: dict[object, dict[str, Tape]] = {}
        self._loops: dict[tuple[object, ...], Callable[..., Any]] = {}
        self._first_mids: dict[int, int] = {}
        self._views: dict[tuple[int, Timing], View] = {}
        self._replays: dict[int, MarketReplay] = {}

    def tapes(self, settings: Settings, places: Places) -> dict[str, Tape]:
        """Return the tape of every market; raise DataError before anything else is done."""
        source = tape_source(settings.tape, places.cache / "tapes")
        markets = enabled_markets(settings)
        instruments = {name: instrument_of(m.instrument) for name, m in markets.items()}
        span = _span_of(settings)
        key = (
            span,
            *((source, n, instruments[n], m.reference.lead) for n, m in markets.items()),
        )
        with self._lock:
            if key not in self._heard:
                tapes = {n: self._part(source, of, span) for n, of in instruments.items()}
                self._heard[key] = hear_leads(settings, tapes, places.cache / "kernels")
            return self._scheduled(settings, key)

    def own_tapes(self, settings: Settings, places: Places) -> dict[str, Tape]:
        """Return the tape of every market as it was recorded, without what a lead says."""
        source = tape_source(settings.tape, places.cache / "tapes")
        markets = enabled_markets(settings)
        with self._lock:
            return {
                name: self._part(source, instrument_of(market.instrument), _span_of(settings))
                for name, market in markets.items()
            }

    def first_mid(self, tape: Tape) -> int:
        """Return a tape's first mid in half ticks, read once."""
        with self._lock:
            if id(tape) not in self._first_mids:
                self._first_mids[id(tape)] = first_mid_half_ticks(tape)
            return self._first_mids[id(tape)]

    def view(
        self, settings: Settings, places: Places, name: str, tape: Tape, timing: Timing
    ) -> View:
        """Return what a screen of a market walks over, made once."""
        key = (id(tape), timing)
        with self._lock:
            if key not in self._views:
                source = tape_source(settings.tape, None)
                instrument = instrument_of(settings.markets[name].instrument)
                folder = places.cache / "screens" / tape_key(source, instrument)
                folder = folder.with_name(folder.name + _suffix(_span_of(settings)))
                kernels = places.cache / "kernels"
                compiled = partial(self._compiled, cache_dir=kernels)
                self._views[key] = open_view(tape, timing, folder, compiled)
            return self._views[key]

    def mids(self, tape: Tape, moments_ns: Sequence[int], cache_dir: Path | None) -> list[int]:
        """Return a tape's mid in half ticks at moments, read once."""
        key = (id(tape), moments_ns[0], moments_ns[-1], len(moments_ns))
        with self._lock:
            if key not in self._mids:
                self._mids[key] = mids_at(tape, moments_ns, cache_dir)
            return self._mids[key]

    def loop(self, cache_dir: Path | None) -> Callable[..., Any]:
        """Return the exact tier's loop, compiled for the strategies that are bound."""
        return self._compiled(replay, cache_dir)

    def screen_loop(self, cache_dir: Path | None) -> Callable[..., Any]:
        """Return the screen's loop, compiled for the strategies that are bound."""
        return self._compiled(screen, cache_dir)

    def stop(self) -> None:
        """Let every replay that uses this shelf end its leg, and those to come begin none."""
        self.stopped = True
        for r in list(self._replays.values()):
            r.stopped = True

    @contextmanager
    def watching(self, runs: Sequence[MarketReplay]) -> Iterator[None]:
        """Let `stop` reach replays while the block runs."""
        for r in runs:
            self._replays[id(r)] = r
            r.stopped = self.stopped
        try:
            yield
        finally:
            for r in runs:
                del self._replays[id(r)]

    def _scheduled(self, settings: Settings, key: object) -> dict[str, Tape]:
        """Return heard tapes with what the clock asks of their markets."""
        if not settings.schedule.asks_of_markets:
            return self._heard[key]
        worth = (settings.reporting_currency, canonical(settings.rates))
        roles = canonical({name: market.role for name, market in settings.markets.items()})
        fitted = canonical(settings.markets) if settings.schedule.refits else ""
        whole = (key, settings.schedule.canonical, worth, roles, fitted)
        if whole not in self._heard:
            self._heard[whole] = hear_schedule(settings, self._heard[key])
        return self._heard[whole]

    def _part(self, source: TapeSource, instrument: Instrument, span: Span) -> Tape:
        key = (source, instrument, span)
        if key not in self._parts:
            self._parts[key] = cut(self._tape(source, instrument), *span)
        return self._parts[key]

    def _compiled(self, loop: Callable[..., Any], cache_dir: Path | None) -> Callable[..., Any]:
        key = (loop, *bound())
        with self._lock:
            if key not in self._loops:
                self._loops[key] = compile_loop(loop, cache_dir)
            return self._loops[key]

    def _tape(self, source: TapeSource, instrument: Instrument) -> Tape:
        key = (source, instrument)
        if key not in self._tapes:
            self._tapes[key] = read_tape(source, instrument)
        return self._tapes[key]


def _span_of(settings: Settings) -> Span:
    return settings.replay.begin, settings.replay.end


def _suffix(span: Span) -> str:
    """Return what tells a part of a tape from all of it, in the name of what is made of it."""
    return "" if span == (None, None) else "".join(f"-{moment or ''}" for moment in span)
