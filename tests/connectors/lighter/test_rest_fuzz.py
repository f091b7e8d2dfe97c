"""Whatever a read answers, it ends in an answer or in VenueError, and never in a guess."""

import json
from typing import Any

import pytest

from connectors.calls import Reply
from connectors.lighter.adapter import Holder
from connectors.model.account import ABSENT
from connectors.model.errors import VenueError
from tests import virtual
from tests.connectors.lighter import examples as said
from tests.connectors.lighter.corpus import spoiled
from tests.connectors.lighter.house import DETAILS, House
from tests.connectors.lighter.test_account_reads import OURS, Keys, account, position
from tests.virtual import VirtualClock

ANSWERS: dict[str, Any] = {
    "orderBookDetails": DETAILS,
    "account": account(position("0.02000", -1)),
    "accountActiveOrders": {"orders": [said.order_row(2176)]},
    "accountInactiveOrders": {"orders": [said.order_row(4352, "canceled")]},
    "accountOrders": {"orders": [said.order_row(2176)]},
    "trades": {"trades": [said.trade_row(7, **OURS), said.trade_row(6, **OURS)]},
}


def spoil(count: int) -> None:
    """Ask everything of a venue of which one answer at a time is spoiled."""

    async def main(clock: VirtualClock) -> int:
        refused = 0
        for path, good in ANSWERS.items():
            whole = json.dumps({"code": 200, **good}).encode()
            for body in spoiled((whole,), count // len(ANSWERS), seed=count):
                refused += await asked(clock, path, body)
        return refused

    assert virtual.run(main) > count // 10


async def asked(clock: VirtualClock, path: str, body: bytes) -> int:
    """Return how many of the three reads were refused."""
    house = House(clock, holder=Holder(said.ACCOUNT, Keys()))
    house.api.answers |= {each: (lambda params, good=good: good) for each, good in ANSWERS.items()}
    house.api.answers[path] = lambda params: Reply(200, {}, body)
    refused = 0
    for read in (
        house.venue.standing("btc"),
        house.venue.trades_after("btc", 0),
        house.venue.order_fate("btc", 2176),
    ):
        try:
            said_ = await read
        except VenueError:
            refused += 1
        else:
            assert getattr(said_, "kind", None) != ABSENT
    return refused


def test_spoiled_answers_are_refused() -> None:
    spoil(600)


@pytest.mark.slow
def test_six_thousand_spoiled_answers_are_refused() -> None:
    spoil(6_000)
