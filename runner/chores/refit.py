"""Take up rates that were fitted while a deploy runs: by a step, within a factor, and written down.

What is taken up is a number that the steward tells the market as a row of its own, so that it
counts from a decision on, is in the journal, and replays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runner.engine.ledger.entries import Note
from runner.settings.schedule import Refit
from strategies.desk import LearningKnobs
from strategies.learning import bounded, is_sane
from strategies.scheduled import MICRO

WHO = "schedule.jobs.recalibrate"
Pair = tuple[float, float]
"""kappa, and intensity per second."""
Told = dict[str, tuple[int, int]]
"""By market, kappa and intensity in millionths."""


@dataclass(slots=True)
class Refits:
    """What is configured, what is in use, and what the steward is to tell.

    `configured` holds kappa and intensity by market; `limits` what kappa may ever be. `in_use`
    tells what a market reckons with now: where somebody has set another figure than the last one
    told, bounds are around that one.
    """

    terms: Refit
    configured: Mapping[str, Pair]
    limits: tuple[float, float]
    told: Told
    note: Callable[[Note], None]
    in_use: Callable[[str], Pair]
    _base: dict[str, Pair] = field(default_factory=dict)
    _told: dict[str, Pair] = field(default_factory=dict)

    def take_up(self, answer: Mapping[str, object], now_ns: int) -> str:
        """Take up what was accepted, and return what became of each market in words."""
        parts = []
        for market, found in answer.items():
            if market in self.configured and isinstance(found, Mapping):
                parts.append(f"{market} {self._take_up(market, found, now_ns)}")
        return "; ".join(parts) or "nothing to fit"

    def _take_up(self, market: str, found: Mapping[str, object], now_ns: int) -> str:
        was = self.in_use(market)
        if was != self._told.get(market, self.configured[market]):
            self._base[market] = was
        base = self._base.get(market, self.configured[market])
        wanted = [found.get("kappa"), found.get("intensity_per_s")]
        if wanted == [None, None]:
            return f"refused: {_why(found)}"
        kappa, per_s = (
            self._moved(now, value, configured)
            for now, value, configured in zip(was, wanted, base, strict=True)
        )
        kappa = min(max(kappa, self.limits[0]), self.limits[1])
        before, after = _text(*was), _text(kappa, per_s)
        if before == after:
            return f"stays at {after}"
        micro = round(kappa * MICRO), max(1, round(per_s * MICRO))
        self.told[market] = micro
        self._told[market] = (micro[0] / MICRO, micro[1] / MICRO)
        text = "rates fitted to the deploy's own tape"
        self.note(Note(now_ns, market, text, WHO, before, after))
        return f"from {before} to {after}"

    def _moved(self, now: float, wanted: object, configured: float) -> float:
        """Return where a figure goes: nowhere without a fit that is a number."""
        if not isinstance(wanted, float) or not is_sane(wanted) or now <= 0.0:
            return now
        knobs = LearningKnobs()
        knobs.most_step_frac = self.terms.max_step_frac
        knobs.most_factor = self.terms.max_factor
        return bounded(now, wanted, configured, knobs)


def _why(found: Mapping[str, object]) -> str:
    return "; ".join(str(text) for key, text in found.items() if key.endswith("refused"))


def _text(kappa: float, per_s: float) -> str:
    return f"kappa {kappa:.4g}, intensity {per_s:.4g}/s"
