"""Draw a whole deploy as its control socket tells it, a few markets at a time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from runner.control import words
from runner.engine.exposure import Exposure
from runner.engine.portfolio import Portfolio, worst_gross, worst_net
from runner.engine.rates import Rates
from runner.engine.session import Session
from runner.engine.station import Station
from runner.watch.market_picture import MarketArtist
from runner.watch.observer import Observer
from runner.watch.upcoming import Upcoming
from strategies.trades import DAY_NS

AT_ONCE = 4
"""Markets that are drawn before the loop has its turn again."""
NS_PER_S = 1_000_000_000
ZERO = Decimal(0)

Parameters = Callable[[str], dict[str, str]]
"""Given a market, return its parameters in use by their keys."""
Pauser = Callable[[str], str]
"""Given a market, return who has paused it, or nothing."""


class Artist:
    """Draws one deploy. It keeps what is needed to draw faster, and changes nothing."""

    def __init__(
        self,
        session: Session,
        stations: Sequence[Station],
        observer: Observer,
        rates: Rates,
        limits: Mapping[str, str],
        parameters: Parameters,
        pauser: Pauser,
        upcoming: Upcoming,
    ) -> None:
        self._session = session
        self._stations = stations
        self._observer = observer
        self._rates = rates
        self._limits = dict(limits)
        self._parameters = parameters
        self._pauser = pauser
        self._upcoming = upcoming
        self._artists: dict[str, MarketArtist] = {}
        self._number = 0

    async def draw(self) -> words.Picture:
        """Return the deploy as it is. What markets do meanwhile is in the next picture."""
        session, observer = self._session, self._observer
        now_ns = session.clock.now_ns()
        observer.follow([station.worker for station in self._stations])
        fills, warnings = observer.fills.take(), observer.warnings.take()
        markets = []
        for k, station in enumerate(self._stations, 1):
            markets.append(self._market(station, now_ns))
            if k % AT_ONCE == 0:
                await asyncio.sleep(0)
        self._number += 1
        vitals = session.vitals
        due = session.upcoming() | self._upcoming(now_ns)
        health = vitals.verdict(now_ns)
        return words.Picture(
            number=self._number,
            stamp_ns=now_ns,
            health=words.Health(health.ok, health.findings),
            markets=tuple(markets),
            portfolio=self._portfolio(markets, now_ns),
            guards=tuple(words.Guard(g.name, g.holds(now_ns)) for g in session.guards),
            jobs=tuple(words.Job(n, at_ns) for n, at_ns in due.items()),
            killed=vitals.kill,
            fault=vitals.fault,
            late_s=vitals.late_ns / NS_PER_S,
            fills=fills,
            warnings=warnings,
        )

    def _market(self, station: Station, now_ns: int) -> words.Market:
        name = station.name
        artist = self._artists.get(name)
        if artist is None:
            artist = MarketArtist(station, self._observer.running(station.worker))
            self._artists[name] = artist
        return artist.draw(now_ns, self._parameters(name), self._pauser(name))

    def _portfolio(self, markets: Sequence[words.Market], now_ns: int) -> words.Portfolio:
        found = self._session.portfolio
        marked = found is not None and _is_known(found)
        net = [_worth(market.net_quote, self._rates.of(market.quote)) for market in markets]
        return words.Portfolio(
            currency=self._rates.reporting,
            net_quote=_sum(net),
            today_quote=None if found is None else _today(found, now_ns),
            gross_quote=worst_gross(found.holdings) if found is not None and marked else None,
            exposed_quote=worst_net(found.holdings) if found is not None and marked else None,
            limits=self._limits,
            exposures=() if found is None else tuple(map(_told, found.exposures(now_ns))),
        )


def _told(exposure: Exposure) -> words.Exposure:
    return words.Exposure(
        kind=exposure.kind,
        name=exposure.name,
        long_quote=exposure.long,
        short_quote=exposure.short,
        worst_long_quote=exposure.worst_long,
        worst_short_quote=exposure.worst_short,
        worst_gross_quote=exposure.worst_gross,
        capital_quote=exposure.capital,
        untold=exposure.untold,
    )


def _worth(amount: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """Return an amount at a rate; none at all needs none."""
    if amount is None or (rate is None and amount):
        return None
    return amount * (rate or ZERO)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, ZERO) if len(known) == len(amounts) else None


def _today(portfolio: Portfolio, now_ns: int) -> Decimal | None:
    """Return what all markets have won since the UTC day began; None where a rate is missing."""
    if any(holding.half_tick_lot is None for holding in portfolio.holdings):
        return None
    day = now_ns // DAY_NS
    return sum((holding.result(day) for holding in portfolio.holdings), ZERO)


def _is_known(portfolio: Portfolio) -> bool:
    """Tell whether every market that is exposed has a mark and a rate."""
    return all(
        (holding.half_tick_lot is not None and holding.mark_half_ticks > 0)
        or (holding.long_lots() <= 0 and holding.short_lots() <= 0)
        for holding in portfolio.holdings
    )
