"""Spell pushes as the venue does: with the classes that ccxt ships of its own description."""

from copy import deepcopy
from typing import Any

from ccxt.protobuf.mexc.PushDataV3ApiWrapper_pb2 import PushDataV3ApiWrapper
from google.protobuf.json_format import ParseDict

from tests.venues.common.faults import Frame


class Push(Frame):
    """A message of Protocol Buffers, out of words."""

    def encoded(self) -> bytes:
        """Return its bytes, spelled once."""
        if self._encoded is None:
            self._encoded = ParseDict(self.words, PushDataV3ApiWrapper()).SerializeToString()
        return self._encoded

    def copy(self) -> dict[str, Any]:
        """Return words that may be changed."""
        return deepcopy(self.words)
