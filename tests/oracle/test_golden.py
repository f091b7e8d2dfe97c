"""The simulator equals what hftbacktest made of the short cases, to the last bit."""

import dataclasses

import numpy as np
import pytest

from tests.oracle import golden, rule
from tests.oracle.cases import SHORT, Case
from tests.oracle.compare import first_difference, first_of_all
from tests.oracle.work import run_ours, work_of


@pytest.mark.parametrize("case", SHORT, ids=lambda case: case.name.replace(" ", "_"))
def test_as_hftbacktest(case: Case) -> None:
    work = work_of(case)
    assert work is not None
    theirs, events = golden.read(work)
    assert golden.digest(work) == events, "the stream has changed: make oracle ARGS=golden"
    assert first_of_all(run_ours(work, compiled=False), theirs) is None


def test_the_cases_tell_the_queue_models_apart() -> None:
    works = [work_of(c) for c in SHORT if c.stream == "short_queue" and not c.others]
    tables = [golden.read(work)[0][0] for work in works if work is not None][:7]
    assert len({table.placed.tobytes() for table in tables}) >= 5
    assert all(table.steps[-1, rule.FILLS] > 50 for table in tables)


@pytest.mark.parametrize("what", ["steps", "cash", "placed"])
def test_one_changed_number_is_found(what: str) -> None:
    work = work_of(SHORT[0])
    assert work is not None
    theirs = golden.read(work)[0][0]
    changed = getattr(theirs, what).copy()
    changed[7, 1] = np.nextafter(changed[7, 1], 9e9) if what == "cash" else changed[7, 1] + 1
    found = first_difference(dataclasses.replace(theirs, **{what: changed}), theirs)
    assert found is not None
    assert found.startswith(f"{what} row 7\n  ours ")
