"""Answer for all markets' trades with one read a look, and never leave one out.

What an account has traded on every market since the last look is one page as a rule. A market's own
past is read once, from the id that was asked for; from then on the common pages tell the rest. What
is young is read again, because the venue's books may show a trade later than one that followed it.
"""

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

    async def _read_news(self) -> None:
        """Take what has been traded since the last time on markets that are asked about."""
        if self._floor_id is None:
            trades = await self._reads.last_trades()
            self._floor_id = min((trade.trade_id for trade in trades), default=0)
        else:
            trades = await self._reads.trades(self._floor_id)
        for trade in trades:
            if trade.market_id in self._known:
                self._known[trade.market_id][trade.trade_id] = trade
        old_ns = max((trade.venue_ns() for trade in trades), default=0) - YOUNG_NS
        old = [trade.trade_id for trade in trades if trade.venue_ns() <= old_ns]
        self._floor_id = max([self._floor_id, *old])
