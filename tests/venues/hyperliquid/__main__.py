"""Run the stand-in as a process: `python -m tests.venues.hyperliquid --port 8475 --seed 1`."""

import argparse

from tests.venues.common.truth import TruthLog
from tests.venues.hyperliquid.client import keys
from tests.venues.hyperliquid.keys import UID
from tests.venues.hyperliquid.markets import chosen
from tests.venues.hyperliquid.scenario import read
from tests.venues.hyperliquid.sessions import STREAMS
from tests.venues.hyperliquid.venue import Setup, Venue
from tests.venues.perpetuals.process import naming_of, serve, words_of


def built(words: argparse.Namespace, now_ns: int, truth: TruthLog) -> Venue:
    """Return the venue that the command line describes."""
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        wallet_usdt=words.wallet,
        skew_ms=words.skew_ms,
        naming=naming_of(words.naming),
        script=read(words.scenario) if words.scenario else (),
    )
    venue = Venue(setup, now_ns, truth)
    venue.open_account(UID, keys())
    return venue


if __name__ == "__main__":
    say = words_of("tests.venues.hyperliquid", __doc__, "BTC,ETH")
    serve(say.parse_args(), built, STREAMS)
