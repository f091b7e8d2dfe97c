"""Answer requests: each path its function, and around them envelope, signature and rate."""

import json
from typing import TYPE_CHECKING, Any

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.errors import NO_PATH, TOO_MANY, Refused
from tests.venues.bybit.limits import per_second
from tests.venues.bybit.rest import private, public, trading
from tests.venues.common.http import JSON, Answer, Asked, said
from tests.venues.common.windows import Window

if TYPE_CHECKING:
    from tests.venues.bybit.venue import Venue

Words = dict[str, Any]
SECOND_NS = 1_000_000_000


def answer(venue: "Venue", asked: Asked) -> Answer:
    """Answer a request."""
    path = asked.path.rstrip("/")
    if asked.method == "GET" and path in public.PATHS:
        return envelope(venue, public.PATHS[path](venue, asked.words))
    paths = private.READS if asked.method == "GET" else trading.WRITES | private.WRITES
    if path not in paths:
        raise Refused(NO_PATH, status=404)
    account = venue.guard.account(asked)
    words = dict(asked.words) if asked.method == "GET" else _body(asked)
    headers = _counted(venue, account, path, words)
    result = paths[path](venue, account, words)
    extra = result.pop("retExtInfo", {})
    return envelope(venue, result, extra, headers)


def envelope(
    venue: "Venue", result: Words, extra: Words | None = None, headers: Words | None = None
) -> Answer:
    """Wrap what was asked for."""
    words = {
        "retCode": 0,
        "retMsg": "OK",
        "result": result,
        "retExtInfo": extra or {},
        "time": venue.exchange.now_ms,
    }
    return Answer(200, said(words).body, {**JSON, **(headers or {})})


def refused(venue: "Venue", why: Refused, headers: Words | None = None) -> Answer:
    """Wrap a refusal."""
    words = {
        "retCode": why.code,
        "retMsg": why.message,
        "result": {},
        "retExtInfo": {},
        "time": venue.exchange.now_ms,
    }
    return Answer(why.status, said(words).body, {**JSON, **(headers or {})})


def _body(asked: Asked) -> Words:
    try:
        words = json.loads(asked.raw or b"{}")
    except ValueError:
        raise Refused(10001, "Request parameter error.") from None
    if not isinstance(words, dict):
        raise Refused(10001, "Request parameter error.")
    return words


def _counted(venue: "Venue", account: Account, path: str, words: Words) -> Words:
    """Count a request of an account by its path; return the headers that tell of it."""
    now_ns = venue.agenda.now_ns
    most = per_second(path) * venue.limits.order_factor
    window = venue.windows.setdefault((account.uid, path), Window(most, SECOND_NS))
    window.most = most if venue.limits.has_rates else None
    batch = words.get("request")
    is_within = window.take(now_ns, len(batch) if isinstance(batch, list) and batch else 1)
    headers = {
        "X-Bapi-Limit": str(most),
        "X-Bapi-Limit-Status": str(max(0, most - window.used)),
        "X-Bapi-Limit-Reset-Timestamp": str(venue.exchange.now_ms + (0 if is_within else 1_000)),
        "Traceid": f"{venue.rng.getrandbits(128):032x}",
        "Timenow": str(venue.exchange.now_ms),
    }
    if not is_within:
        raise RateLimited(headers)
    return headers


class RateLimited(Refused):
    """Too many requests of an account; the headers tell until when."""

    def __init__(self, headers: Words) -> None:
        super().__init__(TOO_MANY)
        self.headers = headers
