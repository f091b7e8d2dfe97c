"""Calibrate: fit each market to its tape, show the edge map, and write what was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.model.errors import ConfigError
from runner.modes.shelf import Shelf
from runner.places import Places
from runner.settings import Quoting, Settings, config_hash
from runner.wiring.funding import usual_funding_bps_per_h
from runner.wiring.markets import enabled_markets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from runner.calibrate.market import MarketFit


def run(settings: Settings, places: Places, shelf: Shelf | None = None) -> int:
    """Fit every market; return 0, also when every fit was refused: that is an answer."""
    from runner.calibrate.files import write_edge_map
    from runner.calibrate.market import fit_market
    from runner.calibrate.overrides import CHOICE, GROUP, override_text, use
    from runner.calibrate.page import write_page
    from runner.calibrate.tables import market_lines
    from runner.report.files import write_text

    markets = enabled_markets(settings)
    for name, market in markets.items():
        if not isinstance(market.strategy, Quoting):
            raise ConfigError(
                f"markets.{name}.strategy: expected one that quotes, was {market.strategy.name}"
            )
    tapes = (shelf or Shelf()).tapes(settings, places)
    fits = [fit_market(name, markets[name], tape) for name, tape in tapes.items()]
    directory = places.run.open()
    text = override_text(fits, str(settings.tape.path), config_hash(settings))
    if text is not None:
        write_text(directory / GROUP / f"{CHOICE}.yaml", text)
    words = use(directory) if text is not None else None
    write_edge_map(directory / "edge_map.csv", fits)
    write_page(directory / "calibration.html", fits, f"Calibration \u00b7 {settings.deploy}", words)
    for fit in fits:
        print("\n".join(market_lines(fit)), end="\n\n")
    if settings.calibrate.screen:
        _hold_against_each_other(settings, fits, directory)
    print(f"use it: {words}" if words else "nothing was accepted, so there is nothing to use")
    print(f"page: {directory / 'calibration.html'}")
    return 0


def _hold_against_each_other(
    settings: Settings, fits: Sequence[MarketFit], directory: Path
) -> None:
    """Rank the markets, and write what ranks them."""
    from runner.calibrate.selection import candidate_of, ranked
    from runner.calibrate.selection_files import selection_lines, write_selection

    candidates = ranked(
        [
            candidate_of(
                fit,
                settings.markets[fit.name],
                settings.calibrate,
                usual_funding_bps_per_h(settings.markets[fit.name]),
            )
            for fit in fits
        ]
    )
    write_selection(directory, candidates, f"Markets \u00b7 {settings.deploy}")
    print("\n".join(selection_lines(candidates)))
    print(f"markets: {directory / 'selection.html'}\n")
