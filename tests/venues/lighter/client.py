"""Be a plain client of a stand-in in memory: sign, send, read frames; no adapter."""

import json
import random
from typing import Any

from tests.venues.common.http import Asked, Plan
from tests.venues.common.line import Line
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.orders import Kind, TimeInForce
from tests.venues.lighter.signer import TX_LIFE_MS, PlainSigner
from tests.venues.lighter.transactions import TxType
from tests.venues.lighter.venue import Setup, Venue

START_NS = 1_795_000_000_000_000_000
KEY = 4
Words = dict[str, Any]


class Client:
    """One client of one account, and the connection it has opened."""

    def __init__(self, venue: Venue, account: int = ACCOUNT, key: int = KEY) -> None:
        self.venue = venue
        self.account = account
        self.key = key
        self.nonce = 1
        chain_id, rng = venue.setup.chain_id, random.Random(key)
        self._signer = PlainSigner(chain_id, account, key, private(key), rng)
        self.line = Line()
        self.session = venue.connect(self.line)

    def pass_time(self, seconds: float) -> None:
        """Let the venue's time pass."""
        self.venue.agenda.advance(self.venue.agenda.now_ns + round(seconds * 1e9))

    def frames(self, kind: str = "") -> list[Words]:
        """Take the frames that have come, of one type or of all."""
        frames = [json.loads(frame) for frame in self.line.take()]
        return [frame for frame in frames if not kind or frame.get("type") == kind]

    def hear(self, **words: Any) -> None:
        """Send a message."""
        self.session.hear(json.dumps(words).encode())

    def subscribe(self, *channels: str) -> None:
        """Subscribe, and wait for the first frames."""
        for channel in channels:
            self.hear(type="subscribe", channel=channel, auth=self.token())
        self.pass_time(0.01)

    def token(self, life_s: int = 600) -> str:
        """Return a token."""
        return self._signer.token(self.venue.exchange.now_ms // 1000 + life_s)

    def get(self, path: str, **words: Any) -> tuple[int, Any]:
        """Ask, with a token, and return the answer."""
        asked = Asked(
            "GET",
            f"/api/v1/{path}",
            {name: str(value) for name, value in words.items()},
            {"authorization": self.token()},
        )
        return _read(self.venue.ask(asked))

    def signed_tx(self, kind: TxType, attributes: Words | None = None, /, **fields: int) -> Words:
        """Sign a transaction with the next nonce, which any field may replace."""
        left = {"ExpiredAt": self.venue.exchange.now_ms + TX_LIFE_MS, "Nonce": self.nonce, **fields}
        nonce, expired_at_ms = left.pop("Nonce"), left.pop("ExpiredAt")
        self.nonce = nonce + 1
        made = self._signer.transaction(kind, left, nonce, expired_at_ms, attributes)
        return dict(json.loads(made.info))

    def send(self, kind: TxType, attributes: Words | None = None, /, **fields: int) -> Words:
        """Sign, send and return the answer."""
        return self.post(kind, self.signed_tx(kind, attributes, **fields))

    def post(self, kind: TxType, info: Words) -> Words:
        """Send what was signed."""
        words = {"tx_type": str(int(kind)), "tx_info": json.dumps(info)}
        status, body = _read(self.venue.ask(Asked("POST", "/api/v1/sendTx", words)))
        return {**body, "status": status}

    def batch(self, *txs: tuple[TxType, Words]) -> Words:
        """Send several at once."""
        words = {
            "tx_types": json.dumps([int(kind) for kind, _ in txs]),
            "tx_infos": json.dumps([json.dumps(info) for _, info in txs]),
        }
        status, body = _read(self.venue.ask(Asked("POST", "/api/v1/sendTxBatch", words)))
        return {**body, "status": status}

    def order(self, client_index: int, **fields: int) -> Words:
        """Return a post-only bid's fields, far from the market, any of which may be replaced."""
        words = {
            "MarketIndex": 0,
            "ClientOrderIndex": client_index,
            "BaseAmount": 1_000,
            "Price": 299_000,
            "IsAsk": 0,
            "Type": Kind.LIMIT,
            "TimeInForce": TimeInForce.POST_ONLY,
            "ReduceOnly": 0,
            "TriggerPrice": 0,
            "OrderExpiry": self.venue.exchange.now_ms + 3_600_000,
        }
        if fields.get("TimeInForce") == TimeInForce.IOC:
            words["OrderExpiry"] = 0
        return {name: int(value) for name, value in (words | fields).items()}

    def place(self, client_index: int, **fields: int) -> Words:
        """Place an order and return the answer; it is carried out a moment later."""
        return self.send(TxType.CREATE, **self.order(client_index, **fields))

    def cancel(self, index: int, market: int = 0) -> Words:
        """Cancel an order."""
        return self.send(TxType.CANCEL, MarketIndex=market, Index=index)

    def orders(self) -> list[Words]:
        """Take the rows of orders from the frames that have come."""
        frames = self.frames("update/account_all_orders")
        return [row for frame in frames for rows in frame["orders"].values() for row in rows]


def opened(**setup: Any) -> Client:
    """Return a client of a fresh venue whose signatures are not looked at unless asked."""
    venue = Venue(Setup(**{"verify": "none", **setup}), START_NS)
    venue.open_account(ACCOUNT, publics())
    return Client(venue)


def _read(plan: Plan) -> tuple[int, Any]:
    return plan.answer.status, json.loads(plan.answer.body)
