"""Describe Lighter: where a network is, and what it allows an address and an account."""

import ipaddress
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import model_validator

from runner.settings.fields import Block, Exact, Real, Text, Whole, rule
from runner.settings.venue import VenueSettings

HOSTS = {
    "mainnet.zklighter.elliot.ai": "mainnet",
    "testnet.zklighter.elliot.ai": "testnet",
    "api.rh.lighter.xyz": "robinhood",
    "api.rh-testnet.lighter.xyz": "robinhood_testnet",
}
"""Networks by their hosts: a key of one must never sign for another."""
CHAIN_IDS = {"mainnet": 304, "testnet": 300, "robinhood": 466324, "robinhood_testnet": 300}
LEAST_WEIGHT = 1200
"""What one comparison of ledger and venue weighs."""


class LighterMargin(Block):
    """What a market's positions are to be margined with; both null: whatever the account has."""

    mode: Literal["cross", "isolated"] | None
    leverage: Annotated[Decimal | None, Exact(1, 200, null=True)]

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.mode is None) != (self.leverage is None):
            raise rule("expected mode and leverage together, or both null")
        return self


class Lighter(VenueSettings):
    """One network of Lighter."""

    network: Literal["mainnet", "testnet", "robinhood", "robinhood_testnet"]
    rest_url: Annotated[str, Text(r"https?://[^\s?#]{1,200}", "an address with https://")]
    ws_url: Annotated[str, Text(r"wss?://[^\s?#]{1,200}", "an address with wss://")]
    chain_id: Annotated[int, Whole(1, 4_294_967_295)]
    """What signatures are made for."""
    account_index: Annotated[int | None, Whole(1, (1 << 47) - 1, null=True)]
    """Whose account trades."""
    key_index: Annotated[int, Whole(2, 254)]
    key_env: Annotated[str, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable")]
    """Where the private half of the key is: nothing else ever holds it."""
    margin: LighterMargin
    set_leverage: bool
    nonces: Literal["skip", "contiguous"]
    cancel_key_index: Annotated[int | None, Whole(2, 254, null=True)]
    cancel_key_env: Annotated[
        str, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable")
    ]
    presign_cancels: bool
    wait_answer: bool
    batch_counts_each: bool
    cancel_all_after_s: Annotated[int | None, Whole(300, 1_000_000, null=True)]
    """How far ahead the venue's own cancel-all is kept; it takes five minutes to fifteen days."""
    watchdog_key_env: Annotated[
        str | None, Text("[A-Z][A-Z0-9_]{0,63}", "the name of an environment variable", null=True)
    ]
    watchdog_key_index: Annotated[int | None, Whole(2, 254, null=True)]
    """A key of the watchdog's own."""
    connections_per_min: Annotated[int, Whole(1, 10_000)]
    messages_per_min: Annotated[int, Whole(20, 100_000)]
    messages_in_flight: Annotated[int, Whole(1, 10_000)]
    subscriptions_per_connection: Annotated[int, Whole(5, 10_000)]
    sends_per_min: Annotated[int, Whole(6, 60_000)]
    reads_per_min: Annotated[int, Whole(1, 10_000_000)]
    reads_have_weight: bool
    ticker: bool
    max_silence_s: Annotated[float, Real(1, 3600)]
    ping_every_s: Annotated[float, Real(1, 110)]
    max_connection_age_s: Annotated[float, Real(60, 86_000)]
    relist_every_s: Annotated[float, Real(10, 86_400)]
    funding_every_s: Annotated[float, Real(1, 3600)]

    @property
    def can_amend(self) -> bool:
        """Tell that it does."""
        return True

    @property
    def known_leverage(self) -> Decimal:
        """The leverage that positions are to have; 1 where whatever the account has is left."""
        return self.margin.leverage or Decimal(1)

    @model_validator(mode="after")
    def _cancels_have_another_key(self) -> Self:
        if self.cancel_key_index == self.key_index:
            raise rule(f"cancel_key_index: expected another key than {self.key_index}, or null")
        return self

    @model_validator(mode="after")
    def _cancels_are_signed_ahead_by_their_own_key(self) -> Self:
        if self.presign_cancels and (self.cancel_key_index is None or self.nonces != "skip"):
            raise rule(
                "presign_cancels: expected a cancel_key_index and nonces=skip with it: an order of"
                " the same key would make what was signed ahead void"
            )
        return self

    @model_validator(mode="after")
    def _addresses_are_of_the_network(self) -> Self:
        for key in ("rest_url", "ws_url"):
            address = urlsplit(getattr(self, key))
            host = address.hostname or ""
            if HOSTS.get(host, self.network) != self.network:
                raise rule(f"{key}: expected a host of {self.network}, was {HOSTS[host]}'s {host}")
            if address.scheme in ("http", "ws") and not _is_this_machine(host):
                raise rule(f"{key}: expected TLS but to this machine itself, was {address.scheme}")
        return self

    @model_validator(mode="after")
    def _the_chain_is_of_the_network(self) -> Self:
        expected = CHAIN_IDS[self.network]
        if self.chain_id != expected:
            raise rule(
                f"chain_id: expected {expected}, that of {self.network}, was {self.chain_id}"
            )
        return self

    @model_validator(mode="after")
    def _a_watchdogs_key_is_whole(self) -> Self:
        if (self.watchdog_key_env is None) != (self.watchdog_key_index is None):
            raise rule("watchdog_key_env: expected both it and watchdog_key_index, or neither")
        return self

    @model_validator(mode="after")
    def _reads_fit_their_budget(self) -> Self:
        if self.reads_have_weight and self.reads_per_min < LEAST_WEIGHT:
            raise rule(
                f"reads_per_min: expected at least {LEAST_WEIGHT} where reads_have_weight, was"
                f" {self.reads_per_min}"
            )
        return self


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
