"""A settlement is what was announced last before its moment, and is told once."""

from decimal import Decimal

from connectors.funded import Announced
from runner.pairs.rates import LegRates
from strategies.funding.periods import Settled


def announced(next_ns: int, rate: str) -> Announced:
    return Announced(Decimal(rate), 10, next_ns)


def test_the_last_rate_before_a_settlement_is_what_was_settled() -> None:
    rates = LegRates(100)
    assert rates.look(announced(10, "0.1"), 5) is None
    assert rates.look(announced(10, "0.3"), 9) is None
    assert rates.waits_for(10)
    assert rates.look(announced(20, "0.2"), 11) == Settled(10, 0.3, 10)
    assert rates.look(announced(20, "0.2"), 12) is None
    assert not rates.waits_for(10)


def test_a_moment_that_is_only_put_off_has_not_settled() -> None:
    rates = LegRates(100)
    rates.look(announced(10, "0.1"), 5)
    assert rates.look(announced(14, "0.1"), 6) is None
    assert rates.look(announced(24, "0.1"), 15) == Settled(14, 0.1, 10)


def test_silence_settles_nothing_and_what_is_old_is_forgotten() -> None:
    rates = LegRates(25)
    for k in range(1, 8):
        rates.look(announced(10 * k, "0.1"), 10 * k - 9)
        rates.look(None, 10 * k - 5)
    assert [s.at_ns for s in rates.settled] == [40, 50, 60]
