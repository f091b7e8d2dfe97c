"""Tell what a deploy is made of, a line a market: place, part, sizes, gates and margin."""

from collections.abc import Iterator

from runner.doctor.finding import Finding, Verdict
from runner.places import Places
from runner.settings import Settings, Sim
from runner.settings.gates import Gate
from runner.settings.market import Market
from runner.wiring.markets import enabled_markets

PARTS = {"quote": "quoted", "hedge": "hedges", "lead": "leads", "leg": "held in a pair"}


def check_markets(settings: Settings, places: Places) -> Iterator[Finding]:
    """Yield a line for each enabled market, and the limits of all of them together."""
    for name, market in enabled_markets(settings).items():
        yield Finding(Verdict.GOOD, f"markets.{name}", market_text(market))
    account = settings.risk.account
    limits = {
        "gross up to": account.max_gross_notional_quote,
        "net up to": account.max_net_notional_quote,
    }
    told = [f"{what} {amount}" for what, amount in limits.items() if amount is not None]
    if told:
        yield Finding(
            Verdict.GOOD, "risk.account", f"{', '.join(told)} {settings.reporting_currency}"
        )


def market_text(market: Market) -> str:
    """Return what a market is, in words."""
    venue = market.venue
    parts = [f"{market.instrument.symbol} at {venue.name} ({venue.network})"]
    parts.append(PARTS[market.role])
    if market.role == "quote":
        parts[-1] += f" by {market.strategy.name}"
        parts.append(f"gates {', '.join(gates_on(market)) or 'none'}")
    if market.role != "lead":
        parts.append(f"clips of {_size(market, 'order_size')}")
        parts.append(f"up to {_size(market, 'max_position')} a side")
    if isinstance(venue, Sim) and venue.margin.mode != "none":
        margin = venue.margin
        parts.append(
            f"{margin.mode} margin of {margin.collateral_quote} {market.instrument.quote}"
            f" at {margin.leverage}"
        )
    return ", ".join(parts)


def gates_on(market: Market) -> list[str]:
    """Return the names of the gates that a market has on."""
    return [name for name, gate in market.gates if isinstance(gate, Gate) and gate.enabled]


def _size(market: Market, key: str) -> str:
    """Say a size in the unit in which it was given."""
    base, quote = getattr(market, f"{key}_base"), getattr(market, f"{key}_quote")
    of = market.instrument
    return f"{quote} {of.quote}" if base is None else f"{base} {of.base}"
