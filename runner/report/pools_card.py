"""Show every pool of markets: what is held, and where its net came from."""

from collections.abc import Sequence
from html import escape

from runner.engine.pools import ACCOUNT, KINDS
from runner.report.figures import MINUS, NONE, amount
from runner.report.parts import NAMES
from runner.report.pools import Pool

_HELD = ("held, net", "held, gross", "worst long", "worst short", "capital")


def pools_card(pools: Sequence[Pool], currency: str, places: int) -> str:
    """Return the card; nothing where no two markets trade."""
    if not pools:
        return ""
    heads = "".join(f'<th class="n">{name}</th>' for name in (*_HELD, *NAMES, "net"))
    rows = "".join(_row(pool, places) for pool in pools)
    untold = pools[0].exposure.untold
    note = (
        f'<p class="small soft">Not converted, and in no sum: {escape(", ".join(untold))}.</p>'
        if untold
        else ""
    )
    return (
        f'<section class="card"><h2>By underlying and venue</h2><div class="scroll"><table>'
        f'<thead><tr><th class="t">{escape(currency)}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{note}</section>"
    )


def _row(pool: Pool, places: int) -> str:
    held = pool.exposure
    is_total = held.kind == KINDS[ACCOUNT]
    label = "All markets" if is_total else f"{held.kind} {held.name}"
    amounts = [held.net, held.gross, held.worst_long, held.worst_short, held.capital]
    cells = [amount(value, 0, signed=k == 0) for k, value in enumerate(amounts)]
    parts = [None] * len(NAMES) if pool.parts is None else [v for _, v in pool.parts.items()]
    cells += [NONE if value is None else amount(value, places, signed=True) for value in parts]
    net = amount(pool.net, places, signed=True)
    shade = ' class="negative"' if net.startswith(MINUS) else ""
    numbers = "".join(f'<td class="n">{cell}</td>' for cell in cells)
    return (
        f'<tr class="{"total" if is_total else ""}"><td>{escape(label)}</td>{numbers}'
        f'<td class="n"><span{shade}>{net}</span></td></tr>'
    )
