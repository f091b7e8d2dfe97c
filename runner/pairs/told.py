"""Say in a line what a pair does, and hand over what a report tells of it."""

from runner.pairs.pair import Pair
from runner.results import PairResult
from strategies.funding.book import FIRST, SECOND, Phase

WORDS = {
    Phase.FLAT: "flat",
    Phase.MOVING: "moving",
    Phase.HELD: "held",
    Phase.UNWINDING: "unwinding",
}


def pair_line(pair: Pair) -> str:
    """Return one line: the state, what is held, what is announced, the basis, and why."""
    first, second = pair.legs
    held = pair.legs[FIRST].held_grains * pair.terms.grain_base
    words = [
        f"{pair.terms.name} {WORDS[pair.state.book.phase]} {held:+f} {first.name}/{second.name}"
    ]
    rate, basis = pair.rate_bps_per_h(), pair.basis_bps()
    words.append("rate unknown" if rate is None else f"rate {rate:+.4g} bps/h")
    words.append("basis unknown" if basis is None else f"basis {basis:+.2f} bps")
    if pair.why:
        words.append(", ".join(reason.name.lower() for reason in pair.why))
    return "  ".join(words)


def pair_result(pair: Pair) -> PairResult:
    """Return where a pair stands in the end."""
    return PairResult(
        name=pair.terms.name,
        first=pair.legs[FIRST].name,
        second=pair.legs[SECOND].name,
        phase=WORDS[pair.state.book.phase],
        entered=pair.entered,
        left=pair.left,
        held_base=(pair.legs[FIRST].held_grains * pair.terms.grain_base).normalize(),
        apart_base=pair.apart_base().normalize(),
        why=tuple(reason.name.lower() for reason in pair.why),
    )
