"""Every case in which a deploy is not well turns its verdict red, and nothing else does."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from runner.engine.health import MarketState, Vitals
from tests.support import NOW_NS, SECOND_NS

WELL = MarketState(
    is_whole=True,
    is_halted=False,
    is_suspended=False,
    held=(),
    unknown_orders=0,
    unresolved_orders=0,
    frame_ns=NOW_NS - SECOND_NS,
    looked_ns=NOW_NS - SECOND_NS,
)


def well() -> Vitals:
    vitals = Vitals(most_late_ns=2 * SECOND_NS, most_quiet_ns=30 * SECOND_NS)
    vitals.markets = {"btc": WELL, "eth": replace(WELL, unknown_orders=1)}
    vitals.beat("watch", NOW_NS - SECOND_NS, SECOND_NS)
    vitals.late_ns = 2 * SECOND_NS
    return vitals


def of_market(**changed: object) -> Callable[[Vitals], None]:
    def change(vitals: Vitals) -> None:
        vitals.markets["btc"] = replace(WELL, **changed)  # type: ignore[arg-type]

    return change


def of_process(name: str, value: object) -> Callable[[Vitals], None]:
    return lambda vitals: setattr(vitals, name, value)


ILLS: list[tuple[Callable[[Vitals], None], str]] = [
    (lambda v: v.beat("watch", NOW_NS - SECOND_NS - 1, SECOND_NS), "watch: has not run for 1.0 s"),
    (of_process("failed", ("updates",)), "updates: failed and does not run"),
    (of_process("late_ns", 2 * SECOND_NS + 1), "2.0 s late to our own work"),
    (of_process("is_late", True), "2.0 s late to our own work"),
    (of_process("overdue", ("metrics",)), "job metrics: overdue"),
    (of_process("fault", "the ledger cannot be written"), "stopping for a fault: the ledger"),
    (of_process("kill", "a signal"), "killed: a signal"),
    (of_market(is_halted=True), "btc: halted"),
    (of_market(is_suspended=True), "btc: failed, is to be started again"),
    (of_market(is_whole=False), "btc: a stream of the venue is broken"),
    (of_market(held=("reconciling",)), "btc: held: reconciling"),
    (of_market(unresolved_orders=2), "btc: 2 orders without an answer for too long"),
    (of_market(places_none=True, orders_left=3), "btc: places no order: the venue takes 3 more"),
    (of_market(frame_ns=NOW_NS - 30 * SECOND_NS - 1), "btc: no market data for 30.0 s"),
    (of_market(looked_ns=NOW_NS - 10 * SECOND_NS - 1), "btc: not compared with the venue"),
]


def test_a_deploy_that_is_well_is_green() -> None:
    health = well().verdict(NOW_NS)
    assert (health.ok, health.findings) == (True, ())


@pytest.mark.parametrize(("hurt", "finding"), ILLS, ids=[words for _, words in ILLS])
def test_each_ill_is_one_finding(hurt: Callable[[Vitals], None], finding: str) -> None:
    vitals = well()
    hurt(vitals)
    health = vitals.verdict(NOW_NS)
    assert not health.ok
    assert len(health.findings) == 1
    assert health.findings[0].startswith(finding)


def test_all_ills_are_told_at_once() -> None:
    vitals = well()
    vitals.failed, vitals.kill = ("updates",), "a signal"
    vitals.markets["eth"] = replace(WELL, is_halted=True)
    assert len(vitals.verdict(NOW_NS).findings) == 3


def test_silence_alone_turns_it_red() -> None:
    findings = well().verdict(NOW_NS + 60 * SECOND_NS).findings
    assert {line.split(":")[0] for line in findings} == {"watch", "btc", "eth"}
