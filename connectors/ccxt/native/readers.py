"""Find what reads a frame by how it begins: a look at some bytes in place of a decoding."""

from collections.abc import Callable, Sequence

from connectors.ccxt.native.speech import Said

Readers = Sequence[tuple[bytes, Callable[[bytes], Said]]]


def reader_of(frame: bytes, readers: Readers) -> Callable[[bytes], Said] | None:
    """Return what reads a frame, None where it begins with none of them."""
    for start, read in readers:
        if frame.startswith(start):
            return read
    return None
