"""Describe an exchange whose market data are read, and where nothing is ever sent."""

import ipaddress
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from runner.settings.fields import Real, Text, Whole, rule
from runner.settings.venue import VenueSettings

EXCHANGES = {
    "binance": "binance",
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
"""Names in ccxt by ours."""
NATIVE_ALONE = frozenset({"hyperliquid", "kucoinfutures", "mexc"})
"""Exchanges of ccxt's whose books it does not look for holes in."""
HttpsOrNull = Annotated[
    str | None, Text(r"https?://[^\s?#]{1,200}[^\s?#/]", "an address with https://", null=True)
]
WssOrNull = Annotated[
    str | None, Text(r"wss?://[^\s?#]{1,200}[^\s?#/]", "an address with wss://", null=True)
]


class MarketData(VenueSettings):
    """An exchange that is read."""

    network: Literal["mainnet", "testnet", "demo"]
    public: Literal["native", "ccxt"]
    """How market data are read."""
    rest_url: HttpsOrNull
    ws_url: WssOrNull
    requests_per_5s: Annotated[int, Whole(40, 10_000)]
    reads_per_s: Annotated[int, Whole(4, 1_000)]
    connections_per_min: Annotated[int, Whole(3, 1_000)]
    max_silence_s: Annotated[float, Real(1, 3600)]
    ping_every_s: Annotated[float, Real(1, 60)]
    relist_every_s: Annotated[float, Real(10, 86_400)]

    @model_validator(mode="after")
    def _addresses_are_safe(self) -> Self:
        for key in ("rest_url", "ws_url"):
            url = urlsplit(getattr(self, key) or "")
            if url.scheme in ("http", "ws") and not is_this_machine(url.hostname or ""):
                raise rule(f"{key}: expected TLS but to this machine itself, was {url.scheme}")
        return self

    @model_validator(mode="after")
    def _holes_are_found(self) -> Self:
        if self.public == "ccxt" and EXCHANGES.get(self.name) in NATIVE_ALONE:
            raise rule("public: expected native here, was ccxt: it finds no holes in the book")
        return self


def is_this_machine(host: str) -> bool:
    """Tell whether a host is the machine that we are on."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
