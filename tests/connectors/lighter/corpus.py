"""Spoil frames in every way that a wire or a venue's change can, by seed."""

import json
import random
from collections.abc import Iterator
from typing import Any

ODD: tuple[Any, ...] = (
    None,
    True,
    "",
    "nan",
    "-inf",
    "1e308",
    "0.00000001",
    "-1",
    -1,
    0,
    1.5,
    1 << 63,
    10**30,
    [],
    {},
    [[]],
    "text",
    "\x00",
    "٣",
)
"""Values that may stand where others are expected."""


def spoiled(frames: tuple[bytes, ...], count: int, seed: int) -> Iterator[bytes]:
    """Yield so many frames, each one of `frames` spoiled."""
    rng = random.Random(seed)
    for _ in range(count):
        frame = rng.choice(frames)
        yield _in_value(frame, rng) if rng.random() < 0.6 else _in_bytes(frame, rng)


def _in_value(frame: bytes, rng: random.Random) -> bytes:
    """Change, drop or repeat one value somewhere inside."""
    root = json.loads(frame)
    holder, key = rng.choice(list(_places(root)))
    if isinstance(holder, list):
        if rng.random() < 0.3:
            holder.append(holder[key])
        else:
            holder[key] = rng.choice(ODD)
    elif rng.random() < 0.3:
        del holder[key]
    else:
        holder[key] = rng.choice(ODD)
    return json.dumps(root).encode()


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


def _in_bytes(frame: bytes, rng: random.Random) -> bytes:
    """Cut, overwrite, insert or repeat bytes."""
    data = bytearray(frame)
    at = rng.randrange(len(data))
    match rng.randrange(5):
        case 0:
            return bytes(data[:at])
        case 1:
            data[at] = rng.randrange(256)
        case 2:
            data[at:at] = rng.randbytes(rng.randrange(1, 9))
        case 3:
            data[at:at] = data[: rng.randrange(40)]
        case _:
            return bytes(rng.randbytes(rng.randrange(60)))
    return bytes(data)
