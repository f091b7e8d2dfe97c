"""Whatever a file holds, each reader gives a tape or one clear line."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from connectors.model.errors import ConfigError, DataError
from connectors.model.events import BID, CLEAR_BIDS, MarketRows
from connectors.tape import hft_events as hft
from connectors.tape.readers import find_reader, names, read_tape
from connectors.tape.writer import TapeHeader, TapeWriter
from tests.connectors.tape.made import BTC, depth, snapshot, source, ticker, trade, write_lines
from tests.connectors.tape.made_lighter import (
    lighter_book,
    lighter_snapshot,
    lighter_stats,
    write_frames,
)

MUTATIONS = 300


def raw(path: Path) -> None:
    lines = [snapshot(0, 100), ticker(1, 101, "100.0", "100.1"), trade(5, 1), trade(6, 2)]
    lines += [depth(k, (101 + k, 101 + k, 100 + k), [["99.9", "1.000"]], []) for k in range(9)]
    write_lines(path, lines)


def csv(path: Path) -> None:
    header = "ts_ns,bid,bid_size,ask,ask_size,trade_price,trade_size,trade_side"
    write_lines(path, [header, *(f"{k},100.0,{k},100.1,1,100.0,1,sell" for k in range(9))])


def lighter(path: Path) -> None:
    book = [lighter_book(k, 100 + k, bids=[("99.9", f"{k}.000")]) for k in range(1, 9)]
    write_frames(path, [lighter_stats(0, "BTCUSDT"), lighter_snapshot(0, 100), *book])


def npy(path: Path) -> None:
    events = np.zeros(9, hft.event_dtype())
    events["ev"] = hft.DEPTH | hft.BUY | hft.EXCH | hft.LOCAL
    events["px"] = 100.0
    with path.open("wb") as file:
        np.save(file, events)


def npz(path: Path) -> None:
    npy(path)
    events = np.load(path)
    with path.open("wb") as file:
        np.savez_compressed(file, data=events)


def own(path: Path) -> None:
    rows = MarketRows()
    rows.add(CLEAR_BIDS, 0, 0, 1, 1)
    for k in range(9):
        rows.add(BID, 1000 + k, k, 1, 1)
    writer = TapeWriter(path, TapeHeader.of(BTC, "sim", 0))
    writer.append(rows, 0, 5)
    writer.flush()
    writer.append(rows, 5, 10)
    writer.close()


def candles(path: Path) -> None:
    bars = [f"{60 * k + 1_700_000_000},100,101,99,100,4" for k in range(9)]
    write_lines(path, ["time,open,high,low,close,volume", *bars])


def tardis(path: Path) -> None:
    header = "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount"
    write_lines(path, [header, *(f"x,BTCUSDT,{k},{k},1,100.1,100.0,{k}" for k in range(1, 9))])


MAKERS = [("binance_raw", raw), ("csv", csv), ("hftbacktest", npy), ("hftbacktest", npz)]
MAKERS += [("lighter_raw", lighter), ("mmrunner", own), ("candles", candles), ("tardis", tardis)]
Maker = Callable[[Path], None]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return the content with one byte changed, or a part removed or repeated."""
    at = chance.randrange(len(content))
    until = min(len(content), at + chance.randrange(1, 40))
    match chance.randrange(4):
        case 0:
            return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        case 1:
            return content[:at] + content[until:]
        case 2:
            return content[:until] + content[at:]
        case _:
            return content[:at]


@pytest.mark.parametrize(("name", "make"), MAKERS)
def test_a_damaged_file_gives_a_tape_or_one_clear_line(
    tmp_path: Path, name: str, make: Maker
) -> None:
    path = tmp_path / "tape"
    make(path)
    whole = path.read_bytes()
    assert len(read_tape(source(path, name), BTC)) >= 9
    chance = random.Random(name)
    refusals: list[str] = []
    for _ in range(MUTATIONS):
        path.write_bytes(mutated(whole, chance))
        try:
            read_tape(source(path, name, allow_torn=chance.random() < 0.5), BTC)
        except DataError as error:
            refusals.append(str(error))
    assert len(refusals) > MUTATIONS / 4
    assert not [text for text in refusals if "\n" in text or str(path) not in text]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("content", [b"", b"garbage", b"\n\n", b"\x00" * 999, b"PK\x03\x04"])
@pytest.mark.parametrize("allow_torn", [True, False])
def test_what_is_no_tape_is_refused(
    tmp_path: Path, name: str, content: bytes, allow_torn: bool
) -> None:
    path = tmp_path / "tape"
    path.write_bytes(content)
    with pytest.raises(DataError) as raised:
        read_tape(source(path, name, allow_torn=allow_torn), BTC)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("name", names())
def test_a_missing_file_an_empty_folder_and_a_folder_as_a_file_are_refused(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(DataError, match="nothing is there"):
        read_tape(source(tmp_path / "gone", name), BTC)
    with pytest.raises(DataError, match=f"in {tmp_path}, found an empty folder; set tape.pattern"):
        read_tape(source(tmp_path, name), BTC)
    (tmp_path / "btcusdt").mkdir()
    with pytest.raises(DataError, match="expected a file, it is a folder"):
        read_tape(source(tmp_path, name, pattern="{symbol}*"), BTC)


@pytest.mark.parametrize("name", names())
def test_readers_are_found_by_name(name: str) -> None:
    assert find_reader(name).name == name


def test_an_unknown_reader_is_named() -> None:
    with pytest.raises(ConfigError, match=r"expected one of binance_raw, .*, csv, .*, was parquet"):
        find_reader("parquet")
