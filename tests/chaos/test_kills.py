"""A process that is ended, however, leaves books that the next one brings level."""

import random
import signal
from pathlib import Path

from runner.engine.failpoints import KILLED, Point
from tests.chaos.drill import Drill
from tests.chaos.plan import End, planned

ENDS = {
    End(signal.SIGKILL, None, 0, 0.6, True, False): -signal.SIGKILL,
    End(signal.SIGINT, None, 0, 0.2, False, False): 130,
    End(signal.SIGTERM, None, 0, 0.0, True, False): 130,
    End(None, Point.FILL_RECEIVED, 1, 0.0, True, False): KILLED,
    End(None, Point.KILL_MID, 1, 0.3, True, False): KILLED,
}


def test_kills_and_stops_change_nothing(tmp_path: Path) -> None:
    drill = Drill(tmp_path)
    for end, code in ENDS.items():
        death = drill.end(end)
        assert (death.findings, death.code) == ([], code)
    death = drill.finish()
    assert (death.findings, death.code) == ([], 0)
    assert death.orders > 5


def test_a_seed_plans_every_way_to_end_and_plans_it_again() -> None:
    plan = planned(200, random.Random(3))
    assert plan == planned(200, random.Random(3))
    assert {end.point for end in plan} == {None, *Point}
    assert {end.signal for end in plan} == {None, signal.SIGKILL, signal.SIGINT, signal.SIGTERM}
