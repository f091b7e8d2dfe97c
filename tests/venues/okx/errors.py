"""Say no in the venue's words: its codes, and what comes with them (OKX v5, "Error Code")."""

BODY_EMPTY = 50000
TOO_MANY = 50011
TIMED_OUT = 50004
BUSY = 50026
EXPIRED_ALREADY = 50036
NO_KEY = 50103
WRONG_PASSPHRASE = 50105
INVALID_KEY = 50111
OLD_STAMP = 50102
INVALID_SIGN = 50113
WRONG_ENVIRONMENT = 50101
NO_PERMISSION = 50120
PARAMETER = 51000
NO_INSTRUMENT = 51001
BALANCE = 51008
DUPLICATE_ID = 51016
TOO_SMALL = 51020
OUT_OF_LIMITS = 51006
OFF_STEP = 51121
NOTHING_TO_REDUCE = 51169
CANCEL_TOO_LATE = 51400
AMEND_TOO_LATE = 51503
NO_ORDER = 51603
SAME_TERMS = 51502
ALL_FAILED = 1
SOME_FAILED = 2
LOGIN_FAILED = 60009
NOT_LOGGED_IN = 60011
NO_CHANNEL = 60018
ILLEGAL = 60012

MESSAGES = {
    BODY_EMPTY: "Body for POST request cannot be empty.",
    TOO_MANY: "Rate limit reached. Please refer to API documentation and throttle requests"
    " accordingly.",
    TIMED_OUT: "API endpoint request timeout (does not mean that the request was successful or"
    " failed, please check the request result).",
    BUSY: "System error. Try again later.",
    EXPIRED_ALREADY: "The expTime can't be earlier than the current system time. Please adjust the"
    " expTime and try again.",
    NO_KEY: 'Request header "OK-ACCESS-KEY" can not be empty.',
    WRONG_PASSPHRASE: 'Request header "OK-ACCESS-PASSPHRASE" incorrect.',
    INVALID_KEY: "Invalid OK-ACCESS-KEY",
    OLD_STAMP: "Timestamp request expired.",
    INVALID_SIGN: "Invalid Sign",
    WRONG_ENVIRONMENT: "APIKey does not match current environment.",
    NO_PERMISSION: "This API key doesn't have permission to use this function",
    PARAMETER: "Parameter error",
    NO_INSTRUMENT: "Instrument ID or Spread ID doesn't exist.",
    BALANCE: "Order failed. Your available margin is insufficient.",
    DUPLICATE_ID: "Client order ID already exists.",
    TOO_SMALL: "Your order should meet or exceed the minimum order amount.",
    OUT_OF_LIMITS: "Order price is not within the price limit",
    OFF_STEP: "Order quantity must be a multiple of the lot size.",
    NOTHING_TO_REDUCE: "Order failed because you don't have any positions in this direction for"
    " this contract to reduce or close.",
    CANCEL_TOO_LATE: "Cancellation failed as the order has been filled, canceled or does not"
    " exist.",
    AMEND_TOO_LATE: "Order modification failed as the order has been filled, canceled or does not"
    " exist.",
    NO_ORDER: "Order does not exist",
    SAME_TERMS: "No modification: the order already has these terms.",
    ALL_FAILED: "All operations failed",
    SOME_FAILED: "Bulk operation partially succeeded.",
    LOGIN_FAILED: "Login failed.",
    NOT_LOGGED_IN: "Please log in",
    NO_CHANNEL: "Wrong URL or the channel doesn't exist.",
    ILLEGAL: "Illegal request",
}


class Refused(Exception):
    """The venue refuses a request, or an order of it."""

    def __init__(self, code: int, status: int = 200) -> None:
        super().__init__(MESSAGES[code])
        self.code = code
        self.status = status
