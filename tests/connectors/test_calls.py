"""What an answer proves: one table for writes, which are sent once, and one for reads."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calls import (
    NOT_SENT,
    Asked,
    Calls,
    Confirmed,
    Failed,
    Lost,
    Outcome,
    Patience,
    Refused,
    Reply,
    Request,
    Unproven,
    by_status,
    outcome_of,
)
from connectors.pacing import Kind, Pacer, Rule, Scope
from tests import virtual
from tests.support import checked
from tests.virtual import VirtualClock

S = 1_000_000_000
REQUEST = Request("POST", "http://venue/order")
HTML = b"<html><body>Bad gateway</body></html>"
OK = Reply(200, {}, b'{"id":1}')
HANG = "hang"
Step = Reply | Lost | str


class Script:
    """A sender that plays its steps in turn, the last one for ever."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.sent_s: list[float] = []

    async def send(self, request: Request) -> Reply:
        """Play the next step."""
        self.sent_s.append(asyncio.get_running_loop().time())
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Lost):
            raise step
        if isinstance(step, Reply):
            return step
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


def play(
    script: Script,
    act: Callable[[Calls, VirtualClock], Coroutine[Any, Any, Any]],
    scope: Scope | None = None,
    start_ns: int = 0,
    stated_end_ns: Callable[[Reply], int] = lambda reply: 0,
) -> Any:
    """Run `act` with calls over a script on virtual time."""
    pacer = Pacer(scope or Scope("ip", [Rule(1000, 60 * S, 10)]))

    async def main(clock: VirtualClock) -> Any:
        calls = Calls(script, pacer, clock, random.Random(3), Patience(), stated_end_ns)
        return await act(calls, clock)

    return virtual.run(main, start_ns)


async def write(calls: Calls, clock: VirtualClock) -> Outcome:
    return await calls.write(REQUEST)


async def read(calls: Calls, clock: VirtualClock) -> Confirmed | Refused | Failed:
    return await calls.read(REQUEST, 1, 60.0)


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (OK, Confirmed({"id": 1})),
        (Reply(201, {}, b"[]"), Confirmed([])),
        (Reply(400, {}, b'{"code":-1013}'), Refused(400, '{"code":-1013}')),
        (Reply(429, {}, b"slow down"), Refused(429, "slow down")),
        (Reply(418, {}, HTML), Refused(418, HTML.decode())),
        (Reply(403, {}, HTML), Refused(403, HTML.decode())),
        (Lost("name not found", False), Refused(NOT_SENT, "name not found")),
        (Lost("bad certificate", False, True), Refused(NOT_SENT, "bad certificate")),
        (Lost("reset", True), Unproven("reset")),
        (HANG, Unproven("no answer within 5 s")),
        (Reply(500, {}, b"{}"), Unproven("status 500: {}")),
        (Reply(408, {}, b"{}"), Unproven("status 408: {}")),
        (Reply(409, {}, b"{}"), Unproven("status 409: {}")),
        (Reply(301, {}, b"{}"), Unproven("status 301: {}")),
    ],
)
def test_what_an_answer_to_a_write_proves(step: Step, outcome: Outcome) -> None:
    script = Script(step)
    assert play(script, write) == outcome
    assert len(script.sent_s) == 1


NO_JSON = (HTML, b"", b'{"id":', b"\xff\xfe", b'{"id":"\xff"}', b"[" * 100_000)


@pytest.mark.parametrize("status", [200, 400, 500, 502, 503])
@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_a_body_that_is_no_json_proves_nothing_about_a_write(status: int, body: bytes) -> None:
    assert isinstance(play(Script(Reply(status, {}, body)), write), Unproven)


@checked(300)
@given(st.integers(100, 599), st.binary(max_size=40))
def test_no_answer_outside_the_table_is_definite(status: int, body: bytes) -> None:
    outcome = outcome_of(Reply(status, {}, body))
    if isinstance(outcome, Confirmed):
        assert 200 <= status < 300
    elif isinstance(outcome, Refused):
        assert 400 <= status < 500
        assert status not in {408, 409, 425, 499}


