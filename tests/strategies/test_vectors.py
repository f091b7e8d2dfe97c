"""Our kernels give the numbers of the vector file that MMRUNNER_VECTORS names (default: ours)."""

import json
import os
from collections.abc import Iterator
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


def leaves(values: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield path and value of every number in nested values."""
    if not isinstance(values, dict | list):
        yield path, values
        return
    for key, value in values.items() if isinstance(values, dict) else enumerate(values):
        yield from leaves(value, f"{path}.{key}" if path else str(key))


def tolerance(name: str, key: str, expected: float, tol: dict[str, Any]) -> float:
    """Return how far a found value may be; columns of another method have a tolerance of theirs.

    A negative certainty equivalent is the logarithm of an expectation beyond measure; methods that
    step through time agree on its leading digits only.
    """
    if key.startswith("exact_") and "vs_exact" in tol:
        return float(tol["vs_exact"])
    if key.startswith("eig_") and "eig_abs" in tol:
        return float(tol["eig_abs"])
    if name == "ce" and expected < 0.0:
        return 2e-4 * -expected
    return float(tol["abs"]) if "abs" in tol else float(tol["rel"]) * abs(expected)


@pytest.mark.parametrize("vector", VECTORS, ids=[str(v["id"]) for v in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    name = family(vector["id"])
    if name in LATER:
        pytest.skip(f"family {name}: its code is not written yet")
    if name not in FAMILIES:
        pytest.fail(f"family {name}: no check; add one to tests/strategies/vector_checks.py")
    found = dict(leaves(FAMILIES[name](vector["inputs"])))
    assert vector["expected"], "a vector that expects nothing checks nothing"
    for key, expected in leaves(vector["expected"]):
        assert key in found, f"{key}: expected, and not computed"
        if expected is None:
            assert found[key] is None, f"{key}: {found[key]!r}, not nothing"
            continue
        allowed = tolerance(name, key, expected, vector["tol"])
        assert abs(found[key] - expected) <= allowed, f"{key}: {found[key]!r}, not {expected!r}"


def test_our_own_file_covers_every_family_that_has_code() -> None:
    ours = json.loads(OURS.read_text(encoding="utf-8"))["vectors"]
    assert {family(v["id"]) for v in ours} == set(FAMILIES)
    assert len({v["id"] for v in ours}) == len(ours)
    for vector in ours:
        assert vector.keys() == {
            "id", "section", "formula", "units", "inputs", "expected", "tol", "method"
        }  # fmt: skip
