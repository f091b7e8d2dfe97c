"""Be a plain client of a stand-in in memory: sign, send, read frames; no adapter.

What it sends is signed by eth_account: nothing of the adapter is in it.
"""

import json
from typing import Any

import msgspec
from eth_account import Account as Wallet
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from tests.venues.bybit.accounts import Account, Key
from tests.venues.common.http import Asked
from tests.venues.common.line import Line
from tests.venues.hyperliquid.guard import DOMAIN, TYPES
from tests.venues.hyperliquid.keys import ADDRESS, AGENT, AGENT_KEY, UID
from tests.venues.hyperliquid.sessions import PATH, Session
from tests.venues.hyperliquid.venue import Setup, Venue

START_NS = 1_795_000_000_000_000_000
Words = dict[str, Any]


def signature_of(data: bytes, key: str, is_mainnet: bool = False) -> Words:
    """Return the signature of what is hashed of an action."""
    message = {"source": "a" if is_mainnet else "b", "connectionId": keccak(data)}
    typed = {"types": TYPES, "primaryType": "Agent", "domain": DOMAIN, "message": message}
    made = Wallet.sign_message(encode_typed_data(full_message=typed), key)
    return {"r": f"0x{made.r:064x}", "s": f"0x{made.s:064x}", "v": made.v}


class Client:
    """One client of one account, who listens to it."""

    def __init__(self, venue: Venue, key: str = AGENT_KEY) -> None:
        self.venue = venue
        self.key = key
        self.line = Line(target=PATH)
        self.session: Session = venue.connect(self.line)
        self._nonce = 0

    @property
    def account(self) -> Account:
        """Return the account as the venue keeps it."""
        return self.venue.exchange.accounts[UID]

    def pass_time(self, seconds: float) -> None:
        """Let the venue's time pass."""
        self.venue.agenda.advance(self.venue.agenda.now_ns + round(seconds * 1e9))

    def listen(self, *channels: str) -> None:
        """Ask for channels of the account."""
        for name in channels:
            of = {"type": name, "user": ADDRESS}
            self.session.hear(json.dumps({"method": "subscribe", "subscription": of}).encode())

    def frames(self, channel: str = "") -> list[Words]:
        """Take the frames of a channel that have come, or all."""
        frames = [json.loads(frame) for frame in self.line.take()]
        return [frame for frame in frames if channel in ("", frame["channel"])]

    def info(self, kind: str, **words: object) -> Any:
        """Ask something of the account; return the answer."""
        return self._asked("/info", {"type": kind, "user": ADDRESS, **words})

    def act(self, action: Words, nonce: int | None = None, life_ms: int | None = None) -> Words:
        """Send a signed action, and return the answer."""
        now_ms = self.venue.exchange.now_ms
        self._nonce = nonce or max(self._nonce + 1, now_ms)
        body: Words = {"action": action, "nonce": self._nonce}
        data = msgspec.msgpack.encode(action) + self._nonce.to_bytes(8, "big") + b"\x00"
        if life_ms is not None:
            body["expiresAfter"] = now_ms + life_ms
            data += b"\x00" + body["expiresAfter"].to_bytes(8, "big")
        body["signature"] = signature_of(data, self.key)
        return dict(self._asked("/exchange", body))

    def order(self, link: str, **words: object) -> Words:
        """Return a post-only bid for ETH far from the market, any of whose words may be replaced;
        `tif` is that alone."""
        tif = words.pop("tif", "Alo")
        usual: Words = {
            "a": 1,
            "b": True,
            "p": "2900",
            "s": "0.01",
            "r": False,
            "t": {"limit": {"tif": tif}},
            "c": f"0x{int(link):032x}",
        }
        return {**usual, **words}

    def place(self, *orders: Words, **how: Any) -> list[Any]:
        """Place orders; return what became of each, or the answer where all were refused."""
        action = {"type": "order", "orders": list(orders), "grouping": "na"}
        said = self.act(action, **how)
        if said["status"] != "ok":
            return [said["response"]]
        return list(said["response"]["data"]["statuses"])

    def _asked(self, path: str, body: Words) -> Any:
        asked = Asked("POST", path, {}, {}, json.dumps(body).encode())
        answer = self.venue.ask(asked).answer
        if answer.status != 200:
            return {"status": str(answer.status), "response": answer.body.decode()}
        return json.loads(answer.body)


def keys() -> dict[str, Key]:
    """Return the agents that a stand-in's account has unless told otherwise."""
    return {AGENT: Key("")}


def opened(**setup: Any) -> Client:
    """Return a client of a fresh venue."""
    venue = Venue(Setup(**setup), START_NS)
    venue.open_account(UID, keys())
    return Client(venue)
