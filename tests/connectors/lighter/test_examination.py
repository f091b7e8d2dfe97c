"""An account is held against what a deploy expects of it: each difference is one line."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from connectors.examined import Remark, Weight
from connectors.lighter.budgets import Caps
from connectors.lighter.examination import of_clock, of_tier
from connectors.lighter.expected import Expectations, Expected, MarginTerms, margin_terms
from connectors.lighter.trading import leverage_of
from connectors.model.errors import Plan, VenueError
from tests import virtual
from tests.connectors.lighter.test_account_terms import terms
from tests.connectors.lighter.trader import KEY, Trader
from tests.venues.lighter.keys import ACCOUNT
from tests.virtual import VirtualClock

MAKER, TAKER = Decimal("0.4"), Decimal("2.8")
CROSS_5 = margin_terms("cross", Decimal(5))
ISOLATED_4 = margin_terms("isolated", Decimal(4))
SECOND_NS = 1_000_000_000


def expects(key: int = KEY, **fields: Any) -> Expectations:
    """Return what a deploy of one market expects."""
    return Expectations(
        key, {"eth": Expected(**{"maker_fee_bps": MAKER, "taker_fee_bps": TAKER} | fields)}
    )


def examined(
    expected: Expectations, *steps: dict[str, Any], prepares: bool = False, **setup: Any
) -> tuple[list[Remark], Trader]:
    """Examine the stand-in's account, after preparing it where that is asked for."""

    async def main(clock: VirtualClock) -> tuple[list[Remark], Trader]:
        stand = Trader(clock, *steps, **setup)
        stand.venue.expected = expected
        keeper = asyncio.create_task(stand.way.keep_time())
        if prepares:
            stand.venue.leverage = leverage_of(stand.network, stand.http, stand.signer)
            await stand.venue.prepare()
        found = await stand.venue.examine()
        keeper.cancel()
        return found, stand

    return virtual.run(main)


def refusals(found: list[Remark]) -> list[str]:
    """Return the lines that refuse a start."""
    return [remark.text for remark in found if remark.weight is Weight.REFUSES]


def test_an_account_that_is_as_expected_stands_in_nobodys_way() -> None:
    found, _ = examined(expects())
    assert refusals(found) == []
    said = " ".join(remark.text for remark in found)
    assert f"API key {KEY} is registered" in said
    assert "this place may send transactions" in said
    assert "tier premium: the budgets are within its limits" in said
    assert "no cancel of all orders is planned" in said


@pytest.mark.parametrize(
    ("expected", "setup", "said"),
    [
        (expects(key=77), {}, "expected API key 77 to be registered, there are 4, 5"),
        (expects(maker_fee_bps=Decimal(0)), {}, "venue.maker_fee_bps: expected 0.4"),
        (expects(taker_fee_bps=Decimal(0)), {}, "venue.taker_fee_bps: expected 2.8"),
        (expects(margin=CROSS_5), {}, "expected cross at leverage 5, was not told"),
        (expects(), {"tier": "standard"}, "venue.reads_have_weight: expected false"),
        (expects(), {"skew_ms": 60_000}, "set the clock, orders expire by it"),
    ],
)
def test_a_difference_that_costs_money_refuses_a_start(
    expected: Expectations, setup: dict[str, Any], said: str
) -> None:
    found, _ = examined(expected, **setup)
    assert any(said in text for text in refusals(found)), found


def test_a_place_that_may_not_send_is_told_without_the_page_it_got() -> None:
    page = {"when": "write", "do": "http", "status": 403, "text": "<html>blocked</html>"}
    found, _ = examined(expects(), page)
    (text,) = refusals(found)
    assert text == (
        "sending is refused with 403: this place may not trade: run from a region that the venue"
        " admits"
    )


def test_a_lower_fee_only_warns() -> None:
    found, _ = examined(expects(maker_fee_bps=Decimal(1)))
    warned = [remark for remark in found if remark.weight is Weight.WARNS]
    assert [(remark.about, "wider" in remark.text) for remark in warned] == [("eth", True)]


