"""Describe an exchange that is traded through ccxt: its account, and what that is to be like."""

from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from runner.settings.fields import Text, Whole, rule
from runner.settings.market_data import MarketData

TRADED = {
    "binance_spot": "binance",
    "binance_spot_testnet": "binance",
    "binance_usdm": "binanceusdm",
    "binance_usdm_testnet": "binanceusdm",
    "mexc": "mexc",
    "okx": "okx",
    "okx_demo": "okx",
    "hyperliquid": "hyperliquid",
    "hyperliquid_testnet": "hyperliquid",
}
"""Names in ccxt by ours, of those whose accounts are held against a stand-in."""
SPOT = frozenset({"binance", "mexc"})
"""Exchanges of ccxt's whose markets are spot markets here."""
HOSTS = {
    "api.binance.com": "mainnet",
    "stream.binance.com": "mainnet",
    "testnet.binance.vision": "testnet",
    "stream.testnet.binance.vision": "testnet",
    "fapi.binance.com": "mainnet",
    "fstream.binance.com": "mainnet",
    "testnet.binancefuture.com": "testnet",
    "demo-fapi.binance.com": "testnet",
    "fstream.binancefuture.com": "testnet",
    "api.mexc.com": "mainnet",
    "wbs-api.mexc.com": "mainnet",
    "www.okx.com": "mainnet",
    "ws.okx.com": "mainnet",
    "wspap.okx.com": "demo",
    "eea.okx.com": "mainnet",
    "wseea.okx.com": "mainnet",
    "wseeapap.okx.com": "demo",
    "us.okx.com": "mainnet",
    "wsus.okx.com": "mainnet",
    "wsuspap.okx.com": "demo",
    "api.hyperliquid.xyz": "mainnet",
    "api.hyperliquid-testnet.xyz": "testnet",
}
"""Networks by their hosts: an order of one must never reach another."""
DEMO_DOOR = ("rest_url", "mainnet", "demo")
"""A demo's requests go to the mainnet's host, with a header that says which is meant."""
LONGEST_COUNTDOWN_S = {"okx": 120}
"""Of exchanges of ccxt's that have a bound of their own."""
Environment = Annotated[str, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable")]
EnvironmentOrNull = Annotated[
    str | None, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable", null=True)
]


class Exchange(MarketData):
    """An exchange that is traded through ccxt."""

    key_env: Environment
    secret_env: Environment
    """Where both halves of the key are: nothing else ever holds them."""
    passphrase_env: EnvironmentOrNull
    """Where the word is that goes with a key; None at an exchange without."""
    account: Annotated[str | None, Text("[A-Za-z0-9_-]{1,40}", "a name", null=True, digits=True)]
    margin_mode: Literal["as_it_is", "cross", "isolated"]
    leverage: Annotated[int | None, Whole(1, 125, null=True)]
    countdown_s: Annotated[int | None, Whole(30, 600, null=True)]
    places_per_s: Annotated[int, Whole(1, 1_000)]
    cancels_per_s: Annotated[int, Whole(1, 1_000)]
    amends_per_s: Annotated[int, Whole(1, 1_000)]

    @property
    def can_amend(self) -> bool:
        """Tell whether orders are amended in place: on spot and at Hyperliquid they are not."""
        return not self.wants_watchdog

    @property
    def is_of_spot(self) -> bool:
        """Tell whether its markets are spot markets, with wallets and without leverage."""
        return TRADED.get(self.name) in SPOT

    @property
    def wants_watchdog(self) -> bool:
        """Tell whether there is no countdown at the venue that every account may have."""
        return self.is_of_spot or TRADED.get(self.name) == "hyperliquid"

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
            if known != self.network and (key, known, self.network) != DEMO_DOOR:
                raise rule(f"{key}: expected a host of {self.network}, was {known}'s {host}")
        return self

    @model_validator(mode="after")
    def _spot_has_no_terms_of_contracts(self) -> Self:
        none = {"margin_mode": "as_it_is", "leverage": None, "countdown_s": None}
        for key, expected in none.items() if self.is_of_spot else ():
            if getattr(self, key) != expected:
                shown = "null" if expected is None else expected
                raise rule(f"{key}: expected {shown} on spot, was {getattr(self, key)}")
        return self

    @model_validator(mode="after")
    def _terms_are_the_exchanges(self) -> Self:
        exchange = TRADED.get(self.name, "")
        if exchange == "hyperliquid" and self.countdown_s is not None:
            raise rule(
                f"countdown_s: expected null here, was {self.countdown_s}: each renewal is one of"
                " the account's requests, and a young account may have none; the watchdog cancels"
            )
        most_s = LONGEST_COUNTDOWN_S.get(exchange)
        if most_s is not None and (self.countdown_s or 0) > most_s:
            raise rule(f"countdown_s: expected at most {most_s} here, was {self.countdown_s}")
        if exchange == "okx" and self.passphrase_env is None:
            raise rule("passphrase_env: expected the name of an environment variable, was null")
        if exchange == "okx" and self.margin_mode == "as_it_is":
            raise rule("margin_mode: expected cross or isolated, which each order names here")
        return self
