"""Tell which words of a job only set a plain value, so that the value can be put in its place."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, OverrideType

from runner.config.loader import PATHS
from runner.config.overrides import Groups, is_choice

_PLAIN_TEXT = re.compile(r"[A-Za-z0-9_.+:-]{0,40}")
_SETS_DECIMAL = re.compile(
    r"([a-z_]+(?:\.[a-z_]+)*)=(-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,15})", re.ASCII
)
"""A word that sets a key to what Hydra reads as a number with a point, in one spelling."""
_LARGEST = 1 << 63


@dataclass(frozen=True)
class Word:
    """One override of a job: as it was typed, and as Hydra reads it."""

    text: str
    override: Override

    @property
    def key(self) -> str:
        """The key that it sets, or the group that it chooses from."""
        return self.override.key_or_group

    @cached_property
    def value(self) -> object:
        """The value that it sets."""
        return self.override.value()


class Dictionary:
    """Read words, each text once: Hydra's parser takes a millisecond a word.

    Of words that set one key to decimals, which a sweep may have thousands of, it reads the first.
    """

    def __init__(self) -> None:
        self._parser = OverridesParser.create()
        self._known: dict[str, Word] = {}
        self._decimals: dict[str, Override] = {}

    def read(self, texts: Sequence[str]) -> list[Word]:
        """Return the words of a job."""
        for text in texts:
            if text not in self._known:
                self._known[text] = Word(text, self._parsed(text))
        return [self._known[text] for text in texts]

    def _parsed(self, text: str) -> Override:
        match = _SETS_DECIMAL.fullmatch(text)
        if match is None:
            return self._parser.parse_override(text)
        key, digits = match.groups()
        if key not in self._decimals:
            self._decimals[key] = self._parser.parse_override(text)
        return replace(self._decimals[key], _value=float(digits), input_line=text)


def is_plain(word: Word, others: Sequence[Word], groups: Groups) -> bool:
    """Tell whether a word sets one value that nothing else of the composition depends on."""
    key = word.key
    return (
        word.override.type is OverrideType.CHANGE
        and not is_choice(word.override, groups)
        and not key.startswith("hydra.")
        and not key.endswith("enabled")
        and key not in PATHS
        and not any(f".{path}" in f".{key}" for path in PATHS)
        and _is_scalar(word.value)
        and not any(
            _overlap(key, other.key)
            for other in others
            if other is not word and not is_choice(other.override, groups)
        )
    )


def _is_scalar(value: object) -> bool:
    """Tell whether a value is written in one line and refers to nothing."""
    match value:
        case None | bool():
            return True
        case int():
            return abs(value) < _LARGEST
        case float():
            return math.isfinite(value)
        case str():
            return _PLAIN_TEXT.fullmatch(value) is not None
        case _:
            return False


def _overlap(one: str, two: str) -> bool:
    return one == two or one.startswith(f"{two}.") or two.startswith(f"{one}.")
