"""A replay of a part of a tape sees that part alone."""

from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.modes.shelf import Shelf
from runner.places import Places, RunDirectory
from tests.deploys import CHECKOUT, compiled_loop, replayed, settings_for

WORDS = ("mode=replay", "market=btc", "watch=none", "kappa=6")
S = 1_000_000_000


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Return places of an empty home."""
    return Places(tmp_path, CHECKOUT, RunDirectory(tmp_path / "run"))


def test_nothing_after_the_end_changes_what_was_done_before_it(places: Places) -> None:
    shelf = Shelf()
    whole = settings_for(*WORDS)
    tape = shelf.tapes(whole, places)["btc"]
    end_ns = int(tape.local.recv_ns[0]) + 120 * S
    part = settings_for(*WORDS, f"replay.end={end_ns}")
    short = replayed(part, "btc", shelf.tapes(part, places)["btc"], compiled_loop())
    long = replayed(whole, "btc", tape, compiled_loop())
    count = len(short.history.fills["recv_ns"])
    assert 0 < count < len(long.history.fills["recv_ns"])
    for name in ("recv_ns", "side", "ticks", "lots", "client_id", "position_before_lots"):
        assert long.history.fills[name][:count] == short.history.fills[name], name


def test_a_part_begins_flat_at_its_moment(places: Places) -> None:
    shelf = Shelf()
    first_ns = int(shelf.tapes(settings_for(*WORDS), places)["btc"].local.recv_ns[0])
    begin_ns = first_ns + 120 * S
    part = settings_for(*WORDS, f"replay.begin={begin_ns}", f"replay.end={begin_ns + 60 * S}")
    tape = shelf.tapes(part, places)["btc"]
    assert (tape.local.recv_ns[0], tape.venue.venue_ns[0]) == (begin_ns, begin_ns)
    r = replayed(part, "btc", tape, compiled_loop())
    assert r.opening_position_lots == 0
    assert min(r.history.fills["recv_ns"]) > begin_ns


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("replay.begin=soon",), "replay.begin: expected a moment in UTC"),
        (
            ("replay.begin=2026-06-02", "replay.end=2026-06-01"),
            "replay: expected begin before end",
        ),
        (("replay.end=2026-06-01", "replay.fills=recorded"), "replay: expected begin=null"),
    ],
)
def test_what_is_no_part_is_refused(words: tuple[str, ...], line: str) -> None:
    with pytest.raises(ConfigError, match=line):
        settings_for(*WORDS, *words)
