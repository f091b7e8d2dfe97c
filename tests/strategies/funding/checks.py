"""Compute what the vectors of funding expect."""

from collections.abc import Mapping
from typing import Any

from strategies.funding.costs import break_even_periods, periods_exact
from strategies.funding.rates import basis_bps, is_within


def break_even(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the periods and hours that pay for all fees, less each gain of the basis."""
    rate, fees_bps = inputs["rate"], inputs["fees_bps"]
    periods = [break_even_periods(fees_bps, gain, rate) for gain in inputs["basis_gain_bps"]]
    return {
        "periods": periods,
        "exact": [periods_exact(fees_bps, gain, rate) for gain in inputs["basis_gain_bps"]],
        "hours": [count * inputs["interval_h"] for count in periods if count is not None],
    }


def basis(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the basis, and whether it is within the limit."""
    found = basis_bps(inputs["perp"], inputs["spot"])
    return {"basis_bps": found, "accept": is_within(found, inputs["max_basis"] * 10_000.0)}
