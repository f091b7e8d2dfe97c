"""Check each market's tape: whether a replay takes it, what it holds, and what is odd about it."""

from collections.abc import Iterator
from dataclasses import replace

from connectors.model.errors import DataError, TornTape
from connectors.model.instrument import Instrument
from connectors.tape.check import book_check
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.survey import Latency, Survey, survey
from connectors.tape.tape import Tape
from runner.doctor.finding import Finding, Verdict
from runner.places import Places
from runner.report.figures import duration
from runner.settings import Settings
from runner.watch.stamp import utc_text
from runner.wiring.markets import enabled_markets, instrument_of
from runner.wiring.tapes import tape_source

SHOWN_GAPS = 5


def check_tape(settings: Settings, places: Places) -> Iterator[Finding]:
    """Read every market's tape anew, past the cache, as a replay of these settings would."""
    source = tape_source(settings.tape, None)
    for name, market in enabled_markets(settings).items():
        yield from _market(name, source, instrument_of(market.instrument))


def _market(name: str, source: TapeSource, instrument: Instrument) -> Iterator[Finding]:
    """Read one tape; where that is refused, tell whether it would be taken when asked."""
    try:
        tape = read_tape(source, instrument)
    except DataError as refused:
        yield from _refused(name, source, instrument, refused)
        return
    yield from (Finding(Verdict.GOOD, name, line) for line in _lines(tape))


def _refused(
    name: str, source: TapeSource, instrument: Instrument, refused: DataError
) -> Iterator[Finding]:
    tried = [("repair", replace(source, repair=True))]
    if isinstance(refused, TornTape):
        tried.insert(0, ("allow_torn", replace(source, allow_torn=True)))
    for word, asked in tried:
        try:
            tape = read_tape(asked, instrument)
        except DataError:
            continue
        yield Finding(Verdict.ON_REQUEST, name, f"refused: {refused}")
        yield from (Finding(Verdict.GOOD, name, line) for line in _lines(tape))
        yield Finding(
            Verdict.ON_REQUEST, name, f"usable only when asked, with tape.{word}=true, as told here"
        )
        return
    yield Finding(Verdict.UNUSABLE, name, f"unusable: {refused}")


def _lines(tape: Tape) -> Iterator[str]:
    """Yield what a tape holds, then what is odd about it."""
    found = survey(tape)
    span = duration(found.last_ns - found.first_ns)
    yield (
        f"{tape.symbol}, {_when(found.first_ns)} to {_when(found.last_ns)} ({span}):"
        f" {found.rows:,} rows in {found.messages:,} messages, {found.trades:,} trades"
    )
    yield _clock_line(found.latency, tape.clock_shift_ns)
    yield f"longest silence: {duration(found.silence_ns)} from {_when(found.silent_from_ns)}"
    if tape.torn:
        yield f"torn: {tape.torn}"
    yield from _gap_lines(found)
    if found.crossed:
        yield (
            f"crossed: after {found.crossed:,} messages the best bid was at or above the best ask,"
            f" first at {_when(found.first_crossed_ns)}"
        )
    check = book_check(tape)
    if check is not None:
        yield f"book equal to the venue's own top: {check.equal:,} of {check.compared:,} times"
    yield from (f"{text}: {count:,}" for text, count in tape.notes)


def _clock_line(latency: Latency, shift_ns: int) -> str:
    parts = [
        f"latency from the venue's stamp to ours: {_ms(latency.least_ns)} at least,"
        f" {_ms(latency.median_ns)} at the median, {_ms(latency.most_ns)} at most"
    ]
    if latency.negative:
        parts.append(f"{latency.negative:,} rows are stamped before they happened")
    if latency.drift_ppm is not None:
        parts.append(f"drift {latency.drift_ppm:+.1f} ppm")
    added = f"a replay adds {_ms(shift_ns)} to our clock" if shift_ns else "a replay adds nothing"
    return "; ".join([*parts, added])


def _gap_lines(found: Survey) -> Iterator[str]:
    """Yield the first gaps and how many there are more; nothing is quoted in a gap."""
    for gap in found.gaps[:SHOWN_GAPS]:
        length = duration(gap.until_ns - gap.from_ns)
        yield f"gap: no book for {length} from {_when(gap.from_ns)}; nothing is quoted then"
    if len(found.gaps) > SHOWN_GAPS:
        yield f"gap: {len(found.gaps) - SHOWN_GAPS:,} more"


def _when(stamp_ns: int) -> str:
    return utc_text(stamp_ns, 3)


def _ms(ns: int) -> str:
    return f"{ns / 1e6:,.3f} ms"
