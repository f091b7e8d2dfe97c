"""Every way into the view, as the application lists them: who may take it, and from where."""

import random
from pathlib import Path

import pytest

from runner.web.roles import Role
from runner.web.ways import Way
from tests.runner.web.support import (
    CHANGE,
    HOST,
    OPERATE,
    ORIGIN,
    OWN,
    READ,
    Stage,
    call,
    changes,
    loop,
    reads,
    stage,
)

PARTS = {
    "{deploy}": "alpha",
    "{market}": "btc",
    "{table}": "orders",
    "{name}": "web.css",
    "{words:path}": "2027/report.html",
}
OPEN = {("GET", "/login"), ("POST", "/login"), ("GET", "/health"), ("GET", "/assets/{name}")}
"""What answers without a login. Whatever is added to it is a decision."""


@pytest.fixture
def seen(tmp_path: Path) -> Stage:
    return stage(tmp_path)


def address(way: Way) -> str:
    path = way.path
    for part, word in PARTS.items():
        path = path.replace(part, word)
    assert "{" not in path
    return path


def ask(seen: Stage, way: Way, headers: dict[str, str]) -> int:
    return call(seen.view, way.method, address(way), headers, b"{}").status


def test_every_way_but_the_listed_ones_needs_a_login(seen: Stage) -> None:
    assert {(w.method, w.path) for w in seen.view.ways if w.role is Role.ANYONE} == OPEN
    for way in seen.view.ways:
        status = ask(seen, way, CHANGE if way.method == "POST" else OWN)
        assert (status == 401) == (way.role > Role.ANYONE), (way.method, way.path, status)


def test_a_token_or_a_cookie_that_is_not_ours_is_no_login(seen: Stage) -> None:
    mine = {"cookie": "mmrunner_8420=operate.9999999999.0123456789abcdef.00"}
    for forged in ({"authorization": "Bearer "}, {"authorization": f"Bearer {'x' * 40}"}, mine):
        for way in seen.view.ways:
            if way.role > Role.ANYONE:
                base = CHANGE if way.method == "POST" else OWN
                assert ask(seen, way, {**base, **forged}) == 401, way.path


def test_whoever_reads_may_see_everything_and_change_nothing(seen: Stage) -> None:
    for way in seen.view.ways:
        headers = changes(READ) if way.method == "POST" else reads(READ)
        status = ask(seen, way, headers)
        assert (status == 403) == (way.role is Role.OPERATE) or way.path == "/login", way.path


def test_only_the_listed_method_is_answered(seen: Stage) -> None:
    listed = {(way.method, address(way)) for way in seen.view.ways}
    for way in seen.view.ways:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            if (method, address(way)) not in listed:
                status = call(seen.view, method, address(way), changes(), b"{}").status
                assert status in (403, 405), (method, way.path, status)


@pytest.mark.parametrize(
    "origin", ["http://evil.test", "null", f"https://{HOST}", f"{ORIGIN}.evil"]
)
def test_another_origin_is_refused_everywhere(seen: Stage, origin: str) -> None:
    for way in seen.view.ways:
        assert ask(seen, way, {**changes(), "origin": origin}) == 403, way.path


@pytest.mark.parametrize("host", ["evil.test", "evil.test:8420", "127.0.0.1", "127.0.0.1:1", ""])
def test_another_host_is_refused_everywhere(seen: Stage, host: str) -> None:
    """A name that was made to lead here is not ours, whatever its origin says."""
    for way in seen.view.ways:
        forged = {**changes(), "host": host, "origin": f"http://{host}"}
        assert ask(seen, way, forged) == 421, way.path


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"origin": None}, 403),
        ({"x-mmrunner": None}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-length": "99999999999999999999"}, 413),
        ({"content-length": "16385"}, 413),
        ({"content-length": "-1"}, 411),
        ({"transfer-encoding": "chunked"}, 411),
    ],
)
def test_a_change_that_a_form_or_a_link_could_send_is_refused(
    seen: Stage, changed: dict[str, str | None], status: int
) -> None:
    headers = {**changes(), **changed}
    sent = {name: value for name, value in headers.items() if value is not None}
    for way in seen.view.ways:
        if way.method == "POST":
            assert ask(seen, way, sent) == status, way.path
    assert seen.line.asked == []


def test_every_answer_carries_the_headers_that_keep_pages_apart(seen: Stage) -> None:
    for way in seen.view.ways:
        for headers in (OWN, reads(), {**OWN, "host": "evil.test"}):
            reply = call(seen.view, way.method, address(way), headers)
            policy = reply.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "'unsafe-inline'" not in policy or policy.startswith("sandbox ")
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["cache-control"] in ("no-store", "no-cache")


def test_no_answer_holds_a_token(seen: Stage) -> None:
    for way in seen.view.ways:
        reply = call(seen.view, way.method, address(way), changes(), b"{}")
        told = reply.body + str(reply.headers).encode()
        assert READ.encode() not in told
        assert OPERATE.encode() not in told
        assert b"signing" not in told


def test_a_websocket_is_not_opened_whoever_asks_from_wherever(seen: Stage) -> None:
    answered: list[object] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: object) -> None:
        answered.append(message)

    for way in seen.view.ways:
        for host in (HOST, "evil.test"):
            named = {**changes(), "host": host, "origin": f"http://{host}"}
            headers = [(name.encode(), value.encode()) for name, value in named.items()]
            scope = {"type": "websocket", "path": address(way), "headers": headers}
            loop().run_until_complete(seen.view.app(scope, receive, send))
    assert answered == []


def test_what_is_sent_at_random_changes_nothing(seen: Stage) -> None:
    chance = random.Random(7)
    words = ['{"identity":"a","what":"kill"}', "[]", "{", "\x00", '{"word":1}', "9" * 400, "null"]
    odd = ("..", "%2e%2e", "%00", "alpha/../x", "'; DROP TABLE orders", "\xff", "a" * 300, "")
    for way in seen.view.ways:
        for _ in range(12):
            path = way.path
            for part in PARTS:
                path = path.replace(part, chance.choice(odd))
            query = f"?page={chance.choice(odd)}&at_s={chance.choice(odd)}&market={odd[4]}"
            body = chance.choice(words).encode()
            reply = call(seen.view, way.method, path + query, changes(), body)
            assert reply.status < 500 or reply.status == 503, (path, reply.body)
    assert seen.line.asked == []
    assert [path.name for path in (seen.outputs / "ledgers").iterdir()] == []
