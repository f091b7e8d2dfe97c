"""A stream comes back, is whole only when each channel has spoken, and never dies silently."""

import asyncio
import random
from dataclasses import replace

import pytest

from connectors.pacing import Pacer, Rule, Scope
from connectors.socket import CannotConnect, Closed
from connectors.stream import Stream
from tests.connectors.listening import LIMITS, Ears, S, listen, listen_all, scope, snapshots, steady
from tests.connectors.memory import Memory, Peer


async def silent(peer: Peer) -> None:
    """Serve nothing; pongs flow."""


def test_frames_arrive_in_order_and_a_batch_is_all_that_had_come() -> None:
    async def burst(peer: Peer) -> None:
        await peer.asked()
        peer.say(b"snap:a", b"data:1", b"data:2")
        await asyncio.sleep(1)
        peer.say(b"data:3")

    ears, _ = listen(burst, 3)
    assert ears.frames == [b"snap:a", b"data:1", b"data:2", b"data:3"]
    assert ears.batches == [(0, 3), (S, 1)]
    assert ears.told == ["connected", "whole", "closed by us"]


def test_a_stream_is_whole_only_when_every_channel_has_sent_its_first_data() -> None:
    async def late(peer: Peer) -> None:
        peer.say(b"snap:a", b"data:b")
        await asyncio.sleep(1.5)
        peer.say(b"data:a", b"snap:b")

    seen: list[object] = []

    async def look(stream: Stream, memory: Memory) -> None:
        await asyncio.sleep(1)
        seen.append((stream.is_whole, set(stream.missing)))
        await asyncio.sleep(1)
        seen.append((stream.is_whole, set(stream.missing)))

    ears, _ = listen(late, 3, ("a", "b"), act=look)
    assert seen == [(False, {"b"}), (True, set())]
    assert ears.told == ["connected", "whole", "closed by us"]


def test_after_twenty_losses_all_subscriptions_are_there_and_confirmed() -> None:
    async def unsteady(peer: Peer) -> None:
        task = asyncio.create_task(snapshots(peer))
        if peer.number < 20:
            await asyncio.sleep(0.5)
            peer.hang_up()
        await task

    ears, memory = listen(
        unsteady,
        600,
        ("a", "b"),
        replace(LIMITS, max_silence_s=None),
        doors=Pacer(scope(in_flight=1)),
        stable_after_s=0.1,
    )
    assert len(memory.peers) == 21
    assert all(sorted(peer.heard) == [b"ask:a", b"ask:b"] for peer in memory.peers)
    assert ears.told.count("whole") == 21
    assert ears.told.count("closed with 1006") == 20


def test_data_that_stops_breaks_the_connection_although_pongs_flow() -> None:
    limits = replace(LIMITS, ping_every_s=1.0, pong_within_s=0.5, ping_frame=b"ping:")
    ears, memory = listen(snapshots, 5.9, limits=limits)
    assert memory.peers[0].heard.count(b"ping:") >= 4
    assert ears.frames.count(b"pong") >= 3
    assert ears.told[:3] == ["connected", "whole", "no data for 5 s"]
    assert memory.peers[0].was_closed_by_client


def test_a_half_open_connection_is_found_by_its_age() -> None:
    ears, memory = listen(snapshots, 8)
    assert "no data for 5 s" in ears.told
    assert 5.0 <= memory.connects_s[1] <= 5.5


@pytest.mark.parametrize("frame", [None, b"ping:"])
def test_a_quiet_channel_is_fine_while_pings_are_answered(frame: bytes | None) -> None:
    limits = replace(LIMITS, max_silence_s=None, ping_every_s=30.0, ping_frame=frame)
    ears, memory = listen(snapshots, 7200, limits=limits)
    assert len(memory.peers) == 1
    assert ears.told == ["connected", "whole", "closed by us"]


@pytest.mark.parametrize("frame", [None, b"ping:"])
def test_a_ping_without_answer_breaks_the_connection(frame: bytes | None) -> None:
    async def deaf(peer: Peer) -> None:
        peer.pongs = False
        await peer.asked()
        peer.say(b"snap:a")

    limits = replace(LIMITS, max_silence_s=None, ping_every_s=30.0, ping_frame=frame)
    ears, _ = listen(deaf, 45, limits=limits)
    assert ears.told[2] == "no answer to our ping within 10 s"


