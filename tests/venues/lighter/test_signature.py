"""Hashes and signatures agree with published vectors and with the venue's own signer."""

import ctypes
import importlib.util
import json
import platform
import random
from pathlib import Path
from typing import Any

import pytest

from tests.recordings import recorded
from tests.venues.lighter.client import START_NS
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.keys import ACCOUNT, private, publics
from tests.venues.lighter.signature.curve import decoded, encoded, plus
from tests.venues.lighter.signature.field import from_bytes, inverse, mul, to_bytes
from tests.venues.lighter.signature.poseidon2 import hashed
from tests.venues.lighter.signature.schnorr import is_signed, public_of, signed
from tests.venues.lighter.signer import PlainSigner
from tests.venues.lighter.transactions import Tx, TxType, parsed
from tests.venues.lighter.venue import Setup, Venue
from tests.venues.lighter.verification import Signatures

CHAIN = 304
KEY = 4


def vectors(name: str) -> Any:
    """Return published vectors."""
    folder: Path = recorded("payloads") / "nautilus" / "lighter"
    return json.loads((folder / f"signing_{name}.json").read_text())["vectors"]


def limbs(text: str) -> list[int]:
    """Read words of eight bytes, little-endian."""
    data = bytes.fromhex(text)
    return [int.from_bytes(data[k : k + 8], "little") for k in range(0, len(data), 8)]


def test_the_field_multiplies_and_divides_as_published() -> None:
    for vector in vectors("field_quintic_vectors"):
        a, b = from_bytes(bytes.fromhex(vector["a"])), from_bytes(bytes.fromhex(vector["b"]))
        assert a is not None
        assert b is not None
        assert to_bytes(mul(a, b)).hex() == vector["mul"]
        assert to_bytes(inverse(a)).hex() == vector["inv_a"]


def test_points_decode_and_add_as_published() -> None:
    found = vectors("curve_ecgfp5_vectors")
    for vector in found["decode"]:
        w = from_bytes(bytes.fromhex(vector["w"]))
        assert (w is not None and decoded(w) is not None) == vector["decodes"]
    for vector in found["add"]:
        a, b = (from_bytes(bytes.fromhex(vector[name])) for name in ("a_w", "b_w"))
        assert a is not None
        assert b is not None
        p, q = decoded(a), decoded(b)
        assert p is not None
        assert q is not None
        assert to_bytes(encoded(plus(p, q))).hex() == vector["sum_w"]
        assert to_bytes(encoded(plus(p, p))).hex() == vector["a_double_w"]


def test_hashes_are_as_published() -> None:
    for vector in vectors("hash_poseidon2_vectors")["hash_to_quintic"]:
        assert to_bytes(hashed(limbs(vector["input"]))).hex() == vector["output"]


def test_keys_and_signatures_are_as_published() -> None:
    found = vectors("schnorr_vectors")
    for vector in found["keygen"]:
        assert public_of(bytes.fromhex(vector["sk"])).hex() == vector["pk"]
    for vector in found["sign"]:
        message = from_bytes(bytes.fromhex(vector["hashed_msg"]))
        assert message is not None
        secret, k = (
            bytes.fromhex(vector["sk"]),
            int.from_bytes(bytes.fromhex(vector["k"]), "little"),
        )
        assert signed(message, secret, k).hex() == vector["sig"]
        assert is_signed(message, signed(message, secret, k), public_of(secret))


def test_recorded_transactions_verify_on_their_chain_alone() -> None:
    found = json.loads((recorded("payloads") / "lighter_examples/own__signed_txs.json").read_text())
    public = found["public_key"].removeprefix("0x")
    for each in found["payload"].values():
        tx = parsed(each["tx_type"], json.dumps(each["tx_info"]))
        assert Signatures(300).tx_hash(tx) == each["tx_hash"]
        assert Signatures(300).signed_tx(tx, public)
        assert not Signatures(CHAIN).signed_tx(tx, public)
    assert Signatures(300).signed_token(found["auth_token"], public)


