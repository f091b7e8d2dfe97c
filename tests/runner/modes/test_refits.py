"""A replay fits rates when the schedule says so, to what had been seen by then."""

from typing import Any

import pytest

from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.span import cut
from connectors.tape.tape import Tape
from runner.modes.agendas import hear_schedule
from runner.modes.refits import refits_between
from runner.settings import Settings
from runner.wiring.markets import instrument_of
from strategies.scheduled import INTENSITY_MICRO, KAPPA_MICRO, MICRO
from tests.deploys import CHECKOUT, settings_for

MINUTE_NS = 60_000_000_000
WORDS = (
    "market=btc",
    "mode=replay",
    "kappa=5",
    "schedule.refit.lookback_s=280",
    "+schedule.jobs.recalibrate={every_s: null, cron: '* * * * *'}",
)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return settings_for(*WORDS)


@pytest.fixture(scope="module")
def tape(settings: Settings) -> Tape:
    instrument = instrument_of(settings.markets["btc"].instrument)
    return read_tape(TapeSource("mmrunner", CHECKOUT / "connectors" / "sim" / "tape"), instrument)


def rows(settings: Settings, tape: Tape) -> list[tuple[int, int, int]]:
    stamps: Any = tape.local.recv_ns
    return refits_between(settings, "btc", tape, int(stamps[0]), int(stamps[-1]))


def test_rates_change_at_the_moments_of_the_job_by_a_step(settings: Settings, tape: Tape) -> None:
    found = rows(settings, tape)
    assert len(found) >= 2
    assert all(at_ns % MINUTE_NS == 0 for at_ns, _, _ in found)
    first = {number: value / MICRO for _, number, value in found[:2]}
    assert 5 / 1.25 <= first[KAPPA_MICRO] <= 5 * 1.25
    assert first[INTENSITY_MICRO] > 0


def test_what_comes_later_changes_no_fit(settings: Settings, tape: Tape) -> None:
    found = rows(settings, tape)
    at_ns = found[0][0]
    known = cut(tape, None, at_ns + 1_000_000_000 + tape.clock_shift_ns)
    assert rows(settings, known) == [row for row in found if row[0] <= at_ns]


def test_the_tape_of_a_replay_has_them_as_rows_of_its_own(settings: Settings, tape: Tape) -> None:
    heard = hear_schedule(settings, {"btc": tape})["btc"]
    assert len(heard.local.kind) == len(tape.local.kind) + len(rows(settings, tape))


def test_without_the_job_nothing_is_fitted(tape: Tape) -> None:
    plain = settings_for(*WORDS[:-1])
    assert hear_schedule(plain, {"btc": tape})["btc"] is tape
