"""Our kernels give the numbers of the vector file that MMRUNNER_VECTORS names (default: ours)."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.strategies.vector_checks import FAMILIES, LATER
from tests.support import CHECKOUT

OURS = CHECKOUT / "tests" / "data" / "vectors.json"
FILE = Path(os.environ.get("MMRUNNER_VECTORS", OURS))
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]


def family(vector_id: str) -> str:
    return vector_id.split("_", maxsplit=1)[0]


def tolerance(key: str, expected: float, tol: dict[str, Any]) -> float:
    """Return how far a found value may be; columns of another method have a tolerance of theirs."""
    if key.startswith("exact_") and "vs_exact" in tol:
        return float(tol["vs_exact"])
    return float(tol["abs"]) if "abs" in tol else float(tol["rel"]) * abs(expected)


@pytest.mark.parametrize("vector", VECTORS, ids=[str(v["id"]) for v in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    name = family(vector["id"])
    if name in LATER:
        pytest.skip(f"family {name}: its code is not written yet")
    if name not in FAMILIES:
        pytest.fail(f"family {name}: no check; add one to tests/strategies/vector_checks.py")
    found = FAMILIES[name](vector["inputs"])
    assert vector["expected"], "a vector that expects nothing checks nothing"
    for key, expected in vector["expected"].items():
        assert key in found, f"{key}: expected, and not computed"
        allowed = tolerance(key, expected, vector["tol"])
        assert abs(found[key] - expected) <= allowed, f"{key}: {found[key]!r}, not {expected!r}"


def test_our_own_file_covers_every_family_that_has_code() -> None:
    ours = json.loads(OURS.read_text(encoding="utf-8"))["vectors"]
    assert {family(v["id"]) for v in ours} == set(FAMILIES)
    assert len({v["id"] for v in ours}) == len(ours)
    for vector in ours:
        assert vector.keys() == {
            "id", "section", "formula", "units", "inputs", "expected", "tol", "method"
        }  # fmt: skip
