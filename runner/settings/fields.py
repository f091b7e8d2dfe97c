"""Say what one value of the configuration may be, with the words for a person who got it wrong.

Each class is an annotation: ``Annotated[float, Real(0.01, 1)]``. A range is written once, and is
both checked and told.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from itertools import pairwise
from json.encoder import encode_basestring_ascii
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError, core_schema


class Block(BaseModel):
    """A closed, immutable block of keys: every key is required, and no other is allowed.

    There are no defaults here: they are in conf/, once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @cached_property
    def canonical(self) -> str:
        """One spelling of what it says; blocks that jobs of a sweep share are spelled once."""
        return canonical(dict(self))

    @cached_property
    def placeless(self) -> str:
        """The same without its `path`, which says where and not what."""
        return canonical({key: item for key, item in self if key != "path"})

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, which spells itself anew."""
        copied = super().model_copy(update=update, deep=deep)
        for spelled in ("canonical", "placeless"):
            copied.__dict__.pop(spelled, None)
        return copied

    @model_validator(mode="before")
    @classmethod
    def _keys_are_known(cls, data: Any) -> Any:
        """Name the known keys beside an unknown one; pydantic alone would only refuse it."""
        if isinstance(data, dict):
            known = cls.__pydantic_fields__
            if not data.keys() <= known.keys():
                key = next(key for key in data if key not in known)
                context = {"key": str(key), "known": tuple(known)}
                raise PydanticCustomError("unknown_key", "unknown key {key}", context)
        return data


_encode = json.JSONEncoder(allow_nan=False).encode


def canonical(value: object) -> str:
    """Return JSON with sorted keys, and one spelling of each number that JSON has no form for."""
    if isinstance(value, Block):
        return value.canonical
    if isinstance(value, Mapping):
        return joined({str(key): canonical(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(canonical, value))}]"
    return _leaf(value)


def joined(spelled: Mapping[str, str]) -> str:
    """Return the JSON of a mapping whose items are spelled already."""
    items = [f"{_key(key)}:{spelled[key]}" for key in sorted(spelled)]
    return f"{{{','.join(items)}}}"


@cache
def _key(text: str) -> str:
    """Return a key as JSON; there are some hundred, and every configuration has them all."""
    return _encode(text)


def _leaf(value: object) -> str:
    """Return a value as JSON. What there is most of is spelled here: the encoder takes longer."""
    kind = type(value)
    if kind is float and isfinite(value):  # type: ignore[arg-type]
        return repr(value)
    if kind is int:
        return repr(value)
    if value is None or kind is bool:
        return _WORDS[value]
    if kind is str:
        return encode_basestring_ascii(value)  # type: ignore[arg-type]
    if isinstance(value, (str, int, float)):
        return _encode(value)
    if isinstance(value, Decimal):
        return f'"{format(value.normalize(), "f") if value else "0"}"'
    return _encode(str(value))


_WORDS: Mapping[object, str] = MappingProxyType({None: "null", True: "true", False: "false"})


class Checked(ABC):
    """Let pydantic check a value with `check`; what it refuses is told with `expected`."""

    null = False

    @abstractmethod
    def expected(self) -> str:
        """Return what is expected, in words that follow "expected"."""

    @abstractmethod
    def check(self, value: object) -> object:
        """Return the value as it is stored; raise ValueError when it cannot be meant."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> object:
        if value is None and self.null:
            return None
        try:
            return self.check(value)
        except ValueError:
            expected = f"{self.expected()}, or null" if self.null else self.expected()
            raise PydanticCustomError("expected", "{expected}", {"expected": expected}) from None


@dataclass(frozen=True)
class Range(Checked):
    """Bounds of a number: `low` to `high`, both allowed unless `above` excludes `low`."""

    low: float
    high: float
    above: bool = False
    null: bool = False

    def bounds(self, kind: str) -> str:
        """Return the kind of number and its bounds in words."""
        if self.above:
            return f"{kind} above {self.low:.12g}, at most {self.high:.12g}"
        return f"{kind} from {self.low:.12g} to {self.high:.12g}"


