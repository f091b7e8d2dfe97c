"""Carry Hyperliquid's actions of one sort: several that are asked for at one moment are one action.

Hyperliquid, "Exchange endpoint" and "Error responses": an answer of status 200 says for each order
of a batch what became of it. One error for a whole batch was found before any of it was done; an
action that is refused as a whole was not done either.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.calls import Confirmed, Request, Unproven
from connectors.ccxt.answers import INVALID, Answer, Told, Verdict, verdict_of
from connectors.ccxt.asking import written
from connectors.ccxt.codes import HYPERLIQUID
from connectors.ccxt.lane import Body, Lane
from connectors.ccxt.native.rest import WRONG, refusal_of, words_of
from connectors.ccxt.network import Network
from connectors.pacing import Pacer

MOST = 20
"""Orders of one batch: from forty on it would weigh more than one."""
LIFE_MS = 5000
"""How long after it was signed an action may be carried out: it names its end."""
Words = Callable[[Sequence[Body]], Mapping[str, Any]]
"""Make an action of what is asked for."""
Sign = Callable[[Mapping[str, Any]], Request]


class HyperliquidLane:
    """Actions of one sort. Their budget, of one each, has been taken."""

    def __init__(self, network: Network, pacer: Pacer, words: Words, sign: Sign) -> None:
        self._network = network
        self._pacer = pacer
        self._words = words
        self._sign = sign
        self._lane = Lane(MOST, self._carry)

    async def write(self, body: Body) -> Verdict:
        """Send a request once, with those of its sort that are asked for at this moment."""
        return await self._lane.write(body)

    def close(self) -> None:
        """Wait for no answer any more."""
        self._lane.close()

    async def _carry(self, bodies: Sequence[Body]) -> list[Verdict]:
        """Send requests as one; return a verdict for each."""

        async def ask() -> Any:
            return await acted(self._network, self._sign(self._words(bodies)))

        try:
            told = await written(self._pacer, ask)
        finally:
            for _ in bodies[1:]:
                self._pacer.release()
        if not isinstance(told.outcome, Confirmed):
            return [told] * len(bodies)
        return fates(told.outcome.body, len(bodies))


async def acted(network: Network, request: Request) -> Any:
    """Send an action once; return what it was answered with. Raises Told where the venue refuses
    all of it, and Lost where nothing is known."""
    status, said = await network.carry(request)
    if status >= WRONG:
        text = words_of(said)
        raise Told("", text[:200], status, meant_by(text, refusal_of(status)))
    if isinstance(said, dict) and said.get("status") == "err":
        text = str(said.get("response"))
        raise Told("", text[:200], status, meant_by(text))
    return said


def fates(said: Any, count: int) -> list[Verdict]:
    """Return what an answer proves of each of so many; what it does not speak of is unknown."""
    rows = _rows(said)
    if len(rows) == 1 and isinstance(rows[0], dict) and "error" in rows[0]:
        rows = rows * count
    if len(rows) != count:
        return [Verdict(Unproven(f"not as documented: {str(said)[:120]}"))] * count
    return [_fate(row) for row in rows]


def meant_by(text: str, usual: Answer = INVALID) -> Answer:
    """Return what a refusal means, by its words."""
    return next((HYPERLIQUID[words] for words in HYPERLIQUID if words in text), usual)


def _fate(row: Any) -> Verdict:
    if row == "success" or (isinstance(row, dict) and ("resting" in row or "filled" in row)):
        return Verdict(Confirmed(row))
    if isinstance(row, dict) and isinstance(row.get("error"), str):
        text = row["error"]
        return verdict_of(Told("", text, 200, meant_by(text)))
    return Verdict(Unproven(f"not as documented: {str(row)[:120]}"))


def _rows(said: Any) -> list[Any]:
    try:
        rows = said["response"]["data"]["statuses"]
    except (LookupError, TypeError):
        return []
    return rows if isinstance(rows, list) else []
