"""Retell a stand-in's truth in the words of the stage, so that one set of judges reads both."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tests.stage.truth import Fact, Request
from tests.venues.common.truth import OWN, REQUESTS, Came, Line, Passed, TruthLog
from tests.venues.common.truth import Fact as Told


@dataclass(frozen=True, slots=True)
class Retold:
    """What one account, and nobody, is told of, under the deploy's names of the markets.

    `names` are the deploy's markets by symbol, `reads` what the stage calls a read, or would;
    `spelled` gives an order's bytes as the stage spells them.
    """

    account: int
    names: Mapping[str, str]
    reads: Mapping[str, str]
    spelled: Callable[[Came], bytes]

    def facts(self, line: Line) -> Iterator[Fact]:
        """Yield the stage's fact of a line, where it has one."""
        fact = line.fact
        if line.account not in (None, self.account):
            return
        if isinstance(fact, Passed):
            if fact.operation in self.reads:
                yield Request(fact.ns, self.reads[fact.operation], self._name(fact.market), 0, b"")
        elif isinstance(fact, Came):
            word = REQUESTS.get(fact.kind, fact.kind)
            name, raw = self._name(fact.market), self.spelled(fact)
            yield Request(fact.ns, word, name, fact.client_id, raw)
        elif not isinstance(fact, OWN):
            market = getattr(fact, "market", None)
            if not market:
                yield fact
            elif market in self.names:
                yield replace(fact, market=self.names[market])  # type: ignore[arg-type]

    def _name(self, symbol: str) -> str:
        return self.names.get(symbol, symbol)


class Retelling(TruthLog):
    """A log that keeps nothing and retells everything at once."""

    def __init__(self, retold: Retold, tell: Callable[[Fact], None]) -> None:
        super().__init__(is_kept=False)
        self._retold = retold
        self._tell = tell

    def tell(self, fact: Told, account: int | None = None) -> None:
        """Retell a fact."""
        for each in self._retold.facts(Line(account, fact)):
            self._tell(each)
