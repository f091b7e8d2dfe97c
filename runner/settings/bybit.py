"""Describe Bybit: where a network is, what it allows, and what an account is to be like."""

import ipaddress
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from runner.settings.fields import Exact, Real, Text, Whole, rule
from runner.settings.venue import VenueSettings

HOSTS = {
    "api.bybit.com": "mainnet",
    "api.bytick.com": "mainnet",
    "stream.bybit.com": "mainnet",
    "api-testnet.bybit.com": "testnet",
    "stream-testnet.bybit.com": "testnet",
    "api-demo.bybit.com": "demo",
    "stream-demo.bybit.com": "demo",
}
"""Networks by their hosts: an order of one must never reach another."""
Https = Annotated[str, Text(r"https?://[^\s?#]{1,200}[^\s?#/]", "an address with https://")]
Wss = Annotated[str, Text(r"wss?://[^\s?#]{1,200}[^\s?#/]", "an address with wss://")]
WssOrNull = Annotated[
    str | None, Text(r"wss?://[^\s?#]{1,200}[^\s?#/]", "an address with wss://", null=True)
]
Environment = Annotated[str, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable")]


class Bybit(VenueSettings):
    """One network of Bybit: its USDT perpetuals."""

    network: Literal["mainnet", "testnet", "demo"]
    rest_url: Https
    public_url: Wss
    private_url: Wss
    trade_url: WssOrNull
    public: Literal["native", "ccxt"]
    """How market data are read."""
    key_env: Environment
    secret_env: Environment
    """Where both halves of the key are: nothing else ever holds them."""
    account: Annotated[str | None, Text("[A-Za-z0-9_-]{1,40}", "a name", null=True, digits=True)]
    margin_mode: Literal["as_it_is", "cross", "isolated"]
    leverage: Annotated[Decimal | None, Exact(1, 200, null=True)]
    disconnect_cancel_s: Annotated[int | None, Whole(3, 300, null=True)]
    requests_per_5s: Annotated[int, Whole(40, 10_000)]
    places_per_s: Annotated[int, Whole(1, 1_000)]
    cancels_per_s: Annotated[int, Whole(1, 1_000)]
    amends_per_s: Annotated[int, Whole(1, 1_000)]
    reads_per_s: Annotated[int, Whole(4, 1_000)]
    connections_per_min: Annotated[int, Whole(3, 1_000)]
    max_silence_s: Annotated[float, Real(1, 3600)]
    ping_every_s: Annotated[float, Real(1, 60)]
    relist_every_s: Annotated[float, Real(10, 86_400)]

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
        for key in ("rest_url", "public_url", "private_url", "trade_url"):
            url = getattr(self, key)
            if url is None:
                continue
            address = urlsplit(url)
            host = address.hostname or ""
            known = HOSTS.get(host, self.network)
            # The demo has the mainnet's market data, and orders of its own.
            if known != self.network and (key, known, self.network) != DEMO_DATA:
                raise rule(f"{key}: expected a host of {self.network}, was {known}'s {host}")
            if address.scheme in ("http", "ws") and not _is_this_machine(host):
                raise rule(f"{key}: expected TLS but to this machine itself, was {address.scheme}")
        return self


DEMO_DATA = ("public_url", "mainnet", "demo")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
