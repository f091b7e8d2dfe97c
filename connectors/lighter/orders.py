"""Send orders and cancels, each once, and say what is proven about them.

An answer of 200 only lets a transaction in: that an order rests, trades or has ended, the account's
streams say.
"""

from collections.abc import Mapping

from connectors.calls import Calls
from connectors.lasting import all_lasting
from connectors.lighter.account_wire import Tx
from connectors.lighter.commands import Command, Commands
from connectors.lighter.evidence import Evidence
from connectors.lighter.lane import Lane
from connectors.lighter.manner import Manner
from connectors.lighter.network import Network
from connectors.lighter.nonces import Nonces
from connectors.lighter.outcomes import Outcomes
from connectors.lighter.presigned import Presigned
from connectors.lighter.signer import TxSigner
from connectors.lighter.transactions import (
    GTT_TIF,
    IOC_TIF,
    MOST_CLIENT_ID,
    POST_ONLY_TIF,
    Cancel,
    CancelAll,
    Create,
    Modify,
)
from connectors.model.errors import Plan, Refusal, VenueError
from connectors.model.events import (
    CANCELLED,
    IOC,
    POST_ONLY,
    REDUCE_ONLY,
    SELL,
)
from connectors.numbered import Bound
from connectors.pacing import Kind, Pacer
from connectors.reports import Reports


