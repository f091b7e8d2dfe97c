"""Run the stand-in as a process: `python -m tests.venues.binance_spot --port 8474 --seed 1`."""

import argparse

from tests.venues.binance.client import keys
from tests.venues.binance.faults import FAULTS
from tests.venues.binance.keys import UID
from tests.venues.binance_spot.markets import chosen
from tests.venues.binance_spot.sessions import STREAMS
from tests.venues.binance_spot.venue import Setup, Venue
from tests.venues.common.scenario import read
from tests.venues.common.truth import TruthLog
from tests.venues.perpetuals.process import naming_of, serve, words_of


def built(words: argparse.Namespace, now_ns: int, truth: TruthLog) -> Venue:
    """Return the venue that the command line describes."""
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        skew_ms=words.skew_ms,
        naming=naming_of(words.naming),
        script=read(FAULTS, words.scenario) if words.scenario else (),
    )
    venue = Venue(setup, now_ns, truth)
    venue.open_account(UID, keys())
    return venue


if __name__ == "__main__":
    say = words_of("tests.venues.binance_spot", __doc__, "BTCUSDT,ETHUSDT")
    serve(say.parse_args(), built, STREAMS)
