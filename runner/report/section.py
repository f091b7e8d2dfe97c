"""Show one market: its figures, its charts, why it quoted as it did, and its settings."""

import json
from collections.abc import Iterator, Mapping
from html import escape

from runner.report.chart import Chart, chart_of
from runner.report.exact import plain
from runner.report.figures import MINUS, NONE, amount, share, with_error
from runner.report.margin import margin_words
from runner.report.market_figures import Figures
from runner.report.plots import plot
from runner.report.reckoning import Reckoning
from runner.report.sides import sides_tables
from runner.report.tables import activity_table, reasons_table
from runner.report.tape import tape_table
from runner.report.tear_card import tear_tables
from runner.report.tear_chart import fill_charts
from runner.results import MarketResult, RunResult

_UNDRAWN = "No samples were kept, so there is nothing to draw over time."
_CHARTS = (
    ("equity", "Net P&L, marked to mid"),
    ("price", "Price and quotes"),
    ("position", "Inventory"),
    ("width", "Half spread and volatility"),
    ("reasons", "Reasons over time"),
)


def market_section(
    market: MarketResult, result: RunResult, reckoning: Reckoning, *, is_open: bool
) -> str:
    """Return the section of one market; its charts are drawn when it is first opened."""
    figures = reckoning.markets[market.name]
    places = reckoning.money_decimals
    name = escape(market.name)
    parts = [
        f'<details class="card market" id="{name}"{" open" if is_open else ""}>',
        f'<summary><div class="head"><h2>{name}</h2>{_facts(market)}'
        '<span class="grow"></span><span class="turn"></span></div></summary>',
        _tiles(market, figures, places, reckoning.volume_decimals),
        tear_tables(reckoning.tears.get(market.name), places, result.adverse_horizon),
        _charts(market, result, reckoning, places),
        sides_tables(market, figures),
        f'<div class="pair">{reasons_table(market, result)}{activity_table(market)}</div>',
        tape_table(market.tape),
        settings_list("Parameters", _own_settings(market, result)),
        "</details>",
    ]
    return "\n".join(parts)


def settings_list(title: str, settings: Mapping[str, object]) -> str:
    """Return settings as a closed list of dotted keys; nothing when there are none."""
    rows = "".join(
        f"<div><dt>{escape(key)}</dt><dd>{escape(value)}</dd></div>"
        for key, value in _flat(settings)
    )
    if not rows:
        return ""
    return f'<details class="settings"><summary>{title}</summary><dl>{rows}</dl></details>'


def _facts(market: MarketResult) -> str:
    instrument = market.instrument
    facts = (
        f"{instrument.symbol} on {market.venue}",
        f"tick {plain(instrument.tick_size)} {instrument.quote}",
        f"lot {plain(instrument.lot_size_base)} {instrument.base}",
    )
    return (
        '<span class="soft facts">'
        + "".join(f"<span>{escape(fact)}</span>" for fact in facts)
        + "</span>"
    )


def _tiles(market: MarketResult, figures: Figures, places: int, volume_places: int) -> str:
    pnl, quote = figures.pnl, market.instrument.quote
    fills = len(market.fills)
    net = amount(pnl.net, places, signed=True)
    error = figures.net.error if figures.net else None
    band = "" if error is None else f"\u00b1 {amount(error, places)}"
    unrealised = amount(pnl.unrealised, places, signed=True)
    fee_rates = f"maker {plain(market.maker_fee_bps)}, taker {plain(market.taker_fee_bps)} bps"
    maker = share(figures.maker_fills / fills) + " maker" if fills else "none"
    tiles = [
        _tile("Net", net, f"{band} {quote}", figures.net.verdict() if figures.net else ""),
        _tile("Gross", amount(pnl.gross, places, signed=True), quote, f"unrealised {unrealised}"),
        _tile("Fees", amount(pnl.fees, places), quote, fee_rates),
        _tile("Funding", amount(pnl.funding, places, signed=True), quote, ""),
        *(_tile(*words) for words in margin_words(market, places)),
        _tile("Fills", f"{fills:,}", "", maker),
        _tile(
            "Volume", amount(figures.volume_quote, volume_places), quote, _net_per_volume(figures)
        ),
        *_markout_tiles(figures),
    ]
    return f'<dl class="figures">{"".join(tiles)}</dl>'


