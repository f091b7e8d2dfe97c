"""A replay pays funding on its timestamps, the same in both tiers, and reports it."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from connectors.model.events import BUY
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from runner.modes.market_replay import MarketReplay, prepare
from runner.modes.parity import replay_parity
from runner.wiring.sim import require_possible
from tests.deploys import (
    CHECKOUT,
    KERNEL_CACHE,
    Silent,
    compiled_loop,
    instrument,
    replayed,
    settings_for,
)

PLAIN = ("market=btc", "mode=replay", "kappa=6")


def paid(r: MarketReplay) -> Decimal:
    return r.funding.paid_quote(r.exchange, r.market.instrument)


def held_before(r: MarketReplay, due_ns: int) -> int:
    """Return the position just before a moment of the venue's clock, from the fills alone."""
    fills = r.history.fills
    rows = zip(fills["venue_ns"], fills["side"], fills["lots"], strict=True)
    return sum((lots if side == BUY else -lots) for at, side, lots in rows if at < due_ns)


def test_both_tiers_pay_for_what_was_held(tmp_path: Path) -> None:
    of = instrument(settings_for(*PLAIN), "btc")
    tape = read_tape(TapeSource("mmrunner", CHECKOUT / "connectors" / "sim" / "tape"), of)
    first_ns, last_ns = int(tape.venue.venue_ns[0]), int(tape.venue.venue_ns[-1])
    due = np.linspace(first_ns, last_ns, 30, dtype=np.int64)[1:-1].tolist()
    table = tmp_path / "funding.csv"
    rows = "".join(f"{at},{(-1) ** k * 0.0001 * k:.4f}\n" for k, at in enumerate(due))
    table.write_text(f"ts_ns,rate\n{rows}", encoding="utf-8")
    settings = settings_for(*PLAIN, f"venue.funding_path={table}")
    exact = replayed(settings, "btc", tape, compiled_loop())
    parity = prepare(settings, "btc", 0, tape)
    replay_parity([parity], settings, KERNEL_CACHE, Silent())
    assert list(exact.exchange.funding.position_lots[:28]) == [held_before(exact, t) for t in due]
    assert any(exact.exchange.funding.position_lots[:28])
    assert paid(exact) == paid(parity) != 0


@pytest.mark.parametrize("override", ["funding_path=x.csv", "latency_path=x.csv"])
def test_paper_refuses_what_only_a_replay_can_do(override: str) -> None:
    from connectors.model.errors import ConfigError

    settings = settings_for("market=btc", f"venue.{override}")
    with pytest.raises(ConfigError, match=r"on paper, was .*; use it with mode=replay"):
        require_possible(settings, "btc")
