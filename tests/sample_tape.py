"""Make the small tapes that come with the project: ``python -m tests.sample_tape``.

Five minutes of each market's synthetic stream, as `mode=replay` finds it by default.
"""

from pathlib import Path

from connectors.model.events import MarketRows
from connectors.tape.writer import TapeHeader, TapeWriter
from runner.wiring.markets import instrument_of
from runner.wiring.sim import synthetic_source
from tests.deploys import CHECKOUT, settings_for

DIRECTORY = CHECKOUT / "connectors" / "sim" / "tape"
START_NS = 1_780_000_000_000_000_000
LENGTH_NS = 300_000_000_000
FEED_LATENCY_NS = 1_000_000
MARKETS = ("btc", "eth", "sol", "wif")


def rows_of(market: str, until_ns: int) -> tuple[MarketRows, TapeHeader]:
    """Return a market's stream from the start until `until_ns`, and its tape's header."""
    settings = settings_for(f"market={market}")
    chosen = settings.markets[market]
    source = synthetic_source(market, chosen, settings.seed, START_NS)
    rows = MarketRows()
    while source.next_ns() <= until_ns:
        source.take(rows, FEED_LATENCY_NS)
    return rows, TapeHeader.of(instrument_of(chosen.instrument), "sim", START_NS)


def write(market: str, directory: Path) -> Path:
    """Write a market's sample and return its path."""
    rows, header = rows_of(market, START_NS + LENGTH_NS)
    path = directory / f"{header.symbol}.{market}.tape"
    path.unlink(missing_ok=True)
    tape = TapeWriter(path, header)
    tape.append(rows, 0, len(rows))
    tape.close()
    return path


if __name__ == "__main__":
    DIRECTORY.mkdir(exist_ok=True)
    for name in MARKETS:
        made = write(name, DIRECTORY)
        print(f"{made.relative_to(CHECKOUT)}: {made.stat().st_size / 1e3:.0f} kB")
