"""Describe a venue: what it charges, how late it answers, and what it gets wrong."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import model_validator

from runner.settings.fields import Block, Exact, Place, Real, Rows, Text, Whole, rule

FeeBps = Annotated[Decimal, Exact(-100, 100)]
LatencyMs = Annotated[float, Real(0, 60_000)]
Money = Exact(0, 1_000_000_000_000)
FEE_TIER = (
    ("volume_quote", Money),
    ("maker_fee_bps", Exact(-100, 100)),
    ("taker_fee_bps", Exact(-100, 100)),
)
FeeTiers = Annotated[tuple[tuple[Decimal, ...], ...], Rows(FEE_TIER, 16)]
MAINTENANCE = Exact(0, 1, above=True)
MARGIN_TIER = (("notional_quote", Money), ("mmr_frac", MAINTENANCE), ("deduction_quote", Money))
Share = Annotated[float, Real(0, 1)]


class VenueSettings(Block):
    """What every venue has. A venue of your own subclasses this and adds its keys."""

    name: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a venue")]
    network: Annotated[str, Text("[a-z][a-z0-9_]*", "the name of a network")]
    maker_fee_bps: FeeBps
    """Share of notional; negative is a rebate."""
    taker_fee_bps: FeeBps

    @property
    def can_amend(self) -> bool:
        """Tell whether the venue changes resting orders in place: its adapter's `amends`."""
        return False

    @property
    def known_leverage(self) -> Decimal:
        """The leverage of its positions as the configuration states it; 1 where it does not."""
        return Decimal(1)


class Margin(Block):
    """What a simulated account may hold for its collateral, and when it is liquidated."""

    mode: Literal["none", "isolated", "cross"]
    collateral_quote: Annotated[Decimal, Money]
    leverage: Annotated[Decimal, Exact(1, 200)]
    maintenance_frac: Annotated[Decimal, MAINTENANCE]
    maintenance_tiers: Annotated[tuple[tuple[Decimal, ...], ...], Rows(MARGIN_TIER, 15)]
    """Rows of notional, maintenance share and what is deducted, over `maintenance_frac`."""
    mark: Literal["mid", "trade"]
    liquidation_fee_bps: Annotated[Decimal, Exact(0, 1_000)]

    @model_validator(mode="after")
    def _maintenance_is_less_than_initial(self) -> Self:
        if self.maintenance_frac * self.leverage >= 1:
            raise rule(
                "expected maintenance_frac under 1 / leverage, or what is opened is liquidated at"
                f" once; was {self.maintenance_frac} at a leverage of {self.leverage}"
            )
        return self


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
    funding_interval_h: Annotated[Decimal, Exact(0.0001, 24)]
    funding_path: Annotated[Path | None, Place(null=True)]
    funding_utc_offset_h: Annotated[int | None, Whole(-12, 14, null=True)]
    queue_model: Literal["front", "risk_averse", "power", "power_2", "power_3", "log", "log_2"]
    queue_power: Annotated[float, Real(0, 10, above=True)]
    margin: Margin
    amends: bool
    """Off: what a venue without amends does, which hftbacktest is held against."""
    self_trade: Literal["expire_taker", "expire_maker", "expire_both", "reduce"]
    reject_frac: Share
    drop_frac: Share

    @property
    def can_amend(self) -> bool:
        """Tell whether it is to take amends."""
        return self.amends

    @property
    def known_leverage(self) -> Decimal:
        """The leverage of its margin; 1 without any."""
        return Decimal(1) if self.margin.mode == "none" else self.margin.leverage
