"""Markets that cannot hedge together are refused in one line, before anything is made."""

import pytest

from connectors.model.errors import ConfigError
from tests.deploys import settings_for

TWICE = "experiment=hedged_twice"
JOIN = "markets.btc_hedge.hedge.join"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (f"{JOIN}=[btc]", f"{JOIN}: expected one of btc_hedge, btc_hedge2, was btc"),
        (f"{JOIN}=[btc_hedge]", f"{JOIN}: expected other markets than btc_hedge itself"),
        ("markets.btc_hedge2.underlying=ETH", f"{JOIN}: expected a market of BTC"),
        (f"{JOIN}=btc_hedge2", f"{JOIN}: expected a list of at most 7 markets"),
        (
            "markets.btc_hedge2.hedge.join=[btc_hedge]",
            f"{JOIN}: expected markets that join one other and have none, was btc_hedge2",
        ),
        (
            "markets.btc.hedge.market=btc_hedge2",
            "was btc_hedge2, which markets.btc.hedge.market names; let it name btc_hedge",
        ),
        ("markets.btc_hedge2.enabled=false", f"{JOIN}: expected one of btc_hedge, was btc_hedge2"),
    ],
)
def test_it_is_refused(word: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings_for(TWICE, word)
    assert told in str(refused.value)
