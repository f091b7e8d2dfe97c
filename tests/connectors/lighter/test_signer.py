"""What leaves is what was asked for, signed by the right key for the right chain."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from connectors.lighter.library import PrivateKey, library_path
from connectors.lighter.signer import ThreadSigner
from connectors.lighter.trading import signer_of
from connectors.lighter.transactions import (
    ABORT,
    CANCEL,
    GTT_TIF,
    IOC_TIF,
    MOST_PRICE,
    POST_ONLY_TIF,
    SCHEDULED,
    Cancel,
    CancelAll,
    Create,
    Modify,
    Wanted,
)
from connectors.model.errors import Plan, VenueError
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.transactions import parsed
from tests.venues.lighter.verification import Signatures

CHAIN, KEY = 304, 4
LATER_MS = 1_900_000_000_000
BID = Create(0, 2176, 1_000, 299_000, False, POST_ONLY_TIF, False, LATER_MS)
EVERY: tuple[Wanted, ...] = (
    BID,
    Create(1, 4352, 700, 310_000, True, GTT_TIF, True, LATER_MS),
    Create(0, 6528, 1, MOST_PRICE, True, IOC_TIF, True, 0),
    Cancel(0, 2176),
    CancelAll(),
    CancelAll(SCHEDULED, LATER_MS),
    CancelAll(ABORT),
    Modify(0, 2176, 2_000, MOST_PRICE, LATER_MS),
)


class Liar:
    """A library that signs something else than it was asked to."""

    def __init__(self, change: Callable[[dict[str, Any]], None]) -> None:
        self._change = change
        self.threads: set[str] = set()

    def sign(self, wanted: Wanted, nonce: int, skips: bool = True) -> tuple[str, str]:
        """Return what was wanted, changed unless it is the trial's cancel."""
        self.threads.add(threading.current_thread().name)
        told = {
            "AccountIndex": ACCOUNT,
            "ApiKeyIndex": KEY,
            **wanted.fields(),
            "ExpiredAt": 1,
            "Nonce": nonce,
            "Sig": "c2ln",
            "L2TxAttributes": {"4": 1},
        }
        if wanted.kind != CANCEL:
            self._change(told)
        return json.dumps(told), "00"

    def auth_token(self, expires_s: int) -> str:
        """Return a token."""
        return str(expires_s)


def signed_by(library: Liar, wanted: Wanted) -> None:
    """Sign once through a library."""

    async def main() -> None:
        signer = ThreadSigner(ACCOUNT, KEY, lambda: library)
        try:
            await signer.sign([wanted], 7)
        finally:
            signer.close()

    asyncio.run(main())


@pytest.mark.parametrize("skips", [True, False])
def test_the_venues_own_library_signs_what_the_venue_accepts(skips: bool) -> None:
    async def main() -> None:
        signer = signer_of(ACCOUNT, KEY, PrivateKey(private(KEY)), CHAIN)
        there = Signatures(CHAIN)
        for wanted, tx in zip(EVERY, await signer.sign(EVERY, 7, skips), strict=True):
            seen = parsed(wanted.kind, tx.info)
            assert there.tx_hash(seen) == tx.tx_hash
            assert there.signed_tx(seen, publics()[KEY])
            assert not Signatures(CHAIN + 1).signed_tx(seen, publics()[KEY])
        token = await signer.auth_token(1_795_000_000)
        assert there.signed_token(token, publics()[KEY])
        signer.close()

    library_path()
    asyncio.run(main())


@pytest.mark.parametrize(
    "change",
    [{"Price": 5}, {"BaseAmount": 1_001}, {"IsAsk": 1}, {"Nonce": 8}, {"AccountIndex": 1}],
)
def test_a_transaction_that_differs_from_what_was_wanted_never_leaves(
    change: dict[str, int],
) -> None:
    with pytest.raises(VenueError, match=next(iter(change))) as caught:
        signed_by(Liar(lambda told: told.update(change)), BID)
    assert caught.value.plan is Plan.HALT


def test_a_field_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(VenueError, match="Integrator"):
        signed_by(Liar(lambda told: told.update(Integrator=718_718)), BID)


def test_nothing_is_signed_on_the_main_thread() -> None:
    library = Liar(lambda told: None)
    signed_by(library, BID)
    assert library.threads == {"lighter signer"}


@pytest.mark.parametrize(
    "wanted",
    [
        Create(0, 1, 1, MOST_PRICE + 6, False, POST_ONLY_TIF, False, LATER_MS),
        Create(0, 1, 1 << 48, 1, False, POST_ONLY_TIF, False, LATER_MS),
        Create(0, 1 << 48, 1, 1, False, POST_ONLY_TIF, False, LATER_MS),
        Create(0, 1, 1, 1, False, POST_ONLY_TIF, False, 0),
        Create(0, 1, 1, 1, False, IOC_TIF, False, LATER_MS),
        Cancel(0, 0),
        CancelAll(SCHEDULED, 0),
    ],
)
def test_numbers_that_the_library_would_cut_are_refused_before(wanted: Wanted) -> None:
    library = Liar(lambda told: None)
    with pytest.raises(VenueError):
        signed_by(library, wanted)


def test_a_key_shows_itself_to_nobody() -> None:
    key = PrivateKey(private(KEY))
    assert private(KEY) not in f"{key} {key!r}"
    with pytest.raises(VenueError) as caught:
        PrivateKey(private(KEY)[:-2] + "zz")
    assert private(KEY)[:10] not in str(caught.value)
