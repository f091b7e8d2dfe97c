"""Put the stand-in together: an exchange whose clients hold currencies, and MEXC's way to speak.

The engine below it is that of perpetuals, with money without end: what a client can give is what
its wallet holds.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.stage.script import Script
from tests.stage.truth import Feed
from tests.venues.binance.sessions import stream_of
from tests.venues.binance_spot.markets import FREE, LISTED
from tests.venues.bybit.accounts import Account, Key
from tests.venues.bybit.markets import Market
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.mexc.errors import PARAM, Refused
from tests.venues.mexc.gateway import Gateway
from tests.venues.mexc.guard import Guard
from tests.venues.mexc.publisher import BOOKS, Publisher
from tests.venues.mexc.scenario import step_of
from tests.venues.mexc.sessions import Session
from tests.venues.mexc.wallets import Wallets
from tests.venues.perpetuals.venue import Basis, Perpetuals

BOOK_BEAT_S = 0.1
KEY_BEAT_S = 60.0
KEY_NS = 3_600_000_000_000
MOST_KEYS = 60
HELD = {"USDT": Decimal(6000), "ETH": Decimal(2), "BTC": Decimal("0.1"), "MX": Decimal(1)}


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
        """Whose each key of a stream is."""
        self.keys_made = 0
        self._ends_ns: dict[str, int] = {}
        self.wallets = Wallets(self.exchange)
        self.publisher = Publisher(self)  # type: ignore[arg-type]
        self.guard = Guard(self.exchange)
        self.gateway = Gateway(self, Script(setup.script))  # type: ignore[arg-type]
        self.begin()
        self.agenda.every(BOOK_BEAT_S, self.publisher.tell_books)
        self.agenda.every(KEY_BEAT_S, self._expire_old)

    def open_account(self, uid: int, keys: dict[str, Key]) -> Account:
        """Open a client's account with its keys and its wallet."""
        self.wallets.open(uid, self.setup.held)
        return super().open_account(uid, keys)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        return self.gateway.admits(stream_of(target))

    def opened(self, line: Line, number: int) -> Session:
        """Return the venue's side of a new connection."""
        session = Session(self, line, number)  # type: ignore[arg-type]
        if session.key and session.uid is None:
            line.put(b"Invalid listen key")
        return session

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book is known from its snapshot on."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        if topic.startswith(BOOKS) and not begins:
            self.truth.tell(Feed(now_ns, topic.rpartition("@")[2], False))

    def listen(self, account: Account) -> str:
        """Return a new key of an account's stream."""
        if len(self.listen_keys) >= MOST_KEYS:
            raise Refused(PARAM)
        self.keys_made += 1
        key = f"pqia{self.keys_made:060x}"
        self.listen_keys[key] = account.uid
        self.prolong(key)
        return key

    def prolong(self, key: str) -> str:
        """Let a key live for another hour."""
        if key not in self.listen_keys:
            raise Refused(PARAM)
        self._ends_ns[key] = self.agenda.now_ns + KEY_NS
        return key

    def forget(self, key: str) -> str:
        """End a key, and the streams that it has opened."""
        self.expire(key)
        for session in list(self.sessions):
            if session.key == key:
                session.line.close(1000)
        return key

    def expire(self, key: str) -> None:
        """End a key: its streams bring nothing more, and nobody says so."""
        self.listen_keys.pop(key, None)
        for session in self.sessions:
            if session.key == key:
                session.uid = None

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now."""
        self.publisher.tell_book(symbol)

    def pay_funding(self, symbol: str) -> None:
        """Pay nothing: spot has no funding."""

    def _expire_old(self) -> None:
        now_ns = self.agenda.now_ns
        for key in [key for key in self.listen_keys if self._ends_ns[key] <= now_ns]:
            self.expire(key)
