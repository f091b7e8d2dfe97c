"""Run one pair: enter, hold and leave by the rules, both legs together, and remember it.

`look` follows after each turn of either leg: it keeps the legs matched. `tick`, once a second, asks
the rules. What the rules want is in the ledger before a leg hears of it; so a restart finds either
nothing begun, or what it has to complete. Entering is never repeated after a restart: what the legs
hold is completed or unwound, and what is gone is not entered again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from connectors.model.events import BUY, SELL
from runner.engine.ledger.entries import Entry, Note, PairKept, RateKept
from runner.engine.warnings import Warn
from runner.pairs.leg import PairLeg
from runner.pairs.rates import LegRates
from runner.pairs.state import Entered, PairState, dumped
from strategies.funding.book import FIRST, SECOND, Limits, Phase, Take, aim, resume, step
from strategies.funding.periods import HOUR_NS, History, Series, series
from strategies.funding.rates import basis_bps
from strategies.funding.rules import Act, Rules, Seen, Verdict, decide, left, watch
from strategies.funding.sizing import Shares, size_base
from strategies.funding.why import Why

LATE_FRAC = 0.25
"""A leg's settlement that is not told after this part of its interval is not waited for."""

Put = Callable[..., None]
"""Put an entry into the ledger; a second argument is called once it is safe."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a pair is to be. `grain_base` is one grain, `clip_grains` the most that legs are apart
    by what has been sent."""

    name: str
    rules: Rules
    notional_quote: float
    shares: Shares
    grain_base: Decimal
    clip_grains: int
    follow_ns: int