def _markout_tiles(figures: Figures) -> list[str]:
    markout = figures.markout
    if markout is None:
        return [_tile(f"1 s markout, {what}", NONE, "", "") for what in ("mean", "median")]
    figure, _, band = with_error(markout.mean.mean, markout.mean.error, 3).partition(" ")
    return [
        _tile("1 s markout, mean", figure, f"{band} bps", markout.mean.verdict()),
        _tile(
            "1 s markout, median",
            amount(markout.median, 3, signed=True),
            "bps",
            f"of {markout.mean.fills:,} fills",
        ),
    ]


def _net_per_volume(figures: Figures) -> str:
    if figures.pnl.net is None or not figures.volume_quote:
        return ""
    bps = float(figures.pnl.net) / float(figures.volume_quote) * 1e4
    return f"net {amount(bps, 3, signed=True)} bps of volume"


def _tile(label: str, figure: str, unit: str, note: str) -> str:
    shade = "negative" if figure.startswith(MINUS) and label == "Net" else ""
    return (
        f'<div><dt>{escape(label)}</dt><dd><span class="{shade}">{escape(figure)}</span> '
        f'<span class="unit">{escape(unit)}</span></dd><dd class="note">{escape(note)}</dd></div>'
    )


def _charts(market: MarketResult, result: RunResult, reckoning: Reckoning, places: int) -> str:
    tear = reckoning.tears.get(market.name)
    beside = fill_charts(tear) if len(market.fills) else {}
    if not len(market.series) and not beside:
        return f'<p class="empty">{_UNDRAWN}</p>'
    chart = chart_of(market, result) | beside | {"money_decimals": places}
    data = json.dumps(chart, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    over_time = _over_time(market, reckoning.markets[market.name], chart)
    return f'<script type="application/json">{data}</script>{_fill_plots(beside)}{over_time}'


def _fill_plots(beside: Chart) -> str:
    """Return the plots of what fills were worth and of what was held, side by side."""
    titles = {"markout": "Markout of fills, bps", "held": "Inventory, share of time"}
    drawn = [plot(key, titles[key]) for key in beside]
    return f'<div class="pair plots">{"".join(drawn)}</div>' if drawn else ""


def _over_time(market: MarketResult, figures: Figures, chart: Chart) -> str:
    if not len(market.series):
        return f'<p class="empty">{_UNDRAWN}</p>'
    idle = not len(market.fills) and not market.position_lots
    left_out = {"equity", "position"} if idle else set()
    if not chart["lanes"]:
        left_out.add("reasons")
    drawn = "".join(
        plot(key, title, _caption(key, market, figures, chart))
        for key, title in _CHARTS
        if key not in left_out
    )
    return ('<p class="empty">No fills in this run.</p>' if idle else "") + drawn


def _caption(key: str, market: MarketResult, figures: Figures, chart: Mapping[str, object]) -> str:
    """Return what a chart leaves out, or what its figures mean in clips."""
    fills = len(market.fills)
    text = ""
    if key == "equity" and market.funding_quote:
        text = "before funding"
    elif key == "price" and chart["fills_shown"] != fills:
        text = f"{chart['fills_shown']:,} of {fills:,} fills shown"
    elif key == "position" and market.order_lots:
        inventory, clip = figures.inventory, market.order_lots
        peak = max(abs(inventory.lowest), abs(inventory.highest)) / clip
        text = f"peak {peak:.1f} clips, rms {inventory.rms / clip:.2f}"
    return f'<span class="small soft">{escape(text)}</span>' if text else ""


def _own_settings(market: MarketResult, result: RunResult) -> Mapping[str, object]:
    markets = result.settings.get("markets")
    own = markets.get(market.name) if isinstance(markets, Mapping) else None
    return own if isinstance(own, Mapping) else {}


def _flat(settings: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple):
            yield f"{prefix}{key}", ", ".join(map(_text, value)) or NONE
        else:
            yield f"{prefix}{key}", _text(value)


def _text(value: object) -> str:
    if value is None:
        return NONE
    return str(value).lower() if isinstance(value, bool) else str(value)
