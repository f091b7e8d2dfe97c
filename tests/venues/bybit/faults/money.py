"""What happens to money: fees, funding, transfers and leverage."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.venues.bybit import ledger
from tests.venues.bybit.exchange import AccountNews
from tests.venues.bybit.faults.hands import client_account
from tests.venues.bybit.funding import pay, settle
from tests.venues.bybit.markets import ATOM, QUOTE_DECIMALS

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue


@dataclass(frozen=True, slots=True)
class Fees:
    """From now on trades cost this, in 1e-6 of notional; below zero it is a rebate."""

    maker_1e6: int = 200
    taker_1e6: int = 550

    def do(self, venue: "Venue") -> None:
        """Change the account's level."""
        account = client_account(venue)
        account.vip = replace(account.vip, maker_1e6=self.maker_1e6, taker_1e6=self.taker_1e6)


@dataclass(frozen=True, slots=True)
class Pay:
    """Money moves without a trade: a transfer, in USDT."""

    amount: str

    def do(self, venue: "Venue") -> None:
        """Move it."""
        x, account = venue.exchange, client_account(venue)
        atoms, number = int(Decimal(self.amount).scaleb(QUOTE_DECIMALS)), x.next_number()
        ledger.transfer(account, number, x.now_ns, atoms)
        venue.chronicle.transferred(account.uid, number, atoms)
        x.tell(AccountNews(account.uid, "transfer"))


@dataclass(frozen=True, slots=True)
class SettleFunding:
    """Funding is settled out of turn: for all at the announced rate, or for ours at another."""

    market: str
    rate_1e8: int | None = None

    def do(self, venue: "Venue") -> None:
        """Settle it."""
        if self.rate_1e8 is None:
            settle(venue.exchange, self.market)
        else:
            pay(venue.exchange, client_account(venue), self.market, self.rate_1e8)


@dataclass(frozen=True, slots=True)
class SetCollateral:
    """The wallet has so much, in USDT: too little for what it wants to do."""

    usdt: int

    def do(self, venue: "Venue") -> None:
        """Set it, as a transfer of the difference."""
        missing = Decimal(self.usdt * ATOM - client_account(venue).wallet)
        Pay(str(missing.scaleb(-QUOTE_DECIMALS))).do(venue)


@dataclass(frozen=True, slots=True)
class SetLeverage:
    """A market's leverage is another than was asked for, in 1e-2."""

    market: str
    leverage_1e2: int = 100

    def do(self, venue: "Venue") -> None:
        """Set it."""
        account = client_account(venue)
        account.leverage_1e2[self.market] = (self.leverage_1e2, self.leverage_1e2)
        venue.exchange.tell(AccountNews(account.uid, "leverage", self.market))
