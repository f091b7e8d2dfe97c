"""Write the tables of docs/formulas.md: ``python -m tests.docs.accuracy``."""

import math
import re
from collections.abc import Callable, Iterator

from strategies.desk import Desk
from strategies.pricing.avellaneda_stoikov import price as price_textbook
from strategies.pricing.glft import CLOSED, EXACT
from strategies.pricing.terms import CAPPED, PLAIN, SATURATED
from tests.deploys import CHECKOUT
from tests.strategies import reference
from tests.strategies.glft_checks import distances, physical_desk
from tests.strategies.reference import Model
from tests.support import NOW_NS

PAGE = CHECKOUT / "docs" / "formulas.md"
LONG = 3
GAMMAS = (0.01, 0.1, 0.5, 1.0)
TAUS = (0.01, 0.1, 1.0)
CURVES = (0.05, 0.1, 0.3, 0.5, 1.0, 2.0)


def model_of(gamma: float, clips: int, sigma: float = 2.0) -> Model:
    """Return the market of the paper."""
    return Model(
        gamma=gamma, sigma=sigma, intensity=140.0, k=1.5, clips=clips, execution_gamma=gamma
    )


def distance_table() -> Iterator[str]:
    """Yield the rows of every model's distances."""
    yield "| gamma | tau | exact | `glft` | `plain` | `capped` | `saturated` | endless |"
    yield "|---|---|---|---|---|---|---|---|"
    for gamma in GAMMAS:
        for tau in TAUS:
            model = model_of(gamma, 10)
            bid, ask = reference.distances(model, reference.value(model, tau))[LONG]
            solved = distances(physical_desk(model, tau, method=EXACT), LONG)
            closed = distances(physical_desk(model, method=CLOSED), LONG)
            ours = [_textbook(model, tau, skew) for skew in (PLAIN, CAPPED, SATURATED)]
            cells = [f"{gamma:g}", f"{tau:g}", _pair(bid or 0.0, ask or 0.0)]
            yield _row([*cells, *(_pair(*x) for x in (solved, *ours, closed))])


def _textbook(model: Model, tau: float, skew: int) -> tuple[float, float]:
    desk = physical_desk(model, tau, skew=skew)
    desk.quotes.inventory_clips = LONG
    price_textbook(desk.params, desk.signals, desk.quotes, NOW_NS)
    half, shift = desk.quotes.half_spread_bps, desk.quotes.reservation_bps
    return half - shift, half + shift


def closed_form_table() -> Iterator[str]:
    """Yield by how much the closed form differs from the eigenvector."""
    yield "| √(a/e) | flat half spread | skew at 1 | skew at 5 |"
    yield "|---|---|---|---|"
    for curve in CURVES:
        base = model_of(0.1, 30, 1.0)
        model = model_of(0.1, 30, curve * math.sqrt(base.eta / base.alpha))
        exact, closed = physical_desk(model), physical_desk(model, method=CLOSED)
        errors = [_half(closed) / _half(exact) - 1]
        errors += [_shift(closed, q) / _shift(exact, q) - 1 for q in (1, 5)]
        yield _row([f"{curve:g}", *(f"{100 * error:+.1f} %" for error in errors)])


def _half(desk: Desk) -> float:
    return 0.5 * sum(distances(desk, 0.0))


def _shift(desk: Desk, q: int) -> float:
    bid, ask = distances(desk, q)
    return bid - ask


def _pair(bid: float, ask: float) -> str:
    return f"{bid:.4f} / {ask:.4f}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "distances": distance_table,
    "closed form": closed_form_table,
}


def page() -> str:
    """Return the page with its tables as they should be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        made = "\n".join(table())
        block = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text, count = block.subn(lambda m, made=made: f"{m[1]}\n{made}\n\n{m[2]}", text)
        if count != 1:
            raise LookupError(f"docs/formulas.md: expected one table '{name}', was {count}")
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(CHECKOUT))
