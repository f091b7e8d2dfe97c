"""What the terminal view writes: headings, markets in full, and what it remembers."""

from decimal import Decimal

import pytest
from rich.console import Console
from rich.text import Text

from runner.control.words import Fill, Guard, Health, Level, Order
from runner.terminal.asking import KILL, SET, command
from runner.terminal.detail import detail
from runner.terminal.heading import happened, heading
from runner.terminal.heard import STALE_NS, Heard
from runner.terminal.rows import HEADS, rows_of
from tests.runner.control.pictures import market, picture, welcome

FIRST = Fill(1, "btc", 0, "buy", "maker", Decimal("100.5"), Decimal("0.1"), 7)


def heard(**given: object) -> Heard:
    kept = Heard()
    kept.hear(welcome(), 0)
    kept.hear(picture(**given), 0)  # type: ignore[arg-type]
    return kept


def printed(what: object) -> str:
    console = Console(width=100, highlight=False)
    with console.capture() as capture:
        console.print(what)
    return capture.get()


def test_each_row_has_a_cell_for_each_head() -> None:
    (row,) = rows_of([market(bids=(Level(Decimal("99.5"), Decimal(1)),), asks=())])
    told = dict(zip(HEADS, map(str, row), strict=True))
    assert told["bid"] == "99.5"
    assert told["ask"] == "–"


def test_a_market_is_told_with_the_sentences_of_its_reasons() -> None:
    told = printed(detail(market(bid_reasons=("max_position",)), {"max_position": "full: of btc"}))
    assert "max position  full: of btc" in told


def test_words_of_a_venue_are_never_taken_for_markup() -> None:
    hostile = "[red]x[/red][link=file:///etc]"
    told = printed(detail(market(symbol=hostile, why=(hostile,)), {}))
    assert told.count(hostile) == 2
    assert hostile in printed(heading(heard(health=Health(False, (hostile,))), "lab", 0))


def test_an_order_without_an_answer_stands_out() -> None:
    order = Order(1, "buy", Decimal("99"), Decimal("0.2"), "unknown", False)
    assert "0.2 @ 99  unknown" in printed(detail(market(orders=(order,)), {}))


def test_a_silent_deploy_is_not_shown_as_well() -> None:
    kept = heard()
    assert "green" in str(heading(kept, "lab", STALE_NS))
    told = str(heading(kept, "lab", STALE_NS + 1))
    assert "green" not in told
    assert "silent for 3 s" in told


def test_what_is_wrong_is_in_the_heading() -> None:
    missing = str(heading(heard(guards=(Guard("countdown", False),)), "lab", 0))
    assert "not standing by: countdown" in missing
    assert "killed: drift" in str(heading(heard(killed="drift"), "lab", 0))
    gone = heard()
    gone.lose("nobody listens")
    assert "nobody listens" in str(heading(gone, "lab", 0))


def test_a_fill_that_is_told_twice_is_kept_once_and_a_new_process_begins_anew() -> None:
    kept = Heard()
    kept.hear(welcome(fills=(FIRST,)), 0)
    kept.hear(picture(fills=(FIRST,)), 0)
    assert list(kept.fills) == [FIRST]
    assert "btc buy 0.1 @ 100.5" in str(happened(kept))
    kept.hear(welcome(process=2, fills=(FIRST,)), 0)
    assert list(kept.fills) == [FIRST]
    kept.hear(welcome(process=3), 0)
    assert not kept.fills
    assert isinstance(happened(kept), Text)


@pytest.mark.parametrize("typed", ["", "gamma", "=0.3", "gamma="])
def test_a_change_needs_a_key_and_a_value(typed: str) -> None:
    with pytest.raises(ValueError, match="expected KEY=VALUE"):
        command(SET, "btc", typed, "one", "ann")


def test_a_kill_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="expected a line"):
        command(KILL, "btc", "  ", "one", "ann")
