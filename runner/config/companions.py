"""Let one typed choice bring another: the strategy `hybrid` comes with its gates."""

import re
from collections.abc import Sequence

WITH_GATES = ("hybrid",)
"""Strategies that have gates of their name."""

_STRATEGY = re.compile(r"strategy(?:@(markets\.\w+)\.strategy)?=(\w+)")


def with_companions(overrides: Sequence[str]) -> list[str]:
    """Return the overrides with the gates that typed strategies bring, unless gates were typed."""
    brought = []
    for override in overrides:
        match = _STRATEGY.fullmatch(override)
        if match is None or match[2] not in WITH_GATES:
            continue
        key = f"gates@{match[1]}.gates" if match[1] else "gates"
        if not any(other.startswith(f"{key}=") for other in overrides):
            brought.append(f"{key}={match[2]}")
    return [*brought, *overrides]
