"""Put the stand-in together: an exchange of perpetuals, and KuCoin's way to speak."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.stage.script import Script, Step
from tests.stage.truth import Feed
from tests.venues.bybit.engine import Engine
from tests.venues.bybit.markets import Market
from tests.venues.common import scenario
from tests.venues.common.line import Line
from tests.venues.common.truth import Subscribed, TruthLog
from tests.venues.kucoin.faults import FAULTS
from tests.venues.kucoin.gateway import Gateway
from tests.venues.kucoin.guard import Guard
from tests.venues.kucoin.markets import LISTED, REGULAR
from tests.venues.kucoin.publisher import BOOKS, Publisher
from tests.venues.kucoin.sessions import Session, token_of
from tests.venues.perpetuals.venue import Basis, Perpetuals

BOOK_BEAT_S = 0.1
FLOW_BEAT_S = 1.0
LOOK_BEAT_S = 5.0


def step_of(words: Mapping[str, Any]) -> Step:
    """Return a step; raise ValueError for a word that neither it nor its action knows."""
    return scenario.step_of(FAULTS, words)


@dataclass(frozen=True, slots=True)
class Setup(Basis):
    """Everything that makes one stand-in differ from another. `engine_ms` passes between an
    acknowledgement and what comes of it."""

    markets: tuple[Market, ...] = LISTED
    engine_ms: float = 1.0
    weight_per_30s: int | None = 2000


class Venue(Perpetuals):
    """The whole stand-in without doors."""

    publisher: Publisher
    gateway: Gateway

    def __init__(self, setup: Setup, now_ns: int, truth: TruthLog | None = None) -> None:
        super().__init__(setup, now_ns, truth, REGULAR, step_of)
        self.setup = setup
        self.permission = "General,Futures"
        """What our key may."""
        self.publisher = Publisher(self)
        self.guard = Guard(self.exchange)
        self.engine = Engine(self, setup.engine_ms)
        self.gateway = Gateway(self, Script(setup.script))
        self.begin()
        self.agenda.every(BOOK_BEAT_S, self.publisher.tell_books)
        self.agenda.every(FLOW_BEAT_S, self.publisher.tell_flows)
        self.agenda.every(LOOK_BEAT_S, self._look_after)

    def admits(self, target: str = "") -> bool:
        """Tell whether a connection can be made there at all just now."""
        token = token_of(target)
        kind = "account" if token.startswith("own") else "market"
        return self.guard.is_known(token) and self.gateway.admits(kind)

    def opened(self, line: Line, number: int) -> Session:
        """Return the venue's side of a new connection."""
        return Session(self, line, number)

    def subscribed(self, session: Session, topic: str, begins: bool) -> None:
        """Write down who hears what; a book is known from its snapshot on."""
        now_ns = self.agenda.now_ns
        self.truth.tell(Subscribed(now_ns, session.number, topic, begins))
        if topic.startswith(BOOKS) and not begins:
            self.truth.tell(Feed(now_ns, topic.partition(":")[2], False))

    def tell_book(self, symbol: str) -> None:
        """Send what has changed in a market's book now."""
        self.publisher.tell_book(symbol)

    def _look_after(self) -> None:
        for session in list(self.sessions):
            session.look_after()
