"""Twenty scaled minutes of a few markets leave nothing behind; what leaks is noticed."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runner.engine.outbox import LedgerOutbox
from tests.soak.__main__ import verdicts_of
from tests.soak.growth import judged, slope
from tests.soak.run import HOUR_NS, Soak
from tests.support import memory_directory

MACHINES_OWN = {"rss_mb", "ledger_bytes_per_order"}
"""What a few minutes in a process of many tests say nothing of."""


@pytest.fixture
def soak() -> Iterator[Soak]:
    with TemporaryDirectory(dir=memory_directory()) as directory:
        yield Soak(Path(directory), 2, 1 / 3, 1, sessions=2, every_ns=HOUR_NS // 60)


def growing(soak: Soak) -> set[str]:
    soak.run()
    return {v.name for v in verdicts_of(soak) if v.grows} - MACHINES_OWN


@pytest.mark.slow
def test_nothing_grows_and_the_books_agree_after_deaths_and_faults(soak: Soak) -> None:
    assert growing(soak) == set()
    assert soak.findings == []
    assert soak.samples[-1]["fills"] > 20


@pytest.mark.slow
def test_a_set_that_is_never_trimmed_is_noticed(
    soak: Soak, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(self: LedgerOutbox, trade_id: int) -> None:
        self.cursor = trade_id

    monkeypatch.setattr(LedgerOutbox, "advance_cursor", keep)
    assert "queued" in growing(soak)


HOURS = [k / 6 for k in range(145)]


def test_a_steady_leak_is_told_from_noise_and_from_a_warm_up() -> None:
    noise = [5.0 * (-1) ** k for k in range(145)]
    warm = [100.0 + min(k, 30) + noise[k] for k in range(145)]
    assert not judged("rss_mb", HOURS, warm).grows
    leak = [100.0 + 1.2 * hour + extra for hour, extra in zip(HOURS, noise, strict=True)]
    assert judged("rss_mb", HOURS, leak).grows


def test_a_figure_above_its_most_is_noticed_however_it_came_there() -> None:
    once = [1.0] * 144 + [11.0]
    assert judged("wal_mb", HOURS, once).grows


def test_the_slope_is_that_of_most_pairs() -> None:
    rising = [1.0, 3.0, 5.0, 7.0, 9.0, 700.0]
    assert slope([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], rising) == pytest.approx(2.0)
    assert slope([0.0], [1.0]) == 0.0
