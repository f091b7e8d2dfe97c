"""The real client against a real server on loopback: once each, verified, bounded."""

import asyncio
import gc
import gzip
import random
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from connectors.calls import (
    NOT_SENT,
    Calls,
    Confirmed,
    Lost,
    Outcome,
    Patience,
    Refused,
    Request,
    Unproven,
)
from connectors.http import HttpSender
from connectors.pacing import Pacer, Rule, Scope
from runner.engine.clock import SystemClock
from tests.connectors import certificates

JSON = b'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"id":1}'
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Server:
    """A server that reads whole requests and answers each as the script says."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(head + await reader.readexactly(_length(head)))
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def says(text: bytes) -> Answer:
    """Answer with these bytes."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await writer.drain()

    return answer


def page(status: str, body: bytes, *headers: str) -> Answer:
    """Answer with a status, a body and headers."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    return says(head.encode() + b"\r\n\r\n" + body)


async def reset(writer: asyncio.StreamWriter) -> None:
    """Answer with a reset."""
    writer.transport.abort()


async def nothing(writer: asyncio.StreamWriter) -> None:
    """Answer nothing, and keep the connection."""
    await asyncio.Event().wait()


async def cut_short(writer: asyncio.StreamWriter) -> None:
    """Answer with less than was promised."""
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"id":1}')
    await writer.drain()
    writer.close()


async def slow_body(writer: asyncio.StreamWriter) -> None:
    """Answer with a head and never its body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{")
    await writer.drain()
    await asyncio.Event().wait()


def wrote(
    *answers: Answer,
    method: str = "POST",
    times: int = 1,
    timeout_s: float = 5.0,
    path: str = "/order",
) -> tuple[list[Outcome], Server, Scope]:
    """Write to a server some times; return the outcomes, the server and the scope."""
    server, scope = Server(*answers), Scope("ip", [Rule(1000, 60_000_000_000, 10)])

    async def main() -> list[Outcome]:
        sender = HttpSender(most_bytes=1000)
        pacer = Pacer(scope)
        calls = Calls(sender, pacer, SystemClock(), random.Random(1), Patience(timeout_s))
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        request = Request(method, f"http://127.0.0.1:{port}{path}", {"X-Key": "k"}, b"{}")
        try:
            return [await calls.write(request) for _ in range(times)]
        finally:
            await sender.close()
            listening.close()

    return asyncio.run(main()), server, scope


def test_a_write_arrives_as_it_was_given_and_its_answer_comes_back() -> None:
    outcomes, server, _ = wrote(says(JSON), times=3)
    assert outcomes == [Confirmed({"id": 1})] * 3
    assert all(r.startswith(b"POST /order HTTP/1.1\r\n") for r in server.requests)
    assert all(b"X-Key: k\r\n" in r and r.endswith(b"\r\n\r\n{}") for r in server.requests)


@pytest.mark.parametrize("query", ["c=7%3A10", "c=7%253A1%2C2", "c=7:10,a+b", "c=%7E~%41"])
def test_an_address_is_sent_as_it_was_signed(query: str) -> None:
    _, server, _ = wrote(says(JSON), path=f"/list?{query}")
    assert server.requests[0].startswith(f"POST /list?{query} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_on_a_kept_connection_that_dies_is_not_repeated(method: str) -> None:
    outcomes, server, _ = wrote(says(JSON), reset, method=method, times=2)
    assert outcomes[0] == Confirmed({"id": 1})
    assert isinstance(outcomes[1], Unproven)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        reset,
        cut_short,
        page("200 OK", b"<html>maintenance</html>"),
        page("502 Bad Gateway", b"<html>bad gateway</html>"),
        page("200 OK", b'{"id":1' + b" " * 2000 + b"}"),
        page("307 Temporary Redirect", b"", "Location: /elsewhere"),
        page("200 OK", gzip.compress(b'{"id":1}'), "Content-Encoding: gzip"),
        says(b"not http at all\r\n\r\n"),
    ],
)
def test_whatever_else_comes_back_proves_nothing(answer: Answer) -> None:
    (outcome,), server, _ = wrote(answer)
    assert isinstance(outcome, Unproven)
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [nothing, slow_body])
def test_a_half_open_connection_or_a_slow_body_ends_with_our_own_timeout(answer: Answer) -> None:
    (outcome,), server, _ = wrote(answer, timeout_s=0.05)
    assert outcome == Unproven("no answer within 0.05 s")
    assert len(server.requests) == 1


