"""What a script can let happen at the venue, and how a script is read."""

from pathlib import Path
from typing import Any

import pytest

from tests.recordings import CHECKOUT
from tests.stage.truth import Paid, Refused, Traded
from tests.venues.common.http import Asked
from tests.venues.lighter.faults import FAULTS
from tests.venues.lighter.keys import ACCOUNT
from tests.venues.lighter.scenario import read, step_of
from tests.venues.lighter.scenes import as_json, held, placed, resting, under
from tests.venues.lighter.transactions import TxType


def test_a_market_bursts_leaps_and_stalls() -> None:
    client = under(has_crowd=True)
    client.pass_time(1.0)
    client.frames()
    client.venue.play(step_of({"do": "burst", "market": "ETH", "moves": 50}))
    assert len(client.frames("update/order_book")) >= 45
    before = client.venue.exchange.floors[0].mark_ticks
    client.venue.play(step_of({"do": "leap", "market": "ETH", "bps": 100}))
    assert client.venue.exchange.floors[0].mark_ticks / before == pytest.approx(1.01, abs=1e-3)
    client.venue.play(step_of({"do": "stall", "market": "ETH", "s": 2.0}))
    client.pass_time(0.1)
    client.frames()
    client.pass_time(1.8)
    assert client.frames("update/order_book") == []
    client.pass_time(1.0)
    assert client.frames("update/order_book") != []


def test_a_side_is_empty() -> None:
    client = under({"at_s": 1.0, "do": "empty_side", "market": "eth"}, has_crowd=True)
    client.pass_time(1.5)
    assert client.venue.exchange.floors[0].book.bids.best_ticks is None
    client.pass_time(10.0)
    assert client.venue.exchange.floors[0].book.bids.best_ticks is not None


def test_a_market_halts_and_its_description_changes() -> None:
    client = under({"at_s": 1.0, "do": "inactive", "market": "eth"})
    client.pass_time(1.0)
    assert client.place(1)["code"] == 21605
    (row,) = client.get("orderBookDetails", market_id=0)[1]["order_book_details"]
    assert row["status"] == "inactive"
    words = {"status": "active", "min_lots": 5_000}
    client.venue.play(step_of({"do": "change_market", "market": "ETH", "words": words}))
    client.nonce = 1
    assert client.place(1)["code"] == 21706


def test_ours_are_filled_in_pieces_of_one_moment() -> None:
    client = under({"at_s": 1.0, "do": "fill_ours", "market": "eth", "pieces": 250})
    placed(client)
    client.pass_time(1.0)
    trades = client.venue.truth.of(Traded)
    assert len(trades) == 250
    assert len({trade.ns for trade in trades}) == 1
    assert held(client) == 1_000


def test_lists_are_cut_and_a_cursor_leads_on() -> None:
    client = under({"at_s": 1.0, "do": "page_size", "rows": 10})
    placed(client)
    client.pass_time(1.0)
    client.venue.play(step_of({"do": "fill_ours", "market": "ETH", "pieces": 25}))
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        _, body = client.get("trades", account_index=ACCOUNT, limit=100, cursor=cursor)
        found += [row["trade_id"] for row in body["trades"]]
        cursor = body.get("next_cursor")
    assert len(found) == len(set(found)) == 25


def test_the_venue_ends_ours_and_others_use_the_account() -> None:
    client = under()
    placed(client)
    client.venue.play(step_of({"do": "foreign_order", "market": "ETH", "side": "sell"}))
    client.venue.play(step_of({"do": "end_ours", "market": "ETH", "why": "canceled-liquidation"}))
    assert resting(client) == [0]
    told = [row["status"] for row in client.orders()]
    assert told == ["open", "open", "canceled-liquidation"]


def test_the_account_trades_without_an_order_and_a_trade_is_taken_back() -> None:
    client = under()
    play = client.venue.play
    play(step_of({"do": "foreign_trade", "market": "ETH", "side": "buy", "lots": 700}))
    assert held(client) == 700
    play(step_of({"do": "bust", "market": "ETH"}))
    assert held(client) == 0
    play(step_of({"do": "foreign_trade", "market": "ETH", "side": "buy", "lots": 700}))
    play(step_of({"do": "foreign_trade", "market": "ETH", "kind": "liquidation"}))
    assert held(client) == 0
    kinds = [trade.kind for trade in client.venue.truth.of(Traded)]
    assert kinds == ["order", "market-settlement", "order", "liquidation"]
    assert client.venue.truth.of(Refused) == []


def test_a_forced_upgrade_refuses_every_signature() -> None:
    client = under({"at_s": 1.0, "do": "force_upgrade"})
    client.pass_time(1.0)
    assert client.place(1)["code"] == 21136
    client.venue.play(step_of({"do": "force_upgrade", "is_forced": False}))
    client.nonce = 1
    assert client.place(1)["code"] == 200


