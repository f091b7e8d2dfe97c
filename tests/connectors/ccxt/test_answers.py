import pytest

from connectors.calls import NOT_SENT, Lost, Refused, Unproven
from connectors.ccxt import codes
from connectors.ccxt.answers import (
    Codes,
    Meaning,
    Told,
    answer_of,
    codes_in,
    outcome_of,
    read_error,
)
from connectors.model.errors import Plan, Refusal

TABLE: list[tuple[Codes, str, str, Meaning, Refusal]] = [
    (codes.BYBIT, "110072", "OrderLinkedID is duplicate", Meaning.INVALID, Refusal.DUPLICATE_ID),
    (codes.BYBIT, "110001", "order not exists", Meaning.NOT_FOUND, Refusal.OTHER),
    (codes.BYBIT, "110007", "ab not enough", Meaning.INVALID, Refusal.INSUFFICIENT_MARGIN),
    (codes.BYBIT, "110094", "notional below limit", Meaning.INVALID, Refusal.MIN_SIZE),
    (codes.BYBIT, "110017", "reduce-only rule", Meaning.INVALID, Refusal.REDUCE_ONLY),
    (codes.BYBIT, "110043", "leverage not modified", Meaning.NO_CHANGE, Refusal.OTHER),
    (codes.BYBIT, "10002", "invalid request, time", Meaning.CLOCK, Refusal.OTHER),
    (codes.BYBIT, "10006", "Too many visits", Meaning.RATE, Refusal.RATE_LIMIT),
    (codes.BYBIT, "10003", "API key is invalid", Meaning.AUTH, Refusal.OTHER),
    (codes.BYBIT, "10016", "Internal System Error", Meaning.UNKNOWN, Refusal.OTHER),
    (
        codes.BINANCE,
        "-2010",
        "Order would immediately match and take.",
        Meaning.POST_ONLY,
        Refusal.POST_ONLY,
    ),
    (
        codes.BINANCE,
        "-2010",
        "Account has insufficient balance for requested action.",
        Meaning.INVALID,
        Refusal.INSUFFICIENT_MARGIN,
    ),
    (codes.BINANCE, "-1007", "Timeout waiting", Meaning.UNKNOWN, Refusal.OTHER),
    (codes.BINANCE_USDM, "-5022", "Due to the order", Meaning.POST_ONLY, Refusal.POST_ONLY),
    (codes.BINANCE_USDM, "-2011", "Unknown order sent.", Meaning.NOT_FOUND, Refusal.OTHER),
    (codes.OKX, "51016", "Duplicated client order ID", Meaning.INVALID, Refusal.DUPLICATE_ID),
    (codes.OKX, "50004", "Endpoint request timeout", Meaning.UNKNOWN, Refusal.OTHER),
    (codes.KUCOIN_FUTURES, "100001", "order not exist", Meaning.NOT_FOUND, Refusal.OTHER),
    (
        codes.KUCOIN_FUTURES,
        "100001",
        "error.getOrder.orderNotExist",
        Meaning.NOT_FOUND,
        Refusal.OTHER,
    ),
    (codes.KUCOIN_FUTURES, "400003", "KC-API-KEY not exists", Meaning.AUTH, Refusal.OTHER),
    (codes.KUCOIN_FUTURES, "330005", "marginMode", Meaning.INVALID, Refusal.OTHER),
    (codes.MEXC, "700003", "Timestamp outside", Meaning.CLOCK, Refusal.OTHER),
    (codes.MEXC, "30002", "The minimum", Meaning.INVALID, Refusal.MIN_SIZE),
    (codes.MEXC, "30029", "the maximum order limit", Meaning.INVALID, Refusal.OTHER),
    (codes.MEXC, "500", "Internal error", Meaning.UNKNOWN, Refusal.OTHER),
    (
        codes.HYPERLIQUID,
        "",
        "Post only order would have immediately matched, bbo was 1@2",
        Meaning.POST_ONLY,
        Refusal.POST_ONLY,
    ),
]


@pytest.mark.parametrize(("table", "code", "text", "meaning", "refusal"), TABLE)
def test_a_venues_code_says_what_it_means(
    table: Codes, code: str, text: str, meaning: Meaning, refusal: Refusal
) -> None:
    answer = answer_of(Exception(), code, text, table)
    assert (answer.meaning, answer.refusal) == (meaning, refusal)


class NetworkError(Exception):
    """As ccxt names it."""


class InvalidNonce(NetworkError):
    """As ccxt has it: below NetworkError."""


class ExchangeError(Exception):
    """As ccxt names it."""


def test_the_nearest_class_counts_where_no_table_knows_the_code() -> None:
    assert answer_of(InvalidNonce(), "7", "", {}).meaning is Meaning.CLOCK
    assert answer_of(NetworkError(), "7", "", {}).meaning is Meaning.UNKNOWN


def test_a_code_that_nobody_knows_proves_nothing() -> None:
    answer = answer_of(ExchangeError(), "999999", "strange", codes.BYBIT)
    assert isinstance(outcome_of(Told("999999", "strange", 200, answer)), Unproven)


def test_the_inner_code_counts_before_the_outer_one() -> None:
    okx = {"code": "1", "msg": "", "data": [{"sCode": "51016", "sMsg": "Duplicated"}]}
    assert next(codes_in(okx)) == ("51016", "Duplicated")
    assert next(codes_in({"retCode": 110072, "retMsg": "dup"})) == ("110072", "dup")


def test_a_refusal_carries_the_venues_code() -> None:
    answer = answer_of(Exception(), "110072", "", codes.BYBIT)
    assert outcome_of(Told("110072", "dup", 200, answer)) == Refused(110072, "dup")


def test_only_what_has_not_left_is_refused_where_the_network_failed() -> None:
    assert outcome_of(Lost("no name", False)) == Refused(NOT_SENT, "no name")
    assert isinstance(outcome_of(Lost("broke", True)), Unproven)
    assert isinstance(outcome_of(NetworkError("?")), Unproven)


@pytest.mark.parametrize(("code", "plan"), [("10003", Plan.HALT), ("10006", Plan.RETRY)])
def test_a_read_is_repeated_only_where_that_may_help(code: str, plan: Plan) -> None:
    told = Told(code, "text", 200, answer_of(Exception(), code, "text", codes.BYBIT))
    assert read_error("bybit", "positions", told).plan is plan
