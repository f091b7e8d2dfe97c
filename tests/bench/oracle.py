"""Measure the simulator beside hftbacktest: the same tape, rule and models, and equal results.

Both run the oracle's rule on the generated tape of btc, matched as hftbacktest matches. Where its
environment is absent (`make oracle` makes it), our figures stand alone and say so.
"""

from connectors.model.errors import MmrunnerError
from runner.wiring.markets import instrument_of
from tests.bench.deploy import settings_of
from tests.bench.figures import Figure, Peer
from tests.bench.flow_tape import flow_tape
from tests.oracle import rule
from tests.oracle.cases import Case
from tests.oracle.compare import first_of_all
from tests.oracle.other_side import PYTHON, run_theirs
from tests.oracle.ours import Outcome
from tests.oracle.work import Work, run_ours, work_on

ROUNDS = 3


def measure() -> list[Figure]:
    """Return the figures at both refresh intervals."""
    instrument = instrument_of(settings_of("mode=replay").markets["btc"].instrument)
    tape = flow_tape("btc", instrument)
    return [
        figure_of(
            f"oracle_refresh_{refresh_ms}ms",
            work_on(Case("small_tick", queue="power_3", refresh_ms=refresh_ms), tape),
            aim,
        )
        for refresh_ms, aim in ((100, 2.0), (10, 3.0))
    ]


def figure_of(name: str, work: Work, aim: float) -> Figure:
    """Measure one case; the aim is so many times what hftbacktest does."""
    run_ours(work)
    outcomes = [run_ours(work) for _ in range(ROUNDS)]
    theirs = run_theirs([work] * ROUNDS) if PYTHON.exists() else []
    outcomes += [run_ours(work) for _ in range(ROUNDS)]
    if theirs and (difference := first_of_all(outcomes[0], theirs[0])):
        raise MmrunnerError(f"{work.case.name}: {difference}")
    rate = _rate(work, outcomes)
    peer = Peer("hftbacktest", _rate(work, theirs)) if theirs else None
    aimed = aim * peer.value if peer else None
    return Figure(name, rate, "events/s", peer, aimed, _note(work, outcomes[0], theirs))


def _rate(work: Work, outcomes: list[list[Outcome]]) -> float:
    return work.rows / min(assets[0].seconds for assets in outcomes)


def _note(work: Work, mine: list[Outcome], theirs: list[list[Outcome]]) -> str:
    fills = sum(int(asset.steps[-1, rule.FILLS]) for asset in mine)
    orders = sum(len(asset.placed) - 1 for asset in mine)
    said = "equal at every step" if theirs else "hftbacktest is absent: make oracle"
    return f"{work.rows:,} rows, {orders:,} orders, {fills:,} fills, {said}"
