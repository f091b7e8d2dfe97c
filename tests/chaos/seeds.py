"""Draw a deploy, faults and restarts from a number, play them, and judge: ``seeds N first``.

``lighter N first`` plays them over Lighter's own wire, at its stand-in (`tests.chaos.lighter`).

Everything comes from the number, so a seed that fails is its own bug report: ``seed N`` plays it
again and tells its story. Time is virtual: a seed is a minute of trading in a fraction of a second.
"""

import os
import random
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.deploys import settings_for
from tests.stage.faults import FAULTS
from tests.stage.judges import findings
from tests.stage.play import play
from tests.stage.process import Played
from tests.stage.scenario import DEPLOY
from tests.stage.script import Step
from tests.stage.truth import Accepted, Ended, Fault, Feed, Moment, Refused, Traded

DURATION_S = 30.0
MEMORY = Path("/dev/shm")
"""Where ledgers lie: a seed proves logic, not disks."""
MARKETS = ("btc", "eth", "sol")
EVENTS_SHOWN = 60

Draw = Callable[[random.Random, Sequence[str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a seed."""

    seed: int
    findings: tuple[str, ...]
    faults: int
    exits: tuple[int, ...]
    fills: int


def _nth(rng: random.Random, markets: Sequence[str]) -> dict[str, Any]:
    return {"nth": rng.randint(1, 40), "times": rng.choice((1, 1, 1, 3, 10))}


def _window(rng: random.Random, markets: Sequence[str]) -> dict[str, Any]:
    start = rng.uniform(2.0, 22.0)
    return {"after_s": start, "until_s": start + rng.uniform(0.5, 6.0), "times": 1_000_000}


def _at(rng: random.Random, markets: Sequence[str]) -> dict[str, Any]:
    return {"at_s": round(rng.uniform(2.0, 28.0), 3)}


def _of_market(rng: random.Random, markets: Sequence[str]) -> dict[str, Any]:
    return _at(rng, markets) | {"market": rng.choice(markets)}


@dataclass(frozen=True, slots=True)
class Option:
    """A fault that a seed may draw: when it comes, and with which values."""

    name: str
    draw: Draw
    when: tuple[str, ...] = ()
    values: tuple[dict[str, Any], ...] = ({},)


WRITES = ("place", "cancel")
READS = ("orders", "order", "trades", "positions")
OPTIONS = (
    Option("drop_request", _nth, (*WRITES, *READS)),
    Option("drop_response", _nth, (*WRITES, *READS)),
    Option("reset", _nth, WRITES, ({"is_processed": True}, {"is_processed": False})),
    Option(
        "http", _nth, (*WRITES, *READS), ({"is_processed": True}, {"status": 503}, {"status": 200})
    ),
    Option("http", _window, ("request", "write", "read"), ({"status": 503},)),
    Option("delay", _nth, WRITES, ({"s": 0.3}, {"s": 1.5}, {"s": 4.0, "is_processed": True})),
    Option("dns_fail", _window, ("request", "connect")),
    Option("refuse", _nth, ("place",), ({"code": "post_only"}, {"code": "insufficient_margin"})),
    Option("refuse", _window, ("place",), ({"code": "post_only"},)),
    Option("refuse_later", _nth, ("place",)),
    Option("vanish", _nth, ("place",)),
    Option("too_many", _nth, ("place",), ({"retry_after_s": 3},)),
    Option("fill_at_once", _nth, ("place",), ({"frac": 1.0}, {"frac": 0.4})),
    Option(
        "fill_during_cancel", _nth, ("cancel",), ({"frac": 1.0}, {"frac": 0.4, "says_gone": True})
    ),
    Option("not_found", _nth, ("order",)),
    Option("stale_list", _nth, ("orders",)),
    Option("subset", _nth, ("orders",)),
    Option("say_open", _nth, ("order",)),
    Option("false_empty", _nth, ("positions",)),
    Option("drop", _nth, ("accepted", "filled", "cancelled", "update")),
    Option(
        "duplicate", _nth, ("accepted", "filled", "cancelled", "update"), ({"s": 0.05}, {"s": 2.0})
    ),
    Option("late", _nth, ("accepted", "filled", "cancelled"), ({"s": 0.2}, {"s": 3.0})),
    Option("reorder", _nth, ("account", "update"), ({"k": 3},)),
    Option("garbage", _nth, ("update", "account")),
    Option("cross", _nth, ("update",)),
    Option("close", _at, (), ({}, {"stream": "account"})),
    Option("silence", _at, (), ({}, {"stream": "account"})),
    Option("burst", _of_market),
    Option("leap", _of_market, (), ({"bps": 6.0}, {"bps": -6.0})),
    Option("fill_ours", _of_market, (), ({}, {"side": "buy"}, {"pieces": 20}, {"frac": 0.5})),
    Option("end_ours", _of_market),
    Option("foreign_order", _of_market),
    Option("page_size", _at, (), ({"rows": 3},)),
    Option("kill", _at, (), ({"down_s": 1.0}, {"down_s": 4.0})),
    Option("kill", _nth, ("place",), ({"is_processed": True}, {"is_processed": False})),
    Option("kill", _nth, ("accepted", "filled")),
    Option("stop", _at, (), ({"down_s": 1.0},)),
    Option("pause", _at, (), ({"s": 4.0},)),
)


def drawn(seed: int) -> tuple[list[str], list[Step]]:
    """Return the deploy's overrides and the script of a seed."""
    rng = random.Random(seed)
    markets = MARKETS[: rng.randint(1, 3)]
    overrides = [
        *DEPLOY[1:],
        f"market=[{','.join(markets)}]",
        f"strategy.levels={rng.choice((1, 1, 2, 3))}",
        f"strategy.slots_per_level={rng.choice((1, 1, 2))}",
        f"gamma={rng.choice((0.1, 0.2, 0.5))}",
        f"markets.{markets[0]}.max_position_quote={rng.choice((3000, 5000, 10000))}",
    ]
    return overrides, [_step(rng, markets) for _ in range(rng.randint(1, 6))]


def _step(rng: random.Random, markets: Sequence[str]) -> Step:
    option = rng.choice(OPTIONS)
    when = option.draw(rng, markets)
    values = dict(rng.choice(option.values))
    if option.when:
        when["when"] = rng.choice(option.when)
    if "market" in when:
        values["market"] = when["market"]
    return Step(option.name, FAULTS[option.name](**values), **when)


def perform(overrides: Sequence[str], directory: Path, steps: Sequence[Step], seed: int) -> Played:
    """Play a seed's script at the stage."""
    return play(settings_for(*overrides), directory, steps, DURATION_S, seed)


class World(NamedTuple):
    """A venue at which seeds are played: what a seed draws there, and how it is performed."""

    drawn: Callable[[int], tuple[list[str], list[Step]]]
    perform: Callable[[Sequence[str], Path, Sequence[Step], int], Played]


STAGE = World(drawn, perform)


def played(seed: int, world: World = STAGE) -> tuple[Played, tuple[str, ...]]:
    """Play a seed and judge it while its ledger is there."""
    overrides, steps = world.drawn(seed)
    home = MEMORY if MEMORY.is_dir() else None
    with TemporaryDirectory(prefix="mmrunner-seed-", dir=home) as directory:
        done = world.perform(overrides, Path(directory), steps, seed)
        return done, tuple(findings(done))


def judged(seed: int, world: World = STAGE) -> Verdict:
    """Play a seed and return what the judges say."""
    done, found = played(seed, world)
    faults = sum(isinstance(fact, Fault) for fact in done.truth.facts)
    return Verdict(seed, found, faults, done.exits, len(done.truth.trades()))


def seeds(count: int, first: int, world: World = STAGE) -> int:
    """Play seeds side by side and print those that fail; return how many those were."""
    wrong = faults = fills = starts = 0
    judge = partial(judged, world=world)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for verdict in pool.map(judge, range(first, first + count), chunksize=4):
            faults += verdict.faults
            fills += verdict.fills
            starts += len(verdict.exits)
            if verdict.findings:
                wrong += 1
                print(f"seed {verdict.seed}: {'; '.join(verdict.findings[:3])}", flush=True)
    print(f"{count} seeds from {first}: {faults} faults, {starts} starts, {fills} fills")
    print(f"{wrong} of {count} seeds with findings")
    return wrong


def story(seed: int, world: World = STAGE) -> int:
    """Play one seed, tell what happened around its faults, and return how much is wrong."""
    overrides, steps = world.drawn(seed)
    print(f"seed {seed}: {' '.join(overrides)}")
    for step in steps:
        moment = f"at {step.at_s} s" if step.at_s is not None else f"when {step.when} {step.nth}"
        print(f"  {moment}: {step.action}")
    done, found = played(seed, world)
    for ns, text in _events(done)[-EVENTS_SHOWN:]:
        print(f"{(ns - done.start_ns) / 1e9:10.3f}  {text}")
    print(f"exit codes {done.exits}", *found, sep="\n")
    return len(found)


def _events(done: Played) -> list[tuple[int, str]]:
    kinds = (Accepted, Ended, Fault, Feed, Moment, Refused, Traded)
    events = [(f.ns, str(f)) for f in done.truth.facts if isinstance(f, kinds)]
    events += [(ns, f"warning: {market} {text}") for ns, market, text in done.warnings]
    return sorted(events, key=lambda event: event[0])


def main(words: Sequence[str], world: World = STAGE) -> int:
    """Play ``seeds [N] [first]`` or ``seed N``; return 1 when a judge found anything."""
    if words[0] == "seed":
        return 1 if story(int(words[1]), world) else 0
    count = int(words[1]) if len(words) > 1 else 1_000
    first = int(words[2]) if len(words) > 2 else 1
    return 1 if seeds(count, first, world) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
