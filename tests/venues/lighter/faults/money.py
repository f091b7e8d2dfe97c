"""What happens to money: fees, funding, transfers, quota and leverage."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.stage.truth import Paid
from tests.venues.lighter.exchange import AccountNews
from tests.venues.lighter.faults.deeds import client_account
from tests.venues.lighter.funding import pay, settle
from tests.venues.lighter.markets import ASSETS, MICRO
from tests.venues.lighter.wallets import move

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue


@dataclass(frozen=True, slots=True)
class Fees:
    """From now on trades cost this, in 1e-6 of notional; below zero it is a rebate."""

    maker_1e6: int = 40
    taker_1e6: int = 280

    def do(self, venue: "Venue") -> None:
        """Change the account's tier."""
        account = client_account(venue)
        account.tier = replace(account.tier, maker_1e6=self.maker_1e6, taker_1e6=self.taker_1e6)


@dataclass(frozen=True, slots=True)
class Pay:
    """Money moves without a trade: a transfer, in USDC."""

    amount: str
    market: str = ""

    def do(self, venue: "Venue") -> None:
        """Move it."""
        account, amount = client_account(venue), Decimal(self.amount)
        account.collateral_micro += int(amount * MICRO)
        venue.exchange.funding_id += 1
        paid = Paid(
            venue.agenda.now_ns, self.market, "transfer", venue.exchange.funding_id, amount, "USDC"
        )
        venue.truth.tell(paid, account.index)
        venue.exchange.tell(AccountNews(account.index, "transfer"))


@dataclass(frozen=True, slots=True)
class MoveAsset:
    """So much of an asset of the spot wallet is moved in, or out where it is less than zero."""

    amount: str
    asset_id: int = 3

    def do(self, venue: "Venue") -> None:
        """Move it."""
        account, amount = client_account(venue), Decimal(self.amount)
        move(account, self.asset_id, amount)
        venue.exchange.funding_id += 1
        currency, _ = ASSETS[self.asset_id]
        number = venue.exchange.funding_id
        paid = Paid(venue.agenda.now_ns, "", "transfer", number, amount, currency)
        venue.truth.tell(paid, account.index)
        venue.exchange.tell(AccountNews(account.index, "transfer"))


@dataclass(frozen=True, slots=True)
class SettleFunding:
    """Funding is settled out of turn: for all at the announced rate, or for ours at another."""

    market: str | None = None
    rate_1e6: int | None = None

    def do(self, venue: "Venue") -> None:
        """Settle it."""
        if self.market is None or self.rate_1e6 is None:
            settle(venue.exchange)
            return
        market_id = venue.market_id(self.market)
        pay(venue.exchange, client_account(venue), market_id, self.rate_1e6)


@dataclass(frozen=True, slots=True)
class SetRate:
    """A market's funding is announced at this rate from now on, whatever its mark."""

    market: str
    rate_1e6: int

    def do(self, venue: "Venue") -> None:
        """Announce it."""
        floor = venue.exchange.floors[venue.market_id(self.market)]
        floor.set_1e6 = floor.estimate_1e6 = self.rate_1e6


@dataclass(frozen=True, slots=True)
class SetCollateral:
    """The account has so much collateral, in USDC: too little for what it wants to do."""

    usdc: int

    def do(self, venue: "Venue") -> None:
        """Set it, as a transfer of the difference."""
        account = client_account(venue)
        missing = Decimal(self.usdc * MICRO - account.collateral_micro).scaleb(-6)
        Pay(str(missing)).do(venue)


@dataclass(frozen=True, slots=True)
class SetQuota:
    """So many transactions are left of the volume quota."""

    left: int = 0

    def do(self, venue: "Venue") -> None:
        """Set it, and leave no free one."""
        account = client_account(venue)
        account.quota = self.left
        account.free_after_ns = venue.agenda.now_ns + 15_000_000_000


@dataclass(frozen=True, slots=True)
class SetLeverage:
    """A market's initial margin is another than was asked for, in 1e-4."""

    market: str
    margin_1e4: int = 10_000

    def do(self, venue: "Venue") -> None:
        """Set it."""
        account = client_account(venue)
        account.position(venue.market_id(self.market)).margin_1e4 = self.margin_1e4
        venue.exchange.tell(AccountNews(account.index, "leverage"))
