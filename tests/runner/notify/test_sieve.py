"""The same is told once a while, too much is held back, and nothing critical is lost."""

from runner.notify.news import Level, News
from runner.notify.sieve import HOUR_NS, Sieve

SECOND_NS = 1_000_000_000


def sieve(least: Level = Level.WARNING, most: int = 3) -> Sieve:
    return Sieve(least, quiet_ns=60 * SECOND_NS, most_per_hour=most)


def told(sieve: Sieve, text: str, now_s: float, level: Level = Level.WARNING) -> list[str]:
    return list(sieve.sift(News(level, "btc", text), int(now_s * SECOND_NS)))


def test_what_matters_less_is_not_told() -> None:
    assert told(sieve(), "started", 0, Level.INFO) == []
    assert told(sieve(Level.INFO), "started", 0, Level.INFO) == ["btc: started"]


def test_the_same_with_other_figures_is_told_once_a_while_and_counted() -> None:
    of = sieve()
    assert told(of, "no data for 3 s", 0) == ["btc: no data for 3 s"]
    assert told(of, "no data for 4 s", 1) == []
    assert told(of, "no data for 59 s", 59.9) == []
    assert told(of, "no data for 60 s", 60) == ["btc: no data for 60 s (2 more held back)"]
    assert told(of, "no data for 9 s", 130) == ["btc: no data for 9 s"]


def test_another_market_and_another_level_are_another_matter() -> None:
    of = sieve()
    assert told(of, "halted", 0)
    assert told(of, "halted", 0, Level.CRITICAL)
    assert list(of.sift(News(Level.WARNING, "eth", "halted"), 0)) == ["eth: halted"]


def test_an_hour_has_so_many_and_what_is_critical_leaves_all_the_same() -> None:
    of = sieve(most=2)
    assert told(of, "one", 0)
    assert told(of, "two", 1)
    assert told(of, "three", 2) == []
    assert told(of, "four", 3, Level.CRITICAL) == ["btc: four (1 more held back)"]
    assert told(of, "five", HOUR_NS / SECOND_NS + 0.5) == []
    assert told(of, "six", HOUR_NS / SECOND_NS + 10) == ["btc: six (1 more held back)"]
