"""Be what the accounts of all venues have in common whose market data have streams of their own."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from connectors.ccxt.keeper import Keeper, Patience, Watch
from connectors.ccxt.library import Keys, Way, exchange_of
from connectors.ccxt.line import Tap
from connectors.ccxt.listing import Listed
from connectors.ccxt.native.parts import Streams
from connectors.ccxt.network import Network
from connectors.ccxt.own import AccountState
from connectors.ccxt.parts import Running
from connectors.ccxt.private_feed import PrivateFeed, Speech
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.public_only import PublicTerms
from connectors.ccxt.safety import Terms


@dataclass(frozen=True, slots=True)
class Setup:
    """What an account is made of. `streams` make those of market data, with `sends` orders are
    sent, and `account_name` stands for the venue's own."""

    network: Network
    where: PublicTerms
    streams: Streams
    keys: Keys
    terms: Terms
    sends: bool
    account_name: str | None = None


class AccountParts(ABC):
    """The part of a venue's `Parts` that is alike: how it is reached and heard.

    A venue says what its account's stream is called, how it speaks, and what opens it.
    """

    has_account = True
    channels: Sequence[str]
    """What the account's stream has to have spoken of before it is whole."""
    keeper: Keeper
    """The account's stream, once `private` has made it."""

    def __init__(self, setup: Setup, way: Way) -> None:
        self._setup = setup
        self._network = setup.network
        self._terms = setup.terms
        self._tap: Tap | None = None
        self.exchange = exchange_of(way, setup.network, setup.keys, lambda url: self._tap)
        self.account_name = setup.account_name
        self.relist_every_s = setup.where.relist_every_s

    @abstractmethod
    def speech(self) -> Speech:
        """Return how the account's stream speaks."""

    @abstractmethod
    def watches(self) -> Sequence[Watch]:
        """Return what opens the account's stream and asks for its channels."""

    def stream_url(self) -> str:
        """Return where ccxt opens the account's stream, empty where it opens nothing else."""
        return ""

    def public(
        self, markets: Sequence[Listed], deliver: Deliver, on_link: OnLink
    ) -> Sequence[Running]:
        """Return the streams of market data."""
        return self._setup.streams(markets, deliver, on_link)

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
    ) -> Keeper:
        """Return the account's stream. Where it leaves out what reads show it is opened anew."""
        network = self._network
        say = partial(network.say, "")
        feed = PrivateFeed(state, markets, self.speech(), deliver, on_link, say)
        url, watches, patience = self.stream_url(), self.watches(), Patience(max_silence_s=None)
        keeper = Keeper(self.exchange, network, url, watches, self.channels, feed, patience)
        feed.stream = self.keeper = keeper
        self._tap = feed
        state.hearing.on_deaf = partial(keeper.break_off, "it has left out what reads show")
        return keeper
