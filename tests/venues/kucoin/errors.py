"""Say no in the venue's words: its codes, and what comes with them (KuCoin futures, "Codes")."""

DONE = 200_000
PARAMETER = 100_001
NO_CONTRACT = 100_003
NOT_CANCELABLE = 100_004
TOO_MANY = 429_000
BALANCE = 300_003
NO_REDUCE = 300_009
WRONG_MODE = 330_005
NO_HEADERS = 400_001
OLD_STAMP = 400_002
NO_KEY = 400_003
WRONG_PASSPHRASE = 400_004
INVALID_SIGN = 400_005
NO_PERMISSION = 400_007
NO_PATH = 404_000
BUSY = 500_000

MESSAGES = {
    PARAMETER: "There are invalid parameters",
    NO_CONTRACT: "Contract parameter invalid",
    NOT_CANCELABLE: "The order cannot be canceled.",
    TOO_MANY: "Too many requests in a short period of time, please retry later",
    BALANCE: "Balance not enough, please first deposit at least 2 USDT before you start the battle",
    NO_REDUCE: "No open positions to close.",
    WRONG_MODE: "The order's margin mode does not match the selected one. Please switch and try"
    " again.",
    NO_HEADERS: "Please check the header of your request for KC-API-KEY, KC-API-SIGN,"
    " KC-API-TIMESTAMP, KC-API-PASSPHRASE",
    OLD_STAMP: "KC-API-TIMESTAMP Invalid",
    NO_KEY: "KC-API-KEY not exists",
    WRONG_PASSPHRASE: "KC-API-PASSPHRASE error",
    INVALID_SIGN: "Signature error",
    NO_PERMISSION: "Access denied, require more permission.",
    NO_PATH: "Url Not Found",
    BUSY: "Internal Server Error",
}
NOT_EXIST = "error.getOrder.orderNotExist"
"""What the code of wrong parameters says where an order is not known."""


class Refused(Exception):
    """The venue refuses a request, or an order of it."""

    def __init__(self, code: int, text: str = "", status: int = 200) -> None:
        super().__init__(text or MESSAGES[code])
        self.code = code
        self.status = status
