"""Whatever comes in, the stand-in answers in its own words and goes on."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.venues.bybit.client import Talk, opened
from tests.venues.bybit.limits import Limits
from tests.venues.bybit.rest import private, public, trading
from tests.venues.bybit.rest.trading import OPS
from tests.venues.bybit.sessions import LINEAR

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
OPERATIONS = st.sampled_from(["subscribe", "unsubscribe", "ping", "auth", *OPS]) | ANY_JSON
TOPICS = st.sampled_from(["orderbook.50.BTCUSDT", "orderbook.x", "order", "dcp.future", "tickers."])
FRAMES = st.fixed_dictionaries(
    {"op": OPERATIONS},
    optional={"args": st.lists(TOPICS | ANY_JSON, max_size=3) | ANY_JSON, "req_id": ANY_JSON}
    | {"header": ANY_JSON, "reqId": ANY_JSON},
)
WRITES = sorted(trading.WRITES | private.WRITES)
READS = sorted(public.PATHS | private.READS)
OF_ORDERS = ["category", "symbol", "qty", "price", "side", "orderType", "orderId", "orderLinkId"]
OF_LISTS = ["limit", "cursor", "startTime", "interval", "settleCoin"]
OF_SETTINGS = ["request", "mode", "timeWindow", "positionIdx"]
WORDS = st.sampled_from([*OF_ORDERS, *OF_LISTS, *OF_SETTINGS])
KNOWN = st.sampled_from(
    ["linear", "BTCUSDT", "Buy", "Limit", "1", "-1", "0.01", "USDT", "٣", "1e3"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(FRAMES.map(json.dumps).map(str.encode) | st.binary(max_size=30), max_size=8))
def test_a_stream_takes_any_frame(frames: list[bytes]) -> None:
    client = opened(has_crowd=False)
    client.authenticate(client.trade)
    talks: list[Talk] = [client.public, client.private, client.trade]
    for talk in talks:
        for frame in frames:
            talk.session.hear(frame)
    client.pass_time(1.0)
    assert client.public.session.line.target == LINEAR
    for talk in talks:
        talk.frames()
        talk.hear(op="ping")
        assert len(talk.frames()) == 1


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([("GET", path) for path in READS] + [("POST", path) for path in WRITES]),
    st.dictionaries(WORDS, KNOWN | ANY_JSON, max_size=6),
    st.booleans(),
)
def test_a_path_takes_any_words(
    path: tuple[str, str], words: dict[str, object], is_linear: bool
) -> None:
    client = opened(has_crowd=False, limits=Limits(has_rates=False))
    asked = {**words, "category": "linear", "symbol": "BTCUSDT"} if is_linear else words
    answer = client.plan(path[0], path[1], **asked).answer
    body = json.loads(answer.body)
    assert answer.status == 200
    assert (body["retCode"] == 0) == (body["retMsg"] == "OK")
    client.pass_time(0.1)
