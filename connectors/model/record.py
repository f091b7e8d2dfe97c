"""Copy states between plain objects and the numpy records of the compiled world.

A state has hundreds of fields, and a replay that is short copies them more slowly than it runs. So
what a class looks like is worked out once, and all its scalars then move in one piece.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby
from operator import attrgetter
from struct import Struct
from typing import Any

import numpy as np

from connectors.model.kernel import Field, fields_of, is_nested

_SCALARS = {int: "i8", float: "f8", bool: "b1"}
_GAP = 7
"""Bytes that alignment may leave between two scalars; where there are more, an array lies there."""
_CODES = {int: "q", float: "d", bool: "?"}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A scalar or an array: what holds it, its name there, and where its bytes begin."""

    owner: Path
    field: Field
    offset: int

    @property
    def path(self) -> str:
        """The name from the state down."""
        return ".".join((*self.owner, self.field.name))


@dataclass(frozen=True, slots=True)
class _Array:
    """An array of a state: how to reach it, and the bytes that it takes up."""

    owner: Callable[[Any], Any]
    get: Callable[[Any], Any]
    field: Field
    struct: Struct
    offset: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Scalars that lie together: which of all they are, and where the first one is."""

    first: int
    last: int
    struct: Struct
    offset: int


class Layout:
    """Where the fields of a state class lie in its record."""

    def __init__(self, cls: type) -> None:
        self.dtype = dtype_of(cls)
        leaves = list(_leaves(cls, (), 0))
        scalars = sorted((leaf for leaf in leaves if not leaf.field.length), key=_offset)
        self.scalars = _getter([leaf.path for leaf in scalars])
        self.pieces = tuple(_pieces(scalars))
        self.groups = tuple(
            (_reach(owner), tuple(leaf.field.name for leaf in group))
            for owner, group in groupby(scalars, key=lambda leaf: leaf.owner)
        )
        self.arrays = tuple(_array(leaf) for leaf in leaves if leaf.field.length)


@cache
def layout_of(cls: Any) -> Layout:
    """Return the layout of a state class."""
    return Layout(cls)


def _layout(plain: Any) -> Layout:
    cls: Any = type(plain)
    return layout_of(cls)


@cache
def dtype_of(cls: Any) -> np.dtype[Any]:
    """Return the aligned numpy record type of a state class."""
    return np.dtype([(f.name, _dtype(f)) for f in fields_of(cls)], align=True)


def blank_records(cls: type, count: int) -> Any:
    """Return an array of records of a state class, all zero."""
    return np.zeros(count, np.dtype((np.void, dtype_of(cls))))


def records_of(plains: Sequence[Any]) -> Any:
    """Return an array of records that hold copies of plain state objects of one class."""
    records = blank_records(type(plains[0]), len(plains))
    _fill(records, plains)
    return records


def record_of(plain: Any) -> Any:
    """Return a numpy record (by reference) that holds a copy of a plain state object."""
    records = np.zeros(1, _layout(plain).dtype)
    _fill(records, [plain])
    return records.view(np.recarray)[0]


def store(plain: Any, record: Any) -> None:
    """Copy a numpy record back into the plain state object of the same state.

    Arrays that a shell has left out stay out.
    """
    layout = _layout(plain)
    raw = np.frombuffer(record, np.uint8)
    values = chain.from_iterable(
        piece.struct.unpack_from(raw.data, piece.offset) for piece in layout.pieces
    )
    for reach, names in layout.groups:
        owner = reach(plain)
        for name in names:
            setattr(owner, name, next(values))
    for array in layout.arrays:
        if array.get(plain):
            setattr(array.owner(plain), array.field.name, _listed(array, raw))


def _fill(records: Any, plains: Sequence[Any]) -> None:
    """Copy plain states into records of zeros: arrays of zeros, most of a state, stay.

    Floats are copied all the same: -0.0 equals zero, and is another number.
    """
    layout = _layout(plains[0])
    raw = records.view(np.uint8)
    for k, plain in enumerate(plains):
        base = k * layout.dtype.itemsize
        scalars = layout.scalars(plain)
        for piece in layout.pieces:
            values = scalars[piece.first : piece.last]
            piece.struct.pack_into(raw, base + piece.offset, *values)
        for array in layout.arrays:
            items = array.get(plain)
            if isinstance(items, memoryview):
                raw[base + array.offset : base + array.end] = np.frombuffer(items, np.uint8)
            elif items and not (array.field.type is int and _is_zero(items)):
                array.struct.pack_into(raw, base + array.offset, *items)


def _listed(array: _Array, raw: Any) -> list[Any]:
    """Return an array's values; it is zero by its bits, since -0.0 is no zero of ours."""
    part = raw[array.offset : array.end]
    if not part.view("i8").any():
        zeros: list[Any] = array.field.zero()
        return zeros
    values: list[Any] = part.view(_SCALARS[array.field.type]).tolist()
    return values


def _is_zero(values: list[int]) -> bool:
    """Tell whether all integers are zero; counting what is one object takes no time."""
    return not values[0] and values.count(values[0]) == len(values)


def _dtype(field: Field) -> Any:
    base = dtype_of(field.type) if field.type not in _SCALARS else _SCALARS[field.type]
    return (base, (field.length,)) if field.length else base


def _leaves(cls: type, owner: Path, base: int) -> Iterator[_Leaf]:
    places: Mapping[str, Any] = dtype_of(cls).fields or {}
    for field in fields_of(cls):
        offset = base + int(places[field.name][1])
        if is_nested(field):
            yield from _leaves(field.type, (*owner, field.name), offset)
        else:
            yield _Leaf(owner, field, offset)


def _offset(leaf: _Leaf) -> int:
    return leaf.offset


def _pieces(scalars: Sequence[_Leaf]) -> Iterator[_Piece]:
    """Yield the pieces of a record: what is written between scalars, which is zero, stays small."""
    first, form, at = 0, "<", scalars[0].offset if scalars else 0
    for k, leaf in enumerate(scalars):
        if leaf.offset - at > _GAP:
            yield _Piece(first, k, Struct(form), scalars[first].offset)
            first, form, at = k, "<", leaf.offset
        code = _CODES[leaf.field.type]
        form += f"{leaf.offset - at}x{code}"
        at = leaf.offset + Struct(f"<{code}").size
    if scalars:
        yield _Piece(first, len(scalars), Struct(form), scalars[first].offset)


def _array(leaf: _Leaf) -> _Array:
    struct = Struct(f"<{leaf.field.length}{_CODES[leaf.field.type]}")
    end = leaf.offset + struct.size
    return _Array(_reach(leaf.owner), attrgetter(leaf.path), leaf.field, struct, leaf.offset, end)


def _reach(owner: Path) -> Callable[[Any], Any]:
    """Return what gives the object at a path; an empty path is the state itself."""
    return attrgetter(".".join(owner)) if owner else lambda plain: plain


def _getter(paths: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """Return what reads all paths at once."""
    if len(paths) > 1:
        return attrgetter(*paths)
    return lambda plain: [attrgetter(path)(plain) for path in paths]
