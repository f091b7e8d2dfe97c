"""Hold the equity that venues tell against the ledger while a deploy runs."""

from pathlib import Path

from connectors.weighed import Weighed
from runner.engine.clock import Clock
from runner.engine.equity import EquityWatch
from runner.engine.session import Session
from runner.modes.built import Built
from runner.settings import Settings
from runner.wiring.rates import rates_of


def watch_equity(
    settings: Settings, session: Session, built: Built, ledger: Path, clock: Clock
) -> None:
    """Let a session compare beside all else, where its books are kept and a venue tells equity."""
    chosen = settings.risk.equity
    is_kept = settings.mode.name == "paper" or settings.armed
    tells = any(isinstance(venue, Weighed) for venue in built.venues.values())
    if chosen.tolerance_quote is None or not is_kept or not tells:
        return
    watch = EquityWatch(
        venues=built.venues,
        stations=built.stations,
        ledger=ledger,
        writer=built.writer,
        rates=rates_of(settings),
        clock=clock,
        warn=session.observer.warn,
        tolerance=chosen.tolerance_quote,
        at_h=chosen.at_h,
        halts=chosen.beyond == "halt",
    )
    session.beside = {**session.beside, "equity": watch.run}
