"""Add markets up without ever adding across currencies."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from runner.report.exact import exact_product, exact_sum
from runner.report.pnl import Pnl


def add_by_currency(pnls: Iterable[tuple[str, Pnl]]) -> dict[str, Pnl]:
    """Return the sum of the P&L in each currency, in order of the currency's name."""
    split: dict[str, list[Pnl]] = {}
    for currency, pnl in pnls:
        split.setdefault(currency, []).append(pnl)
    return {currency: _add(split[currency]) for currency in sorted(split)}


def convert_total(
    split: Mapping[str, Pnl], reporting_currency: str, rates: Mapping[str, Decimal]
) -> Pnl | None:
    """Return the total in the reporting currency, or None when a currency's rate is not known."""
    if missing_rates(split, reporting_currency, rates):
        return None
    known = {**rates, reporting_currency: Decimal(1)}
    return _add([_convert(pnl, known[currency]) for currency, pnl in split.items()])


def missing_rates(
    currencies: Iterable[str], reporting_currency: str, rates: Mapping[str, Decimal]
) -> list[str]:
    """Return the currencies that cannot be converted, and so leave the total unknown."""
    return sorted(set(currencies) - rates.keys() - {reporting_currency})


def _convert(pnl: Pnl, rate: Decimal) -> Pnl:
    def at(value: Decimal | None) -> Decimal | None:
        return None if value is None else exact_product(value, rate)

    return Pnl(
        gross=at(pnl.gross),
        fees=exact_product(pnl.fees, rate),
        funding=exact_product(pnl.funding, rate),
        net=at(pnl.net),
        unrealised=at(pnl.unrealised),
    )


def _add(parts: list[Pnl]) -> Pnl:
    return Pnl(
        gross=_known_sum([p.gross for p in parts]),
        fees=exact_sum(*(p.fees for p in parts)),
        funding=exact_sum(*(p.funding for p in parts)),
        net=_known_sum([p.net for p in parts]),
        unrealised=_known_sum([p.unrealised for p in parts]),
    )


def _known_sum(values: list[Decimal | None]) -> Decimal | None:
    """Return the sum, or None when one of the values is not known."""
    known = [value for value in values if value is not None]
    return exact_sum(*known) if len(known) == len(values) else None
