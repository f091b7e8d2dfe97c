"""What a process may have sent just before it died holds its market for seconds, not minutes."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.lighter.commands import Commands
from tests.stage.scenario import Scenario, faults_of
from tests.venues.common.scenario import step_of
from tests.venues.lighter.staged import play
from tests.venues.lighter.staged.scenario import WORDS, perform, read

REAL_LIFE_S = 600
"""How long a transaction can be carried out: far longer than a scenario lasts."""
UNSENT = Scenario(
    row="the process dies with orders written and not signed",
    fault="",
    expected="",
    script=tuple(
        step_of(WORDS, {"at_s": s, "do": "kill", "down_s": 1.0}) for s in (6.0, 9.0, 12.0, 15.0)
    ),
    exits=(137, 137, 137, 137, 0),
)
FORMER = {
    "PC-01": read("PC-01"),
    "PC-02": read("PC-02"),
    "lost": replace(
        UNSENT,
        script=(
            step_of(WORDS, {"when": "place", "nth": 4, "times": 6, "do": "drop_request"}),
            *UNSENT.script,
        ),
    ),
}


@pytest.fixture
def real_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let transactions live as long as they do at the venue."""
    monkeypatch.setattr(play, "LIFE_S", REAL_LIFE_S)


@pytest.mark.usefixtures("real_life")
@pytest.mark.parametrize(
    "name", ["lost", *(pytest.param(row, marks=pytest.mark.slow) for row in ("PC-01", "PC-02"))]
)
def test_markets_quote_again_long_before_transactions_die_of_age(name: str, tmp_path: Path) -> None:
    scenario = FORMER[name]
    assert faults_of(scenario, perform(scenario, tmp_path)) == []


@pytest.mark.slow
@pytest.mark.usefixtures("real_life")
def test_without_what_was_promised_they_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Commands, "recall", lambda self, left: None)
    scenario = FORMER["PC-01"]
    found = faults_of(scenario, perform(scenario, tmp_path))
    assert any("does not quote again" in line for line in found), found
