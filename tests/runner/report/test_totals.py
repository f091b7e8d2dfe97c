from decimal import Decimal

from runner.report.pnl import Pnl
from runner.report.totals import add_by_currency, convert_total


def pnl(net: str | None) -> Pnl:
    """Return a P&L whose gross and net are `net`."""
    value = None if net is None else Decimal(net)
    return Pnl(value, Decimal("0.1"), Decimal(0), value, value)


def test_markets_of_one_currency_add_up() -> None:
    split = add_by_currency([("USDT", pnl("1.5")), ("USDT", pnl("-0.25"))])
    total = convert_total(split, "USDT", {})
    assert total is not None
    assert (total.net, total.fees) == (Decimal("1.25"), Decimal("0.2"))


def test_currencies_are_never_added() -> None:
    split = add_by_currency([("USDT", pnl("1")), ("USDC", pnl("2"))])
    assert {currency: p.net for currency, p in split.items()} == {"USDC": 2, "USDT": 1}
    assert convert_total(split, "USDT", {}) is None


def test_a_known_rate_converts_exactly() -> None:
    split = add_by_currency([("USDT", pnl("1")), ("USDC", pnl("2"))])
    total = convert_total(split, "USDT", {"USDC": Decimal("0.99987")})
    assert total is not None
    assert total.net == Decimal("2.99974")
    assert total.fees == Decimal("0.199987")


def test_a_rate_for_the_reporting_currency_itself_is_not_used() -> None:
    total = convert_total(add_by_currency([("USDT", pnl("1"))]), "USDT", {"USDT": Decimal(2)})
    assert total is not None
    assert total.net == 1


def test_one_unknown_makes_the_sum_unknown() -> None:
    split = add_by_currency([("USDT", pnl("1")), ("USDT", pnl(None))])
    assert split["USDT"].net is None
    assert split["USDT"].fees == Decimal("0.2")
