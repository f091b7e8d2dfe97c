"""States are zero at birth, survive every copy, and kernels compute alike in both worlds."""

import json
import math
import os
import struct
import sys
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.model.kernel import (
    LONGEST,
    SPARSE,
    Floats,
    Ints,
    dump,
    fields_of,
    kernel,
    kernels,
    restore,
    shell_of,
    state,
)
from connectors.model.record import dtype_of, record_of, records_of, store
from strategies.desk import Desk
from tests.support import checked, compiled, differences

INPUTS = 200_000


@state
class Part:
    """A nested state."""

    weight: float
    samples: Annotated[Ints, 3]


@state
class Whole:
    """Every kind of field."""

    LIMIT: ClassVar[int] = 3
    flag: bool
    count: int
    level: float
    part: Part
    prices: Annotated[Floats, 4]


@state
class Vast:
    """A state with an array that is too long for a shell."""

    many: Annotated[Ints, LONGEST]
    part: Part


@state
class Thin:
    """A state of which hardly anything is written."""

    lots: Annotated[Ints, 2**20, SPARSE]
    bps: Annotated[Floats, 5, SPARSE]


def filled() -> Whole:
    whole = Whole()
    whole.flag = True
    whole.count = -(2**63)
    whole.level = 0.1
    whole.part.weight = math.inf
    whole.part.samples[1] = 2**63 - 1
    whole.prices[3] = -0.0
    return whole


def test_every_field_starts_at_zero() -> None:
    whole = Whole()
    assert (whole.flag, whole.count, whole.level) == (False, 0, 0.0)
    assert whole.prices == [0.0] * 4
    assert (whole.part.weight, whole.part.samples) == (0.0, [0, 0, 0])
    assert type(whole.flag) is bool
    assert type(whole.level) is float


def thin() -> Thin:
    state = Thin()
    state.lots[7], state.lots[-1] = 2**63 - 1, -(2**63)
    state.bps[1], state.bps[2] = 0.1, -0.0
    return state


@pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux tells of memory")
def test_a_sparse_array_takes_memory_only_where_it_is_written() -> None:
    before_kb, states = resident_kb(), [Thin() for _ in range(8)]
    for each in states:
        assert each.lots[12_345] == each.lots[-1] == 0
        each.lots[2**19] = 1
    assert resident_kb() - before_kb < 1024
    assert [each.lots[2**19 + 1] for each in states] == [0] * 8
    assert type(states[0].bps[0]) is float


def test_a_sparse_array_survives_every_copy() -> None:
    state, again, records = thin(), Thin(), records_of([Thin(), thin()])
    restore(again, json.loads(json.dumps(dump(state))))
    assert struct.pack("5d", *again.bps) == struct.pack("5d", *state.bps)
    assert (again.lots[7], again.lots[8], again.lots[-1]) == (2**63 - 1, 0, -(2**63))
    assert records[1]["lots"].tolist() == list(state.lots)
    assert not records[0]["lots"].any()
    back = Thin()
    store(back, records[1])
    assert dump(back) == dump(state)
    assert len(shell_of(Thin).lots) == 0
    assert shell_of(Thin).bps == [0.0] * 5


