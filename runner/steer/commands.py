"""Carry out commands once each, at the boundary of two decisions, and write every one down.

A command is carried out or refused before the call returns; either way its answer is one line, kept
under its identity and written into the ledger. A pause outlasts its process: the next start reads
it there. What a person has set does not: the configuration is what the next start goes by.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import assert_never

from connectors.model.errors import MmrunnerError
from runner.control.words import ALL, OPERATE, Answer, Command
from runner.engine.clock import Clock
from runner.engine.ledger.entries import Entry, Steered
from runner.engine.station import Station
from runner.engine.steer import PAUSED
from runner.engine.supervisor import attempt, tell
from runner.engine.twin import Twin
from runner.engine.warnings import Warn
from runner.steer.moves import Moves

MOST_ANSWERS = 1024
"""Answers that are kept for commands that come again."""

Set = Callable[[Sequence[str], str, str, int], str]
"""Given markets, a key below them, its value and now [ns], set it and return one line."""


class Refused(MmrunnerError):
    """The command cannot be carried out, for the reason that is told."""


@dataclass(slots=True)
class Commands:
    """What people ask of one deploy. `paused` has who paused each market that is.

    `kill` is given who and why.
    """

    deploy: str
    stations: Mapping[str, Station]
    twins: Mapping[str, Twin]
    clock: Clock
    warn: Warn
    record: Callable[[Entry], None]
    kill: Callable[[str, str], None]
    moves: Moves
    change: Set
    paused: dict[str, str] = field(default_factory=dict)
    answers: "OrderedDict[str, Answer]" = field(default_factory=OrderedDict)

    def obey(self, command: Command, uid: int) -> Answer:
        """Carry out or refuse a command of user `uid`, once; return its answer."""
        known = self.answers.get(command.identity)
        if known is not None:
            return known
        now_ns = self.clock.now_ns()
        who = f"{command.who} ({command.role}), user {uid}"
        try:
            answer = Answer(command.identity, True, self._do(command, who, now_ns))
        except MmrunnerError as error:
            answer = Answer(command.identity, False, str(error))
        self.remember(answer)
        self.record(
            Steered(
                identity=command.identity,
                now_ns=now_ns,
                who=command.who,
                role=command.role,
                uid=uid,
                what=command.what,
                market=command.market,
                key=command.key,
                value=command.value,
                reason=command.reason,
                done=answer.done,
                line=answer.line,
            )
        )
        about = "" if command.market == ALL else command.market
        told = "" if answer.done else "refused: "
        self.warn(now_ns, about, f"{command.what} by {who}: {told}{answer.line}")
        return answer

    def remember(self, answer: Answer) -> None:
        """Keep an answer for a command that comes again."""
        self.answers[answer.identity] = answer
        while len(self.answers) > MOST_ANSWERS:
            self.answers.popitem(last=False)

    def pause(self, station: Station, who: str, now_ns: int) -> None:
        """Let a market want nothing, and its paper twin with it."""
        self.paused[station.name] = who
        self._hold(station, True, now_ns)

    def _do(self, command: Command, who: str, now_ns: int) -> str:
        if command.role != OPERATE:
            raise Refused(f"role: expected {OPERATE}, was {command.role}: it may look and not ask")
        if command.what == "kill":
            return self._kill(command, who)
        meant = self._meant(command)
        match command.what:
            case "pause":
                return self._each(meant, lambda station: self._pause(station, who, now_ns))
            case "pull":
                return self._each(meant, lambda station: self._pull(station, who, now_ns))
            case "flatten":
                return self._each(meant, lambda station: self._flatten(station, who, now_ns))
            case "resume":
                return self._each(meant, lambda station: self._resume(station, now_ns))
            case "set":
                names = [station.name for station in meant]
                return self.change(names, command.key, command.value, now_ns)
            case _:
                assert_never(command.what)

    def _kill(self, command: Command, who: str) -> str:
        if command.market != ALL:
            raise Refused(f"kill: expected market=all, was {command.market}; pull one market")
        self.kill(who, command.reason or "no reason given")
        return f"{self.deploy}: killed; it ends once nothing rests, and stays so until mode=unlatch"

    def _meant(self, command: Command) -> list[Station]:
        """Return the markets that a command is about: with `ALL` those that are there to quote."""
        if command.market == ALL:
            found = [s for s in self.stations.values() if s.quotes and not s.is_halted]
            if not found:
                raise Refused(
                    f"{command.what}: expected a market that is not halted, there is none"
                )
        else:
            found = [self._named(command.market)]
        if any(station.is_stopping for station in found):
            raise Refused(f"{command.what}: {self.deploy} is stopping")
        return found

    def _named(self, name: str) -> Station:
        station = self.stations.get(name)
        if station is None:
            close = get_close_matches(name, list(self.stations), n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            known = ", ".join(self.stations)
            raise Refused(f"market: expected all or one of {known}, was {name}{hint}")
        if station.worker.market.desk.params.only_leads:
            raise Refused(f"{name}: it only leads others and is never quoted")
        if station.is_halted:
            raise Refused(f"{name}: halted; it does not quote again in this session")
        return station

    def _each(self, meant: Sequence[Station], do: Callable[[Station], str]) -> str:
        """Do the same to every market; of several, one refusal does not hold up the others."""
        if len(meant) == 1:
            return do(meant[0])
        lines = []
        for station in meant:
            try:
                lines.append(do(station))
            except Refused as error:
                lines.append(f"not so {error}")
        return "; ".join(lines)

    def _pause(self, station: Station, who: str, now_ns: int) -> str:
        self.pause(station, who, now_ns)
        return f"{station.name}: paused; {_resting(station)}"

    def _pull(self, station: Station, who: str, now_ns: int) -> str:
        self.pause(station, who, now_ns)
        attempt(station.outbox.cancel_all, lambda error: self._tell(station, error))
        return f"{station.name}: pulled and paused; {_resting(station)}"

    def _flatten(self, station: Station, who: str, now_ns: int) -> str:
        if station.worker.market.instrument.is_spot:
            raise Refused(f"{station.name}: spot, whose wallet is left as it is; pull it instead")
        if not station.quotes:
            raise Refused(f"{station.name}: it hedges, and follows what it hedges to flat")
        if station.is_suspended:
            raise Refused(f"{station.name}: failed, and is being restarted; ask again after that")
        self.pause(station, who, now_ns)
        self.moves.begin(station, now_ns)
        market = station.worker.market
        size = market.instrument.size_base(market.desk.orders.position_lots)
        return f"{station.name}: paused and taken from {size} {market.instrument.base} to flat"

    def _resume(self, station: Station, now_ns: int) -> str:
        if station.name not in self.paused:
            raise Refused(f"{station.name}: nobody has paused it")
        self.moves.end(station, now_ns)
        del self.paused[station.name]
        self._hold(station, False, now_ns)
        return f"{station.name}: resumed"

    def _hold(self, station: Station, is_on: bool, now_ns: int) -> None:
        station.steer(PAUSED, int(is_on), 0.0, now_ns)
        station.heartbeat(now_ns)
        twin = self.twins.get(station.name)
        if twin is not None and not twin.is_over:
            attempt(
                lambda: twin.worker.steer(PAUSED, int(is_on), 0.0, now_ns),
                lambda error: self._tell(station, error),
            )

    def _tell(self, station: Station, error: Exception) -> None:
        tell(self.warn, self.clock.now_ns(), station.name, "a command failed", error)


def _resting(station: Station) -> str:
    """Say how many orders are still there: a cancel is on its way to each."""
    orders = station.open_orders()
    return "nothing rests" if orders == 0 else f"{orders} orders until the venue has ended them"
