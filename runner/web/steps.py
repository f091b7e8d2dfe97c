"""Know the steps of a run's markets: the ledger counts in ticks and lots, people do not."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from connectors.model.errors import DataError
from runner.report.saved.settings import read_settings
from runner.web.runs import listed


@dataclass(frozen=True, slots=True)
class Steps:
    """What a tick and a lot of one market are, as decimal text, and its two currencies."""

    tick: str
    lot: str
    base: str
    quote: str

    def price(self, ticks: int) -> Decimal:
        """Return a price."""
        return Decimal(self.tick) * ticks

    def size(self, lots: int) -> Decimal:
        """Return a size in base."""
        return Decimal(self.lot) * lots


def steps_of(run: Path) -> dict[str, Steps]:
    """Return the steps of every market of a run; none where its settings cannot be read."""
    try:
        markets = read_settings(run).get("markets")
    except DataError:
        return {}
    found = {}
    for name, market in markets.items() if isinstance(markets, Mapping) else ():
        try:
            told = market["instrument"]
            tick, lot = (str(Decimal(str(told[key]))) for key in ("tick_size", "lot_size_base"))
            found[str(name)] = Steps(tick, lot, str(told["base"]), str(told["quote"]))
        except (KeyError, TypeError, InvalidOperation):
            continue
    return found


def last_run(runs: Path, deploy: str) -> Path | None:
    """Return the last run of a deploy that has ended, None where there is none."""
    names = (told["name"] for told in listed(runs) if told.get("deploy") == deploy)
    name = next(names, None)
    return None if name is None else runs / name
