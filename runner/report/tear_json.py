"""Give a tear sheet stable keys: money that is exact as text, what is measured as numbers."""

import math

from runner.report.bootstrap import Band
from runner.report.exact import plain
from runner.report.figure import Figure
from runner.report.markout_curve import POINTS, Curve
from runner.report.parts import Parts
from runner.report.tear import Tear

Json = dict[str, object]
DIGITS = 9


def parts_json(parts: Parts) -> Json:
    """Return the exact parts of a net P&L, and how many fills could not be split."""
    money = {name: None if value is None else plain(value) for name, value in parts.items()}
    return {**money, "fills_without_mid": parts.without_mid}


def tear_json(tear: Tear | None) -> Json | None:
    """Return a tear sheet as plain JSON values; None where none was made."""
    if tear is None:
        return None
    document: Json = {
        "currency": tear.currency,
        "parts": parts_json(tear.parts),
        "bands": {name: _band(band) for name, band in tear.bands.items()},
        "figures": {figure.key: _figure(figure) for figure in tear.figures},
    }
    if tear.steps is not None:
        document["steps"] = {"count": len(tear.steps), "length_s": _brief(tear.steps.step_s)}
    if tear.curve is not None:
        document["markouts_bps"] = _curve(tear.curve)
    return document


def _figure(figure: Figure) -> Json:
    return {
        "value": None if figure.value is None else _brief(figure.value),
        "unit": figure.unit or figure.kind,
        "band": _band(figure.band),
        "why": figure.why,
    }


def _band(band: Band | None) -> Json | None:
    if band is None:
        return None
    return {"error": _brief(band.error), "low": _brief(band.low), "high": _brief(band.high)}


def _curve(curve: Curve) -> Json:
    return {
        side: {
            horizon: {
                "fills": point.fills,
                "mean": None if point.mean is None else _brief(point.mean),
                "band": _band(point.band),
            }
            for horizon, point in zip(POINTS, points, strict=True)
        }
        for side, points in curve.items()
    }


def _brief(value: float) -> float | None:
    return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
