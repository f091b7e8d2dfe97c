"""The venue's rule for a whole depth stream, on ids alone."""

import pytest

from connectors.tape.binance_sync import DepthChain, Step
from connectors.tape.binance_wire import Depth


def update(first: int, last: int, previous: int | None) -> Depth:
    return Depth(first, last, 0, [], [], previous)


def after_snapshot(snapshot_id: int) -> DepthChain:
    chain = DepthChain()
    chain.restart(snapshot_id)
    return chain


@pytest.mark.parametrize(
    ("first", "last", "previous", "step"),
    [
        (90, 99, 80, Step.REPEATED),  # the snapshot holds it
        (95, 100, 94, Step.REPEATED),  # the snapshot ends with it
        (95, 105, 94, Step.APPLY),  # straddles
        (100, 105, 94, Step.APPLY),  # straddles at its first id
        (103, 105, 100, Step.APPLY),  # names the snapshot's id
        (101, 105, 94, Step.BREAK),  # neither
        (103, 105, 101, Step.BREAK),  # something between is missing
    ],
)
def test_the_first_futures_update_after_a_snapshot(
    first: int, last: int, previous: int, step: Step
) -> None:
    assert after_snapshot(100).take(update(first, last, previous), 0) is step


@pytest.mark.parametrize(
    ("first", "last", "step"),
    [
        (90, 100, Step.REPEATED),
        (90, 101, Step.APPLY),
        (101, 105, Step.APPLY),
        (102, 105, Step.BREAK),
    ],
)
def test_the_first_spot_update_after_a_snapshot(first: int, last: int, step: Step) -> None:
    assert after_snapshot(100).take(update(first, last, None), 0) is step


@pytest.mark.parametrize("previous", [104, 106])
def test_a_later_futures_update_has_to_name_the_one_before(previous: int) -> None:
    chain = after_snapshot(100)
    chain.take(update(95, 105, 94), 0)
    assert chain.take(update(101, 110, previous), 0) is Step.BREAK
    assert not chain.is_known


def test_a_later_spot_update_has_to_begin_where_the_one_before_ended() -> None:
    chain = after_snapshot(100)
    assert chain.take(update(99, 105, None), 0) is Step.APPLY
    assert chain.take(update(106, 107, None), 0) is Step.APPLY
    assert chain.take(update(107, 109, None), 0) is Step.BREAK


def test_a_repeated_update_changes_nothing() -> None:
    chain = after_snapshot(100)
    assert chain.take(update(101, 105, 100), 0) is Step.APPLY
    assert chain.take(update(101, 105, 100), 0) is Step.REPEATED
    assert chain.take(update(106, 107, 105), 0) is Step.APPLY


def test_updates_of_an_unknown_book_wait_for_the_snapshot_with_their_places() -> None:
    chain = DepthChain()
    early, late = update(90, 95, 80), update(96, 105, 95)
    assert chain.take(early, 1) is Step.KEPT
    assert chain.take(late, 2) is Step.KEPT
    assert chain.waiting == 2
    assert chain.restart(100) == [(early, 1), (late, 2)]
    assert chain.waiting == 0
    assert chain.is_known


def test_the_update_that_broke_the_chain_waits_for_the_next_snapshot() -> None:
    chain = after_snapshot(100)
    broke = update(110, 120, 109)
    assert chain.take(broke, 7) is Step.BREAK
    assert chain.restart(115) == [(broke, 7)]
    assert chain.take(broke, 7) is Step.APPLY


def test_a_snapshot_older_than_the_book_is_stale() -> None:
    chain = DepthChain()
    assert not chain.is_stale(1)
    chain.restart(100)
    assert chain.is_stale(99)
    assert not chain.is_stale(100)
