"""Hold a few seconds of an armed deploy over Hyperliquid's wire against the truth."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.deploys import settings_for
from tests.stage.judges import findings
from tests.stage.script import Step
from tests.stage.truth import Request
from tests.venues.common.staged.facts import Retelling
from tests.venues.common.staged.rows import QUICK
from tests.venues.hyperliquid.markets import LISTED, is_nameable
from tests.venues.hyperliquid.scenario import step_of
from tests.venues.hyperliquid.staged.play import HyperliquidPlay
from tests.venues.hyperliquid.venue import Venue
from tests.venues.perpetuals.staged import played

BORDER_TICKS = 100_000
"""ETH at 1,000: below it orders may name hundredths, above it tenths."""
SCRIPT = (
    {"at_s": 1.5, "do": "fill_ours", "market": "ETH"},
    {"at_s": 2.0, "do": "leap", "market": "ETH", "bps": 5},
    {"at_s": 2.5, "do": "leap", "market": "ETH", "bps": -10},
)


class AtTheBorder(HyperliquidPlay):
    """The stand-in with ETH where the digits of its prices run out."""

    def made(self, script: tuple[Step, ...], log: Retelling) -> Venue:
        """Return the venue with our account."""
        venue = super().made(script, log)
        floor = venue.exchange.floors["ETH"]
        assert floor.market.start_ticks == BORDER_TICKS
        return venue

    def markets_there(self) -> tuple[Any, ...]:
        """Return the markets."""
        return tuple(
            replace(each, start_ticks=BORDER_TICKS) if each.symbol == "ETH" else each
            for each in super().markets_there()
        )


def test_the_books_of_a_short_play_are_the_venues_and_prices_may_be_named(tmp_path: Path) -> None:
    settings = settings_for("experiment=hyperliquid_sandbox", *QUICK, "markets.btc.enabled=false")
    script = [step_of(step) for step in SCRIPT]
    done = played(AtTheBorder, settings, tmp_path, script, 3.5, 1)
    assert findings(done) == []
    assert done.exits == (0,)
    assert len(done.truth.trades()) > 0
    asked = [
        json.loads(r.raw)
        for r in done.truth.facts
        if isinstance(r, Request) and r.operation == "place"
    ]
    ticks = [order["ticks"] for order in asked if order["ticks"] < 2 * BORDER_TICKS]
    assert all(is_nameable(LISTED[1], each) for each in ticks)
    assert min(ticks) < BORDER_TICKS < max(ticks)
