"""Put the stand-in together: an exchange of perpetuals, and Bybit's way to speak."""

from dataclasses import dataclass, field

from tests.stage.script import Script
from tests.stage.truth import Feed
from tests.venues.bybit.accounts import VIPS
from tests.venues.bybit.dcp import Guardian
from tests.venues.bybit.engine import Engine
from tests.venues.bybit.gateway import Gateway
from tests.venues.bybit.guard import Guard
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.markets import LISTED, Market
from tests.venues.bybit.publisher import Publisher
from tests.venues.bybit.scenario import step_of
from tests.venues.bybit.session import Session
from tests.venues.bybit.sessions import opened, stream_of
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.common.windows import Window
from tests.venues.perpetuals.venue import Basis, Perpetuals

REPEAT_BEAT_S = 1.0


@dataclass(frozen=True, slots=True)
class Setup(Basis):
    """Everything that makes one stand-in differ from another. `engine_ms` passes between an
    acknowledgement and what comes of it."""

    markets: tuple[Market, ...] = LISTED[:2]
    vip: str = "No VIP"
    engine_ms: float = 1.0
    limits: Limits = field(default_factory=Limits)


class Venue(Perpetuals):
    """The whole stand-in without doors."""

    publisher: Publisher
    gateway: Gateway

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        super().__init__(setup, now_ns, truth, VIPS[setup.vip], step_of)
        self.setup = setup
        self.limits: Limits = setup.limits
        self.publisher = Publisher(self.exchange)
        self.guard = Guard(self.exchange, setup.limits.recv_ahead_ms)
        self.gateway = Gateway(self, Script(setup.script))
        self.engine = Engine(self, setup.engine_ms)
        self.guardian = Guardian(self)
        self.windows: dict[tuple[int, str], Window] = {}
        self.begin()
        self.agenda.every(REPEAT_BEAT_S, self.publisher.repeat)
        self.agenda.every(self.limits.look_s, self._look_after)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        stream = stream_of(target)
        return len(self.sessions) < self.limits.connections and self.gateway.admits(stream)

    def opened(self, line: Line, number: int) -> Session:
        """Return the venue's side of a new connection."""
        return opened(self, line, number)

    def left(self, session: Session) -> None:
        """Note that a connection hears nothing more."""
        session.end()
        self.guardian.look_after()

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book that nobody hears any more is not known."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        is_book = topic.startswith("orderbook.") and not topic.startswith("orderbook.1.")
        if is_book and not begins and not self.publisher.listeners.get(topic):
            self.truth.tell(Feed(now_ns, topic.rpartition(".")[2], False))
        if begins:
            self.guardian.look_after()

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now, at all depths."""
        for feed in self.publisher.feeds.values():
            if feed.topic.endswith(f".{symbol}"):
                self.publisher.flush_book(feed)

    def duties(self) -> None:
        """Close what has no margin left, and look who listens."""
        super().duties()
        self.guardian.look_after()

    def _look_after(self) -> None:
        for session in list(self.sessions):
            session.look_after()