class LighterOrders:
    """The `Orders` of one key."""

    def __init__(
        self,
        network: Network,
        calls: Calls,
        pacer: Pacer,
        signer: TxSigner,
        order_life_s: float,
        manner: Manner,
        cancel_signer: TxSigner | None = None,
    ) -> None:
        """Send by the key of `signer`, and cancels of orders that rest by that of `cancel_signer`,
        where there is one."""
        self._network = network
        self._clock = network.clock
        self._pacer = pacer
        self._signer = signer
        self._order_life_ms = int(order_life_s * 1000)
        self._commands = Commands(network.clock.now_ns())
        self._markets: dict[str, int] = {}
        floor = network.clock.now_ns() // 1_000_000
        signers = [signer] if cancel_signer is None else [signer, cancel_signer]
        nonces = {each.key_index: Nonces(floor, manner.skips_nonces) for each in signers}
        self._outcomes = Outcomes(network, pacer, nonces, self._commands)
        self._presigned = None
        if manner.signs_ahead and manner.skips_nonces and cancel_signer is not None:
            counted = nonces[cancel_signer.key_index]
            self._presigned = Presigned(cancel_signer, counted, network.clock)
        told = self._commands, self._outcomes, manner
        self._lanes = [
            Lane(
                network,
                calls,
                pacer,
                each,
                nonces[each.key_index],
                *told,
                self._presigned if each is cancel_signer else None,
            )
            for each in signers
        ]
        self._lane, self._cancel_lane = self._lanes[0], self._lanes[-1]
        self._nonces = nonces[signer.key_index]
        self._evidence = Evidence(network.rest, self._outcomes, network.clock, self._overtake)

    @property
    def quota_left(self) -> int | None:
        """What the venue has last said is left of the volume quota."""
        return self._outcomes.quota_left

    def bound(self, client_id: int) -> Bound:
        """Promise what the nonce of an order will stay below."""
        nonce_below = self._nonces.bound()
        self._commands.promise(client_id, nonce_below, self._clock.now_ns())
        return Bound(self._lane.key_index, nonce_below)

    def recall(self, left: Mapping[int, Bound]) -> None:
        """Learn what former processes have promised, and begin above what they did with the key of
        orders; what was sent with another key is not passed by this one."""
        same = {i: b for i, b in left.items() if b.key_index == self._lane.key_index}
        self._commands.recall(same)
        self._nonces.rise(max((b.nonce_below for b in same.values()), default=0))

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
        command.nonce_below = self._commands.promised(client_id)
        self._commands.keep(command)
        self._send(command, Kind.REDUCE if flags & REDUCE_ONLY else Kind.PLACE)

    def cancel(self, market: str, client_id: int) -> None:
        """Have a cancel sent; an order that has not left never will."""
        market_id = self._market_id(market)
        order = self._commands.create(client_id)
        if order is not None and self._lane.withdraw(order):
            order.dead_ns = self._clock.now_ns()
            self._outcomes.tell(order, CANCELLED)
            return
        amend = self._commands.amend(client_id)
        if amend is not None and self._lane.withdraw(amend):
            self._outcomes.refuse(amend, Refusal.NOT_SENT)
        side, ticks, lots = (order.side, order.ticks, order.lots) if order else (0, 0, 0)
        wanted = Cancel(market_id, client_id)
        wanted.check()
        now_ns = self._clock.now_ns()
        cancel = Command(market, client_id, side, ticks, lots, wanted, now_ns)
        self._lane_of(order).cancel(cancel)

    def cancel_all(self, wanted: CancelAll) -> None:
        """Have a cancel-all sent, in its turn among the cancels. What has become of it, only the
        account's own record says.

        Raises VenueError where it cannot be meant or nothing can be sent yet.
        """
        if self._outcomes.reports is None:
            raise VenueError("lighter: nothing can be sent yet")
        wanted.check()
        self._lane.cancel(Command("", 0, 0, 0, 0, wanted, self._clock.now_ns()))

    def amend(self, market: str, client_id: int, side: int, ticks: int, lots: int) -> None:
        """Have a change of an order sent, or told as refused where there is no room for it.

        Raises VenueError where it cannot be meant or nothing can be sent at all.
        """
        self._may_send()
        now_ns = self._clock.now_ns()
        before = self._commands.amend(client_id)
        least = before.wanted.version + 1 if before and isinstance(before.wanted, Modify) else 1
        version = max(least, now_ns // 1_000_000)
        wanted = Modify(self._market_id(market), client_id, lots, ticks, version)
        wanted.check()
        command = Command(market, client_id, side, ticks, lots, wanted, now_ns)
        self._commands.keep_amend(command)
        self._send(command, Kind.PLACE)

    def on_order(self, client_id: int, is_over: bool) -> None:
        """Hear the account's stream of an order: that it rests, or that it has ended."""
        command = self._commands.create(client_id)
        if self._presigned is None or command is None:
            return
        if is_over:
            self._presigned.discard(client_id)
        else:
            self._presigned.add(Cancel(self._markets[command.market], client_id))

    def on_transaction(self, tx: Tx) -> None:
        """Hear that a transaction was executed, or that it failed."""
        self._outcomes.on_transaction(tx)

    def has_asked(self, client_id: int) -> bool:
        """Tell whether an order is of this process, so that its transaction can be looked up."""
        return self._commands.has_asked(client_id)

    def dead_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when nothing sent for an order can be carried out; None: not proven."""
        return self._commands.dead_since_ns(client_id, now_ns)

    def settled_since_ns(self, client_id: int, now_ns: int) -> int | None:
        """Return since when no change of an order can be carried out any more, 0 where none was
        asked for; None: one still may."""
        return self._commands.settled_since_ns(client_id, now_ns)

    async def seek(self, client_id: int) -> None:
        """Ask the venue what it has carried out, where that may prove what became of an order.

        Raises VenueError where it does not answer.
        """
        for command in (self._commands.create(client_id), self._commands.amend(client_id)):
            if command is not None:
                await self._evidence.seek(command)
        if self._commands.is_to_be_passed(client_id):
            await self._evidence.overtake(0)

    async def run(self, reports: Reports, market_ids: Mapping[str, int]) -> None:
        """Learn the nonce, then send until cancelled, to markets by our names."""
        self._markets = dict(market_ids)
        for lane in self._lanes:
            await lane.prepare()
        self._outcomes.reports = reports
        try:
            await all_lasting(*(("lighter lane", lane.run()) for lane in self._lanes))
        finally:
            self._outcomes.reports = None

    def close(self) -> None:
        """End the signers' threads."""
        for lane in self._lanes:
            lane.close()

    def _send(self, command: Command, kind: Kind) -> None:
        """Put what takes quota in line, or refuse it where there is no room."""
        is_spent = command.asked_ns < self._outcomes.orders_after_ns
        if self._lane.joins and not is_spent:
            self._lane.create(command)
            return
        if is_spent or self._pacer.try_take(1, kind, command.asked_ns, command.market):
            self._outcomes.refuse(command, Refusal.PACED)
            return
        self._pacer.release()
        self._lane.create(command)

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

    def _lane_of(self, order: Command | None) -> Lane:
        """Return the way of an order's cancel. One that came before its order would be too early:
        until that is carried out it goes behind it on the same way."""
        is_there = order is not None and order.is_executed
        is_open = self._cancel_lane.key_index not in self._outcomes.barred
        return self._cancel_lane if is_there and is_open else self._lane

    def _market_id(self, market: str) -> int:
        """Return a market's id; raise VenueError where nothing can be sent there yet."""
        if self._outcomes.reports is None or market not in self._markets:
            raise VenueError(f"lighter {market}: orders cannot be sent yet")
        return self._markets[market]

    def _may_send(self) -> None:
        if self._outcomes.halted:
            raise VenueError(self._outcomes.halted, Plan.HALT)

    def _overtake(self) -> Command | None:
        """Send what does nothing but take a nonce: a cancel of an order that nobody has placed.

        None: nothing can be sent yet.
        """
        if self._outcomes.reports is None or not self._markets:
            return None
        wanted = Cancel(min(self._markets.values()), MOST_CLIENT_ID)
        command = Command("", 0, 0, 0, 0, wanted, self._clock.now_ns())
        self._lane.cancel(command)
        return command
