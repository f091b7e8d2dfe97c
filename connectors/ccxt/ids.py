"""Carry our integer ids in a venue's texts, and make integer ids of texts that are none.

A client id names its order on its market alone. The text adds a mark of ours and one of the symbol,
so that deploys that share an account, each with markets of its own, never use the same text.
"""

from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from string import ascii_lowercase, digits
from zlib import crc32

MARK = "mm"
BASE36 = digits + ascii_lowercase
MARK_CHARS = 4
HEX_DIGITS = 20
FOREIGN = 1 << 48
"""Ids from here on are of orders that others have sent: ours stay below."""

SALT_BITS = 22
"""With 41 bits of milliseconds a trade's id stays below 2^63 until 2039."""


class Alphabet(Enum):
    """What a venue lets a client's id be made of."""

    TEXT = "lower case letters and digits"
    HEX_128 = "0x and 32 hexadecimal digits"


@dataclass(frozen=True, slots=True)
class Codec:
    """The texts that stand for our ids on one market."""

    symbol: str
    alphabet: Alphabet = Alphabet.TEXT

    def text(self, client_id: int) -> str:
        """Return the text of an id; raise ValueError for one that cannot be ours."""
        if not 0 < client_id < FOREIGN:
            raise ValueError(f"expected a client id from 1 to {FOREIGN - 1}, was {client_id}")
        if self.alphabet is Alphabet.HEX_128:
            return f"{self._stem()}{client_id:0{HEX_DIGITS}x}"
        return self._stem() + _base36(client_id)

    def number(self, text: str | None) -> int | None:
        """Return the id that a text stands for, None where it is none of ours on this market."""
        stem = self._stem()
        if not text or not text.startswith(stem):
            return None
        try:
            number = int(text[len(stem) :], 16 if self.alphabet is Alphabet.HEX_128 else 36)
        except ValueError:
            return None
        return number if 0 < number < FOREIGN and self.text(number) == text else None

    def known(self, text: str | None, order_id: str) -> int:
        """Return our id, or for an order of somebody else one that is not below `FOREIGN`."""
        number = self.number(text)
        return FOREIGN + _hash(order_id, 46) if number is None else number

    def _stem(self) -> str:
        mark = crc32(self.symbol.encode())
        if self.alphabet is Alphabet.HEX_128:
            return f"0x{MARK.encode().hex()}{mark:08x}"
        return MARK + _base36(mark % 36**MARK_CHARS).rjust(MARK_CHARS, "0")


def stamped_id(venue_ms: int, text: str) -> int:
    """Return a trade's id from its moment and the venue's text: it grows with time, and is the same
    whoever tells the trade. Two texts of one millisecond have the same one in four million times:
    see `next_id`."""
    if not 0 <= venue_ms < 1 << 41:
        raise ValueError(f"expected milliseconds since 1970, was {venue_ms}")
    return venue_ms << SALT_BITS | _hash(text, SALT_BITS)


def next_id(trade_id: int) -> int:
    """Return another id of the same millisecond; after all of them it is the first again."""
    salt = (1 << SALT_BITS) - 1
    return (trade_id & ~salt) | ((trade_id + 1) & salt)


def stamp_ms(trade_id: int) -> int:
    """Return the millisecond of a stamped id."""
    return trade_id >> SALT_BITS


def _hash(text: str, bits: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) & ((1 << bits) - 1)


def _base36(number: int) -> str:
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = BASE36[digit] + text
    return text
