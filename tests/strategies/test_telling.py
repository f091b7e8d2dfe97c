"""A decision is told in words, in the order of its adjustments, the same from a desk and a row."""

import ast
from decimal import Decimal
from typing import Any

import pytest

from connectors.model.events import BUY
from runner.engine.history import DECISION_LAYOUT
from runner.engine.logs import ALL, DecisionLog, log_decision
from strategies.desk import ASKED, Desk
from strategies.quoting import decide
from strategies.reasons import Reason
from strategies.telling import SHRINKING, WIDENING, lines, row_of
from tests.strategies.gates.desks import turn_on
from tests.support import CHECKOUT, MID_TICKS, NOW_NS, shown_desk

TICK, LOT = Decimal("0.1"), Decimal("0.001")
GATES = CHECKOUT / "strategies" / "gates"


def decided(position: int = 0, **params: Any) -> Desk:
    desk = shown_desk(MID_TICKS - 1, MID_TICKS + 1, **params)
    turn_on(desk, "ladder", at_frac=[0.25, 0.5, 0.75, 1.0], size_frac=[1.0, 0.5, 0.25, 0.1],
            wider_units=[0.1, 0.3, 0.5, 0.8])  # fmt: skip
    desk.orders.position_lots = position
    decide(desk, NOW_NS)
    return desk


def told(desk: Desk) -> list[str]:
    return list(lines(row_of(desk), TICK, LOT))


@pytest.mark.parametrize("position", [0, 60])
def test_a_desk_and_the_log_of_its_decision_give_one_row(position: int) -> None:
    desk, log = decided(position), DecisionLog()
    log.mode = ALL
    log_decision(log, desk, NOW_NS)
    kept = {name: getattr(log, name)[0] for name, _ in DECISION_LAYOUT}
    assert row_of(desk) == kept


def test_the_adjustments_come_in_their_order() -> None:
    desk = decided(60, adverse_bps=0.4, min_spread_bps=9.0)
    words = told(desk)
    ahead = [line.partition(" ")[0] for line in words[:4]]
    assert ahead == ["mid", "fair", "reservation", "half"]
    assert words[3].startswith("half spread 4.500 bps = model ")
    assert "adverse +0.400, bounds +" in words[3]
    bid = next(k for k, w in enumerate(words) if w.startswith("bid"))
    ask = next(k for k, w in enumerate(words) if w.startswith("ask"))
    of_bid = [line.strip().partition(":")[0] for line in words[bid:ask]]
    assert [w for w in of_bid if w.startswith("gate")] == [
        "gate ladder",
        "gate ladder",
        "gates together",
    ]
    assert of_bid[1].startswith("theory ")
    assert not any("gate" in line for line in words[ask:])


def test_the_parts_add_up_to_the_theoretical_price() -> None:
    desk = decided(30)
    row = row_of(desk)
    theory = next(line for line in told(desk) if "theory" in line)
    away = row["reservation_bps"] - row["half_spread_bps"]
    assert theory == f"  theory {100_000 * (1 + away / 1e4):,.2f}, {away:+.3f} bps from mid"
    assert desk.quotes.ticks[0] * 0.1 <= 100_000 * (1 + away / 1e4)


def test_a_pulled_side_names_the_gate_that_pulled_it() -> None:
    desk = decided(0)
    turn_on(desk, "guard", max_frac=0.5, release_frac=0.4)
    desk.orders.position_lots = 80
    decide(desk, NOW_NS + 1)
    words = told(desk)
    assert words[words.index("bid none") + 2 :][:4].count("  gate heavy: pulled") == 1


def test_where_nothing_was_priced_no_price_is_told() -> None:
    desk = decided(0)
    desk.held = int(Reason.LINK_DOWN)
    decide(desk, NOW_NS + 1)
    words = told(desk)
    assert [line.partition(" ")[0] for line in words if not line.startswith(" ")] == [
        "mid",
        "bid",
        "ask",
    ]
    assert not any("theory" in line for line in words)


def asked_in_gates(word: str) -> set[str]:
    """Return the reasons with which gates call a word of `effect`."""
    found = set()
    for path in GATES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                last = node.args[-1] if node.args else None
                if node.func.id == word and isinstance(last, ast.Attribute):
                    found.add(last.attr)
    return found


@pytest.mark.parametrize(("word", "known"), [("widen", WIDENING), ("shrink", SHRINKING)])
def test_every_gate_that_widens_or_shrinks_has_its_columns(
    word: str, known: tuple[Reason, ...]
) -> None:
    assert asked_in_gates(word) == {reason.name for reason in known}
    unit = "bps" if word == "widen" else "frac"
    columns = {name for name, _ in DECISION_LAYOUT}
    for reason in known:
        for side in ("bid", "ask"):
            assert f"{side}_{(reason.name or '').lower()}_{unit}" in columns


def test_no_side_asks_for_more_than_is_remembered() -> None:
    assert len(WIDENING) + len(SHRINKING) <= ASKED
    assert BUY == 0


def test_what_is_taken_at_once_is_told_with_its_reason() -> None:
    desk = decided(30)
    desk.quotes.take_lots, desk.quotes.take_ticks = -20, MID_TICKS - 1
    desk.quotes.take_reasons = int(Reason.STOP_LOSS)
    words = told(desk)
    k = words.index("sell 0.02 at 99999.9")
    assert words[k + 1].endswith("(stop_loss)")