def test_margins_are_set_once_and_told_back() -> None:
    found, stand = examined(expects(margin=ISOLATED_4, sets_margin=True), prepares=True)
    held = stand.there.exchange.accounts[ACCOUNT].position(0)
    assert (held.margin_1e4, held.margin_mode) == (2_500, 1)
    assert refusals(found) == []
    assert any(remark.text == "margin is isolated at leverage 4" for remark in found)
    assert [tx.wanted.kind for tx in stand.signer.signed] == [20]


def test_margins_that_are_right_are_left_alone() -> None:
    step = {"at_s": 0.0, "do": "set_leverage", "market": "eth", "margin_1e4": 2_000}

    async def main(clock: VirtualClock) -> Trader:
        stand = Trader(clock, step)
        stand.venue.expected = expects(margin=CROSS_5, sets_margin=True)
        stand.venue.leverage = leverage_of(stand.network, stand.http, stand.signer)
        keeper = asyncio.create_task(stand.way.keep_time())
        await asyncio.sleep(1)
        await stand.venue.prepare()
        keeper.cancel()
        return stand

    assert virtual.run(main).signer.signed == []


def test_only_looked_at_another_margin_refuses_a_start() -> None:
    found, stand = examined(expects(margin=CROSS_5), prepares=True)
    assert any("venue.set_leverage=true" in text for text in refusals(found))
    assert stand.signer.signed == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"when": "write", "do": "refuse", "code": 21132}, "flatten the market first"),
        ({"when": "execute.leverage", "do": "vanish"}, "is not told back"),
    ],
)
def test_a_margin_that_does_not_come_about_stops_the_start(step: dict[str, Any], said: str) -> None:
    with pytest.raises(VenueError, match=said) as raised:
        examined(expects(margin=CROSS_5, sets_margin=True), step, prepares=True)
    assert raised.value.plan is Plan.HALT


def test_full_positions_that_the_account_cannot_carry_are_warned_of() -> None:
    step = expects(margin=CROSS_5, sets_margin=True, max_position_quote=Decimal(600_000))
    found, _ = examined(step, prepares=True)
    assert any("need 120000.00 USDC of margin" in remark.text for remark in found)


@pytest.mark.parametrize(
    ("tier", "sends", "weight"),
    [
        ("standard", 61, Weight.REFUSES),
        ("standard", 60, Weight.GOOD),
        ("premium", 4_001, Weight.WARNS),
        ("premium", 40_001, Weight.REFUSES),
        ("a new one", 60, Weight.WARNS),
    ],
)
def test_a_budget_beyond_its_tier_is_no_budget(tier: str, sends: int, weight: Weight) -> None:
    caps = Caps(60, 200, 35, 60, False, 90, sends)
    (remark,) = of_tier(terms(tier=tier), caps)
    assert remark.weight is weight


@pytest.mark.parametrize(
    ("ahead_s", "weight"),
    [(0, Weight.GOOD), (-7, Weight.WARNS), (7, Weight.WARNS), (40, Weight.REFUSES)],
)
def test_the_clock_is_bounded_by_the_venues_second(ahead_s: int, weight: Weight) -> None:
    sent_ns = 1_795_000_000 * SECOND_NS + SECOND_NS // 2
    remark = of_clock(1_795_000_000 + ahead_s, sent_ns, sent_ns + SECOND_NS // 10)
    assert remark.weight is weight


def test_leverage_is_a_share_of_worth() -> None:
    assert margin_terms("cross", Decimal(3)) == MarginTerms(3_333, 0)
    assert MarginTerms(2_500, 1).words() == "isolated at leverage 4"


@pytest.mark.parametrize(("key", "is_refused"), [(6, False), (9, True)])
def test_the_key_that_cancels_has_to_be_registered(key: int, is_refused: bool) -> None:
    found, _ = examined(replace(expects(), cancel_key_index=key))
    assert any("venue.cancel_key_index" in text for text in refusals(found)) == is_refused
