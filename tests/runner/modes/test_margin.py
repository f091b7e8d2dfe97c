"""A liquidation reaches decision, ledger, report and exit code, the same on paper and in replay."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from connectors.model.errors import ConfigError, DataError
from connectors.model.events import LIQUIDATION
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from connectors.tape.tape import Tape
from runner.engine.session import HALTED
from runner.modes.market_replay import MarketReplay
from runner.modes.outcome import market_result
from runner.modes.replay import exit_code
from runner.report.margin import margin_json, margin_words
from runner.report.pnl import account_of
from runner.results import MarketResult
from runner.settings import Settings
from runner.wiring.margin import (
    common_step,
    margin_of,
    margin_state,
    require_margin,
    require_one_loop,
)
from strategies.hedge_reasons import LIQUIDATION_URGENT
from tests import judges
from tests.deploys import CHECKOUT, compiled_loop, instrument, replayed, settings_for
from tests.runner.modes.test_tiers import interpreted, parity
from tests.sessions import START_NS, run_session

OFF = "risk.liquidation.enabled=false"
EAGER = (OFF, "market=btc", "kappa=6", "strategy.fill_lockout_ms=0", "venue.maker_fee_bps=-0.1")
MARGIN = (
    "venue.margin.mode=isolated",
    "venue.margin.collateral_quote=5",
    "venue.margin.leverage=200",
    "venue.margin.maintenance_frac=0.0049",
    "venue.margin.liquidation_fee_bps=12.5",
)
DEAR = (*MARGIN, "venue.margin.liquidation_fee_bps=900")
"""A liquidation that costs more than there is."""


@pytest.fixture(scope="module")
def tape() -> Tape:
    of = instrument(settings_for("market=btc"), "btc")
    return read_tape(TapeSource("mmrunner", CHECKOUT / "connectors" / "sim" / "tape"), of)


def funded(tape: Tape, directory: Path) -> str:
    """Write a table of funding, and return what refers to it."""
    first_ns, last_ns = int(tape.venue.venue_ns[0]), int(tape.venue.venue_ns[-1])
    due = np.linspace(first_ns, last_ns, 300, dtype=np.int64)[1:-1].tolist()
    rows = "".join(
        f"{at},{(-1) ** (k + 1) * 0.0000001 * (k + 1):.9f}\n" for k, at in enumerate(due)
    )
    path = directory / "funding.csv"
    path.write_text(f"ts_ns,rate\n{rows}", encoding="utf-8")
    return f"venue.funding_path={path}"


def result_of(r: MarketReplay, settings: Settings) -> MarketResult:
    rows = r.tape.local
    return market_result(
        r.market,
        settings,
        r.history,
        opening_position_lots=0,
        opening_mark_half_ticks=r.opening_mark_half_ticks,
        first_ns=int(rows.recv_ns[0]),
        last_ns=int(rows.recv_ns[-1]),
        margin=margin_state(r.exchange, settings, "btc"),
        funding_quote=r.funding.paid_quote(r.exchange, r.market.instrument),
    )


@pytest.mark.parametrize("margin", [MARGIN, DEAR], ids=["enough", "too little"])
def test_a_liquidated_replay_adds_up_to_the_last_digit_in_all_tiers(
    tape: Tape, tmp_path: Path, margin: tuple[str, ...]
) -> None:
    settings = settings_for(*EAGER, *margin, "mode=replay", funded(tape, tmp_path))
    exact = replayed(settings, "btc", tape, compiled_loop())
    fills = exact.history.fills
    assert fills["role"][-1] == LIQUIDATION
    assert fills["client_id"][-1] == 0
    assert (exact.market.desk.orders.position_lots, exact.exchange.position_lots) == (0, 0)
    assert exit_code([exact], finished=True) == HALTED
    result = result_of(exact, settings)
    assert result.margin is not None
    assert result.margin.liquidations == 1
    pnl = account_of(result).pnl
    assert pnl.net is not None
    assert pnl.funding != 0
    assert result.margin.equity_quote == 5 + pnl.net + result.margin.insurance_quote
    assert (result.margin.insurance_quote > 0) == (margin == DEAR)
    if margin == DEAR:
        assert abs(result.margin.equity_quote) < Decimal("0.0001")
    for other in (interpreted(settings, tape), parity(settings, tape)):
        assert other.history.fills == fills
        assert result_of(other, settings).margin == result.margin


def test_a_position_that_is_watched_is_saved_from_its_liquidation_in_all_tiers(tape: Tape) -> None:
    guarded = ("risk.liquidation.enabled=true", "risk.liquidation.step_s=0.1")
    settings = settings_for(*EAGER[1:], *MARGIN, *guarded, "mode=replay")
    exact = replayed(settings, "btc", tape, compiled_loop())
    assert LIQUIDATION not in exact.history.fills["role"]
    tally = exact.market.desk.tally
    assert tally.takes > 0
    assert tally.hedge_reason_ns[LIQUIDATION_URGENT.bit_length() - 1] > 0
    for other in (interpreted(settings, tape), parity(settings, tape)):
        assert other.history.fills == exact.history.fills
        assert other.history.decisions == exact.history.decisions


def test_reports_show_what_insurance_paid_beside_the_net(tape: Tape) -> None:
    settings = settings_for(*EAGER, *DEAR, "mode=replay")
    result = result_of(interpreted(settings, tape), settings)
    told = margin_json(result.margin)
    assert told is not None
    assert Decimal(str(told["insurance"])) > 1
    assert (told["mode"], told["collateral"], told["liquidations"]) == ("isolated", "5", 1)
    labels = [label for label, *_ in margin_words(result, 2)]
    assert labels == ["Equity", "Paid in by insurance"]


def test_a_liquidation_on_paper_is_booked_on_both_sides_and_halts_the_market(
    tmp_path: Path,
) -> None:
    settings = settings_for(*EAGER, *MARGIN, "duration_s=120", "seed=2")
    ledger, account = tmp_path / "ledger.sqlite", tmp_path / "account.sqlite"
    finished = run_session(settings, tmp_path, account=account, ledger=ledger)
    assert judges.told(ledger, account) == []
    assert finished.code == HALTED
    (worker,) = finished.built.workers
    fills = worker.history.fills
    assert LIQUIDATION in fills["role"]
    assert worker.market.desk.orders.position_lots == 0
    state = margin_of(finished.built.venues["sim"], settings, "btc")
    assert state is not None
    of = worker.market.instrument
    cash = sum(
        of.notional_quote(ticks, lots) * (2 * side - 1)
        for ticks, lots, side in zip(fills["ticks"], fills["lots"], fills["side"], strict=True)
    )
    fees = sum(worker.history.fees_quote.values())
    assert state.equity_quote == 5 + cash - fees + state.insurance_quote


def test_a_session_goes_on_with_the_money_that_the_last_one_left(tmp_path: Path) -> None:
    settings = settings_for(*EAGER, *MARGIN, "duration_s=60", "venue.margin.collateral_quote=500")
    ledger, account = tmp_path / "ledger.sqlite", tmp_path / "account.sqlite"
    cash = Decimal(0)
    for k in range(2):
        finished = run_session(
            settings,
            tmp_path / str(k),
            account=account,
            ledger=ledger,
            start_ns=START_NS + k * 60 * 10**9,
        )
        (worker,) = finished.built.workers
        fills, of = worker.history.fills, worker.market.instrument
        for ticks, lots, side in zip(fills["ticks"], fills["lots"], fills["side"], strict=True):
            cash += of.notional_quote(ticks, lots) * (2 * side - 1)
        cash -= sum(worker.history.fees_quote.values())
        x = finished.built.venues["sim"].exchange("btc")  # type: ignore[attr-defined]
        held = of.notional_quote(x.margin.mark_half_ticks, x.position_lots) / 2
        state = margin_of(finished.built.venues["sim"], settings, "btc")
        assert state is not None
        assert state.equity_quote == 500 + cash + held


def test_markets_with_cross_margin_share_a_wallet_on_paper(tmp_path: Path) -> None:
    words = [word for word in EAGER if not word.startswith("market=")]
    settings = settings_for(
        *words,
        *MARGIN,
        "venue.margin.mode=cross",
        "venue.margin.collateral_quote=8",
        "duration_s=120",
        "seed=7",
        "market=[btc,eth]",
    )
    finished = run_session(settings, tmp_path)
    venue = finished.built.venues["sim"]
    one, two = (venue.exchange(name) for name in ("btc", "eth"))  # type: ignore[attr-defined]
    assert one.wallet is two.wallet
    wallet = one.wallet
    assert wallet.liquidations > 0
    states = [margin_of(venue, settings, name) for name in ("btc", "eth")]
    assert (one.position_lots, two.position_lots) == (0, 0)
    assert wallet.equity_units == sum(
        (x.margin.cash_half_tick_lots * x.margin.units + x.margin.insured_units) for x in (one, two)
    ) + int(8 / common_step([Decimal("0.00005"), Decimal("0.000005")]))
    assert all(state is not None and state.mode == "cross" for state in states)


def test_cross_margin_over_several_markets_needs_their_one_loop() -> None:
    words = ("market=[btc,eth]", "venue.margin.mode=cross", "mode=replay")
    require_one_loop(settings_for(*words), ["btc", "eth"])
    apart = settings_for(*words, "replay.merge=never")
    with pytest.raises(ConfigError, match=r"replay\.merge: expected auto or always, because btc"):
        require_one_loop(apart, ["btc", "eth"])
    require_one_loop(apart, ["eth"])


def test_margin_that_cannot_be_is_refused() -> None:
    other = settings_for(
        "market=[btc,eth]",
        "venue.margin.mode=cross",
        "markets.eth.venue.margin.collateral_quote=5",
    )
    with pytest.raises(ConfigError, match="collateral_quote: expected 10000 as on btc"):
        require_margin(other, ["btc", "eth"])
    with pytest.raises(ConfigError, match="expected maintenance_frac under 1 / leverage"):
        settings_for("market=btc", "venue.margin.leverage=200")


def test_a_funding_rate_too_fine_for_exact_money_is_refused(tape: Tape, tmp_path: Path) -> None:
    table = tmp_path / "funding.csv"
    at = int(tape.venue.venue_ns[len(tape.venue.venue_ns) // 2])
    table.write_text(f"ts_ns,rate\n{at},0.00000000012\n", encoding="utf-8")
    settings = settings_for(*EAGER, *MARGIN, "mode=replay", f"venue.funding_path={table}")
    with pytest.raises(DataError, match="at most 9 decimals with margin"):
        interpreted(settings, tape)


def test_the_common_step_of_markets_divides_them_all() -> None:
    assert common_step([Decimal("0.00005"), Decimal("0.000005")]) == Decimal("0.000005")
    assert common_step([Decimal("0.5"), Decimal("0.2")]) == Decimal("0.1")
