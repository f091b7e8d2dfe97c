"""Fit the rates of a deploy's markets to its own tape: what a recalibration starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model.errors import DataError
from connectors.tape.readers import read_tape
from connectors.tape.source import AS_RECORDED, TapeSource
from connectors.tape.span import cut
from runner.calibrate.estimate import Refused
from runner.calibrate.market import fit_market
from runner.settings import Quoting
from runner.wiring.markets import enabled_markets, instrument_of

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.tape.tape import Tape
    from runner.settings import Market, Settings

RATES = ("kappa", "intensity_per_s")


def fit_rates(settings: Settings, tapes: Path, moment_ns: int) -> dict[str, object]:
    """Return by market what was fitted to the time before a moment, and why what was not."""
    lookback_ns = int(settings.schedule.refit.lookback_s * 1e9)
    found: dict[str, object] = {}
    for name, market in enabled_markets(settings).items():
        if market.role != "quote" or not isinstance(market.strategy, Quoting):
            continue
        try:
            tape = cut(_tape(tapes, name, market), moment_ns - lookback_ns, None)
            found[name] = rates_of(name, market, tape)
        except DataError as error:
            found[name] = {"refused": str(error)}
    return found


def rates_of(name: str, market: Market, tape: Tape) -> dict[str, object]:
    """Return the accepted rates of a market's tape, and the reasons of those that were refused."""
    knobs = {knob.path: knob for knob in fit_market(name, market, tape).knobs}
    found: dict[str, object] = {}
    for key in RATES:
        knob = knobs[f"strategy.{key}"]
        if isinstance(knob.value, Refused):
            found[f"{key}_refused"] = knob.value.why
        elif isinstance(knob.value, float):
            found[key] = knob.value
            found[f"{key}_grounds"] = knob.grounds
    return found


def _tape(tapes: Path, name: str, market: Market) -> Tape:
    """Read what the deploy has written so far; its end is torn while it is written."""
    source = TapeSource(
        "mmrunner",
        tapes,
        pattern=f"{{symbol}}.{name}[.@]*tape",
        allow_torn=True,
        min_feed_latency_ns=AS_RECORDED,
    )
    return read_tape(source, instrument_of(market.instrument))
