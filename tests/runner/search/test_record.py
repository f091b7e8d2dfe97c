"""A trial that is written down and read back is the same."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from runner.guard import Ending
from runner.report.pnl import Pnl
from runner.search.record import Trial, plain_of, trial_of
from runner.sweep.grid import Done
from runner.sweep.score import Score
from tests.runner.sweep.test_board import done

MONEY = Pnl(None, Decimal("0.10"), Decimal("-3"), None, None)
SCORE = Score("USDT", MONEY, 12, None, 0.5, 2.0, 60.0, 7, (0.1, -0.2, 1e-17))


def test_a_trial_comes_back_as_it_was() -> None:
    job = done(3, "gamma=0.1").job
    for trial in (
        Trial(Done(job, Ending(0)), SCORE, (1.5, -2.0), 4),
        Trial(Done(job, Ending(1, "crashed", "Traceback")), None, None, 0),
    ):
        plain = json.loads(json.dumps(plain_of(trial)))
        assert trial_of(plain, replace(job, directory=Path("/elsewhere"))) == trial
