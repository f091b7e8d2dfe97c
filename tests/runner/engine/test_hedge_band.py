"""A measured band follows what happens, is journalled, and replays to the same decisions."""

from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from connectors.model.events import BAND
from runner.engine.hedge_band import SAMPLE_NS, MeasuredBand
from runner.engine.history import History
from runner.modes.recorded import open_recording, replay_recording
from strategies.hedge_measured import Basis, Fills
from tests.deploys import KERNEL_CACHE, settings_for
from tests.runner.modes.test_hedges import HEDGED, NAMES
from tests.sessions import run_session
from tests.support import MID_TICKS, NOW_NS, SECOND_NS, shown_desk

MEASURED = (
    *HEDGED,
    "hedger=none",
    "hedge.band_every_s=10",
    "hedge.band_memory_s=60",
    "hedge.band=proportional",
    "hedge.max_unhedged_quote=null",
)


def measured(every_ns: int = SAMPLE_NS) -> MeasuredBand:
    """Return a band of a hundred grains a fill in ten seconds; a clip has ten grains."""
    return MeasuredBand(
        fills=Fills.expected(0.1, 0.0, 60.0),
        bases=[Basis.expected(0.1, 60.0)],
        clip_grains=10.0,
        every_ns=every_ns,
        solve=lambda fills_per_s, basis_bps: round(1_000 * fills_per_s),
    )


def test_the_band_is_solved_when_it_is_time_and_told_where_it_moves() -> None:
    hedge, hedged = (shown_desk(bid=MID_TICKS - 1, ask=MID_TICKS + 1) for _ in range(2))
    band = measured(2 * SAMPLE_NS)
    hedge.params.hedge.band_grains = 100
    assert [band.look(hedge, [hedged], 0, NOW_NS + k * SECOND_NS) for k in range(20)] == [None] * 20
    told = band.look(hedge, [hedged], 0, NOW_NS + 20 * SECOND_NS)
    assert told is not None
    assert told < 100
    hedge.params.hedge.band_grains = told
    for k in range(21, 40):
        assert band.look(hedge, [hedged], 30 * (k % 2), NOW_NS + k * SECOND_NS) is None
    again = band.look(hedge, [hedged], 0, NOW_NS + 40 * SECOND_NS)
    assert again is not None
    assert again > told


def test_prices_of_a_book_that_is_not_sound_are_not_compared() -> None:
    hedge, hedged = (shown_desk(bid=MID_TICKS - 1, ask=MID_TICKS + 1) for _ in range(2))
    band = measured()
    band.look(hedge, [hedged], 0, NOW_NS)
    band.look(hedge, [hedged], 0, NOW_NS + SAMPLE_NS)
    hedged.signals.mid_half_ticks *= 2
    hedged.signals.sound = False
    band.look(hedge, [hedged], 0, NOW_NS + 2 * SAMPLE_NS)
    assert band.basis_bps_per_sqrt_s < 0.11
    hedged.signals.sound = True
    band.look(hedge, [hedged], 0, NOW_NS + 3 * SAMPLE_NS)
    assert band.basis_bps_per_sqrt_s < 0.11


def test_a_given_band_is_not_measured() -> None:
    with pytest.raises(ConfigError, match="expected band_every_s=null with band=given"):
        settings_for(*HEDGED, "hedge.band_every_s=60")


def test_a_session_solves_its_band_anew_and_replays_to_the_same_decisions(tmp_path: Path) -> None:
    settings = settings_for(*MEASURED, "duration_s=40", "record.decisions=all")
    finished = run_session(settings, tmp_path)
    tapes = f"tape.path={tmp_path / 'tapes'}"
    again = settings_for(*MEASURED, "mode=replay", "tape=mmrunner", tapes, "replay.fills=recorded")
    for name, worker in zip(NAMES, finished.built.workers, strict=True):
        recording = open_recording(again, name)
        assert bool((recording.journal[:, 0] == BAND).any()) is (name == "btc_hedge")
        played = replay_recording(recording, History(), KERNEL_CACHE, compiled=False)
        assert played.agreement.first is None
        assert played.agreement.decisions == worker.market.desk.tally.decisions
