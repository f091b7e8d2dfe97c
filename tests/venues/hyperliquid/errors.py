"""Say no in the venue's words ("Error responses"): texts, to one order or to a whole action."""


class Refused(Exception):
    """The venue refuses an order of an action."""


class Denied(Exception):
    """The venue refuses a whole request: with a status of its own where it is not even read."""

    def __init__(self, text: str, status: int = 200) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


TICK = "Price must be divisible by tick size. asset={}"
SIZE = "Order has invalid size. asset={}"
WORTH = "Order must have minimum value of $10. asset={}"
MARGIN = "Insufficient margin to place order. asset={}"
REDUCE = "Reduce only order would increase position. asset={}"
ALO = "Post only order would have immediately matched, bbo was {}. asset={}"
NOT_AT_ONCE = "Order could not immediately match against any resting orders. asset={}"
DUPLICATE = "Duplicate cloid. asset={}"
GONE = "Order was never placed, already canceled, or filled. asset={}"
NO_WALLET = "User or API Wallet {} does not exist."
NONCE = "Invalid nonce: {}"
EXPIRED = "Action expired"
TOO_MANY = "Too many cumulative requests sent"
NO_COUNTDOWN = "Cannot set scheduled cancel time until enough volume traded. Required: $1000000."
BUILDER = "Builder fee has not been approved."
NOT_READ = "Failed to deserialize the JSON body into the target type"
