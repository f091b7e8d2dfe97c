"""Lift a deploy's kill latch: the only way to let it start again."""

from pathlib import Path

from connectors.model.errors import ConfigError
from runner.engine.latch import Latch
from runner.engine.ledger.entries import Lifted
from runner.engine.ledger.latched import note_latch
from runner.engine.lock import owner_of


def lift(ledgers: Path, deploy: str, who: str, now_ns: int) -> list[str]:
    """Move the latch away and note it in the ledger; return what to tell of it.

    Raises ConfigError when there is none or a runner is still there.
    """
    latch, lock = Latch(ledgers / f"{deploy}.kill", deploy), ledgers / f"{deploy}.lock"
    owner = owner_of(lock)
    if owner is not None:
        raise ConfigError(
            f"deploy: expected no runner of '{deploy}' while its latch is lifted, but"
            f" process {owner} runs it; end that one first"
        )
    words = latch.words()
    kept = latch.lift(now_ns)
    told = [f"{deploy}: may start again; it was killed {words} (kept as {kept.name})"]
    fault = note_latch(ledgers / f"{deploy}.sqlite", lock, Lifted("kill", now_ns, who))
    return told if fault is None else [*told, f"{deploy}: not noted in the ledger: {fault}"]
