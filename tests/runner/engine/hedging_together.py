"""Desks that hedge together, their stakes, and venues at which orders may end in any way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.model.book import clear, set_ask, set_bid
from connectors.model.events import EXPIRED, FILLED, OUTCOME_UNKNOWN, PLACE, TAKER
from connectors.model.orders import FREE, SLOTS, Commands, apply
from runner.engine.account import Stake
from runner.engine.hedge_group import is_news, share_out
from runner.engine.hedge_plan import MIN_COST
from runner.engine.risk import Limits
from runner.engine.turn import turn
from strategies import reasons
from strategies.desk import Desk
from strategies.hedging import hear_share
from tests.strategies.test_hedging import hedge_desk
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, new_limits, shown_desk

LOT = 10
"""Grains of a lot of a market that hedges."""
Levels = Sequence[tuple[int, int]]
"""Ticks away from the mid, and lots."""


def show_levels(desk: Desk, bids: Levels, asks: Levels) -> None:
    """Let a desk have a book of several levels."""
    clear(desk.book)
    for away, lots in bids:
        set_bid(desk.book, MID_TICKS - away, lots)
    for away, lots in asks:
        set_ask(desk.book, MID_TICKS + away, lots)


@dataclass
class Together:
    """A market that is hedged, whose lot is a grain, and those that hedge it, by number."""

    hedges: list[Desk]
    maker: Desk = field(default_factory=shown_desk)
    now_ns: int = NOW_NS
    sent: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    """Market, client id, side, ticks and lots of each order that may trade."""

    def __post_init__(self) -> None:
        self.stakes = [Stake() for _ in (*self.hedges, self.maker)]
        self.limits: list[Limits] = [new_limits(max_order_lots=1_000) for _ in self.hedges]
        for stake in self.stakes[:-1]:
            stake.joins = 1
            stake.offer.tick_worth = 0.1
        self.stakes[-1].hedged_by, self.stakes[-1].weight_grains = 1, 1
        self.group.anchor, self.group.way = 1, MIN_COST

    @property
    def group(self) -> Any:
        """What the group remembers."""
        return self.stakes[0].group

    @property
    def net(self) -> int:
        """The net exposure in grains."""
        held = sum(desk.orders.position_lots for desk in self.hedges)
        return self.maker.orders.position_lots + held * LOT

    @property
    def open(self) -> int:
        """By how much it changes once all that may trade does."""
        return sum(self.open_of(desk) for desk in self.hedges)

    def open_of(self, desk: Desk) -> int:
        """Return the same of one market."""
        return (desk.orders.exposed_lots[0] - desk.orders.exposed_lots[1]) * LOT

    @property
    def told(self) -> list[int]:
        """The share of each market."""
        return [stake.part.told_grains for stake in self.stakes[:-1]]

    def share(self, grains: int | None = None, after_s: float = 0.0) -> list[int]:
        """Share out what is held, and return by how much each market is asked to change."""
        if grains is not None:
            self.maker.orders.position_lots = grains
        self.now_ns += int(after_s * SECOND_NS)
        share_out(self.stakes, [*self.hedges, self.maker], 0, self.now_ns)
        return [
            -(told + desk.orders.position_lots * LOT)
            for told, desk in zip(self.told, self.hedges, strict=True)
        ]

    def step(self, after_s: float = 0.1) -> None:
        """Share out, let the markets hear and decide, and send what they want."""
        self.share(after_s=after_s)
        for n, (stake, desk) in enumerate(zip(self.stakes, self.hedges, strict=False)):
            if is_news(stake, desk):
                hear_share(desk, stake.part.told_code, stake.part.told_grains, self.now_ns)
            self._turn(n, desk)

    def _turn(self, n: int, desk: Desk) -> None:
        commands = Commands()
        desk.signals.seen_ns = self.now_ns
        if not turn(desk, self.limits[n], commands, [], [], [], 0, 0, self.now_ns):
            return
        for k in range(commands.count):
            if commands.kind[k] == PLACE and commands.refused[k] == 0:
                order = commands.client_id[k], commands.side[k], commands.ticks[k], commands.lots[k]
                self.sent.append((n, *order))

    def end(self, k: int, fills_lots: int) -> None:
        """Let the order at a place of `sent` fill so far, and end."""
        n, client_id, side, ticks, lots = self.sent.pop(k)
        orders = self.hedges[n].orders
        if fills_lots:
            apply(orders, FILLED, client_id, side, ticks, fills_lots, TAKER, self.now_ns)
        if fills_lots < lots:
            apply(orders, EXPIRED, client_id, side, ticks, lots, 0, self.now_ns)

    def lose(self, k: int) -> None:
        """Let the answer to an order be lost: it may trade, or not."""
        n, client_id, side, ticks, lots = self.sent[k]
        apply(self.hedges[n].orders, OUTCOME_UNKNOWN, client_id, side, ticks, lots, 0, self.now_ns)

    def hold(self, n: int, is_on: bool) -> None:
        """Take a market out of service, or let it act again."""
        self.hedges[n].held = reasons.LINK_DOWN if is_on else 0
        self.hedges[n].orders.changed = True


def together(*fees_bps: float, **knobs: Any) -> Together:
    """Return markets that hedge together, which differ in their fees alone."""
    desks = [hedge_desk(patience_ns=0, slippage_bps=5.0, **knobs) for _ in fees_bps]
    made = Together(desks)
    for desk in desks:
        desk.params.max_position_lots, desk.params.min_position_lots = 1_000, -1_000
        show_levels(desk, [(1, 50), (2, 500)], [(1, 50), (2, 500)])
    for limits in made.limits:
        limits.max_position_lots, limits.min_position_lots = 1_000, -1_000
    for stake, fee_bps in zip(made.stakes, fees_bps, strict=False):
        stake.offer.extra_bps = fee_bps
    return made


def is_idle(desk: Desk) -> bool:
    """Tell whether nothing of a market may trade."""
    return all(desk.orders.status[slot] == FREE for slot in range(SLOTS))
