"""Keep what an outbox knows of an order whose end is not proven."""

from dataclasses import dataclass

from runner.engine.ledger.states import Life


@dataclass(slots=True)
class Open:
    """An order whose end is not proven. `since_ns` is when it was last heard of."""

    side: int
    life: Life
    since_ns: int

    @property
    def ticks(self) -> int:
        """At what price it stands."""
        return self.life.ticks

    @property
    def open_lots(self) -> int:
        """What may still trade at most."""
        return self.life.open_lots
