"""Say what is to be signed, and hold what came back against it.

Sizes are in lots, prices in ticks: they are the venue's own integers. The library cuts integers
that are too large without a word, so ranges are checked here.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from connectors.calls import NO_JSON
from connectors.model.errors import Plan, VenueError

CREATE = 14
CANCEL = 15
CANCEL_ALL = 16
MODIFY = 17
UPDATE_LEVERAGE = 20

IOC_TIF, GTT_TIF, POST_ONLY_TIF = 0, 1, 2
IMMEDIATE, SCHEDULED, ABORT = 0, 1, 2
CROSS, ISOLATED = 0, 1

MOST_PRICE = (1 << 32) - 1
MOST_BASE = (1 << 48) - 1
MOST_CLIENT_ID = (1 << 48) - 2
MOST_ORDER_INDEX = (1 << 60) - 1
"""Of the venue's own indexes, which begin above those of clients."""
MOST_NONCE = (1 << 47) - 2
MOST_MARKET = 4_094
MOST_MS = (1 << 47) - 1

SKIP_NONCE = {"4": 1}
"""The attribute by which a nonce only has to be higher than the last."""
ORDER_VERSION = "8"
"""The attribute by which a change of an order takes effect only after those with lower versions."""


@dataclass(frozen=True, slots=True)
class Create:
    """A limit order. `tif` is one of the three, `expiry_ms` its end, 0 for one that takes."""

    market_id: int
    client_id: int
    lots: int
    ticks: int
    is_ask: bool
    tif: int
    is_reduce_only: bool
    expiry_ms: int

    kind = CREATE

    def fields(self) -> dict[str, int]:
        """Return it by the names on the wire."""
        return {
            "MarketIndex": self.market_id,
            "ClientOrderIndex": self.client_id,
            "BaseAmount": self.lots,
            "Price": self.ticks,
            "IsAsk": int(self.is_ask),
            "Type": 0,
            "TimeInForce": self.tif,
            "ReduceOnly": int(self.is_reduce_only),
            "TriggerPrice": 0,
            "OrderExpiry": self.expiry_ms,
        }

    def check(self) -> None:
        """Raise VenueError for what cannot be meant."""
        _within("market id", self.market_id, 0, MOST_MARKET)
        _within("client id", self.client_id, 1, MOST_CLIENT_ID)
        _within("size in lots", self.lots, 1, MOST_BASE)
        _within("price in ticks", self.ticks, 1, MOST_PRICE)
        _within("order expiry in ms", self.expiry_ms, 0, MOST_MS)
        if (self.expiry_ms == 0) is not (self.tif == IOC_TIF):
            raise VenueError(
                f"lighter order {self.client_id}: only one that takes at once has no expiry",
                Plan.HALT,
            )


@dataclass(frozen=True, slots=True)
class Cancel:
    """The cancel of an order by the id that we gave it, or by the venue's own."""

    market_id: int
    client_id: int

    kind = CANCEL

    def fields(self) -> dict[str, int]:
        """Return it by the names on the wire."""
        return {"MarketIndex": self.market_id, "Index": self.client_id}

    def check(self) -> None:
        """Raise VenueError for what cannot be meant."""
        _within("market id", self.market_id, 0, MOST_MARKET)
        _within("order id", self.client_id, 1, MOST_ORDER_INDEX)


@dataclass(frozen=True, slots=True)
class Modify:
    """Another price and size in all of a resting order, by the id that we gave it.

    What has been filled counts: with no more than that the order is over. `version` rises with each
    change of an order, so that one which comes late undoes none that came before it.
    """

    market_id: int
    client_id: int
    lots: int
    ticks: int
    version: int

    kind = MODIFY

    def fields(self) -> dict[str, int]:
        """Return it by the names on the wire."""
        return {
            "MarketIndex": self.market_id,
            "Index": self.client_id,
            "BaseAmount": self.lots,
            "Price": self.ticks,
            "TriggerPrice": 0,
        }

    def check(self) -> None:
        """Raise VenueError for what cannot be meant."""
        _within("market id", self.market_id, 0, MOST_MARKET)
        _within("client id", self.client_id, 1, MOST_CLIENT_ID)
        _within("size in lots", self.lots, 1, MOST_BASE)
        _within("price in ticks", self.ticks, 1, MOST_PRICE)
        _within("order version", self.version, 1, MOST_MS)


