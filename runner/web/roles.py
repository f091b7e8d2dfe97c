"""Name who may do what: whoever reads sees everything, whoever operates may ask for changes too."""

from enum import IntEnum


class Role(IntEnum):
    """What a login may do; a higher one may all that a lower one may."""

    ANYONE = 0
    READ = 1
    OPERATE = 2


TOLD = {Role.READ: "read", Role.OPERATE: "operate"}
"""The roles that a login can have, as people and cookies name them."""
BY_NAME = {name: role for role, name in TOLD.items()}
