"""Make each market's agenda of the schedule's settings."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from runner.agenda.agenda import Agenda, Move, Pause, Target
from runner.agenda.moments import S_NS, CronMoments, FixedMoments, Moments
from runner.agenda.week import WeekHours
from runner.settings import Quoting, Settings
from runner.settings.schedule import Flattening, HedgeSweep, Rebalance
from runner.settings.schedule import Pause as PauseSettings
from runner.settings.schedule_rules import hedging, quoting, targets_of
from runner.settings.strategy import LEAST_KAPPA, MOST_KAPPA
from runner.wiring.markets import instrument_of

MOST = 1 << 53
"""A tape's numbers are whole up to here."""


def agendas_of(settings: Settings) -> dict[str, Agenda]:
    """Return the agenda of every market of which the schedule asks anything.

    Raises ConfigError for a target too large to be told.
    """
    if not settings.schedule.asks_of_markets:
        return {}
    agendas = {name: agenda_of(settings, name) for name in quoting(settings.markets)}
    agendas |= {name: sweeps_of(settings, name) for name in hedging(settings.markets)}
    return {name: agenda for name, agenda in agendas.items() if agenda != Agenda()}


def agenda_of(settings: Settings, name: str) -> Agenda:
    """Return one market's agenda."""
    schedule = settings.schedule
    is_spot = settings.markets[name].instrument.is_spot
    rebalance = _rebalance_of(settings, name)
    moves = [
        _move(f"flattens.{key}", chosen)
        for key, chosen in schedule.flattens.items()
        if _concerns(chosen.markets, name) and not is_spot
    ]
    if rebalance is not None and rebalance[1].by == "orders":
        key, chosen = rebalance
        moves.append(_move(f"rebalances.{key}", chosen))
    return Agenda(
        hours=tuple(
            WeekHours(ZoneInfo(hours.zone), hours.windows)
            for hours in schedule.hours.values()
            if _concerns(hours.markets, name)
        ),
        pauses=tuple(
            Pause(
                f"pauses.{key}",
                _moments_of(pause),
                int(pause.before_s * S_NS),
                int(pause.after_s * S_NS),
            )
            for key, pause in schedule.pauses.items()
            if _concerns(pause.markets, name)
        ),
        target=None if rebalance is None else _target(settings, name, *rebalance),
        moves=tuple(moves),
    )


def sweeps_of(settings: Settings, name: str) -> Agenda:
    """Return the agenda of a market that hedges: nothing but its sweeps, at any hour."""
    sweeps = settings.schedule.hedge_sweeps
    return Agenda(
        moves=tuple(
            _sweep(f"hedge_sweeps.{key}", chosen)
            for key, chosen in sweeps.items()
            if _concerns(chosen.markets, name)
        )
    )


def _concerns(markets: tuple[str, ...] | None, name: str) -> bool:
    return markets is None or name in markets


def _moments_of(pause: PauseSettings) -> Moments:
    if pause.cron is None:
        return FixedMoments(pause.at)
    return CronMoments(pause.cron, ZoneInfo(pause.zone))


def _rebalance_of(settings: Settings, name: str) -> tuple[str, Rebalance] | None:
    """Return the rebalance that has a target for a market; the settings allow one at most."""
    quoted = quoting(settings.markets)
    found = [
        (key, chosen)
        for key, chosen in settings.schedule.rebalances.items()
        if name in targets_of(f"schedule.rebalances.{key}", chosen, quoted)
    ]
    return found[0] if found else None


def _target(settings: Settings, name: str, key: str, chosen: Rebalance) -> Target:
    instrument = instrument_of(settings.markets[name].instrument)
    moments = CronMoments(chosen.cron, ZoneInfo(chosen.zone))
    lots = tick_lots = 0
    if chosen.target_base:
        lots = _signed_lots(instrument, chosen.target_base[name])
    else:
        tick_lots = _worth(settings, name, instrument, chosen)
    if max(abs(lots), abs(tick_lots)) >= MOST:
        raise ConfigError(
            f"schedule.rebalances.{key}: expected a target of {name} under {MOST} steps, was"
            f" {max(abs(lots), abs(tick_lots))}"
        )
    return Target(f"rebalances.{key}", moments, lots, tick_lots)


def _signed_lots(instrument: Instrument, size_base: Decimal) -> int:
    lots = instrument.lots_down(abs(size_base))
    return lots if size_base > 0 else -lots


def _worth(settings: Settings, name: str, instrument: Instrument, chosen: Rebalance) -> int:
    """Return what a market's share of the capital is worth, in ticks times lots of its quote."""
    weights = chosen.weights or {}
    share = Decimal(str(weights[settings.markets[name].underlying]))
    capital = chosen.capital or Decimal(0)
    if instrument.quote != settings.reporting_currency:
        capital /= settings.rates.get(instrument.quote) or Decimal(1)
    tick_lot = instrument.tick_size * instrument.lot_size_base
    return int(capital * share / tick_lot)


def _move(name: str, chosen: Flattening | Rebalance) -> Move:
    clips = chosen.tolerance_clips if isinstance(chosen, Rebalance) else 0.0
    return Move(
        name=name,
        moments=CronMoments(chosen.cron, ZoneInfo(chosen.zone)),
        within_s=int(chosen.within_s),
        flattens=isinstance(chosen, Flattening),
        tolerance_milliclips=int(clips * 1000),
        step_ms=int(chosen.step_s * 1000),
        slippage_ppm=int(chosen.max_slippage_bps * 100),
    )


def _sweep(name: str, chosen: HedgeSweep) -> Move:
    """Return a sweep as a move; how it trades is the hedge's own."""
    moments = CronMoments(chosen.cron, ZoneInfo(chosen.zone))
    return Move(name, moments, int(chosen.within_s), False, 0, 0, 0, sweeps=True)


def refit_bounds(settings: Settings) -> tuple[dict[str, tuple[float, float]], tuple[float, float]]:
    """Return kappa and intensity as configured, by quoted market, and what kappa may ever be."""
    configured = {
        name: (market.strategy.kappa, market.strategy.intensity_per_s)
        for name, market in quoting(settings.markets).items()
        if isinstance(market.strategy, Quoting)
    }
    return configured, (LEAST_KAPPA, MOST_KAPPA)
