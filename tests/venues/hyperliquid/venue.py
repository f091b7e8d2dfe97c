"""Put the stand-in together: an exchange of perpetuals, and Hyperliquid's way to speak."""

from dataclasses import dataclass

from tests.stage.script import Script
from tests.stage.truth import Feed
from tests.venues.bybit.engine import Engine
from tests.venues.bybit.markets import Market
from tests.venues.bybit.participants import CrowdFloor
from tests.venues.common.crowd import Crowd
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.hyperliquid.gateway import Gateway
from tests.venues.hyperliquid.guard import Guard
from tests.venues.hyperliquid.markets import LISTED, REGULAR, SETTLE, character_of
from tests.venues.hyperliquid.publisher import Publisher
from tests.venues.hyperliquid.scenario import step_of
from tests.venues.hyperliquid.sessions import Session
from tests.venues.perpetuals.venue import Basis, Perpetuals

BOOK_BEAT_S = 0.5
FLOW_BEAT_S = 1.0
LOOK_BEAT_S = 5.0


@dataclass(frozen=True, slots=True)
class Setup(Basis):
    """Everything that makes one stand-in differ from another. `quota` is how many actions an
    account may send in all."""

    markets: tuple[Market, ...] = LISTED
    is_mainnet: bool = False
    quota: int = 10_000


class Venue(Perpetuals):
    """The whole stand-in without doors."""

    publisher: Publisher
    gateway: Gateway

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        super().__init__(setup, now_ns, truth, REGULAR, step_of)
        self.setup = setup
        self.chronicle.settle = SETTLE
        self.used = 0
        """How many actions were sent."""
        self.publisher = Publisher(self)
        self.guard = Guard(self.exchange, setup.is_mainnet)
        self.engine = Engine(self, 0.0)
        self.gateway = Gateway(self, Script(setup.script))
        self.begin()
        self.agenda.every(BOOK_BEAT_S, self.publisher.tell_books)
        self.agenda.every(FLOW_BEAT_S, self.publisher.tell_contexts)
        self.agenda.every(LOOK_BEAT_S, self._look_after)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        return self.gateway.admits("market")

    def opened(self, line: Line, number: int) -> Session:
        """Return the venue's side of a new connection."""
        return Session(self, line, number)

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book is known from its snapshot on."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        if topic.startswith("l2Book:") and not begins:
            self.truth.tell(Feed(now_ns, topic.partition(":")[2], False))

    def tell_book(self, symbol: str) -> None:
        """Send a market's book now."""
        self.publisher.tell_book(symbol)

    def _crowd(self, symbol: str) -> Crowd:
        rng = self.chance(f"crowd {symbol}")
        market = self.exchange.floors[symbol].market
        return Crowd(character_of(market), rng, CrowdFloor(self.exchange, symbol, rng))

    def _look_after(self) -> None:
        for session in list(self.sessions):
            session.look_after()
