"""Remember a price's parts together with all that they were made of.

Volatility changes once a sample and settings hardly ever, while decisions come with every batch;
and the closed form costs two logarithms, an exponential and a hyperbolic tangent.
"""

from connectors.model.kernel import state


@state
class Solved:
    """Half spread and skew [bps] of a closed form, then what they hold for; fresh, for nothing."""

    half_spread_bps: float
    skew_bps: float

    sigma_live_bps: float
    sigma_reference_bps: float
    horizon: float
    gamma: float
    kappa: float
    intensity_per_s: float
    unit_bps: float
    unit_horizon_s: float
    max_ratio: float
    skew_at_limit_half_spreads: float
    max_position_lots: int
    order_lots: int
    skew: int
    form: int
