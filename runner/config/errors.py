"""Say in one line what is wrong with a configuration: the key, what was expected, what it was."""

from collections.abc import Iterable
from difflib import get_close_matches

from connectors.model.errors import ConfigError

_LONGEST = 400


def one_line(text: object) -> str:
    """Return a text as one printable line of bounded length."""
    line = " ".join(str(text).split())
    line = "".join(c if c.isprintable() else "?" for c in line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def nearest(key: str, known: Iterable[str], prefix: str = "") -> str:
    """Return "; did you mean 'X'?" for the known key that looks most like `key`, or nothing."""
    found = get_close_matches(key, list(known), n=1, cutoff=0.6)
    return f"; did you mean '{prefix}{found[0]}'?" if found else ""


def unknown_key(path: str, known: Iterable[str], where: str = "") -> ConfigError:
    """Return the error for a key that the schema does not have; `known` are the keys beside it."""
    parent, _, last = path.rpartition(".")
    prefix = f"{parent}." if parent else ""
    known = sorted(known)
    hint = nearest(last, known, prefix)
    if not hint and known:
        hint = f"; the keys there are {one_line(', '.join(known))}"
    return ConfigError(f"{path}: expected a known key, was an unknown one{_by(where)}{hint}")


def unknown_choice(
    group: str, name: object, options: Iterable[str], where: str = ""
) -> ConfigError:
    """Return the error for a choice that a config group does not have."""
    options = sorted(options)
    return ConfigError(
        f"{group}: expected {'one of ' if len(options) > 1 else ''}{', '.join(options)},"
        f" was '{one_line(name)}'{_by(where)}{nearest(str(name), options)}"
    )


def wrong_value(path: str, expected: str, value: object, where: str = "") -> ConfigError:
    """Return the error for a value that its key does not take."""
    return ConfigError(f"{path}: expected {expected}, was {shown(value)}{_by(where)}")


def shown(value: object) -> str:
    """Return a value as it would be typed."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{one_line(value)}'"
    if isinstance(value, dict):
        return "a block of keys"
    return one_line(value)


def first_line(error: BaseException) -> str:
    """Return the telling part of a library's message, in one line."""
    return one_line(next((line for line in str(error).splitlines() if line.strip()), ""))


def _by(where: str) -> str:
    return f" ({where})" if where else ""
