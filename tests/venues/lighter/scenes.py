"""Set the scene for tests of faults: a client under a script, and what they look at."""

import json
from typing import Any

from tests.venues.common.http import Asked, Plan
from tests.venues.lighter.client import Client, opened
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.scenario import step_of

OWN = ("orders", "trades", "positions", "assets")


def under(*steps: dict[str, Any], has_crowd: bool = False, **setup: Any) -> Client:
    """Return a client of a venue that plays a script, listening to its account and one book."""
    script = tuple(step_of(step) for step in steps)
    client = opened(script=script, has_crowd=has_crowd, **setup)
    client.subscribe(*(f"account_all_{name}/{ACCOUNT}" for name in OWN), "order_book/0")
    return client


def asked(client: Client, path: str, **words: str) -> Plan:
    """Return how a request is met."""
    headers = {"authorization": client.token()}
    return client.venue.ask(Asked("GET", f"/api/v1/{path}", words, headers))


def placed(client: Client, client_index: int = 1, **fields: int) -> None:
    """Place an order and let it rest."""
    client.place(client_index, **fields)
    client.pass_time(0.01)


def held(client: Client) -> int:
    """Return the position in the first market."""
    return client.venue.exchange.accounts[ACCOUNT].position(0).lots


def resting(client: Client) -> list[int]:
    """Return the indexes of what rests."""
    return [o.client_index for o in client.venue.exchange.accounts[ACCOUNT].live_orders()]


def as_json(words: Any) -> str:
    """Spell words."""
    return json.dumps(words)
