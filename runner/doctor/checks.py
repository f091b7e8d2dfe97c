"""List the doctor's checks, by name, in the order in which they are told."""

from runner.doctor.account import check_account
from runner.doctor.finding import Check
from runner.doctor.house import check_house
from runner.doctor.markets import check_markets
from runner.doctor.pairs import check_pairs
from runner.doctor.schedule import check_schedule
from runner.doctor.tape import check_tape
from runner.settings import Settings
from runner.wiring.venues import has_account

Checks = tuple[tuple[str, Check], ...]

OF_ALL: Checks = (("markets", check_markets), ("pairs", check_pairs), ("schedule", check_schedule))
OF_TAPES: Checks = (*OF_ALL, ("tape", check_tape))
OF_LIVE: Checks = (*OF_ALL, ("house", check_house), ("account", check_account))


def checks_for(settings: Settings) -> Checks:
    """Return the checks of a live deploy where an account is named, else those of tapes."""
    return OF_LIVE if has_account(settings) else OF_TAPES
