"""A stop that is asked for at any moment of a start is not lost, and ends with its own code."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.interrupts import STOPS, Interrupt, Interrupts, begin, is_asked
from tests.support import CHECKOUT


@pytest.fixture
def listening() -> Iterator[Interrupts]:
    former = {number: signal.getsignal(number) for number in STOPS}
    interrupts = Interrupts()
    interrupts.listen()
    begin()
    yield interrupts
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_raises_and_is_remembered_when_that_is_swallowed(
    listening: Interrupts, number: signal.Signals
) -> None:
    assert not is_asked()
    with pytest.raises(Interrupt):
        os.kill(os.getpid(), number)
    assert is_asked()


def test_before_anything_has_begun_a_signal_ends_the_process() -> None:
    left: list[int] = []
    interrupts = Interrupts(left.append)
    with pytest.raises(Interrupt):
        interrupts(signal.SIGINT, None)
    assert left == [130]


def test_a_process_that_is_interrupted_while_it_starts_ends_with_its_code(tmp_path: Path) -> None:
    text = (
        "import os, signal; from runner.interrupts import Interrupts; Interrupts().listen()\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "finally:\n"
        "    raise AttributeError('what a library says when it is interrupted')\n"
    )
    words = [sys.executable, "-c", text]
    paths = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    assert subprocess.run(words, cwd=tmp_path, env=paths, check=False).returncode == 130


def test_a_stop_of_former_handlers_counts_after_they_were_replaced(listening: Interrupts) -> None:
    with pytest.raises(Interrupt):
        os.kill(os.getpid(), signal.SIGTERM)
    former = [signal.signal(number, signal.SIG_IGN) for number in STOPS]
    assert not is_asked()
    assert is_asked(former)


@pytest.mark.parametrize(("kind", "code"), [("Interrupt", 130), ("KeyboardInterrupt", -2)])
def test_an_interrupt_inside_compiled_text_still_ends_with_the_code_that_was_returned(
    kind: str, code: int, tmp_path: Path
) -> None:
    """A module that is run, as ours is: the plain exception shows why there is another one."""
    (tmp_path / "interrupted.py").write_text(
        "import sys\n"
        "from runner.interrupts import Interrupt\n"
        "try:\n"
        f"    exec('raise {kind}')\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)\n"
    )
    words = [sys.executable, "-m", "interrupted"]
    paths = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"}
    assert subprocess.run(words, cwd=tmp_path, env=paths, check=False).returncode == code
