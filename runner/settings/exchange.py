"""Describe an exchange that is traded through ccxt: its account, and what that is to be like."""

from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from runner.settings.fields import Text, Whole, rule
from runner.settings.market_data import MarketData

TRADED = {"binance_usdm": "binanceusdm", "binance_usdm_testnet": "binanceusdm"}
"""Names in ccxt by ours, of those whose accounts are held against a stand-in."""
HOSTS = {
    "fapi.binance.com": "mainnet",
    "fstream.binance.com": "mainnet",
    "testnet.binancefuture.com": "testnet",
    "demo-fapi.binance.com": "testnet",
    "fstream.binancefuture.com": "testnet",
}
"""Networks by their hosts: an order of one must never reach another."""
Environment = Annotated[str, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable")]


class Exchange(MarketData):
    """An exchange that is traded through ccxt."""

    key_env: Environment
    secret_env: Environment
    """Where both halves of the key are: nothing else ever holds them."""
    account: Annotated[str | None, Text("[A-Za-z0-9_-]{1,40}", "a name", null=True, digits=True)]
    margin_mode: Literal["as_it_is", "cross", "isolated"]
    leverage: Annotated[int | None, Whole(1, 125, null=True)]
    countdown_s: Annotated[int | None, Whole(30, 600, null=True)]
    places_per_s: Annotated[int, Whole(1, 1_000)]
    cancels_per_s: Annotated[int, Whole(1, 1_000)]
    amends_per_s: Annotated[int, Whole(1, 1_000)]

    @property
    def can_amend(self) -> bool:
        """Tell that orders are amended in place."""
        return True

    @property
    def known_leverage(self) -> Decimal:
        """The leverage that positions are to have; 1 where whatever the account has is left."""
        return Decimal(self.leverage or 1)

    @model_validator(mode="after")
    def _addresses_are_of_the_network(self) -> Self:
        for key in ("rest_url", "ws_url"):
            url = getattr(self, key)
            if url is None and self.network != "mainnet":
                raise rule(f"{key}: expected an address of {self.network}, was null: the mainnet's")
            host = urlsplit(url or "").hostname or ""
            known = HOSTS.get(host, self.network)
            if known != self.network:
                raise rule(f"{key}: expected a host of {self.network}, was {known}'s {host}")
        return self
