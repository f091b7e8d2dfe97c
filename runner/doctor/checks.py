"""List the doctor's checks, by name, in the order in which they are told."""

from runner.doctor.finding import Check
from runner.doctor.tape import check_tape

CHECKS: tuple[tuple[str, Check], ...] = (("tape", check_tape),)
