"""Name the files of public archives: where each is, and what its reader expects it to be called."""

from collections.abc import Iterator
from datetime import date, timedelta

from connectors.download import Wanted
from runner.settings import Download


def days_of(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last, both included."""
    for k in range((last - first).days + 1):
        yield first + timedelta(days=k)


def wanted(chosen: Download, symbol: str, day: date) -> Iterator[Wanted]:
    """Yield the files of a symbol and a day."""
    kinds = ((chosen.trades_url, chosen.trades, False), (chosen.book_url, chosen.book, True))
    for base, kind, is_book in kinds:
        if kind is None:
            continue
        match chosen.name:
            case "binance_vision":
                yield _binance(base.rstrip("/"), chosen.product, kind, symbol, day)
            case "bybit_public":
                yield _bybit(base.rstrip("/"), chosen.product, kind, symbol, day, is_book)
            case "tardis":
                yield _tardis(base.rstrip("/"), chosen.product, kind, symbol, day)


def _binance(base: str, product: str, kind: str, symbol: str, day: date) -> Wanted:
    name = f"{symbol}-{kind}-{day}.zip"
    url = f"{base}/data/{product}/daily/{kind}/{symbol}/{name}"
    return Wanted(url, name, f"{url}.CHECKSUM")


def _bybit(base: str, product: str, kind: str, symbol: str, day: date, is_book: bool) -> Wanted:
    if is_book:
        name = f"{day}_{symbol}_{kind}.data.zip"
        return Wanted(f"{base}/orderbook/{product}/{symbol}/{name}", name)
    is_spot = product == "spot"
    name = f"{symbol}{'_' if is_spot else ''}{day}.csv.gz"
    return Wanted(f"{base}/{'spot' if is_spot else 'trading'}/{symbol}/{name}", name)


def _tardis(base: str, product: str, kind: str, symbol: str, day: date) -> Wanted:
    url = f"{base}/v1/{product}/{kind}/{day:%Y/%m/%d}/{symbol}.csv.gz"
    return Wanted(url, f"{product}_{kind}_{day}_{symbol}.csv.gz")
