"""What the venue of the bench stamps is the same order whichever way it came."""

import json

from tests.bench.orders_venue import stamps
from tests.venues.lighter.client import opened
from tests.venues.lighter.transactions import TxType


def test_an_order_is_stamped_alike_over_http_and_over_the_stream() -> None:
    client = opened()
    info = client.signed_tx(TxType.CREATE, **client.order(31))
    over_http = {"tx_type": "14", "tx_info": json.dumps(info)}
    frame = {"type": "jsonapi/sendtx", "data": {"id": "1", "tx_type": 14, "tx_info": info}}
    expected = [("CREATE", 31, 5)]
    assert stamps((5, over_http)) == expected
    assert stamps((5, json.dumps(frame).encode())) == expected


def test_each_order_of_a_batch_is_stamped() -> None:
    client = opened()
    infos = [json.dumps(client.signed_tx(TxType.CANCEL, MarketIndex=0, Index=k)) for k in (1, 2)]
    data = {"id": "1", "tx_types": "[15,15]", "tx_infos": json.dumps(infos)}
    frame = json.dumps({"type": "jsonapi/sendtxbatch", "data": data}).encode()
    assert stamps((5, frame)) == [("CANCEL", 1, 5), ("CANCEL", 2, 5)]


def test_a_subscription_is_no_order() -> None:
    assert stamps((5, b'{"type":"subscribe","channel":"height"}')) == []
