"""Set the scene for tests of faults: a client under a script, and what they look at."""

import json
from typing import Any

from tests.venues.bybit.client import AT_ONCE_S, Client, opened
from tests.venues.bybit.floor import ACCOUNT_TOPICS, BTC
from tests.venues.bybit.scenario import step_of
from tests.venues.common.http import Plan

BOOK = f"orderbook.50.{BTC}"


def under(*steps: dict[str, Any], has_crowd: bool = False, **setup: Any) -> Client:
    """Return a client of a venue that plays a script, listening to its account and one book."""
    client = opened(script=tuple(step_of(s) for s in steps), has_crowd=has_crowd, **setup)
    client.listen(*ACCOUNT_TOPICS)
    client.public.subscribe(BOOK)
    return client


def play(client: Client, **words: Any) -> None:
    """Do one thing at the venue, now."""
    client.venue.play(step_of(words))


def rest(client: Client, link: str = "1", **fields: Any) -> None:
    """Place an order and let it come to the book."""
    client.place(link, **fields)
    client.pass_time(AT_ONCE_S)


def held(client: Client) -> int:
    """Return the position in the first market."""
    return client.account.position(BTC).lots


def resting(client: Client) -> list[str]:
    """Return the words of what rests."""
    return [order.link_id for order in client.account.live_orders()]


def body(plan: Plan) -> dict[str, Any]:
    """Read an answer."""
    return dict(json.loads(plan.answer.body))
