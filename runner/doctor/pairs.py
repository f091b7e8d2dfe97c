"""Tell of each pair what it holds against what, and when its legs are settled next."""

from collections.abc import Iterator

from runner.doctor.finding import Finding, Verdict
from runner.doctor.schedule import shown
from runner.engine.clock import SystemClock
from runner.places import Places
from runner.settings import Lighter, Settings, Sim
from runner.settings.market import Market

HOUR_NS = 3_600_000_000_000


def check_pairs(settings: Settings, places: Places | None = None) -> Iterator[Finding]:
    """Yield a line for each pair, and one for each of its legs."""
    now_ns = SystemClock().now_ns()
    for name, pair in settings.pairs.items():
        size = f"up to {pair.notional_quote} a leg, by the rules of funding={settings.funding.name}"
        text = f"{pair.first} against {pair.second}, {size}"
        yield Finding(Verdict.GOOD, f"pairs.{name}", text)
        for leg in (pair.first, pair.second):
            told = next_settlement(settings.markets[leg], now_ns)
            yield Finding(Verdict.GOOD, f"pairs.{name}.{leg}", told)


def next_settlement(market: Market, now_ns: int) -> str:
    """Return when a leg's funding is settled next, as far as that is known without its venue."""
    venue = market.venue
    if market.instrument.is_spot:
        return "spot pays no funding"
    if isinstance(venue, Sim):
        every_ns = int(venue.funding_interval_h * HOUR_NS)
        rate = f"{venue.funding_rate_bps} bps every {venue.funding_interval_h} h"
        return f"{rate}, next {shown((now_ns // every_ns + 1) * every_ns, 'UTC')}"
    if isinstance(venue, Lighter):
        return f"every hour, next {shown((now_ns // HOUR_NS + 1) * HOUR_NS, 'UTC')}"
    return f"{venue.name} announces it with its rates, once its streams run"
