"""Collect what the page draws of a tear sheet: the markout curve and what was held."""

from runner.report.chart import Chart
from runner.report.markout_curve import Curve, Point
from runner.report.tear import Tear


def fill_charts(tear: Tear | None) -> Chart:
    """Return the charts of fills as plain JSON values, by name; nothing where there are none."""
    if tear is None:
        return {}
    charts: Chart = {}
    if tear.curve is not None:
        charts["markout"] = {side: curve_columns(tear.curve, side) for side in tear.curve}
    if tear.held is not None:
        charts["held"] = {
            "at": list(tear.held.at),
            "share": [round(100 * share, 3) for share in tear.held.share],
            "width": tear.held.width,
        }
    return charts


def curve_columns(curve: Curve, side: str) -> dict[str, list[float | None]]:
    """Return one side's markouts as columns: mean, low and high end of the band."""
    return {
        "mean": [_brief(point.mean) for point in curve[side]],
        "low": [_end(point, "low") for point in curve[side]],
        "high": [_end(point, "high") for point in curve[side]],
    }


def _end(point: Point, which: str) -> float | None:
    return None if point.band is None else _brief(getattr(point.band, which))


def _brief(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.5g}")
