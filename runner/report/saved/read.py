"""Read a run back from its directory."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from connectors.model.errors import DataError
from connectors.model.instrument import Instrument
from runner.report.saved.fills import read_fills
from runner.report.saved.market import instrument_of, market_of
from runner.report.saved.series import read_series
from runner.report.saved.settings import read_settings
from runner.results import RunResult
from strategies.reasons import Reason
from strategies.telling import sentences


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run that has ended: where it lies, what it was, and its settings as they were resolved."""

    path: Path
    result: RunResult

    @property
    def name(self) -> str:
        """Name of the directory, with its sweep's for a job."""
        own = self.path.name
        return f"{self.path.parent.name}/{own}" if own.isdecimal() else own


def read_run(path: Path) -> SavedRun:
    """Return a run from its files; raise DataError for what is missing, torn or contradictory."""
    summary = _summary(path / "summary.json")
    try:
        return SavedRun(path, _result(path, summary))
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as error:
        raise DataError(
            f"{path / 'summary.json'}: expected what this version writes, was another:"
            f" {type(error).__name__} {error}; run it again"
        ) from None


def _summary(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: expected the summary of a run, cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise DataError(f"{path}: expected the summary of a run, was no object")
    return document


def _result(path: Path, summary: Mapping[str, Any]) -> RunResult:
    entries: Mapping[str, Any] = summary["markets"]
    instruments: dict[str, Instrument] = {n: instrument_of(e) for n, e in entries.items()}
    fills = read_fills(path / "fills.csv", instruments)
    series, reasons = read_series(path / "decisions.parquet", entries)
    settings = read_settings(path)
    markets = [
        market_of(path, name, entry, instruments[name], fills[name], series.get(name))
        for name, entry in entries.items()
    ]
    told = settings.get("rates")
    rates = told if isinstance(told, Mapping) else {}
    return RunResult(
        mode=summary["mode"],
        version=summary["version"],
        config_hash=summary["config_hash"],
        started_ns=_stamp_ns(summary["started"]),
        ended_ns=_stamp_ns(summary["ended"]),
        exit=summary["exit"],
        reporting_currency=summary["reporting_currency"],
        markets=markets,
        deploy=summary["deploy"],
        rates={str(c): Decimal(str(rate)) for c, rate in rates.items() if rate is not None},
        reasons=reasons or {r.name.lower(): int(r) for r in Reason if r.name},
        explanations=sentences(),
        settings=settings,
        adverse_horizon=summary["adverse_horizon"],
    )


def _stamp_ns(text: str) -> int:
    moment = datetime.fromisoformat(text)
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000_000 + moment.microsecond * 1000
