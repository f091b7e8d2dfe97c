"""State what the adapter is given of one venue: how it is read, heard and asked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from connectors.ccxt.account import Reads
from connectors.ccxt.ids import Alphabet
from connectors.ccxt.listing import Listed
from connectors.ccxt.orders import Writes
from connectors.ccxt.own import AccountState
from connectors.ccxt.public_feed import Deliver, OnLink
from connectors.ccxt.words import Rates


class Books(Reads, Protocol):
    """What a venue is asked, its clock and its markets included."""

    async def markets(self) -> Sequence[Mapping[str, Any]]:
        """Return every market in ccxt's words."""

    async def set_clock(self) -> None:
        """Learn the venue's time, at once; raises what the request raises."""

    async def ask_clock(self) -> None:
        """Learn the venue's time, or raise VenueError."""

    async def touch(self, symbol: str) -> tuple[str, str]:
        """Return the best bid and ask, empty where a side is."""

    async def rates(self, symbol: str) -> Rates:
        """Return marks and funding."""


class Running(Protocol):
    """What runs until it is cancelled."""

    async def run(self) -> None: ...


@runtime_checkable
class Limited(Protocol):
    """A venue that refuses prices far from its own."""

    def worst_ticks(self, market: Listed, side: int) -> int | None:
        """Return the worst price that an order of a side may have, None where nobody knows."""


class Parts(Protocol):
    """One venue. `writes` is None where nothing is sent, and `account_name` where it is told."""

    alphabet: Alphabet
    has_account: bool
    amends: bool
    """Whether its resting orders are changed in place."""
    account_name: str | None
    relist_every_s: float
    life_ns: int
    """How long after its stamp a request may still be carried out."""

    @property
    def reads(self) -> Books:
        """Return what asks its books."""

    @property
    def writes(self) -> Writes | None:
        """Return what sends orders."""

    async def prepare(self, market: Listed) -> None:
        """Set and read back what an account has to be like to trade, or raise VenueError."""

    def public(
        self, markets: Sequence[Listed], deliver: Deliver, on_link: OnLink
    ) -> Sequence[Running]:
        """Return the streams of market data."""

    def private(
        self,
        state: AccountState,
        markets: Sequence[Listed],
        deliver: Deliver,
        on_link: Callable[[bool, str], None],
    ) -> Running:
        """Return the account's stream."""
