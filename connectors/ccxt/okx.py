"""Be OKX with an account: its linear perpetuals, on mainnet, in demo trading, or a stand-in."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from connectors.ccxt import okx_words
from connectors.ccxt.cares import OKX as CARE
from connectors.ccxt.countdown import AnsweredCountdown
from connectors.ccxt.dialects import OKX
from connectors.ccxt.emergency import ListedEmergency
from connectors.ccxt.keeper import Keeper, Patience
from connectors.ccxt.library import Keys, Way, exchange_of
from connectors.ccxt.line import Tap
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.okx_rest import OkxRest
from connectors.ccxt.native.okx_streams import DEMO, REST
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.native.rest import NO_HEADERS
from connectors.ccxt.network import Network
from connectors.ccxt.okx_emergency import OkxClearing
from connectors.ccxt.okx_lane import LIFE_MS, expiry
from connectors.ccxt.okx_reach import within
from connectors.ccxt.okx_reads import OkxReads
from connectors.ccxt.okx_safety import examine, prepare
from connectors.ccxt.okx_words import OkxWords
from connectors.ccxt.okx_writes import OkxWrites
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Running
from connectors.ccxt.private_feed import PrivateFeed
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms
from connectors.examined import Remark
from connectors.model.events import BUY
from connectors.model.instrument import Instrument

ACCOUNT = "the account"
CROSS = "cross"


class Okx:
    """The `Parts` of OKX's linear perpetuals."""

    alphabet = OKX.alphabet
    has_account = True
    amends = True
    life_ns = LIFE_MS * 1_000_000

    def __init__(
        self,
        network: Network,
        where: PublicTerms,
        streams: Streams,
        keys: Keys,
        terms: Terms,
        sends: bool,
        account_name: str | None = None,
        is_demo: bool = False,
    ) -> None:
        """`streams` make those of market data, with `sends` orders are sent, and `account_name`
        stands for the venue's own."""
        self._network = network
        self._terms = terms
        self._streams = streams
        self._tap: Tap | None = None
        marks = DEMO if is_demo else NO_HEADERS

        def headers(path: str, now_ms: int) -> Mapping[str, str]:
            return {**marks, **expiry(path, now_ms)}

        way = where.way()
        mine = Way(way.exchange, way.options, OKX.codes, way.addresses, headers)
        self.exchange = exchange_of(mine, network, keys, lambda url: self._tap)
        public = OkxRest(network, where.rest_url or REST, marks)
        margin_mode = terms.margin_mode or CROSS
        self.reads = OkxReads(self.exchange, network, public, margin_mode)
        self.account_name = account_name
        self.relist_every_s = where.relist_every_s
        self.writes = OkxWrites(self.exchange, network, margin_mode) if sends else None

    async def prepare(self, market: Listed) -> None:
        """Set and read back what an account has to be like, or raise VenueError."""
        await prepare(self.exchange, self.reads, self._network, self._terms, market)

    async def examine(self, market: Listed) -> list[Remark]:
        """Remark on the account and on a market of it."""
        return await examine(self.reads, self._terms, market)

    def worst_ticks(self, market: Listed, side: int) -> int | None:
        """Return the worst price that an order of a side may have, None where nobody knows."""
        rates = market.latest.rates
        limit = None if rates is None else rates.highest_buy if side == BUY else rates.lowest_sell
        return None if limit is None else within(market, side, limit)

    def public(
        self, markets: Sequence[Listed], deliver: Deliver, on_link: OnLink
    ) -> Sequence[Running]:
        """Return the streams of market data."""
        return self._streams(markets, deliver, on_link)

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
    ) -> Keeper:
        """Return the account's stream: it begins with what is held."""
        say = self._network.say
        feed = PrivateFeed(state, markets, OkxWords(), deliver, on_link, lambda text: say("", text))
        url = f"{self.exchange.urls['api']['ws']}/private"
        args = [{"channel": "account"}]
        args += [{"channel": name, "instType": "SWAP"} for name in ("orders", "positions")]

        async def listened() -> None:
            await self.exchange.authenticate()
            await keeper.send_once({"op": "subscribe", "args": args})
            await self.exchange.client(url).future("its end")

        feed.stream = keeper = Keeper(
            self.exchange,
            self._network,
            url,
            [listened],
            okx_words.CHANNELS,
            feed,
            Patience(max_silence_s=None),
        )
        self._tap = feed
        state.hearing.on_deaf = partial(keeper.break_off, "it has left out what reads show")
        return keeper

    def countdown(self, symbols: Sequence[str], lasts_s: int) -> AnsweredCountdown:
        """Return the venue's countdown, which is of the whole account."""

        async def arm(part: str, seconds: int) -> int:
            (said,) = (await CARE.countdown(self.exchange, part, seconds))["data"]
            due_ms = int(said["triggerTime"])
            return round((due_ms - int(said["ts"])) / 1000) if due_ms else 0

        return AnsweredCountdown(self._network, [ACCOUNT], lasts_s, arm)

    def emergency(self, instruments: Sequence[Instrument]) -> ListedEmergency:
        """Return what cancels all orders from another thread."""
        symbols = [each.symbol for each in instruments]
        return ListedEmergency(self._network.venue, symbols, OkxClearing(self.exchange))
