"""Make tape readers and writers from settings."""

from pathlib import Path

from connectors.model.instrument import Instrument
from connectors.model.kernel import dump
from connectors.model.orders import ID_STRIDE
from connectors.tape.journal import JournalWriter
from connectors.tape.segments import Rotation, SegmentedTape
from connectors.tape.source import AS_RECORDED, TapeSource
from connectors.tape.writer import TapeHeader, TapeWriter
from runner.engine.worker import Market
from runner.settings import Record, Settings, Tape, config_hash

MS = 1_000_000
MB = 1_000_000


def tape_stem(market: Market, segment: int = 1) -> str:
    """Return the name, without ending, of a market's tape and journal.

    Names sort in order of their segments.
    """
    number = f"@{segment:02d}" if segment > 1 else ""
    return f"{market.instrument.symbol}.{market.name}{number}"


def tape_writer(directory: Path, market: Market, started_ns: int, segment: int = 1) -> TapeWriter:
    """Open the tape that a worker writes."""
    header = TapeHeader.of(market.instrument, market.venue_name, started_ns)
    return TapeWriter(directory / f"{tape_stem(market, segment)}.tape", header)


def segmented_tape(
    directory: Path, name: str, venue: str, instrument: Instrument, record: Record, now_ns: int
) -> SegmentedTape:
    """Open the first segment of a market's recording; names sort in order of their segments."""
    return SegmentedTape(
        lambda number: directory / f"{instrument.symbol}.{name}@{number:05d}.tape",
        TapeHeader.of(instrument, venue, now_ns),
        Rotation(int(record.segment_s * 1e9), record.segment_mb * MB),
    )


def journal_writer(
    directory: Path, settings: Settings, market: Market, segment: int = 1
) -> JournalWriter:
    """Open the journal that a worker writes.

    Its header holds every number that the kernels were given, so that tape and journal alone
    replay.
    """
    header: dict[str, object] = {
        "market": market.name,
        "symbol": market.instrument.symbol,
        "config_hash": config_hash(settings),
        "id_stride": ID_STRIDE,
        "params": dump(market.desk.params),
        "limits": dump(market.limits),
        "orders": dump(market.desk.orders),
        "trades": dump(market.desk.trades),
        "holding": dump(market.desk.holding),
        "scheduled": dump(market.desk.scheduled),
    }
    return JournalWriter(directory / f"{tape_stem(market, segment)}.journal", header)


def tape_source(tape: Tape, cache_dir: Path | None, *, as_recorded: bool = False) -> TapeSource:
    """Return where a recorded market lies and how it is to be read.

    `as_recorded` leaves the stamps as they were written, whatever the settings say.
    """
    latency_ms = tape.min_feed_latency_ms
    untouched = as_recorded or latency_ms is None
    return TapeSource(
        name=tape.reader,
        path=tape.path,
        pattern=tape.pattern,
        allow_torn=tape.allow_torn,
        repair=tape.repair,
        min_feed_latency_ns=AS_RECORDED if untouched else int((latency_ms or 0.0) * MS),
        cache_dir=cache_dir,
    )
