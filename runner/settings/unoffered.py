"""Name the exchanges that are known here and not offered, each with its reason."""

from typing import Literal

from runner.settings.venue import VenueSettings

UNOFFERED = {
    "dydx": "ccxt sends long-term orders alone and has no stream of an account there: no post-only"
    " order of a market maker goes this way",
}
"""Why nothing is read or traded there."""


class Unoffered(VenueSettings):
    """An exchange whose name leads to the reason why it is not offered."""

    network: Literal["mainnet"]