@dataclass(frozen=True, slots=True)
class CancelAll:
    """The cancel of every order of the account: now, at `time_ms`, or no longer then."""

    tif: int = IMMEDIATE
    time_ms: int = 0

    kind = CANCEL_ALL

    def fields(self) -> dict[str, int]:
        """Return it by the names on the wire."""
        return {"TimeInForce": self.tif, "Time": self.time_ms}

    def check(self) -> None:
        """Raise VenueError for what cannot be meant."""
        _within("time of a cancel-all in ms", self.time_ms, 0, MOST_MS)
        if (self.time_ms > 0) is not (self.tif == SCHEDULED):
            raise VenueError("lighter cancel-all: only a scheduled one has a time", Plan.HALT)


@dataclass(frozen=True, slots=True)
class UpdateLeverage:
    """How much of a position's worth is to be margin, in 1e-4, and whose: the account's, or its
    own."""

    market_id: int
    fraction_1e4: int
    mode: int

    kind = UPDATE_LEVERAGE

    def fields(self) -> dict[str, int]:
        """Return it by the names on the wire."""
        return {
            "MarketIndex": self.market_id,
            "InitialMarginFraction": self.fraction_1e4,
            "MarginMode": self.mode,
        }

    def check(self) -> None:
        """Raise VenueError for what cannot be meant."""
        _within("market id", self.market_id, 0, MOST_MARKET)
        _within("initial margin fraction in 1e-4", self.fraction_1e4, 1, 10_000)
        _within("margin mode", self.mode, CROSS, ISOLATED)


Wanted = Create | Cancel | CancelAll | Modify | UpdateLeverage


def attributes(wanted: Wanted, skips: bool) -> dict[str, int]:
    """Return what a transaction says beside its fields, by its names on the wire."""
    version = {ORDER_VERSION: wanted.version} if isinstance(wanted, Modify) else {}
    return {**(SKIP_NONCE if skips else {}), **version}


@dataclass(frozen=True, slots=True)
class SignedTx:
    """A transaction as it is sent: `info` is its JSON text, `tx_hash` what it is known by."""

    wanted: Wanted
    info: str
    tx_hash: str
    nonce: int
    expires_ms: int


def verified(
    wanted: Wanted,
    account: int,
    key_index: int,
    nonce: int,
    info: str,
    tx_hash: str,
    skips: bool = True,
) -> SignedTx:
    """Return what was signed where it is what was wanted, field by field, else raise VenueError."""
    try:
        told = msgspec.json.decode(info)
    except NO_JSON:
        told = None
    if not isinstance(told, dict):
        raise _differs("expected a transaction, was none")
    expires_ms, signature = told.pop("ExpiredAt", None), told.pop("Sig", None)
    told["L2TxAttributes"] = told.get("L2TxAttributes") or {}
    expected: dict[str, Any] = {
        "AccountIndex": account,
        "ApiKeyIndex": key_index,
        "Nonce": nonce,
        "L2TxAttributes": attributes(wanted, skips),
        **wanted.fields(),
    }
    if told != expected:
        raise _differs(_difference(told, expected))
    if not (isinstance(expires_ms, int) and expires_ms > 0 and signature and tx_hash):
        raise _differs("expected an expiry, a signature and a hash, was not all of them")
    return SignedTx(wanted, info, tx_hash.removeprefix("0x"), nonce, expires_ms)


def _difference(told: dict[str, Any], expected: dict[str, Any]) -> str:
    """Say in what two transactions differ that do."""
    for name, value in expected.items():
        if told.get(name) != value:
            return f"expected {name} {value}, was {str(told.get(name))[:40]}"
    return f"expected no more than was asked for, was also {sorted(told.keys() - expected.keys())}"


def _differs(why: str) -> VenueError:
    return VenueError(
        f"lighter signer: {why}: nothing was sent; install the pinned lighter-sdk", Plan.HALT
    )


def _within(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise VenueError(
            f"lighter: expected a {name} of {least} to {most}, was {value}: nothing was sent",
            Plan.HALT,
        )
