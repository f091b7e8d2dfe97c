"""Write the report of a day: a page, a table for other programs, and one line for a person."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from runner.chores.child import Task
from runner.chores.day import DAY_NS, LedgerDay, MarketDay, read_day
from runner.report.exact import exact_sum, plain
from runner.report.figures import NONE, amount, decimals_for
from runner.report.files import write_text
from runner.report.table_page import Table, table_page
from runner.watch.stamp import utc_text
from runner.wiring.markets import enabled_markets, instrument_of

HEADS = (
    *("market", "orders", "refused", "fills", "makers", "volume", "fees", "funding", "net"),
    *("currency", "adjustments"),
)
MOST_NOTES = 200
NOTES = (
    "Net is what the day's brakes look at: what was won or lost since midnight UTC, positions at "
    "the last mid, less fees at the maker's rate; funding stands beside it. A dash: no mark was "
    "kept.",
    "Fees are as the ledger has them, of makers and takers. All money is exact in day.csv.",
)


def write_day(task: Task) -> str:
    """Write the day before a moment into its own folder; return one line about it."""
    markets = enabled_markets(task.settings)
    of = {name: instrument_of(m.instrument) for name, m in markets.items() if m.role != "lead"}
    found = read_day(task.ledger, of, task.moment_ns // DAY_NS - 1)
    date = f"{datetime.fromtimestamp(found.day * 86_400, UTC):%Y-%m-%d}"
    folder = task.directory / date
    write_text(folder / "day.csv", "".join(_csv(found)))
    write_text(folder / "report.html", _page(task.settings.deploy, date, found))
    return f"{summary(date, found)}; {folder / 'report.html'}"


def summary(date: str, found: LedgerDay) -> str:
    """Say in one line what a day came to."""
    fills = sum(market.fills for market in found.markets)
    nets = ", ".join(f"{_money(net)} {quote}" for quote, net in _nets(found).items())
    crashed = f", {found.crashed} of {found.sessions} processes crashed" if found.crashed else ""
    return f"{date}: net {nets or NONE}, {fills:,} fills{crashed}"


def _nets(found: LedgerDay) -> dict[str, Decimal]:
    """Return the net by currency, of markets that have one."""
    told = [(m.quote, m.net) for m in found.markets if m.net is not None]
    return {
        quote: exact_sum(*(net for other, net in told if other == quote))
        for quote in dict.fromkeys(quote for quote, _ in told)
    }


def _page(deploy: str, date: str, found: LedgerDay) -> str:
    noted = found.notes[-MOST_NOTES:]
    tables = [Table("Markets", HEADS, [_cells(market) for market in found.markets])]
    if noted:
        rows = [(utc_text(ns, 0), market or NONE, text) for ns, market, text in noted]
        tables.append(Table("Noted", ("when", "market", "what"), rows))
    processes = f"{found.sessions} process{'' if found.sessions == 1 else 'es'}"
    return table_page(f"{deploy} \u00b7 {date}", f"{processes}, UTC", tables, NOTES)


def _cells(market: MarketDay) -> tuple[str, ...]:
    fees = ", ".join(f"{plain(fee)} {currency}" for currency, fee in market.fees.items())
    return (
        market.market,
        f"{market.orders:,}",
        f"{market.refused:,}",
        f"{market.fills:,}",
        f"{market.makers:,}",
        amount(market.volume, decimals_for([market.volume])),
        fees or NONE,
        _money(market.funding),
        NONE if market.net is None else _money(market.net),
        market.quote,
        f"{market.adjustments:,}",
    )


def _csv(found: LedgerDay) -> Iterator[str]:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADS)
    for m in found.markets:
        fees = "|".join(f"{plain(fee)} {currency}" for currency, fee in m.fees.items())
        net = "" if m.net is None else plain(m.net)
        rows.writerow(
            (
                *(m.market, m.orders, m.refused, m.fills, m.makers, plain(m.volume), fees),
                *(plain(m.funding), net, m.quote, m.adjustments),
            )
        )
    yield out.getvalue()


def _money(value: Decimal) -> str:
    return amount(value, decimals_for([value]), signed=True)
