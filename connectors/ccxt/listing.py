"""Hold the markets that a venue lists, by ccxt's word, against those of the configuration."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connectors.ccxt.ids import Alphabet, Codec
from connectors.ccxt.units import Units
from connectors.ccxt.words import Rates
from connectors.model.errors import Plan, VenueError
from connectors.model.instrument import Instrument

Market = Mapping[str, Any]
"""A market in ccxt's words."""


@dataclass(slots=True)
class Latest:
    """What a market's stream has last said of it."""

    rates: Rates | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A market of ours at the venue: `symbol` is the venue's own, `unified` ccxt's."""

    name: str
    symbol: str
    unified: str
    units: Units
    codec: Codec
    latest: Latest = field(default_factory=Latest, compare=False)

    @property
    def instrument(self) -> Instrument:
        """Return what it trades in."""
        return self.units.instrument


def found(
    venue: str, name: str, instrument: Instrument, alphabet: Alphabet, markets: Iterable[Market]
) -> Listed:
    """Return a market as it is listed.

    Raises VenueError where it is not listed, not active, not linear, or listed with other steps,
    minima or contracts than those configured: orders would be of another size than was meant.
    """
    kind = "spot" if instrument.is_spot else "swap"
    market = next((m for m in markets if m["id"] == instrument.symbol and m["type"] == kind), None)
    if market is None or (kind == "swap" and not market["linear"]):
        wanted = "spot market" if instrument.is_spot else "linear perpetual"
        raise _refused(name, f"{instrument.symbol} is no {wanted} of {venue}: set .symbol to one")
    if market["active"] is False:
        raise VenueError(f"markets.{name}: {instrument.symbol} is not traded now at {venue}")
    size = _decimal(market.get("contractSize")) or Decimal(1)
    wrong = {
        k: v for k, v in _told(market, size, instrument).items() if getattr(instrument, k) != v
    }
    if wrong:
        words = ", ".join(f"{key} {_shown(value)}" for key, value in wrong.items())
        raise _refused(name, f"{venue} lists {instrument.symbol} with {words}: set the same")
    try:
        units = Units.of(instrument, size)
    except ValueError as error:
        raise _refused(name, str(error)) from None
    codec = Codec(instrument.symbol, alphabet)
    return Listed(name, str(market["id"]), str(market["symbol"]), units, codec)


def _is(market: Market, instrument: Instrument) -> bool:
    """Tell whether a market is the one that is meant: by its id, or where a venue only numbers its
    markets by the names of its currencies."""
    if market["id"] == instrument.symbol:
        return True
    names = (market["base"], market["quote"])
    return str(market["id"]).isdecimal() and names == (instrument.symbol, instrument.quote)


def _told(market: Market, size: Decimal, instrument: Instrument) -> dict[str, Any]:
    """Return what is listed, in the words of an instrument: sizes in base."""
    tick = _decimal(market["precision"]["price"])
    lot = _decimal(market["precision"]["amount"])
    if not tick or not lot:
        raise VenueError(f"{instrument.symbol} is listed without steps", Plan.HALT)
    told: dict[str, Any] = {
        "base": market["base"],
        "quote": market["quote"],
        "tick_size": tick,
        "lot_size_base": lot * size,
    }
    if market.get("price_digits") is not None:
        told["price_digits"] = market["price_digits"]
    least = _decimal(market["limits"]["amount"]["min"])
    if least:
        told["min_lots"] = max(1, -int(-least // lot))
    cost = _decimal(market["limits"]["cost"]["min"])
    if cost:
        told["min_notional_quote"] = cost
    return told


def _decimal(number: object) -> Decimal | None:
    """Return a number of ccxt's exactly as its venue wrote it: floats by their shortest text."""
    return None if number is None else Decimal(str(number))


def _shown(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _refused(name: str, why: str) -> VenueError:
    return VenueError(f"markets.{name}.instrument: {why}", Plan.HALT)
