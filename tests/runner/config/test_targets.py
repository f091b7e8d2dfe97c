"""No word from outside names code: a `_target_`, or a class by its path, is refused everywhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

WORDS = [
    "+_target_=os.system",
    "+markets.btc._target_=os.system",
    "+markets.btc.strategy={_target_: os.system, command: id}",
    "+notify._target_=os.system",
    "markets.btc.strategy.name=os.system",
    "markets.btc.venue.name=os:system",
    "mode.name=os.system",
]


@pytest.mark.parametrize("word", WORDS)
def test_on_the_command_line(word: str, command: Callable) -> None:
    outcome = command("market=btc", word)
    assert outcome.code == 2
    assert outcome.line
    assert outcome.runs == []


def test_in_a_file(command: Callable, checkout: Path) -> None:
    (checkout / "conf" / "local").mkdir()
    (checkout / "conf" / "local" / "default.yaml").write_text(
        "# @package _global_\nvenue:\n  _target_: os.system\n  command: id\n"
    )
    outcome = command("market=btc")
    assert outcome.code == 2
    assert "_target_" in outcome.line
