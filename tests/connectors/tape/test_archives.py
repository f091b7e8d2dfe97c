"""Files of public archives become tapes, book and trades in order, or one line says why not."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from connectors.model.errors import DataError, TornTape
from connectors.model.events import ASK, BID, CLEAR_ASKS, CLEAR_BIDS, GAP, TRADE_BUY, TRADE_SELL
from connectors.tape import binance_vision, bybit_public, tardis
from connectors.tape.source import Reader, find_files
from connectors.tape.tape import Tape
from tests.connectors.tape.made import BTC, MS, T0_MS, rows_of, source

CLEARS = [(CLEAR_BIDS, 0, 0), (CLEAR_ASKS, 0, 0)]
TICKER_HEADER = (
    "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time"
)
TARDIS = "binance-futures,BTCUSDT,"


def zipped(path: Path, text: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(path.stem + ".csv", text)
    return path


def gzipped(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()))
    return path


def tape_of(reader: Reader, folder: Path, **options: object) -> Tape:
    chosen = source(folder, reader.name, **options)
    return reader.read(find_files(chosen, BTC.symbol, reader.pattern), BTC, chosen)


def lines(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


def vision(folder: Path, *trades: str, kind: str = "trades", header: bool = True) -> None:
    top = [f"7,100.0,1.5,100.1,2,{T0_MS},{T0_MS}", f"9,100.0,1,100.1,2,{T0_MS + 20},{T0_MS + 21}"]
    zipped(folder / "BTCUSDT-bookTicker-2024-01-31.zip", lines(TICKER_HEADER, *top))
    heads = {
        "trades": "id,price,qty,quote_qty,time,is_buyer_maker",
        "aggTrades": "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,"
        "is_buyer_maker",
    }
    head = [heads[kind]] if header else []
    zipped(folder / f"BTCUSDT-{kind}-2024-01-31.zip", lines(*head, *trades))


@pytest.mark.parametrize("header", [True, False])
def test_vision_trades_stand_among_the_tops_of_book(tmp_path: Path, header: bool) -> None:
    trades = [f"1,100.0,0.5,50,{T0_MS + 20},true", f"2,100.1,0.25,25,{T0_MS + 30},False"]
    vision(tmp_path, *trades, header=header)
    tape = tape_of(binance_vision.READER, tmp_path)
    assert rows_of(tape.local) == [
        *CLEARS,
        (BID, 1000, 1500),
        (ASK, 1001, 2000),
        (TRADE_SELL, 1000, 500),
        (BID, 1000, 1000),
        (TRADE_BUY, 1001, 250),
    ]
    assert tape.local.venue_ns[-1] == (T0_MS + 30) * MS
    assert tape.local is tape.venue


def test_vision_aggregates_are_trades_too_and_microseconds_count(tmp_path: Path) -> None:
    vision(tmp_path, f"1,100.0,0.5,4,6,{T0_MS * 1000 + 1},true", kind="aggTrades", header=False)
    tape = tape_of(binance_vision.READER, tmp_path)
    assert (TRADE_SELL, 1000, 500) in rows_of(tape.local)
    assert T0_MS * MS + 1000 in tape.local.venue_ns


def test_vision_ids_that_repeat_are_left_out_and_those_that_lack_counted(tmp_path: Path) -> None:
    vision(tmp_path, *(f"{k},100.0,0.5,50,{T0_MS + 20},true" for k in (1, 2, 2, 5)))
    notes = dict(tape_of(binance_vision.READER, tmp_path).notes)
    assert notes == {"repeated trades left out": 1, "trades missing by their ids": 2}


def test_trades_and_aggregates_together_are_refused(tmp_path: Path) -> None:
    trade = f"1,100.0,0.5,50,{T0_MS},true"
    vision(tmp_path, trade)
    vision(tmp_path, f"1,100.0,0.5,4,6,{T0_MS},true", kind="aggTrades")
    with pytest.raises(DataError, match=r"expected one kind of trades, found 2"):
        tape_of(binance_vision.READER, tmp_path)


def test_trades_alone_are_no_market(tmp_path: Path) -> None:
    vision(tmp_path, f"1,100.0,0.5,50,{T0_MS},true")
    (tmp_path / "BTCUSDT-bookTicker-2024-01-31.zip").unlink()
    with pytest.raises(DataError, match=r"expected a book of BTCUSDT, found trades alone"):
        tape_of(binance_vision.READER, tmp_path)


def test_depth_by_distance_is_no_book(tmp_path: Path) -> None:
    zipped(tmp_path / "BTCUSDT-bookDepth-2024-01-31.zip", "timestamp,percentage,depth,notional\n")
    with pytest.raises(DataError, match="was bookDepth, which holds sums"):
        tape_of(binance_vision.READER, tmp_path)


def test_a_cut_archive_and_a_bad_line_have_their_lines(tmp_path: Path) -> None:
    vision(tmp_path, f"1,100.0,half,50,{T0_MS},true")
    with pytest.raises(DataError, match=r"trades-2024-01-31\.zip:2: expected an archive's row"):
        tape_of(binance_vision.READER, tmp_path)
    path = tmp_path / "BTCUSDT-trades-2024-01-31.zip"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"expected a whole zip archive: .*; get it again"):
        tape_of(binance_vision.READER, tmp_path)


def test_a_bad_top_of_book_is_a_gap_until_the_next_when_asked(tmp_path: Path) -> None:
    rows = (f"{k},{bid},1,100.1,2,{T0_MS + k},0" for k, bid in enumerate(("100.0", "nan", "100.0")))
    zipped(tmp_path / "BTCUSDT-bookTicker-2024-01-31.zip", lines(TICKER_HEADER, *rows))
    with pytest.raises(DataError, match="expected a finite price, was nan"):
        tape_of(binance_vision.READER, tmp_path)
    book = [*CLEARS, (BID, 1000, 1000), (ASK, 1001, 2000)]
    tape = tape_of(binance_vision.READER, tmp_path, repair=True)
    assert rows_of(tape.local) == [*book, (GAP, 0, 0), *book]
    assert dict(tape.notes) == {"lines that cannot be read left out": 1}


def bybit_message(
    kind: str, update_id: int, at_ms: int, bids: list[list[str]], asks: list[list[str]]
) -> str:
    data = {"s": "BTCUSDT", "b": bids, "a": asks, "u": update_id, "seq": 1}
    topic = "orderbook.500.BTCUSDT"
    stamps = {"ts": T0_MS + at_ms + 3, "cts": T0_MS + at_ms}
    return json.dumps({"topic": topic, "type": kind, "data": data, **stamps})


def bybit_book(folder: Path, *messages: str) -> None:
    zipped(folder / "2024-01-31_BTCUSDT_ob500.data.zip", lines(*messages))


FIRST = bybit_message("snapshot", 5, 0, [["100.0", "1"]], [["100.1", "2"]])


def test_bybit_s_book_and_trades_are_joined(tmp_path: Path) -> None:
    bybit_book(tmp_path, FIRST, bybit_message("delta", 6, 10, [["100.0", "0"]], []))
    head = "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue"
    at_s = f"{T0_MS // 1000}.0125"
    trades = [
        f"{at_s},BTCUSDT,{side},0.5,100.0,ZeroMinusTick,a-{k},1"
        for k, side in enumerate(("Sell", "Buy"))
    ]
    gzipped(tmp_path / "BTCUSDT2024-01-31.csv.gz", lines(head, *trades, trades[0]))
    tape = tape_of(bybit_public.READER, tmp_path)
    assert rows_of(tape.local) == [
        *CLEARS,
        (BID, 1000, 1000),
        (ASK, 1001, 2000),
        (TRADE_SELL, 1000, 500),
        (TRADE_BUY, 1000, 500),
        (BID, 1000, 0),
    ]
    assert tape.local.venue_ns[4] == T0_MS * MS + 12_500_000
    assert tape.local.recv_ns[-1] - tape.local.venue_ns[-1] == 3 * MS
    assert dict(tape.notes) == {"repeated trades left out": 1}


def test_a_jump_of_bybit_s_ids_is_a_gap_until_the_next_snapshot(tmp_path: Path) -> None:
    change = [["100.0", "3"]]
    bybit_book(
        tmp_path,
        bybit_message("delta", 4, 0, change, []),
        FIRST,
        bybit_message("delta", 5, 10, change, []),
        bybit_message("delta", 8, 20, change, []),
        bybit_message("delta", 9, 30, change, []),
        bybit_message("snapshot", 1, 40, change, []),
    )
    tape = tape_of(bybit_public.READER, tmp_path)
    snapshot = [*CLEARS, (BID, 1000, 1000), (ASK, 1001, 2000)]
    assert rows_of(tape.local) == [*snapshot, (GAP, 0, 0), *CLEARS, (BID, 1000, 3000)]
    assert dict(tape.notes) == {
        "breaks in the book's changes": 1,
        "changes of an unknown book left out": 2,
        "repeated changes of the book left out": 1,
    }


def tardis_row(at_ms: int, *cells: str, late_ms: int = 5) -> str:
    venue_us = (T0_MS + at_ms) * 1000
    return f"{TARDIS}{venue_us},{venue_us + late_ms * 1000},{','.join(cells)}"


def test_tardis_levels_begin_anew_with_each_snapshot(tmp_path: Path) -> None:
    gzipped(
        tmp_path / "binance-futures_incremental_book_L2_2024-01-31_BTCUSDT.csv.gz",
        lines(
            ",".join(tardis.L2),
            tardis_row(0, "false", "bid", "99.0", "1"),
            tardis_row(1, "true", "bid", "100.0", "1"),
            tardis_row(1, "true", "ask", "100.1", "2"),
            tardis_row(2, "false", "bid", "100.0", "0"),
            tardis_row(900, "true", "bid", "100.0", "4"),
        ),
    )
    gzipped(
        tmp_path / "binance-futures_trades_2024-01-31_BTCUSDT.csv.gz",
        lines(
            ",".join(tardis.TRADE),
            tardis_row(2, "77", "sell", "100.0", "1"),
            tardis_row(3, "78", "unknown", "100.0", "1"),
        ),
    )
    tape = tape_of(tardis.READER, tmp_path)
    assert rows_of(tape.local) == [
        *CLEARS,
        (BID, 1000, 1000),
        (ASK, 1001, 2000),
        (TRADE_SELL, 1000, 1000),
        (BID, 1000, 0),
        (GAP, 0, 0),
        *CLEARS,
        (BID, 1000, 4000),
    ]
    gap = rows_of(tape.local).index((GAP, 0, 0))
    assert tape.local.recv_ns[gap] == (T0_MS + 7) * MS
    assert dict(tape.notes) == {
        "changes of an unknown book left out": 1,
        "connections lost": 1,
        "trades without a side left out": 1,
    }


def test_tardis_quotes_are_a_top_of_book(tmp_path: Path) -> None:
    gzipped(
        tmp_path / "binance-futures_quotes_2024-01-31_BTCUSDT.csv.gz",
        lines(
            ",".join(tardis.QUOTE),
            tardis_row(0, "2", "100.1", "100.0", "1"),
            tardis_row(1, "", "", "100.0", "1"),
        ),
    )
    tape = tape_of(tardis.READER, tmp_path)
    assert rows_of(tape.local) == [*CLEARS, (BID, 1000, 1000), (ASK, 1001, 2000), (ASK, 1001, 0)]


def test_a_tardis_file_of_another_kind_is_named(tmp_path: Path) -> None:
    gzipped(tmp_path / "x_liquidations_2024-01-31_BTCUSDT.csv.gz", "exchange,symbol,when\n")
    with pytest.raises(DataError, match=r":1: expected the header of incremental_book_L2, trades"):
        tape_of(tardis.READER, tmp_path)


def test_a_cut_gzip_is_used_when_asked(tmp_path: Path) -> None:
    rows = [tardis_row(k, "2", "100.1", "100.0", f"{1 + k % 7}") for k in range(4_000)]
    name = "binance-futures_quotes_2024-01-31_BTCUSDT.csv.gz"
    path = gzipped(tmp_path / name, lines(",".join(tardis.QUOTE), *rows))
    path.write_bytes(path.read_bytes()[:-2_000])
    with pytest.raises(TornTape, match=r"the gzip data ends or breaks after line \d+"):
        tape_of(tardis.READER, tmp_path)
    assert len(tape_of(tardis.READER, tmp_path, allow_torn=True)) > 100


def test_an_archive_of_two_files_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "1")
    (tmp_path / "BTCUSDT-trades-2024-01-31.zip").write_bytes(held.getvalue())
    with pytest.raises(DataError, match="expected one file in the archive, was 2"):
        tape_of(binance_vision.READER, tmp_path)
