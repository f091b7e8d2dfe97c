"""Find the settings in which runs differ."""

from collections.abc import Iterator, Mapping, Sequence

PLACES = ("report.", "watch.", "tape.path", "explain", "kill.", "mode.", "record.", "sweep.")
"""What is asked of a run, or where it lies: not what it did."""
ABSENT = "\u2013"

Row = list[str | None]
"""A key's value in each run; None where the run does not have the key's market."""


def differing(settings: Sequence[Mapping[str, object]]) -> dict[str, list[str]]:
    """Return each key whose value is not the same in all of them, with the value of each.

    Keys of a market are held against each other where both runs have it. A key that only refers to
    another, as a market's gamma does to the root's, is left out where it differs in the same way.
    """
    flat = [dict(_leaves(one)) for one in settings]
    markets = [_markets(one) for one in settings]
    keys = list(dict.fromkeys(key for one in flat for key in one))
    rows = {key: _row(key, flat, markets) for key in keys if not key.startswith(PLACES)}
    found = {key: row for key, row in rows.items() if len({v for v in row if v is not None}) > 1}
    named = [", ".join(names) or ABSENT for names in markets]
    told = {"market": named} if len(set(named)) > 1 else {}
    return told | {
        key: [value or ABSENT for value in row]
        for key, row in found.items()
        if not _is_echo(key, row, found)
    }


def _markets(settings: Mapping[str, object]) -> list[str]:
    markets = settings.get("markets")
    return [str(name) for name in markets] if isinstance(markets, Mapping) else []


def _row(key: str, flat: Sequence[Mapping[str, str]], markets: Sequence[list[str]]) -> Row:
    parts = key.split(".")
    of = parts[1] if parts[0] == "markets" and len(parts) > 1 else None
    return [
        one.get(key, ABSENT) if of is None or of in names else None
        for one, names in zip(flat, markets, strict=True)
    ]


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


def _is_echo(key: str, row: Row, found: Mapping[str, Row]) -> bool:
    """Tell whether a shorter key that ends alike says the same wherever this one is."""
    last = key.rpartition(".")[2]
    shorter = (k for k in found if len(k) < len(key) and k.rpartition(".")[2] == last)
    return any(
        all(own in (None, other) for own, other in zip(row, found[k], strict=True)) for k in shorter
    )