@pytest.mark.parametrize("status", [200, 400])
def test_a_venue_that_refuses_with_codes_of_its_own_is_judged_by_its_adapter(status: int) -> None:
    def judge(status: int, body: Any) -> Outcome:
        if body.get("code") == -1006:
            return Unproven("the venue does not know")
        return by_status(status, body) if body.get("code") is None else Refused(body["code"], "x")

    async def act(calls: Calls, clock: VirtualClock) -> Outcome:
        return await calls.write(REQUEST, judge)

    assert play(Script(Reply(status, {}, b'{"code":21104}')), act) == Refused(21104, "x")
    unknown = Script(Reply(status, {}, b'{"code":-1006}'))
    assert play(unknown, act) == Unproven("the venue does not know")
    assert play(Script(Reply(500, {}, b'{"code":21104}')), act) != Refused(21104, "x")


def test_a_hung_write_holds_up_no_cancel() -> None:
    async def act(calls: Calls, clock: VirtualClock) -> tuple[Outcome, Outcome, int]:
        hung = asyncio.create_task(calls.write(REQUEST))
        await asyncio.sleep(0.1)
        cancelled = await calls.write(Request("DELETE", "http://venue/order"))
        at_ns = clock.now_ns()
        return await hung, cancelled, at_ns

    outcome, cancelled, at_ns = play(Script(HANG, OK), act)
    assert (outcome, cancelled) == (Unproven("no answer within 5 s"), Confirmed({"id": 1}))
    assert at_ns == S // 10


@pytest.mark.parametrize(
    "trouble",
    [
        Lost("reset", True),
        Lost("name not found", False),
        Reply(502, {}, HTML),
        Reply(200, {}, HTML),
        Reply(200, {}, b'{"id":'),
        Reply(408, {}, b"{}"),
        Reply(429, {}, b"{}"),
        HANG,
    ],
)
def test_a_read_is_asked_again_until_there_is_an_answer(trouble: Step) -> None:
    script = Script(trouble, trouble, OK)
    assert play(script, read) == Confirmed({"id": 1})
    assert len(script.sent_s) == 3


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (Reply(404, {}, b"{}"), Refused(404, "{}")),
        (Reply(302, {"location": "http://elsewhere"}, b""), None),
        (Lost("the certificate was not accepted", False, True), None),
    ],
)
def test_what_will_not_change_is_asked_once(step: Step, answer: Refused | None) -> None:
    script = Script(step)
    got = play(script, read)
    assert isinstance(got, Failed) if answer is None else got == answer
    assert len(script.sent_s) == 1


def test_a_read_ends_at_its_deadline_and_says_what_was_last() -> None:
    script = Script(Reply(503, {}, b"maintenance"))
    answer = play(script, read)
    assert isinstance(answer, Failed)
    assert "no answer within 60 s" in answer.why
    assert "maintenance" in answer.why
    pauses = [b - a for a, b in zip(script.sent_s, script.sent_s[1:], strict=False)]
    assert len(set(pauses)) == len(pauses) > 5
    assert max(pauses) <= 8.0


def test_a_read_waits_as_long_as_an_overloaded_venue_asks() -> None:
    script = Script(Reply(503, {"retry-after": "20"}, b"{}"), OK)
    assert play(script, read) == Confirmed({"id": 1})
    assert script.sent_s[1] == 20.0


@pytest.mark.parametrize(
    ("reply", "silent_s"),
    [
        (Reply(429, {"retry-after": "7"}, b"{}"), 7),
        (Reply(429, {"retry-after": "Thu, 01 Jan 1970 00:00:30 GMT"}, b"{}"), 30),
        (Reply(429, {}, b"{}"), 2),
        (Reply(429, {"retry-after": "soon"}, b"{}"), 2),
        (Reply(429, {"retry-after": "-3"}, b"{}"), 2),
        (Reply(418, {}, HTML), 120),
        (Reply(200, {}, b"{}"), 0),
    ],
)
def test_an_answer_that_we_are_too_fast_silences_the_scope(reply: Reply, silent_s: int) -> None:
    scope = Scope("ip", [Rule(1000, 60 * S, 10)])
    play(Script(reply), write, scope)
    assert scope.silent_until_ns == silent_s * S
    waits = [Pacer(scope).try_take(1, kind, 0) for kind in Kind]
    assert waits == [silent_s * S] * 4


