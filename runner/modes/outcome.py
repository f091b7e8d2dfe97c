"""Turn a finished market into its result, the same for every mode."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import cache
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from connectors.model.events import BUY, SELL
from connectors.model.orders import FREE, UNKNOWN
from runner.engine.history import ALL_SERIES_ROWS, DECISION_LAYOUT, SERIES_ROWS, History
from runner.engine.logs import ALL, CHANGES, NONE
from runner.engine.worker import Market
from runner.modes.hedged import hedge_latency, hedge_state
from runner.report.closing import closing_lines
from runner.report.decisions import Record
from runner.report.publish import publish
from runner.report.reckoning import Reckoning
from runner.results import (
    BookCheck,
    DecisionRows,
    FillColumns,
    Latency,
    MarginState,
    MarketResult,
    PairResult,
    QuotedTime,
    RunResult,
    SeriesColumns,
    TapeState,
)
from runner.settings import Settings, config_hash
from runner.settings.moment import moment_ns
from runner.wiring.fees import fill_fees
from runner.wiring.markets import fee_rates
from runner.wiring.rates import rates_of
from strategies.desk import Tally
from strategies.hedge_reasons import HedgeReason
from strategies.reasons import REASONS, Reason
from strategies.signals.uptime import Uptime
from strategies.tally import close_tally
from strategies.telling import sentences

RECORD = {"none": NONE, "changes": CHANGES, "all": ALL}
SIDES = ((BUY, "bid"), (SELL, "ask"))
SIGMA = "sigma_live_bps"
NOTHING = Decimal(0)
BITS = MappingProxyType({r.name.lower(): int(r) for r in Reason if r.name})
"""Each reason's bit by its name, in the order of the bits."""
EXPLANATIONS = MappingProxyType(sentences())


def market_result(
    market: Market,
    settings: Settings,
    history: History,
    *,
    opening_position_lots: int,
    opening_mark_half_ticks: int,
    first_ns: int,
    last_ns: int,
    latency_us: Mapping[str, Mapping[str, float]] | None = None,
    book_check: BookCheck | None = None,
    tape: TapeState | None = None,
    funding_quote: Decimal = NOTHING,
    margin: MarginState | None = None,
) -> MarketResult:
    """Return what one market did, from its desk and its history."""
    desk = market.desk
    tally = desk.tally
    close_tally(tally, last_ns)
    maker_bps, taker_bps = fee_rates(settings.markets, market.name)
    status = [int(s) for s in desk.orders.status]
    series = history.series_columns()
    return MarketResult(
        name=market.name,
        venue=market.venue_name,
        instrument=market.instrument,
        maker_fee_bps=maker_bps,
        taker_fee_bps=taker_bps,
        first_ns=first_ns,
        last_ns=last_ns,
        events=tally.events,
        decisions=tally.decisions,
        orders=tally.places,
        cancels=tally.cancels,
        amends=tally.amends,
        rejected=tally.rejected,
        refused=tally.refused,
        open_orders_end=len(status) - status.count(FREE),
        unknown_orders_end=status.count(UNKNOWN),
        position_lots=desk.orders.position_lots,
        mark_half_ticks=desk.signals.mid_half_ticks or -1,
        opening_position_lots=opening_position_lots,
        opening_mark_half_ticks=opening_mark_half_ticks or -1,
        order_lots=desk.params.order_lots,
        underlying=settings.markets[market.name].underlying,
        open_lots=(int(desk.orders.exposed_lots[BUY]), int(desk.orders.exposed_lots[SELL])),
        leverage=settings.markets[market.name].capital_leverage,
        only_leads=desk.params.only_leads,
        fills=FillColumns(**history.fills),
        fees_quote=history.fees_quote
        or fill_fees(settings, market.name, market.instrument, history.fills),
        hedge=hedge_state(market, settings),
        reason_ns=reason_ns(tally),
        quoted=_quoted(tally.uptime),
        latency_us={stage: Latency(**row) for stage, row in (latency_us or {}).items()}
        | hedge_latency(tally),
        book_check=book_check,
        tape=tape,
        funding_quote=funding_quote,
        margin=margin,
        series=SeriesColumns(
            **{
                f.name: series[SIGMA if f.name == "sigma_bps" else f.name]
                for f in fields(SeriesColumns)
            }
        ),
    )


def _quoted(uptime: Uptime) -> QuotedTime:
    bid_ns, ask_ns = (int(ns) for ns in uptime.side_ns)
    return QuotedTime(int(uptime.watched_ns), bid_ns, ask_ns, int(uptime.both_ns))