def resident_kb() -> int:
    """Return the memory that is in use now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") // 1024


def test_two_states_share_nothing() -> None:
    a, b = Whole(), Whole()
    a.prices[0] = 1.0
    a.part.samples[0] = 1
    assert differences(b, Whole()) == []


def test_a_state_has_slots_and_keeps_its_name() -> None:
    with pytest.raises(AttributeError):
        Whole().cuont = 1  # type: ignore[attr-defined]
    assert Whole.__name__ == "Whole"
    assert Whole.__doc__ == "Every kind of field."
    assert [f.name for f in fields_of(Whole)] == ["flag", "count", "level", "part", "prices"]


def test_the_record_type_has_the_same_fields_of_eight_bytes_or_one() -> None:
    part = np.dtype([("weight", "f8"), ("samples", "i8", (3,))], align=True)
    whole = [("flag", "b1"), ("count", "i8"), ("level", "f8"), ("part", part)]
    assert dtype_of(Whole) == np.dtype([*whole, ("prices", "f8", (4,))], align=True)


def test_a_record_and_back_lose_no_bit() -> None:
    again = Whole()
    store(again, record_of(filled()))
    assert differences(again, filled()) == []


def test_many_records_are_each_their_own_state() -> None:
    other = Whole()
    other.count, other.part.samples[2] = 7, -1
    records = records_of([filled(), other])
    for record, plain in zip(records, (filled(), other), strict=True):
        again = Whole()
        store(again, record)
        assert differences(again, plain) == []


def test_every_field_lies_where_numpy_has_it() -> None:
    record = record_of(filled())
    assert (record.flag, record.count, record.level) == (True, -(2**63), 0.1)
    assert record.part.weight == math.inf
    assert record.part.samples.tolist() == [0, 2**63 - 1, 0]
    assert math.copysign(1.0, record.prices[3]) == -1.0


def test_a_shell_leaves_out_what_is_long_and_stays_a_shell() -> None:
    shell = shell_of(Vast)
    assert shell.many == []
    assert shell.part.samples == [0.0, 0.0, 0.0]
    shell.part.weight = 2.0
    record = record_of(shell)
    assert record.part.weight == 2.0
    assert not record.many.any()
    record.many[5], record.part.samples[1] = 9, 4
    store(shell, record)
    assert shell.many == []
    assert shell.part.samples == [0.0, 4.0, 0.0]


def test_a_value_that_is_of_another_type_is_refused() -> None:
    whole = Whole()
    whole.count = 0.5  # type: ignore[assignment]
    with pytest.raises(struct.error):
        record_of(whole)


def test_load_copies() -> None:
    whole = filled()
    record = record_of(whole)
    whole.prices[0] = 9.0
    assert record.prices[0] == 0.0


@checked(50)
@given(st.integers(-(2**63), 2**63 - 1), st.floats(), st.booleans())
def test_any_value_survives_load_and_store(count: int, level: float, flag: bool) -> None:
    whole, again = Whole(), Whole()
    whole.count, whole.level, whole.flag = count, level, flag
    store(again, record_of(whole))
    assert differences(again, whole) == []


def test_dump_and_restore_go_through_json() -> None:
    again = Whole()
    restore(again, json.loads(json.dumps(dump(filled()))))
    assert differences(again, filled()) == []


def test_a_desk_goes_through_json() -> None:
    desk, again = Desk(), Desk()
    desk.orders.position_lots = 7
    desk.signals.sigma_live_bps = 0.1
    restore(again, json.loads(json.dumps(dump(desk))))
    assert differences(again, desk) == []


@pytest.mark.parametrize("change", [{"extra": 1}, {"count": None}])
def test_restore_refuses_other_fields_and_changes_nothing(change: dict[str, Any]) -> None:
    values = {**dump(Whole()), **change}
    if change.get("count", 0) is None:
        del values["count"]
    whole = filled()
    with pytest.raises(ValueError, match=r"Whole: expected exactly its own fields"):
        restore(whole, values)
    assert differences(whole, filled()) == []


def declare(hint: Any) -> Any:
    return type("Wrong", (), {"__annotations__": {"field": hint}})


@pytest.mark.parametrize(
    "hint", [str, list, Ints, dict, object, complex, Annotated[list[str], 3]], ids=repr
)
def test_a_field_that_a_record_cannot_hold_is_refused(hint: Any) -> None:
    with pytest.raises(TypeError, match=r"Wrong\.field: expected int, float, bool or a state"):
        state(declare(hint))


def test_a_kernel_is_its_own_plain_function_and_is_listed_once() -> None:
    assert kernels().count(mathematics) == 1
    assert mathematics(0.25, 0) == math.exp(0.25)


@kernel
def mathematics(x: float, what: int) -> float:
    """Return one function of `x`, with the guards that kernels need."""
    if what == 0:
        return math.exp(x)
    if what == 1:
        return math.log(abs(x) + 1e-300)
    if what == 2:
        return math.log1p(abs(x))
    if what == 3:
        return math.tanh(x)
    if what == 4:
        return math.sqrt(abs(x))
    if what == 5:
        return math.expm1(x)
    return x * x / (1.0 + abs(x))


def over(inputs: Any, outputs: Any, what: int) -> None:
    for k in range(len(inputs)):
        outputs[k] = mathematics(inputs[k], what)


def test_functions_agree_to_the_last_bit_in_both_worlds() -> None:
    rng = np.random.default_rng(1)
    scale = 10.0 ** rng.uniform(-12, 2.5, INPUTS)
    inputs = rng.choice((-1.0, 1.0), INPUTS) * scale
    fast, slow = np.empty(INPUTS), [0.0] * INPUTS
    for what in range(7):
        compiled(over)(inputs, fast, what)
        over(inputs.tolist(), slow, what)
        assert np.array_equal(fast.view(np.int64), np.array(slow).view(np.int64)), what


def test_restore_refuses_an_array_of_another_length() -> None:
    with pytest.raises(ValueError, match="prices"):
        restore(Whole(), {**dump(Whole()), "prices": [0.0]})


def test_restore_of_a_broken_nested_state_changes_nothing() -> None:
    whole = Whole()
    with pytest.raises(ValueError, match="Part"):
        restore(whole, {**dump(filled()), "part": {}})
    assert differences(whole, Whole()) == []


def test_an_array_of_states_is_refused() -> None:
    with pytest.raises(TypeError):
        state(declare(Annotated[list[Part], 2]))
