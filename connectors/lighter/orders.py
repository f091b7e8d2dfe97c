"""Send orders and cancels, each once, and say what is proven about them.

One task signs and sends, so nonces leave in order and cancels go before new orders. An answer of
200 only lets a transaction in: that an order rests, trades or has ended, the account's streams say.
"""

import asyncio
from collections import deque
from collections.abc import Mapping

from msgspec import Struct

from connectors.calls import Calls, Refused, Unproven
from connectors.lighter.account_wire import Tx
from connectors.lighter.commands import Command, Commands
from connectors.lighter.listing import listed, read_details
from connectors.lighter.network import Network
from connectors.lighter.nonces import Nonces
from connectors.lighter.outcomes import Outcomes
from connectors.lighter.seams import Reports
from connectors.lighter.sender import AnswerFeed, Sender
from connectors.lighter.signer import TxSigner
from connectors.lighter.transactions import (
    GTT_TIF,
    IOC_TIF,
    POST_ONLY_TIF,
    Cancel,
    CancelAll,
    Create,
)
from connectors.lighter.wire import Count
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import (
    CANCELLED,
    IOC,
    POST_ONLY,
    REDUCE_ONLY,
    SELL,
)
from connectors.model.instrument import Instrument
from connectors.pacing import Kind, Pacer

NONCE_WEIGHT = 6
ANSWER_WITHIN_S = 5.0
STALE_NS = 1_000_000_000
"""An order that has waited so long to leave does not: its price is of another moment."""


class NextNonce(Struct):
    """What a key's next nonce has to be at least."""

    nonce: Count


