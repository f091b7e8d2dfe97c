"""A lead that cannot be followed is refused with one line that says what would do."""

import pytest

from connectors.model.errors import ConfigError
from runner.wiring.markets import market_of
from tests.deploys import settings_for
from tests.virtual import START_NS

REFUSED = {
    "none named": (
        ["market=btc", "reference=lead"],
        "markets.btc.reference.lead: expected the market that leads, was null",
    ),
    "unknown": (
        ["market=[btc,btc_lead]", "reference=lead", "reference.lead=binance"],
        "markets.btc.reference.lead: expected one of btc_lead, was binance",
    ),
    "itself": (
        ["market=[btc,btc_lead]", "reference=lead", "reference.lead=btc"],
        "markets.btc.reference.lead: expected one of btc_lead, was btc",
    ),
    "alone": (
        ["market=btc", "reference=lead", "reference.lead=eth"],
        "markets.btc.reference.lead: expected another market, and there is none, was eth",
    ),
    "disabled": (
        ["experiment=lead_lag", "markets.btc_lead.enabled=false"],
        "markets.btc.reference.lead: expected another market, and there is none, was btc_lead",
    ),
    "another coin": (
        ["market=[btc,eth]", "markets.btc.reference.lead=eth"],
        "markets.btc.reference.lead: expected a market of BTC, was eth of ETH",
    ),
    "a circle": (
        [
            "market=[btc,btc_spot]",
            "markets.btc.reference.lead=btc_spot",
            "markets.btc_spot.reference.lead=btc",
        ],
        "markets.btc.reference.lead: expected leads that do not lead back,"
        " was btc -> btc_spot -> btc",
    ),
    "a synthetic market after itself": (
        ["market=btc", "markets.btc.synthetic.follows=btc"],
        "markets.btc.synthetic.follows: expected a market with a price of its own (there is none)",
    ),
    "no size and no lead": (
        ["market=btc", "markets.btc.order_size_quote=null"],
        "expected one of order_size_base and order_size_quote, was neither",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_lead_that_cannot_be_followed_is_refused_in_one_line(case: str) -> None:
    words, told = REFUSED[case]
    with pytest.raises(ConfigError) as refused:
        settings_for(*words)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_market_that_only_leads_may_not_send_anything() -> None:
    settings = settings_for("experiment=lead_lag")
    price = settings.markets["btc_lead"].synthetic.start_price
    limits = market_of("btc_lead", 0, settings, price, START_NS).limits
    assert (limits.max_order_lots, limits.max_position_lots, limits.min_position_lots) == (0, 0, 0)


def test_the_deploys_lead_reaches_its_markets_and_not_the_lead_itself() -> None:
    settings = settings_for("market=[btc_lead,btc]", "reference=lead", "reference.lead=btc_lead")
    assert settings.markets["btc"].reference.lead == "btc_lead"
    assert settings.markets["btc_lead"].reference.lead is None
