"""Describe a venue: what it charges, how late it answers, and what it gets wrong."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from runner.settings.fields import Block, Exact, Place, Real, Rows, Text, Whole

FeeBps = Annotated[Decimal, Exact(-100, 100)]
LatencyMs = Annotated[float, Real(0, 60_000)]
Money = Exact(0, 1_000_000_000_000)
FEE_TIER = (
    ("volume_quote", Money),
    ("maker_fee_bps", Exact(-100, 100)),
    ("taker_fee_bps", Exact(-100, 100)),
)
FeeTiers = Annotated[tuple[tuple[Decimal, ...], ...], Rows(FEE_TIER, 16)]
Share = Annotated[float, Real(0, 1)]


class VenueSettings(Block):
    """What every venue has. A venue of your own subclasses this and adds its keys."""

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a venue")]
    network: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a network")]
    maker_fee_bps: FeeBps
    """Share of notional; negative is a rebate."""
    taker_fee_bps: FeeBps


class Sim(VenueSettings):
    """The simulated exchange of paper and replay."""

    fee_tiers: FeeTiers
    """Rows of volume, maker and taker fee; under the first one's volume the flat fees hold."""
    fee_volume_quote: Annotated[Decimal, Money]
    """What has traded in the 30 days before the start."""
    entry_latency_ms: LatencyMs
    response_latency_ms: LatencyMs
    feed_latency_ms: LatencyMs
    latency_path: Annotated[Path | None, Place(null=True)]
    row_load_us: Annotated[float, Real(0, 10_000)]
    funding_rate_bps: FeeBps
    funding_interval_h: Annotated[int, Whole(1, 24)]
    funding_path: Annotated[Path | None, Place(null=True)]
    funding_utc_offset_h: Annotated[int | None, Whole(-12, 14, null=True)]
    queue_model: Literal["front", "risk_averse", "power", "power_2", "power_3", "log", "log_2"]
    queue_power: Annotated[float, Real(0, 10, above=True)]
    self_trade: Literal["expire_taker", "expire_maker", "expire_both", "reduce"]
    reject_frac: Share
    drop_frac: Share
