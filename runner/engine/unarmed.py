"""Stand between an unarmed deploy and its venue: everything is read, and nothing leaves."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.funded import Announced, Collateral, Collateralised, Funded
from connectors.model.account import Fate, Payment, Standing, Trade
from connectors.model.errors import Refusal
from connectors.model.events import (
    AMEND_REJECTED,
    IOC,
    POST_ONLY,
    REDUCE_ONLY,
    REJECTED,
    SELL,
    AccountRows,
    MarketRows,
)
from connectors.model.instrument import Instrument
from connectors.pacing import Scope
from connectors.venue import Countdown, RescueWords, Sink, Venue
from runner.engine.clock import Clock
from runner.engine.warnings import Warn


@dataclass(slots=True)
class Unarmed:
    """A venue that says what it would send, and refuses it in the venue's place."""

    venue: Venue
    instruments: Mapping[str, Instrument]
    clock: Clock
    warn: Warn
    cancel_all_out_of_loop: Callable[[], None] | None = None
    amends: bool = True
    countdown: Countdown | None = None
    rescue: RescueWords | None = None
    _sinks: Mapping[str, Sink] = field(default_factory=dict)

    @property
    def scopes(self) -> Sequence[Scope]:
        """What the venue counts our requests by."""
        return self.venue.scopes

    @property
    def look_every_ns(self) -> int:
        """How long to leave between two looks."""
        return self.venue.look_every_ns

    def announced(self, market: str) -> Announced | None:
        """Return what the venue announces of funding, where it does."""
        return self.venue.announced(market) if isinstance(self.venue, Funded) else None

    def collateral(self, market: str) -> Collateral | None:
        """Return what stands behind a position, where the venue tells it."""
        return self.venue.collateral(market) if isinstance(self.venue, Collateralised) else None

    async def standing(self, market: str) -> Standing:
        """Read the venue's truth about one market."""
        return await self.venue.standing(market)

    async def trades_after(self, market: str, trade_id: int) -> tuple[Trade, ...]:
        """Read our trades with a higher id."""
        return await self.venue.trades_after(market, trade_id)

    async def payments_after(self, market: str, after_ns: int) -> tuple[Payment, ...]:
        """Read the funding that was paid after a moment."""
        return await self.venue.payments_after(market, after_ns)

    async def order_fate(self, market: str, client_id: int) -> Fate:
        """Read what became of an order."""
        return await self.venue.order_fate(market, client_id)

    async def mid_half_ticks(self, market: str) -> int:
        """Read the mid."""
        return await self.venue.mid_half_ticks(market)

    async def run(self, sinks: Mapping[str, Sink]) -> None:
        """Deliver batches until cancelled."""
        self._sinks = sinks
        await self.venue.run(sinks)

    def place(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Say what would be sent, and that it was not."""
        of = self.instruments[market]
        words = f"{'sell' if side == SELL else 'buy'} {of.size_base(lots)} {of.base}"
        how = "".join(f", {name}" for flag, name in _FLAGS if flags & flag)
        self.warn(self.clock.now_ns(), market, f"would place: {words} at {of.price(ticks)}{how}")
        row = (REJECTED, client_id, side, ticks, lots, Refusal.UNARMED)
        asyncio.get_running_loop().call_soon(self._refuse, market, row)

    def cancel(self, market: str, client_id: int) -> None:
        """Say what would be cancelled."""
        self.warn(self.clock.now_ns(), market, f"would cancel: order {client_id}")

    def amend(
        self,
        market: str,
        client_id: int,
        side: int,
        ticks: int,
        lots: int,
        flags: int = POST_ONLY,
    ) -> None:
        """Say what would be amended, and that it was not."""
        of = self.instruments[market]
        words = f"order {client_id} to {of.size_base(lots)} {of.base} at {of.price(ticks)}"
        self.warn(self.clock.now_ns(), market, f"would amend: {words}")
        row = (AMEND_REJECTED, client_id, side, ticks, lots, Refusal.UNARMED)
        asyncio.get_running_loop().call_soon(self._refuse, market, row)

    def close(self) -> None:
        """Let go of files and sockets."""
        self.venue.close()

    def _refuse(self, market: str, row: tuple[int, int, int, int, int, int]) -> None:
        now_ns = self.clock.now_ns()
        account = AccountRows()
        account.add(*row, 0, now_ns, now_ns, None)
        self._sinks[market].on_batch(MarketRows(), account, now_ns)


_FLAGS = ((POST_ONLY, "post-only"), (IOC, "immediate or cancel"), (REDUCE_ONLY, "reduce-only"))
