"""Put the stand-in together: an exchange of perpetuals, and OKX's way to speak."""

from dataclasses import dataclass

from tests.stage.script import Script
from tests.stage.truth import Feed
from tests.venues.bybit import orders
from tests.venues.bybit.engine import Engine, cancel_everything
from tests.venues.bybit.markets import Market
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.okx.gateway import Gateway
from tests.venues.okx.guard import Guard
from tests.venues.okx.markets import LISTED, REGULAR
from tests.venues.okx.publisher import Publisher
from tests.venues.okx.scenario import step_of
from tests.venues.okx.sessions import Session, stream_of
from tests.venues.perpetuals.venue import Basis, Perpetuals

BOOK_BEAT_S = 0.1
FLOW_BEAT_S = 1.0
LOOK_BEAT_S = 5.0


@dataclass(frozen=True, slots=True)
class Setup(Basis):
    """Everything that makes one stand-in differ from another. `engine_ms` passes between an
    acknowledgement and what comes of it."""

    markets: tuple[Market, ...] = LISTED
    is_demo: bool = True
    engine_ms: float = 1.0
    orders_per_2s: int | None = 60


class Venue(Perpetuals):
    """The whole stand-in without doors."""

    publisher: Publisher
    gateway: Gateway

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        super().__init__(setup, now_ns, truth, REGULAR, step_of)
        self.setup = setup
        self.countdowns: dict[int, int] = {}
        """When an account's orders are cancelled, unless that is put off."""
        self.publisher = Publisher(self)
        self.guard = Guard(self.exchange, setup.is_demo)
        self.engine = Engine(self, setup.engine_ms)
        self.gateway = Gateway(self, Script(setup.script))
        self.begin()
        self.agenda.every(BOOK_BEAT_S, self.publisher.tell_books)
        self.agenda.every(FLOW_BEAT_S, self.publisher.tell_flows)
        self.agenda.every(LOOK_BEAT_S, self._look_after)

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
        if topic.startswith("books:") and not begins:
            self.truth.tell(Feed(now_ns, topic.partition(":")[2], False))

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now."""
        self.publisher.tell_book(symbol)

    def duties(self) -> None:
        """Close what has no margin left, and cancel what nobody has put off."""
        super().duties()
        for uid, due_ns in list(self.countdowns.items()):
            if self.agenda.now_ns >= due_ns:
                del self.countdowns[uid]
                cancel_everything(self.exchange, uid, orders.BY_DCP)

    def _look_after(self) -> None:
        for session in list(self.sessions):
            session.look_after()
