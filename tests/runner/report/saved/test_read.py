"""A run that is read back is the run that was written, or it is refused in one line."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.errors import DataError
from connectors.model.events import LIQUIDATION
from runner.report.html import page
from runner.report.reckoning import reckon
from runner.report.saved.read import read_run
from runner.report.summary import summary_of
from runner.results import MarginState, TapeState
from tests.runner.report.fake_run import market
from tests.runner.report.saved_run import save_run

FULL = market(steps=900, maker_fee_bps="0.3", funding_quote="1.25")


def test_every_figure_is_the_same_from_the_files(tmp_path: Path) -> None:
    written = save_run(tmp_path, FULL, market("eth", seed=2, steps=900))
    read = read_run(tmp_path).result
    assert summary_of(read, reckon(read)) == summary_of(written, reckon(written))


def test_the_page_is_the_same_from_the_files(tmp_path: Path) -> None:
    written = save_run(tmp_path, FULL)
    read = read_run(tmp_path).result
    known = replace(read, explanations=written.explanations)
    assert page(known, reckon(known)) == (tmp_path / "report.html").read_text(encoding="utf-8")


def test_fees_that_were_told_of_single_fills_and_liquidations_are_kept(tmp_path: Path) -> None:
    fills = FULL.fills
    roles = [LIQUIDATION if k == 3 else int(role) for k, role in enumerate(fills.role)]  # type: ignore[arg-type,var-annotated]
    told = {int(fills.trade_id[k]): Decimal(k) / 1000 for k in (3, 5, 8)}
    given = replace(FULL, fills=replace(fills, role=roles), fees_quote=told)
    written = save_run(tmp_path, given)
    read = read_run(tmp_path).result
    assert read.markets[0].fees_quote == told
    assert summary_of(read, reckon(read)) == summary_of(written, reckon(written))


def test_margin_and_tape_are_kept(tmp_path: Path) -> None:
    margin = MarginState("cross", Decimal(100), Decimal("93.5"), Decimal("1.25"), 2)
    tape = TapeState(1, 1_500_000_000, "cut off", (("rows left out", 3),))
    written = save_run(tmp_path, replace(FULL, margin=margin, tape=tape))
    read = read_run(tmp_path).result
    assert (read.markets[0].margin, read.markets[0].tape) == (margin, tape)
    assert summary_of(read, reckon(read)) == summary_of(written, reckon(written))


def test_a_run_without_decisions_is_read_from_its_fills(tmp_path: Path) -> None:
    written = save_run(tmp_path, FULL)
    (tmp_path / "decisions.parquet").unlink()
    read = read_run(tmp_path).result
    assert len(read.markets[0].series) == 0
    assert reckon(read).tears["btc"].parts == reckon(written).tears["btc"].parts


def test_a_run_that_was_not_configured_by_file_has_no_settings(tmp_path: Path) -> None:
    save_run(tmp_path, FULL)
    (tmp_path / ".hydra" / "config.yaml").unlink()
    assert read_run(tmp_path).result.settings == {}


def test_nothing_is_written_where_a_run_is_read(tmp_path: Path) -> None:
    save_run(tmp_path, FULL)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    read_run(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def cut(name: str, size: int) -> Callable[[Path], None]:
    """Return a fault that keeps only a file's first bytes."""

    def fault(run: Path) -> None:
        (run / name).write_bytes((run / name).read_bytes()[:size])

    return fault


def without_key(run: Path) -> None:
    """Take a key away that every summary has."""
    document = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    del document["markets"]["btc"]["clip_base"]
    (run / "summary.json").write_text(json.dumps(document), encoding="utf-8")


def without_a_fill(run: Path) -> None:
    """Lose the last fill."""
    lines = (run / "fills.csv").read_text(encoding="utf-8").splitlines()
    (run / "fills.csv").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda run: (run / "summary.json").unlink(), "summary.json: expected the summary"),
        (lambda run: (run / "fills.csv").unlink(), "fills.csv: expected the fills of a run"),
        (cut("summary.json", 300), "summary.json: expected the summary of a run, cannot be read"),
        (cut("fills.csv", 300), "fills.csv: expected"),
        (cut("fills.csv", 9), "fills.csv: expected the columns of a run"),
        (cut("decisions.parquet", 99), "decisions.parquet: expected decisions of a run"),
        (without_key, "expected what this version writes, was another: KeyError 'clip_base'"),
        (without_a_fill, "expected fills.csv to make the"),
        (
            lambda run: (run / ".hydra" / "config.yaml").write_text("{", encoding="utf-8"),
            "config.yaml: expected a configuration",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, fault: Callable[[Path], object], says: str
) -> None:
    save_run(tmp_path, FULL)
    fault(tmp_path)
    with pytest.raises(DataError) as told:
        read_run(tmp_path)
    assert says in str(told.value)
    assert "\n" not in str(told.value)
