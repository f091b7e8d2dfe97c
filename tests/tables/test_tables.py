"""A few thousand paths land on the exact figures, and on the published ones within their noise."""

import pytest

from tests.tables.experiment import PUBLISHED, Row, figures

SMALL_PATHS = 2000


@pytest.mark.parametrize("row", PUBLISHED, ids=[f"{r.gamma}-{r.strategy}" for r in PUBLISHED])
def test_the_drawn_figures_are_exact_within_four_errors(row: Row) -> None:
    found = figures(row, SMALL_PATHS, 2008)
    assert len(found) == 5
    for figure in found:
        assert abs(figure.z) < 4.0, figure
        noise = figure.error * (SMALL_PATHS / 1000) ** 0.5
        assert abs(figure.published - figure.exact) < 4.0 * noise + 0.1, figure
