"""Our kernels give the numbers of the vector file that MMRUNNER_VECTORS names (default: ours)."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.strategies.signal_checks import NOT_OFFERED, SIGNAL_FAMILIES
from tests.strategies.vector_checks import FAMILIES, LATER
from tests.support import CHECKOUT

OURS = CHECKOUT / "tests" / "data" / "vectors.json"
FILE = Path(os.environ.get("MMRUNNER_VECTORS", OURS))
CHECKS = {**FAMILIES, **SIGNAL_FAMILIES}
VECTORS: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]

WIDER = {"ce": {"below_zero_rel": 2e-4}}
"""A negative certainty equivalent is the logarithm of an expectation beyond measure: methods that
step through time agree on its leading digits only."""


def family(vector_id: str) -> str:
    return vector_id.split("_", maxsplit=1)[0]


def tolerance(key: str, expected: float, tol: dict[str, Any]) -> float:
    """Return how far a found value may be; columns of another method have a tolerance of theirs."""
    if key.startswith("exact_") and "vs_exact" in tol:
        return float(tol["vs_exact"])
    if key.startswith("eig_") and "eig_abs" in tol:
        return float(tol["eig_abs"])
    if expected < 0.0 and "below_zero_rel" in tol:
        return float(tol["below_zero_rel"]) * -expected
    return float(tol["abs"]) if "abs" in tol else float(tol["rel"]) * abs(expected)


def compare(key: str, found: Any, expected: Any, tol: dict[str, Any]) -> None:
    """Hold a number, a list or names of them, or nothing at all against what is expected."""
    if isinstance(expected, list):
        assert len(found) == len(expected), f"{key}: {len(found)} values, not {len(expected)}"
        for k, (one, other) in enumerate(zip(found, expected, strict=True)):
            compare(f"{key}[{k}]", one, other, tol)
    elif isinstance(expected, dict):
        for name, other in expected.items():
            one = found[int(name)] if isinstance(found, list) else found[name]
            compare(f"{key}.{name}", one, other, tol)
    elif expected is None:
        assert found is None, f"{key}: {found!r}, expected nothing yet"
    else:
        allowed = tolerance(key, expected, tol)
        assert abs(found - expected) <= allowed, f"{key}: {found!r}, not {expected!r}"


@pytest.mark.parametrize("vector", VECTORS, ids=[str(v["id"]) for v in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    name = family(vector["id"])
    if name in LATER:
        pytest.skip(f"family {name}: its code is not written yet")
    if name not in CHECKS:
        pytest.fail(f"family {name}: no check; add one to tests/strategies/vector_checks.py")
    found = CHECKS[name](vector["inputs"])
    tol = {**vector["tol"], **WIDER.get(name, {})}
    offered = vector["expected"].keys() - NOT_OFFERED.get(name, set())
    assert offered, "a vector that expects nothing checks nothing"
    for key in sorted(offered):
        assert key in found, f"{key}: expected, and not computed"
        compare(key, found[key], vector["expected"][key], tol)


def test_our_own_file_covers_every_family_that_has_code() -> None:
    ours = json.loads(OURS.read_text(encoding="utf-8"))["vectors"]
    assert {family(v["id"]) for v in ours} == set(CHECKS)
    assert len({v["id"] for v in ours}) == len(ours)
    for vector in ours:
        assert vector.keys() == {
            "id", "section", "formula", "units", "inputs", "expected", "tol", "method"
        }  # fmt: skip
