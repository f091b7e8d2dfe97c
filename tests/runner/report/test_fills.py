import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from connectors.model.events import BUY, MAKER, SELL, TAKER
from runner.report.fills import COLUMNS, write_fills
from runner.report.pnl import account_of
from runner.results import FillColumns, MarketResult, RunResult
from tests.runner.report.fake_run import START_NS, market, run

SECOND = 1_000_000_000


def read(path: Path, result: RunResult) -> list[dict[str, str]]:
    """Write and read back."""
    write_fills(path / "fills.csv", result)
    with (path / "fills.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def few() -> MarketResult:
    """Return four fills whose figures are easy to check by hand."""
    fills = FillColumns(
        recv_ns=[START_NS + k for k in (0, SECOND - 1, SECOND, 3 * SECOND)],
        venue_ns=[START_NS - 5] * 4,
        side=[BUY, BUY, BUY, SELL],
        ticks=[1_000_000, 1_000_000, 1_000_001, 1_000_010],
        lots=[10, 5, 1, 20],
        role=[MAKER, MAKER, TAKER, MAKER],
        trade_id=[1, 2, 3, 4],
        client_id=[2048, 2048, 4096, 6144],
        mid_half_ticks=[2_000_001, 2_000_001, -1, 2_000_019],
        mid_1s_half_ticks=[2_000_003, -1, 2_000_000, 2_000_017],
        mid_5s_half_ticks=[2_000_005, -1, 2_000_000, 2_000_015],
        mid_10s_half_ticks=[2_000_007, -1, 2_000_000, -1],
        mid_60s_half_ticks=[-1, -1, -1, -1],
        flips_200ms=[0, 1, 2, 3],
        position_before_lots=[0, 10, 15, 16],
    )
    return replace(
        market(steps=1, fill_frac=0),
        fills=fills,
        position_lots=-4,
        maker_fee_bps=Decimal("0.2"),
        taker_fee_bps=Decimal("3.5"),
    )


def test_each_column_of_a_fill(tmp_path: Path) -> None:
    first, second, third, fourth = read(tmp_path, run(few()))
    assert first == {
        "ts_ns": str(START_NS),
        "ts_venue_ns": str(START_NS - 5),
        "market": "btc",
        "venue": "sim",
        "side": "buy",
        "role": "maker",
        "price": "100000.0",
        "size": "0.010",
        "fee": "0.020000000",
        "fee_ccy": "USDT",
        "inventory_before": "0.000",
        "inventory_after": "0.010",
        "mid": "100000.05",
        "mid_1s": "100000.15",
        "mid_5s": "100000.25",
        "mid_10s": "100000.35",
        "mid_60s": "",
        "markout_1s_bps": "0.0150",
        "same_side_fills_1s": "1",
        "flips_200ms": "0",
        "inventory_age_s": "0",
        "trade_id": "1",
        "client_id": "2048",
    }
    assert (second["mid_1s"], second["markout_1s_bps"]) == ("", "")
    assert (third["mid"], third["markout_1s_bps"]) == ("", "")
    assert (third["role"], Decimal(third["fee"])) == ("taker", Decimal("100.0001") * 35 / 100_000)
    assert (fourth["side"], fourth["inventory_after"]) == ("sell", "-0.004")
    assert Decimal(fourth["markout_1s_bps"]) == Decimal("0.0150")


def test_fills_of_a_side_within_a_second_are_counted(tmp_path: Path) -> None:
    rows = read(tmp_path, run(few()))
    assert [row["same_side_fills_1s"] for row in rows] == ["1", "2", "2", "1"]


def test_the_inventorys_age_runs_from_the_last_zero_or_change_of_sign(tmp_path: Path) -> None:
    rows = read(tmp_path, run(few()))
    assert [row["inventory_age_s"] for row in rows] == [
        "0",
        "0.999999999",
        "1.000000000",
        "3.000000000",
    ]


def test_an_opening_position_ages_from_the_first_batch(tmp_path: Path) -> None:
    given = few()
    fills = replace(given.fills, position_before_lots=[7, 17, 22, 23])
    rows = read(tmp_path, run(replace(given, fills=fills, first_ns=START_NS - SECOND)))
    assert rows[0]["inventory_age_s"] == "1.000000000"


def test_columns_stand_in_the_promised_order(tmp_path: Path) -> None:
    write_fills(tmp_path / "fills.csv", run(market(fill_frac=0)))
    assert (tmp_path / "fills.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_markets_are_merged_in_order_of_arrival(tmp_path: Path) -> None:
    rows = read(tmp_path, run(market(), market("eth", seed=2)))
    stamps = [int(row["ts_ns"]) for row in rows]
    assert stamps == sorted(stamps)
    assert {row["market"] for row in rows} == {"btc", "eth"}


def test_fees_and_sizes_add_up_to_the_account(tmp_path: Path) -> None:
    given = market(steps=2_000, fill_frac=0.1, maker_fee_bps="0.37")
    rows = read(tmp_path, run(given))
    account = account_of(given)
    assert sum(Decimal(row["fee"]) for row in rows) == account.pnl.fees
    volume = sum(Decimal(row["price"]) * Decimal(row["size"]) for row in rows)
    assert volume == account.volume_quote
    lot = given.instrument.lot_size_base
    assert Decimal(rows[-1]["inventory_after"]) == given.position_lots * lot


def test_arrays_and_lists_write_the_same(tmp_path: Path) -> None:
    given = market()
    arrays = FillColumns(
        **{
            name: np.array(getattr(given.fills, name), np.int64)
            for name in FillColumns.__dataclass_fields__
        }
    )
    write_fills(tmp_path / "lists.csv", run(given))
    write_fills(tmp_path / "arrays.csv", run(replace(given, fills=arrays)))
    assert (tmp_path / "lists.csv").read_bytes() == (tmp_path / "arrays.csv").read_bytes()


def test_a_hostile_name_stays_in_its_cell(tmp_path: Path) -> None:
    rows = read(tmp_path, run(replace(few(), venue='a,"b\n')))
    assert rows[0]["venue"] == 'a,"b\n'