def test_too_many_requests_with_retry_after_is_refused_and_silences() -> None:
    (outcome,), _, scope = wrote(page("429 Too Many Requests", b"slow down", "Retry-After: 90"))
    assert outcome == Refused(429, "slow down")
    assert 80e9 < scope.silent_until_ns - SystemClock().now_ns() <= 90e9


async def sent(url: str, tls: ssl.SSLContext | None = None) -> Lost:
    """Send to an address where that must fail; return how."""
    sender = HttpSender(tls)
    try:
        await sender.send(Request("POST", url))
    except Lost as lost:
        return lost
    finally:
        await sender.close()
    pytest.fail("it was sent")


def test_where_nobody_listens_nothing_has_left() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        lost = asyncio.run(sent(url))
    assert not lost.may_have_arrived
    assert not lost.is_lasting


def test_a_name_that_does_not_resolve_is_no_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "no name server")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    lost = asyncio.run(sent("http://venue.invalid/"))
    assert not lost.may_have_arrived
    assert not lost.is_lasting


@pytest.mark.parametrize(
    ("address", "is_expired", "is_trusted"),
    [("127.0.0.1", False, False), ("127.0.0.2", False, True), ("127.0.0.1", True, True)],
)
def test_a_bad_certificate_is_refused_before_anything_is_sent(
    tmp_path: Path, address: str, is_expired: bool, is_trusted: bool
) -> None:
    path = certificates.made(tmp_path, address, is_expired)
    server = Server(says(JSON))

    async def main() -> Lost:
        context = certificates.server_side(path)
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
        url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        try:
            return await sent(url, certificates.trusting(path) if is_trusted else None)
        finally:
            listening.close()

    lost = asyncio.run(main())
    assert "certificate" in lost.why
    assert (lost.may_have_arrived, lost.is_lasting) == (False, True)
    assert server.requests == []


def test_a_certificate_that_is_trusted_is_accepted(tmp_path: Path) -> None:
    path = certificates.made(tmp_path)
    server = Server(says(JSON))

    async def main() -> bytes:
        sender = HttpSender(certificates.trusting(path))
        context = certificates.server_side(path)
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
        url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
        try:
            return (await sender.send(Request("GET", url))).body
        finally:
            await sender.close()
            listening.close()

    assert asyncio.run(main()) == b'{"id":1}'


def test_a_client_that_would_not_verify_is_not_made() -> None:
    blind = ssl.create_default_context()
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    with pytest.raises(ValueError, match="verif"):
        HttpSender(blind)


def test_no_proxy_variable_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    outcomes, _, _ = wrote(says(JSON))
    assert outcomes == [Confirmed({"id": 1})]


def test_connections_that_nobody_closed_end_with_the_loop() -> None:
    server = Server(says(JSON))
    told: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: told.append(context["message"]))
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        await HttpSender().send(Request("GET", f"http://127.0.0.1:{port}/"))
        listening.close()

    with asyncio.Runner() as runner:
        runner.run(main())
        gc.collect()
    gc.collect()
    assert not [text for text in told if "Unclosed" in text]


def test_what_never_left_is_refused_as_not_sent() -> None:
    scope = Scope("ip", [])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

        async def main() -> Outcome:
            sender = HttpSender()
            calls = Calls(sender, Pacer(scope), SystemClock(), random.Random(1), Patience())
            try:
                return await calls.write(Request("POST", f"http://127.0.0.1:{port}/"))
            finally:
                await sender.close()

        outcome = asyncio.run(main())
    assert isinstance(outcome, Refused)
    assert outcome.code == NOT_SENT
