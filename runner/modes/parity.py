"""Replay in the parity tier: compiled simulators, interpreted decisions, equal results."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.model.orders import Commands
from runner.engine.account import won_today
from runner.engine.logs import NONE, DecisionLog, log_decision
from runner.engine.risk import Limits
from runner.engine.turn import conclude
from runner.modes.compiled import compile_loop, direct, record_at
from runner.modes.market_replay import MarketReplay, decision_log
from runner.modes.parity_loop import NOBODY, until_due
from runner.modes.replay_loop import DONE, OVERFLOW, TURN
from runner.modes.shared import Scalars, copy_scalars, mirror
from runner.modes.states import States
from runner.settings import Settings
from runner.watch.progress import Progress
from runner.wiring.stakes import account_of
from strategies.desk import Desk
from strategies.quoting import decide

DRAIN_ABOVE = 2048
SEEN = ("orders", "signals", "trades", "holding", "book", "senses", "exposure", "liquidation")
"""Parts of a desk that the compiled world moves; their scalars are stale in Python."""

KEPT = {
    "orders.sequence",
    "orders.deepest_level",
    "params.kappa",
    "params.intensity_per_s",
    *(f"senses.intensity.{name}" for name in ("status", "k_per_bps", "a_per_s", "count")),
}
"""Scalars of those parts that decisions write, and the compiled world's copies are stale."""

RESET = {"orders.changed"}
"""Scalars that both worlds reset with a decision."""

DECIDED = ("quotes", "gates", "ramp", "value", "learning", "scheduled", "hedging", "guard")
"""Parts whose scalars only decisions write."""

COUNTED = (
    "since_ns",
    "decisions",
    "places",
    "takes",
    "cancels",
    "amends",
    "refused",
    "hedge_mask",
    "hedges",
)
"""Scalars of `tally` that decisions write."""


@dataclass(slots=True)
class Mind:
    """One market's deciding half, in Python over the memory of the compiled records."""

    desk: Desk
    commands: Commands
    limits: Limits
    scalars: Scalars
    now: Any
    log: DecisionLog

    @classmethod
    def of(cls, states: States, m: int, r: MarketReplay, log: DecisionLog) -> "Mind":
        """Return the half that decides for a market."""
        record = record_at(states.desks, m)
        desk = mirror(Desk, record)
        return cls(
            desk=desk,
            commands=mirror(Commands, record_at(states.commands, m)),
            limits=r.market.limits,
            scalars=Scalars(desk, record, SEEN, KEPT | RESET),
            now=memoryview(states.cursors["now_ns"][m : m + 1]),
            log=log,
        )

    def decide(self) -> None:
        """Take the decision that is due."""
        self.scalars.copy()
        now_ns = self.now[0]
        decide(self.desk, now_ns)
        conclude(self.desk, self.limits, self.commands, now_ns)
        log_decision(self.log, self.desk, now_ns)


def replay_parity(
    runs: Sequence[MarketReplay], settings: Settings, cache_dir: Path | None, progress: Progress
) -> None:
    """Replay markets by the time of receipt, deciding in Python."""
    progress.compiling()
    loop = compile_loop(until_due, cache_dir)
    account, stakes = account_of(settings, [r.market for r in runs])
    states = States(runs, account, stakes, NONE)
    minds = [Mind.of(states, m, r, decision_log(settings)) for m, r in enumerate(runs)]
    arrays = (
        *(states.desks, states.commands, states.exchanges, states.cursors, states.fills),
        *(states.decisions, states.stakes, states.accounts, states.tracks),
    )
    turn, stopped = (memoryview(states.accounts[name]) for name in ("turn", "stopped_by"))
    status = loop(*arrays, NOBODY, 0, 0, 0)
    loop = direct(loop)
    while status != DONE:
        if status == TURN:
            m = turn[0]
            mind = minds[m]
            mind.desk.stopping = stopped[0] != 0
            mind.decide()
            if mind.log.count >= DRAIN_ABOVE:
                states.pause(m, mind.log, progress)
            brakes = mind.limits.brakes
            count = mind.commands.count
            status = loop(*arrays, m, count, brakes.day, won_today(brakes))
            continue
        if status == OVERFLOW:
            states.require_room()
        for m, mind in enumerate(minds):
            states.pause(m, mind.log, progress)
        status = loop(*arrays, NOBODY, 0, 0, 0)
    for m, (r, mind) in enumerate(zip(runs, minds, strict=True)):
        states.pause(m, mind.log, progress)
        r.history.finish(record_at(states.fills, m), mind.log)
        states.bring_back(m)
        _join(r.market.desk, mind.desk)


def _join(plain: Any, desk: Any) -> None:
    """Join what each world counted: the compiled one rows and refusals, Python the decisions."""
    for part in DECIDED:
        copy_scalars(getattr(plain, part), getattr(desk, part))
    for name in COUNTED:
        setattr(plain.tally, name, getattr(desk.tally, name))
    copy_scalars(plain.tally.uptime, desk.tally.uptime)
    for path in KEPT:
        *parts, name = path.split(".")
        here, there = plain, desk
        for part in parts:
            here, there = getattr(here, part), getattr(there, part)
        setattr(here, name, getattr(there, name))