def test_a_rate_that_is_set_is_announced_whatever_the_mark_does() -> None:
    client = under()
    client.venue.play(step_of({"do": "set_rate", "market": "eth", "rate_1e6": 300}))
    client.venue.play(step_of({"do": "leap", "market": "eth", "bps": -100}))
    client.pass_time(5.0)
    rows = client.get("funding-rates")[1]["funding_rates"]
    told = {row["symbol"]: row["rate"] for row in rows if row["exchange"] == "lighter"}
    assert told["ETH"] == pytest.approx(8 * 300e-6)


def test_fees_funding_and_transfers() -> None:
    client = under({"at_s": 0.0, "do": "fees", "maker_1e6": -20})
    placed(client)
    play = client.venue.play
    play(step_of({"do": "fill_ours", "market": "ETH"}))
    assert client.venue.truth.of(Traded)[0].fee < 0
    play(step_of({"do": "settle_funding", "market": "ETH", "rate_1e6": 100}))
    play(step_of({"do": "pay", "amount": "-50000"}))
    play(step_of({"do": "move_asset", "amount": "5"}))
    kinds = [(paid.what, paid.amount < 0) for paid in client.venue.truth.of(Paid)]
    assert kinds == [("funding", True), ("transfer", True), ("transfer", False)]


def test_margin_quota_and_leverage_run_short() -> None:
    client = under({"at_s": 1.0, "do": "set_leverage", "market": "eth", "margin_1e4": 10_000})
    client.pass_time(1.0)
    assert client.place(1, BaseAmount=1_000_000)["code"] == 21739
    play = client.venue.play
    play(step_of({"do": "set_collateral", "usdc": 100}))
    client.nonce = 1
    assert client.place(1)["code"] == 21739
    play(step_of({"do": "set_collateral", "usdc": 1_000_000}))
    play(step_of({"do": "set_quota", "left": 0}))
    client.nonce = 1
    assert client.place(1)["status"] == 429


def test_the_venues_clock_is_ahead_in_what_it_says_and_judges_by() -> None:
    client = under({"at_s": 1.0, "do": "skew", "ms": 700_000}, has_crowd=True)
    client.frames()
    expiry_ms = client.venue.agenda.now_ns // 1_000_000 + 599_000
    client.pass_time(2.0)
    assert client.send(TxType.CREATE, **client.order(1), ExpiredAt=expiry_ms)["code"] == 21711
    last = client.frames("update/order_book")[-1]
    assert abs(last["timestamp"] - client.venue.agenda.now_ns / 1e6 - 700_000) < 100


def test_the_venue_allows_less() -> None:
    words = {"subscriptions": 5, "market_orders": 1}
    client = under({"at_s": 0.0, "do": "change_limits", "words": words})
    client.frames()
    client.subscribe("trade/0")
    assert client.frames()[-1]["error"]["code"] == 23001
    placed(client, 1)
    assert client.place(2)["code"] == 21718


def test_a_revoked_key_signs_nothing() -> None:
    client = under({"at_s": 1.0, "do": "revoke_key", "key": 4})
    client.pass_time(1.0)
    assert client.place(1)["code"] == 21109


def test_so_many_transactions_may_wait_and_no_more() -> None:
    client = under(
        {"when": "execute", "times": 9, "do": "hold", "s": 5.0},
        {"at_s": 0.0, "do": "change_limits", "words": {"pending": 2}},
    )
    assert [client.place(number)["code"] for number in (1, 2, 3)] == [200, 200, 21506]
    client.pass_time(6.0)
    client.nonce = 3
    assert client.place(3)["code"] == 200


def test_a_wrong_step_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        step_of({"do": "nothing"})
    with pytest.raises(ValueError, match="was \\['speed'\\]"):
        step_of({"do": "late", "s": 1.0, "speed": 2})
    file = tmp_path / "script.yaml"
    file.write_text("- {at_s: 8, do: silence, stream: market}\n")
    (step,) = read(file)
    assert (step.name, step.at_s) == ("silence", 8)


def test_the_script_of_the_document_can_be_read(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "drills.md").read_text()
    file = tmp_path / "script.yaml"
    file.write_text(page.split("```yaml")[-1].split("```")[0])
    assert len(read(file)) == 4


def test_a_running_venue_takes_steps_at_its_control() -> None:
    client = under()

    def control(**words: Any) -> int:
        raw = as_json(words).encode()
        return client.venue.ask(Asked("POST", "/control", raw=raw)).answer.status

    assert control(do="refuse", when="place", code=21506) == 200
    assert control(do="nothing") == 400
    assert control(account=8001, keys={"4": "00" * 40}) == 200
    assert client.place(1)["code"] == 21506
    effects = client.venue.ask(Asked("GET", "/control")).answer.body
    assert b'"refuse":1' in effects
    assert 8001 in client.venue.exchange.accounts


def test_every_fault_has_a_test() -> None:
    text = "".join(p.read_text() for p in Path(__file__).parent.glob("test_faults_*.py"))
    assert [name for name in FAULTS if f'"{name}"' not in text] == []
