from array import array

import numpy as np
import pytest

from runner.results import FillColumns, SeriesColumns, whole


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="FillColumns: expected columns of one length"):
        FillColumns(recv_ns=[1])
    with pytest.raises(ValueError, match="SeriesColumns: expected columns of one length"):
        SeriesColumns(now_ns=[1])


@pytest.mark.parametrize(
    "column", [[1, 2], (1, 2), array("q", [1, 2]), np.array([1, 2]), memoryview(array("q", [1, 2]))]
)
def test_any_column_becomes_python_integers(column: object) -> None:
    values = whole(column)  # type: ignore[arg-type]
    assert values == [1, 2]
    assert all(type(value) is int for value in values)