def reason_ns(tally: Tally) -> dict[str, dict[str, int]]:
    """Return how long each reason held, by side and name; reasons that never held are left out."""
    held: dict[str, dict[str, int]] = {}
    for side, name in SIDES:
        times = tally.reason_ns[side * REASONS : (side + 1) * REASONS]
        held[name] = {reason: int(ns) for reason, ns in zip(BITS, times, strict=True) if ns > 0}
        held[name] |= _hedge_reason_ns(tally)
    return held


def _hedge_reason_ns(tally: Tally) -> dict[str, int]:
    """Return how long each reason of the second word held, which is of both sides."""
    return {
        reason.name.lower(): int(tally.hedge_reason_ns[bit])
        for bit, reason in enumerate(HedgeReason)
        if reason.name and tally.hedge_reason_ns[bit] > 0
    }


def run_result(
    settings: Settings,
    markets: Sequence[MarketResult],
    decisions: Sequence[DecisionRows],
    *,
    started_ns: int,
    ended_ns: int,
    exit_code: int,
    pairs: Sequence[PairResult] = (),
) -> RunResult:
    """Return the whole run."""
    return RunResult(
        mode=settings.mode.name,
        version=version(),
        config_hash=config_hash(settings),
        started_ns=started_ns,
        ended_ns=ended_ns,
        exit=exit_code,
        reporting_currency=settings.reporting_currency,
        markets=markets,
        deploy=settings.deploy,
        rates=rates_of(settings).told,
        reasons=BITS,
        explanations=EXPLANATIONS,
        settings=_told(settings),
        decisions=decisions,
        pairs=pairs,
        adverse_horizon=f"{settings.report.adverse_s}s",
    )


def _told(settings: Settings) -> Mapping[str, object]:
    """Return the settings as a page tells them; without a page nobody asks."""
    if not settings.record.page:
        return {}
    return settings.model_dump(mode="json", serialize_as_any=True)


@cache
def version() -> str:
    """Return the version of what runs."""
    return metadata.version("mmrunner")


def finish_run(
    settings: Settings, directory: Path, result: RunResult, files: "DecisionFiles"
) -> None:
    """Write everything that the run directory promises, and say what the run came to."""
    told = _asked(settings, result)
    reckoning = publish_run(settings, directory, result, files)
    if settings.watch.name != "none":
        print("", *closing_lines(result, reckoning), sep="\n", flush=True)
        if settings.record.page:
            print(f"report: {directory / 'report.html'}", flush=True)
    if told:
        print("", *told, sep="\n", flush=True)


def publish_run(
    settings: Settings,
    directory: Path,
    result: RunResult,
    files: "DecisionFiles",
    reckoning: Reckoning | None = None,
    *,
    durable: bool = True,
) -> Reckoning:
    """Write everything that the run directory promises; return the figures that were written."""
    record = settings.record
    rows: Record = "none" if record.decisions == "none" else "all"
    reckoning = publish(
        directory,
        result,
        rows,
        page=record.page,
        reckoning=reckoning,
        durable=durable,
        png=settings.report.png,
    )
    files.remove()
    return reckoning


def _asked(settings: Settings, result: RunResult) -> list[str]:
    """Return what was wanted at the moment that somebody asked about."""
    if settings.explain is None:
        return []
    from runner.report.why import why

    return list(why(result, moment_ns(settings.explain)))


class DecisionFiles:
    """Files of packed decision rows beside a run's report, gone once they have been published."""

    def __init__(self, directory: Path, record: str, markets: int = 1) -> None:
        """Take the run's directory, what is to be recorded, and how many markets share memory."""
        self._directory = directory / ".decisions"
        self._record = record
        self._series_rows = min(SERIES_ROWS, ALL_SERIES_ROWS // markets)
        self._open: dict[str, BinaryIO] = {}

    def history(self, market: str) -> History:
        """Return a history that keeps the market's decisions as configured."""
        if self._record == "none":
            return History()
        self._directory.mkdir(parents=True, exist_ok=True)
        file = open(self._directory / f"{market}.rows", "wb")  # noqa: SIM115
        self._open[market] = file
        return History(decisions=file, series_rows=self._series_rows)

    def rows(self) -> tuple[DecisionRows, ...]:
        """Close the files and return what they hold."""
        for file in self._open.values():
            file.close()
        return tuple(
            DecisionRows(market, DECISION_LAYOUT, Path(file.name))
            for market, file in self._open.items()
        )

    def remove(self) -> None:
        """Delete the files."""
        for file in self._open.values():
            Path(file.name).unlink(missing_ok=True)
        if self._open:
            self._directory.rmdir()