def test_a_ban_whose_end_the_body_states_outlives_a_restart() -> None:
    end_ns = 600 * S
    scope, again = (Scope("ip", [Rule(1000, 60 * S, 10)]) for _ in range(2))
    banned = Reply(418, {"retry-after": "5"}, b'{"msg":"banned until 600"}')
    play(Script(banned), write, scope, stated_end_ns=lambda reply: end_ns)
    again.restore(scope.export(), 20 * S)
    script = Script(OK)

    async def patient(calls: Calls, clock: VirtualClock) -> Confirmed | Refused | Failed:
        return await calls.read(REQUEST, 1, 900.0)

    assert play(script, patient, again, start_ns=20 * S) == Confirmed({"id": 1})
    assert script.sent_s == [580.0]


def test_silence_doubles_while_nobody_names_its_end() -> None:
    scope = Scope("ip", [Rule(1000, 60 * S, 10)])
    ends: list[int] = []

    async def act(calls: Calls, clock: VirtualClock) -> None:
        for _ in range(4):
            begun_ns = clock.now_ns()
            await calls.write(REQUEST)
            ends.append((scope.silent_until_ns - begun_ns) // S)
            await clock.sleep_until_ns(scope.silent_until_ns)

    too_fast = Reply(429, {}, b"{}")
    play(Script(too_fast, too_fast, OK, too_fast), act, scope)
    assert ends == [2, 4, 0, 2]


@pytest.mark.parametrize("step", [OK, HANG, Lost("reset", True), Reply(429, {}, b"{}")])
def test_the_place_in_flight_is_given_back_whatever_happens(step: Step) -> None:
    scope = Scope("key", [], most_in_flight=5)

    async def act(calls: Calls, clock: VirtualClock) -> None:
        pacer = Pacer(scope)
        assert pacer.try_take(1, Kind.PLACE, clock.now_ns()) == 0
        await calls.write(REQUEST)
        assert pacer.try_take(1, Kind.PLACE, scope.silent_until_ns) == 0
        task = asyncio.create_task(calls.write(REQUEST))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    play(Script(step), act, scope)
    assert scope.in_flight == 0


async def over_a_stream(clock: VirtualClock) -> list[object]:
    scope = Scope("stream", [], most_in_flight=50)
    asked, pacer = Asked(Pacer(scope), 5.0), Pacer(scope)

    async def sent() -> None:
        return

    async def not_sent() -> None:
        raise Lost("not connected", False)

    def ask(key: str, send: Callable[[], Coroutine[Any, Any, None]]) -> "asyncio.Task[Outcome]":
        assert pacer.try_take(1, Kind.PLACE, clock.now_ns()) == 0
        return asyncio.create_task(asked.ask(key, send))

    tasks = [ask("answered", sent), ask("refused", sent), ask("late", sent), ask("never", not_sent)]
    await asyncio.sleep(1)
    seen: list[object] = [asked.answer("answered", Confirmed(1))]
    seen += [asked.answer("refused", Refused(21104, "nonce")), asked.answer("unknown", OK)]  # type: ignore[arg-type]
    await asyncio.sleep(6)
    seen.append(asked.answer("late", Confirmed(2)))
    tasks.append(ask("cut off", sent))
    await asyncio.sleep(1)
    asked.lose("the stream is gone")
    seen += await asyncio.gather(*tasks)
    assert scope.in_flight == 0
    return seen


def test_answers_over_a_stream_find_who_asked_and_the_rest_is_unproven() -> None:
    assert virtual.run(over_a_stream) == [
        True,
        True,
        False,
        False,
        Confirmed(1),
        Refused(21104, "nonce"),
        Unproven("no answer within 5 s"),
        Refused(NOT_SENT, "not connected"),
        Unproven("the stream is gone"),
    ]


def test_an_id_in_use_is_refused_and_its_first_owner_still_answered() -> None:
    async def main(clock: VirtualClock) -> Outcome:
        asked = Asked(Pacer(Scope("stream", [])), 5.0)

        async def sent() -> None:
            return

        first = asyncio.create_task(asked.ask("7", sent))
        await asyncio.sleep(0)
        with pytest.raises(ValueError, match="7 is in use"):
            await asked.ask("7", sent)
        asked.answer("7", Confirmed(None))
        return await first

    assert virtual.run(main) == Confirmed(None)
