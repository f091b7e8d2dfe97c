"""What Hyperliquid is signed with is what ccxt and eth_account make of the same, bit for bit."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ccxt
import pytest
from ccxt.static_dependencies.keccak import SHA3
from eth_account import Account as Wallet
from hypothesis import given
from hypothesis import strategies as st

from connectors.ccxt.hyperliquid_signing import Nonces, Signer, address_in, hashed
from connectors.model.errors import VenueError

KEY = "0x" + "4b" * 32
NOW_MS = 1_795_000_000_000
ORDER = {
    "a": 1,
    "b": False,
    "p": "3000.1",
    "s": "0.01",
    "r": True,
    "t": {"limit": {"tif": "Alo"}},
    "c": "0x" + "0a" * 16,
}
ACTIONS: list[dict[str, Any]] = [
    {"type": "order", "orders": [ORDER], "grouping": "na"},
    {"type": "order", "orders": [ORDER] * 20, "grouping": "na"},
    {"type": "cancelByCloid", "cancels": [{"asset": 1, "cloid": "0x" + "0a" * 16}]},
    {"type": "cancel", "cancels": [{"a": 0, "o": 1 << 40}]},
    {"type": "updateLeverage", "asset": 200, "isCross": True, "leverage": 5},
]


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("is_mainnet", [True, False])
@pytest.mark.parametrize("life_ms", [None, 5000])
def test_a_signature_is_that_of_ccxt(
    action: dict[str, Any], is_mainnet: bool, life_ms: int | None
) -> None:
    theirs = ccxt.hyperliquid({"privateKey": KEY, "walletAddress": "0x" + "1" * 40})
    theirs.options["sandboxMode"] = not is_mainnet
    request = Signer(KEY, is_mainnet, Nonces()).request("http://venue", action, NOW_MS, life_ms)
    body = json.loads(request.body)
    assert (request.url, body["action"]) == ("http://venue/exchange", action)
    expires_ms = body.get("expiresAfter")
    assert expires_ms == (None if life_ms is None else NOW_MS + life_ms)
    assert body["signature"] == theirs.sign_l1_action(action, body["nonce"], None, expires_ms)


@given(st.binary(max_size=300))
def test_a_hash_is_that_of_the_keccak_in_python(data: bytes) -> None:
    assert hashed(data) == bytes(SHA3(data))


def test_an_address_is_that_of_the_key() -> None:
    assert Signer(KEY, True, Nonces()).address == Wallet.from_key(KEY).address.lower()


def test_threads_that_ask_in_one_millisecond_get_nonces_of_their_own() -> None:
    nonces = Nonces()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: nonces.next(NOW_MS), range(400)))
    assert sorted(found) == list(range(NOW_MS, NOW_MS + 400))


@given(st.lists(st.integers(0, 1 << 41), max_size=30), st.integers(0, 100_000))
def test_nonces_grow_whatever_a_clock_does_and_none_is_before_its_moment(
    moments: list[int], ahead_ms: int
) -> None:
    nonces = Nonces(ahead_ms)
    found = [nonces.next(now_ms) for now_ms in moments]
    assert found == sorted(set(found))
    assert all(nonce >= now + ahead_ms for nonce, now in zip(found, moments, strict=True))


@pytest.mark.parametrize("action", ["builder", "approveBuilderFee", "setReferrer"])
def test_what_would_have_somebody_else_earn_is_not_even_made(action: str) -> None:
    signer = Signer(KEY, True, Nonces())
    builder = {"b": "0x" + "1" * 40, "f": 0}
    words = {**ACTIONS[0], "builder": builder} if action == "builder" else {"type": action}
    with pytest.raises(VenueError, match="is not sent: it may cost a fee"):
        signer.request("http://venue", words, NOW_MS)


@pytest.mark.parametrize("secret", ["", "0x12", "4b" * 31 + "4g", "0x" + "4b" * 33])
def test_what_is_no_key_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(VenueError, match="expected a private key") as raised:
        Signer(secret, True, Nonces())
    assert not secret or secret not in str(raised.value)


def test_an_address_is_taken_in_lower_case_or_refused() -> None:
    assert address_in("0x" + "Ab" * 20) == "0x" + "ab" * 20
    with pytest.raises(VenueError, match="expected an address"):
        address_in("ab" * 20)
