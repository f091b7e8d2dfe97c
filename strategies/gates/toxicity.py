"""Say how toxic the flow against a side is, from 0 to 1."""

from connectors.model.kernel import kernel
from strategies.desk import Desk

UNKNOWN = 1.0
"""What is not known is taken for the worst."""


@kernel
def toxicity_of(desk: Desk, side: int) -> float:
    """Return the toxicity of the flow that fills `side`."""
    return UNKNOWN
