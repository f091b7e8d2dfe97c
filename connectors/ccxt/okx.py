"""Be OKX with an account: its linear perpetuals, on mainnet, in demo trading, or a stand-in."""

from collections.abc import Mapping, Sequence

from connectors.ccxt import okx_words
from connectors.ccxt.account_parts import AccountParts, Setup
from connectors.ccxt.cares import OKX as CARE
from connectors.ccxt.countdown import AnsweredCountdown
from connectors.ccxt.dialects import OKX
from connectors.ccxt.emergency import ListedEmergency
from connectors.ccxt.keeper import Watch
from connectors.ccxt.library import Way
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.okx_rest import OkxRest
from connectors.ccxt.native.okx_streams import DEMO, REST
from connectors.ccxt.native.rest import NO_HEADERS
from connectors.ccxt.okx_emergency import OkxClearing
from connectors.ccxt.okx_lane import LIFE_MS, expiry
from connectors.ccxt.okx_reach import within
from connectors.ccxt.okx_reads import OkxReads
from connectors.ccxt.okx_safety import examine, prepare
from connectors.ccxt.okx_words import OkxWords
from connectors.ccxt.okx_writes import OkxWrites
from connectors.examined import Remark
from connectors.model.events import BUY
from connectors.model.instrument import Instrument

ACCOUNT = "the account"
CROSS = "cross"


class Okx(AccountParts):
    """The `Parts` of OKX's linear perpetuals."""

    alphabet = OKX.alphabet
    amends = True
    life_ns = LIFE_MS * 1_000_000
    channels = okx_words.CHANNELS

    def __init__(self, setup: Setup, is_demo: bool = False) -> None:
        marks = DEMO if is_demo else NO_HEADERS

        def headers(path: str, now_ms: int) -> Mapping[str, str]:
            return {**marks, **expiry(path, now_ms)}

        way, network = setup.where.way(), setup.network
        super().__init__(setup, Way(way.exchange, way.options, OKX.codes, way.addresses, headers))
        public = OkxRest(network, setup.where.rest_url or REST, marks)
        margin_mode = setup.terms.margin_mode or CROSS
        self.reads = OkxReads(self.exchange, network, public, margin_mode)
        self.writes = OkxWrites(self.exchange, network, margin_mode) if setup.sends else None

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

    def speech(self) -> OkxWords:
        """Return how the account's stream speaks."""
        return OkxWords()

    def stream_url(self) -> str:
        """Return where the account's stream is."""
        return f"{self.exchange.urls['api']['ws']}/private"

    def watches(self) -> Sequence[Watch]:
        """Return what logs in and subscribes: the stream begins with what is held."""
        return [self._listen]

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

    async def _listen(self) -> None:
        args = [{"channel": "account"}]
        args += [{"channel": name, "instType": "SWAP"} for name in ("orders", "positions")]
        await self.exchange.authenticate()
        await self.keeper.send_once({"op": "subscribe", "args": args})
        await self.exchange.client(self.stream_url()).future("its end")