def test_a_connection_that_confirms_nothing_is_given_up() -> None:
    ears, _ = listen(silent, 2.5)
    assert "no subscription brought data within 2 s" in ears.told


def test_a_silent_channel_is_asked_again_ever_more_slowly_and_disturbs_no_other() -> None:
    async def dead_b(peer: Peer) -> None:
        peer.say(b"snap:a")
        while True:
            await asyncio.sleep(1)
            peer.say(b"data:a")

    ears, memory = listen(dead_b, 70, ("a", "b"))
    (peer,) = memory.peers
    assert peer.heard.count(b"ask:b") == peer.heard.count(b"leave:b") + 1 == 6
    assert peer.heard.count(b"ask:a") == 1
    assert ears.frames.count(b"data:a") >= 69
    assert "whole" not in ears.told


def test_a_hole_in_one_channel_is_mended_by_asking_for_it_again() -> None:
    async def mend(stream: Stream, memory: Memory) -> None:
        await asyncio.sleep(0.5)
        stream.resubscribe("b")
        stream.resubscribe("b")
        assert stream.missing == {"b"}
        await asyncio.sleep(0.5)
        assert stream.is_whole

    _, memory = listen(steady, 2, ("a", "b"), act=mend)
    assert memory.peers[0].heard == [b"ask:a", b"ask:b", b"leave:b", b"ask:b"]


def test_frames_that_make_no_sense_are_dropped_and_many_of_them_break_the_connection() -> None:
    async def garbage(peer: Peer) -> None:
        await peer.asked()
        peer.say(b"snap:a", b"junk", b"data:a")
        if peer.number == 0:
            await asyncio.sleep(1)
            peer.say(*[b"junk"] * 10)
        await steady(peer)

    ears, memory = listen(garbage, 40)
    assert ears.told[2] == "11 frames in a minute make no sense, as: junk"
    assert ears.told[3:5] == ["connected", "whole"]
    assert ears.frames[:2] == [b"snap:a", b"data:a"]
    assert len(memory.peers) == 2


def test_a_few_frames_a_minute_that_make_no_sense_are_lived_with() -> None:
    async def dirty(peer: Peer) -> None:
        task = asyncio.create_task(steady(peer))
        while True:
            await asyncio.sleep(7)
            peer.say(b"junk")
            assert not task.done()

    _, memory = listen(dirty, 3600)
    assert len(memory.peers) == 1


def test_a_batch_that_was_lost_to_a_bad_frame_breaks_the_connection() -> None:
    async def poison(peer: Peer) -> None:
        await peer.asked()
        peer.say(b"snap:a", b"poison", b"data:a")

    ears, _ = listen(poison, 0.4)
    assert ears.told[1] == "a batch was lost to a frame that makes no sense: poison"


def test_a_fault_of_our_own_is_told_and_raised() -> None:
    async def bug(peer: Peer) -> None:
        peer.say(b"bug")

    memory = Memory(bug)
    with pytest.raises(KeyError, match="bug"):
        listen(bug, 5, memory=memory)
    assert memory.peers[0].was_closed_by_client


def test_a_backlog_is_told_before_it_is_delivered() -> None:
    async def flood(peer: Peer) -> None:
        peer.say(b"snap:a", *[b"data:a"] * 5000)

    ears, _ = listen(flood, 1)
    assert ears.backlogs == [5001]
    assert ears.batches == [(0, 5001)]


def test_refused_connections_are_tried_again_within_the_shared_budget() -> None:
    doors = Pacer(scope(6, 60))
    memory = Memory(steady, [CannotConnect("no route")] * 30)
    ears, _ = listen(steady, 900, memory=memory, doors=doors)
    for start_s in memory.connects_s:
        assert sum(start_s <= at_s < start_s + 60 for at_s in memory.connects_s) <= 6
    assert ears.told[:31] == ["no connection: no route"] * 30 + ["connected"]


def test_pauses_double_with_jitter_and_never_grow_above_the_most() -> None:
    memory = Memory(steady, [CannotConnect("down")] * 200)
    listen(steady, 900, memory=memory, doors=Pacer(scope(10**6)))
    pauses = [b - a for a, b in zip(memory.connects_s, memory.connects_s[1:], strict=False)]
    assert len(set(pauses)) == len(pauses)
    assert max(pauses[:3]) <= 2.0
    assert 20 < max(pauses) <= 30.0
    assert 10 < sum(pauses[10:40]) / 30 < 20