@dataclass(slots=True)
class Pair:
    """One pair. `why` is what the rules said last, `decided_ns` of which period; `entered` and
    `left` count positions of this session."""

    terms: Terms
    legs: tuple[PairLeg, PairLeg]
    rates: tuple[LegRates, LegRates]
    state: PairState
    put: Put
    warn: Warn
    why: tuple[Why, ...] = ()
    decided_ns: int = 0
    entered: int = 0
    left: int = 0
    _is_waiting: bool = False
    _series: Series | None = field(default=None)

    def resume(self) -> None:
        """Go on after a restart, once the legs know their positions."""
        for leg, wallet_lots in zip(self.legs, self.state.wallets, strict=True):
            leg.wallet_lots = wallet_lots
        seen = (self.legs[FIRST].seen(), self.legs[SECOND].seen())
        self.state = replace(self.state, book=resume(self.state.book, seen, self._limits()))

    def look(self, now_ns: int) -> None:
        """Keep the legs matched, and take them to their goal."""
        if self._is_waiting or all(leg.station.is_stopping for leg in self.legs):
            return
        for leg in self.legs:
            leg.settle()
        take = self._step(now_ns)
        if take is not None:
            self.legs[take.leg].take(take.lots, now_ns)
        for leg in self.legs:
            leg.tell(now_ns)
        if self.state.book.phase is Phase.FLAT and self.state.position.direction:
            self._fail(now_ns)

    def tick(self, now_ns: int) -> None:
        """Ask the rules: about entering when a period has ended, about risks at any time."""
        if all(leg.station.is_stopping for leg in self.legs):
            return
        self._follow_rates(now_ns)
        if not self._is_waiting:
            self._ask(now_ns)
        self.look(now_ns)

    def apart_base(self) -> Decimal:
        """Return by how much the legs do not match; more than zero: too much is bought."""
        return sum((leg.held_grains for leg in self.legs), 0) * self.terms.grain_base

    def basis_bps(self) -> float | None:
        """Return how far the first leg's price is above the second's; None: one is not known."""
        first, second = (leg.price() for leg in self.legs)
        return None if first is None or second is None else basis_bps(first, second)

    def rate_bps_per_h(self) -> float | None:
        """Return what is announced for the next settlements, first leg less second, per hour."""
        told = [
            _announced_per_h(leg, kept) for leg, kept in zip(self.legs, self.rates, strict=True)
        ]
        first, second = told
        return None if first is None or second is None else (first - second) * 10_000.0

    def _step(self, now_ns: int) -> Take | None:
        """Let the book take its next step; a leg that fails makes both stay where they are."""
        before = self.state.book
        seen = (self.legs[FIRST].seen(), self.legs[SECOND].seen())
        is_moving = before.phase is Phase.MOVING
        thinner = self._thinner() if is_moving and not any(leg.open_lots for leg in seen) else FIRST
        book, take = step(before, seen, self._limits(), thinner, now_ns)
        if book == before:
            return take
        self.state = replace(self.state, book=book)
        self._keep(now_ns)
        if book.phase is Phase.UNWINDING and before.phase is not Phase.UNWINDING:
            self._say(now_ns, f"{Phase.UNWINDING.value} ({self.apart_base():f} apart)")
            for leg in self.legs:
                leg.rest(now_ns)
            return None
        return take

    def _limits(self) -> Limits:
        least = max(leg.least_lots * leg.lot_grains for leg in self.legs)
        return Limits(max(self.terms.clip_grains, least), self.terms.follow_ns, least)

    def _thinner(self) -> int:
        """Return the leg whose book bears less of what is to be done next."""
        goal = self.state.book.goal_lots
        is_up = goal > self.legs[FIRST].held_grains
        sides = (BUY, SELL) if is_up else (SELL, BUY)
        first, second = (
            leg.depth_lots(side) * leg.lot_grains if leg.is_ready else 0
            for leg, side in zip(self.legs, sides, strict=True)
        )
        return FIRST if first <= second else SECOND

    def _follow_rates(self, now_ns: int) -> None:
        for leg, kept in zip(self.legs, self.rates, strict=True):
            if leg.is_spot:
                continue
            over = kept.look(leg.announced(), now_ns)
            if over is not None:
                self.put(RateKept(leg.name, over.at_ns, repr(over.rate), over.interval_ns))
                leg.station.payments.expect()
                self._series = series(*(self._history(k) for k in (FIRST, SECOND)))

    def _history(self, k: int) -> History:
        return None if self.legs[k].is_spot else tuple(self.rates[k].settled)

    def _ask(self, now_ns: int) -> None:
        known = self._series
        seen = self._seen(known, now_ns)
        if known is None or known.last_ns <= self.decided_ns or self._may_be_told(known, now_ns):
            verdict = watch(self.terms.rules, self.state.position, seen)
        else:
            self.decided_ns = known.last_ns
            verdict = decide(self.terms.rules, self.state.position, seen)
            self.why = verdict.reasons
        self._follow(verdict, now_ns)

    def _may_be_told(self, known: Series, now_ns: int) -> bool:
        """Tell whether a leg's settlement of the period that has ended may still come."""
        if now_ns - known.last_ns > known.step_h * HOUR_NS * LATE_FRAC:
            return False
        pays = (kept for leg, kept in zip(self.legs, self.rates, strict=True) if not leg.is_spot)
        return any(kept.waits_for(known.last_ns) for kept in pays)

    def _seen(self, known: Series | None, now_ns: int) -> Seen:
        margins = [leg.collateral() for leg in self.legs]
        is_priced = all(leg.desk.signals.sound for leg in self.legs)
        behind = [told.left_frac for told in margins if told is not None]
        return Seen(
            now_h=now_ns / HOUR_NS,
            step_h=known.step_h if known else 1.0,
            rates_per_h=known.rates_per_h if known else (),
            cost_bps=2.0 * sum(leg.trade_bps() for leg in self.legs) if is_priced else 0.0,
            directions=self._directions(),
            is_rate_known=known is not None and known.is_known,
            basis_bps=self.basis_bps(),
            margin_frac=min(behind) if len(behind) == len(margins) else None,
        )

    def _directions(self) -> tuple[int, ...]:
        if self.legs[FIRST].is_spot:
            return (-1,)
        return (1,) if self.legs[SECOND].is_spot else (1, -1)

    def _follow(self, verdict: Verdict, now_ns: int) -> None:
        if verdict.act is Act.ENTER:
            self._enter(verdict, now_ns)
        elif verdict.act is Act.LEAVE:
            self.why = verdict.reasons
            self.left += 1
            self._say(now_ns, f"leaves: {_words(verdict.reasons)}")
            self._aim(replace(self.state, position=verdict.position, entered=None), 0, now_ns)
        elif verdict.position != self.state.position:
            self.state = replace(self.state, position=verdict.position)
            self._keep(now_ns)

    def _enter(self, verdict: Verdict, now_ns: int) -> None:
        """Begin a position, where both legs can bear one now."""
        direction = verdict.position.direction
        if self.state.book.phase is not Phase.FLAT or not all(leg.is_ready for leg in self.legs):
            self.why = (Why.LEG_AWAY,)
            return
        grains = self._size_grains(direction)
        if grains < self._limits().least_lots:
            self.why = (Why.SIZE_SMALL,)
            return
        first, second = (leg.price() or 0.0 for leg in self.legs)
        size = f"{grains * self.terms.grain_base:f}"
        sold, bought = (leg.name for leg in self.legs[::direction])
        self._say(now_ns, f"enters: sells {size} {sold}, buys {bought}: {_words(verdict.reasons)}")
        self.entered += 1
        state = replace(
            self.state,
            position=verdict.position,
            entered=Entered(now_ns, size, first, second),
        )
        self._aim(state, -direction * grains, now_ns)

    def _size_grains(self, direction: int) -> int:
        """Return the size that both legs bear, in whole lots of both."""
        sides = (SELL, BUY) if direction == 1 else (BUY, SELL)
        first, second = (leg.room(side) for leg, side in zip(self.legs, sides, strict=True))
        if first is None or second is None:
            return 0
        wanted = self.terms.notional_quote / max(first.price, second.price)
        base = size_base(wanted, first, second, self.terms.shares)
        return int(base / float(self.terms.grain_base))

    def _aim(self, state: PairState, goal: int, now_ns: int) -> None:
        """Take up another goal: the legs hear of it once it is in the ledger."""
        self._is_waiting = True
        for leg in self.legs:
            leg.rest(now_ns)
        self.state = replace(state, book=aim(state.book, goal))

        def go_on(committed_ns: int) -> None:
            self._is_waiting = False

        self._keep(now_ns, go_on)

    def _fail(self, now_ns: int) -> None:
        """Take a position that has come to nothing for left."""
        self._say(now_ns, f"is flat: {Why.LEG_FAILED.value}")
        self.why = (Why.LEG_FAILED,)
        self.left += 1
        position = left(now_ns / HOUR_NS)
        self.state = replace(self.state, position=position, entered=None)
        self._keep(now_ns)

    def _keep(self, now_ns: int, *safe: Callable[[int], None]) -> None:
        self.put(PairKept(self.terms.name, dumped(self.state), now_ns), *safe)

    def _say(self, now_ns: int, text: str) -> None:
        told = f"pair {self.terms.name} {text}"
        entry: Entry = Note(now_ns, "", told)
        self.put(entry)
        self.warn(now_ns, "", told)


def _announced_per_h(leg: PairLeg, kept: LegRates) -> float | None:
    """Return the rate per hour that a leg has announced; spot pays none."""
    if leg.is_spot:
        return 0.0
    told = kept.next
    return None if told is None else float(told.rate) / (told.interval_ns / HOUR_NS)


def _words(reasons: tuple[Why, ...]) -> str:
    return "; ".join(reason.value for reason in reasons)
