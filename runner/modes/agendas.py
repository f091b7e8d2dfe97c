"""Let a replayed market hear what the clock asked of it: the schedule, on the tape's own time.

The rows stand among the market's own before a loop begins, so every tier hears the same.
"""

from collections.abc import Mapping

from connectors.tape.hear import with_schedule
from connectors.tape.tape import Tape
from runner.agenda.agenda import Agenda
from runner.settings import Settings
from runner.settings.schedule_rules import quoting
from runner.wiring.agenda import agendas_of
from strategies.scheduled import FIELDS


def hear_schedule(settings: Settings, tapes: Mapping[str, Tape]) -> dict[str, Tape]:
    """Return the tapes, each with what is asked of its market while it lasts."""
    agendas = agendas_of(settings)
    told = set(agendas) | (set(quoting(settings.markets)) if settings.schedule.refits else set())
    return {
        name: asked_of(agendas.get(name, Agenda()), tape, settings, name) if name in told else tape
        for name, tape in tapes.items()
    }


def asked_of(agenda: Agenda, tape: Tape, settings: Settings, name: str) -> Tape:
    """Return a tape with a row for every number that is asked for otherwise than before."""
    import numpy as np

    stamps = tape.local.recv_ns
    if not len(stamps):
        return tape
    first_ns, last_ns = (int(stamps[k]) - tape.clock_shift_ns for k in (0, -1))
    rows = asked_between(agenda, first_ns, last_ns)
    if settings.schedule.refits:
        from runner.modes.refits import refits_between

        rows = sorted(rows + refits_between(settings, name, tape, first_ns, last_ns))
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return with_schedule(tape, columns[:, 0], columns[:, 1], columns[:, 2])


def asked_between(agenda: Agenda, first_ns: int, last_ns: int) -> list[tuple[int, int, int]]:
    """Return (moment, number, value) for all that is asked at a span's beginning and within it."""
    has = [0] * FIELDS
    rows = []
    for at_ns in (first_ns, *agenda.may_change(first_ns, last_ns)):
        asked = agenda.asked(at_ns)
        rows += [(at_ns, k, asked[k]) for k in range(FIELDS) if asked[k] != has[k]]
        has = asked
    return rows
