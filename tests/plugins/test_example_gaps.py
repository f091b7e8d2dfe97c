"""The edges of what packages can do; what they cannot do yet fails, and says so once it works."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.engine.history import History
from runner.modes.recorded import open_recording, replay_recording
from strategies.pricing import choice
from tests.deploys import settings_for
from tests.sessions import run_session

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.xfail(
    strict=True, reason="an unknown choice is compared with the names of conf/ alone"
)
@pytest.mark.parametrize("word", ["strategy=leening", "venue=swin"])
def test_a_name_that_a_package_brings_is_among_the_choices(installed: None, word: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings_for(word)
    assert "did you mean" in str(refused.value)


def test_a_recorded_session_replays_to_the_same_decisions(installed: None, tmp_path: Path) -> None:
    words = ("strategy=leaning", "market=btc")
    run_session(settings_for(*words, "duration_s=20"), tmp_path)
    choice.bring([])
    settings = settings_for(
        *("mode=replay", "tape=mmrunner", f"tape.path={tmp_path / 'tapes'}"),
        *("replay.fills=recorded", *words),
    )
    recording = open_recording(settings, "btc")
    replayed = replay_recording(recording, History(), None, compiled=False)
    assert replayed.agreement.differences == 0


REBOUND = """
import sys
from pathlib import Path

from connectors.model.kernel import kernel
from runner.modes.compiled import compile_loop
from connectors.model.record import record_of
from strategies.desk import Params, Quotes, Signals
from strategies.pricing import choice
from strategies.pricing.value import ValueFunction


@kernel
def narrow(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    quotes.half_spread_bps = 1.0


@kernel
def wide(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    quotes.half_spread_bps = 2.0


def half_of(params: Params, signals: Signals, value: ValueFunction, quotes: Quotes) -> float:
    choice.price(params, signals, value, quotes, 0)
    return quotes.half_spread_bps


for name in sys.argv[2:]:
    choice.bring([globals()[name]])
    params = Params()
    params.model = choice.BROUGHT
    loop = compile_loop(half_of, Path(sys.argv[1]))
    states = (params, Signals(), ValueFunction(), Quotes())
    print(name, loop(*(record_of(state) for state in states)))
"""


@pytest.mark.slow
def test_models_that_are_bound_anew_are_refused(python: Run, tmp_path: Path) -> None:
    script = tmp_path / "rebound.py"
    script.write_text(REBOUND)
    ran = python(str(script), str(tmp_path / "cache"), "narrow", "wide")
    assert ran.stdout == "narrow 1.0\n"
    assert "expected the same strategies of packages" in ran.stderr


def test_another_model_does_not_get_the_loop_of_the_first(python: Run, tmp_path: Path) -> None:
    script = tmp_path / "rebound.py"
    script.write_text(REBOUND)
    printed = [
        python(str(script), str(tmp_path / "cache"), name).stdout for name in ("narrow", "wide")
    ]
    assert printed == ["narrow 1.0\n", "wide 2.0\n"]
