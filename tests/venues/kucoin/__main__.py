"""Run the stand-in as a process: `python -m tests.venues.kucoin --port 8474 --seed 1`."""

import argparse

from tests.venues.common.scenario import read
from tests.venues.common.truth import TruthLog
from tests.venues.kucoin.client import keys
from tests.venues.kucoin.faults import FAULTS
from tests.venues.kucoin.keys import UID
from tests.venues.kucoin.markets import chosen
from tests.venues.kucoin.sessions import STREAMS
from tests.venues.kucoin.venue import Setup, Venue
from tests.venues.perpetuals.process import naming_of, serve, words_of


def built(words: argparse.Namespace, now_ns: int, truth: TruthLog) -> Venue:
    """Return the venue that the command line describes."""
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        wallet_usdt=words.wallet,
        skew_ms=words.skew_ms,
        naming=naming_of(words.naming),
        script=read(FAULTS, words.scenario) if words.scenario else (),
    )
    venue = Venue(setup, now_ns, truth)
    venue.open_account(UID, keys())
    return venue


if __name__ == "__main__":
    say = words_of("tests.venues.kucoin", __doc__, "XBTUSDTM,ETHUSDTM")
    serve(say.parse_args(), built, STREAMS)
