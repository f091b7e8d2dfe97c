"""Read the account's stream: orders, trades and positions of ours become account rows.

A batch tells first which orders rest, then what has traded, then what has ended, in whatever order
the venue's topics came.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from connectors.ccxt.listing import Listed
from connectors.ccxt.own import AccountState, Heard, following, heard_of, trade_of
from connectors.ccxt.public_feed import Deliver, Stream
from connectors.ccxt.words import (
    Answered,
    Asked,
    Ended,
    Own,
    OwnFill,
    OwnOrder,
    OwnPosition,
    OwnWallet,
    Word,
)
from connectors.model.account import Fee
from connectors.model.events import (
    ACCEPTED,
    AMENDED,
    FILLED,
    OUTCOME_UNKNOWN,
    AccountRows,
    MarketRows,
)

Row = tuple[int, int, int, int, int, int, int, int]
"""Kind, client id, side, ticks, lots, code, trade id, and the venue's stamp."""

ACCEPTS, FILLS, ENDS = range(3)
MOST_MARGIN_FRAC = Decimal("0.7")
"""The share of the equity that maintenance margin may take before a person is told."""
NEXT_TO_CLOSE = 4
"""The rank of auto-deleveraging from which a person is told; the highest is 5."""


class Speech(Protocol):
    """How a venue speaks on its private streams."""

    def private_word(self, message: Any) -> Word | None:
        """Return what a message says, None where it is ccxt's alone. Raises Malformed."""


