"""Let a script have its way with whatever passes between a venue and its clients."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, cast

from tests.stage.script import Script, Step
from tests.stage.truth import Feed
from tests.venues.common.faults import DnsFail, Duplicate, Frame, Sent
from tests.venues.common.http import Answer, Asked, Plan
from tests.venues.common.scripts import Scripts, aliased


class Carrying(Protocol):
    """What does what requests ask for."""

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do it."""


@dataclass(slots=True)
class Call:
    """A request that has come in; called, it is carried out."""

    venue: Any
    asked: Asked
    chance: random.Random
    gate: Carrying

    def __call__(self) -> Answer:
        """Let the venue do it."""
        return self.gate.carry_out(self.asked)


class Gate:
    """Everything that comes in or goes out passes here once. A venue's own derives from it."""

    frames_also: ClassVar[Mapping[str, str]] = {}
    """What scripts of any venue call frames, by the venue's own names."""

    def __init__(self, venue: Any, script: Script) -> None:
        self.script = script
        self.venue = venue
        self.chance: random.Random = venue.chance("faults")
        start_ns = venue.agenda.now_ns
        self._scripts = Scripts(script, lambda: (venue.agenda.now_ns - start_ns) / 1e9, venue.fault)

    def meet(self, asked: Asked, names: tuple[str, ...], market: str) -> Plan:
        """Meet a request that goes by some names."""
        step = self._scripts.step("meet", names, market)
        if step is None or not isinstance(step.action, DnsFail):
            self.passed(asked, names[0], market)
        call = Call(self.venue, asked, self.chance, self)
        return Plan(call()) if step is None else cast(Plan, step.action.meet(call))

    def passed(self, asked: Asked, name: str, market: str) -> None:
        """Write down what has come through the door."""
        raise NotImplementedError

    def carry_out(self, asked: Asked) -> Answer:
        """Let the venue do what a request asks for."""
        raise NotImplementedError

    def add(self, step: Step) -> None:
        """Add a step that waits for something to come."""
        self._scripts.add(step)

    def be_calm(self, is_calm: bool) -> None:
        """Let nothing that waits go wrong, or let it again."""
        self._scripts.is_calm = is_calm

    def frames(self, frame: Frame) -> Sent:
        """Return what is sent in a frame's place."""
        names = aliased(frame.names, dict(self.frames_also))
        step = self._scripts.step("frames", names, frame.market)
        whole: Sent = [(0.0, frame.encoded())]
        sent = whole if step is None else cast(Sent, step.action.frames(frame, self.chance))
        if self.is_of_a_book(frame):
            is_copy = step is not None and isinstance(step.action, Duplicate)
            self._feed(frame, is_copy or sent == whole)
        return sent

    def is_of_a_book(self, frame: Frame) -> bool:
        """Tell whether a frame is of a book that clients follow."""
        return "orderbook" in frame.names

    def admits(self, stream: str) -> bool:
        """Tell whether a connection of a kind can be made at all just now."""
        return self._scripts.step("knock", ("connect", f"connect.{stream}"), "") is None

    def execution(self, name: str, symbol: str) -> Step | None:
        """Return the step that has its way with what is about to be carried out."""
        return self._scripts.step("execute", (f"execute.{name}", "execute"), symbol)

    def _feed(self, frame: Frame, is_sound: bool) -> None:
        """Write down that what clients know of a book is wrong from here on, or right again."""
        if "snapshot" in frame.names or not is_sound:
            now_ns = self.venue.agenda.now_ns
            self.venue.truth.tell(Feed(now_ns, frame.market, is_sound))
