"""Write the edge map as a table for other programs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from runner.calibrate.edge import HORIZONS_S
from runner.calibrate.estimate import Estimate, Fit
from runner.report.files import write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from runner.calibrate.market import MarketFit

COLUMNS = (
    "market",
    "distance_bps",
    "fills",
    "fills_per_min",
    "fills_per_min_error",
    *(f"markout_{h}s_bps{end}" for h in HORIZONS_S for end in ("", "_error")),
    "adverse_10s_bps",
    "adverse_10s_bps_error",
)
"""Markouts are net of the maker fee; a cell is empty where a figure was refused."""


def write_edge_map(path: Path, fits: Sequence[MarketFit]) -> None:
    """Replace `path` with one row a market and distance."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for fit in fits:
        for edge in fit.edge:
            figures = [edge.fills_per_min, *(edge.markout_bps[h] for h in HORIZONS_S)]
            cells = [cell for found in (*figures, edge.adverse_bps) for cell in _cells(found)]
            rows.writerow([fit.name, f"{edge.distance_bps:g}", edge.fills, *cells])
    write_text(path, out.getvalue())


def _cells(found: Fit) -> tuple[str, str]:
    if isinstance(found, Estimate):
        return f"{found.value:.6g}", f"{found.error:.6g}"
    return "", ""
