"""Every kernel stays inside the subset on which the interpreter and numba agree bit for bit."""

import ast
from pathlib import Path

import pytest

from tests.connectors.model.subset import (
    StateFields,
    compiled_functions,
    faults,
    state_fields,
)
from tests.support import CHECKOUT

PACKAGES = ("connectors", "strategies", "runner")
SOURCES = sorted(path for name in PACKAGES for path in (CHECKOUT / name).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@pytest.fixture(scope="module")
def known() -> StateFields:
    return state_fields([parsed(path) for path in SOURCES])


def test_every_kernel_of_the_project_is_in_the_subset(known: StateFields) -> None:
    found = [
        f"{path.relative_to(CHECKOUT)}:{fault}"
        for path in SOURCES
        for fault in faults(parsed(path), known)
    ]
    assert found == []


def test_the_walk_sees_the_kernels_and_the_states(known: StateFields) -> None:
    names = {f.name for path in SOURCES for f in compiled_functions(parsed(path))}
    expected = {"turn", "step", "diff", "review", "apply", "set_bid", "chained_price", "replay"}
    assert expected <= names
    assert {"book", "orders", "params", "quotes"} <= known.records
    assert {"bid_lots", "reasons", "exposed_lots"} <= known.arrays
    assert not {"count", "position_lots", "now_ns"} & (known.records | known.arrays)


STATES = """
@state
class Inner:
    size: float


@state
class Outer:
    inner: Inner
    ring: Annotated[Ints, 8]
    size: float
"""
GOOD = """
@kernel
def good(o: Outer, x: float) -> float:
    "Return a number."
    inner = o.inner
    inner.size = x * x
    o.ring[3] = int(math.floor(x))
    o.size = math.exp(-inner.size) if x > 0.0 else 0.0
    o.size += math.pow(inner.size, x)
    return o.size
"""
BAD_BODIES = {
    "square": "o.size = x**2",
    "root": "o.size = x**0.5",
    "negative power": "o.size = x**-1",
    "power in place": "o.size **= 2",
    "named power": "o.size = x**k",
    "pow()": "o.size = pow(x, k)",
    "math.pow() of a literal": "o.size = math.pow(x, 2.0)",
    "math.hypot()": "o.size = math.hypot(x, x)",
    "try": "try:\n        o.size = x\n    finally:\n        o.size = x",
    "raise": "raise ValueError",
    "assert": "assert x",
    "yield": "yield x",
    "await": "await x",
    "with": "with x:\n        o.size = x",
    "lambda": "f = lambda: x",
    "nested function": "def f() -> float:\n        return x",
    "nested class": "class A:\n        pass",
    "list comprehension": "a = [y for y in o.ring]",
    "generator": "o.size = sum(y for y in o.ring)",
    "f-string": "a = f'{x}'",
    "string": "a = 'x'",
    "dict": "a = {1: x}",
    "set": "a = {x}",
    "slice read": "a = o.ring[1:3]",
    "slice fill": "o.ring[:] = a",
    "slice deletion": "del o.ring[1:2]",
    "whole record": "o.inner = inner",
    "whole record in a tuple": "o.inner, o.size = inner, x",
    "whole array": "o.ring = ring",
    "round()": "o.size = round(x)",
    "print()": "print(x)",
    "global": "global a\n    a = 1",
    "import": "import math",
    "keyword in a call": "good(o, x=x)",
    "star in a call": "good(*x)",
    "match": "match x:\n        case 1:\n            o.size = x",
}
BAD_SIGNATURES = {
    "default": "def bad(o: Outer, x: float = 1.0) -> None:",
    "varargs": "def bad(*o: Outer) -> None:",
    "keyword dict": "def bad(**o: Outer) -> None:",
    "keyword only": "def bad(*, o: Outer) -> None:",
    "no argument type": "def bad(o, x: float) -> None:",
    "no return type": "def bad(o: Outer):",
}


def faults_of(source: str) -> list[str]:
    states, tree = ast.parse(STATES), ast.parse(source)
    return faults(tree, state_fields([states, tree]))


def test_a_good_kernel_has_no_fault() -> None:
    assert faults_of(GOOD) == []


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_planted_body_is_caught(body: str) -> None:
    source = f"def bad(o: Outer, x: float, k: int) -> None:\n    {body}\n"
    assert len(faults_of(f"@kernel\n{source}")) >= 1
    assert faults_of(source) == []


@pytest.mark.parametrize("signature", BAD_SIGNATURES.values(), ids=BAD_SIGNATURES.keys())
def test_a_planted_signature_is_caught(signature: str) -> None:
    source = f"{signature}\n    return\n"
    assert len(faults_of(f"@kernel\n{source}")) == 1
    assert faults_of(source) == []


def test_a_function_that_is_registered_by_a_call_is_read_too() -> None:
    body = "    def bad(x: float) -> float:\n        return x**2\n    return kernel(bad)\n"
    source = f"def make():\n{body}"
    assert len(faults_of(source)) == 1


def test_postponed_annotations_are_refused_only_beside_states() -> None:
    future = "from __future__ import annotations\n"
    assert len(faults_of(future + STATES)) == 1
    assert faults_of(future + GOOD) == []
