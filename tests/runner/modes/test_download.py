"""mode=download asks the configured hosts for the archives' own names, and its files are tapes."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from runner.command import start
from runner.wiring.archives import days_of, wanted
from tests.deploys import settings_for

DAY = date(2024, 1, 31)
T0_MS = 1_706_659_200_000


def urls(*words: str) -> list[str]:
    return [file.url for file in wanted(settings_for("mode=download", *words).download, "X", DAY)]


def test_each_archive_has_its_names() -> None:
    assert urls() == [
        f"https://data.binance.vision/data/futures/um/daily/{kind}/X/X-{kind}-2024-01-31.zip"
        for kind in ("trades", "bookTicker")
    ]
    assert urls("download=bybit_public") == [
        "https://public.bybit.com/trading/X/X2024-01-31.csv.gz",
        "https://quote-saver.bycsi.com/orderbook/linear/X/2024-01-31_X_ob500.data.zip",
    ]
    assert urls("download=bybit_public", "download.product=spot", "download.book=null") == [
        "https://public.bybit.com/spot/X/X_2024-01-31.csv.gz"
    ]
    assert urls("download=tardis", "download.trades=null") == [
        "https://datasets.tardis.dev/v1/binance-futures/incremental_book_L2/2024/01/31/X.csv.gz"
    ]


def test_both_days_are_included() -> None:
    assert len(list(days_of(date(2024, 2, 28), date(2024, 3, 1)))) == 3


def zipped(*lines: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.csv", "".join(f"{line}\n" for line in lines))
    return held.getvalue()


FILES = {
    "trades": zipped(f"1,63943.9,0.5,50,{T0_MS + 500},true"),
    "bookTicker": zipped(
        *(f"{k},63943.9,{1 + k % 3},63944.0,2,{T0_MS + 100 * k},0" for k in range(600))
    ),
}


@pytest.fixture
def base() -> Iterator[str]:
    """Serve one day of Binance's archive."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind = next((kind for kind in FILES if f"-{kind}-2024-01-31.zip" in self.path), None)
            content = FILES[kind] if kind else b""
            if self.path.endswith(".CHECKSUM"):
                content = hashlib.sha256(content).hexdigest().encode()
            self.send_response(200 if kind else 404)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_fetched_is_a_good_tape(
    tmp_path: Path, base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = {"MMRUNNER_HOME": str(tmp_path)}
    words = ["mode=download", "market=btc", f"download.trades_url={base}"]
    words += [f"download.book_url={base}", "download.first_day=2024-01-31"]
    assert start([*words, "download.last_day=2024-01-31"], home) == 0
    printed = capsys.readouterr().out
    assert "BTCUSDT-trades-2024-01-31.zip: fetched" in printed
    folder = tmp_path / "outputs" / "tapes" / "binance_vision"
    assert f"use them: mmrunner mode=replay tape=binance_vision tape.path={folder}" in printed
    tape = ["mode=doctor", "market=btc", "tape=binance_vision", f"tape.path={folder}"]
    assert start(tape, home) == 0
    assert "1 trades" in capsys.readouterr().out
    assert start([*words, "download.last_day=2024-02-01"], home) == 2
    told = capsys.readouterr()
    assert "BTCUSDT-trades-2024-01-31.zip: was there" in told.out
    assert "BTCUSDT-trades-2024-02-01.zip: is not there (404)" in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["mode=download"], "expected download.first_day and download.last_day"),
        (["mode=download", "download.first_day=2024-02-30"], "download: first_day: expected a day"),
        (["mode=download", "download.first_day=soon"], "expected a UTC day such as 2024-01-31"),
        (["mode=download", "download.book_url=ftp://x"], "expected an address such as https"),
        (["download=tardis"], "download: expected mode=download, which alone reads it"),
        (["mode=replay", "download.trades=null"], "download.trades: expected mode=download"),
    ],
)
def test_what_cannot_be_meant_is_one_line(
    tmp_path: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(words, {"MMRUNNER_HOME": str(tmp_path / "home")}) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1
    assert not (tmp_path / "home").exists()
