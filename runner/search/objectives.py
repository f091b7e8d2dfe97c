"""Read from a trial's row what is sought, and tell which trials nothing else beats."""

from collections.abc import Callable, Mapping, Sequence

from connectors.model.errors import ConfigError
from runner.settings.search import OF_A_PART, Search
from runner.settings.sweep import Sweep
from runner.sweep.board import Row, Stretch

Read = Callable[[Row], float | None]


def objectives_of(row: Row, names: Sequence[str]) -> tuple[float, ...] | None:
    """Return what a row has of each objective; None where one of them is not known."""
    found = [_READ[name](row) for name in names]
    values = tuple(value for value in found if value is not None)
    return values if len(values) == len(found) else None


def require_known_in_part(search: Search, sweep: Sweep) -> None:
    """Raise ConfigError for an objective that would look at what `sweep.split` keeps back."""
    wrong = [name for name in search.objectives if name not in OF_A_PART]
    if sweep.split is not None and wrong:
        raise ConfigError(
            f"search.objectives: expected {', '.join(OF_A_PART)} with sweep.split, which keeps a"
            f" part of the time back, was {', '.join(wrong)}"
        )


def front_of(values: Sequence[Sequence[float]], ways: Sequence[str]) -> list[int]:
    """Return the places of those that no other one beats in every objective, or equals and beats.

    With one objective that is the best and its equals.
    """
    signed = [
        tuple(v if way == "maximize" else -v for v, way in zip(one, ways, strict=True))
        for one in values
    ]
    return [k for k, one in enumerate(signed) if not any(_beats(other, one) for other in signed)]


def _beats(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True)) and one != other


def _net(row: Row) -> float | None:
    if row.outside is not None:
        return _of(row.inside, "net")
    return None if row.net is None else float(row.net)


def _of(part: Stretch | None, name: str) -> float | None:
    return None if part is None else float(getattr(part, name))


def _money(name: str) -> Read:
    def read(row: Row) -> float | None:
        pnl = row.score.pnl if row.score is not None else None
        return None if pnl is None else float(getattr(pnl, name))

    return read


def _figure(name: str) -> Read:
    def read(row: Row) -> float | None:
        value = getattr(row.score, name) if row.score is not None else None
        return None if value is None else float(value)

    return read


_READ: Mapping[str, Read] = {
    "net": _net,
    "gross": _money("gross"),
    "fees": _money("fees"),
    "fills": _figure("fills"),
    "sharpe_annual": lambda row: row.annual(row.inside),
    "max_drawdown": lambda row: _of(row.inside, "drawdown"),
    "markout_1s_bps": _figure("markout_1s_bps"),
    "rms_clips": _figure("rms_clips"),
    "peak_clips": _figure("peak_clips"),
}
