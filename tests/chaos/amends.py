"""Play seeds at a scripted venue that amends: ``amends [N] [first]``, ``amends seed N``.

Each is a seed of `tests.chaos.seeds`, with amends switched on and faults of theirs added.
"""

import random
from collections.abc import Sequence

from tests.chaos import seeds
from tests.chaos.seeds import Option
from tests.stage.faults import FAULTS
from tests.stage.script import Step

nth = seeds._nth
OPTIONS = (
    Option("drop_request", nth, ("modify",)),
    Option("drop_response", nth, ("modify",)),
    Option("reset", nth, ("modify",), ({"is_processed": True}, {"is_processed": False})),
    Option("http", nth, ("modify",), ({"is_processed": True}, {"status": 503})),
    Option("delay", nth, ("modify",), ({"s": 1.5}, {"s": 4.0}, {"s": 4.0, "is_processed": True})),
    Option("refuse", nth, ("modify",), ({"code": "post_only"}, {"code": "not_found"})),
    Option("fill_during_modify", nth, ("modify",), ({"frac": 1.0}, {"frac": 0.4})),
    Option("drop", nth, ("amended",)),
    Option("late", nth, ("amended",), ({"s": 0.2}, {"s": 3.0})),
    Option("duplicate", nth, ("amended",), ({"s": 0.05},)),
    Option("kill", nth, ("modify", "amended"), ({"down_s": 1.0},)),
)


def drawn(seed: int) -> tuple[list[str], list[Step]]:
    """Return the deploy's overrides and the script of a seed."""
    rng = random.Random(f"amends {seed}")
    overrides, steps = seeds.drawn(seed)
    return [*overrides, "venue.amends=true"], [*steps, *(_step(rng) for _ in range(3))]


def _step(rng: random.Random) -> Step:
    option = rng.choice(OPTIONS)
    action = FAULTS[option.name](**rng.choice(option.values))
    return Step(option.name, action, when=rng.choice(option.when), **option.draw(rng, ()))


WORLD = seeds.World(drawn, seeds.perform)


def main(words: Sequence[str]) -> int:
    """Play ``[N] [first]`` or ``seed N``; return 1 when a judge found anything."""
    if words and words[0] == "seed":
        return seeds.main(words, WORLD)
    return seeds.main(["seeds", *(words or ("200",))], WORLD)
