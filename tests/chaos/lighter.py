"""Draw faults and restarts from a number and play them over Lighter's wire: ``lighter N first``."""

import random
from collections.abc import Sequence
from pathlib import Path

from tests.chaos import seeds
from tests.chaos.seeds import Option
from tests.deploys import settings_for
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.common.scenario import step_of
from tests.venues.lighter.staged.play import play
from tests.venues.lighter.staged.scenario import DEPLOY, WORDS

MARKETS = ("btc", "eth")
READS = ("orders", "order", "trades", "positions")
WRITES = ("place", "cancel", "modify")
NEWS = ("accepted", "filled", "cancelled", "update/account_tx")
at, nth, window, of_market = seeds._at, seeds._nth, seeds._window, seeds._of_market
OPTIONS = (
    Option("drop_request", nth, (*WRITES, *READS)),
    Option("drop_response", nth, (*WRITES, *READS)),
    Option("reset", nth, WRITES, ({"is_processed": True}, {"is_processed": False})),
    Option("http", nth, (*WRITES, *READS), ({"is_processed": True}, {"status": 503})),
    Option("http", window, ("request", "write", "read"), ({"status": 503},)),
    Option("delay", nth, WRITES, ({"s": 0.3}, {"s": 1.5}, {"s": 4.0, "is_processed": False})),
    Option("slow_body", nth, READS),
    Option("dns_fail", window, ("request", "connect")),
    Option("refuse", nth, WRITES, ({"code": 21739}, {"code": 21104}, {"code": 21701})),
    Option("bare_error", nth, ("place", "cancel")),
    Option("refuse_later", nth, ("execute.create",), ({"status": "canceled-post-only"}, {})),
    Option("vanish", nth, ("execute.create", "execute.modify", "execute.cancel")),
    Option("hold", nth, ("execute.create", "execute.cancel"), ({"s": 3.0}, {"s": 12.0})),
    Option("too_many", nth, ("place",), ({"retry_after_s": 2},)),
    Option("fill_at_once", nth, ("place",), ({"frac": 1.0}, {"frac": 0.4})),
    Option("fill_during_cancel", nth, ("execute.cancel",), ({"frac": 1.0}, {"frac": 0.4})),
    Option("fill_during_modify", nth, ("execute.modify",), ({"frac": 1.0}, {"frac": 0.4})),
    Option("cancel_then_fill", nth, ("execute.cancel",), ({"s": 0.5}, {"s": 3.0})),
    Option("false_empty", nth, ("orders", "order", "trades")),
    Option("stale_list", nth, ("orders",)),
    Option("subset", nth, ("orders", "trades")),
    Option("drop", nth, (*NEWS, "update")),
    Option("duplicate", nth, (*NEWS, "update"), ({"s": 0.05}, {"s": 2.0})),
    Option("late", nth, NEWS, ({"s": 0.2}, {"s": 3.0})),
    Option("reorder", nth, ("account",), ({"s": 0.3},)),
    Option("garbage", nth, ("update", "account")),
    Option("say_open", nth, ("cancelled",), ({"s": 1.0},)),
    Option("cross", nth, ("update",)),
    Option("old_snapshot", nth, ("snapshot",)),
    Option("close", at, (), ({}, {"stream": "account"}, {"stream": "market"})),
    Option("silence", at, (), ({}, {"stream": "account"}, {"stream": "market"})),
    Option("half_open", at),
    Option("shutdown_notice", at, (), ({"ms": 1_000},)),
    Option("expire_tokens", at),
    Option("use_nonces", at, (), ({"count": 1}, {"count": 9})),
    Option("lose_nonce", nth, ("execute.create",)),
    Option("set_quota", at, (), ({"left": 3},)),
    Option("settle_funding", at),
    Option("burst", of_market),
    Option("leap", of_market, (), ({"bps": 6.0}, {"bps": -6.0})),
    Option("fill_ours", of_market, (), ({}, {"side": "buy"}, {"pieces": 20}, {"frac": 0.5})),
    Option("end_ours", of_market),
    Option("foreign_order", of_market),
    Option("page_size", at, (), ({"rows": 3},)),
    Option("kill", at, (), ({"down_s": 1.0}, {"down_s": 4.0})),
    Option("kill", nth, ("place",), ({"is_processed": True}, {"is_processed": False})),
    Option("kill", nth, ("accepted", "filled")),
    Option("stop", at, (), ({"down_s": 1.0},)),
    Option("pause", at, (), ({"s": 4.0},)),
)


def drawn(seed: int) -> tuple[list[str], list[Step]]:
    """Return the deploy's overrides and the script of a seed."""
    rng = random.Random(f"lighter {seed}")
    overrides = [
        *DEPLOY,
        f"strategy.amend={rng.choice(('auto', 'never'))}",
        f"strategy.levels={rng.choice((1, 1, 2))}",
        f"gamma={rng.choice((0.1, 0.2, 0.5))}",
        f"markets.btc.max_position_quote={rng.choice((3000, 5000, 10000))}",
    ]
    return overrides, [_step(rng) for _ in range(rng.randint(1, 6))]


def _step(rng: random.Random) -> Step:
    option = rng.choice(OPTIONS)
    words = {**option.draw(rng, MARKETS), **rng.choice(option.values), "do": option.name}
    if option.when:
        words["when"] = rng.choice(option.when)
    if "at_s" not in words:
        words["until_s"] = min(words.get("until_s", seeds.DURATION_S), seeds.DURATION_S)
    return step_of(WORDS, words)


def perform(overrides: Sequence[str], directory: Path, steps: Sequence[Step], seed: int) -> Played:
    """Play a seed's script at the stand-in."""
    return play(settings_for(*overrides), directory, steps, seeds.DURATION_S, seed)


WORLD = seeds.World(drawn, perform)


def main(words: Sequence[str]) -> int:
    """Play ``[N] [first]`` or ``seed N``; return 1 when a judge found anything."""
    if words and words[0] == "seed":
        return seeds.main(words, WORLD)
    return seeds.main(["seeds", *(words or ("200",))], WORLD)
