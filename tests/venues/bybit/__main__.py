"""Run the stand-in as a process: `python -m tests.venues.bybit --port 8472 --seed 1`."""

import argparse
from collections.abc import Sequence

from tests.venues.bybit.accounts import VIPS, Key
from tests.venues.bybit.client import keys
from tests.venues.bybit.keys import UID
from tests.venues.bybit.markets import chosen
from tests.venues.bybit.scenario import read
from tests.venues.bybit.sessions import STREAMS
from tests.venues.bybit.venue import Setup, Venue
from tests.venues.common.truth import TruthLog
from tests.venues.perpetuals.process import naming_of, serve, words_of


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line, or other words."""
    say = words_of("tests.venues.bybit", __doc__, "BTCUSDT,ETHUSDT")
    say.add_argument("--vip", default="No VIP", choices=list(VIPS))
    say.add_argument("--funding-s", type=float, help="time between payments; each market's own")
    say.add_argument("--account", action="append", default=[], help="uid:key:secret")
    return say.parse_args(words)


def accounts_of(words: list[str]) -> dict[int, dict[str, Key]]:
    """Read `uid:key:secret` words into keys by account."""
    accounts: dict[int, dict[str, Key]] = {}
    for word in words:
        uid, key, secret = word.split(":")
        accounts.setdefault(int(uid), {})[key] = Key(secret)
    return accounts


def built(words: argparse.Namespace, now_ns: int, truth: TruthLog) -> Venue:
    """Return the venue that the command line describes."""
    setup = Setup(
        seed=words.seed,
        markets=chosen(words.markets),
        vip=words.vip,
        wallet_usdt=words.wallet,
        funding_s=words.funding_s,
        skew_ms=words.skew_ms,
        naming=naming_of(words.naming),
        script=read(words.scenario) if words.scenario else (),
    )
    venue = Venue(setup, now_ns, truth)
    for uid, own in (accounts_of(words.account) or {UID: keys()}).items():
        venue.open_account(uid, own)
    return venue


if __name__ == "__main__":
    serve(arguments(), built, STREAMS)
