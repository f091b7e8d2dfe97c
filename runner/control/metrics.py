"""Say pictures as Prometheus reads them: a pure function of what deploys have told.

Every figure has its unit in its name. A figure that is not known is left out, never 0. Labels are
names of ours and of the configuration; how many there are is bounded by the markets.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from runner.control.figures import (
    DEPLOY_GAUGES,
    MARKET_COUNTERS,
    MARKET_GAUGES,
    NS_PER_S,
    SIDES,
    Number,
)
from runner.control.words import Market, Picture, Welcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = ("quoting", "held", "paused", "halted")


@dataclass(frozen=True, slots=True)
class Seen:
    """One deploy's welcome and last picture, and whether that says something of now."""

    welcome: Welcome
    picture: Picture
    is_fresh: bool


def metrics_text(seen: Iterable[Seen]) -> bytes:
    """Return the metrics of every deploy; of one whose picture is old, no more than that it is."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(tuple(_metrics(tuple(seen)))))
    return generate_latest(registry)


class _Told(Collector):
    """Metrics that have been made already."""

    def __init__(self, made: Sequence[Metric]) -> None:
        self._made = made

    def collect(self) -> Sequence[Metric]:
        """Return them."""
        return self._made


def _metrics(seen: Sequence[Seen]) -> Iterator[Metric]:
    up = GaugeMetricFamily("mmrunner_up", "1 while the deploy tells how it is.", labels=["deploy"])
    for each in seen:
        up.add_metric([each.welcome.deploy], float(each.is_fresh))
    yield up
    fresh = [each for each in seen if each.is_fresh]
    yield from _of_deploys(fresh)
    yield from _of_markets(fresh)
    yield _states(fresh)
    yield _parts(fresh)
    yield _limits(fresh)
    yield _exposures(fresh)


def _of_deploys(seen: Sequence[Seen]) -> Iterator[Metric]:
    for name, about, value in DEPLOY_GAUGES:
        yield _family(
            name, about, ["deploy"], [([e.welcome.deploy], value(e.picture)) for e in seen]
        )
    guards = [
        ([each.welcome.deploy, guard.name], float(guard.holds))
        for each in seen
        for guard in each.picture.guards
    ]
    yield _family("mmrunner_guard_holds", "1 while it stands by.", ["deploy", "guard"], guards)
    jobs = [
        ([each.welcome.deploy, job.name], None if job.next_ns is None else job.next_ns / NS_PER_S)
        for each in seen
        for job in each.picture.jobs
    ]
    about = "When a job of the schedule is next due, seconds since 1970."
    yield _family("mmrunner_job_next_timestamp_seconds", about, ["deploy", "job"], jobs)
    amounts = [
        ([each.welcome.deploy, each.picture.portfolio.currency, kind], value)
        for each in seen
        for kind, value in _amounts(each)
    ]
    about = "Money of all markets together, in the reporting currency."
    yield _family("mmrunner_portfolio_quote", about, ["deploy", "currency", "kind"], amounts)


def _exposures(seen: Sequence[Seen]) -> Metric:
    rows = [
        ([each.welcome.deploy, pool.kind, pool.name, figure], getattr(pool, f"{figure}_quote"))
        for each in seen
        for pool in each.picture.portfolio.exposures
        for figure in ("long", "short", "worst_gross", "capital")
    ]
    about = "What the markets of a pool hold, and may come to hold, in the reporting currency."
    return _family("mmrunner_exposure_quote", about, ["deploy", "kind", "pool", "figure"], rows)


def _amounts(seen: Seen) -> Iterator[tuple[str, Decimal | None]]:
    told = seen.picture.portfolio
    yield "net", told.net_quote
    yield "today", told.today_quote
    yield "gross", told.gross_quote
    yield "exposed", told.exposed_quote


def _of_markets(seen: Sequence[Seen]) -> Iterator[Metric]:
    for name, about, value in MARKET_GAUGES:
        rows = [(_labels(each, market), value(market)) for each, market in _each(seen)]
        yield _family(name, about, LABELS, rows)
    for name, about, value in MARKET_COUNTERS:
        counter = CounterMetricFamily(name, about, labels=LABELS)
        for each, market in _each(seen):
            counter.add_metric(_labels(each, market), float(value(market) or 0))
        yield counter
    for name, about, sides in SIDES:
        rows = [
            ([*_labels(each, market), side], value)
            for each, market in _each(seen)
            for side, value in zip(("bid", "ask"), sides(market), strict=True)
        ]
        yield _family(name, about, [*LABELS, "side"], rows)


LABELS = ["deploy", "market", "quote"]


def _labels(seen: Seen, market: Market) -> list[str]:
    return [seen.welcome.deploy, market.name, market.quote]


def _each(seen: Sequence[Seen]) -> Iterator[tuple[Seen, Market]]:
    for each in seen:
        for market in each.picture.markets:
            yield each, market


def _states(seen: Sequence[Seen]) -> Metric:
    rows = [
        ([*_labels(each, market), state], float(market.state == state))
        for each, market in _each(seen)
        for state in STATES
    ]
    return _family("mmrunner_market_state", "1 for what it is in.", [*LABELS, "state"], rows)


def _parts(seen: Sequence[Seen]) -> Metric:
    rows = [
        ([*_labels(each, market), name], getattr(market.parts, name))
        for each, market in _each(seen)
        for name in ("spread", "adverse", "inventory", "fees", "funding", "hedge")
    ]
    about = "What the net P&L came from, in the quote currency."
    return _family("mmrunner_market_part_quote", about, [*LABELS, "part"], rows)


def _limits(seen: Sequence[Seen]) -> Metric:
    rows = [
        ([each.welcome.deploy, name], Decimal(value))
        for each in seen
        for name, value in each.picture.portfolio.limits.items()
    ]
    about = "Limits over all markets, by their keys in risk.account."
    return _family("mmrunner_account_limit", about, ["deploy", "limit"], rows)


def _family(
    name: str, about: str, labels: Sequence[str], rows: Iterable[tuple[list[str], Number]]
) -> Metric:
    """Return a gauge; values that are not known are left out."""
    family = GaugeMetricFamily(name, about, labels=labels)
    for values, number in rows:
        if number is not None:
            family.add_metric(values, float(number))
    return family
