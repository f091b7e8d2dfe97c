"""`mode=health` says green, red or unknown, in a line and an exit code."""

import json
import os
from pathlib import Path

import pytest

from runner.engine.health import Health
from runner.engine.health_file import HealthFile
from runner.engine.lock import DeployLock
from runner.modes import health
from runner.places import Places, RunDirectory
from tests.deploys import CHECKOUT, settings_for
from tests.support import NOW_NS, SECOND_NS
from tests.virtual import SetClock


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(tmp_path, CHECKOUT, RunDirectory(tmp_path / "run"))
    found.made(found.ledgers)
    return found


GREEN = Health(True, ())
RED = Health(False, ("btc: halted", "watch: has not run for 4.0 s"))


@pytest.mark.parametrize(
    ("verdict", "age_s", "code", "line"),
    [
        (GREEN, 0.4, 0, "default: green, 0.4 s ago"),
        (RED, 1.0, 4, "default: red, 1.0 s ago: btc: halted; watch: has not run for 4.0 s"),
        (GREEN, 12.0, 3, "default: unknown: the last verdict is 12.0 s old, process"),
        (None, 0.0, 3, f"default: unknown: no verdict, process {os.getpid()} holds it"),
    ],
    ids=["green", "red", "stale", "absent"],
)
def test_a_verdict_is_one_line_and_one_code(
    places: Places,
    capsys: pytest.CaptureFixture[str],
    verdict: Health | None,
    age_s: float,
    code: int,
    line: str,
) -> None:
    if verdict is not None:
        HealthFile.of(places, "default").write(verdict, {}, NOW_NS)
    clock = SetClock(NOW_NS + int(age_s * SECOND_NS))
    with DeployLock(places.lock("default")):
        assert health.run(settings_for("mode=health"), places, clock) == code
    (told,) = capsys.readouterr().out.splitlines()
    assert told.startswith(line)


def test_a_green_verdict_of_a_process_that_is_gone_proves_nothing(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    HealthFile.of(places, "default").write(GREEN, {}, NOW_NS)
    assert health.run(settings_for("mode=health"), places, SetClock(NOW_NS)) == 3
    assert "no runner holds it" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"stamp_ns": "x", "findings": []})])
def test_a_file_that_cannot_be_read_is_no_verdict(places: Places, text: str) -> None:
    kept = HealthFile.of(places, "default")
    kept.path.write_text(text)
    assert kept.read() is None
