"""A process that is killed leaves books that the next one brings level."""

import random
import signal
from pathlib import Path

from tests.chaos.drill import Drill


def test_kills_and_stops_change_nothing(tmp_path: Path) -> None:
    drill = Drill(tmp_path, random.Random(11))
    for _ in range(4):
        death = drill.kill()
        assert (death.findings, death.code) == ([], -signal.SIGKILL)
    for number in (signal.SIGINT, signal.SIGTERM):
        death = drill.kill(number, 0.5)
        assert (death.findings, death.code) == ([], 130)
    death = drill.finish()
    assert (death.findings, death.code) == ([], 0)
    assert death.orders > 5
