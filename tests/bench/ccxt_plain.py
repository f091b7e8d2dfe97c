"""Use ccxt.pro as its manual says, unmodified, over loopback: the peer of the bench of ccxt.

`python -m tests.bench.ccxt_plain PORT`. Each line of input is a list of two: the first order's
number, and how many are placed and cancelled one after the other, by each of both ways. Each line
of output lists what was decided when, and what a placing took of the processor.
"""

import asyncio
import json
import sys
from time import monotonic_ns, process_time_ns
from typing import Any

from tests.bench.ccxt_venue import PLAIN_KEY, PLAIN_SECRET, Stamp
from tests.bench.feeds_venue import SYMBOLS

SYMBOL = "ETH/USDT:USDT"
AMOUNT, PRICE = 0.1, 2_900.0
SETTLES_S = 0.01
"""A venue that has answered may not have the order in its book yet."""
OPTIONS: dict[str, Any] = {
    "defaultType": "swap",
    "fetchMarkets": {"types": ["linear"]},
    "enableUnifiedMargin": False,
    "enableUnifiedAccount": True,
}


def exchange_at(port: int, **more: Any) -> Any:
    """Return ccxt's Bybit with every address on loopback, and without its queue."""
    import ccxt.pro

    made = ccxt.pro.bybit({"options": dict(OPTIONS), "enableRateLimit": False, **more})
    made.has["fetchCurrencies"] = False
    made.urls["api"] = _moved(made.urls["api"], port)
    return made


def _moved(urls: Any, port: int) -> Any:
    """Return addresses of the same paths on loopback."""
    if isinstance(urls, dict):
        return {key: _moved(url, port) for key, url in urls.items()}
    scheme, _, rest = urls.partition("://")
    _, slash, path = rest.partition("/")
    is_stream = scheme.startswith("ws")
    return f"{'ws' if is_stream else 'http'}://127.0.0.1:{port}{slash}{path}"


async def one_by_one(exchange: Any, first: int, orders: int, way: str) -> tuple[list[Stamp], float]:
    """Place and cancel orders; return when each was decided, and processor time of one [us]."""
    suffix = "_ws" if way == "stream" else ""
    create = getattr(exchange, f"create_order{suffix}")
    cancel = getattr(exchange, f"cancel_order{suffix}")
    decided: list[Stamp] = []
    taken_ns = 0
    for number in range(first, first + orders):
        text = f"plain{way}{number}"
        before_ns = process_time_ns()
        decided.append(("create", text, monotonic_ns()))
        words = {"clientOrderId": text, "timeInForce": "PostOnly"}
        order = await create(SYMBOL, "limit", "buy", AMOUNT, PRICE, words)
        taken_ns += process_time_ns() - before_ns
        await asyncio.sleep(SETTLES_S)
        await cancel(order["id"], SYMBOL)
    return decided, taken_ns / orders / 1e3


async def follow(exchange: Any, symbol: str, late_us: list[float], begun: asyncio.Event) -> None:
    """Watch a book for ever; a book of the bench has the moment in its time."""
    while True:
        book = await exchange.watch_order_book(symbol, 50)
        late_us.append(monotonic_ns() / 1e3 - book["timestamp"])
        begun.set()


def unified(symbol: str) -> str:
    """Return ccxt's name of one of the markets."""
    return f"{symbol[:3]}/USDT:USDT"


async def watch_all(exchange: Any, late_us: list[float]) -> None:
    """Watch fifty markets; return once each has been seen."""
    begun = [asyncio.Event() for _ in SYMBOLS]
    exchange.followers = [
        asyncio.create_task(follow(exchange, unified(symbol), late_us, each))
        for symbol, each in zip(SYMBOLS, begun, strict=True)
    ]
    await asyncio.gather(*(each.wait() for each in begun))


async def main(port: int) -> None:
    """Do what is asked for, line by line."""
    exchange = exchange_at(port, apiKey=PLAIN_KEY, secret=PLAIN_SECRET)
    await exchange.load_markets()
    while line := await asyncio.to_thread(sys.stdin.readline):
        first, orders = json.loads(line)
        told = [await one_by_one(exchange, first, orders, way) for way in ("http", "stream")]
        print(json.dumps(told), flush=True)
    await exchange.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
