"""Whatever comes in, the stand-in answers in its own words and goes on."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.venues.common.http import Asked
from tests.venues.lighter.client import opened
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.rest import PATHS

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(
    ["subscribe", "unsubscribe", "ping", "jsonapi/sendtx", "jsonapi/sendtxbatch"]
)
CHANNELS = st.sampled_from(
    ["order_book/0", "order_book/x", "trade", "height/1", f"account_tx/{ACCOUNT}", "user_stats/1"]
)
FRAMES = st.fixed_dictionaries(
    {"type": KINDS | ANY_JSON},
    optional={"channel": CHANNELS | ANY_JSON, "auth": ANY_JSON, "data": ANY_JSON},
)
NAMES = st.sampled_from(
    ["market_id", "account_index", "limit", "cursor", "by", "value", "api_key_index", "tx_type"]
)
NUMBERS = st.sampled_from(["0", "1", "-1", "255", str(ACCOUNT), "index", "hash", "٣", "1e3"])


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAMES.map(json.dumps).map(str.encode) | st.binary(max_size=30), max_size=8))
def test_a_stream_takes_any_frame(frames: list[bytes]) -> None:
    client = opened(has_crowd=False)
    for frame in frames:
        client.session.hear(frame)
    client.pass_time(1.0)
    client.hear(type="ping")
    assert client.frames()[-1] == {"type": "pong"}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(PATHS)),
    st.dictionaries(NAMES, NUMBERS | st.text(max_size=8), max_size=5),
)
def test_a_path_takes_any_words(path: tuple[str, str], words: dict[str, str]) -> None:
    client = opened(has_crowd=False)
    words = {**words, "auth": client.token()}
    plan = client.venue.ask(Asked(path[0], f"/api/v1/{path[1]}", words))
    body: dict[str, Any] = json.loads(plan.answer.body)
    assert plan.answer.status in (200, 400, 401, 404)
    assert ("message" in body) or plan.answer.status == 200
