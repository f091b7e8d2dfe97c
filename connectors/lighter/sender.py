"""Carry signed transactions to the venue, each once: over a stream, or over HTTP without one.

What leaves together is one request: a batch is one answer for all, and no more atomic than that.

A frame that the stream has not taken has not left, so the same bytes may go another way. Whatever
has left is never sent again.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import urlencode

import msgspec

from connectors.calls import NO_JSON, Calls, Outcome, Request
from connectors.lasting import all_lasting
from connectors.lighter import wire
from connectors.lighter.answers import judge
from connectors.lighter.channels import HEIGHT, subscription
from connectors.lighter.decode import account_frame
from connectors.lighter.network import Network
from connectors.lighter.notices import Replaceable, take_notice
from connectors.lighter.transactions import SignedTx
from connectors.socket import Closed, Malformed

SEND, SEND_BATCH = "jsonapi/sendtx", "jsonapi/sendtxbatch"
SENDS = frozenset({SEND, SEND_BATCH})
MOST = 15
"""Transactions of one request."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Line(Replaceable, Protocol):
    """What the feed asks of its stream."""

    def drop(self, why: str) -> None: ...


class AnswerFeed:
    """The `Feed` of the stream of transactions. Give it its stream as `line` before that runs."""

    line: Line

    def __init__(
        self,
        on_answer: Callable[[str, Outcome], None],
        on_error: Callable[[wire.ErrorBody], None],
        on_lost: Callable[[str], None],
    ) -> None:
        """`on_answer` hears the request's id and what its answer proves, `on_error` what names no
        request, `on_lost` that no answer will come to what was sent before."""
        self.pinged = asyncio.Event()
        self._on_answer = on_answer
        self._on_error = on_error
        self._on_lost = on_lost

    def channel_of(self, frame: bytes) -> str | None:
        """Return the channel of blocks, which tell that the connection lives."""
        return HEIGHT if isinstance(account_frame(frame), wire.HeightFrame) else None

    def on_frames(self, frames: list[bytes], recv_ns: int) -> bool:
        """Take answers and notices."""
        for frame in frames:
            try:
                self._take(frame)
            except Malformed as error:
                self.line.drop(str(error))
        return True

    def on_backlog(self, frames: int) -> None:
        """Nothing is left out."""

    def on_connected(self) -> None:
        """Hear that what an older connection was asked will not be answered."""
        self._on_lost("the connection was replaced")

    def on_whole(self) -> None:
        """Nothing waits for that."""

    def on_down(self, reason: str) -> None:
        """Tell that no answer will come."""
        self._on_lost(reason)

    def _take(self, frame: bytes) -> None:
        try:
            said = msgspec.json.decode(frame)
        except NO_JSON as error:
            raise Malformed(f"no JSON: {error}") from None
        kind = said.get("type") if isinstance(said, dict) else None
        if isinstance(kind, str) and kind in SENDS:
            self._on_answer(str(said.get("id")), judge(200, said))
            return
        take_notice(account_frame(frame), self.line, self.pinged, self._on_error)


class Sender:
    """The way of one key's transactions. Whoever uses it sends one after the other."""

    def __init__(self, network: Network, calls: Calls, feed: AnswerFeed) -> None:
        self._network = network
        self._calls = calls
        self._feed = feed
        self._stream = network.stream(network.terms.ws_url, [subscription(HEIGHT)], feed)
        feed.line = self._stream

    async def run(self) -> None:
        """Keep the stream until cancelled."""
        await all_lasting(
            ("lighter answers", self._stream.run()),
            ("lighter pings", self._network.answer_pings(self._feed.pinged, self._stream)),
        )

    async def send(self, txs: Sequence[SignedTx], key: str) -> Outcome | None:
        """Send once. None: they have left on the stream, and their answer will name `key`."""
        try:
            self._stream.send(_frame(txs, key))
        except Closed:
            return await self._calls.write(self._request(txs), judge)
        return None

    def _request(self, txs: Sequence[SignedTx]) -> Request:
        path, words = "sendTx", {"tx_type": str(txs[0].wanted.kind), "tx_info": txs[0].info}
        if len(txs) > 1:
            path, words = "sendTxBatch", _lists(txs)
        url = f"{self._network.terms.rest_url.rstrip('/')}/api/v1/{path}"
        return Request("POST", url, FORM, urlencode(words).encode())


def _frame(txs: Sequence[SignedTx], key: str) -> bytes:
    """Spell a request; `key` is digits, and what was signed is JSON already."""
    if len(txs) > 1:
        return msgspec.json.encode({"type": SEND_BATCH, "data": {"id": key, **_lists(txs)}})
    tx = txs[0]
    data = f'{{"id":"{key}","tx_type":{tx.wanted.kind},"tx_info":{tx.info}}}'
    return f'{{"type":"{SEND}","data":{data}}}'.encode()


def _lists(txs: Sequence[SignedTx]) -> dict[str, str]:
    """Spell a batch: each list is a text, and so is each transaction in it."""
    kinds = msgspec.json.encode([tx.wanted.kind for tx in txs])
    infos = msgspec.json.encode([tx.info for tx in txs])
    return {"tx_types": kinds.decode(), "tx_infos": infos.decode()}
