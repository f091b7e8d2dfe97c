"""Give tests a market without a crowd, in which others act only when they are told to."""

from typing import Any

from tests.venues.bybit.client import Client, opened

BTC = "BTCUSDT"
ACCOUNT_TOPICS = ("order", "execution", "position", "wallet")


def quiet(**setup: Any) -> Client:
    """Return a client of a venue without a crowd, which listens to its account."""
    client = opened(has_crowd=False, **setup)
    client.listen(*ACCOUNT_TOPICS)
    return client


def crowd_rests(client: Client, is_ask: bool, ticks: int, lots: int) -> None:
    """Let somebody else's order rest in the first market."""
    _place(client, is_ask, ticks, lots, is_taker=False)


def crowd_takes(client: Client, is_ask: bool, ticks: int, lots: int) -> None:
    """Let somebody else take in the first market."""
    _place(client, is_ask, ticks, lots, is_taker=True)


def _place(client: Client, is_ask: bool, ticks: int, lots: int, is_taker: bool) -> None:
    venue = client.venue
    floor = venue.crowds[BTC]._floor
    venue.round(lambda: floor.place(is_ask, ticks, lots, is_taker=is_taker))
