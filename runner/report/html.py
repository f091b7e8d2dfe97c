"""Write `report.html`: one file that opens anywhere, without a network."""

from html import escape
from pathlib import Path

from runner.report.checks import problems_of
from runner.report.figures import duration, ending
from runner.report.files import write_text
from runner.report.formulas import formulas_list
from runner.report.frame import framed
from runner.report.overview import overview
from runner.report.pairs_card import pairs_card
from runner.report.pools_card import pools_card
from runner.report.reckoning import Reckoning
from runner.report.section import market_section, settings_list
from runner.report.tape import tape_warnings
from runner.results import RunResult
from runner.watch.stamp import utc_text

_NOTES = (
    "Net = gross \u2212 fees + funding. Gross includes what the final position is worth at mark.",
    "1 s markout: what a fill was worth one second later against its price, in bps of mid; "
    "positive is good for us. Errors (\u00b1) are one standard error: of markouts, counting fills "
    "within ten seconds as one; of net, from forty equal stretches of the run. With fewer than 500 "
    "fills, or nearer to zero than two errors, a figure is not distinguishable from zero.",
    "An inventory's age is counted over the time that it was held: bids open long ones, asks short "
    "ones. A round trip begins and ends at the position of the run's start.",
    "Drag across a chart to look closer, or use + and \u2212; a double click or 0 shows all. Arrow "
    "keys read the chart that has the focus; a curve's name hides and shows it. Times are UTC.",
)


def write_html(path: Path, result: RunResult, reckoning: Reckoning) -> None:
    """Replace `path` with the report page of a run."""
    write_text(path, page(result, reckoning))


def page(result: RunResult, reckoning: Reckoning) -> str:
    """Return the whole page as text; everything that came from outside is escaped."""
    return framed(_title(result), "\n".join(_body(result, reckoning)), "page.js")


def _body(result: RunResult, reckoning: Reckoning) -> list[str]:
    few = len(result.markets) <= 3
    root = {key: value for key, value in result.settings.items() if key != "markets"}
    return [
        _header(result),
        _warnings(result),
        overview(result, reckoning),
        pools_card(reckoning.pools, result.reporting_currency, reckoning.money_decimals),
        pairs_card(reckoning.pairs, reckoning.money_decimals),
        *(market_section(m, result, reckoning, is_open=few) for m in result.markets),
        f'<section class="card">{settings_list("Configuration", root)}</section>' if root else "",
        formulas_list() if reckoning.tears else "",
        "<footer>" + "".join(f"<p>{escape(note)}</p>" for note in _NOTES) + "</footer>",
    ]


def _title(result: RunResult) -> str:
    return f"{result.mode} \u00b7 {result.deploy}"


def _header(result: RunResult) -> str:
    started = utc_text(result.started_ns, 0).replace("T", " ").rstrip("Z")
    clean = result.exit in (0, 130)
    facts = (
        f"<span>{started} UTC</span>",
        f"<span>{duration(result.ended_ns - result.started_ns)}</span>",
        f'<span class="{"" if clean else "negative"}">{escape(ending(result.exit))}</span>',
        f"<span>mmrunner {escape(result.version)}</span>",
        f"<span>config {escape(result.config_hash[:12])}</span>",
    )
    return (
        f'<header class="run"><h1>{escape(_title(result).capitalize())}</h1>'
        f'<p class="facts">{"".join(facts)}</p></header>'
    )


def _warnings(result: RunResult) -> str:
    """Return what must not be overlooked, above everything else; nothing when all is well."""
    lines = problems_of(result)
    for market in result.markets:
        if market.unknown_orders_end:
            lines.append(f"{market.name}: orders with unknown outcome: {market.unknown_orders_end}")
        if market.open_orders_end and result.mode != "replay":
            lines.append(f"{market.name}: orders still open at the end: {market.open_orders_end}")
        lines += [f"{market.name}: {line}" for line in tape_warnings(market.tape)]
        check = market.book_check
        if check and check.equal < check.compared:
            lines.append(
                f"{market.name}: the rebuilt book differed from the venue's own top in "
                f"{check.compared - check.equal:,} of {check.compared:,} comparisons"
            )
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="warning"><ul>{items}</ul></section>'
