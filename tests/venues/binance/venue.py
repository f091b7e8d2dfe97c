"""Put the stand-in together: an exchange of perpetuals, and Binance's way to speak."""

from dataclasses import dataclass
from functools import partial

from tests.stage.script import Script
from tests.stage.truth import Feed
from tests.venues.binance.errors import REJECTED_KEY, Refused
from tests.venues.binance.gateway import Gateway
from tests.venues.binance.guard import Guard
from tests.venues.binance.markets import LISTED, REGULAR
from tests.venues.binance.publisher import Publisher
from tests.venues.binance.scenario import step_of
from tests.venues.binance.sessions import Session, key_of, stream_of
from tests.venues.bybit import orders
from tests.venues.bybit.accounts import Account
from tests.venues.bybit.engine import cancel_everything
from tests.venues.bybit.markets import Market
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.perpetuals.venue import Basis, Perpetuals

BOOK_BEAT_S = 0.1
MARK_BEAT_S = 1.0


@dataclass(frozen=True, slots=True)
class Setup(Basis):
    """Everything that makes one stand-in differ from another."""

    markets: tuple[Market, ...] = LISTED
    orders_per_10s: int | None = 300
    key_lasts_s: float = 3600.0


class Venue(Perpetuals):
    """The whole stand-in without doors."""

    publisher: Publisher
    gateway: Gateway

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        super().__init__(setup, now_ns, truth, REGULAR, step_of)
        self.setup = setup
        self.listen_keys: dict[str, int] = {}
        """Whose streams keys open."""
        self.countdowns: dict[tuple[int, str], int] = {}
        """When an account's orders in a market are cancelled, unless that is put off."""
        self.publisher = Publisher(self)
        self.guard = Guard(self.exchange)
        self.gateway = Gateway(self, Script(setup.script))
        self.begin()
        self.agenda.every(BOOK_BEAT_S, self.publisher.tell_books)
        self.agenda.every(MARK_BEAT_S, self.publisher.tell_marks)

    def listen(self, account: Account, begins: bool) -> str:
        """Give an account the key of its stream, or prolong the one it has."""
        key = next((key for key, uid in self.listen_keys.items() if uid == account.uid), None)
        if key is None and not begins:
            raise Refused(REJECTED_KEY)
        if key is None:
            key = f"{self.rng.getrandbits(128):032x}"
            self.listen_keys[key] = account.uid
            self.agenda.after(self.setup.key_lasts_s, partial(self.expire, key))
        return key

    def expire(self, key: str) -> None:
        """Let a stream's key end, and say so on the stream."""
        self.listen_keys.pop(key, None)
        for session in [each for each in self.sessions if each.key == key]:
            words = {"e": "listenKeyExpired", "E": self.exchange.now_ms, "listenKey": key}
            session.tell(words, "expired")
            session.uid = None

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        is_known = not key_of(target) or key_of(target) in self.listen_keys
        return is_known and self.gateway.admits(stream_of(target))

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

    def duties(self) -> None:
        """Close what has no margin left, and cancel what nobody has put off."""
        super().duties()
        now_ns = self.agenda.now_ns
        for (uid, symbol), due_ns in list(self.countdowns.items()):
            if now_ns >= due_ns:
                del self.countdowns[uid, symbol]
                cancel_everything(self.exchange, uid, orders.BY_DCP, {symbol})
