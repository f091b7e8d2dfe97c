"""List what the codes and words of each venue mean, where ccxt's classes are too coarse.

A key with a space or a dot is part of a text and counts before a code: venues give one code to many
things. Codes of a venue that does not know itself what has happened are listed as UNKNOWN.
"""

from collections.abc import Iterable

from connectors.ccxt.answers import (
    AUTH,
    CLOCK,
    DUPLICATE_ID,
    INVALID,
    MARGIN,
    MIN_SIZE,
    NO_CHANGE,
    NOT_FOUND,
    POST_ONLY,
    PRICE_BAND,
    RATE,
    REDUCE_ONLY,
    UNKNOWN,
    Answer,
    Codes,
)


def _of(*groups: tuple[Answer, Iterable[str]]) -> Codes:
    return {key: answer for answer, keys in groups for key in keys}


BYBIT = _of(
    (UNKNOWN, ("10000", "10016", "10019")),
    (CLOCK, ("10002",)),
    (AUTH, ("10003", "10004", "10005", "10007", "10008", "10009", "10010", "33004")),
    (RATE, ("10006", "10018", "10403", "10429", "20003")),
    (NOT_FOUND, ("110001", "110008", "110010", "170142", "170213")),
    (PRICE_BAND, ("110003", "170193", "170194")),
    (MARGIN, ("110004", "110006", "110007", "110012", "110044", "110045", "170131")),
    (MARGIN, ("110051", "110052", "110053")),
    (MIN_SIZE, ("110094", "170136", "170140")),
    (REDUCE_ONLY, ("110017",)),
    (DUPLICATE_ID, ("110030", "110072", "170141")),
    (NO_CHANGE, ("110025", "110026", "110027", "110043")),
    (INVALID, ("10001", "110020", "110032", "20006")),
)
"""Bybit v5, "Error Codes"."""

BINANCE = _of(
    (POST_ONLY, ("would immediately match and take",)),
    (MARGIN, ("has insufficient balance",)),
    (DUPLICATE_ID, ("Duplicate order sent",)),
    (PRICE_BAND, ("Filter failure: PRICE_FILTER", "Filter failure: PERCENT_PRICE")),
    (MIN_SIZE, ("Filter failure: NOTIONAL", "Filter failure: MIN_NOTIONAL")),
    (MIN_SIZE, ("Filter failure: LOT_SIZE",)),
    (UNKNOWN, ("-1000", "-1001", "-1006", "-1007")),
    (RATE, ("-1003", "-1008", "-1015")),
    (CLOCK, ("-1021",)),
    (AUTH, ("-1002", "-1022", "-2014", "-2015")),
    (NOT_FOUND, ("-2011", "-2013")),
    (INVALID, ("-1013", "-1100", "-1102", "-1111", "-2010")),
)
"""Binance spot, "Error Codes" and "Filters"."""

BINANCE_USDM = _of(
    (UNKNOWN, ("-1000", "-1001", "-1006", "-1007")),
    (RATE, ("-1003", "-1008", "-1015")),
    (CLOCK, ("-1021",)),
    (AUTH, ("-1002", "-1022", "-2014", "-2015")),
    (NOT_FOUND, ("-2011", "-2013")),
    (MARGIN, ("-2018", "-2019", "-4050", "-4051")),
    (POST_ONLY, ("-5022",)),
    (REDUCE_ONLY, ("-2022", "-4118")),
    (PRICE_BAND, ("-4016", "-4024", "-4131")),
    (MIN_SIZE, ("-4003", "-4164")),
    (DUPLICATE_ID, ("-4116",)),
    (NO_CHANGE, ("-4046", "-4059", "-5027")),
    (INVALID, ("-1111", "-2010", "-2021", "-2027")),
)
"""Binance USD-M futures, "Error Code"."""

OKX = _of(
    (UNKNOWN, ("50004", "50026", "51149", "51054")),
    (RATE, ("50011", "50013", "50061", "51113")),
    (CLOCK, ("50036", "50102", "60006")),
    (AUTH, ("50101", "50103", "50105", "50110", "50111", "50113", "50114")),
    (NOT_FOUND, ("51400", "51401", "51402", "51410", "51503", "51509", "51603")),
    (MARGIN, ("51008", "51119", "51127", "51131", "51502")),
    (MIN_SIZE, ("51020",)),
    (PRICE_BAND, ("51006", "51137", "51138")),
    (REDUCE_ONLY, ("51169", "51170", "51205")),
    (DUPLICATE_ID, ("51016",)),
)
"""OKX v5, "Error Code": that of the order (`sCode`) counts before that of the request."""

KUCOIN_FUTURES = _of(
    (UNKNOWN, ("500000", "503000")),
    (NOT_FOUND, ("100004", "be cancelled", "cannot be canceled")),
    (NOT_FOUND, ("order not exist", "Order not exist", "order does not exist")),
    (NOT_FOUND, ("error.getOrder.orderNotExist",)),
    (RATE, ("200002", "429000", "1015")),
    (CLOCK, ("400002",)),
    (AUTH, ("400001", "400003", "400004", "400005", "400006", "400007", "411100")),
    (MARGIN, ("300003", "330008", "200005")),
    (PRICE_BAND, ("300007", "300012", "300013")),
    (REDUCE_ONLY, ("300009",)),
    (DUPLICATE_ID, ("300018",)),
    (INVALID, ("100001", "330005")),
)
"""KuCoin futures, "Codes"."""

MEXC = _of(
    (UNKNOWN, ("500", "503", "504", "20002", "-1000", "-1006", "-1007")),
    (POST_ONLY, ("-2010",)),
    (NOT_FOUND, ("-2011", "-2013")),
    (RATE, ("429", "510", "-1003")),
    (CLOCK, ("700003", "700005")),
    (AUTH, ("400", "401", "402", "602", "10072")),
    (AUTH, ("700001", "700002", "700006", "700007", "700013")),
    (MARGIN, ("10101", "30004", "30005", "2005")),
    (MIN_SIZE, ("30002",)),
    (PRICE_BAND, ("30010", "30025", "30087")),
    (INVALID, ("30000", "30001", "30003", "30014", "30016", "30018", "30020", "30021", "30026")),
    (INVALID, ("30027", "30028", "30029", "30032", "30041", "33333", "700004", "700008")),
)
"""MEXC spot, "Error Code"."""

HYPERLIQUID = _of(
    (POST_ONLY, ("Post only order would have immediately matched",)),
    (MARGIN, ("Insufficient margin", "Insufficient spot balance")),
    (MIN_SIZE, ("must have minimum value",)),
    (PRICE_BAND, ("Price too far", "Price must be divisible", "too aggressively")),
    (REDUCE_ONLY, ("Reduce only order would increase",)),
    (NOT_FOUND, ("never placed, already canceled, or filled", "Cannot modify canceled")),
    (RATE, ("Too many cumulative requests", "Too many requests")),
    (AUTH, ("Wallet does not exist", "API Wallet", "not approved")),
    (CLOCK, ("Invalid nonce", "nonce too low")),
    (DUPLICATE_ID, ("Duplicate cloid", "duplicate client order")),
)
"""Hyperliquid, "Error responses": texts inside an answer of status 200."""

DYDX: Codes = {}
"""Nothing is sent to dYdX this way."""
