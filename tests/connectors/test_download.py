"""A file is there whole or not at all, whatever the server and the connection do."""

import asyncio
import gzip
import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from connectors.download import PARTIAL, TRIES, Wanted, fetch, new_session
from connectors.model.errors import DataError

CONTENT = gzip.compress(bytes(range(256)) * 400, mtime=0) * 40
NAME = "BTCUSDT2024-01-31.csv.gz"


class Server:
    """Serves one file: in pieces, from where it is asked, or not at all."""

    def __init__(self) -> None:
        self.content = CONTENT
        self.told = hashlib.sha256(CONTENT).hexdigest() + f"  {NAME}\n"
        self.piece = len(CONTENT)
        self.ranges = True
        self.status = 200
        self.asked: list[str] = []

    async def file(self, request: web.Request) -> web.StreamResponse:
        begins = request.headers.get("Range", "").removeprefix("bytes=").rstrip("-")
        self.asked.append(begins)
        if self.status != 200:
            return web.Response(status=self.status, headers={"Location": "http://other.invalid/"})
        start = int(begins or 0) if self.ranges else 0
        size = len(self.content)
        if start >= size:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        response = web.StreamResponse(status=206 if start else 200)
        response.content_length = size - start
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        await response.prepare(request)
        await response.write(self.content[start : start + self.piece])
        if start + self.piece < size and request.transport is not None:
            request.transport.close()
        return response

    async def checksum(self, request: web.Request) -> web.Response:
        return web.Response(text=self.told)


def download(
    folder: Path, server: Server, *, checked: bool = True, times: int = 1
) -> tuple[list[bool], list[float]]:
    """Fetch the file so many times; return whether each was new, and the pauses between tries."""
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def main() -> list[bool]:
        app = web.Application()
        app.add_routes([web.get("/file", server.file), web.get("/sum", server.checksum)])
        site_runner = web.AppRunner(app)
        await site_runner.setup()
        site = web.TCPSite(site_runner, "127.0.0.1", 0)
        await site.start()
        base = f"http://127.0.0.1:{site_runner.addresses[0][1]}"
        try:
            async with new_session() as session:
                wanted = Wanted(f"{base}/file", NAME, f"{base}/sum" if checked else None)
                return [await fetch(session, wanted, folder, pause) for _ in range(times)]
        finally:
            await site_runner.cleanup()

    return asyncio.run(main()), pauses


def is_empty(folder: Path) -> bool:
    return not any((folder / PARTIAL).iterdir())


@pytest.mark.parametrize("checked", [True, False])
def test_a_file_comes_once(tmp_path: Path, checked: bool) -> None:
    server = Server()
    assert download(tmp_path, server, checked=checked, times=2) == ([True, False], [])
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert server.asked == [""]
    assert is_empty(tmp_path)


def test_a_broken_connection_goes_on_where_it_ended(tmp_path: Path) -> None:
    server = Server()
    server.piece = len(CONTENT) // 3 + 1
    assert download(tmp_path, server)[1] == [1.0, 2.0]
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert server.asked == ["", str(server.piece), str(2 * server.piece)]


def test_too_many_breaks_keep_what_has_come_for_the_next_time(tmp_path: Path) -> None:
    server = Server()
    server.piece = 100
    with pytest.raises(DataError, match=rf"the connection broke {TRIES} times.*what has come is"):
        download(tmp_path, server)
    assert not (tmp_path / NAME).exists()
    assert (tmp_path / PARTIAL / NAME).read_bytes() == CONTENT[: 100 * TRIES]
    server.piece = len(CONTENT)
    download(tmp_path, server)
    assert server.asked[-1] == str(100 * TRIES)
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_a_server_that_knows_no_ranges_begins_anew(tmp_path: Path) -> None:
    server = Server()
    server.ranges = False
    (tmp_path / PARTIAL).mkdir()
    (tmp_path / PARTIAL / NAME).write_bytes(b"x" * (len(CONTENT) + 5))
    download(tmp_path, server)
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_what_had_come_whole_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / PARTIAL).mkdir()
    (tmp_path / PARTIAL / NAME).write_bytes(CONTENT)
    download(tmp_path, Server())
    assert (tmp_path / NAME).read_bytes() == CONTENT


def spoilt(server: Server) -> None:
    server.content = CONTENT[:-1] + b"?"


def untold(server: Server) -> None:
    server.told = "<html>"


@pytest.mark.parametrize(
    ("change", "said", "checked"),
    [
        (spoilt, "expected SHA-256", True),
        (spoilt, "expected a whole archive", False),
        (untold, "expected a SHA-256 in hex, was '<html>'", True),
    ],
)
def test_what_does_not_fit_never_gets_its_name(
    tmp_path: Path, change: Callable[[Server], Awaitable[None] | None], said: str, checked: bool
) -> None:
    server = Server()
    change(server)
    with pytest.raises(DataError, match=said):
        download(tmp_path, server, checked=checked)
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, r"/file: is not there \(404\); the archive has no such day"),
        (302, r"was sent on to http://other\.invalid/, which is not asked"),
        (401, "expected a file, was status 401"),
        (503, "the connection broke 5 times: status 503"),
    ],
)
def test_an_answer_that_is_no_file_is_one_line(tmp_path: Path, status: int, said: str) -> None:
    server = Server()
    server.status = status
    with pytest.raises(DataError, match=said):
        download(tmp_path, server)
    assert not (tmp_path / NAME).exists()
