"""Add to the width what whoever trades with a quote is expected to know.

adverse part [bps] = adverse_bps + adverse_frac_of_unit * U, one of the two set. Unlike the model's
half spread it is no gain: it pays for the move against a fill (Glosten and Milgrom 1985).
"""

from connectors.model.events import BUY, SELL
from connectors.model.kernel import kernel
from strategies.desk import Params, Quotes, Signals
from strategies.reasons import WIDENED_ADVERSE
from strategies.units import unit_bps


@kernel
def widen(params: Params, signals: Signals, quotes: Quotes) -> None:
    """Move both quotes out by the adverse part."""
    part = params.adverse_bps
    if params.adverse_frac_of_unit > 0.0:
        part += params.adverse_frac_of_unit * unit_bps(params, signals)
    if part != 0.0:
        quotes.half_spread_bps += part
        quotes.reasons[BUY] |= WIDENED_ADVERSE
        quotes.reasons[SELL] |= WIDENED_ADVERSE
