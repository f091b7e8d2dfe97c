"""Describe the stand-in of Lighter to a drill."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

from tests.venues.common.drill.place import BESIDES, Place
from tests.venues.lighter.drill.faults import FAULTS
from tests.venues.lighter.keys import ACCOUNT, private
from tests.venues.lighter.sandbox import EXPERIMENT, KEY, venue
from tests.venues.lighter.staged.facts import retold
from tests.venues.lighter.staged.play import SENDS


def _venue(truth: Path, seed: int) -> AbstractContextManager[int]:
    return venue(truth, "--seed", str(seed))


def _addresses(port: int) -> Sequence[str]:
    address = f"127.0.0.1:{port}"
    return f"venue.rest_url=http://{address}", f"venue.ws_url=ws://{address}/stream"


PLACE = Place(
    name="lighter",
    words=(EXPERIMENT, "deploy=lighter_drill", *BESIDES),
    account=ACCOUNT,
    venue=_venue,
    addresses=_addresses,
    environment={KEY: private(4)},
    retold=retold,
    faults=FAULTS,
    silenced=SENDS,
    fee_unit=Decimal("0.000001"),
    stamp_ns=1_000,
)
