"""Say what an error of ccxt, or a venue's own code, proves of a request: one table a venue.

ccxt's classes are known by their names, so that nothing is imported for them. What no table knows
proves nothing: it may have been carried out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from connectors.calls import NOT_SENT, Lost, Outcome, Refused, Unproven
from connectors.model.errors import Plan, Refusal, VenueError


class Meaning(Enum):
    """What a venue's no is about."""

    POST_ONLY = "the order would have taken"
    NOT_FOUND = "there is no such order, or it has ended"
    NO_CHANGE = "it is so already"
    RATE = "we are too fast"
    AUTH = "this key may not"
    CLOCK = "our stamp is not of the venue's moment"
    INVALID = "the request cannot be carried out"
    NETWORK = "it has not left"
    UNKNOWN = "it may have been carried out"


@dataclass(frozen=True, slots=True)
class Answer:
    """A no: what it means, and for an order why in the words of every venue."""

    meaning: Meaning
    refusal: Refusal = Refusal.OTHER


POST_ONLY = Answer(Meaning.POST_ONLY, Refusal.POST_ONLY)
NOT_FOUND = Answer(Meaning.NOT_FOUND)
NO_CHANGE = Answer(Meaning.NO_CHANGE)
RATE = Answer(Meaning.RATE, Refusal.RATE_LIMIT)
AUTH = Answer(Meaning.AUTH)
CLOCK = Answer(Meaning.CLOCK)
INVALID = Answer(Meaning.INVALID)
MARGIN = Answer(Meaning.INVALID, Refusal.INSUFFICIENT_MARGIN)
MIN_SIZE = Answer(Meaning.INVALID, Refusal.MIN_SIZE)
PRICE_BAND = Answer(Meaning.INVALID, Refusal.PRICE_BAND)
REDUCE_ONLY = Answer(Meaning.INVALID, Refusal.REDUCE_ONLY)
DUPLICATE_ID = Answer(Meaning.INVALID, Refusal.DUPLICATE_ID)
UNKNOWN = Answer(Meaning.UNKNOWN)
NETWORK = Answer(Meaning.NETWORK, Refusal.NOT_SENT)

Codes = Mapping[str, Answer]
"""A venue's own codes or texts."""

BY_CLASS: Codes = {
    "OrderNotFound": NOT_FOUND,
    "OrderImmediatelyFillable": POST_ONLY,
    "OrderNotFillable": POST_ONLY,
    "DuplicateOrderId": DUPLICATE_ID,
    "InvalidOrder": INVALID,
    "InsufficientFunds": MARGIN,
    "NoChange": NO_CHANGE,
    "BadRequest": INVALID,
    "ArgumentsRequired": INVALID,
    "NotSupported": INVALID,
    "OperationRejected": INVALID,
    "RateLimitExceeded": RATE,
    "DDoSProtection": RATE,
    "AuthenticationError": AUTH,
    "AccountSuspended": AUTH,
    "InvalidNonce": CLOCK,
}
"""The nearest class that is listed counts. NetworkError, BadResponse and a bare ExchangeError are
left out on purpose: they prove nothing."""

NAMES = ("retCode", "ret_code", "code", "sCode")
"""What venues call their code."""


class Told(Exception):
    """A venue has refused: its code and text, the status that they came with, and the body."""

    def __init__(
        self, code: str, text: str, status: int, answer: Answer, said: object = None
    ) -> None:
        super().__init__(f"{code} {text}" if code else text)
        self.code = code
        self.text = text
        self.status = status
        self.answer = answer
        self.said = said


def answer_of(error: BaseException, code: str, text: str, codes: Codes) -> Answer:
    """Return what a refusal means: by the venue's words, then by its code, then by ccxt's class."""
    found = next((codes[key] for key in codes if _is_text(key) and key in text), None)
    if found is not None:
        return found
    if code in codes:
        return codes[code]
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((BY_CLASS[name] for name in names if name in BY_CLASS), UNKNOWN)


def _is_text(key: str) -> bool:
    return " " in key or "." in key


def codes_in(body: object) -> Iterator[tuple[str, str]]:
    """Yield every code that a JSON body holds, the innermost first, with the text beside it."""
    if isinstance(body, dict):
        for inner in ("data", "response", "result", "error"):
            yield from codes_in(body.get(inner))
        for name in NAMES:
            code = body.get(name)
            if isinstance(code, (int, str)) and not isinstance(code, bool) and str(code):
                yield str(code), str(_text(body))
    elif isinstance(body, list):
        for each in body[:1]:
            yield from codes_in(each)


def _text(body: dict[str, object]) -> object:
    for name in ("retMsg", "ret_msg", "msg", "sMsg", "message"):
        if body.get(name):
            return body[name]
    return ""


def outcome_of(error: BaseException) -> Outcome:
    """Return what an error of a write proves of it."""
    if isinstance(error, Told):
        if error.answer.meaning is Meaning.UNKNOWN:
            return Unproven(str(error))
        code = int(error.code) if error.code.lstrip("-").isdecimal() else error.status
        return Refused(code, error.text[:200])
    if isinstance(error, Lost) and not error.may_have_arrived:
        return Refused(NOT_SENT, error.why)
    return Unproven(f"{type(error).__name__} {str(error)[:160]}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proven of a write, and where it was refused what that means."""

    outcome: Outcome
    answer: Answer = UNKNOWN


def verdict_of(error: BaseException) -> Verdict:
    """Return what an error of a write proves, and what it means."""
    return Verdict(outcome_of(error), meaning_of(error))


def meaning_of(error: BaseException) -> Answer:
    """Return what an error of a request means."""
    if isinstance(error, Told):
        return error.answer
    if isinstance(error, Lost) and not error.may_have_arrived:
        return NETWORK
    return UNKNOWN


def read_error(venue: str, what: str, error: BaseException) -> VenueError:
    """Return the error of a read that brought nothing."""
    meaning = meaning_of(error).meaning
    lasts = meaning in (Meaning.AUTH, Meaning.INVALID) or (
        isinstance(error, Lost) and error.is_lasting
    )
    return VenueError(f"{venue} {what}: {error}", Plan.HALT if lasts else Plan.RETRY)
