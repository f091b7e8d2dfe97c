"""Read Lighter's REST API: answers as types, or VenueError."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from connectors.calls import Calls, Confirmed, Failed, Outcome, Refused, Request, by_status
from connectors.lighter.answers import FOR_A_PERSON
from connectors.lighter.refusal_words import words
from connectors.model.errors import Plan, VenueError
from connectors.pacing import Kind

T = TypeVar("T")

WITHIN_S = 20.0
"""How long a read may wait for its turn and its answer."""
OK = 200
CLOCK_WEIGHT = 6
FORM = "application/x-www-form-urlencoded"
LASTING = frozenset({404, 405, 20001}) | FOR_A_PERSON.keys()
"""Refusals that no waiting mends: no access, blocked from here, unknown words, update needed."""


def judge(status: int, body: Any) -> Outcome:
    """Judge an answer by its own code, which may refuse with status 200."""
    code = body.get("code", status) if isinstance(body, dict) else None
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 10:
        code = int(code)
    if not isinstance(code, int) or isinstance(code, bool):
        return Refused(status, f"an answer without a code: {str(body)[:160]}")
    if code == OK and 200 <= status < 300:
        return Confirmed(body)
    return Refused(code, str(body.get("message"))[:200])


class Rest:
    """Reads of one network."""

    def __init__(self, url: str, calls: Calls) -> None:
        self._url = url.rstrip("/")
        self._calls = calls

    def hurry(self) -> None:
        """Let reads use what is kept for the end of a deploy."""
        self._calls.urgency = Kind.REDUCE

    async def server_s(self) -> int:
        """Return what the venue's clock says, in seconds; raise VenueError where it is not told."""
        request = Request("GET", f"{self._url}/")
        answer = await self._calls.read(request, CLOCK_WEIGHT, WITHIN_S, by_status)
        told = answer.body.get("timestamp") if isinstance(answer, Confirmed) else None
        if not (isinstance(told, (int, str)) and str(told).isdigit() and len(str(told)) < 12):
            raise VenueError("lighter: the venue does not tell its clock")
        return int(told)

    async def refusal_of_nothing(self) -> int:
        """Send a transaction that is none; return the code that it is refused with.

        That shows who is let in to send at all. Raises VenueError where there is no answer.
        """
        url, form = f"{self._url}/api/v1/sendTx", {"Content-Type": FORM}
        request = Request("POST", url, form, b"tx_type=0&tx_info=%7B%7D")
        answer = await self._calls.read(request, CLOCK_WEIGHT, WITHIN_S, judge)
        if isinstance(answer, Refused):
            return answer.code
        raise VenueError("lighter: a transaction that is none was not refused")

    async def get(
        self,
        path: str,
        params: Mapping[str, str | int],
        weight: int,
        kind: type[T],
        token: str | None = None,
        urgency: Kind | None = None,
    ) -> T:
        """Return what `path` answers, or raise VenueError: no answer is ever an empty one.

        `urgency` is what it is for, where that is another thing than what all reads are for now.
        """
        answer = await self._answer(path, params, weight, token, urgency)
        if isinstance(answer, Refused):
            raise _refused(path, answer)
        return _read(path, answer, kind)

    async def find(
        self, path: str, params: Mapping[str, str | int], weight: int, kind: type[T], absent: int
    ) -> T | None:
        """Do the same, and return None where the venue refuses with the code `absent`."""
        answer = await self._answer(path, params, weight, None)
        if isinstance(answer, Refused):
            if answer.code == absent:
                return None
            raise _refused(path, answer)
        return _read(path, answer, kind)

    async def _answer(
        self,
        path: str,
        params: Mapping[str, str | int],
        weight: int,
        token: str | None,
        urgency: Kind | None = None,
    ) -> Confirmed | Refused:
        url = f"{self._url}/api/v1/{path}?{urlencode(params)}"
        headers = {} if token is None else {"Authorization": token}
        asked = Request("GET", url, headers)
        answer = await self._calls.read(asked, weight, WITHIN_S, judge, urgency)
        if isinstance(answer, Failed):
            raise VenueError(f"lighter {path}: {answer.why}")
        return answer


def _refused(path: str, refused: Refused) -> VenueError:
    plan = Plan.HALT if refused.code in LASTING else Plan.RETRY
    return VenueError(f"lighter {path}: {words(refused.code, refused.text)}", plan)


def _read(path: str, answer: Confirmed, kind: type[T]) -> T:
    try:
        return msgspec.convert(answer.body, kind, strict=False)
    except (msgspec.ValidationError, RecursionError) as error:
        raise VenueError(f"lighter {path}: not as documented: {error}") from None
