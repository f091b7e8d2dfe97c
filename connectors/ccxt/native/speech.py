"""State how a venue speaks on a public stream that is read without ccxt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.ccxt.words import Book, Prints, Rates
from connectors.socket import Subscription


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The venue has let a subscription in."""

    channel: str


@dataclass(frozen=True, slots=True)
class Denied:
    """The venue has refused a subscription."""

    why: str


Said = Book | Prints | Rates | Confirmed | Denied | None
"""What a frame says; None where it says nothing of a market."""


class Speech(Protocol):
    """One venue's words. `is_strict`: its numbers may begin anew, so a change that names another
    one before it than the last is a hole, never an old one."""

    is_strict: bool

    def said(self, frame: bytes) -> Said:
        """Return what a frame says. Raises Malformed."""

    def subscriptions(self, symbols: Sequence[str]) -> list[Subscription]:
        """Return what asks for the markets."""

    def channels(self, symbol: str) -> frozenset[str]:
        """Return the subscriptions that a market hangs on."""

    def book_channel(self, symbol: str) -> str:
        """Return the one that brings its snapshot, empty where none does."""
