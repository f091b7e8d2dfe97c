"""Name the venue's codes and what it says with them (spot v3, "Error Code")."""

from tests.venues.binance import errors

POST_ONLY = -2010
UNKNOWN_ORDER = -2011
NO_SUCH_ORDER = -2013
TOO_FAST = 429
INTERNAL = 500
BAD_SYMBOL = 10007
BAD_KEY = 10072
NO_BALANCE = 10101
LEAST = 30002
OVERSOLD = 30005
PARAM = 33333
BAD_SIGNATURE = 700002
BAD_TIME = 700003
NO_ID = 700004
NO_PERMISSION = 700007
BAD_CONTENT = 700013

MESSAGES = {
    POST_ONLY: "Order would immediately match and take.",
    UNKNOWN_ORDER: "Unknown order sent.",
    NO_SUCH_ORDER: "Order does not exist.",
    TOO_FAST: "Too Many Requests",
    INTERNAL: "Internal error",
    BAD_SYMBOL: "bad symbol",
    BAD_KEY: "Api key info invalid",
    NO_BALANCE: "Insufficient balance",
    LEAST: "The minimum transaction volume cannot be less than：5USDT",
    OVERSOLD: "Oversold",
    PARAM: "param is error",
    BAD_SIGNATURE: "Signature for this request is not valid.",
    BAD_TIME: "Timestamp for this request is outside of the recvWindow.",
    NO_ID: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    NO_PERMISSION: "No permission to access the endpoint.",
    BAD_CONTENT: "Invalid content Type.",
}


class Refused(errors.Refused):
    """The venue refuses a request."""

    def __init__(self, code: int, status: int = 400) -> None:
        Exception.__init__(self, MESSAGES[code])
        self.code = code
        self.status = status
