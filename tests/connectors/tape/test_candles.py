"""A bar is a path that turns back least, and fills only what it traded beyond."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.model.errors import DataError
from connectors.model.events import ASK, BID, GAP
from connectors.model.instrument import Instrument
from connectors.tape.candles import READER, stamp_ns
from connectors.tape.survey import survey
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, source
from tests.recordings import recorded

HEADER = "timestamp,open,high,low,close,volume"
S = 1_000_000_000
T0_S = 1_721_347_200


def tape_of(folder: Path, *bars: str, instrument: Instrument = BTC, **options: object) -> Tape:
    path = folder / "btcusdt.csv"
    path.write_text("\n".join((HEADER, *bars)) + "\n")
    return READER.read((path,), instrument, source(path, "candles", **options))


def touches(tape: Tape) -> list[tuple[int, int, int]]:
    """Return (second, best bid, best ask) in ticks after each moment with a change."""
    rows, best, seen = tape.local, {BID: 0, ASK: 0}, {}
    for kind, ticks, lots, ns in zip(
        rows.kind.tolist(),
        rows.ticks.tolist(),
        rows.lots.tolist(),
        rows.venue_ns.tolist(),
        strict=True,
    ):
        if kind in best and lots:
            best[kind] = ticks
        seen[ns // S - T0_S] = (best[BID], best[ASK])
    return [(second, *touch) for second, touch in seen.items()]


def test_a_rising_bar_goes_down_first_and_a_falling_one_up(tmp_path: Path) -> None:
    rising, falling = f"{T0_S},100,103,99,102,8", f"{T0_S + 60},102,104,98,99,8"
    assert touches(tape_of(tmp_path, rising, falling)) == [
        (0, 1000, 1001),
        (15, 990, 991),
        (30, 1029, 1030),
        (45, 1020, 1021),
        (60, 1019, 1020),
        (75, 1039, 1040),
        (90, 980, 981),
        (105, 989, 990),
    ]


BARS = st.lists(
    st.tuples(st.integers(500, 600), st.integers(0, 50), st.integers(0, 50), st.integers(0, 100)),
    min_size=2,
    max_size=6,
)


@settings(deadline=None)
@given(BARS)
def test_nothing_is_offered_at_or_beyond_an_extreme(
    tmp_path_factory: pytest.TempPathFactory, bars: list[tuple[int, int, int, int]]
) -> None:
    made = [
        (o, max(o, c) + up, min(o, c) - down, c) for (o, up, down, at) in bars for c in (500 + at,)
    ]
    text = [
        f"{T0_S + 60 * k},{o / 10},{h / 10},{lo / 10},{c / 10},4"
        for k, (o, h, lo, c) in enumerate(made)
    ]
    for second, bid, ask in touches(tape_of(tmp_path_factory.mktemp("bars"), *text)):
        _, high, low, _ = made[second // 60]
        assert bid < high
        assert ask > low
        assert ask - bid == (1 if high > low else 2)


def test_a_quarter_of_the_volume_is_shown_at_each_moment(tmp_path: Path) -> None:
    tape = tape_of(tmp_path, f"{T0_S},100,100,100,100,0.0099", f"{T0_S + 60},100,101,99,100,0")
    shown = {lots for lots in tape.local.lots.tolist() if lots}
    assert shown == {2, 1}


def test_bars_that_are_missing_are_a_gap(tmp_path: Path) -> None:
    bars = [f"{T0_S + 60 * k},100,101,99,100,4" for k in (0, 1, 4)]
    tape = tape_of(tmp_path, *bars, bars[-1])
    gap = tape.local.kind.tolist().index(GAP)
    assert tape.local.venue_ns[gap] == (T0_S + 120) * S
    assert dict(tape.notes) == {"bars missing": 2, "repeated bars left out": 1}


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        (f"{T0_S + 60},100,99,98,100,1", "are no bar"),
        (f"{T0_S + 60},100,101,99,100,-1", "are no bar"),
        (f"{T0_S + 60},nan,101,99,100,1", "expected an archive's row"),
        (f"{T0_S - 60},100,101,99,100,1", "before the last one has ended"),
        (f"{T0_S + 60},100,101,99.05,100,1", "on the grid of 0.1, was 99.05"),
    ],
)
def test_a_bar_that_cannot_be_is_named(tmp_path: Path, bar: str, said: str) -> None:
    good = [f"{T0_S + 60 * k},100,101,99,100,1" for k in (0, 2, 3)]
    with pytest.raises(DataError, match=said):
        tape_of(tmp_path, good[0], bar, *good[1:])


def test_a_column_that_lacks_is_named(tmp_path: Path) -> None:
    path = tmp_path / "btcusdt.csv"
    path.write_text("timestamp,open,high,low,close\n1,1,1,1,1\n")
    with pytest.raises(DataError, match=r":1: expected a header: the columns lack volume"):
        READER.read((path,), BTC, source(path, "candles"))


@pytest.mark.parametrize(
    "text",
    [
        "1704067260",
        "1704067260000",
        "1704067260000000",
        "2024-01-01 00:01:00",
        "2024-01-01T00:01:00Z",
        "2024-01-01 03:01:00.000+03:00",
    ],
)
def test_stamps_are_utc_unless_they_say_otherwise(text: str) -> None:
    assert stamp_ns(text) == int(datetime(2024, 1, 1, 0, 1, tzinfo=UTC).timestamp()) * S


def test_a_recorded_day_of_bars_has_no_gap() -> None:
    path = recorded("candles") / "binance_spot_btcusdt_1m_20240101.csv.gz"
    spot = replace(BTC, tick_size=Decimal("0.01"), lot_size_base=Decimal("0.00001"))
    found = survey(READER.read((path,), spot, source(path, "candles")))
    assert found.gaps == ()
    assert found.crossed == 0
    assert found.last_ns - found.first_ns > (24 * 3600 - 60) * S