class Real(Range):
    """A finite float. An integer will do; a boolean or a text will not."""

    def expected(self) -> str:
        """Return the bounds in words."""
        return self.bounds("a number")

    def check(self, value: object) -> float:
        """Return the value as a float."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError
        if not self.low <= value <= self.high or (self.above and value == self.low):
            raise ValueError
        return float(value)


class Whole(Range):
    """An integer. A float, even a whole one, will not do."""

    def expected(self) -> str:
        """Return the bounds in words."""
        return self.bounds("a whole number")

    def check(self, value: object) -> int:
        """Return the value unchanged."""
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError
        if not self.low <= value <= self.high or (self.above and value == self.low):
            raise ValueError
        return value


class Exact(Range):
    """A finite Decimal, from a text or a YAML number; a float counts as it is written."""

    def expected(self) -> str:
        """Return the bounds in words."""
        return self.bounds("a decimal number")

    def check(self, value: object) -> Decimal:
        """Return the value as a Decimal."""
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            raise ValueError
        low, high = Decimal(str(self.low)), Decimal(str(self.high))
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ValueError from None
        if not number.is_finite() or not low <= number <= high or (self.above and number == low):
            raise ValueError
        return number


@dataclass(frozen=True)
class Numbers(Checked):
    """A list of so many finite floats between two bounds, both allowed; `rising`: none falls."""

    count: int
    low: float
    high: float
    rising: bool = False
    null: bool = False

    def expected(self) -> str:
        """Return count and bounds in words."""
        order = ", none under the one before" if self.rising else ""
        return f"{self.count} numbers from {self.low:.12g} to {self.high:.12g}{order}"

    def check(self, value: object) -> tuple[float, ...]:
        """Return the values as floats."""
        if not isinstance(value, (list, tuple)) or len(value) != self.count:
            raise ValueError
        number = Real(self.low, self.high)
        checked = tuple(number.check(item) for item in value)
        if self.rising and list(checked) != sorted(checked):
            raise ValueError
        return checked


@dataclass(frozen=True)
class Rows(Checked):
    """A list of rows, each a decimal number for every one of `columns`; the first one rises.

    The value is a tuple of rows in the order of `columns`.
    """

    columns: tuple[tuple[str, Exact], ...]
    most: int

    def expected(self) -> str:
        """Return the columns and their bounds in words."""
        columns = ", ".join(f"{name}: {cell.expected()}" for name, cell in self.columns)
        first = self.columns[0][0]
        return f"at most {self.most} rows of {{{columns}}}, each with more {first} than the last"

    def check(self, value: object) -> tuple[tuple[Decimal, ...], ...]:
        """Return the rows as decimals."""
        if not isinstance(value, (list, tuple)) or len(value) > self.most:
            raise ValueError
        names = {name for name, _ in self.columns}
        if any(not isinstance(row, dict) or set(row) != names for row in value):
            raise ValueError
        rows = tuple(tuple(cell.check(row[name]) for name, cell in self.columns) for row in value)
        if any(row[0] <= before[0] for before, row in pairwise(rows)):
            raise ValueError
        return rows


@dataclass(frozen=True)
class Text(Checked):
    """A text that matches a pattern in full; `words` say the pattern to a person."""

    pattern: str
    words: str
    null: bool = False
    digits: bool = False
    """Whether a YAML integer is taken as the text that was written."""

    def expected(self) -> str:
        """Return the pattern in words."""
        return self.words

    def check(self, value: object) -> str:
        """Return the text."""
        if self.digits and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise ValueError
        return value


@dataclass(frozen=True)
class Accounts(Checked):
    """An account's id, or those of several venues by their names."""

    null: bool = False

    def expected(self) -> str:
        """Return what an account is."""
        return "an account's id, or {venue: id} with one for each venue"

    def check(self, value: object) -> str | dict[str, str]:
        """Return the id, or the ids, as texts."""
        account = Text("[A-Za-z0-9_.:-]{1,64}", "", digits=True)
        if not isinstance(value, Mapping):
            return account.check(value)
        if not value:
            raise ValueError
        return {str(venue): account.check(named) for venue, named in value.items()}


@dataclass(frozen=True)
class Place(Checked):
    """A path of a file or a folder. Whether anything is there is for the reader to say."""

    null: bool = False

    def expected(self) -> str:
        """Return what a path is."""
        return "the path of a file or a folder"

    def check(self, value: object) -> Path:
        """Return the path."""
        if not isinstance(value, (str, Path)) or not str(value).strip() or "\0" in str(value):
            raise ValueError
        return Path(value)


def rule(message: str) -> PydanticCustomError:
    """Return the error of a rule between several keys; `message` follows the block's path."""
    return PydanticCustomError("rule", "{message}", {"message": message})
