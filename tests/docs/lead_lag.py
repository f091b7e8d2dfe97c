"""Write the table of a followed lead in docs/signals.md: ``python -m tests.docs.lead_lag``.

Ten minutes of the experiment on a virtual clock, for some seeds. It takes minutes, so the committed
table is not made anew by the tests.
"""

import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.model.events import BUY
from tests.deploys import CHECKOUT, settings_for
from tests.sessions import run_session

PAGE = CHECKOUT / "docs" / "signals.md"
SEEDS = (1, 2)
CLUSTER_NS = 10_000_000_000
WORDS = ("experiment=lead_lag", "kappa=4", "duration_s=600", "record.decisions=none")


def markouts_bps(*words: str) -> list[tuple[int, float]]:
    """Return the stretch of 10 s and the realised 1 s markout of each of the follower's fills."""
    found = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as directory:
            settings = settings_for(*WORDS, f"seed={seed}", *words)
            workers = run_session(settings, Path(directory)).built.workers
        fills = next(w for w in workers if w.market.name == "btc").history.fills
        for at_ns, side, ticks, later in zip(
            *(fills[name] for name in ("recv_ns", "side", "ticks", "mid_1s_half_ticks")),
            strict=True,
        ):
            if later > 0:
                sign = 1 if side == BUY else -1
                stretch = seed << 40 | at_ns // CLUSTER_NS
                found.append((stretch, sign * (0.5 * later / ticks - 1.0) * 1e4))
    return found


def error_of(fills: Sequence[tuple[int, float]]) -> float:
    """Return the standard error of the mean; the fills of one stretch are one observation."""
    mean = sum(bps for _, bps in fills) / len(fills)
    sums: dict[int, float] = {}
    for stretch, bps in fills:
        sums[stretch] = sums.get(stretch, 0.0) + bps - mean
    clusters = len(sums)
    squares = sum(each * each for each in sums.values())
    return math.sqrt(clusters / (clusters - 1) * squares) / len(fills)


def table() -> Iterator[str]:
    """Yield the rows."""
    yield "| `btc` follows | fills | 1 s markout, bps |"
    yield "|---|---|---|"
    for told, most_bps in (("`btc_lead`", 3), ("nothing", 0)):
        fills = markouts_bps(f"reference.lead_cap_bps={most_bps}")
        mean = sum(bps for _, bps in fills) / len(fills)
        yield f"| {told} | {len(fills)} | {mean:+.2f} ± {error_of(fills):.2f} |"


def page() -> str:
    """Return the page with its table as it should be."""
    made = "\n".join(table())
    block = re.compile(r"(<!-- made: lead lag -->\n).*?(<!-- end -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    text, count = block.subn(lambda m: f"{m[1]}\n{made}\n\n{m[2]}", text)
    if count != 1:
        raise LookupError(f"docs/signals.md: expected one table, was {count}")
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(CHECKOUT))
