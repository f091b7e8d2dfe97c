"""Refuse a lead that cannot be followed: unknown, the market itself, of another coin, a circle."""

from collections.abc import Mapping

from runner.settings.fields import rule
from runner.settings.market import Market


def check_leads(markets: Mapping[str, Market]) -> None:
    """Raise the settings' own error for the first lead that cannot be followed."""
    for name, market in markets.items():
        if market.enabled:
            _check_lead(name, market, markets)
            _check_synthetic(name, market, markets)
    for name in markets:
        _refuse_circle(name, markets)


def _check_lead(name: str, market: Market, markets: Mapping[str, Market]) -> None:
    where, lead = f"markets.{name}.reference.lead", market.reference.lead
    others = [other for other, m in markets.items() if m.enabled and other != name]
    if lead is None:
        if market.reference.name == "lead":
            raise rule(f"{where}: expected the market that leads, was null; set reference.lead")
        return
    if lead not in others:
        known = f"one of {', '.join(others)}" if others else "another market, and there is none"
        raise rule(f"{where}: expected {known}, was {lead}; add it to market=[...]")
    if markets[lead].underlying != market.underlying:
        raise rule(
            f"{where}: expected a market of {market.underlying}, was {lead} of"
            f" {markets[lead].underlying}"
        )


def _check_synthetic(name: str, market: Market, markets: Mapping[str, Market]) -> None:
    """Refuse a synthetic market that follows none, or one that follows itself."""
    follows = market.synthetic.follows
    if follows is None:
        return
    first = [other for other, m in markets.items() if m.enabled and m.synthetic.follows is None]
    if follows not in first:
        raise rule(
            f"markets.{name}.synthetic.follows: expected a market with a price of its own"
            f" ({', '.join(first) or 'there is none'}), was {follows}"
        )


def _refuse_circle(name: str, markets: Mapping[str, Market]) -> None:
    """Follow the leads from a market on, until there is none or one comes again."""
    path = [name]
    while (lead := _lead_of(path[-1], markets)) is not None:
        path.append(lead)
        if lead in path[:-1]:
            raise rule(
                f"markets.{name}.reference.lead: expected leads that do not lead back, was"
                f" {' -> '.join(path)}"
            )


def _lead_of(name: str, markets: Mapping[str, Market]) -> str | None:
    market = markets.get(name)
    return market.reference.lead if market is not None and market.enabled else None
