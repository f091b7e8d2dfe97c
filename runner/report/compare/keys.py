"""Find the settings in which runs differ."""

from collections.abc import Iterator, Mapping, Sequence

PLACES = ("report.", "watch.", "tape.path", "explain", "kill.", "mode.", "record.")
"""What is asked of a run, or where it lies: not what it did."""
ABSENT = "\u2013"


def differing(settings: Sequence[Mapping[str, object]]) -> dict[str, list[str]]:
    """Return each key whose value is not the same in all of them, with the value of each.

    A key that only refers to another, as a market's gamma does to the root's, is left out where it
    differs in the same way.
    """
    flat = [dict(_leaves(one)) for one in settings]
    keys = list(dict.fromkeys(key for one in flat for key in one))
    rows = {key: [one.get(key, ABSENT) for one in flat] for key in keys}
    found = {key: row for key, row in rows.items() if len(set(row)) > 1 and not _is_place(key)}
    return {key: row for key, row in found.items() if not _is_echo(key, row, found)}


def _leaves(settings: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _text(value)


def _text(value: object) -> str:
    """Return one text for equal values: 1 and 1.0 are one."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"{value:.12g}"
    return str(value)


def _is_place(key: str) -> bool:
    return key.startswith(PLACES)


def _is_echo(key: str, row: list[str], found: Mapping[str, list[str]]) -> bool:
    """Tell whether a shorter key that ends alike says the same."""
    last = key.rpartition(".")[2]
    shorter = (k for k in found if len(k) < len(key) and k.rpartition(".")[2] == last)
    return any(found[k] == row for k in shorter)
