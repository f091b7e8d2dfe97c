"""Describe the stand-in of Bybit to a drill."""

from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

from tests.venues.bybit.drill.faults import FAULTS
from tests.venues.bybit.keys import UID
from tests.venues.bybit.sandbox import SANDBOX
from tests.venues.bybit.staged.facts import naming_of, retold
from tests.venues.common.drill.place import BESIDES, Place

NAMING = naming_of(FAULTS.markets)
"""What the stand-in writes its truth with: the numbers of the deploy's ledger."""


def _venue(truth: Path, seed: int) -> AbstractContextManager[int]:
    return SANDBOX.venue(truth, "--seed", str(seed), "--naming", f"{__name__}:NAMING")


PLACE = Place(
    name="bybit",
    # The venue takes ten of a sort a second from an account, of both markets together.
    words=(SANDBOX.experiment, "deploy=bybit_drill", *BESIDES, "strategy.refresh_ms=400"),
    account=UID,
    venue=_venue,
    addresses=SANDBOX.addresses,
    environment=SANDBOX.keys,
    retold=retold,
    faults=FAULTS,
    silenced=frozenset({"place"}),
    fee_unit=Decimal("0.00000001"),
    stamp_ns=1_000_000,
)
