"""docs/parameters.md is what the schema and conf/ say today, and says something of each knob."""

from pathlib import Path

import pytest

from tests.docs import parameters
from tests.docs.comments import comments
from tests.docs.schema import knobs

KNOBS = {knob.path: knob for knob in knobs()}


def test_the_tables_are_up_to_date() -> None:
    committed = parameters.PAGE.read_text(encoding="utf-8")
    assert committed.startswith(parameters.tables()), "run: python -m tests.docs.parameters"


@pytest.mark.slow
def test_the_page_is_up_to_date() -> None:
    committed = parameters.PAGE.read_text(encoding="utf-8")
    assert committed == parameters.page(), "run: python -m tests.docs.parameters"


@pytest.mark.parametrize("path", KNOBS)
def test_every_knob_has_a_meaning_and_a_range(path: str) -> None:
    assert len(parameters.meaning(path)) > 8
    assert KNOBS[path].range


def test_no_effect_is_told_of_a_knob_that_is_not_there() -> None:
    assert parameters.EFFECTS.keys() <= KNOBS.keys()


def test_every_number_has_a_unit_or_is_known_to_have_none() -> None:
    bare = {path for path, knob in KNOBS.items() if " to " in knob.range and not knob.unit}
    assert bare == {
        *(
            "web.port",
            "seed",
            "gamma",
            "kappa",
            "strategy.gamma",
            "strategy.kappa",
            "venue.queue_power",
            "markets.NAME.instrument.price_digits",
        ),
        *(
            "strategy.levels",
            "strategy.slots_per_level",
            "glft.execution_gamma",
            "lighter.chain_id",
            "lighter.account_index",
            "lighter.key_index",
            "lighter.watchdog_key_index",
            "lighter.cancel_key_index",
        ),
        *("hedge.ratio", "hedge.risk_aversion"),
        *("search.seed", "search.trials", "search.threads", "search.folds"),
        "backup.keep",
        *("start.max_crashes", "supervisor.max_restarts", "strategy.recalibration.max_factor"),
        "schedule.refit.max_factor",
    }


def test_a_comment_belongs_to_the_key_below_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("# Of the file.\n\n# One,\n# two.\na: 1\nb: 2\nc:\n  # Three.\n  d: 3\ne: 4\n")
    assert comments(file) == {"a": "One, two.", "c.d": "Three."}