class LighterOrders:
    """The `Orders` of one key."""

    def __init__(
        self,
        network: Network,
        calls: Calls,
        pacer: Pacer,
        signer: TxSigner,
        instruments: Mapping[str, Instrument],
        order_life_s: float,
    ) -> None:
        self._network = network
        self._clock = network.clock
        self._pacer = pacer
        self._signer = signer
        self._instruments = instruments
        self._order_life_ms = int(order_life_s * 1000)
        self._nonces = Nonces()
        self._commands = Commands(network.clock.now_ns())
        self._markets: dict[str, int] = {}
        self._cancels: deque[Command] = deque()
        self._creates: deque[Command] = deque()
        self._news = asyncio.Event()
        self._outcomes = Outcomes(network, pacer, self._nonces, self._commands)
        told = self._outcomes
        feed = AnswerFeed(told.answered, told.heard_error, told.lost)
        self._sender = Sender(network, calls, feed)

    @property
    def quota_left(self) -> int | None:
        """What the venue has last said is left of the volume quota."""
        return self._outcomes.quota_left

    def place(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> None:
        """Have an order sent, or told as refused where there is no room for it.

        Raises VenueError where it cannot be meant or nothing can be sent at all.
        """
        if self._commands.create(client_id) is not None:
            raise VenueError(f"lighter: order id {client_id} was used before", Plan.HALT)
        now_ns = self._clock.now_ns()
        try:
            self._may_send()
            wanted = self._create(market, client_id, side, ticks, lots, flags)
            wanted.check()
        except VenueError:
            self._commands.never(client_id, now_ns)
            raise
        command = Command(market, client_id, side, ticks, lots, wanted, now_ns)
        self._commands.keep(command)
        is_spent = now_ns < self._outcomes.orders_after_ns
        kind = Kind.REDUCE if flags & REDUCE_ONLY else Kind.PLACE
        if is_spent or self._pacer.try_take(1, kind, now_ns, market):
            self._outcomes.refuse(command, Refusal.RATE_LIMIT)
            return
        self._pacer.release()
        self._creates.append(command)
        self._news.set()

    def cancel(self, market: str, client_id: int) -> None:
        """Have a cancel sent; an order that has not left never will."""
        market_id = self._market_id(market)
        order = self._commands.create(client_id)
        if order is not None and order in self._creates:
            self._creates.remove(order)
            order.dead_ns = self._clock.now_ns()
            self._outcomes.tell(order, CANCELLED)
            return
        side, ticks, lots = (order.side, order.ticks, order.lots) if order else (0, 0, 0)
        wanted = Cancel(market_id, client_id)
        wanted.check()
        now_ns = self._clock.now_ns()
        self._cancels.append(Command(market, client_id, side, ticks, lots, wanted, now_ns))
        self._news.set()

    def cancel_all(self, wanted: CancelAll) -> None:
        """Have a cancel-all sent, in its turn among the cancels. What has become of it, only the
        account's own record says.

        Raises VenueError where it cannot be meant or nothing can be sent yet.
        """
        if self._outcomes.reports is None:
            raise VenueError("lighter: nothing can be sent yet")
        wanted.check()
        self._cancels.append(Command("", 0, 0, 0, 0, wanted, self._clock.now_ns()))
        self._news.set()

    def on_transaction(self, tx: Tx) -> None:
        """Hear that a transaction was executed, or that it failed."""
        self._outcomes.on_transaction(tx)

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when nothing sent for an order can be carried out; None: not proven."""
        return self._commands.dead_since_ns(client_id, now_ns)

    async def run(self, reports: Reports) -> None:
        """Learn markets and nonce, then send until cancelled."""
        self._nonces.doubt()
        self._markets = await self._network.until_answered(self._listed)
        await self._network.until_answered(self._renew)
        self._outcomes.reports = reports
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._sender.run(), name="lighter transactions")
                tasks.create_task(self._send_all(), name="lighter sender")
        finally:
            self._drop_all()
            self._outcomes.reports = None

    def close(self) -> None:
        """End the signer's thread."""
        self._signer.close()

    def _create(
        self, market: str, client_id: int, side: int, ticks: int, lots: int, flags: int
    ) -> Create:
        if flags & IOC and flags & POST_ONLY:
            raise VenueError(f"lighter order {client_id}: post-only and at once", Plan.HALT)
        tif = IOC_TIF if flags & IOC else POST_ONLY_TIF if flags & POST_ONLY else GTT_TIF
        now_ms = self._clock.now_ns() // 1_000_000
        expiry_ms = 0 if tif == IOC_TIF else now_ms + self._order_life_ms
        reduces = bool(flags & REDUCE_ONLY)
        market_id = self._market_id(market)
        return Create(market_id, client_id, lots, ticks, side == SELL, tif, reduces, expiry_ms)

    def _market_id(self, market: str) -> int:
        """Return a market's id; raise VenueError where nothing can be sent there yet."""
        if self._outcomes.reports is None or market not in self._markets:
            raise VenueError(f"lighter {market}: orders cannot be sent yet")
        return self._markets[market]

    def _may_send(self) -> None:
        if self._outcomes.halted:
            raise VenueError(self._outcomes.halted, Plan.HALT)

    async def _send_all(self) -> None:
        while True:
            await self._news.wait()
            if self._cancels:
                await self._carry(self._cancels.popleft())
            elif self._creates:
                await self._carry(self._creates.popleft())
            else:
                self._news.clear()

    async def _carry(self, command: Command) -> None:
        """Sign a command and send it once; what has not left is dead."""
        try:
            await self._send(command)
        except VenueError as error:
            if error.plan is Plan.HALT:
                self._outcomes.halt(str(error))
            self._network.say(command.market, str(error))
            self._outcomes.settle(command, Refused(0, str(error)))
        finally:
            if not command.expires_ns and command.dead_ns is None:
                command.dead_ns = self._clock.now_ns()

    async def _send(self, command: Command) -> None:
        if not command.is_create:
            await self._pacer.turn(1, Kind.CANCEL, self._clock, command.market)
            self._pacer.release()
        if self._nonces.is_doubted:
            await self._renew()
        if command.is_create and self._clock.now_ns() - command.asked_ns > STALE_NS:
            self._outcomes.refuse(command, Refusal.RATE_LIMIT)
            return
        nonce = self._nonces.take()
        tx = await self._signer.sign(command.wanted, nonce)
        key = str(nonce)
        self._commands.leaves(command, tx, key, self._clock.now_ns())
        late = Unproven(f"no answer within {ANSWER_WITHIN_S:g} s")
        asyncio.get_running_loop().call_later(ANSWER_WITHIN_S, self._outcomes.settle, command, late)
        outcome = await self._sender.send(tx, key)
        command.is_streamed = outcome is None
        if outcome is not None:
            self._outcomes.settle(command, outcome)

    def _drop_all(self) -> None:
        """Let nothing leave any more that has not left."""
        while self._creates:
            self._outcomes.refuse(self._creates.popleft(), Refusal.NOT_SENT)
        self._cancels.clear()

    async def _listed(self) -> dict[str, int]:
        """Return the ids of our markets; those listed otherwise than expected get no orders."""
        details = await read_details(self._network.rest)
        found = {}
        for name, instrument in self._instruments.items():
            try:
                found[name] = listed(name, instrument, details).market_id
            except VenueError as error:
                self._network.say(name, str(error))
        return found

    async def _renew(self) -> None:
        """Ask the venue where the key's nonce stands."""
        who = {"account_index": self._signer.account, "api_key_index": self._signer.key_index}
        told = await self._network.rest.get("nextNonce", who, NONCE_WEIGHT, NextNonce)
        self._nonces.renew(told.nonce)
