"""Describe an exchange that is traded through ccxt: its account, and what that is to be like."""

from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from runner.settings.fields import Text, Whole, rule
from runner.settings.market_data import MarketData, is_this_machine

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
    "kucoin_futures": "kucoinfutures",
}
"""Names in ccxt by ours, of those whose accounts are held against a stand-in."""
UNAMENDED = frozenset({"hyperliquid", "kucoinfutures"})
"""Exchanges of perpetuals whose orders are changed by a cancel and a new one."""
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
    "api-futures.kucoin.com": "mainnet",
    "ws-api-futures.kucoin.com": "mainnet",
}
"""Networks by their hosts: an order of one must never reach another."""
DEMO_DOOR = ("rest_url", "mainnet", "demo")
"""A demo's requests go to the mainnet's host, with a header that says which is meant."""
LONGEST_COUNTDOWN_S = {"hyperliquid": 0, "okx": 120, "kucoinfutures": 0}
"""Of exchanges of ccxt's that have a bound of their own; 0: they have no countdown."""
WITH_PASSPHRASE = frozenset({"okx", "kucoinfutures"})
"""Exchanges of ccxt's whose keys have one."""
NAMED_BY_ORDERS = {"okx": ("margin_mode",), "kucoinfutures": ("margin_mode", "leverage")}
"""What each order says of itself there."""
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
        """Tell whether orders are amended in place by our ids."""
        return not self.is_of_spot and TRADED.get(self.name) not in UNAMENDED

    @property
    def is_of_spot(self) -> bool:
        """Tell whether its markets are spot markets, with wallets and without leverage."""
        return TRADED.get(self.name) in SPOT

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
        most_s = LONGEST_COUNTDOWN_S.get(exchange)
        if most_s == 0 and self.countdown_s is not None:
            raise rule(f"countdown_s: expected null, was {self.countdown_s}: there is none here")
        if most_s is not None and (self.countdown_s or 0) > most_s:
            raise rule(f"countdown_s: expected at most {most_s} here, was {self.countdown_s}")
        if exchange in WITH_PASSPHRASE and self.passphrase_env is None:
            raise rule("passphrase_env: expected the name of an environment variable, was null")
        named = NAMED_BY_ORDERS.get(exchange, ())
        if "margin_mode" in named and self.margin_mode == "as_it_is":
            raise rule("margin_mode: expected cross or isolated, which each order names here")
        if "leverage" in named and self.leverage is None:
            raise rule("leverage: expected a whole number, which each order names here, was null")
        return self

    @model_validator(mode="after")
    def _without_a_test_network_only_a_stand_in_is_one(self) -> Self:
        if TRADED.get(self.name) != "kucoinfutures" or self.network == "mainnet":
            return self
        for key in ("rest_url", "ws_url"):
            host = urlsplit(getattr(self, key) or "").hostname or ""
            if self.network != "testnet" or not is_this_machine(host):
                raise rule(
                    f"network: expected mainnet, or testnet with a stand-in on this machine, was"
                    f" {self.network}: the exchange has no other"
                )
        return self
