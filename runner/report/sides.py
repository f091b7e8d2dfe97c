"""Tabulate how good the fills of each side were, and what the round trips came to."""

from collections.abc import Callable

from runner.report.figures import NONE, amount, share, with_error
from runner.report.market_figures import Figures
from runner.report.markouts import HORIZONS
from runner.report.quality import LAST_FILLS, Quality, Side
from runner.results import MarketResult

Cell = Callable[[Side], str]


def sides_tables(market: MarketResult, figures: Figures) -> str:
    """Return two tables side by side: by side, and of both together."""
    return f'<div class="pair">{_by_side(figures.quality)}{_together(market, figures)}</div>'


def _by_side(quality: Quality) -> str:
    rows = "".join(
        f'<tr><td>{label}</td><td class="n">{cell(quality.bid)}</td>'
        f'<td class="n">{cell(quality.ask)}</td></tr>'
        for label, cell in _rows()
    )
    return (
        "<div><h3>Fills by side</h3><table><thead><tr><th></th>"
        f'<th class="n">bid</th><th class="n">ask</th></tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="small soft">Medians of the last {LAST_FILLS} fills of a side.</p></div>'
    )


def _rows() -> list[tuple[str, Cell]]:
    markouts: list[tuple[str, Cell]] = [
        (
            f"markout after {horizon.removesuffix('s')} s, median, bps",
            lambda side, horizon=horizon: amount(  # type: ignore[misc]
                side.markout_median_bps[horizon], 3, signed=True
            ),
        )
        for horizon in HORIZONS
    ]
    return [
        ("fills, maker and taker", lambda side: f"{side.makers:,} + {side.takers:,}"),
        ("fills a minute", lambda side: amount(side.per_min, 2)),
        ("spread captured, mean, bps", lambda side: amount(side.captured_bps, 3, signed=True)),
        *markouts,
        ("fills within 1 s, 95th percentile", lambda side: _count(side.in_1s_p95)),
        ("inventory age, median, s", lambda side: amount(side.age_median_s, 1)),
        ("inventory age, 95th percentile, s", lambda side: amount(side.age_p95_s, 1)),
        ("share of time with an order there", lambda side: _share(side.uptime_frac)),
    ]


def _together(market: MarketResult, figures: Figures) -> str:
    quality, million = figures.quality, figures.net_per_million
    rows = [
        (
            f"net per million traded, {market.instrument.quote}",
            NONE if million is None else with_error(million.mean, million.error, 1),
        ),
        ("round trips won", f"{quality.trips_won:,}"),
        ("round trips lost", f"{quality.trips_lost:,}"),
        ("share won, before fees", _share(quality.win_frac)),
        ("share of time with orders on both sides", _share(quality.both_uptime_frac)),
    ]
    cells = "".join(f'<tr><td>{name}</td><td class="n">{text}</td></tr>' for name, text in rows)
    return f"<div><h3>Together</h3><table><tbody>{cells}</tbody></table></div>"


def _share(value: float | None) -> str:
    return NONE if value is None else share(value)


def _count(value: int | None) -> str:
    return NONE if value is None else str(value)
