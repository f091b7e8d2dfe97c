"""Every example of the venue's frames is read; what is spoiled is refused and ends nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.lighter.decode import account_frame, public_frame
from connectors.model.events import GAP
from connectors.socket import Malformed
from tests.connectors.lighter import examples
from tests.connectors.lighter.corpus import spoiled
from tests.connectors.lighter.ears import Heard
from tests.recordings import recorded

FOLDERS = (
    "payloads/lighter_examples",
    "payloads/nautilus/lighter",
    "payloads/lighter_nautilus_captures",
)
NOT_OURS = ("account_orders", "candle", "jsonapi/sendtx")
"""Channels that are not asked for."""
NO_ROOM = ("market_stats:all", "spot_market_stats:all")
"""Nor are these: each market's figures are asked for by themselves."""


def frames_of(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every WebSocket frame in an example file."""
    if isinstance(value, list):
        for each in value:
            yield from frames_of(each)
    elif isinstance(value, dict):
        if "payload" in value:
            yield from frames_of(value["payload"])
        elif isinstance(value.get("error"), dict):
            yield value
        elif isinstance(value.get("type"), str) and "channel" in value:
            yield value


def read(frame: bytes) -> bool:
    """Tell whether either stream reads the frame."""
    for decode in (public_frame, account_frame):
        try:
            decode(frame)
        except Malformed:
            continue
        return True
    return False


@pytest.mark.parametrize("frame", [*examples.PUBLIC, *examples.PRIVATE])
def test_our_examples_are_read(frame: bytes) -> None:
    assert read(frame)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_recorded_example_of_a_channel_of_ours_is_read(folder: str) -> None:
    seen = 0
    for path in sorted(Path(recorded(folder)).glob("*.json")):
        for frame in frames_of(json.loads(path.read_text())):
            is_ours = not any(name in str(frame.get("type")) for name in NOT_OURS)
            is_ours &= frame.get("channel") not in NO_ROOM
            assert read(json.dumps(frame).encode()) is is_ours, (path.name, str(frame)[:300])
            seen += 1
    assert seen > 0


def spoil(count: int) -> None:
    """Let a feed take spoiled frames, with good ones between; nothing but rows comes of them."""
    heard = Heard()
    refused = 0
    for k, frame in enumerate(spoiled(examples.PUBLIC, count, seed=count)):
        heard.hear(frame)
        if k % 50 == 0:
            heard.hear(examples.snapshot(1000 + k))
        try:
            account_frame(frame)
        except Malformed:
            refused += 1
    assert refused > count // 10
    assert len(heard.line.dropped) > count // 10
    assert all(kind <= GAP and ticks >= 0 and lots >= 0 for kind, ticks, lots in heard.rows["btc"])


def test_spoiled_frames_end_nothing() -> None:
    spoil(3_000)


@pytest.mark.slow
def test_a_hundred_thousand_spoiled_frames_end_nothing() -> None:
    spoil(100_000)
