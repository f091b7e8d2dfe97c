"""A job's moment is acted on once, after it is safe, whatever asks for it again."""

from runner.engine.ledger.store import Store
from runner.engine.ledger.writer import DirectWriter
from runner.engine.slots import Slots
from tests.runner.engine.books import LaterWriter
from tests.runner.engine.ledger.made import MARKET, TERMS
from tests.virtual import SetClock


def test_a_moment_is_taken_once_also_after_a_restart() -> None:
    store = Store(None, {MARKET: TERMS})
    writer = LaterWriter(DirectWriter(store, SetClock(0)))
    acted: list[int] = []
    slots = Slots(writer, store.claimed_slots())
    assert slots.claim("close", 60, 61, lambda: acted.append(1))
    assert not slots.claim("close", 60, 62, lambda: acted.append(2))
    assert acted == []
    writer.commit()
    assert acted == [1]
    again = Slots(writer, store.claimed_slots())
    assert not again.claim("close", 60, 63, lambda: acted.append(3))
    assert again.claim("close", 120, 121, lambda: acted.append(4))
    assert again.claim("open", 60, 121, lambda: acted.append(5))
    writer.commit()
    assert acted == [1, 4, 5]
