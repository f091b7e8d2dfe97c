"""Name the venue's return codes and what it says with them."""

INVALID_PARAMETER = 10001
EXPIRED = 10002
INVALID_KEY = 10003
INVALID_SIGN = 10004
PERMISSION = 10005
TOO_MANY = 10006
IP_BANNED = 10009
DUPLICATE_REQUEST = 10014
SERVER_ERROR = 10016
NO_PATH = 10017
IP_TOO_MANY = 10018
UNIFIED_FORBIDDEN = 100028
NO_ORDER = 110001
PRICE_RANGE = 110003
NO_BALANCE = 110007
RISK_LIMIT = 110013
POSITION_LIMIT = 110016
REDUCE_ONLY = 110017
TOO_MANY_ORDERS = 110020
ONLY_REDUCES = 110023
MODE_WITH_POSITION = 110024
MODE_NOT_MODIFIED = 110025
MARGIN_MODE_NOT_MODIFIED = 110026
MODE_WITH_ORDERS = 110028
NO_POSITION = 110034
LEVERAGE_NOT_MODIFIED = 110043
BELOW_FILLED = 110064
NO_TRADING = 110066
DUPLICATE_LINK = 110072
BELOW_NOTIONAL = 110094
WS_NO_OP = 10404
WS_DUPLICATE_ID = 20006
WS_REPEAT_AUTH = 20001
WS_RESTARTING = 10019

MESSAGES = {
    INVALID_PARAMETER: "params error",
    EXPIRED: "invalid request, please check your server timestamp or recv_window param",
    INVALID_KEY: "API key is invalid.",
    INVALID_SIGN: "Error sign, please check your signature generation algorithm.",
    PERMISSION: "Permission denied, please check your API key permissions.",
    TOO_MANY: "Too many visits. Exceeded the API Rate Limit.",
    IP_BANNED: "IP has been banned.",
    DUPLICATE_REQUEST: "Request is duplicate",
    SERVER_ERROR: "Server error.",
    NO_PATH: "Route not found.",
    IP_TOO_MANY: "Exceeded the IP Rate Limit.",
    UNIFIED_FORBIDDEN: "unified account is forbidden",
    NO_ORDER: "order not exists or too late to cancel",
    PRICE_RANGE: "Order price exceeds the allowable range.",
    NO_BALANCE: "ab not enough for new order",
    RISK_LIMIT: "cannot set leverage gt maxLeverage by risk limit",
    POSITION_LIMIT: "position size exceeds the risk limit",
    REDUCE_ONLY: "current position is zero, cannot fix reduce-only order qty",
    TOO_MANY_ORDERS: "Not allowed to have more than 500 active orders",
    ONLY_REDUCES: "Currently, only position reduction is supported for this contract",
    MODE_WITH_POSITION: "You have an existing position, so the position mode cannot be switched",
    MODE_NOT_MODIFIED: "Position mode is not modified",
    MARGIN_MODE_NOT_MODIFIED: "Cross/isolated margin mode is not modified",
    MODE_WITH_ORDERS: "You have existing orders, so the position mode cannot be switched",
    NO_POSITION: "There is no net position",
    LEVERAGE_NOT_MODIFIED: "leverage not modified",
    BELOW_FILLED: "The modified quantity cannot be less than or equal to the filled quantity",
    NO_TRADING: "Trading is currently not allowed.",
    DUPLICATE_LINK: "OrderLinkedID is duplicate",
    BELOW_NOTIONAL: "Order does not meet minimum order value 5USDT",
    WS_NO_OP: "op type is not found",
    WS_DUPLICATE_ID: "reqId is duplicate",
    WS_REPEAT_AUTH: "Repeat auth",
    WS_RESTARTING: "Server is restarting.",
}


class Refused(Exception):
    """The venue refuses a request; `status` is that of HTTP, mostly 200."""

    def __init__(self, code: int, message: str = "", status: int = 200) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message or MESSAGES.get(code, "refused")
        self.status = status
