"""Say which topics there are, and who may hear them."""

PUBLIC = ("publicTrade", "tickers", "allLiquidation")
DEPTHS = {1: 0.01, 50: 0.02, 200: 0.1, 1000: 0.2}
"""Seconds between two frames of a book, by its depth."""
PRIVATE = ("order", "execution", "execution.fast", "position", "wallet")
DCP = {"dcp.future": "DERIVATIVES", "dcp.spot": "SPOT", "dcp.option": "OPTIONS"}
"""Topics that arm the switch for lost connections, and the product of each."""


def public(topic: str, symbols: set[str]) -> bool:
    """Tell whether a public topic exists."""
    name, _, rest = topic.partition(".")
    if name == "orderbook":
        depth, _, symbol = rest.partition(".")
        return depth.isascii() and depth.isdecimal() and int(depth) in DEPTHS and symbol in symbols
    return name in PUBLIC and rest in symbols


def private(topic: str) -> bool:
    """Tell whether a private topic exists, of all categories or of one."""
    base = topic.removesuffix(".linear")
    return topic in DCP or (base in PRIVATE and not (base == "wallet" and base != topic))


def symbol_of(topic: str) -> str:
    """Return the market that a public topic is of."""
    return topic.rpartition(".")[2]