def test_a_connection_that_hangs_is_given_up() -> None:
    ears, memory = listen(steady, 20, memory=Memory(steady, [None]))
    assert ears.told[:2] == ["no connection: no answer within 10 s", "connected"]
    assert 10 <= memory.connects_s[1] <= 10.5


def test_a_venue_that_asks_to_stay_away_is_left_alone_by_all_its_streams() -> None:
    doors = Scope("ip", [Rule(1000, 60 * S, 0)])
    memory = Memory(steady, [CannotConnect("429", after_s=90.0)])
    listen(steady, 100, memory=memory, doors=Pacer(doors))
    assert memory.connects_s[1] == pytest.approx(90.0, abs=0.01)
    assert doors.silent_until_ns == 90 * S


def test_subscriptions_are_paced_and_wait_for_answers() -> None:
    async def slow(peer: Peer) -> None:
        while True:
            words = (await peer.asked()).decode().split(":")
            asyncio.get_running_loop().call_later(1, peer.say, f"snap:{words[1]}".encode())

    channels = [f"c{k}" for k in range(20)]
    flight = scope(1000, 60, in_flight=5)
    ears, memory = listen(slow, 4.5, channels, messages=Pacer(flight))
    assert len(memory.peers[0].heard) == 20
    assert ears.told[:2] == ["connected", "whole"]
    assert [at_ns // S for at_ns, _ in ears.batches] == sorted(at // S for at, _ in ears.batches)
    assert flight.in_flight == 0


def test_a_planned_change_opens_the_next_connection_first_and_loses_nothing() -> None:
    async def counting(peer: Peer) -> None:
        task = asyncio.create_task(snapshots(peer))
        loop = asyncio.get_running_loop()
        while not peer.was_closed_by_client:
            await asyncio.sleep(1 - loop.time() % 1)
            peer.say(f"data:{round(loop.time())}".encode())
        task.cancel()

    ears, memory = listen(counting, 250, ("a", "b"), max_age_s=100.5)
    assert memory.connects_s == [0.0, 100.5, 201.0]
    assert ears.told == ["connected", "whole"] * 3 + ["closed by us"]
    seconds = [int(f[5:]) for f in ears.frames if f.startswith(b"data:")]
    assert seconds == list(range(1, 251))[: len(seconds)]
    assert len(seconds) >= 249
    assert all(peer.was_closed_by_client for peer in memory.peers)


def test_nothing_of_the_old_connection_follows_the_new_one() -> None:
    memory = Memory(steady)

    class Late(Ears):
        def on_connected(self) -> None:
            super().on_connected()
            if self.told.count("connected") == 2:
                memory.peers[0].say(b"data:old")

    ears, _ = listen(steady, 12, memory=memory, ears=Late(), max_age_s=10.5)
    assert ears.told.count("connected") == 2
    assert b"data:old" not in ears.frames


def test_a_notice_that_is_repeated_moves_the_stream_once() -> None:
    async def slow_to_confirm(peer: Peer) -> None:
        await asyncio.sleep(1)
        await steady(peer)

    async def heed(stream: Stream, memory: Memory) -> None:
        await asyncio.sleep(10)
        for _ in range(3):
            stream.replace_soon()
            await asyncio.sleep(0.3)

    _, memory = listen(slow_to_confirm, 30, act=heed)
    assert memory.connects_s == [0.0, 10.0]


def test_a_next_connection_may_not_hold_more_than_its_limit() -> None:
    async def gushing(peer: Peer) -> None:
        if peer.number > 0:
            peer.say(b"data:" + b"x" * 1000)
            await asyncio.sleep(0.1)
        await steady(peer)

    ears, memory = listen(gushing, 13, limits=replace(LIMITS, held_bytes=500), max_age_s=10.0)
    assert len(memory.peers) > 1
    assert ears.told == ["connected", "whole", "closed by us"]


def test_places_in_flight_come_back_when_nobody_answers_or_the_connection_ends() -> None:
    async def only_b(peer: Peer) -> None:
        while True:
            if await peer.asked() == b"ask:b":
                peer.say(b"snap:b")

    flight = scope(in_flight=1)
    ears, _ = listen(only_b, 3, ("dead", "b"), messages=Pacer(flight))
    assert ears.frames == [b"snap:b"]
    ended = scope(in_flight=1)
    listen(silent, 1, messages=Pacer(ended))
    assert (flight.in_flight, ended.in_flight) == (0, 0)


def test_a_shutdown_notice_moves_the_stream_before_the_end() -> None:
    async def going(peer: Peer) -> None:
        task = asyncio.create_task(steady(peer))
        await asyncio.sleep(13)
        peer.hang_up(1001, "restart")
        await task

    async def heed(stream: Stream, memory: Memory) -> None:
        await asyncio.sleep(10)
        stream.replace_soon()

    ears, memory = listen(going, 20, act=heed)
    assert memory.connects_s == [0.0, 10.0]
    assert ears.told == ["connected", "whole", "connected", "whole", "closed by us"]


def test_a_next_connection_that_never_gets_whole_does_not_take_over() -> None:
    async def only_first(peer: Peer) -> None:
        if peer.number in (0, 3):
            await steady(peer)

    ears, memory = listen(only_first, 22, max_age_s=10.0)
    assert len(memory.peers) == 4
    assert ears.told == ["connected", "whole"] * 2 + ["closed by us"]
    assert [peer.was_closed_by_client for peer in memory.peers] == [True] * 4


def test_a_connection_that_ends_while_the_next_is_opened_is_a_plain_loss() -> None:
    async def first_dies(peer: Peer) -> None:
        if peer.number != 1:
            task = asyncio.create_task(steady(peer))
            if peer.number == 0:
                await asyncio.sleep(11)
                peer.hang_up()
            await task

    ears, memory = listen(first_dies, 20, max_age_s=10.0)
    assert ears.told[:5] == ["connected", "whole", "closed with 1006", "connected", "whole"]
    assert len(memory.peers) == 3
    assert memory.peers[1].was_closed_by_client


def test_tokens_are_made_anew_for_each_connection() -> None:
    async def once(peer: Peer) -> None:
        task = asyncio.create_task(steady(peer))
        await asyncio.sleep(2)
        if peer.number == 0:
            peer.hang_up(4001, "expired")
        await task

    ears, memory = listen(once, 5)
    assert [peer.url for peer in memory.peers] == ["ws://venue/0", "ws://venue/1"]
    assert "closed with 4001: expired" in ears.told


def test_sending_without_a_connection_says_that_nothing_left() -> None:
    async def speak(stream: Stream, memory: Memory) -> None:
        with pytest.raises(Closed, match="not connected"):
            stream.send(b"order")
        await asyncio.sleep(3)
        stream.send(b"order")

    memory = Memory(steady, [CannotConnect("down")])
    listen(steady, 4, memory=memory, act=speak)
    assert memory.peers[0].heard == [b"ask:a", b"order"]


@pytest.mark.parametrize("after_s", [0.0, 0.5, 4.9, 10.0, 10.7, 11.5, 12.0, 25.0])
def test_a_stream_that_is_closed_at_any_moment_lets_go_of_all_its_connections(
    after_s: float,
) -> None:
    async def slow_to_confirm(peer: Peer) -> None:
        await asyncio.sleep(1)
        await steady(peer)

    _, memory = listen(slow_to_confirm, after_s, max_age_s=10.0)
    assert all(peer.was_closed_by_client for peer in memory.peers)


def test_a_close_is_prompt_where_the_socket_will_not_let_go() -> None:
    class Stuck(Peer):
        async def close(self) -> None:
            await asyncio.Event().wait()

    class StuckMemory(Memory):
        async def connect(self, url: str) -> Peer:
            return Stuck(url, 0)

    ended_s: list[float] = []

    async def close(stream: Stream, memory: Memory) -> None:
        await asyncio.sleep(1)
        await stream.close()
        ended_s.append(asyncio.get_running_loop().time())

    ears, _ = listen(silent, 5, memory=StuckMemory(silent), act=close)
    assert ended_s == [2.0]
    assert ears.told == ["connected", "closed by us"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_fault_in_a_connection_that_is_not_live_yet_is_raised_too(number: int) -> None:
    class Faulty(Ears):
        def channel_of(self, frame: bytes) -> str | None:
            if frame == b"bug":
                raise KeyError("bug")
            return super().channel_of(frame)

    async def bug(peer: Peer) -> None:
        if peer.number == number:
            peer.say(b"bug")
        await steady(peer)

    memory = Memory(bug)
    with pytest.raises(KeyError, match="bug"):
        listen(bug, 30, memory=memory, ears=Faulty(), max_age_s=5.0)
    assert all(peer.was_closed_by_client for peer in memory.peers)


def test_many_streams_storm_no_venue_that_restarts_again_and_again() -> None:
    """VA-18 and MD-18: one budget of connections and one of messages for all streams."""
    doors, messages = Pacer(scope(80, 60)), Pacer(scope(200, 60))
    said_s: list[float] = []

    async def restarting(peer: Peer) -> None:
        task = asyncio.create_task(steady(peer))
        loop = asyncio.get_running_loop()
        await asyncio.sleep(30 - loop.time() % 30)
        peer.hang_up(1012)
        await task

    class Counted(Peer):
        def send(self, frame: bytes) -> None:
            said_s.append(asyncio.get_running_loop().time())
            super().send(frame)

    memory = Memory(restarting, peer_type=Counted)

    streams = [Ears() for _ in range(10)]
    listen_all(streams, memory, 900, ("a", "b", "c"), doors, messages)
    assert len(memory.connects_s) > 200
    for times, limit in ((memory.connects_s, 80), (said_s, 200)):
        for k in range(len(times) - limit):
            assert times[k + limit] - times[k] >= 60 - 1e-6
    assert all(ears.told.count("whole") >= 15 for ears in streams)
    firsts = [at_s % 30 for at_s in memory.connects_s[10:]]
    assert len(set(firsts)) > len(firsts) * 0.9


async def troubled(peer: Peer, rng: random.Random, until_s: float) -> None:
    """Serve soundly or do one of many wrongs, until a moment; soundly from then on."""
    loop = asyncio.get_running_loop()
    serving = asyncio.create_task(steady(peer))
    while loop.time() < until_s:
        await asyncio.sleep(rng.expovariate(0.1))
        wrong = rng.randrange(6)
        if wrong == 0:
            peer.hang_up(rng.choice([1000, 1006, 1012, 4001]))
        elif wrong == 1:
            peer.say(*[b"junk"] * rng.randrange(15))
        elif wrong == 2:
            serving.cancel()
        elif wrong == 3:
            peer.pongs = False
        elif wrong == 4:
            peer.say(b"poison")
        elif wrong == 5:
            peer.say(*[b"data:b"] * rng.randrange(3000))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_the_stream_is_whole_again_soon_after(seed: int) -> None:
    rng = random.Random(seed)
    limits = replace(LIMITS, ping_every_s=20.0)

    async def serve(peer: Peer) -> None:
        await troubled(peer, rng, 1200.0)

    whole: list[bool] = []

    async def nag(stream: Stream, memory: Memory) -> None:
        for _ in range(60):
            await asyncio.sleep(rng.uniform(0, 40))
            rng.choice([stream.replace_soon, lambda: stream.resubscribe("b")])()
        await asyncio.sleep(max(0.0, 1300 - asyncio.get_running_loop().time()))
        whole.append(stream.is_whole)

    memory = Memory(serve, [rng.choice([None, CannotConnect("down")]) for _ in range(5)])
    ears, _ = listen(serve, 1500, ("a", "b"), limits, memory, act=nag, max_age_s=300.0)
    assert whole == [True]
    assert ears.told.count("connected") > 20
    alive = [not peer.was_closed_by_client for peer in memory.peers]
    assert not any(alive)
    for one, next_one in zip(ears.told, ears.told[1:], strict=False):
        assert next_one != "whole" or one == "connected"


def test_one_seed_gives_one_history() -> None:
    async def unsteady(peer: Peer) -> None:
        task = asyncio.create_task(steady(peer))
        await asyncio.sleep(3.3 + peer.number)
        peer.hang_up()
        await task

    first, second = (listen(unsteady, 3600, ("a", "b"))[0] for _ in range(2))
    assert first.told == second.told
    assert first.batches == second.batches
    assert len(first.told) > 60
