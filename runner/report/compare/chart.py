"""Collect what the page draws over all columns: their net and markouts, over each other."""

from collections.abc import Sequence
from itertools import accumulate

from runner.report.chart import Chart
from runner.report.compare.comparison import Block, Column
from runner.report.tear import Tear
from runner.report.tear_chart import curve_columns

POINTS = 1200


def overlay_of(block: Block, columns: Sequence[Column]) -> Chart:
    """Return a block's curves as plain JSON values.

    Runs over the same steps share the clock; others are laid over each other by the time since
    their start, in seconds.
    """
    drawn = [(column.name, tear) for column, tear in zip(columns, block.tears, strict=True) if tear]
    chart: Chart = {"currency": block.currency, "money_decimals": block.places}
    if all(block.paired[k] for k, tear in enumerate(block.tears) if tear is not None):
        chart |= _by_clock(drawn)
    else:
        chart |= _by_age(drawn)
    curves = [
        {"name": name, **curve_columns(tear.curve, "both")} for name, tear in drawn if tear.curve
    ]
    return chart | {"markout": curves} if curves else chart


def _by_clock(drawn: list[tuple[str, Tear]]) -> Chart:
    fine = [(name, tear.fine) for name, tear in drawn if tear.fine is not None]
    stamps: Sequence[int] = fine[0][1].moments_ns if fine else ()
    return {
        "start_ms": stamps[0] / 1e6 if stamps else None,
        "t": [(stamp - stamps[0]) // 1_000_000 for stamp in stamps],
        "net": [{"name": name, "values": _curve(steps.net)} for name, steps in fine],
    }


def _by_age(drawn: list[tuple[str, Tear]]) -> Chart:
    fine = [(name, tear.fine) for name, tear in drawn if tear.fine is not None]
    longest = max((steps.step_s * len(steps) for _, steps in fine), default=0.0)
    ages = [longest * k / POINTS for k in range(POINTS + 1)]
    return {
        "start_ms": None,
        "t": [round(age * 1000) for age in ages],
        "net": [
            {"name": name, "values": _at(_curve(steps.net), steps.step_s, ages)}
            for name, steps in fine
        ],
    }


def _curve(net: Sequence[float]) -> list[float]:
    return [float(f"{value:.6g}") for value in accumulate(net, initial=0.0)]


def _at(curve: list[float], step_s: float, ages: list[float]) -> list[float | None]:
    """Return a curve at ages of the run; None after its end."""
    places = [int(age / step_s + 1e-9) for age in ages]
    return [curve[k] if k < len(curve) else None for k in places]
