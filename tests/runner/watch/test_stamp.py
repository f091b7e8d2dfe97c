from datetime import datetime

from runner.watch.stamp import clock_text, utc_text
from tests.runner.watch.views import NOW_NS


def test_stamps_are_utc_with_the_digits_asked_for() -> None:
    assert utc_text(NOW_NS) == "2026-07-01T12:00:31.123456789Z"
    assert utc_text(NOW_NS, 6) == "2026-07-01T12:00:31.123456Z"
    assert clock_text(NOW_NS) == "12:00:31"
    assert datetime.fromisoformat(utc_text(NOW_NS, 6)).timestamp() == NOW_NS // 1_000 / 1e6
