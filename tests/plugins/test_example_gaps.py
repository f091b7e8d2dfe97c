"""What packages cannot do yet. Each of these tests fails; one that passes says so, and moves."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.engine.history import History
from runner.modes.recorded import open_recording, replay_recording
from runner.wiring.strategies import bind_strategies
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


@pytest.mark.xfail(strict=True, reason="a recorded replay binds no strategy that a package brings")
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


def test_it_would_if_it_bound_them(installed: None, tmp_path: Path) -> None:
    settings = settings_for("strategy=leaning", "market=btc", "duration_s=20")
    run_session(settings, tmp_path)
    choice.bring([])
    bind_strategies(settings)
    words = ("mode=replay", "tape=mmrunner", f"tape.path={tmp_path / 'tapes'}", "market=btc")
    recording = open_recording(settings_for(*words, "strategy=leaning"), "btc")
    replayed = replay_recording(recording, History(), None, compiled=False)
    assert replayed.agreement.differences == 0


REBOUND = """
import sys
from pathlib import Path

from connectors.model.kernel import kernel
from runner.modes.compiled import compile_loop, record_of
from strategies.desk import Params, Quotes, Signals
from strategies.pricing import choice


@kernel
def narrow(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    quotes.half_spread_bps = 1.0


@kernel
def wide(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    quotes.half_spread_bps = 2.0


def half_of(params: Params, signals: Signals, quotes: Quotes) -> float:
    choice.price(params, signals, quotes, 0)
    return quotes.half_spread_bps


for name in sys.argv[2:]:
    choice.bring([globals()[name]])
    params = Params()
    params.model = choice.BROUGHT
    loop = compile_loop(half_of, Path(sys.argv[1]))
    print(name, loop(record_of(params), record_of(Signals()), record_of(Quotes())))
"""


@pytest.mark.xfail(strict=True, reason="numba does not see that another model has been bound")
def test_models_that_are_bound_anew_are_compiled_anew(python: Run, tmp_path: Path) -> None:
    script = tmp_path / "rebound.py"
    script.write_text(REBOUND)
    ran = python(str(script), str(tmp_path / "cache"), "narrow", "wide")
    assert (ran.stderr, ran.stdout) == ("", "narrow 1.0\nwide 2.0\n")


@pytest.mark.xfail(
    strict=True, reason="the cache of compiled loops does not know which models are bound"
)
def test_another_model_does_not_get_the_loop_of_the_first(python: Run, tmp_path: Path) -> None:
    script = tmp_path / "rebound.py"
    script.write_text(REBOUND)
    printed = [
        python(str(script), str(tmp_path / "cache"), name).stdout for name in ("narrow", "wide")
    ]
    assert printed == ["narrow 1.0\n", "wide 2.0\n"]
