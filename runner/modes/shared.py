"""Let plain state stand on a compiled record: arrays share its memory, scalars are copied anew.

numpy takes a microsecond to read one field of a record; a memoryview over all of it, a tenth.
"""

from collections.abc import Iterator
from typing import Any

from connectors.model.kernel import fields_of


def mirror(cls: type, record: Any) -> Any:
    """Return a plain state over a record's memory: arrays are shared, scalars are copies."""
    plain = cls()
    for field in fields_of(cls):
        value = record[field.name]
        if field.length:
            setattr(plain, field.name, memoryview(value))
        elif hasattr(field.type, "__state_fields__"):
            setattr(plain, field.name, mirror(field.type, value))
        else:
            setattr(plain, field.name, value.tolist())
    return plain


def copy_scalars(plain: Any, other: Any) -> None:
    """Copy every scalar of another state of the same class, nested ones too."""
    for field in fields_of(type(plain)):
        value = getattr(other, field.name)
        if hasattr(field.type, "__state_fields__"):
            copy_scalars(getattr(plain, field.name), value)
        elif not field.length:
            setattr(plain, field.name, value)


class Scalars:
    """Copy the scalars of some parts of a record into the plain state that mirrors it."""

    def __init__(self, plain: Any, record: Any, parts: tuple[str, ...], kept: set[str]) -> None:
        """Take the parts' scalars, nested ones too, but not those `kept` (``part.name``)."""
        import numpy as np

        memory = record.base.view(np.ndarray).view(np.uint8)
        whole, real = memoryview(memory.view(np.int64)), memoryview(memory.view(np.float64))
        self._columns: list[tuple[Any, str, Any, int]] = []
        for part in parts:
            offset = record.dtype.fields[part][1]
            for path, owner, field, at in _scalars(getattr(plain, part), record[part], offset):
                if f"{part}.{path}" in kept:
                    continue
                if field.type is bool:
                    self._columns.append((owner, field.name, memoryview(memory).cast("?"), at))
                else:
                    column = real if field.type is float else whole
                    self._columns.append((owner, field.name, column, at // 8))

    def copy(self) -> None:
        """Bring every scalar over."""
        for owner, name, column, k in self._columns:
            setattr(owner, name, column[k])


def _scalars(plain: Any, record: Any, offset: int) -> Iterator[tuple[str, Any, Any, int]]:
    """Yield the path, owner, field and byte of every scalar under a state."""
    for field in fields_of(type(plain)):
        at = offset + record.dtype.fields[field.name][1]
        if field.length:
            continue
        if hasattr(field.type, "__state_fields__"):
            nested = _scalars(getattr(plain, field.name), record[field.name], at)
            yield from ((f"{field.name}.{path}", *rest) for path, *rest in nested)
        else:
            yield field.name, plain, field, at
