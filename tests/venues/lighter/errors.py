"""Name the venue's errors: its codes and its words."""


class Refused(Exception):
    """The venue refuses a request."""

    def __init__(self, code: int, said: str = "", status: int = 400) -> None:
        super().__init__(said or MESSAGES[code])
        self.code = code
        self.message = said or MESSAGES[code]
        self.status = status


MISSING = 20001
ACCOUNT_NOT_FOUND = 21100
INVALID_NONCE = 21104
BATCH_NONCE = 21105
INVALID_KEY = 21108
KEY_NOT_FOUND = 21109
INVALID_MARGIN = 21113
INVALID_SIGNATURE = 21120
BATCH_OWNERS = 21121
UPDATE_SDK = 21136
TX_NOT_FOUND = 21500
INVALID_TX_INFO = 21501
UNSUPPORTED_TX = 21505
TOO_MANY_PENDING = 21506
BATCH_LENGTHS = 21513
BATCH_SIZE = 21514
INACTIVE_CANCEL = 21600
INVALID_MARKET = 21602
MARKET_STATUS = 21605
INVALID_BASE = 21701
INVALID_PRICE = 21702
INVALID_IS_ASK = 21703
INVALID_TYPE = 21704
INVALID_TIF = 21705
INVALID_AMOUNT = 21706
INVALID_EXPIRY = 21711
QUEUED_CANCEL_ALL = 21712
CANCEL_ALL_TIF = 21713
CANCEL_ALL_TIME = 21714
INACTIVE_ORDER = 21715
MOST_ORDERS = 21717
MOST_MARKET_ORDERS = 21718
INVALID_CLIENT_INDEX = 21727
CLIENT_INDEX_EXISTS = 21728
REDUCE_ONLY_INCREASES = 21732
FAT_FINGER = 21733
FAR_FROM_MARK = 21734
NO_ORDER_MARGIN = 21739
TOO_MANY_REQUESTS = 23000
TOO_MANY_SUBSCRIPTIONS = 23001
TOO_MANY_CONNECTIONS = 23003
INTERNAL = 29500
INVALID_JSON = 30000
INVALID_FRAME = 30001
NOT_SUBSCRIBED = 30002
ALREADY_SUBSCRIBED = 30003
INVALID_CHANNEL = 30005
INVALID_DATA = 30007
TOO_MANY_MESSAGES = 30009
TOO_MANY_IN_FLIGHT = 30010
CANNOT_SUBSCRIBE = 30012

MESSAGES = {
    MISSING: "invalid param",
    ACCOUNT_NOT_FOUND: "account not found",
    INVALID_NONCE: "invalid nonce",
    BATCH_NONCE: "batch transaction nonce is not increasing",
    INVALID_KEY: "invalid PublicKey,please run changePubKey",
    KEY_NOT_FOUND: "api key not found",
    INVALID_MARGIN: "invalid initial margin fraction",
    INVALID_SIGNATURE: "invalid signature",
    BATCH_OWNERS: "all transactions in the batch must have use same account and apikey",
    UPDATE_SDK: "invalid PublicKey, update the sdk to the latest version",
    TX_NOT_FOUND: "transaction not found",
    INVALID_TX_INFO: "invalid tx info",
    UNSUPPORTED_TX: "unsupported tx type",
    TOO_MANY_PENDING: "too many pending txs. Please try again later",
    BATCH_LENGTHS: "TxInfos and TxTypes should have the same length",
    BATCH_SIZE: "maximum 50 transactions allowed per batch",
    INACTIVE_CANCEL: "given order is not an active limit order",
    INVALID_MARKET: "invalid market index",
    MARKET_STATUS: "invalid market status",
    INVALID_BASE: "invalid base amount",
    INVALID_PRICE: "invalid price",
    INVALID_IS_ASK: "invalid isAsk",
    INVALID_TYPE: "invalid OrderType",
    INVALID_TIF: "invalid OrderTimeInForce",
    INVALID_AMOUNT: "invalid order base or quote amount",
    INVALID_EXPIRY: "invalid expiry",
    QUEUED_CANCEL_ALL: "account has a queued cancel all orders request",
    CANCEL_ALL_TIF: "invalid cancel all time in force",
    CANCEL_ALL_TIME: "invalid cancel all time",
    INACTIVE_ORDER: "given order is not an active order",
    MOST_ORDERS: "maximum active limit order count reached",
    MOST_MARKET_ORDERS: "maximum active limit order count per market reached",
    INVALID_CLIENT_INDEX: "invalid client order index",
    CLIENT_INDEX_EXISTS: "client order index already exists",
    REDUCE_ONLY_INCREASES: "reduce only increases position",
    FAT_FINGER: "order price flagged as an accidental price",
    FAR_FROM_MARK: "limit order price is too far from the mark price",
    NO_ORDER_MARGIN: "not enough margin to create the order",
    TOO_MANY_REQUESTS: "Too Many Requests!",
    TOO_MANY_SUBSCRIPTIONS: "Too Many Subscriptions!",
    TOO_MANY_CONNECTIONS: "Too Many Connections!",
    INTERNAL: "internal server error",
    INVALID_JSON: "Invalid Json",
    INVALID_FRAME: "Invalid Type",
    NOT_SUBSCRIBED: "Not Subscribed to ",
    ALREADY_SUBSCRIBED: "Already Subscribed to ",
    INVALID_CHANNEL: "Invalid Channel",
    INVALID_DATA: "Invalid Data",
    TOO_MANY_MESSAGES: "Too Many Websocket Messages!",
    TOO_MANY_IN_FLIGHT: "Too Many Inflight Messages!",
    CANNOT_SUBSCRIBE: "Failed to subscribe",
}
