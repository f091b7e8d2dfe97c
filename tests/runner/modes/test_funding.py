"""mode=funding: a handmade history from the command line; recorded ones against a plain loop."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from runner.command import start
from tests.deploys import settings_for

RATES = ["0.0004"] * 40 + ["-0.0001"] * 30 + ["0.0005"] * 40
COSTS = "slippage_bps: 1, can_short"
LEGS = [
    f"+funding.legs.perp={{file: perp*, utc_offset_h: 3, fee_bps: 5, {COSTS}: true}}",
    f"+funding.legs.spot={{file: null, utc_offset_h: null, fee_bps: 9, {COSTS}: false}}",
    "+funding.pairs.carry={first: perp, second: spot}",
]


def changed(before: str, after: str) -> list[str]:
    """Return the words of a handmade pair with one of them changed."""
    return [word.replace(before, after) for word in LEGS]


def history(folder: Path, rates: list[str] = RATES) -> Path:
    """Write a history by a clock three hours ahead of UTC."""
    first = datetime(2023, 12, 20, 3, tzinfo=UTC)
    stamps = [first + timedelta(hours=8 * k) for k in range(len(rates))]
    rows = [f"{at:%Y-%m-%d %H:%M:%S},{rate}\n" for at, rate in zip(stamps, rates, strict=True)]
    path = folder / "perp_history.csv"
    path.write_text("".join(["Date,Funding Rate\n", *rows]), encoding="utf-8")
    return path


def run(home: Path, *words: str) -> int:
    return start(
        ["mode=funding", f"funding.path={home}", f"hydra.run.dir={home / 'run'}", *words],
        {"MMRUNNER_HOME": str(home)},
    )


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_handmade_history_is_tried_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history(tmp_path)
    assert run(tmp_path, *LEGS) == 0
    first, second = table(tmp_path / "run" / "holds.csv")
    assert first["entered"] == "2023-12-23T00:00:00Z"
    assert first["left_because"] == "flipped"
    assert second["left_because"] == "history_ends"
    paid = Decimal(0)
    for k, rate in enumerate(RATES):
        at = datetime(2023, 12, 20, tzinfo=UTC) + timedelta(hours=8 * k)
        held = any(
            datetime.fromisoformat(h["entered"]) < at <= datetime.fromisoformat(h["left"])
            for h in (first, second)
        )
        paid += 10_000 * Decimal(rate) * held
    rows = table(tmp_path / "run" / "years.csv")
    assert [row["year"] for row in rows] == ["2023", "2024", "all"]
    assert Decimal(rows[-1]["funding_quote"]) == paid
    assert Decimal(rows[-1]["costs_quote"]) == 4 * 16
    assert Decimal(rows[-1]["net_quote"]) == paid - 64
    equity = table(tmp_path / "run" / "equity.csv")
    assert Decimal(equity[-1]["equity_quote"]) == paid - 64
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "2023-12-23T00:00:00Z" in page
    assert "the rate has turned against the position" in page
    assert capsys.readouterr().out.startswith("pair   year")


def test_a_hole_of_the_history_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = history(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:21] + lines[24:]), encoding="utf-8")
    assert run(tmp_path, *LEGS) == 0
    told = capsys.readouterr().out
    assert "carry: the history misses settlements of 24 h 00 min, of 24 h 00 min while" in told


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "funding.pairs: expected one pair or more, was none"),
        ([*LEGS, "funding.path=null"], "funding.path: expected the folder of the histories"),
        (changed("perp*", "x*"), "funding.legs.perp.file: expected one file in"),
        (
            changed("utc_offset_h: 3", "utc_offset_h: null"),
            "expected a zone, was 2023-12-20 03:00:00: say with funding.legs.perp.utc_offset_h",
        ),
        ([*LEGS, "funding.begin=2025-01-01"], "expected 3 settlements or more, was 0"),
        (
            changed("second: spot", "second: spat"),
            "funding: pairs.carry.second: expected one of funding.legs (perp, spot), was spat",
        ),
        (
            changed("first: perp", "first: spot"),
            "funding: pairs.carry.first: expected a leg with a file",
        ),
        (["funding.begin=2024-01-01", "funding.end=2023-01-01"], "expected begin before end"),
        (["mode=paper"], "expected mode=funding, which alone reads it"),
    ],
)
def test_a_mistake_is_one_line_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    history(tmp_path)
    assert run(tmp_path, *words) == 2
    told = capsys.readouterr()
    assert complaint in told.err
    assert told.err.count("\n") == 1
    assert not (tmp_path / "run").exists()


def settled(path: Path, ahead_h: int) -> list[tuple[datetime, Decimal]]:
    """Read a recorded history in the plainest way."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        next(lines)
        rows = [line.strip().split(",") for line in lines]
    ahead = timedelta(hours=ahead_h)
    return [
        (datetime.fromisoformat(at).replace(tzinfo=UTC) - ahead, Decimal(rate))
        for _, at, rate in rows
    ]


@pytest.mark.slow
def test_recorded_histories_give_the_sum_that_a_plain_loop_finds(
    tmp_path: Path, recorded_data: Path
) -> None:
    folder = recorded_data / "funding" / "7venues_2020_2023"
    words = ["experiment=funding_histories", f"funding.path={folder}"]
    assert run(tmp_path, *words) == 0
    files = {
        leg: settled(next(folder.glob(f"BTC-USDT_{venue}_*")), ahead_h)
        for leg, venue, ahead_h in (
            ("binance", "binance", 3), ("bybit", "bybit", 3), ("dydx", "dydx", 0)
        )
    }  # fmt: skip
    sums = {
        row["pair"]: Decimal(row["funding_quote"])
        for row in table(tmp_path / "run" / "years.csv")
        if row["year"] == "all"
    }
    holds = table(tmp_path / "run" / "holds.csv")
    for other in ("bybit", "dydx", "spot"):
        pair = f"btc_binance_{other}"
        paid = Decimal(0)
        for hold in holds:
            if hold["pair"] != pair:
                continue
            entered, left = (datetime.fromisoformat(hold[key]) for key in ("entered", "left"))
            for leg, sign in (("binance", 1), (other, -1)):
                for at, rate in files.get(leg, ()):
                    if entered < at.replace(microsecond=0) <= left:
                        paid += sign * int(hold["direction"]) * rate * 10_000
        assert paid != 0
        assert sums[pair] == paid


def test_the_experiment_uses_every_leg_that_it_names() -> None:
    funding = settings_for("experiment=funding_histories").funding
    used = {name for pair in funding.pairs.values() for name in (pair.first, pair.second)}
    assert used == funding.legs.keys()
