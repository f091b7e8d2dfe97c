"""A moment of a replay is told in words: what was wanted on each side, and why."""

from decimal import Decimal

import numpy as np
import pytest

from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from runner.engine.history import DECISION_LAYOUT
from runner.report.why import why
from runner.results import DecisionRows, MarketResult, RunResult
from runner.settings.moment import moment_ns
from strategies.reasons import Reason
from tests.deploys import settings_for

INSTRUMENT = Instrument(
    "BTCUSDT", "BTC", "USDT", Decimal("0.1"), Decimal("0.001"), 1, Decimal(5), False
)
NOON_NS = moment_ns("2024-07-18T12:00:00")


def told(at_ns: int) -> list[str]:
    rows = np.zeros(2, np.dtype(list(DECISION_LAYOUT)))
    rows["now_ns"] = NOON_NS, NOON_NS + 5_000_000_000
    rows["mid_half_ticks"] = 2_000_000
    rows["half_spread_bps"], rows["model_half_bps"], rows["adverse_bps"] = 1.5, 1.0, 0.2
    rows["ask_ticks"], rows["ask_lots"], rows["ask_size_frac"] = 1_000_150, 5, 0.5
    rows["bid_size_frac"] = 1.0
    rows["bid_reasons"], rows["ask_reasons"] = Reason.HEAVY, Reason.LADDER
    rows["bid_pulled"] = Reason.HEAVY
    rows["ask_ladder_bps"], rows["ask_ladder_frac"], rows["ask_wider_bps"] = 0.3, 0.5, 0.3
    for column in ("bid_ladder_frac", "bid_probing_frac", "ask_probing_frac"):
        rows[column] = 1.0
    market = MarketResult(
        **{name: 0 for name in ("first_ns", "events", "decisions", "orders")},
        last_ns=NOON_NS + 60_000_000_000,
        **{name: 0 for name in ("cancels", "rejected", "refused", "open_orders_end")},
        **{name: 0 for name in ("unknown_orders_end", "position_lots", "mark_half_ticks")},
        name="btc",
        venue="sim",
        instrument=INSTRUMENT,
        maker_fee_bps=Decimal(0),
        taker_fee_bps=Decimal(0),
    )
    result = RunResult(
        **{name: "" for name in ("mode", "version", "config_hash", "reporting_currency")},
        **{name: 0 for name in ("started_ns", "ended_ns", "exit")},
        markets=(market,),
        decisions=(DecisionRows("btc", DECISION_LAYOUT, rows),),
    )
    return list(why(result, at_ns))


def test_the_decision_in_force_is_told() -> None:
    lines = told(NOON_NS + 4_999_999_999)
    assert lines[0] == "btc, decided 2024-07-18T12:00:00.000Z"
    assert "  half spread 1.500 bps = model 1.000, adverse +0.200, bounds +0.300" in lines
    bid = lines.index("  bid none")
    assert lines[bid + 1 :] == [
        "    theory 99,985.00, -1.500 bps from mid",
        "    gate heavy: pulled",
        "    held: the position is too large to add to it (heavy)",
        "  ask 100015 x 0.005, +1.500 bps from mid",
        "    theory 100,015.00, +1.500 bps from mid",
        "    gate ladder: 0.300 bps wider",
        "    gate ladder: 0.5 of a full size",
        "    gates together: 0.300 bps wider, 0.5 of a full size",
        "    widened or shrunk: inventory has reached a rung of the ladder on this side (ladder)",
    ]
    assert told(NOON_NS + 5_000_000_000)[0] == "btc, decided 2024-07-18T12:00:05.000Z"


def test_before_the_first_decision_nothing_was_wanted() -> None:
    assert told(NOON_NS - 1) == [
        "btc: no decision had been taken by 2024-07-18T11:59:59.999Z",
    ]


def test_after_the_end_there_is_nothing_to_tell() -> None:
    assert told(NOON_NS + 60_000_000_001) == [
        "btc: the run had ended by then, at 2024-07-18T12:01:00.000Z",
    ]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["explain=noon"], "a moment in UTC"),
        (["explain=1721304005"], "nanoseconds since 1970"),
        (["mode=replay", "explain=-1721304005000000000"], "nanoseconds since 1970"),
        (["explain=2024-07-18T12:00:05"], "expected mode=replay"),
        (
            ["mode=replay", "record.decisions=none", "explain=2024-07-18T12:00:05"],
            "record.decisions=all or changes",
        ),
    ],
)
def test_a_question_that_no_run_answers_is_refused(overrides: list[str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        settings_for("market=btc", *overrides)


def test_moments_are_utc_unless_they_say_otherwise() -> None:
    assert moment_ns("2024-07-18T12:00:00.25") == NOON_NS + 250_000_000
    assert moment_ns("2024-07-18T14:00:00+02:00") == NOON_NS


def test_a_moment_may_be_nanoseconds() -> None:
    given = settings_for("market=btc", "mode=replay", f"explain={NOON_NS}")
    assert given.explain is not None
    assert moment_ns(given.explain) == NOON_NS
