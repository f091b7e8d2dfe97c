"""Tell a person why orders are refused."""

from connectors.calls import Refused
from connectors.lighter.network import Network
from connectors.lighter.refusal_words import OF_A_MARKET, words

AGAIN_NS = 60_000_000_000
"""A market's refusals of one kind are told once in so long."""


class Explained:
    """Tells a person what markets are refused, once a while for each kind."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._told_ns: dict[tuple[str, int], int] = {}

    def tell(self, market: str, refused: Refused) -> None:
        """Tell of a refusal that a person can mend."""
        now_ns, kind = self._network.clock.now_ns(), (market, refused.code)
        if refused.code not in OF_A_MARKET:
            return
        if now_ns - self._told_ns.get(kind, now_ns - AGAIN_NS) >= AGAIN_NS:
            self._told_ns[kind] = now_ns
            self._network.say(market, f"an order was {words(refused.code, refused.text)}")
