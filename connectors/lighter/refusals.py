"""Count what could not be read, by reason."""

from collections import Counter

MOST_REASONS = 64
OTHER = "other"


class Refusals:
    """How often frames were refused, by the reason's first words; reasons beyond many are one."""

    def __init__(self) -> None:
        self.by_reason: Counter[str] = Counter()

    def count(self, why: str) -> bool:
        """Count a refusal; tell whether its reason is a new one."""
        reason = why.partition(":")[0][:40]
        if reason not in self.by_reason and len(self.by_reason) >= MOST_REASONS:
            reason = OTHER
        self.by_reason[reason] += 1
        return self.by_reason[reason] == 1