class PrivateFeed:
    """The `Tap` and `Feed` of an account. Give it its keeper as `stream` before that runs."""

    stream: Stream

    def __init__(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        speech: Speech,
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
        say: Callable[[str], None],
    ) -> None:
        self._state = state
        self._markets = {market.symbol: market for market in markets}
        self._speech = speech
        self._deliver = deliver
        self._on_link = on_link
        self._say = say
        self._strange: set[str] = set()
        self._due: dict[str, list[tuple[int, Row, Fee | None]]] = {m.name: [] for m in markets}
        self._none = MarketRows()
        self._rows = AccountRows()

    def take(self, message: Any, recv_ns: int) -> bool:
        """Take a message of ours; leave the others to ccxt."""
        word = self._speech.private_word(message)
        match word:
            case list():
                self.stream.hear()
                self._name_fills([each for each in word if isinstance(each, OwnFill)])
                for each in word:
                    self._take_one(each, recv_ns)
                return True
            case Asked():
                for topic in self.stream.topics_of(word.request_id):
                    self.stream.hear(topic)
            case Ended():
                self.stream.break_off(word.why)
                return True
            case _:
                pass
        return False

    def made(self, result: Any, recv_ns: int) -> None:
        """Leave what ccxt makes: the messages say more."""

    def drop(self, why: str) -> None:
        """Count a message that could not be read."""
        self.stream.drop(why)

    def flush(self, now_ns: int) -> None:
        """Deliver what there is of each market."""
        for name, due in self._due.items():
            if not due:
                continue
            due.sort(key=lambda each: each[0])
            for _, row, fee in due:
                self._rows.add(*row, now_ns, fee)
            due.clear()
            try:
                self._deliver(name, self._none, self._rows, now_ns)
            finally:
                self._rows.clear()

    def on_whole(self) -> None:
        """Tell that orders and trades are heard of again."""
        self._on_link(True, "")

    def on_down(self, why: str) -> None:
        """Tell that orders and trades are not heard of from here on."""
        self._on_link(False, why)

    def _take_one(self, said: Own, recv_ns: int) -> None:
        """Take what is said of the account, or of a market of ours."""
        if isinstance(said, OwnWallet):
            self._take_wallet(said)
            return
        market = self._markets.get(said.symbol)
        if market is None:
            return
        match said:
            case OwnOrder():
                self._take_order(market, said)
            case OwnFill():
                self._take_fill(market, said)
            case OwnPosition():
                self._state.brinks.hear(market.name, said, recv_ns)
                self._take_position(market, said)

    def _name_fills(self, fills: Sequence[OwnFill]) -> None:
        """Give ids to the trades of one message together."""
        for symbol, market in self._markets.items():
            self._state.ids.take_all(market.name, [f for f in fills if f.symbol == symbol])

    def _take_position(self, market: Listed, held: OwnPosition) -> None:
        """Keep a position, and tell a person once it comes to the front of those that are closed
        to save others."""
        before = self._state.positions.get(market.name)
        self._state.positions[market.name] = self._state.heard[market.name] = held
        was = 0 if before is None else before.adl_rank
        if held.adl_rank >= NEXT_TO_CLOSE > was:
            self._say(
                f"{market.symbol}: the position of {held.size} is next to be deleveraged (rank"
                f" {held.adl_rank}), liquidation at {held.liquidation_price or 'no price told'}"
            )

    def _take_wallet(self, wallet: OwnWallet) -> None:
        """Keep what the account is worth, and tell a person once it comes near to liquidation."""
        was, self._state.wallet = self._state.wallet, wallet
        if is_near_liquidation(wallet) and not (was and is_near_liquidation(was)):
            self._say(
                f"the maintenance margin of {wallet.maintenance} takes most of the equity of"
                f" {wallet.equity}: at all of it positions are liquidated"
            )

    def _take_order(self, market: Listed, order: OwnOrder) -> None:
        client_id = market.codec.number(order.client_text)
        if client_id is None:
            return
        before = self._state.orders.last(market.name, client_id)
        heard = following(before, heard_of(order, market))
        if heard.kind == OUTCOME_UNKNOWN and order.status not in self._strange:
            self._strange.add(order.status)
            self._say(f"orders' status {order.status[:40]}: neither open nor over")
        self._settle(market, client_id, order, heard)
        is_news = self._state.orders.hear(market.name, client_id, heard)
        if not is_news or heard.kind in (FILLED, OUTCOME_UNKNOWN):
            return
        units = market.units
        open_lots = max(0, units.lots(order.size) - heard.filled_lots)
        row = (
            heard.kind,
            client_id,
            order.side,
            units.ticks(order.price),
            open_lots,
            heard.code,
            0,
            order.venue_ns,
        )
        rank = ACCEPTS if heard.kind == ACCEPTED else ENDS
        self._due[market.name].append((rank, row, None))

    def _settle(self, market: Listed, client_id: int, order: OwnOrder, heard: Heard) -> None:
        """Tell of new terms once the venue shows the order with them; an end settles them too."""
        key = market.name, client_id
        amending = self._state.amends.get(key)
        if amending is None:
            return
        units = market.units
        terms = amending.ticks, amending.lots
        if heard.kind == ACCEPTED and (units.ticks(order.price), units.lots(order.size)) == terms:
            row = (AMENDED, client_id, order.side, *terms, 0, 0, order.venue_ns)
            self._due[market.name].append((ACCEPTS, row, None))
        elif not heard.is_final:
            return
        del self._state.amends[key]
        amending.settled.set()

    def _take_fill(self, market: Listed, fill: OwnFill) -> None:
        trade = trade_of(fill, market, self._state.ids)
        if not self._state.fills.is_news(market.name, trade.trade_id):
            return
        row = (
            FILLED,
            trade.client_id,
            trade.side,
            trade.ticks,
            trade.lots,
            trade.role,
            trade.trade_id,
            trade.venue_ns,
        )
        self._due[market.name].append((FILLS, row, trade.fee))


def is_near_liquidation(wallet: OwnWallet) -> bool:
    """Tell whether most of what an account is worth only keeps its positions."""
    if wallet.equity is None or wallet.maintenance is None or not wallet.maintenance:
        return False
    return wallet.maintenance >= MOST_MARGIN_FRAC * wallet.equity


class AnswerTap:
    """The `Tap` and `Feed` of a stream that only carries requests of ours and their answers."""

    stream: Stream

    def __init__(
        self,
        speech: Speech,
        on_answer: Callable[[Answered], None],
        on_lost: Callable[[str], None],
    ) -> None:
        self._speech = speech
        self._on_answer = on_answer
        self._on_lost = on_lost

    def take(self, message: Any, recv_ns: int) -> bool:
        """Take an answer; leave the rest to ccxt, which would keep every request for ever."""
        word = self._speech.private_word(message)
        if not isinstance(word, Answered):
            return False
        self.stream.hear()
        self._on_answer(word)
        return True

    def made(self, result: Any, recv_ns: int) -> None:
        """Leave what ccxt makes: the messages say more."""

    def drop(self, why: str) -> None:
        """Count a message that could not be read."""
        self.stream.drop(why)

    def flush(self, now_ns: int) -> None:
        """Nothing is held back."""

    def on_whole(self) -> None:
        """Nobody waits for that."""

    def on_down(self, why: str) -> None:
        """Tell that what was asked will not be answered."""
        self._on_lost(why)
