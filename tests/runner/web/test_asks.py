"""What a person asks of a deploy: handed on once, by name, and answered in one line."""

import json
import os
from pathlib import Path
from typing import Any

from tests.runner.web.support import HOSTILE, Reply, S, Stage, call, changes, stage

PAUSE = {"identity": "1", "what": "pause", "confirmed": True, "market": "btc"}


def ask(seen: Stage, wish: dict[str, Any], deploy: str = "alpha") -> Reply:
    body = json.dumps(wish).encode()
    return call(seen.view, "POST", f"/api/deploys/{deploy}/asks", changes(), body)


def test_a_command_reaches_its_deploy_with_who_asked(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    reply = ask(seen, {**PAUSE, "reason": HOSTILE})
    assert (reply.status, reply.told) == (200, {"line": "pause btc"})
    (sent,) = seen.line.asked
    assert (sent.identity, sent.what, sent.market, sent.role) == ("1", "pause", "btc", "operate")
    assert sent.who == "web.operate.token"
    assert sent.reason == HOSTILE


def test_what_a_deploy_refuses_is_told_as_refused(tmp_path: Path) -> None:
    reply = ask(stage(tmp_path), {**PAUSE, "market": "refused"})
    assert (reply.status, reply.told["line"]) == (409, "pause refused")


def test_a_deploy_that_does_not_answer_is_not_taken_for_one_that_did(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    seen.line.is_gone = True
    reply = ask(seen, PAUSE)
    assert reply.status == 504
    assert "is not known" in reply.told["line"]


def test_what_was_not_confirmed_or_is_not_a_wish_is_not_sent(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    for wish in (
        {**PAUSE, "confirmed": False},
        {**PAUSE, "what": "withdraw"},
        {**PAUSE, "_target_": "os.system"},
        {**PAUSE, "market": "a" * 201},
        {**PAUSE, "reason": "line\nbreak"},
        {"what": "pause"},
    ):
        assert ask(seen, wish).status == 400, wish
    assert ask(seen, PAUSE, "beta").status == 404
    assert seen.line.asked == []


def test_commands_are_limited_and_later_allowed_again(tmp_path: Path) -> None:
    seen = stage(tmp_path)
    assert [ask(seen, PAUSE).status for _ in range(11)] == [200] * 10 + [429]
    seen.clock.at_ns += S
    assert ask(seen, PAUSE).status == 200


def test_a_kill_sets_the_latch_without_the_deploys_help_and_unlatch_lifts_it(
    tmp_path: Path,
) -> None:
    seen = stage(tmp_path)
    seen.line.is_gone = True
    latch = seen.outputs / "ledgers" / "alpha.kill"
    killed = ask(seen, {"identity": "1", "what": "kill", "confirmed": True, "reason": "a test"})
    assert killed.status == 200
    assert json.loads(latch.read_text())["why"] == "a test"
    assert oct(os.stat(latch).st_mode & 0o777) == "0o600"
    again = ask(seen, {"identity": "2", "what": "kill", "confirmed": True})
    assert "it was already" in again.told["line"]
    lifted = ask(seen, {"identity": "3", "what": "unlatch", "confirmed": True})
    assert lifted.status == 200
    assert not latch.exists()
    once_more = ask(seen, {"identity": "4", "what": "unlatch", "confirmed": True})
    assert once_more.status == 409
