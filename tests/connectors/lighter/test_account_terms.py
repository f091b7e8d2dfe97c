"""What the venue has agreed with an account is read whole, or not at all."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from connectors.lighter.account_terms import AccountTerms, TermsReads
from connectors.lighter.expected import MarginTerms
from connectors.lighter.tokens import Tokens
from connectors.model.errors import VenueError
from tests import virtual
from tests.connectors.lighter.standin import StandIn
from tests.venues.lighter.keys import ACCOUNT
from tests.virtual import VirtualClock

PLAIN = AccountTerms("premium", 40, 280, {4: "aa"}, frozenset(), "100", {}, 0)


def terms(**fields: Any) -> AccountTerms:
    """Return an account's terms, any of which may be replaced."""
    return replace(PLAIN, **fields)


def read(*steps: dict[str, Any], account: int = ACCOUNT) -> AccountTerms:
    """Read the stand-in's account."""

    async def main(clock: VirtualClock) -> AccountTerms:
        stand = StandIn(clock, *steps)
        keeper = asyncio.create_task(stand.way.keep_time())
        await asyncio.sleep(1)
        reads = TermsReads(stand.network.rest, Tokens(stand.keys, clock), account)
        found = await reads.all()
        keeper.cancel()
        return found

    return virtual.run(main)


def test_all_of_it_is_told() -> None:
    step = {"at_s": 0.0, "do": "set_leverage", "market": "eth", "margin_1e4": 2_000}
    found = read(step)
    assert (found.tier, found.maker_fee_1e6, found.taker_fee_1e6) == ("premium", 40, 280)
    assert 4 in found.keys
    assert found.maker_only == frozenset()
    assert found.margins == {0: MarginTerms(2_000, 0)}
    assert found.cancel_all_ms == 0


def test_a_tier_that_tells_of_no_maker_only_keys_is_read_all_the_same() -> None:
    step = {"when": "getMakerOnlyApiKeys", "times": 99, "do": "http", "status": 404, "text": "{}"}
    assert read(step).maker_only is None


def test_an_account_that_is_not_there_is_an_error() -> None:
    with pytest.raises(VenueError, match="account"):
        read(account=99)
