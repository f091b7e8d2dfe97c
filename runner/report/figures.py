"""Write figures for people: thousands apart, a true minus, as many decimals as the column needs."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

MINUS = "\u2212"
NONE = "\u2013"
"""Stands where a figure is not known."""

ENDINGS = {
    0: "done",
    1: "crashed",
    2: "bad configuration, or a second instance",
    3: "not confirmed clean: orders may rest",
    4: "halted by a risk rule",
    130: "interrupted, clean",
}


def decimals_for(values: Iterable[Decimal | float | None]) -> int:
    """Return the decimals that give the largest value about four digits, from 2 to 6."""
    largest = max((abs(float(v)) for v in values if v is not None), default=0.0)
    for decimals, least in ((2, 10.0), (3, 1.0), (4, 0.1), (5, 0.01)):
        if largest >= least:
            return decimals
    return 6 if largest > 0 else 2


def amount(value: Decimal | float | None, decimals: int, *, signed: bool = False) -> str:
    """Return a figure with fixed decimals, or a dash."""
    if value is None:
        return NONE
    with localcontext() as context:
        context.prec = 60
        exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        if not exact.is_finite():
            return NONE
        shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    text = f"{shown.copy_abs():,f}"
    if shown == 0:
        return text
    return (MINUS if shown < 0 else "+" if signed else "") + text


def with_error(mean: float, error: float | None, decimals: int) -> str:
    """Return ``mean +- error``; the mean alone when the error is not known."""
    text = amount(mean, decimals, signed=True)
    return text if error is None else f"{text} \u00b1 {amount(error, decimals)}"


def share(value: float) -> str:
    """Return a share of 1 in words that line up: ``12.3 %``."""
    return "< 0.1 %" if 0 < value < 0.0005 else f"{value * 100:.1f} %"


def duration(ns: int) -> str:
    """Return a length of time: ``850 ms``, ``59.9 s``, ``8 min 03 s``, ``2 h 05 min``."""
    seconds = ns / 1e9
    if seconds < 1:
        return f"{ns / 1e6:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 120:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def ending(code: int) -> str:
    """Return what an exit code means."""
    return ENDINGS.get(code, f"exit {code}")
