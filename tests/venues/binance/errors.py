"""Name the venue's codes and what it says with them (USD-M futures, "Error Code")."""

TOO_MANY_REQUESTS = -1003
UNKNOWN_STATE = -1007
TOO_MANY_ORDERS = -1015
INVALID_TIMESTAMP = -1021
INVALID_SIGNATURE = -1022
MANDATORY = -1102
BAD_PRECISION = -1111
BAD_SYMBOL = -1121
UNKNOWN_ORDER = -2011
NO_SUCH_ORDER = -2013
REJECTED_KEY = -2015
NO_MARGIN = -2019
REDUCE_ONLY = -2022
SPOT_REJECT = -2010
NO_NEED_TO_CHANGE_MARGIN = -4046
NO_NEED_TO_CHANGE_MODE = -4059
DUPLICATE_ID = -4116
MIN_NOTIONAL = -4164
GTX_REJECT = -5022
SAME_ORDER = -5027

MESSAGES = {
    TOO_MANY_REQUESTS: "Too many requests; current limit of IP is 2400 requests per minute.",
    UNKNOWN_STATE: "Timeout waiting for response from backend server. Send status unknown;"
    " execution status unknown.",
    TOO_MANY_ORDERS: "Too many new orders; current limit is 300 orders per TEN_SECONDS.",
    INVALID_TIMESTAMP: "Timestamp for this request is outside of the recvWindow.",
    INVALID_SIGNATURE: "Signature for this request is not valid.",
    MANDATORY: "Mandatory parameter was not sent, was empty/null, or malformed.",
    BAD_PRECISION: "Precision is over the maximum defined for this asset.",
    BAD_SYMBOL: "Invalid symbol.",
    UNKNOWN_ORDER: "Unknown order sent.",
    NO_SUCH_ORDER: "Order does not exist.",
    REJECTED_KEY: "Invalid API-key, IP, or permissions for action.",
    NO_MARGIN: "Margin is insufficient.",
    SPOT_REJECT: "Order would immediately match and take.",
    REDUCE_ONLY: "ReduceOnly Order is rejected.",
    NO_NEED_TO_CHANGE_MARGIN: "No need to change margin type.",
    NO_NEED_TO_CHANGE_MODE: "No need to change position side.",
    DUPLICATE_ID: "ClientOrderId is duplicated.",
    MIN_NOTIONAL: "Order's notional must be no smaller than the least (unless reduce only).",
    GTX_REJECT: "Due to the order could not be executed as maker, the Post Only order will be"
    " rejected. The order will not be recorded in the order history",
    SAME_ORDER: "No need to modify the order.",
}


class Refused(Exception):
    """The venue refuses a request."""

    def __init__(self, code: int, status: int = 400) -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.status = status
