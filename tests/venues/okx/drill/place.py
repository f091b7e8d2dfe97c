"""Describe the stand-in of OKX to a drill."""

from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

from tests.venues.common.drill.place import BESIDES, Place
from tests.venues.okx.drill.faults import FAULTS
from tests.venues.okx.keys import UID
from tests.venues.okx.sandbox import SANDBOX
from tests.venues.okx.staged.facts import naming_of, retold

NAMING = naming_of(FAULTS.markets)
"""What the stand-in writes its truth with: the numbers of the deploy's ledger."""


def _venue(truth: Path, seed: int) -> AbstractContextManager[int]:
    return SANDBOX.venue(truth, "--seed", str(seed), "--naming", f"{__name__}:NAMING")


PLACE = Place(
    name="okx",
    words=(SANDBOX.experiment, "deploy=okx_drill", *BESIDES, "strategy.refresh_ms=400"),
    account=UID,
    venue=_venue,
    addresses=SANDBOX.addresses,
    environment=SANDBOX.keys,
    retold=retold,
    faults=FAULTS,
    # The venue does not say for how long it wants silence.
    silenced=frozenset(),
    fee_unit=Decimal("0.00000001"),
    stamp_ns=1_000_000,
)
