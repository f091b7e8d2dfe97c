"""Put the venue's refusals into words for a person: what it means and what mends it."""

from connectors.lighter.answers import FOR_A_PERSON

OF_A_MARKET = {
    21132: "margin mode changes only where nothing is held or rests: flatten the market first",
    21301: "the account has too little collateral: deposit, or make orders and positions smaller",
    21304: "the account holds too little of what the order gives: deposit, or make orders smaller",
    21305: "the account holds too little for the fee: deposit, or make orders smaller",
    21507: "the account is below its maintenance margin: reduce positions or deposit at once",
    21508: "the account is below its initial margin: it may only reduce; deposit or reduce",
    21601: "the venue's book of this market is full: nothing can rest there now",
    21605: "the market does not trade now: it quotes again when the venue lists it as active",
    21706: "the order is under the venue's minimum: make order_size larger",
    21711: "the order's expiry is not in the venue's range: set this machine's clock",
    21717: "the account has as many orders as the venue lets it: use fewer levels or markets",
    21718: "the market has as many orders of ours as the venue lets it: use fewer levels",
    21733: "the price looks like a mistake to the venue: hold the reference against its mark price",
    21734: "the price is too far from the venue's mark price: quote closer to it",
    21739: "the margin left does not carry the order: deposit, or make orders smaller",
}
"""Refusals that concern one market or one order; others go on."""


def words(code: int, text: str) -> str:
    """Return a refusal in one sentence; a page of HTML is left out."""
    what = f" {text}" if text and not text.lstrip().startswith("<") else ""
    why = FOR_A_PERSON.get(code) or OF_A_MARKET.get(code)
    return f"refused with {code}{what}" + (f": {why}" if why else "")
