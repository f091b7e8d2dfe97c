"""Send orders with the venue's own library, as its examples do: the peer of the bench of orders.

`python -m tests.bench.orders_sdk PORT`. Each line of input is a list of three: the first order's
index, how many orders are placed, changed and cancelled one after the other, and how many batches
follow. Each line of output lists kind, order and moment of every decision. It is a process of its
own, so that the library is never imported beside ours.
"""

import asyncio
import json
import sys
from time import monotonic_ns
from typing import Any

from tests.bench.orders_venue import CHAIN_ID, THEIRS
from tests.venues.lighter.keys import private

KEY = 4
BATCH = 10
TICKS, LOTS = 290_000, 1_000
Decided = list[tuple[str, int, int]]


class Sdk:
    """The library's client of one key."""

    def __init__(self, port: int) -> None:
        import lighter

        self._lighter: Any = lighter
        url = f"http://127.0.0.1:{port}"
        self._client = lighter.SignerClient(url, THEIRS, {KEY: private(KEY)}, chain_id=CHAIN_ID)

    async def one_by_one(self, first: int, orders: int) -> Decided:
        """Place, change and cancel orders; return when each was decided."""
        decided: Decided = []
        for index in range(first, first + orders):
            decided.append(("CREATE", index, monotonic_ns()))
            _good(await self._client.create_order(**self._order(index)))
            decided.append(("MODIFY", index, monotonic_ns()))
            _good(await self._client.modify_order(0, index, LOTS, TICKS - 10))
            decided.append(("CANCEL", index, monotonic_ns()))
            _good(await self._client.cancel_order(0, index))
        return decided

    async def batch(self, first: int) -> Decided:
        """Place a batch, and cancel it; return when it was decided."""
        decided_ns = monotonic_ns()
        kinds, infos = [], []
        for index in range(first, first + BATCH):
            key, nonce = await self._client.nonce_manager.async_next_nonce(KEY)
            signed = self._client.sign_create_order(
                **self._order(index), nonce=nonce, api_key_index=key
            )
            kinds.append(signed[0])
            infos.append(signed[1])
        await self._client.send_tx_batch(kinds, infos)
        for index in range(first, first + BATCH):
            _good(await self._client.cancel_order(0, index))
        return [("CREATE", index, decided_ns) for index in range(first, first + BATCH)]

    def _order(self, index: int) -> dict[str, Any]:
        return {
            "market_index": 0,
            "client_order_index": index,
            "base_amount": LOTS,
            "price": TICKS,
            "is_ask": False,
            "order_type": self._client.ORDER_TYPE_LIMIT,
            "time_in_force": self._client.ORDER_TIME_IN_FORCE_POST_ONLY,
        }


def _good(answer: tuple[Any, Any, str | None]) -> None:
    if answer[2] is not None:
        raise RuntimeError(f"expected an order that is let in, was {answer[2]}")


async def main(port: int) -> None:
    """Do what is asked for, line by line."""
    sdk = Sdk(port)
    while line := await asyncio.to_thread(sys.stdin.readline):
        first, orders, batches = json.loads(line)
        decided = await sdk.one_by_one(first, orders)
        for number in range(batches):
            decided += await sdk.batch(first + orders + number * BATCH)
        print(json.dumps(decided), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
