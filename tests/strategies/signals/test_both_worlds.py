"""Every signal says the same interpreted and compiled, to the last bit, and is always a number."""

import pytest

from connectors.model.record import record_of, store
from tests.strategies.signals.both_worlds import AllSignals, drive, events, new_signals
from tests.support import compiled, differences

EVENTS = 6000


@pytest.mark.parametrize("seed", [1, 2])
def test_interpreted_and_compiled_agree_to_the_bit(seed: int) -> None:
    import numpy as np

    columns = events(seed, EVENTS)
    plain = new_signals(seed)
    record = record_of(new_signals(seed))
    assert drive(plain, *columns, EVENTS) == 0
    arrays = [np.array(column, np.int64) for column in columns]
    assert compiled(drive)(record, *arrays, EVENTS) == 0
    back = AllSignals()
    store(back, record)
    assert differences(plain, back) == []
    assert plain.summed != 0.0
    assert all(count > 0 for count in plain.markouts.windows.count)
    assert plain.own_intensity.count > 30.0
    assert plain.vpin.closed > 50
    assert plain.sweeps.ended > 100
