"""Carry requests of one sort over HTTP: several that are asked for at one moment leave as one.

A batch whose answer is lost leaves each of its orders unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.calls import Confirmed, Unproven
from connectors.ccxt.answers import Codes, Told, Verdict, answer_of, verdict_of
from connectors.ccxt.asking import written
from connectors.ccxt.lane import Body, Lane
from connectors.ccxt.library import Exchange
from connectors.pacing import Pacer

Classes = Mapping[str, type[BaseException]]
"""ccxt's of codes."""


@dataclass(frozen=True, slots=True)
class Sort:
    """How requests of a sort are asked for: one, and several, of which `most` are one batch."""

    single: str
    several: str
    most: int


@dataclass(frozen=True, slots=True)
class Rows:
    """How a venue answers for each order of a request, under ``data``: what it calls our id, the
    code and its text; `done` is the code of what was carried out."""

    id_name: str
    code: str
    text: str
    done: str
    codes: Codes

    def fates(self, said: Any, texts: Sequence[str], classes: Classes) -> list[Verdict]:
        """Return what an answer proves of each order, which `texts` name; what it does not speak of
        is unknown."""
        rows = rows_in(said)
        if len(rows) != len(texts):
            return [Verdict(Unproven(f"not as documented: {str(said)[:120]}"))] * len(texts)
        return [self._fate(row, text, classes) for row, text in zip(rows, texts, strict=True)]

    def _fate(self, row: Any, text: str, classes: Classes) -> Verdict:
        if not isinstance(row, dict) or row.get(self.id_name) != text or not row.get(self.code):
            return Verdict(Unproven(f"answered for another order: {str(row)[:80]}"))
        code, why = str(row[self.code]), str(row.get(self.text))
        if code == self.done:
            return Verdict(Confirmed(row))
        kind = classes.get(code, Exception)
        return verdict_of(Told(code, why, 200, answer_of(kind(), code, why, self.codes)))


class Batches:
    """Requests of one sort. Their budget, of one each, has been taken."""

    def __init__(
        self, exchange: Exchange, sort: Sort, rows: Rows, pacer: Pacer, is_row_alone: bool = True
    ) -> None:
        """`is_row_alone`: a request of one order is answered with a row as well."""
        self._exchange = exchange
        self._sort = sort
        self._rows = rows
        self._pacer = pacer
        self._is_row_alone = is_row_alone
        self._lane = Lane(sort.most, self._carry)

    async def write(self, body: Body) -> Verdict:
        """Send a request once, with those of its sort that are asked for at this moment."""
        return await self._lane.write(body)

    def close(self) -> None:
        """Wait for no answer any more."""
        self._lane.close()

    async def _carry(self, bodies: Sequence[Body]) -> list[Verdict]:
        """Send requests as one; return a verdict for each."""
        is_one = len(bodies) == 1

        async def ask() -> Any:
            try:
                if is_one:
                    return await getattr(self._exchange, self._sort.single)(dict(bodies[0]))
                return await getattr(self._exchange, self._sort.several)(list(map(dict, bodies)))
            except Told as told:
                if rows_in(told.said):
                    return told.said
                raise

        try:
            told = await written(self._pacer, ask)
        finally:
            for _ in bodies[1:]:
                self._pacer.release()
        if not isinstance(told.outcome, Confirmed) or (is_one and not self._is_row_alone):
            return [told] * len(bodies)
        texts = [str(body[self._rows.id_name]) for body in bodies]
        return self._rows.fates(told.outcome.body, texts, self._exchange.exceptions["exact"])


def rows_in(said: Any) -> list[Any]:
    """Return the rows of an answer, none where it has none."""
    rows = said.get("data") if isinstance(said, dict) else None
    return rows if isinstance(rows, list) else []
