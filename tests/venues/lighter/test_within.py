"""The stand-in in memory on virtual time, as an adapter's requests and streams reach it."""

import asyncio
import json

import pytest

from connectors.calls import Lost, Request
from connectors.socket import CannotConnect, Closed
from tests.venues.common.memory import Wire, Within
from tests.venues.lighter.keys import ACCOUNT, publics
from tests.venues.lighter.scenario import step_of
from tests.venues.lighter.venue import Setup, Venue
from tests.virtual import VirtualClock, run

URL = "http://lighter.invalid/api/v1"


def venue_at(clock: VirtualClock, *steps: dict[str, object]) -> Venue:
    """Return a venue that plays a script."""
    script = tuple(step_of(step) for step in steps)
    venue = Venue(Setup(verify="none", script=script), clock.now_ns())
    venue.open_account(ACCOUNT, publics())
    return venue


async def ten_seconds(wire: Wire) -> int:
    """Read for ten seconds; return how many updates of a book have come."""
    found = 0
    wire.send(b'{"type":"subscribe","channel":"order_book/0"}')
    deadline = asyncio.get_running_loop().time() + 10.0
    while asyncio.get_running_loop().time() < deadline:
        frames = [json.loads(frame) for frame in await wire.receive()]
        found += sum(frame.get("type") == "update/order_book" for frame in frames)
    return found


def test_requests_and_streams_pass_on_virtual_time() -> None:
    async def main(clock: VirtualClock) -> tuple[int, int, int]:
        way = Within(venue_at(clock), clock.now_ns)
        keeper = asyncio.create_task(way.keep_time())
        reply = await way.send(Request("GET", f"{URL}/orderBooks?market_id=0"))
        wire = await way.connect("ws://lighter.invalid/stream")
        updates = await ten_seconds(wire)
        await wire.ping()
        await wire.close()
        with pytest.raises(Closed):
            wire.send(b"{}")
        keeper.cancel()
        return reply.status, updates, len(json.loads(reply.body)["order_books"])

    status, updates, books = run(main)
    assert (status, books) == (200, 1)
    assert updates > 80
    assert run(main) == (status, updates, books)


def test_what_is_lost_is_told_as_lost_and_what_never_left_as_such() -> None:
    async def main(clock: VirtualClock) -> tuple[bool, bool]:
        venue = venue_at(clock, {"when": "info", "do": "reset"})
        way = Within(venue, clock.now_ns)
        with pytest.raises(Lost) as broken:
            await way.send(Request("GET", f"{URL}/info"))
        way.is_reachable = False
        with pytest.raises(Lost) as unsent:
            await way.send(Request("GET", f"{URL}/info"))
        with pytest.raises(CannotConnect):
            await way.connect("ws://lighter.invalid/stream")
        return broken.value.may_have_arrived, unsent.value.may_have_arrived

    assert run(main) == (True, False)


def test_a_request_that_was_held_back_is_carried_out_when_it_arrives() -> None:
    async def main(clock: VirtualClock) -> tuple[int, float]:
        step = {"when": "info", "do": "delay", "s": 3.0, "is_processed": False}
        way = Within(venue_at(clock, step), clock.now_ns)
        began = clock.now_ns()
        reply = await way.send(Request("GET", f"{URL}/info"))
        return reply.status, (clock.now_ns() - began) / 1e9

    status, took_s = run(main)
    assert status == 200
    assert took_s > 3.0


def test_an_answer_that_never_comes_leaves_its_asker_waiting() -> None:
    async def main(clock: VirtualClock) -> float:
        way = Within(venue_at(clock, {"when": "info", "do": "drop_response"}), clock.now_ns)
        began = clock.now_ns()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(way.send(Request("GET", f"{URL}/info")), 5.0)
        return (clock.now_ns() - began) / 1e9

    assert run(main) == pytest.approx(5.0)
