"""Refuse a schedule that asks something of markets that they cannot do."""

from collections.abc import Iterator, Mapping

from runner.settings.account import Rates
from runner.settings.fields import rule
from runner.settings.market import Market
from runner.settings.schedule import Rebalance, Schedule
from runner.settings.strategy import Quoting


def quoting(markets: Mapping[str, Market]) -> dict[str, Market]:
    """Return the markets that are quoted; one that hedges goes by what it hedges, at any hour."""
    return {name: m for name, m in markets.items() if m.enabled and m.role == "quote"}


def hedging(markets: Mapping[str, Market]) -> dict[str, Market]:
    """Return the markets that hedge others."""
    return {name: m for name, m in markets.items() if m.enabled and m.role == "hedge"}


def check_schedule(
    schedule: Schedule, markets: Mapping[str, Market], currency: str, rates: Rates
) -> None:
    """Raise the settings' own error for the first thing that cannot be done."""
    quoted = quoting(markets)
    for kind, entries in (
        ("hours", schedule.hours),
        ("pauses", schedule.pauses),
        ("flattens", schedule.flattens),
    ):
        for name, entry in entries.items():
            _check_names(f"schedule.{kind}.{name}.markets", entry.markets or (), quoted)
    for name, flatten in schedule.flattens.items():
        for market in flatten.markets or ():
            _refuse_spot(f"schedule.flattens.{name}.markets", market, quoted)
    for name, sweep in schedule.hedge_sweeps.items():
        where = f"schedule.hedge_sweeps.{name}.markets"
        _check_names(where, sweep.markets or (), hedging(markets), "that hedge")
    if "recalibrate" in schedule.jobs:
        _check_refit(quoted)
    owners: dict[str, str] = {}
    for name, rebalance in schedule.rebalances.items():
        where = f"schedule.rebalances.{name}"
        for market in targets_of(where, rebalance, quoted):
            if owners.setdefault(market, name) != name:
                raise rule(
                    f"{where}: expected one rebalance a market, but {market} is of"
                    f" schedule.rebalances.{owners[market]} already"
                )
            if rebalance.by == "orders":
                _refuse_spot(f"{where}.by", market, quoted)
            if rebalance.weights:
                _require_rate(where, quoted[market].instrument.quote, currency, rates)


def targets_of(where: str, rebalance: Rebalance, quoted: Mapping[str, Market]) -> Iterator[str]:
    """Yield the markets of a rebalance; a weight is of the one market of its underlying."""
    bases = rebalance.target_base or {}
    _check_names(f"{where}.target_base", tuple(bases), quoted)
    yield from bases
    for underlying in rebalance.weights or {}:
        found = [name for name, m in quoted.items() if m.underlying == underlying]
        if len(found) != 1:
            raise rule(
                f"{where}.weights.{underlying}: expected one quoted market of {underlying}, was"
                f" {', '.join(found) or 'none'}; give target_base by market instead"
            )
        yield found[0]


def _check_names(
    where: str, names: tuple[str, ...], fit: Mapping[str, Market], kind: str = "that are quoted"
) -> None:
    for name in names:
        if name not in fit:
            known = ", ".join(fit) or "none"
            raise rule(f"{where}: expected markets {kind} ({known}), was {name}")


def _check_refit(quoted: Mapping[str, Market]) -> None:
    """Refuse two who would fit the same figures."""
    for name, market in quoted.items():
        strategy = market.strategy
        if isinstance(strategy, Quoting) and strategy.recalibration.every_s is not None:
            raise rule(
                f"schedule.jobs.recalibrate: expected none while markets.{name} fits its rates"
                " itself (strategy.recalibration.every_s), was both"
            )


def _refuse_spot(where: str, name: str, quoted: Mapping[str, Market]) -> None:
    if quoted[name].instrument.is_spot:
        raise rule(
            f"{where}: expected perpetuals, was {name}: of a spot wallet nobody can tell what is a"
            " position"
        )


def _require_rate(where: str, quote: str, currency: str, rates: Rates) -> None:
    if quote != currency and not rates.get(quote):
        raise rule(
            f"rates.{quote}: expected what one {quote} is worth in {currency}, because"
            f" {where}.capital is in {currency}, was null"
        )
