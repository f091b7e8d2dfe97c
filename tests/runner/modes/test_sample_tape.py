"""The tapes that come with the project are what the synthetic market makes today."""

from pathlib import Path

import pytest

from connectors.tape.readers import read_tape
from connectors.tape.source import AS_RECORDED, TapeSource
from tests.deploys import instrument, settings_for
from tests.sample_tape import DIRECTORY, LENGTH_NS, MARKETS, START_NS, rows_of, write


@pytest.mark.parametrize("market", MARKETS)
def test_the_committed_tape_begins_as_the_stream_does(market: str) -> None:
    settings = settings_for(f"market={market}")
    source = TapeSource("mmrunner", DIRECTORY, min_feed_latency_ns=AS_RECORDED)
    local = read_tape(source, instrument(settings, market)).local
    rows, _ = rows_of(market, START_NS + 20_000_000_000)
    for name in ("kind", "ticks", "lots", "venue_ns", "recv_ns"):
        assert getattr(local, name)[: len(rows)].tolist() == getattr(rows, name)
    assert local.venue_ns[-1] > START_NS + 0.99 * LENGTH_NS


def test_a_sample_is_written_whole(tmp_path: Path) -> None:
    settings = settings_for("market=btc")
    write("btc", tmp_path)
    committed, made = (
        read_tape(
            TapeSource("mmrunner", folder, min_feed_latency_ns=AS_RECORDED),
            instrument(settings, "btc"),
        ).local
        for folder in (DIRECTORY, tmp_path)
    )
    assert made.lots.tolist() == committed.lots.tolist()
    assert made.ticks.tolist() == committed.ticks.tolist()
