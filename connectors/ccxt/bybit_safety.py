"""See that an account is what the configuration takes it for before it trades.

What is not configured is left as it is. A mode or a leverage that is so already is no error; one
that reads back otherwise than it was set ends the start.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from connectors.calls import Lost
from connectors.ccxt.answers import Meaning, Told, read_error
from connectors.ccxt.bybit_reads import BybitReads
from connectors.ccxt.library import Exchange
from connectors.ccxt.listing import Listed
from connectors.model.errors import Plan, VenueError

MODES = {"cross": "REGULAR_MARGIN", "isolated": "ISOLATED_MARGIN"}


@dataclass(frozen=True, slots=True)
class Safety:
    """What an account is to be like; None: as it is. The margin mode is that of all markets."""

    margin_mode: Literal["cross", "isolated"] | None = None
    leverage: Decimal | None = None
    disconnect_cancel_s: int | None = None
    """How long after the loss of our last connection the venue cancels what rests."""


async def prepare(exchange: Exchange, reads: BybitReads, wanted: Safety, market: Listed) -> None:
    """Check the position mode, set and read back margin mode and leverage. Raises VenueError."""
    if wanted.margin_mode is not None:
        if await reads.margin_mode() != MODES[wanted.margin_mode]:
            await _set("margin mode", lambda: exchange.set_margin_mode(wanted.margin_mode))
        _same(market, "margin_mode", MODES[wanted.margin_mode], await reads.margin_mode())
    position = await reads.position(market.symbol)
    if wanted.leverage is not None:
        if not _is(position.leverage, wanted.leverage):
            text = f"{wanted.leverage.normalize():f}"
            await _set("leverage", lambda: exchange.set_leverage(text, market.unified))
            position = await reads.position(market.symbol)
        if not _is(position.leverage, wanted.leverage):
            _same(market, "leverage", str(wanted.leverage), position.leverage)
    if wanted.disconnect_cancel_s is not None:
        await _guard(exchange, reads, market, wanted.disconnect_cancel_s)


async def _guard(exchange: Exchange, reads: BybitReads, market: Listed, window_s: int) -> None:
    """Have the venue cancel what rests once it has lost us for so long."""
    if await reads.disconnect_cancel_s() != window_s:
        asked = {"product": "DERIVATIVES", "timeWindow": window_s}
        write = exchange.privatePostV5OrderDisconnectedCancelAll
        await _set("disconnect_cancel_s", lambda: write(asked))
        told = await reads.disconnect_cancel_s()
        _same(market, "disconnect_cancel_s", str(window_s), str(told))


async def _set(what: str, write: Callable[[], Awaitable[Any]]) -> None:
    """Set something; what is so already is no error."""
    try:
        await write()
    except (Told, Lost) as error:
        if not (isinstance(error, Told) and error.answer.meaning is Meaning.NO_CHANGE):
            raise read_error("bybit", what, error) from None


def _same(market: Listed, what: str, wanted: str, told: str) -> None:
    if wanted != told:
        raise VenueError(
            f"markets.{market.name}.venue.{what}: expected {wanted} at bybit, reads back {told}",
            Plan.HALT,
        )


def _is(told: str, wanted: Decimal) -> bool:
    try:
        return Decimal(told) == wanted
    except ArithmeticError:
        return False
