"""Say what the venue's answer to a transaction proves, and what a person has to do about it."""

from typing import Any

from connectors.calls import NOT_SENT, Confirmed, Outcome, Refused, Unproven
from connectors.model.errors import Refusal

OK = 200
FIRST_CODE, PAST_CODE = 20_000, 29_500
"""Codes between are the venue's refusals at the door; beyond, it does not know itself."""

BAD_NONCES = frozenset({21104, 21105})
GONE = frozenset({21600, 21715})
"""A cancel of what is not there, or no longer."""

_MEANINGS = {
    21600: Refusal.NOT_FOUND,
    21715: Refusal.NOT_FOUND,
    21301: Refusal.INSUFFICIENT_MARGIN,
    21304: Refusal.INSUFFICIENT_MARGIN,
    21305: Refusal.INSUFFICIENT_MARGIN,
    21739: Refusal.INSUFFICIENT_MARGIN,
    21701: Refusal.MIN_SIZE,
    21706: Refusal.MIN_SIZE,
    21702: Refusal.PRICE_BAND,
    21733: Refusal.PRICE_BAND,
    21734: Refusal.PRICE_BAND,
    21732: Refusal.REDUCE_ONLY,
    21727: Refusal.DUPLICATE_ID,
    21728: Refusal.DUPLICATE_ID,
    429: Refusal.RATE_LIMIT,
    21506: Refusal.RATE_LIMIT,
    23000: Refusal.RATE_LIMIT,
    23001: Refusal.RATE_LIMIT,
    23002: Refusal.RATE_LIMIT,
    23003: Refusal.RATE_LIMIT,
}
RATE_LIMITS = frozenset(c for c, meaning in _MEANINGS.items() if meaning is Refusal.RATE_LIMIT)
TOO_FAST = RATE_LIMITS - {21506}
"""The venue counts requests; too many pending are of the account alone."""

_OF_SHAPE = frozenset({21121, 21513, 21514})
"""Of a batch as such: of two keys, of lists of two lengths, of too many."""

FOR_A_PERSON = {
    401: "this access is refused: check the API key",
    403: "this place may not trade: run from a region that the venue admits",
    451: "this place may not trade: run from a region that the venue admits",
    21100: "there is no such account on this network: set venue.account_index and network",
    21102: "there is no such account on this network: set venue.account_index and network",
    21108: "the API key is not registered: register it, or set its index",
    21109: "there is no API key of this index: register one, or set its index",
    21120: "the signature is not valid: check private key, account, key index and network",
    21136: "the venue wants a newer signer: update this program and its pinned lighter-sdk",
}
"""Refusals that no waiting mends, and what does."""

_OF_WHOLE_BATCHES = TOO_FAST | _OF_SHAPE | FOR_A_PERSON.keys() | {NOT_SENT}


def judge(status: int, body: Any) -> Outcome:
    """Judge an answer to a transaction: code 200 let it in, a code of the door's proves that
    nothing happened, and anything else proves nothing."""
    code = body.get("code") if isinstance(body, dict) else None
    if not isinstance(code, int) or isinstance(code, bool):
        return Unproven(f"status {status} without a code: {str(body)[:120]}")
    if code == OK and 200 <= status < 300:
        return Confirmed(body)
    text = str(body.get("message"))[:200]
    if FIRST_CODE <= code < PAST_CODE or (code in FOR_A_PERSON and status == code) or code == 429:
        return Refused(code, text)
    return Unproven(f"status {status} with code {code}: {text}")


def is_of_all(refused: Refused) -> bool:
    """Tell whether a refusal concerns all of a batch alike. Any other may be of one transaction in
    it, and it is not documented whether those before it were let in."""
    return refused.code in _OF_WHOLE_BATCHES and not is_of_quota(refused)


def is_of_quota(refused: Refused) -> bool:
    """Tell whether the volume quota is spent."""
    return refused.code in TOO_FAST and "quota" in refused.text


def meaning(code: int) -> Refusal:
    """Return what a refusal's code says in the words of every venue."""
    return _MEANINGS.get(code, Refusal.OTHER)


def quota_left(body: Any) -> int | None:
    """Return what is left of the volume quota, where an answer tells it."""
    told = body.get("volume_quota_remaining") if isinstance(body, dict) else None
    return told if isinstance(told, int) and not isinstance(told, bool) else None
