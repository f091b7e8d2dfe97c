"""A person is really called: by a test letter, and by a deploy; real money asks for that."""

from pathlib import Path

import pytest

from runner.command import start
from runner.modes import notify
from runner.places import Places, RunDirectory
from runner.wiring.notify import require_tested
from tests.deploys import CHECKOUT, settings_for
from tests.runner.notify.letterbox import address, letterbox

VARIABLE = "MMRUNNER_NOTIFY_URLS"
DAY_NS = 86_400_000_000_000


def places(home: Path) -> Places:
    return Places(home, CHECKOUT, RunDirectory(home / "run"))


def test_a_test_letter_arrives_and_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for("mode=notify", "notify=apprise")
    with letterbox() as box:
        monkeypatch.setenv(VARIABLE, address(box))
        assert notify.run(settings, places(tmp_path)) == 0
        assert [letter["title"] for letter in box.letters] == ["mmrunner default (notify)"]
    said = capsys.readouterr()
    assert said.out == "notify: all 1 addresses have taken it\n"
    assert "canary" not in said.out + said.err
    proof = places(tmp_path).notify_proof
    assert proof.exists()
    assert "canary" not in proof.read_text()


def test_an_address_that_does_not_take_it_is_named_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with letterbox() as open_box, letterbox() as shut:
        shut.is_open = False
        monkeypatch.setenv(VARIABLE, f"{address(open_box)}\n{address(shut)}")
        settings = settings_for("mode=notify", "notify=apprise")
        assert notify.run(settings, places(tmp_path)) == 3
        assert len(open_box.letters) == 1
    assert capsys.readouterr().out == "notify: 1 of 2 addresses did not take it: 2\n"
    assert not places(tmp_path).notify_proof.exists()


@pytest.mark.parametrize(
    ("words", "urls", "expected"),
    [
        (["notify=apprise"], "", "expected MMRUNNER_NOTIFY_URLS in the environment"),
        (["mode=paper", "notify=apprise"], "", "expected MMRUNNER_NOTIFY_URLS in the environment"),
        (
            ["mode=paper", "notify=apprise", "notify.pulse_url_env=MMRUNNER_NOTIFY_URLS"],
            "json://127.0.0.1:1",
            "notify.pulse_url_env: expected MMRUNNER_NOTIFY_URLS in the environment to hold an",
        ),
        (["notify=apprise"], "canary-token", "expected apprise URLs, number 1 is none"),
        ([], "", "notify.name: expected addresses to try, was none"),
    ],
)
def test_what_cannot_be_called_is_refused_without_a_secret(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    urls: str,
    expected: str,
) -> None:
    monkeypatch.setenv(VARIABLE, urls)
    assert start(["mode=notify", *words], {"MMRUNNER_HOME": str(tmp_path)}) == 2
    said = capsys.readouterr()
    assert expected in said.err
    assert not (tmp_path / "outputs" / "runs").exists()
    assert "canary" not in said.out + said.err


def test_a_deploy_tells_its_beginning_and_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calling = ["notify=apprise", "notify.least_level=info"]
    words = ["market=btc", "duration_s=0.2", "watch=none", "record.page=false"]
    with letterbox() as box:
        monkeypatch.setenv(VARIABLE, address(box))
        assert start([*words, *calling], {"MMRUNNER_HOME": str(tmp_path)}) == 0
        assert [letter["message"] for letter in box.letters] == ["started", "ended"]


def test_real_money_asks_for_addresses_that_were_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = [
        "mode=live", "market=btc", "venue=lighter", "profile=base", "armed=true", "account_id=7",
        "venue.account_index=7", "venue.key_index=4", "notify=apprise",
    ]  # fmt: skip
    with letterbox() as box:
        monkeypatch.setenv(VARIABLE, address(box))
        settings = settings_for(*real)
        with pytest.raises(Exception, match="none has been tried"):
            require_tested(settings, places(tmp_path), 0)
        assert notify.run(settings_for("mode=notify", "notify=apprise"), places(tmp_path)) == 0
        tested_ns = int(places(tmp_path).notify_proof.stat().st_mtime_ns)
        require_tested(settings, places(tmp_path), tested_ns + DAY_NS)
        with pytest.raises(Exception, match="tried within 30 days"):
            require_tested(settings, places(tmp_path), tested_ns + 40 * DAY_NS)