class Signed(ctypes.Structure):
    """What the signer returns for a transaction."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("info", ctypes.c_char_p),
        ("tx_hash", ctypes.c_char_p),
        ("message", ctypes.c_char_p),
        ("error", ctypes.c_char_p),
    )


class Said(ctypes.Structure):
    """What the signer returns for a token."""

    _fields_ = (("text", ctypes.c_char_p), ("error", ctypes.c_char_p))


@pytest.fixture(scope="module")
def signer() -> ctypes.CDLL:
    """Give the venue's own signer with this project's test key; skip where it does not run."""
    found = importlib.util.find_spec("lighter")
    if found is None or not found.submodule_search_locations:
        pytest.skip("needs lighter-sdk")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("needs the signer of this platform")
    folder = Path(found.submodule_search_locations[0]) / "signers"
    library = ctypes.CDLL(str(folder / "lighter-signer-linux-amd64.so"))
    library.CreateClient.restype = ctypes.c_char_p
    library.SignCancelOrder.restype = Signed
    library.SignCreateOrder.restype = Signed
    library.CreateAuthToken.restype = Said
    error = library.CreateClient(b"", private(KEY).encode(), CHAIN, KEY, ctypes.c_longlong(ACCOUNT))
    assert error is None
    return library


def cancelled(signer: ctypes.CDLL, nonce: int) -> tuple[Tx, str]:
    """Let the signer sign a cancel; return it and the hash that the signer gives."""
    long = ctypes.c_longlong
    made = signer.SignCancelOrder(
        long(0), long(42), ctypes.c_uint8(0), long(nonce), KEY, long(ACCOUNT)
    )
    assert made.error is None
    return parsed(made.kind, made.info.decode()), made.tx_hash.decode()


def test_the_signers_transactions_verify_and_tampered_ones_do_not(signer: ctypes.CDLL) -> None:
    tx, tx_hash = cancelled(signer, 7)
    signatures, public = Signatures(CHAIN), publics()[KEY]
    assert signatures.tx_hash(tx) == tx_hash
    assert signatures.signed_tx(tx, public)
    for name in tx.fields:
        info = json.loads(tx.raw)
        info[name] += 1
        assert not signatures.signed_tx(parsed(int(tx.kind), json.dumps(info)), public)
    assert not signatures.signed_tx(tx, publics()[5])


def test_the_plain_signer_signs_what_the_venues_own_does(signer: ctypes.CDLL) -> None:
    theirs, tx_hash = cancelled(signer, 7)
    plain = PlainSigner(CHAIN, ACCOUNT, KEY, private(KEY), random.Random(1))
    fields = {"MarketIndex": 0, "Index": 42}
    made = plain.transaction(TxType.CANCEL, fields, 7, theirs.expired_at_ms)
    assert made.tx_hash == tx_hash
    assert Signatures(CHAIN).signed_tx(parsed(int(made.kind), made.info), publics()[KEY])
    assert json.loads(made.info).keys() == json.loads(theirs.raw).keys()


def test_the_signers_tokens_open_their_own_account(signer: ctypes.CDLL) -> None:
    venue = Venue(Setup(has_crowd=False), START_NS)
    venue.open_account(ACCOUNT, publics())
    deadline = START_NS // 1_000_000_000 + 600
    said = signer.CreateAuthToken(ctypes.c_longlong(deadline), KEY, ctypes.c_longlong(ACCOUNT))
    token = said.text.decode()
    assert venue.guard.token(token, ACCOUNT) == deadline
    head, _, last = token.rpartition(":")
    with pytest.raises(Refused):
        venue.guard.token(f"{head}:{last[:-1]}{'0' if last[-1] != '0' else '1'}", ACCOUNT)
    with pytest.raises(Refused):
        venue.guard.token(token.replace(str(deadline), str(deadline + 1)), ACCOUNT)
