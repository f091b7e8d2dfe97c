"""Say at the end of a screened run what it came to, so that nobody takes it for an exact one."""

from runner.report.closing import aligned
from runner.report.figures import amount, decimals_for
from runner.screen.result import Screened, Total

HEADS = ("screened", "fills", "gross", "fees", "net", "currency")


def closing_lines(screened: Screened) -> list[str]:
    """Return both brackets, and what they leave out."""
    totals = (("lower", screened.lower), ("upper", screened.upper))
    money = [v for _, t in totals if t.pnl for v in (t.pnl.gross, t.pnl.fees, t.pnl.net)]
    places = decimals_for(money)
    rows = [_row(name, total, places) for name, total in totals]
    return [
        *aligned([HEADS, *rows]),
        "lower: only what traded through our price or was shown across it; upper: all that touched",
        f"left out: {', '.join(screened.left_out)}; replay.tier=exact has it all",
    ]


def _row(name: str, total: Total, places: int) -> tuple[str, ...]:
    pnl = total.pnl
    return (
        name,
        f"{total.fills:,}",
        amount(pnl.gross if pnl else None, places, signed=True),
        amount(pnl.fees if pnl else None, places),
        amount(pnl.net if pnl else None, places, signed=True),
        total.currency,
    )
