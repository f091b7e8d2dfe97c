"""A recording's files are found in order, or one line says what is there instead."""

from pathlib import Path

import pytest

from connectors.model.errors import DataError
from connectors.tape.source import find_files
from tests.connectors.tape.made import source


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


def test_files_of_the_symbol_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    touch(tmp_path, "usdm_btcusdt_2.gz", "usdm_btcusdt_1.gz", "usdm_ethusdt_1.gz", "notes.txt")
    found = find_files(source(tmp_path), "BTCUSDT", "usdm_{symbol}_*")
    assert found == (tmp_path / "usdm_btcusdt_1.gz", tmp_path / "usdm_btcusdt_2.gz")


def test_the_source_s_own_pattern_wins_and_case_does_not_count(tmp_path: Path) -> None:
    touch(tmp_path, "BTCUSDT-a.csv", "usdm_btcusdt_1")
    found = find_files(source(tmp_path, pattern="{symbol}-*.CSV"), "btcusdt", "usdm_{symbol}_*")
    assert found == (tmp_path / "BTCUSDT-a.csv",)


def test_a_symbol_is_never_a_pattern(tmp_path: Path) -> None:
    touch(tmp_path, "b.csv", "[ab].csv")
    assert find_files(source(tmp_path), "[ab]", "{symbol}.csv") == (tmp_path / "[ab].csv",)


def test_one_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "tape")
    assert find_files(source(tmp_path / "tape"), "BTCUSDT", "x") == (tmp_path / "tape",)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"tape\.path: expected a file or a folder, nothing is"):
        find_files(source(tmp_path / "gone"), "BTCUSDT", "*")


def test_a_folder_without_the_symbol_says_what_is_there(tmp_path: Path) -> None:
    touch(tmp_path, *(f"usdm_ethusdt_{k}" for k in range(9)))
    with pytest.raises(DataError) as raised:
        find_files(source(tmp_path), "BTCUSDT", "usdm_{symbol}_*")
    text = str(raised.value)
    assert "expected files named usdm_btcusdt_*" in text
    assert "usdm_ethusdt_0, usdm_ethusdt_1" in text
    assert text.endswith("and 1 more; set tape.pattern or choose another market")


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found an empty folder"):
        find_files(source(tmp_path), "BTCUSDT", "*")


def test_a_folder_or_a_broken_link_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "btc").mkdir()
    with pytest.raises(DataError, match="btc: expected a file, it is a folder or a broken link"):
        find_files(source(tmp_path), "BTC", "{symbol}*")
    (tmp_path / "btc").rmdir()
    (tmp_path / "btc").symlink_to("nowhere")
    with pytest.raises(DataError, match="a broken link"):
        find_files(source(tmp_path), "BTC", "{symbol}*")
