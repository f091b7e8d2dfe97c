"""Histories of funding: stamps of many names, rates, and clocks that are not UTC."""

import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from connectors.tape.funding import read_funding

EIGHT_NS = 1_577_865_600_000_000_000
"""2020-01-01T08:00:00Z."""
HOUR_NS = 3_600_000_000_000
RATE = Decimal("-0.00012359")


def table(path: Path, text: str) -> Path:
    path = path / "funding.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        f"ts_ns,rate\n{EIGHT_NS},-0.00012359\n",
        f"ts_ms,rate\n{EIGHT_NS // 1_000_000},-0.00012359\n",
        "rate,ts_iso\n-0.00012359,2020-01-01T09:00:00+01:00\n",
        "Symbol,Date,Funding Rate\nBTC-USDT,2020-01-01T08:00:00Z,-0.00012359\n",
        f"calc_time,interval_hours,last_funding_rate\n{EIGHT_NS // 1_000_000},8,-0.00012359\n",
        f"symbol,fundingRate,fundingRateTimestamp\nX,-0.00012359,{EIGHT_NS // 1_000_000}\n",
        f"timestamp,rate\n{EIGHT_NS // 1_000_000_000},-1.2359e-4\n",
    ],
)
def test_every_name_of_a_stamp_is_read(tmp_path: Path, text: str) -> None:
    assert read_funding(table(tmp_path, text), None) == [(EIGHT_NS, RATE)]


@pytest.mark.parametrize(("offset_h", "hour"), [(0, 11), (3, 8), (-2, 13)])
def test_a_date_without_a_zone_is_of_the_clock_that_was_named(
    tmp_path: Path, offset_h: int, hour: int
) -> None:
    path = table(tmp_path, "Date,Funding Rate\n2020-01-01 11:00:00.000,-0.00012359\n")
    assert read_funding(path, offset_h) == [(EIGHT_NS + (hour - 8) * HOUR_NS, RATE)]


def test_a_date_without_a_zone_is_not_guessed(tmp_path: Path) -> None:
    path = table(tmp_path, "Date,Rate\n2020-01-01 11:00:00,0.0001\n")
    with pytest.raises(DataError, match=r":2: expected a zone, was .*funding_utc_offset_h"):
        read_funding(path, None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ts_ns,cost\n5,1\n", ":1: expected columns one of ts_ns, .* was ts_ns, cost"),
        ("ts_ns,ts_ms,rate\n5,5,1\n", ":1: expected columns one of"),
        ("ts_ns,rate\n5,0.1\n6,x\n", ":3: expected a rate, was 'x'"),
        ("ts_ns,rate\n5,0.1\n5,0.1\n", ":3: expected a time after the line before"),
        ("ts_ns,rate\n5,1\n", ":2: expected a rate from -0.1 to 0.1"),
        ("ts_ns,rate\n5,nan\n", ":2: expected a rate from -0.1 to 0.1"),
        ("ts_ns,rate\n5\n", ":2: .*out of range"),
        ("date,rate\nyesterday,0.1\n", ":2: .*yesterday"),
        ("", "the file is empty"),
    ],
)
def test_a_history_that_cannot_be_meant(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        read_funding(table(tmp_path, text), 0)


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    rows = "".join(f"{k},{k / 1e6:.6f}\n" for k in range(1, 5_000))
    path = tmp_path / "funding.csv.gz"
    packed = gzip.compress(f"ts_ns,rate\n{rows}".encode())
    path.write_bytes(packed)
    assert len(read_funding(path, None)) == 4_999
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DataError, match=r"breaks after line .*get it again"):
        read_funding(path, None)


@pytest.mark.parametrize(
    ("venue", "offset_h", "hours"),
    [
        ("binance", 3, {0, 8, 16}),
        ("bybit", 3, {0, 8, 16}),
        ("gate", 0, {0, 8, 16}),
        ("kucoin", 3, {4, 12, 20}),
        ("dydx", 0, set(range(24))),
    ],
)
def test_recorded_histories_settle_at_their_venues_hours(
    recorded_data: Path, venue: str, offset_h: int, hours: set[int]
) -> None:
    folder = recorded_data / "funding" / "7venues_2020_2023"
    (path,) = folder.glob(f"BTC-USDT_{venue}_*")
    found = read_funding(path, offset_h)
    assert len(found) > 3_000
    assert {datetime.fromtimestamp(at // 10**9, UTC).hour for at, _ in found} == hours
