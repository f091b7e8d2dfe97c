"""Over TLS: a real connection on loopback, with a certificate that is good for nothing else."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from runner.web.listen import link_of, listening, new_word
from runner.web.server import serve
from runner.web.terms import Terms
from tests.connectors import certificates


class Served:
    """A view that serves https in a thread of its own."""

    def __init__(self, home: Path) -> None:
        self.certificate = certificates.made(home)
        path = str(self.certificate)
        self.terms = Terms(str(home), "127.0.0.1", 0, (), path, path, session_s=60.0)
        self.listener = listening(self.terms)
        self.port = self.listener.getsockname()[1]
        self.own = f"https://127.0.0.1:{self.port}"
        self.word = new_word()

    def connection(self) -> HTTPSConnection:
        trusting = certificates.trusting(self.certificate)
        return HTTPSConnection("127.0.0.1", self.port, timeout=60, context=trusting)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    view = Served(tmp_path_factory.mktemp("tls"))
    leash, end = socket.socketpair()
    work = threading.Thread(
        target=serve, args=(view.terms, view.listener, view.word, leash.fileno())
    )
    with leash, view.listener:
        with end:
            work.start()
            yield view
        work.join(60)
        assert not work.is_alive()


def test_a_link_logs_in_by_https_and_its_cookie_is_for_https_alone(served: Served) -> None:
    assert link_of(served.terms, served.port, served.word).startswith(f"{served.own}/login#")
    headers = {"origin": served.own, "x-mmrunner": "1", "content-type": "application/json"}
    with closing(served.connection()) as asked:
        asked.request("POST", "/login", json.dumps({"word": served.word}), headers)
        answer = asked.getresponse()
        assert json.loads(answer.read()) == {"role": "operate"}
        cookie = str(answer.headers["set-cookie"])
        assert cookie.startswith("__Host-mmrunner_")
        assert {"secure", "httponly", "samesite=strict"} <= set(cookie.lower().split("; "))
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        asked.request("GET", "/api/me", headers={"cookie": cookie.split(";", maxsplit=1)[0]})
        assert json.loads(asked.getresponse().read())["role"] == "operate"


def test_an_origin_without_tls_is_another_one(served: Served) -> None:
    plain = served.own.replace("https:", "http:")
    headers = {"origin": plain, "x-mmrunner": "1", "content-type": "application/json"}
    with closing(served.connection()) as asked:
        asked.request("POST", "/login", json.dumps({"word": served.word}), headers)
        assert asked.getresponse().status == 403


def test_who_speaks_no_tls_is_told_nothing(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), 60) as wire:
        wire.sendall(f"GET /health HTTP/1.1\r\nhost: 127.0.0.1:{served.port}\r\n\r\n".encode())
        try:
            answer = wire.recv(4096)
        except ConnectionResetError:
            answer = b""
    assert b"HTTP/1.1" not in answer


def test_whoever_does_not_know_the_certificate_refuses_the_view(served: Served) -> None:
    with (
        socket.create_connection(("127.0.0.1", served.port), 60) as wire,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(wire, server_hostname="127.0.0.1")
