"""Publish runs that look real into directories, decisions and all, for what reads them back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

from runner.engine.history import DECISION_LAYOUT
from runner.report.publish import publish
from runner.results import DecisionRows, MarketResult, RunResult
from tests.runner.report.fake_run import SETTINGS, run

NAMED = {"sigma_bps": "sigma_live_bps"}


def decisions_of(market: MarketResult) -> DecisionRows:
    """Return the rows of which a market's series is what was kept."""
    rows = np.zeros(len(market.series), np.dtype(list(DECISION_LAYOUT)))
    for name in market.series.__dataclass_fields__:
        rows[NAMED.get(name, name)] = getattr(market.series, name)
    return DecisionRows(market.name, DECISION_LAYOUT, rows)


def save_run(directory: Path, *markets: MarketResult, **changed: object) -> RunResult:
    """Publish a run of these markets; `changed` are keys of its settings. Return the run."""
    settings = {**SETTINGS, **changed}
    result = replace(
        run(*markets, mode="replay"),
        settings=settings,
        decisions=[decisions_of(market) for market in markets],
    )
    publish(directory, result, "all", durable=False)
    saved = directory / ".hydra" / "config.yaml"
    saved.parent.mkdir()
    saved.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return result
