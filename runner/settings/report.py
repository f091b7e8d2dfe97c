"""What a report shows."""

from typing import Literal

from runner.settings.fields import Block


class Report(Block):
    """What every report shows."""

    adverse_s: Literal[1, 5, 10, 60]
