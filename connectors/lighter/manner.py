"""Say how commands are sent, where the venue leaves a choice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """The choices of an account."""

    skips_nonces: bool = True
    """A nonce only has to be higher than the last; else it has to be the next."""
    waits_for_answers: bool = True
    """A command without an answer is doubted after a while, whatever the account's streams say."""
    counts_each: bool = True
    """The venue counts each transaction of a batch; else a batch is one."""
    signs_ahead: bool = False
    """Cancels of resting orders are signed before they are asked for, by a key of their own."""
