"""Say what differs between two configurations, and which of it a running deploy may be given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from connectors.model.errors import ConfigError
from runner.config.provenance import Provenance
from runner.config.translate import invalid
from runner.settings import Settings
from runner.settings.fields import Block
from runner.wiring.steering import KEYS, RISK_KEYS, typed

CHOICES = ("gamma", "kappa", "venue", "strategy", "gates", "reference", "hedge")
"""Keys of the root that reach a market only by its own keys."""
RESTART = "needs a restart"


@dataclass(frozen=True, slots=True)
class Difference:
    """One key, and what it was and is, as they would be typed."""

    key: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.key} {self.before} -> {self.after}"


def with_value(settings: Settings, key: str, text: str) -> Settings:
    """Return the settings with one value changed, checked as a whole; raise ConfigError."""
    try:
        changed: Settings = _changed(settings, key.split("."), parsed(text))
    except ValidationError as error:
        raise _named(invalid(error, Provenance()), key) from None
    return changed


def differences(old: Settings, new: Settings) -> list[Difference]:
    """Return every key whose value differs, those of the deploy's choices left out."""
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    return [
        Difference(key, typed(before.get(key)), typed(after.get(key)))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key) and key.partition(".")[0] not in CHOICES
    ]


def require_steerable(found: Sequence[Difference]) -> None:
    """Raise ConfigError, naming each, unless all may be given to a running deploy."""
    others = [difference for difference in found if not is_steerable(difference.key)]
    if others:
        raise ConfigError(f"{RESTART}: {'; '.join(map(str, others))}")


def is_steerable(key: str) -> bool:
    """Tell whether a whole key is one that a running deploy may be given."""
    return key in RISK_KEYS or (key.startswith("markets.") and below_market(key) in KEYS)


def below_market(key: str) -> str:
    """Return a market's key without the market."""
    return key.split(".", 2)[-1]


def require_known(key: str) -> None:
    """Raise ConfigError for a key, below a market or of risk, that is not to be steered."""
    known = (*KEYS, *RISK_KEYS)
    if key not in known:
        close = get_close_matches(key, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else " (docs/steering.md)"
        raise ConfigError(f"{key}: {RESTART}, or is no key; expected one that may be set{hint}")


def parsed(text: str) -> object:
    """Return a typed value as YAML would read it, numbers and words alone."""
    words = {"null": None, "true": True, "false": False}
    if text in words:
        return words[text]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _changed(block: Any, path: Sequence[str], value: object) -> Any:
    """Return a block with the value at a path below it changed, every block on the way checked."""
    name, *rest = path
    if isinstance(block, Mapping):
        return {**block, name: _changed(block[name], rest, value)}
    if not isinstance(block, Block) or name not in type(block).model_fields:
        raise ConfigError(f"{name}: expected a key of this market, it has none of that name")
    inner = _changed(getattr(block, name), rest, value) if rest else value
    return type(block).model_validate({**_fields(block), name: inner})


def _fields(block: Block) -> dict[str, object]:
    """Return a block's values by key: what it remembers beside them is not among them."""
    return {name: getattr(block, name) for name in type(block).model_fields}


def _named(error: ConfigError, key: str) -> ConfigError:
    """Return an error of a block by itself with the whole key in front."""
    text = str(error)
    last = key.rpartition(".")[2]
    return ConfigError(key + text.removeprefix(last) if text.startswith(f"{last}:") else text)


def _leaves(value: object, key: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Block):
        value = _fields(value)
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}" if key else str(name))
    else:
        yield key, value
