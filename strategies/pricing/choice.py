"""Choose the pricing model of a market by its number."""

from connectors.model.kernel import kernel
from strategies.desk import Params, Quotes, Signals
from strategies.pricing import avellaneda_stoikov


@kernel
def price(params: Params, signals: Signals, quotes: Quotes, now_ns: int) -> None:
    """Write reservation, half spread and skew [bps] with the model that `params` names."""
    avellaneda_stoikov.price(params, signals, quotes, now_ns)
