"""Write the two lines above the markets: which deploy, how it is, and what it has earned."""

from collections.abc import Iterator

from rich.text import Text

from runner.control.words import Picture, Welcome
from runner.report.figures import NONE, amount
from runner.terminal.heard import Heard
from runner.terminal.rows import ASK, BID, money
from runner.watch.cells import money_decimals
from runner.watch.stamp import clock_text

MOST_FINDINGS = 3
OFTEN_NS = 120_000_000_000
"""A job that comes sooner comes so often that nobody waits for it."""


def heading(heard: Heard, deploy: str, now_ns: int) -> Text:
    """Return both lines; `now_ns` is the monotonic count that `heard` is told with."""
    if heard.gone:
        return _lines(Text(deploy, "bold"), Text(heard.gone, "bold red"))
    if heard.welcome is None or heard.picture is None:
        return _lines(Text(deploy, "bold"), Text("asking the deploy how it is", "dim"))
    stale_s = heard.stale_s(now_ns)
    if stale_s is not None:
        verdict = Text(f"silent for {stale_s:.0f} s: what is below may be wrong", "bold red")
    else:
        verdict = _verdict(heard.picture)
    first = Text("   ").join([*_who(heard.welcome, heard.picture), verdict])
    return _lines(first, Text("   ").join(_money(heard.picture)))


def _lines(first: Text, second: Text) -> Text:
    return Text("\n").join([first, second])


def _who(welcome: Welcome, picture: Picture) -> Iterator[Text]:
    yield Text(welcome.deploy, "bold")
    armed = "armed" if welcome.armed else "unarmed"
    yield Text(f"{welcome.mode}, {armed}" if welcome.mode == "live" else welcome.mode, "bold")
    yield Text(f"{clock_text(picture.stamp_ns)} UTC", "dim")


def _verdict(picture: Picture) -> Text:
    for word, why in (("killed", picture.killed), ("fault", picture.fault)):
        if why:
            return Text(f"{word}: {why}", "bold red")
    findings = picture.health.findings
    if picture.health.ok:
        return Text("green", "green")
    more = len(findings) - MOST_FINDINGS
    told = "; ".join(findings[:MOST_FINDINGS]) + (f"; and {more} more" if more > 0 else "")
    return Text(f"red: {told}", "bold red")


def _money(picture: Picture) -> Iterator[Text]:
    held = picture.portfolio
    places = money_decimals([held.net_quote, held.today_quote])
    currency = (f" {held.currency}", "dim")
    yield Text.assemble(("net ", "dim"), money(held.net_quote, places), currency)
    yield Text.assemble(("today ", "dim"), money(held.today_quote, places))
    yield Text.assemble(("gross ", "dim"), amount(held.gross_quote, 0))
    yield Text.assemble(("exposed ", "dim"), amount(held.exposed_quote, 0))
    missing = [guard.name for guard in picture.guards if not guard.holds]
    if missing:
        yield Text(f"not standing by: {', '.join(missing)}", "bold red")
    soon = picture.stamp_ns + OFTEN_NS
    due = sorted((job.next_ns, job.name) for job in picture.jobs if (job.next_ns or 0) > soon)
    if due:
        next_ns, name = due[0]
        yield Text(f"next {name} {clock_text(next_ns or 0)}", "dim")


def happened(heard: Heard) -> Text:
    """Return fills and warnings, the newest first."""
    told = [
        (
            fill.stamp_ns,
            Text.assemble(
                (f"{clock_text(fill.stamp_ns)} ", "dim"),
                f"{fill.market} ",
                (f"{fill.side} ", BID if fill.side == "buy" else ASK),
                f"{fill.size_base:f} @ {fill.price:,f}",
                ("" if fill.role == "maker" else f" {fill.role}", "dim"),
            ),
        )
        for fill in heard.fills
    ]
    told += [
        (
            warning.stamp_ns,
            Text(f"{clock_text(warning.stamp_ns)} {warning.market} {warning.text}", "yellow"),
        )
        for warning in heard.warnings
    ]
    told.sort(key=lambda item: item[0], reverse=True)
    return Text("\n").join(text for _, text in told) if told else Text(NONE, "dim")
