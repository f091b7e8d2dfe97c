"""Faults of requests: what becomes of one on its way there, at the venue, and on its way back."""

import asyncio
import json
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.calls import Lost
from connectors.model.events import BUY, SELL
from connectors.socket import CannotConnect
from tests.stage.front import ACCOUNT, Answer, Frame, ok, refused
from tests.stage.network import LATENCY_S, Call
from tests.stage.process import Silence
from tests.stage.truth import Refused

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True, slots=True)
class Delay:
    """Wait before the venue has it, or, `is_processed`, before its answer leaves."""

    s: float
    is_processed: bool = False

    async def answer(self, call: Call) -> Answer:
        """Carry out, and wait before or after."""
        if self.is_processed:
            answer = call.carry_out()
            await asyncio.sleep(self.s)
            return answer
        await asyncio.sleep(self.s)
        return call.carry_out()


@dataclass(frozen=True, slots=True)
class DropRequest:
    """It never arrives; nobody says so."""

    async def answer(self, call: Call) -> Answer:
        """Do nothing."""
        return await call.never()


@dataclass(frozen=True, slots=True)
class DropResponse:
    """It is carried out; the answer never arrives."""

    async def answer(self, call: Call) -> Answer:
        """Carry out and say nothing."""
        call.carry_out()
        return await call.never()


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks, before or after it was carried out."""

    is_processed: bool = True

    async def answer(self, call: Call) -> Answer:
        """Break."""
        if self.is_processed:
            call.carry_out()
        raise Lost("connection reset by peer", True)


@dataclass(frozen=True, slots=True)
class Http:
    """A gateway answers in the venue's place."""

    status: int = 502
    text: str = HTML.decode()
    headers: dict[str, str] = field(default_factory=dict)
    is_processed: bool = False

    async def answer(self, call: Call) -> Answer:
        """Answer with what was set."""
        if self.is_processed:
            call.carry_out()
        return Answer(self.status, self.text.encode(), dict(self.headers))


@dataclass(frozen=True, slots=True)
class DnsFail:
    """The name does not resolve: nothing leaves, no stream opens."""

    async def before(self) -> None:
        """Fail at once."""
        await asyncio.sleep(LATENCY_S)
        raise _NoNameError


class _NoNameError(Lost, CannotConnect):
    """Both what a sender and what a transport raise."""

    def __init__(self) -> None:
        Lost.__init__(self, "no connection: name or service not known", False)
        self.after_s = 0.0


@dataclass(frozen=True, slots=True)
class Refuse:
    """The venue refuses for good, with a code of its own."""

    code: str
    status: int = 400

    async def answer(self, call: Call) -> Answer:
        """Refuse."""
        exchange, asked = call.network.front.exchange, call.asked
        if asked.operation == "place":
            exchange.truth.tell(Refused(exchange.now_ns, asked.market, asked.client_id, self.code))
        return refused(self.code, self.status)


@dataclass(frozen=True, slots=True)
class RefuseSide:
    """Orders of one side are refused."""

    side: str
    code: str = "insufficient_margin"

    async def answer(self, call: Call) -> Answer:
        """Refuse that side, carry out the other."""
        if call.asked.words["side"] == self.side:
            return await Refuse(self.code).answer(call)
        return call.carry_out()


@dataclass(frozen=True, slots=True)
class Vanish:
    """The venue says that it has received it, and drops it without a word."""

    async def answer(self, call: Call) -> Answer:
        """Say yes and do nothing."""
        exchange, asked = call.network.front.exchange, call.asked
        exchange.truth.tell(Refused(exchange.now_ns, asked.market, asked.client_id, "dropped"))
        return ok({"received": True})


@dataclass(frozen=True, slots=True)
class RefuseLater:
    """The venue says that it has received it, and refuses it on the stream."""

    code: str = "insufficient_margin"
    s: float = 0.2

    async def answer(self, call: Call) -> Answer:
        """Say yes, then no."""
        network, asked = call.network, call.asked
        exchange = network.front.exchange
        exchange.truth.tell(Refused(exchange.now_ns, asked.market, asked.client_id, self.code))
        symbol = exchange.books[asked.market].instrument.symbol
        words = {"ch": ACCOUNT, "kind": "rejected", "market": symbol, "cid": asked.client_id}
        words |= {k: asked.words[k] for k in ("side", "price", "size")}
        words |= {"code": self.code, "ts": network.front.now_ms()}
        frame = Frame(ACCOUNT, "rejected", asked.market, words)
        asyncio.get_running_loop().call_later(self.s, network.push, frame)
        return ok({"received": True})


@dataclass(frozen=True, slots=True)
class TooMany:
    """The venue has had enough: 429, or 418 for a ban, with the seconds to wait."""

    status: int = 429
    retry_after_s: float = 10.0

    async def answer(self, call: Call) -> Answer:
        """Refuse, and say until when."""
        headers = {"retry-after": f"{self.retry_after_s:.0f}"}
        now_ns = call.network.clock.now_ns()
        call.network.silences.append(Silence(now_ns, now_ns + int(self.retry_after_s * 1e9)))
        return Answer(self.status, json.dumps({"code": "rate_limit"}).encode(), headers)


@dataclass(frozen=True, slots=True)
class FillAtOnce:
    """The order trades (a share of it) before its acknowledgement leaves."""

    frac: float = 1.0

    async def answer(self, call: Call) -> Answer:
        """Carry out, then let it trade."""
        answer = call.carry_out()
        fill_part(call, self.frac)
        return answer


@dataclass(frozen=True, slots=True)
class CloseByHand:
    """Somebody closes the whole position just before the order arrives."""

    async def answer(self, call: Call) -> Answer:
        """Trade the position away, then carry out."""
        exchange, market = call.network.front.exchange, call.asked.market
        position = exchange.position_lots(market)
        if position:
            side, levels = (
                (SELL, exchange.books[market].bids)
                if position > 0
                else (BUY, exchange.books[market].asks)
            )
            exchange.trade_without_order(market, side, levels[0][0], abs(position))
        return call.carry_out()


@dataclass(frozen=True, slots=True)
class FillDuringCancel:
    """The order trades just before its cancel arrives. `says_gone`: the cancel is acknowledged."""

    frac: float = 1.0
    says_gone: bool = False

    async def answer(self, call: Call) -> Answer:
        """Let it trade, then cancel what is left."""
        fill_part(call, self.frac)
        answer = call.carry_out()
        return ok({"received": True}) if self.says_gone else answer


@dataclass(frozen=True, slots=True)
class FillDuringModify:
    """The order trades just before its amend arrives, perhaps by as much as it is to have."""

    frac: float = 0.5

    async def answer(self, call: Call) -> Answer:
        """Let it trade, then amend it."""
        fill_part(call, self.frac)
        return call.carry_out()


def fill_part(call: Call, frac: float) -> None:
    """Let a share of the order that a request is about trade, if it rests."""
    exchange = call.network.front.exchange
    order = exchange.books[call.asked.market].orders.get(call.asked.client_id)
    if order is not None and order.open_lots:
        lots = max(1, int(Decimal(str(frac)) * order.open_lots))
        exchange.fill(order, lots)
