"""Put the stand-in together: an exchange whose clients hold currencies, and Binance's way to speak.

The engine below is that of perpetuals, with money without end: what a client can give is what its
wallet holds.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.stage.script import Script
from tests.stage.truth import Feed
from tests.venues.binance.guard import Guard
from tests.venues.binance.scenario import step_of
from tests.venues.binance_spot.gateway import Gateway
from tests.venues.binance_spot.markets import FREE, LISTED
from tests.venues.binance_spot.publisher import Publisher
from tests.venues.binance_spot.sessions import Session, stream_of
from tests.venues.binance_spot.wallets import Wallets
from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.markets import Market
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.perpetuals.venue import Basis, Perpetuals

BOOK_BEAT_S = 0.1
HELD = {"USDT": Decimal(6000), "ETH": Decimal(2), "BTC": Decimal("0.1"), "BNB": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Setup(Basis):
    """Everything that makes one stand-in differ from another."""

    markets: tuple[Market, ...] = LISTED
    wallet_usdt: int = 1_000_000_000
    orders_per_10s: int | None = None
    held: dict[str, Decimal] = field(default_factory=lambda: dict(HELD))


class Venue(Perpetuals):
    """The whole stand-in without doors."""

    publisher: Publisher
    gateway: Gateway

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        super().__init__(setup, now_ns, truth, FREE, step_of)
        self.setup = setup
        self.may_trade = True
        self.listen_keys: dict[str, int] = {}
        self.wallets = Wallets(self.exchange)
        self.publisher = Publisher(self)
        self.guard = Guard(self.exchange)
        self.gateway = Gateway(self, Script(setup.script))
        self.begin()
        self.agenda.every(BOOK_BEAT_S, self.publisher.tell_books)

    def open_account(self, uid: int, keys: dict[str, Key]) -> Account:
        """Open a client's account with its keys and its wallet."""
        self.wallets.open(uid, self.setup.held)
        return super().open_account(uid, keys)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        return self.gateway.admits(stream_of(target))

    def opened(self, line: Line, number: int) -> Session:
        """Return the venue's side of a new connection."""
        return Session(self, line, number)

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book is known from its snapshot on."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        if "@depth" in topic and not begins:
            self.truth.tell(Feed(now_ns, topic.partition("@")[0].upper(), False))

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now."""
        self.publisher.tell_book(symbol)

    def pay_funding(self, symbol: str) -> None:
        """Pay nothing: spot has no funding."""
