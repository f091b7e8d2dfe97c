"""Write a decision once; run it interpreted when live and compiled in replay.

A *kernel* is a plain function over plain state. Live and paper call it as it is. Replay registers
every kernel with numba and compiles one outer loop that calls them (``runner.modes.compiled``).

A *state* is a class of annotated fields. From one declaration come a slots class for the
interpreter and, for replay only, the equal numpy record type (`connectors.model.record`)::

    @state
    class Ewma:
        weight: float
        samples: Annotated[Ints, 8]  # fixed length, zero filled

Allowed field types: ``int`` (i8), ``float`` (f8), ``bool`` (b1), fixed arrays of ``int`` or
``float``, and other states. Every field starts at zero.

An array that is marked `SPARSE` (``Annotated[Ints, 65_536, SPARSE]``) takes memory only where it is
written, a page at a time. That is for long ones most of which no run writes, and which are no part
of the way of a tick: the interpreter reads a list a little faster.

The subset that both worlds agree on bit for bit is checked on the source by
``tests/connectors/model/test_kernel_subset.py``.
"""

import mmap
import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

Ints = list[int]
Floats = list[float]
"""Arrays of a state: ``Annotated[Ints, LENGTH]``."""
SPARSE = "sparse"

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)
S = TypeVar("S")

_KERNELS: list[Callable[..., Any]] = []
_BOUND: list[str] = []
_SCALARS = (int, float, bool)
_CODES = {int: "q", float: "d"}
_ITEM_BYTES = 8

LONGEST = 8_192
"""Arrays of at least this length are left out of a shell that does not say otherwise."""


def kernel(function: F) -> F:
    """List `function` for compilation in replay and return it unchanged."""
    _KERNELS.append(function)
    return function


def bind(names: tuple[str, ...]) -> None:
    """Remember which kernels a module name has been bound to, since their sources do not tell."""
    _BOUND[:] = names


def bound() -> tuple[str, ...]:
    """Return what `bind` was told last."""
    return tuple(_BOUND)


def kernels() -> tuple[Callable[..., Any], ...]:
    """Return every kernel imported so far, in order of definition."""
    return tuple(_KERNELS)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a state: name, element type (or nested state) and array length (0: scalar)."""

    name: str
    type: type
    length: int
    is_sparse: bool = False

    def zero(self) -> Any:
        """Return a fresh zero of this field."""
        if self.is_sparse:
            return _unwritten(_CODES[self.type], self.length)
        if self.length:
            return [self.type()] * self.length
        return self.type()


def state(cls: C) -> C:
    """Turn an annotated class into a zero-initialised slots class that has a numpy record type.

    Raises:
        TypeError: a field has a type that numba's records cannot hold.
    """
    fields = tuple(_fields(cls))
    scalars = tuple((f.name, f.type()) for f in fields if not f.length and f.type in _SCALARS)
    built = tuple(f for f in fields if f.length or f.type not in _SCALARS)

    def __init__(self: Any) -> None:
        for name, value in scalars:
            setattr(self, name, value)
        for field in built:
            setattr(self, field.name, field.zero())

    namespace = {
        "__slots__": tuple(f.name for f in fields),
        "__init__": __init__,
        "__doc__": cls.__doc__,
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__state_fields__": fields,
    }
    return type(cls)(cls.__name__, (), namespace)


def _unwritten(code: Any, length: int) -> Any:
    """Return zeros that the system has only promised: pages come as they are written."""
    room = mmap.mmap(-1, length * _ITEM_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANON)
    if sys.platform == "linux":
        room.madvise(mmap.MADV_NOHUGEPAGE)  # else one element could take two megabytes
    return memoryview(room).cast(code)


def _fields(cls: type) -> "list[Field]":
    found = []
    for name, hint in get_type_hints(cls, include_extras=True).items():
        if get_origin(hint) is ClassVar:
            continue
        length, marks = 0, []
        if get_origin(hint) is Annotated:
            listed, length, *marks = get_args(hint)
            hint = get_args(listed)[0]
        is_state = not length and hasattr(hint, "__state_fields__")
        if hint not in _SCALARS and not is_state:
            raise TypeError(
                f"{cls.__name__}.{name}: expected int, float, bool or a state, was {hint}"
            )
        found.append(Field(name, hint, length, SPARSE in marks))
    return found


def fields_of(cls: type) -> "tuple[Field, ...]":
    """Return the declared fields of a state class."""
    fields: tuple[Field, ...] = cls.__state_fields__  # type: ignore[attr-defined]
    return fields


def shell_of(cls: type[S], longest: int = LONGEST) -> S:
    """Return a zero state without arrays of at least `longest`, which are empty lists.

    That is for what runs compiled, where only the record of a state is read and written: its
    longest arrays, megabytes of them, would cost more than all else that a short replay prepares.
    """
    kind: Any = cls
    plain: S = _maker(kind, longest)()
    return plain


@cache
def _maker(cls: Any, longest: int) -> Callable[[], Any]:
    """Return what makes shells of a class: assignments written out, which names in a loop are not
    half as fast as, and a replay that is short makes hundreds."""
    fields = fields_of(cls)
    given: dict[str, Any] = {"cls": cls, "new": object.__new__}
    lines = ["def make():", "    plain = new(cls)"]
    for k, field in enumerate(fields):
        value = f"given_{k}"
        if is_nested(field):
            given[value] = _maker(field.type, longest)
            lines.append(f"    plain.{field.name} = {value}()")
        elif field.length:
            given[value] = [] if field.length >= longest else [field.type()] * field.length
            lines.append(f"    plain.{field.name} = {value}.copy()")
        else:
            lines.append(f"    plain.{field.name} = {field.zero()!r}")
    exec("\n".join((*lines, "    return plain")), given)
    make: Callable[[], Any] = given["make"]
    return make


def dump(plain: Any) -> dict[str, Any]:
    """Return a state as plain JSON values; floats survive exactly."""
    return {
        field.name: _dumped(field, getattr(plain, field.name)) for field in fields_of(type(plain))
    }


def _dumped(field: Field, value: Any) -> Any:
    if is_nested(field):
        return dump(value)
    return value.tolist() if isinstance(value, memoryview) else value


def restore(plain: Any, values: dict[str, Any]) -> None:
    """Write what `dump` returned back into a state.

    Raises:
        ValueError: the values are not of this state; nothing has been written.
    """
    _check_values(type(plain), values)
    _restore(plain, values)


def _check_values(cls: type, values: dict[str, Any]) -> None:
    expected = {field.name for field in fields_of(cls)}
    if set(values) != expected:
        odd = ", ".join(sorted(set(values) ^ expected))
        raise ValueError(f"{cls.__name__}: expected exactly its own fields, differs in {odd}")
    for field in fields_of(cls):
        value = values[field.name]
        if is_nested(field):
            _check_values(field.type, value)
        elif field.length and len(value) != field.length:
            raise ValueError(
                f"{cls.__name__}.{field.name}: expected {field.length} values, was {len(value)}"
            )


def _restore(plain: Any, values: dict[str, Any]) -> None:
    for field in fields_of(type(plain)):
        value = values[field.name]
        if is_nested(field):
            _restore(getattr(plain, field.name), value)
        elif field.length:
            former = getattr(plain, field.name)
            is_sparse = isinstance(former, memoryview)
            former[:] = array(_CODES[field.type], value) if is_sparse else value
        else:
            setattr(plain, field.name, field.type(value))


def is_nested(field: Field) -> bool:
    """Tell whether a field is a state of its own."""
    return not field.length and field.type not in _SCALARS
