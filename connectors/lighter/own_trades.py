"""Answer for all markets' trades with one read a look, and never leave one out.

What an account has traded on every market since the last look is one page as a rule. A market's own
past is read once, from the id that was asked for, where the first common page does not go back as
far; from then on the common pages tell the rest. What is young is read again, because the venue's
books may show a trade later than one that followed it.
"""

from collections.abc import Sequence

from connectors.lighter.account_reads import AccountReads
from connectors.lighter.wire import Trade
from connectors.shared import Shared

YOUNG_NS = 60_000_000_000
"""A trade is young until one follows that is so much later, by the venue's own stamps."""


class OwnTrades:
    """The trades of one account that have been read, by market, above the id asked for last."""

    def __init__(self, reads: AccountReads) -> None:
        self._reads = reads
        self._news = Shared(self._read_news)
        self._floor_id: int | None = None
        """All trades up to here have been read, or are asked for market by market."""
        self._from: dict[int, int] = {}
        """Above which id all of a market's trades are known."""
        self._has_older = False
        """There may be trades that the first page has not told."""
        self._highest: dict[int, int] = {}
        self._known: dict[int, dict[int, Trade]] = {}

    async def after(self, market_id: int, after_id: int) -> list[Trade]:
        """Return a market's trades with a higher id, by rising ids. Raises VenueError."""
        known = self._known.setdefault(market_id, {})
        await self._news.ask()
        if after_id < self._from.get(market_id, after_id + 1):
            past = await self._reads.trades(after_id, market_id)
            known.update({trade.trade_id: trade for trade in past})
        self._from[market_id] = after_id
        for trade_id in [trade_id for trade_id in known if trade_id <= after_id]:
            del known[trade_id]
        return [known[trade_id] for trade_id in sorted(known)]

    async def highest_id(self, market_id: int) -> int:
        """Return the highest id of a market's trades, 0 where it has none. Raises VenueError."""
        self._known.setdefault(market_id, {})
        await self._news.ask()
        if market_id not in self._highest and self._has_older:
            last, _ = await self._reads.last_trades(market_id)
            self._note(last)
        return self._highest.get(market_id, 0)

    async def _read_news(self) -> None:
        """Take what has been traded since the last time on markets that are asked about."""
        if self._floor_id is None:
            trades, is_all = await self._reads.last_trades()
            self._floor_id = min((trade.trade_id for trade in trades), default=0)
            self._has_older = not is_all
            if trades or is_all:
                self._from |= dict.fromkeys(self._known, 0 if is_all else self._floor_id)
        else:
            trades = await self._reads.trades(self._floor_id)
        self._note(trades)
        for trade in trades:
            if trade.market_id in self._known:
                self._known[trade.market_id][trade.trade_id] = trade
        old_ns = max((trade.venue_ns() for trade in trades), default=0) - YOUNG_NS
        old = [trade.trade_id for trade in trades if trade.venue_ns() <= old_ns]
        self._floor_id = max([self._floor_id, *old])

    def _note(self, trades: Sequence[Trade]) -> None:
        for trade in trades:
            highest_id = max(self._highest.get(trade.market_id, 0), trade.trade_id)
            self._highest[trade.market_id] = highest_id
