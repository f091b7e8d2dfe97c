"""Write the measured table of docs/strategies.md: ``python -m tests.docs.measured``.

It replays a recorded market that is not part of the project; without it nothing is written.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from runner.command import start
from tests.deploys import CHECKOUT
from tests.recordings import DATA

PAGE = CHECKOUT / "docs" / "strategies.md"
TAPE = DATA / "l2" / "binance_raw_20240718"
MARKETS = ("btc", "eth")
NEAR = ("kappa=3", "strategy.adverse_bps=0")
"""Nearer to mid than is wise, so that there are fills to compare."""
STRATEGIES = ("avellaneda_stoikov", "linear", "glft", "cartea_jaimungal")
GATES = (
    *("book_spread", "flip_rate", "regime", "net_loss", "guard", "side_fills", "toxicity"),
    *("cooldown", "bad_fills", "ladder", "economics", "stop_loss", "take_profit"),
    *("timeout", "age_exit"),
)
VARIANTS = (
    *((f"`strategy={name}`", (f"strategy={name}",)) for name in STRATEGIES),
    ("`reference=weighted`", ("reference=weighted",)),
    ("`reference=signals`", ("reference=signals",)),
    *((f"gate `{name}` alone", (f"gates.{name}.enabled=true",)) for name in GATES),
    ("`gates=classical`", ("gates=classical",)),
    ("`strategy=hybrid`", ("strategy=hybrid",)),
)


def table() -> Iterator[str]:
    """Yield the rows: what each choice made of the same market."""
    heads = [f"{market} {what}" for market in MARKETS for what in ("fills", "1 s", "up")]
    yield _row(["", *heads])
    yield _row(["---"] * (1 + len(heads)))
    for name, words in VARIANTS:
        found = replayed(words)
        yield _row([name, *(cell for market in MARKETS for cell in _cells(found[market]))])


def replayed(words: Sequence[str]) -> dict[str, Any]:
    """Return the summary's markets of a replay with these choices."""
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "outputs").mkdir()
        (Path(home) / "outputs" / "cache").symlink_to(CHECKOUT / "outputs" / "cache")
        place = Path(home) / "run"
        given = ["mode=replay", "tape=binance_raw", f"tape.path={TAPE}", "market=[btc,eth]"]
        given += ["watch=none", "record.decisions=none", f"hydra.run.dir={place}", *NEAR, *words]
        code = start(given, {"MMRUNNER_HOME": home}, None, CHECKOUT)
        if code not in (0, 4):
            raise RuntimeError(f"{' '.join(words)}: expected exit code 0 or 4, was {code}")
        markets: dict[str, Any] = json.loads((place / "summary.json").read_text())["markets"]
        return markets


def _cells(market: dict[str, Any]) -> tuple[str, str, str]:
    markout, uptime = market["markout_1s_bps"], market["quality"]["uptime_both_frac"]
    told = "" if markout is None else f"{markout['mean']:+.2f}"
    if markout is not None and markout["standard_error"] is not None:
        told += f" ± {markout['standard_error']:.2f}"
    return str(market["fills"]), told, f"{100 * uptime:.0f} %"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page(made: str) -> str:
    """Return the page with the table put in; raise LookupError where it has no place for it."""
    block = re.compile(r"(<!-- made: measured -->\n).*?(<!-- end -->)", re.DOTALL)
    text, count = block.subn(
        lambda m: f"{m[1]}\n{made}\n\n{m[2]}", PAGE.read_text(encoding="utf-8")
    )
    if count != 1:
        raise LookupError(f"docs/strategies.md: expected one measured table, was {count}")
    return text


if __name__ == "__main__":
    if not TAPE.exists():
        raise SystemExit(f"needs the recorded market {TAPE} (set MMRUNNER_DATA)")
    PAGE.write_text(page("\n".join(table())), encoding="utf-8")
    print(PAGE.relative_to(CHECKOUT))
