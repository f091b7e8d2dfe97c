"""A latch is there once its file is, outlives everything, and leaves a record when it is lifted."""

import json
import os
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.engine.latch import Latch, Latched
from tests.support import NOW_NS


@pytest.fixture
def latch(tmp_path: Path) -> Latch:
    return Latch(tmp_path / "default.kill", "default")


def test_a_free_latch_refuses_nothing(latch: Latch) -> None:
    assert not latch.is_set()
    latch.refuse()


def test_who_when_and_why_are_kept_and_the_first_stays(latch: Latch) -> None:
    assert latch.set("me", "smoke", NOW_NS)
    assert not latch.set("you", "fire", NOW_NS)
    assert json.loads(latch.path.read_text()) == {
        "who": "me",
        "when": "2023-11-14T22:13:20.000+00:00",
        "why": "smoke",
    }
    assert latch.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Latched, match=r"by me at 2023.*smoke.*mode=unlatch deploy=default") as told:
        latch.refuse()
    assert told.value.exit_code == 4


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'{"who": 1}', b"\xff\xfe", b"1" * 10_000])
def test_whatever_it_holds_it_latches(latch: Latch, held: bytes) -> None:
    latch.path.write_bytes(held)
    assert latch.is_set()
    with pytest.raises(Latched, match="does not say who"):
        latch.refuse()


def test_a_link_into_nothing_and_a_directory_latch_too(latch: Latch) -> None:
    latch.path.symlink_to("nowhere")
    assert latch.is_set()
    assert not latch.set("me", "", NOW_NS)
    latch.path.unlink()
    latch.path.mkdir()
    assert latch.is_set()
    with pytest.raises(Latched):
        latch.refuse()


def test_what_cannot_be_told_is_taken_for_set(
    latch: Latch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "lstat", broken)
    assert latch.is_set()


def test_lifting_keeps_it_under_another_name(latch: Latch) -> None:
    latch.set("me", "smoke", NOW_NS)
    kept = latch.lift(NOW_NS + 1_500_000_000)
    assert not latch.is_set()
    assert kept.name == "default.kill.2023-11-14T22-13-21.500000Z"
    assert json.loads(kept.read_text())["why"] == "smoke"
    latch.refuse()
    with pytest.raises(ConfigError, match="expected a killed deploy, 'default' is not"):
        latch.lift(NOW_NS)
