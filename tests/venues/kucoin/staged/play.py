"""Play a script at the stand-in: the real session, adapter and ccxt, on virtual time."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.venue import Venue
from runner.engine.warnings import Warnings
from runner.settings import Exchange, Settings
from runner.wiring import exchange as wiring
from tests.stage.process import Played
from tests.stage.script import Step
from tests.venues.bybit.orders import Execution
from tests.venues.bybit.staged.facts import spelled_of
from tests.venues.common.staged.facts import Retelling, Retold
from tests.venues.common.truth import Came
from tests.venues.kucoin import venue as there
from tests.venues.kucoin.client import keys
from tests.venues.kucoin.keys import API_KEY, PASSPHRASE, SECRET, UID
from tests.venues.kucoin.markets import LISTED
from tests.venues.kucoin.markets import chosen as markets_listed
from tests.venues.perpetuals.staged import PerpetualPlay, naming_of, played

READS = {
    "orders": "orders",
    "order": "order",
    "history": "ended",
    "trades": "trades",
    "positions": "positions",
    "active": "listing",
    "book": "book",
    "funding-history": "payments",
}
"""What the stage calls a read, or would."""


def _text(made: Execution) -> str:
    order = made.order
    return f"{order.number if order else 0}:{made.number}"


def spelled(came: Came) -> bytes:
    """Return an order as the stage spells it: sizes in base, from contracts."""
    if came.kind != "create":
        return came.raw.encode()
    row, market = json.loads(came.raw), next(m for m in LISTED if m.symbol == came.market)
    in_base = json.dumps({**row, "qty": market.size(int(row["qty"]))})
    told = Came(came.ns, came.kind, came.market, came.client_id, in_base)
    return spelled_of(LISTED)(told)


class KucoinPlay(PerpetualPlay):
    """The stand-in, and the deploy that trades there."""

    wiring = wiring

    def made(self, script: tuple[Step, ...], log: Retelling) -> there.Venue:
        """Return the venue with our account."""
        setup = there.Setup(
            seed=self.seed,
            markets=markets_listed(",".join(self.names)),
            weight_per_30s=None,
            naming=naming_of(tuple(self.names), _text),
            script=script,
        )
        venue = there.Venue(setup, self.clock.now_ns(), log)
        venue.open_account(UID, keys())
        return venue

    def retold(self) -> Retold:
        """Return what is told of our account."""
        return Retold(UID, self.names, READS, spelled)

    def keys(self) -> Mapping[str, str]:
        """Return the deploy's keys."""
        chosen = self.chosen
        assert isinstance(chosen, Exchange)
        named = (chosen.key_env, chosen.secret_env, str(chosen.passphrase_env))
        return dict(zip(named, (API_KEY, SECRET, PASSPHRASE), strict=True))

    def wired(self, names: list[str], warn: Warnings) -> Venue:
        """Return the adapter as a live deploy has it."""
        return wiring.exchange_venue(self.settings, names, self.clock, warn)


def play(
    settings: Settings, directory: Path, steps: Sequence[Step], duration_s: float, seed: int = 1
) -> Played:
    """Play a script on a virtual loop of its own."""
    return played(KucoinPlay, settings, directory, steps, duration_s, seed)
