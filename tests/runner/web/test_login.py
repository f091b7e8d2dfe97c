"""Logins: by a link that is good once, by tokens, for a while, and not by guessing."""

import json
from pathlib import Path

from tests.runner.web.support import (
    CHANGE,
    LINK,
    OPERATE,
    OWN,
    READ,
    Reply,
    S,
    Stage,
    call,
    stage,
)


def enter(seen: Stage, word: str) -> Reply:
    return call(seen.view, "POST", "/login", CHANGE, json.dumps({"word": word}).encode())


def with_cookie(reply: Reply) -> dict[str, str]:
    return {**OWN, "cookie": reply.cookie}


def test_a_link_logs_in_once(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    first, second = enter(seen, LINK), enter(seen, LINK)
    assert (first.status, first.told) == (200, {"role": "operate"})
    assert second.status == 403
    assert call(seen.view, "GET", "/api/me", with_cookie(first)).told["role"] == "operate"


def test_a_link_that_waited_too_long_is_no_login(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    seen.clock.at_ns += 601 * S
    assert enter(seen, LINK).status == 403


def test_a_token_gives_its_own_role(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    assert enter(seen, READ).told == {"role": "read"}
    assert enter(seen, OPERATE).told == {"role": "operate"}
    assert enter(seen, "").status == 403


def test_the_cookie_stays_out_of_scripts_and_of_other_sites(tmp_path: Path) -> None:
    plain = enter(stage(tmp_path), READ).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=strict" in plain
    assert "path=/" in plain
    assert "domain" not in plain
    secure = stage(tmp_path, "https://127.0.0.1:8420")
    headers = {**CHANGE, "origin": "https://127.0.0.1:8420"}
    reply = call(secure.view, "POST", "/login", headers, json.dumps({"word": READ}).encode())
    assert "; secure" in reply.headers["set-cookie"].lower()
    assert "strict-transport-security" in reply.headers


def test_a_session_ends_with_its_time_and_when_it_is_left(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    first, second = enter(seen, READ), enter(seen, READ)
    left = {**CHANGE, "cookie": first.cookie}
    assert call(seen.view, "POST", "/logout", left, b"{}").status == 200
    assert call(seen.view, "GET", "/api/me", with_cookie(first)).status == 401
    assert call(seen.view, "GET", "/api/me", with_cookie(second)).status == 200
    seen.clock.at_ns += 3601 * S
    assert call(seen.view, "GET", "/api/me", with_cookie(second)).status == 401


def test_a_cookie_that_was_changed_is_no_login(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    cookie = enter(seen, READ).cookie
    for forged in (cookie.replace("read", "operate"), cookie[:-1], cookie + "0", "mmrunner_8420=a"):
        assert call(seen.view, "GET", "/api/me", {**OWN, "cookie": forged}).status == 401


def test_guessing_is_stopped_and_later_allowed_again(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    tried = [enter(seen, f"guess {k}").status for k in range(12)]
    assert tried == [403] * 10 + [429] * 2
    assert enter(seen, READ).status == 429
    seen.clock.at_ns += 6 * S
    assert enter(seen, READ).status == 200


def test_a_page_shows_the_login_to_whoever_is_not_logged_in(tmp_path: Path) -> None:
    reply = call(stage(tmp_path).view, "GET", "/deploys/alpha", OWN)
    assert reply.status == 401
    assert b'data-kind="login"' in reply.body
    assert b"<script>" not in reply.body
